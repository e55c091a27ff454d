"""The command as people use it: in a process of its own, on a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.running import RunningInstance

ROOT = Path(__file__).parents[1]


def sharelog(
    folder: Path, *words: str, typed: str = "", **environment: str
) -> tuple[int, str, str]:
    """Exit code, output and errors; without a terminal a passphrase is read from `typed`."""
    done = subprocess.run(
        [sys.executable, "-m", "logger.cli", *words],
        env={**os.environ, "SHARELOG_INSTANCE": str(folder), **environment},
        cwd=ROOT, input=typed, text=True, capture_output=True, timeout=120, start_new_session=True,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def demo_code(instance: RunningInstance) -> str:
    """A fresh single-use code for the demo practitioner."""
    url = f"http://127.0.0.1:{instance.phone_port}/demo/code"
    host = instance.phone_url.removeprefix("http://")
    asked = urllib.request.Request(url, b"", {"Host": host})
    with urllib.request.urlopen(asked, timeout=30) as reply:
        code: str = json.load(reply)["code"]
        return code
