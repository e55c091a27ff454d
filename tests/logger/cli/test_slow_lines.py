"""Whoever sends slowly, or never ends, waits alone: both doors go on, without a proxy in front."""

from __future__ import annotations

import contextlib
import io
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from wsgiref.types import StartResponse

import pytest

from logger.cli import lines
from logger.cli.lines import LISTENING, WORKING
from sync.http import FRAMES
from tests.running import RunningInstance, free_port

MANY = 3 * WORKING
SERVER = """
import sys
import time
from gunicorn.app.base import BaseApplication
from logger.cli import lines

lines.ARRIVES_WITHIN, lines._LOOK_SECONDS, threads, lines.HEARD_WITHIN = map(float, sys.argv[2:])


def door(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        # So long that whoever waits behind it has waited too long.
        time.sleep(2 * lines.HEARD_WITHIN)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % len(environ["wsgi.input"].read())]


class Served(BaseApplication):
    def load_config(self):
        chosen = {"bind": "127.0.0.1:" + sys.argv[1], "worker_class": lines.PatientWorker,
                  "threads": int(threads), "keepalive": 15, "control_socket_disable": True}
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self):
        return lines.Unhurried(door, most=1_000_000, in_memory=1_000)


Served().run()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstance]:
    instance = RunningInstance(tmp_path_factory.mktemp("slow") / "demo", suite=1)
    instance.start()
    yield instance
    instance.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """The same worker, with less than a second for a request instead of a minute; its port."""
    with serving(0.4, 0.1, 8, 60) as port:
        yield port


@contextlib.contextmanager
def serving(*how: float) -> Iterator[int]:
    """The worker by itself: how long a request may take, how often that is looked at, how many
    threads listen, and how long somebody may wait to be heard."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port), *map(str, how)])
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        time.sleep(0.05)  # asked again until it listens
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def call(port: int, begun: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), 10)
    line.sendall(begun)
    return line


def post(port: int, path: str, length: int) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: phone.localhost:{port}\r\nContent-Type: {FRAMES}\r\n"
    return f"{head}Content-Length: {length}\r\n\r\n".encode()


def answer(line: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65_536):
            heard += piece
    return heard


@pytest.mark.parametrize("door", ["phone", "record"])
@pytest.mark.parametrize("kind", ["nothing", "half a header", "half a body"])
def test_slow_lines_do_not_keep_others_out(served: RunningInstance, door: str, kind: str) -> None:
    port = served.phone_port if door == "phone" else served.record_port
    path = "/sync/events" if door == "phone" else "/sign-in"
    begun = {"nothing": b"", "half a header": b"GET / HTTP/1.1\r\nHost: pho"}
    assert WORKING < MANY < LISTENING
    with contextlib.ExitStack() as held:
        for _ in range(MANY):
            line = call(port, begun.get(kind, post(port, path, 5_000) + b"x"))
            held.enter_context(contextlib.closing(line))
        # Until each of them has come to where it would be in the way.
        time.sleep(0.3)
        began = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as healthy:
            assert healthy.status == 200
        assert time.monotonic() - began < 2


def test_a_slow_request_is_answered_once_it_is_whole(served: RunningInstance) -> None:
    port = served.phone_port
    line = call(port, post(port, "/sync/events", 4)[:-2])
    for piece in (b"\r\n", b"\0\0", b"\0", b"\0"):
        time.sleep(0.1)  # a slow sender: its pieces must arrive apart
        line.sendall(piece)
    line.shutdown(socket.SHUT_WR)
    assert b" 400 " in answer(line).splitlines()[0]


