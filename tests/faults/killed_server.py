"""A real phone door, killed by SIGKILL with all its processes and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import msgspec

from logger.cli.task import DoorTask
from logger.clock import system_clock
from sync.store_sqlite import SqliteStore
from tests.faults.near import NearInstance

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class KilledServer:
    """The phone door of an instance that this process never opens itself."""

    def __init__(self, near: NearInstance):
        self.near = near
        # Lays out what phones ask for first, as the record does when it is served.
        near.side()
        near.let_go()
        self._log = (near.folder.parent / "served.log").open("ab")
        self._starter = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
        )  # fmt: skip
        # That of the door's first process, which leads a group of its own.
        self._number = 0

    def open(self) -> None:
        """Serve; comes back when the door is ready."""
        self._number = self._begin()
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                port = self.near.phone_port
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
                return
            assert self._lives(), "the door ended by itself"
            time.sleep(0.02)  # asked again until it answers or its time is over
        raise AssertionError("the door did not open")

    def kill(self) -> None:
        """All of its processes at once, wherever they are."""
        if self._number:
            os.killpg(self._number, signal.SIGKILL)
            until = time.monotonic() + 30
            while self._lives():
                assert time.monotonic() < until, "it does not end"
                time.sleep(0.005)  # asked again: it is not a child of this process
            self._number = 0

    def put_back(self, older: Path, epoch: bytes | None = None) -> None:
        """Closed meanwhile; the ledger is that copy, with an epoch as `restore` does it."""
        self.kill()
        self.near.let_go()
        ledger = self.near.settings.ledger
        # What a killed writer left belongs to the file that goes, not to the one that comes.
        for left in ledger.parent.glob(f"{ledger.name}-*"):
            left.unlink()
        shutil.copyfile(older, ledger)
        if epoch is not None:
            with contextlib.closing(SqliteStore.open(ledger)) as store:
                store.begin_epoch(epoch, system_clock())
        self.open()

    def close(self) -> None:
        """End it for good."""
        self.kill()
        with self._starter as starter:
            assert starter.stdin is not None
            starter.stdin.close()
        self._log.close()
        self.near.let_go()

    def _begin(self) -> int:
        port = self.near.phone_port
        task = DoorTask("phone", str(self.near.folder), "127.0.0.1", port, port, None, None)
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write(msgspec.json.encode(task) + b"\n")
        self._starter.stdin.flush()
        return int(self._starter.stdout.readline())

    def _lives(self) -> bool:
        return Path(f"/proc/{self._number}").exists()
