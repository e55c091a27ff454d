"""A real instance for tests: made, served, stopped and killed through the command people use."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 60
_PORTS = range(12_000, 32_000)


class RunningInstance:
    """One demo instance in a folder of its own, both doors on free ports of this machine."""

    def __init__(self, folder: Path, *, suite: int = 2, phone_behind: int | None = None):
        self.folder = folder
        self.phone_port, self.record_port = free_port(), free_port()
        # What stands in front of the phone door, such as a proxy, is what phones call it by.
        self.phone_url = f"http://phone.localhost:{phone_behind or self.phone_port}"
        self.record_url = f"http://record.localhost:{self.record_port}"
        self._log = folder.parent / f"{folder.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._sharelog("demo", "--suite", str(suite)).wait_for_success()
        if phone_behind:
            self._setting("phone_aliases", f'["phone.localhost:{phone_behind}"]')

    def start(self, *more: str) -> None:
        """Serve, with `more` on the command line, and come back when both doors answer."""
        ports = ("--phone-port", str(self.phone_port), "--record-port", str(self.record_port))
        self._process = self._sharelog("serve", *ports, *more).process
        scheme = "https" if "--lan" in more else "http"
        for port in (self.phone_port, self.record_port):
            self._wait_for(f"{scheme}://127.0.0.1:{port}/readyz")

    def stop(self) -> int:
        """Ctrl-C; the exit code. Already stopped is fine."""
        return self._end(signal.SIGINT)

    def kill_door(self, name: str) -> None:
        """SIGKILL one door ("phone" or "record"), its whole process group of workers."""
        for pid in self.door_pids(name):
            os.kill(pid, signal.SIGKILL)

    def door_pids(self, name: str) -> list[int]:
        """The processes that serve one door, by what their command line says."""
        port = self.phone_port if name == "phone" else self.record_port
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                environment = (process / "environ").read_bytes()
            except OSError:
                continue  # it ended while we looked
            ours = str(self.folder).encode() in environment and b"python" in command
            if ours and re.search(rb"\b(%s|%d)\b" % (name.encode(), port), command):
                found.append(int(process.name))
        return [pid for pid in found if self._process is None or pid != self._process.pid]

    def logs(self) -> str:
        """Everything both doors have printed so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def close(self) -> None:
        """Stop whatever still runs."""
        if self._process is not None:
            self._end(signal.SIGTERM)

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

    def _sharelog(self, *words: str) -> _Command:
        log = self._log.open("ab")
        environment = {**os.environ, "SHARELOG_INSTANCE": str(self.folder)}
        command = [sys.executable, "-m", "logger.cli", *words]
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=Path(__file__).parent.parent,
        )  # fmt: skip
        log.close()
        return _Command(process, self._log)

    def _setting(self, name: str, value: str) -> None:
        path = self.folder / "settings.toml"
        kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{name} =")]
        path.write_text("\n".join([*kept, f"{name} = {value}"]) + "\n")

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


class _Command:
    def __init__(self, process: subprocess.Popen[bytes], log: Path):
        self.process, self._log = process, log

    def wait_for_success(self) -> None:
        """The command ended well, or the test says what it printed."""
        code = self.process.wait(timeout=START_SECONDS)
        assert code == 0, f"exit code {code}:\n{self._log.read_text(errors='replace')}"


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
