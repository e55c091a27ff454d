"""A real `sharelog serve phone`, killed by SIGKILL with all its processes and started again."""

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
        self._process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Serve; comes back when the door is ready."""
        port = self.near.phone_port
        command = [sys.executable, "-m", "logger.cli", "serve", "phone", "--phone-port", str(port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "SHARELOG_INSTANCE": str(self.near.folder)},
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
                return
            assert self._process.poll() is None, "serve ended by itself"
            time.sleep(0.02)  # asked again until it answers or its time is over
        raise AssertionError("the door did not open")

    def kill(self) -> None:
        """All of its processes at once, wherever they are."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
            self._process = None

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
        self._log.close()
        self.near.let_go()
