"""One door's process, started by `sharelog serve`: gunicorn with one worker and its threads.

One worker, because one process with a group-commit writer keeps requests short where two would
wait for each other's locks.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import msgspec
import structlog
from gunicorn.app.base import BaseApplication

from logger.cli.lines import LINES, LISTENING, PatientWorker, Unhurried
from logger.cli.lock import RECORD
from logger.cli.task import DoorTask
from logger.clock import system_clock, system_randomness
from logger.settings import Settings
from sync.frames import MAX_BODY_BYTES

# Above this the phone door's bodies, which are sealed, wait on disk; words of a form never do.
_PHONE_IN_MEMORY = 64 * 1024
# While one group of them waits for the disk together, as many again are read and checked.
_PHONE_WORKING = 32
# Beside the lines: second numbers, and each thread's connections to the files of the instance.
_OTHER_FILES = 500


def main() -> None:
    """Read the task from the inherited pipe, and serve until told to stop."""
    pipe = int(sys.argv[2])
    task = msgspec.json.decode(_line(pipe), type=DoorTask)
    os.umask(0o077)
    _hold_many_lines()
    _log_to_stderr()
    _Served(task, pipe).run()


class _Served(BaseApplication):
    """The application as gunicorn runs it."""

    def __init__(self, task: DoorTask, pipe: int):
        self._task, self._pipe = task, pipe
        super().__init__()

    def load_config(self) -> None:
        """One worker, threads, quiet, no control socket, no files of its own."""
        host = f"[{self._task.listen}]" if ":" in self._task.listen else self._task.listen
        chosen = {
            "bind": f"{host}:{self._task.port}",
            "workers": 1,
            "worker_class": PatientWorker,
            "threads": LISTENING,
            "worker_connections": min(LINES, _files() - _OTHER_FILES),
            "loglevel": "warning",
            "graceful_timeout": 10,
            "keepalive": 15,
            "proc_name": f"sharelog {self._task.door}",
            "control_socket_disable": True,
            # The hop that says https is named by the setting trusted_proxies, and read there.
            "forwarded_allow_ips": "",
            "when_ready": _leave_interrupts_to_serve,
            "post_worker_init": _leave_interrupts_to_serve,
        }
        if self._task.network:
            network = self._task.network
            chosen |= {"certfile": network.certificate, "keyfile": network.key}
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """The door; called in the worker, after the fork."""
        threading.Thread(target=self._end_with_serve, name="lifeline", daemon=True).start()
        folder, task = Path(self._task.folder), self._task
        settings = Settings.read(folder).at_ports(task.phone_port, task.record_port)
        if task.network:
            there = task.network
            settings = settings.at(there.phone_origin, there.record_origin, there.record_alias)
        return _record_door(settings, task) if task.door == RECORD else _phone_door(settings)

    def _end_with_serve(self) -> None:
        # Our end reads nothing more; when `serve` is gone, however it went, the pipe is closed.
        while os.read(self._pipe, 1):
            pass
        os.kill(os.getppid(), signal.SIGTERM)


def _record_door(settings: Settings, task: DoorTask) -> WSGIApplication:
    # Imported here, so that the phone door's process never even loads what opens entries.
    from logger import record_door
    from logger.build.record import open_record
    from logger.people.credentials import Credentials

    record = open_record(settings, task.master or b"", system_clock, system_randomness)
    record.prepare(system_clock())
    record.room(Credentials).give_way()
    app = record_door.create_app(record, record.follow().alive)
    return Unhurried(
        app,
        most=record_door.MOST_UPLOADED,
        in_memory=record_door.MAX_FORM_BYTES,
        takes_long=record_door.takes_long,
        too_many=record_door.TOO_MANY_WAIT,
    )


def _phone_door(settings: Settings) -> WSGIApplication:
    from logger.phone_door import create_app

    app = create_app(settings, system_clock, system_randomness)
    return Unhurried(app, most=MAX_BODY_BYTES, in_memory=_PHONE_IN_MEMORY, working=_PHONE_WORKING)


def _leave_interrupts_to_serve(_: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _line(pipe: int) -> bytes:
    read = bytearray()
    while not read.endswith(b"\n"):
        piece = os.read(pipe, 4096)
        if not piece:
            sys.exit("The pipe was closed before the task was read.")
        read += piece
    return bytes(read)


def _hold_many_lines() -> None:
    """Each line needs a number, and those that are heard a second one: more than the usual limit of
    1,024. To run out of numbers would end the worker."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = LINES + _OTHER_FILES
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, allowed), most))


def _files() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _log_to_stderr() -> None:
    """One JSON object a line: event names, codes and counts, never a word that somebody wrote."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    main()
