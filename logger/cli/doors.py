"""One door's process as `sharelog serve` sees it: started, asked whether it is ready, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import ssl
import subprocess  # nosec B404 - starts our own interpreter, nothing else
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address

import msgspec

from logger.cli.task import DoorTask

_EVERYWHERE = {str(IPv4Address(0)), str(IPv6Address(0))}
STOP_SECONDS = 20


class Door:
    """One door's process. It ends by itself when the pipe it holds is closed by our end."""

    def __init__(self, task: DoorTask):
        self.name, self.port = task.door, task.port
        # Whoever listens on every address is asked on the nearest one.
        self._host = "127.0.0.1" if task.listen in _EVERYWHERE else task.listen
        network = task.network
        self._trusted = ssl.create_default_context(cafile=network.authority) if network else None
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
        door = (
            HTTPSConnection(self._host, self.port, timeout=2, context=self._trusted)
            if self._trusted
            else HTTPConnection(self._host, self.port, timeout=2)
        )
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
        if not self.ended(STOP_SECONDS):
            self.process.kill()
            self.process.wait()
        os.close(self._pipe)
