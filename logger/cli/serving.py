"""`sharelog serve`: opens the doors, each in a process of its own, until it is told to stop.

Promises: the master key reaches the record's process alone, through a pipe, and is never in an
argument, the environment or a file of ours; when one door falls, all are closed and the exit code
says so; nothing is announced before every door answers.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess  # nosec B404 - starts our own interpreter, nothing else
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import msgspec

from logger.cli.lock import PHONE, RECORD, holding
from logger.cli.master import find_master_key
from logger.cli.task import DoorTask
from logger.errors import LoggerError
from logger.keys.key_files import read_keyring
from logger.settings import Settings
from sync.receipt import read_stored_key
from sync.store_sqlite import SqliteStore

_EVERYWHERE = {str(IPv4Address(0)), str(IPv6Address(0))}
_DEFAULT_PORT = {PHONE: 8000, RECORD: 8001}
_READY_SECONDS = 60
_STOP_SECONDS = 20
_TURN = 0.1


class DoorDidNotOpen(LoggerError):
    """A door's process ended, or did not answer in time."""

    code = "serve.did_not_open"
    status = 500
    public_message = "A door did not open. What it said stands above."


@dataclass
class _Stop:
    """Set by Ctrl-C and SIGTERM."""

    asked: bool = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


class _Door:
    """One door's process. It ends by itself when the pipe it holds is closed by our end."""

    def __init__(self, task: DoorTask):
        self.name, self.port = task.door, task.port
        # Whoever listens on every address is asked on the nearest one.
        self._host = "127.0.0.1" if task.listen in _EVERYWHERE else task.listen
        reading, self._pipe = os.pipe()
        # A Ctrl-C in a terminal reaches every process of the group; only we shall act on it.
        ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.process = subprocess.Popen(  # noqa: S603  # nosec B603 - our own interpreter and words
                [sys.executable, "-m", "logger.cli.door", task.door, str(reading)],
                pass_fds=(reading,),
                stdin=subprocess.DEVNULL,
            )
        finally:
            signal.signal(signal.SIGINT, ours)
            os.close(reading)
        # A process that ended already is found by whoever watches over it.
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, msgspec.json.encode(task) + b"\n")

    def ended(self, seconds: float) -> bool:
        """Whether the process has ended, waiting that long for it."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def answers(self) -> bool:
        """Whether the door is ready."""
        door = HTTPConnection(self._host, self.port, timeout=2)
        try:
            door.request("GET", "/readyz")
            return door.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            door.close()

    def close(self) -> None:
        """Let it finish what it does, then end it."""
        self.process.terminate()
        if not self.ended(_STOP_SECONDS):
            self.process.kill()
            self.process.wait()
        os.close(self._pipe)


def serve(asked: argparse.Namespace) -> int:
    """Open the doors and watch over them; 0 after a stop that was asked for."""
    settings = Settings.read(asked.instance.absolute())
    doors = [asked.door] if asked.door else [PHONE, RECORD]
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with holding(settings.lock, doors):
        master = _checked(settings, doors, asked.master_key_file)
        opened: list[_Door] = []
        try:
            opened.extend(_Door(task) for task in _tasks(settings, doors, asked, master))
            return _watch(opened, settings.at_ports(*_ports(asked)), stop)
        finally:
            for door in opened:
                door.close()


def _checked(settings: Settings, doors: Sequence[str], given: Path | None) -> bytes | None:
    """The master key when the record is served; whatever is wrong is said before a door opens."""
    SqliteStore.open(settings.ledger).close()
    if PHONE in doors:
        read_stored_key(settings.phone_door_key)
    if RECORD not in doors:
        return None
    master = find_master_key(settings, given)
    read_keyring(settings, master)
    return master


def _tasks(
    settings: Settings, doors: Sequence[str], asked: argparse.Namespace, master: bytes | None
) -> list[DoorTask]:
    phone, record = _ports(asked)
    chosen = {PHONE: phone, RECORD: record}
    origins = {PHONE: settings.phone_origin, RECORD: settings.record_origin}
    return [
        DoorTask(
            door=door,
            folder=str(settings.folder),
            listen=asked.listen,
            port=chosen[door] or _own_port(origins[door]) or _DEFAULT_PORT[door],
            phone_port=phone,
            record_port=record,
            # The phone door never has it, not even in passing.
            master=master if door == RECORD else None,
        )
        for door in doors
    ]


def _ports(asked: argparse.Namespace) -> tuple[int | None, int | None]:
    return asked.phone_port, asked.record_port


def _own_port(origin: str) -> int | None:
    # Behind https stands a proxy, and its port is not ours.
    parts = urlsplit(origin)
    return parts.port if parts.scheme == "http" else None


def _watch(doors: Sequence[_Door], settings: Settings, stop: _Stop) -> int:
    waiting, turns = list(doors), 0
    while not stop.asked:
        for door in doors:
            if door.ended(_TURN) and not stop.asked:
                raise DoorDidNotOpen(f"It was the {door.name} door.")
        if waiting:
            waiting = [door for door in waiting if not door.answers()]
            turns += 1
            if not waiting:
                _announce(doors, settings)
            elif turns * _TURN * len(doors) > _READY_SECONDS:
                raise DoorDidNotOpen(f"It was the {waiting[0].name} door.")
    print("Stopping.", flush=True)
    return 0


def _announce(doors: Sequence[_Door], settings: Settings) -> None:
    lines = {
        PHONE: f"Phone door:   {settings.phone_origin}",
        RECORD: f"Record door:  {settings.record_origin}",
    }
    for door in doors:
        print(lines[door.name])
    if settings.demo and any(door.name == RECORD for door in doors):
        print(
            "This is a demo. At the record door, sign in with one tap as\n"
            "  Dana Price (practitioner), Sam Okafor (supervisor) or Alex Shaw (administrator)."
        )
    print("Ctrl-C stops.", flush=True)
