"""How a served instance bears load, row by row: python -m bench.load [FACTOR] [ROW …]

A demo instance with 10,000 people and phones, both doors as `sharelog serve` opens them, and
whoever asks, all on this machine and its loopback. FACTOR makes every row longer or shorter at the
same rate (45 makes L1 as long as it was asked for); ROW, such as L3, asks for some rows only.
"""

from __future__ import annotations

import contextlib
import io
import os
import platform
import re
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import intake
from bench.load.ground import lay
from bench.load.rows import Rows
from bench.load.table import HEAD
from logger.cli.main import main as sharelog

PHONES = 10_000
# The floors that bench.intake measures have a row of their own: the phone door by itself.
FLOORS, FLOOR_SECONDS = "L0", 5.0


def main(factor: float, wanted: list[str]) -> None:
    """Print the table."""
    _may_have_many_lines()
    begun = time.monotonic()
    print(
        f"\nload, {datetime.now(UTC):%d %B %Y %H:%M} UTC, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, journal "
        f"{intake.journal_mode()}; busy with other things beforehand: {os.getloadavg()[0]:.1f}\n"
    )
    if not wanted or FLOORS in wanted:
        print(f"Only the phone door, {FLOOR_SECONDS:.0f} s a row, {intake.CLIENTS} clients:\n")
        for row in intake.rows(max(1.0, FLOOR_SECONDS * min(1.0, factor))):
            print(row, flush=True)
        print()
    with tempfile.TemporaryDirectory() as folder:
        ground = lay(Path(folder), max(100, min(PHONES, int(PHONES * factor))))
        try:
            ground.instance.start()
            print(HEAD)
            for line in Rows(ground, factor).some(wanted):
                print(line, flush=True)
        finally:
            ground.instance.close()
        print("\n" + _verified(ground.instance.folder))
    print(f"\n{time.monotonic() - begun:.0f} s in all; at the end: {os.getloadavg()[0]:.1f}")


def _verified(instance: Path) -> str:
    """What `sharelog verify` says of the ledger that bore all this."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = sharelog(["verify", "--instance", str(instance)])
    (verdict,) = re.findall(r"^The ledger .*$", said.getvalue(), re.MULTILINE)
    return f"`sharelog verify`, exit code {code}: {verdict}"


def _may_have_many_lines() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    numbers = [word for word in sys.argv[1:] if word[0].isdigit()]
    main(float(numbers[0]) if numbers else 1.0, [w for w in sys.argv[1:] if w not in numbers])
