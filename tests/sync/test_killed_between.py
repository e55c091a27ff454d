"""The door killed around COMMIT: no receipt without its event, and the same receipt on retry."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sync.checkpoint import verify
from sync.frames import join
from sync.http import FRAMES
from sync.receipt import write_stored_key
from tests.events import a_chain, a_signer
from tests.phone_words import a_hello, read_answer

ROOT = Path(__file__).parents[2]


class Door:
    """A door of its own process; `when` it dies: before or after COMMIT, or never."""

    def __init__(self, path, when):
        self._port_file = path.with_name(f"port-{when}")
        self._port_file.unlink(missing_ok=True)
        arguments = [path, path.with_name("phone-door.key"), self._port_file, when]
        script = "tests.sync.killed_door"
        self.process = subprocess.Popen(
            [sys.executable, "-m", script, *map(str, arguments)], cwd=ROOT
        )
        until = time.monotonic() + 30
        while not self._port_file.exists():
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        self._port = int(self._port_file.read_text(encoding="ascii"))

    def send(self, *events):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        body = join([a_hello(), *(event.to_bytes() for event in events)])
        try:
            connection.request("POST", "/sync/events", body, {"Content-Type": FRAMES})
            return read_answer(connection.getresponse().read())
        finally:
            connection.close()

    def end(self):
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture
def doors(path, store):
    write_stored_key(path.with_name("phone-door.key"), a_signer("stored"))
    opened = []

    def open_door(when="never"):
        opened.append(Door(path, when))
        return opened[-1]

    yield open_door
    for door in opened:
        if door.process.poll() is None:
            door.end()


def test_killed_between_commit_and_response_the_retry_gets_the_same_receipt(doors, store):
    chain = a_chain(length=3)
    dying = doors("after")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        dying.send(*chain)
    assert dying.process.wait(30) == -signal.SIGKILL
    assert store.head().position == 3

    door = doors()
    first, second = door.send(*chain), door.send(*chain)
    assert [result["outcome"] for result in first["results"]] == ["already-held"] * 3
    assert [each["receipt"] for each in first["results"]] == [
        each["receipt"] for each in second["results"]
    ]
    assert [each["receipt"]["position"] for each in first["results"]] == [1, 2, 3]
    assert store.head().position == 3
    assert verify(store).broken is None


def test_killed_before_commit_nothing_is_kept_and_the_retry_is_stored(doors, store):
    chain = a_chain(length=3)
    dying = doors("before")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        dying.send(*chain)
    assert dying.process.wait(30) == -signal.SIGKILL

    answer = doors().send(*chain)
    assert [result["outcome"] for result in answer["results"]] == ["stored"] * 3
    assert store.head().position == 3
    assert verify(store).broken is None
