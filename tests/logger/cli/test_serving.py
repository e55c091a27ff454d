"""`serve` in processes of its own: both doors or none, and nothing left running."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import RunningInstance

PATIENCE = 30


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.05)


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def alive(pids: list[int]) -> list[int]:
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


def test_both_doors_answer_and_the_addresses_are_printed_when_they_do(instance):
    wait_until(lambda: "Ctrl-C stops." in instance.logs())
    assert f"Phone door:   http://phone.localhost:{instance.phone_port}" in instance.logs()
    assert f"Record door:  http://record.localhost:{instance.record_port}" in instance.logs()
    assert "Sam Okafor (supervisor)" in instance.logs()
    assert get(f"http://127.0.0.1:{instance.record_port}/readyz") == (200, "ready")
    assert "Sign in as Dana Price, practitioner" in get(
        f"http://127.0.0.1:{instance.record_port}/sign-in"
    )[1]  # fmt: skip


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_that_is_asked_for_is_clean(make_instance, how):
    instance = make_instance()
    pids = instance.door_pids("phone") + instance.door_pids("record")
    wait_until(lambda: "Ctrl-C stops." in instance.logs())
    assert instance._end(how) == 0
    assert alive(pids) == []
    assert "Traceback" not in instance.logs()
    connection = sqlite3.connect(instance.folder / "ledger.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.parametrize("fallen", ["phone", "record"])
def test_when_one_door_falls_the_other_is_closed_and_the_exit_code_says_so(make_instance, fallen):
    instance = make_instance()
    pids = instance.door_pids("phone") + instance.door_pids("record")
    instance.kill_door(fallen)
    assert instance._process is not None
    assert instance._process.wait(PATIENCE) == 1
    assert f"It was the {fallen} door." in instance.logs()
    assert alive(pids) == []


def test_when_serve_itself_is_killed_no_door_is_left_behind(make_instance):
    instance = make_instance()
    pids = instance.door_pids("phone") + instance.door_pids("record")
    assert len(pids) == 4
    assert instance._process is not None
    instance._process.kill()
    instance._process.wait()
    wait_until(lambda: alive(pids) == [])
    instance.start()


def test_the_same_instance_is_not_served_twice(instance):
    second = instance.begin("serve", "--phone-port", "1", "--record-port", "2")
    assert second.wait(PATIENCE) == 1
    assert "This instance is already being served." in instance.logs()
    rebuild = instance.begin("rebuild")
    assert rebuild.wait(PATIENCE) == 1


def test_somebody_may_be_invited_while_the_doors_are_open(instance):
    assert instance.begin("invite", "Mair Ŵyn", "mair@example.org").wait(PATIENCE) == 0
    link = next(word for word in instance.logs().split() if "/join/" in word)
    path = link.split("/", 3)[3]
    page = get(f"http://127.0.0.1:{instance.record_port}/{path}")[1]
    assert "mair@example.org" in page


def test_the_master_key_is_in_no_argument_and_no_environment(instance):
    key = (instance.folder / "master.key").read_bytes().strip()
    secrets = (key, key.upper(), bytes.fromhex(key.decode()))
    for pid in instance.door_pids("phone") + instance.door_pids("record"):
        for name in ("cmdline", "environ"):
            raw = Path(f"/proc/{pid}/{name}").read_bytes()
            assert not any(secret in raw for secret in secrets)


def test_the_phone_door_is_never_told_the_master_key_nor_loads_what_opens_entries(instance):
    key = bytes.fromhex((instance.folder / "master.key").read_text().strip())
    for pid in instance.door_pids("phone"):
        assert key not in memory_of(pid)
        assert b"logger.keys.sealing" not in memory_of(pid)
    assert any(key in memory_of(pid) for pid in instance.door_pids("record"))


def memory_of(pid: int) -> bytes:
    """What the process holds in memory of its own."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, mode, *_ = line.split()
            if not mode.startswith("rw") or "[v" in line:
                continue
            start, end = (int(one, 16) for one in place.split("-"))
            memory.seek(start)
            try:
                found.append(memory.read(end - start))
            except OSError:
                continue
    return b"".join(found)


def test_a_door_may_be_served_alone(make_instance):
    instance = make_instance()
    instance.stop()
    alone = ("serve", "record", "--record-port", str(instance.record_port))
    instance._process = instance.begin(*alone)
    instance._wait_for(f"http://127.0.0.1:{instance.record_port}/readyz")
    assert instance.door_pids("phone") == []
    other = RunningInstance.__new__(RunningInstance)
    other.__dict__ |= instance.__dict__
    other._process = instance.begin("serve", "phone", "--phone-port", str(instance.phone_port))
    try:
        other._wait_for(f"http://127.0.0.1:{instance.phone_port}/readyz")
    finally:
        os.kill(other._process.pid, signal.SIGTERM)
        assert other._process.wait(PATIENCE) == 0
