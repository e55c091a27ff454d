"""`sharelog serve`: opens the doors, each in a process of its own, until it is told to stop.

Promises: the master key reaches the record's process alone, through a pipe, and is never in an
argument, the environment or a file of ours; when one door falls, all are closed and the exit code
says so; nothing is announced before every door answers.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from logger.cli.doors import Door
from logger.cli.lan import LocalNetwork, Welcome, find_network
from logger.cli.lock import PHONE, RECORD, holding
from logger.cli.looking_after.keys import reminder
from logger.cli.master import find_master_key
from logger.cli.task import DoorTask
from logger.clock import system_clock
from logger.errors import LoggerError
from logger.keys.key_files import read_keyring
from logger.settings import Settings
from sync.receipt import read_stored_key
from sync.store_sqlite import SqliteStore

_DEFAULT_PORT = {PHONE: 8000, RECORD: 8001}
_READY_SECONDS = 60
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


def serve(asked: argparse.Namespace) -> int:
    """Open the doors and watch over them; 0 after a stop that was asked for."""
    settings = Settings.read(asked.instance.absolute())
    doors = [asked.door] if asked.door else [PHONE, RECORD]
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with holding(settings.lock, doors), ExitStack() as opened:
        master = _checked(settings, doors, asked.master_key_file)
        network = find_network(settings, asked) if asked.lan else None
        served: list[Door] = []
        for task in _tasks(settings, doors, asked, master, network):
            served.append(Door(task))
            opened.callback(served[-1].close)
        if network is None:
            words = _announcement(doors, settings.at_ports(*_ports(asked)))
        else:
            welcome = Welcome(network, settings.organisation, asked.welcome_port)
            opened.callback(welcome.close)
            words = _announcement(doors, network.applied_to(settings)) + welcome.announcement()
        return _watch(served, words, stop)


def _checked(settings: Settings, doors: Sequence[str], given: Path | None) -> bytes | None:
    """The master key when the record is served; whatever is wrong is said before a door opens."""
    SqliteStore.open(settings.ledger).close()
    if PHONE in doors:
        read_stored_key(settings.phone_door_key)
    if RECORD not in doors:
        return None
    master = find_master_key(settings, given)
    if words := reminder(read_keyring(settings, master), system_clock()):
        print(words, flush=True)
    return master


def _tasks(
    settings: Settings,
    doors: Sequence[str],
    asked: argparse.Namespace,
    master: bytes | None,
    network: LocalNetwork | None,
) -> list[DoorTask]:
    phone, record = _ports(asked)
    chosen = {PHONE: phone, RECORD: record}
    origins = {PHONE: settings.phone_origin, RECORD: settings.record_origin}
    own = {
        door: (network.port(door) if network else None)
        or chosen[door]
        or _own_port(origins[door])
        or _DEFAULT_PORT[door]
        for door in doors
    }
    return [
        DoorTask(
            door=door,
            folder=str(settings.folder),
            listen=str(network.address) if network else asked.listen,
            port=own[door],
            phone_port=phone,
            record_port=record,
            # The phone door never has it, not even in passing.
            master=master if door == RECORD else None,
            network=network.task if network else None,
        )
        for door in doors
    ]


def _ports(asked: argparse.Namespace) -> tuple[int | None, int | None]:
    return asked.phone_port, asked.record_port


def _own_port(origin: str) -> int | None:
    # Behind https stands a proxy, and its port is not ours.
    parts = urlsplit(origin)
    return parts.port if parts.scheme == "http" else None


def _watch(doors: Sequence[Door], words: str, stop: _Stop) -> int:
    waiting, turns = list(doors), 0
    while not stop.asked:
        for door in doors:
            if door.ended(_TURN) and not stop.asked:
                raise DoorDidNotOpen(f"It was the {door.name} door.")
        if waiting:
            waiting = [door for door in waiting if not door.answers()]
            turns += 1
            if not waiting:
                print(words + "Ctrl-C stops.", flush=True)
            elif turns * _TURN * len(doors) > _READY_SECONDS:
                raise DoorDidNotOpen(f"It was the {waiting[0].name} door.")
    print("Stopping.", flush=True)
    return 0


def _announcement(doors: Sequence[str], settings: Settings) -> str:
    lines = {
        PHONE: f"Phone door:   {settings.phone_origin}\n",
        RECORD: f"Record door:  {settings.record_origin}\n",
    }
    words = "".join(lines[door] for door in doors)
    if settings.demo and RECORD in doors:
        words += (
            "This is a demo. At the record door, sign in with one tap as\n"
            "  Dana Price (practitioner), Sam Okafor (supervisor) or Alex Shaw (administrator).\n"
        )
    return words
