"""A real instance for tests: made, served, stopped and killed through the command people use."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 60
ROOT = Path(__file__).parent.parent
_PORTS = range(12_000, 32_000)
# A demo of each suite, made by the command once and copied for each test, and where they are.
_AS_MADE: dict[tuple[Path, int], Path] = {}
_ASIDE = tempfile.TemporaryDirectory(prefix="sharelog-as-made-")


class RunningInstance:
    """One demo instance in a folder of its own, both doors on free ports of this machine.

    `tree` is where the code lies that makes it, and serves it from the next start on.
    """

    def __init__(
        self, folder: Path, *, suite: int = 2, phone_behind: int | None = None, tree: Path = ROOT
    ):
        self.folder, self.tree = folder, tree
        self.phone_port, self.record_port = free_port(), free_port()
        # What stands in front of the phone door, such as a proxy, is what phones call it by.
        self.phone_url = f"http://phone.localhost:{phone_behind or self.phone_port}"
        self.record_url = f"http://record.localhost:{self.record_port}"
        self._log = folder.parent / f"{folder.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        if (tree, suite) not in _AS_MADE:
            self._make_once(suite)
        shutil.copytree(_AS_MADE[tree, suite], folder)
        if phone_behind:
            self.set("phone_aliases", f'["phone.localhost:{phone_behind}"]')

    def start(self, *more: str) -> None:
        """Serve, with `more` on the command line, and come back when both doors answer."""
        ports = ("--phone-port", str(self.phone_port), "--record-port", str(self.record_port))
        self._process = self.begin("serve", *ports, *more)
        scheme = "https" if "--lan" in more else "http"
        for port in (self.phone_port, self.record_port):
            self._wait_for(f"{scheme}://127.0.0.1:{port}/readyz")

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Another command of this instance; what it prints is among the logs."""
        return self._sharelog(self.folder, *words)

    def stop(self) -> int:
        """Ctrl-C; the exit code. Already stopped is fine."""
        return self._end(signal.SIGINT)

    def kill_door(self, name: str) -> None:
        """SIGKILL one door ("phone" or "record"), its whole process group of workers."""
        for pid in self.door_pids(name):
            os.kill(pid, signal.SIGKILL)

    def door_pids(self, name: str) -> list[int]:
        """The processes that serve one door: begun by `serve`, by what they call themselves, which
        is another thing where gunicorn finds setproctitle."""
        if self._process is None:
            return []
        port = self.phone_port if name == "phone" else self.record_port
        named = re.compile(rb"\b(%s|%d)\b" % (name.encode(), port))
        return [pid for pid, said in begun_by(self._process.pid).items() if named.search(said)]

    def logs(self) -> str:
        """Everything both doors have printed so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def close(self) -> None:
        """Stop whatever still runs."""
        if self._process is not None:
            self._end(signal.SIGTERM)

    def _make_once(self, suite: int) -> None:
        made = Path(_ASIDE.name) / f"{len(_AS_MADE)}-suite-{suite}"
        command = self._sharelog(made, "demo", "--suite", str(suite))
        assert command.wait(START_SECONDS) == 0, self.logs()
        _AS_MADE[self.tree, suite] = made

    def _sharelog(self, folder: Path, *words: str) -> subprocess.Popen[bytes]:
        # Where it is started is the first place in which Python looks for the code.
        with self._log.open("ab") as to:
            return subprocess.Popen(
                [sys.executable, "-m", "logger.cli", *words],
                env={**os.environ, "SHARELOG_INSTANCE": str(folder), "PYTHONPATH": str(self.tree)},
                stdin=subprocess.DEVNULL, stdout=to, stderr=to, cwd=self.tree,
            )  # fmt: skip

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        try:
            code = self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._process = None
        return code

    def set(self, name: str, value: str) -> None:
        """Write a setting as it stands in settings.toml; it holds from the next start."""
        self.unset(name)
        with (self.folder / "settings.toml").open("a") as settings:
            settings.write(f"{name} = {value}\n")

    def unset(self, name: str) -> None:
        """Take that line out of settings.toml; the default holds from the next start."""
        path = self.folder / "settings.toml"
        kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{name} =")]
        path.write_text("\n".join(kept) + "\n")

    def _wait_for(self, url: str) -> None:
        until = time.monotonic() + START_SECONDS
        # Only whether it answers is asked here.
        anybody = ssl.create_default_context()
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        while time.monotonic() < until:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(url, timeout=2, context=anybody):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"{url} did not answer:\n{self.logs()}")


def free_port() -> int:
    """A port of this machine that nobody listens on.

    Below those that the system gives to outgoing connections: one of them could take it between
    this question and the server that is to have it.
    """
    while True:
        port = secrets.choice(_PORTS)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def begun_by(first: int) -> dict[int, bytes]:
    """What each process below this one calls itself, by its number."""
    parents, commands = {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # Behind the name, which may hold spaces and brackets: state, then parent.
            state = (process / "stat").read_bytes().rsplit(b")", 1)[1].split()
            commands[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue  # it ended while we looked
        parents[int(process.name)] = int(state[1])
    below = {first}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return {pid: commands[pid] for pid in below - {first}}