@pytest.mark.parametrize("begun", [b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 999\r\n\r\n"])
def test_who_takes_too_long_is_hung_up_on(hasty: int, begun: bytes) -> None:
    line = call(hasty, begun)
    line.settimeout(0.1)
    began = time.monotonic()
    while time.monotonic() - began < 8:
        # Dripping does not help: it is the whole request that has a time.
        with contextlib.suppress(TimeoutError):
            line.sendall(b"x")
            line.recv(1)
            break
    assert 0.3 < time.monotonic() - began < 5


@pytest.mark.parametrize("size", [0, 5, 1_500, 200_000])
def test_a_body_arrives_as_it_was_sent(hasty: int, size: int) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{hasty}/", data=b"x" * size, method="POST")
    with urllib.request.urlopen(request, timeout=10) as said:
        assert said.read() == b"%d" % size


def test_a_request_that_says_its_length_twice_is_refused(served: RunningInstance) -> None:
    for port in (served.phone_port, served.record_port):
        head = post(port, "/sync/events", 5)[:-2]
        for second in (b"Transfer-Encoding: chunked\r\n", b"Content-Length: 6\r\n"):
            line = call(port, head + second + b"\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n")
            line.shutdown(socket.SHUT_WR)
            said = answer(line)
            assert said.startswith(b"HTTP/1.1 4"), said
            assert said.count(b"HTTP/1.1 ") == 1


def test_whoever_waited_too_long_to_be_heard_is_told_when_to_come_again() -> None:
    ask = b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with serving(60, 1, 1, 1) as port:
        slow = call(port, ask % b"/slow")
        # The others come later than it: whoever is heard first has the only thread.
        time.sleep(0.1)
        late = [call(port, ask % b"/late") for _ in range(3)]
        heard = [answer(line).decode() for line in late]
        assert answer(slow).startswith(b"HTTP/1.1 200")
        assert answer(call(port, ask % b"/in-time")).startswith(b"HTTP/1.1 200")
    assert {one.split("\r\n")[0] for one in heard} == {"HTTP/1.1 503 Service Unavailable"}
    pauses = {one.split("Retry-After: ")[1].split("\r\n")[0] for one in heard}
    assert pauses == {"2", "3", "4"}
    for one in heard:
        head, body = one.split("\r\n\r\n")
        assert f"Content-Length: {len(body)}" in head


def test_what_takes_long_waits_apart_and_keeps_nobody_else_waiting() -> None:
    begun, goes_on, told = threading.Semaphore(0), threading.Event(), []

    def door(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        if environ.get("too.many"):
            return [b"too many"]
        if environ["PATH_INFO"] == "/slow":
            begun.release()
            goes_on.wait(60)
        return [b"done"]

    def ask(path: str) -> None:
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "wsgi.input": io.BytesIO()}
        told.extend(unhurried(environ, lambda *_: lambda _: None))

    unhurried = lines.Unhurried(
        door, most=10, in_memory=10, takes_long=lambda _, path: path == "/slow", too_many="too.many"
    )
    most = lines.APART + lines.WAITING_APART
    slow = [threading.Thread(target=ask, args=("/slow",)) for _ in range(most)]
    for one in slow:
        one.start()
    for _ in range(lines.APART):
        assert begun.acquire(timeout=60)
    until = time.monotonic() + 60
    while unhurried._places.acquire(blocking=False):
        unhurried._places.release()
        assert time.monotonic() < until, "not all of them came to wait"
        time.sleep(0.01)  # asked again until the last of them has its place
    ask("/quick")
    ask("/slow")
    assert told == [b"done", b"too many"]
    goes_on.set()
    for one in slow:
        one.join(60)
    assert told[2:] == [b"done"] * most


def test_whoever_was_answered_and_never_hangs_up_is_waited_for_by_nobody(
    served: RunningInstance,
) -> None:
    last = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with contextlib.ExitStack() as lines:
        for _ in range(12):
            line = socket.create_connection(("127.0.0.1", served.record_port), timeout=30)
            lines.enter_context(line).sendall(last)
        # Each of them used to hold everybody for two seconds.
        began = time.monotonic()
        url = f"http://127.0.0.1:{served.record_port}/healthz"
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.status == 200
        assert time.monotonic() - began < 15
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")
