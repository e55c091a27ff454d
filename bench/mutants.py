"""Whether the tests notice when the code is changed: python -m bench.mutants [MINUTES] [SEED]
[NAME …]

mutmut makes every small change that it knows of in the functions of `[tool.mutmut]`, in a copy of
what git has. A sample by the seed is tried, as many as go into MINUTES, each with the tests that
reach its function; the share that was noticed is printed with its 95 % interval (Wilson 1927), and
each that was not, with its difference. Tests that no longer end have noticed. With NAMEs (shell
patterns) only those changes are tried.
"""

from __future__ import annotations

import contextlib
import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
MUTMUT = Path(sys.executable).with_name("mutmut")
# Made by the build and by `make words`, not in git.
BUILT = ("static/built", "translations/cy/LC_MESSAGES/messages.mo")
# In so many at a time the clock is looked at; each time costs one run of their tests as they are.
AT_ONCE = 60
SURVIVED = 0
# Of no test at all reaching it; of never having been tried.
UNREACHED, UNTRIED = (5, 33), None
Z = 1.959964


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """The tree as git and the build have it, in a place of its own."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        )
        for name in listed.stdout.decode().split("\0")[:-1]:
            if (ROOT / name).is_file():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, Path(folder) / name)
        for name in BUILT:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, Path(folder) / name)
        yield Path(folder)


def mutmut(folder: Path, *words: str) -> str:
    """What it says; it ends well whether or not all were noticed."""
    done = subprocess.run(
        [MUTMUT, *words], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def results(folder: Path) -> dict[str, int | None]:
    """The exit code of the tests for each change, None where it was not tried."""
    codes: dict[str, int | None] = {}
    for meta in sorted((folder / "mutants").rglob("*.meta")):
        codes |= json.loads(meta.read_text())["exit_code_by_key"]
    return codes


def interval(held: int, tried: int) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 %."""
    share, square = held / tried, Z * Z / tried
    middle = (share + square / 2) / (1 + square)
    reach = Z * (share * (1 - share) / tried + square / (4 * tried)) ** 0.5 / (1 + square)
    return middle - reach, middle + reach


def sample(names: Sequence[str], seed: int, patterns: Sequence[str]) -> list[str]:
    """All of them in an order that the seed gives."""
    wanted = [
        name for name in sorted(names)
        if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    ]  # fmt: skip
    return random.Random(seed).sample(wanted, len(wanted))


def tell(folder: Path, order: Sequence[str], seed: int, seconds: float) -> None:
    """The share, its interval, and what was not noticed."""
    codes = results(folder)
    tried = [name for name in order if codes[name] is not UNTRIED]
    missed = [name for name in tried if codes[name] in (SURVIVED, *UNREACHED)]
    held = len(tried) - len(missed)
    for name in missed:
        lines = mutmut(folder, "show", name).splitlines()
        print(f"\n{name}" + (" (no test reaches it)" if codes[name] in UNREACHED else ""))
        print("\n".join(one for one in lines if one[:2] in ("- ", "+ ")))
    low, high = interval(held, len(tried))
    print(
        f"\n{held} of {len(tried)} changes were noticed: {held / len(tried):.1%}"
        f" (95 %: {low:.1%} to {high:.1%}); {len(codes):,} in all, seed {seed}, {seconds:.0f} s"
    )


def main(minutes: float, seed: int, patterns: Sequence[str]) -> None:
    begun = time.monotonic()
    with copied() as folder:
        # The first makes all of them, and learns which test reaches which function.
        mutmut(folder, "run", "sync.frames.x_join__mutmut_1")
        order = sample(list(results(folder)), seed, patterns)
        for at in range(0, len(order), AT_ONCE):
            mutmut(folder, "run", *order[at : at + AT_ONCE])
            if time.monotonic() - begun > 60 * minutes:
                break
        tell(folder, order, seed, time.monotonic() - begun)


if __name__ == "__main__":
    minutes, seed, *patterns = [*sys.argv[1:], *("20", "20261126")[len(sys.argv) - 1 :]]
    main(float(minutes), int(seed), patterns)
