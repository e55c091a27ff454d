"""Whether the tests notice when the code is changed: python -m bench.mutants [MINUTES] [SEED]
[NAME …]

mutmut makes every small change that it knows of in the functions of `[tool.mutmut]`, in a copy of
what git has. A sample by the seed is tried, as many as go into MINUTES, one at a time, each with
the tests that reach its function: first those named for its module, then those of its room, then
the shortest, `TESTS_EACH` at most. The share that made a test fail is printed with its 95 %
interval (Wilson 1927), and each change that did not, with its difference. With NAMEs (shell
patterns) only those are tried.

No change is left out of the sample, not even of words that nobody reads. One whose tests did not
end within their limit counts as missed, and is told apart: a busy machine must not look like a good
test. Before each part of the sample its tests run on the code as it is, and all must hold, so that
a test that fails by itself ends the measurement.
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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
MUTMUT = Path(sys.executable).with_name("mutmut")
# Made by the build and by `make words`, not in git.
BUILT = ("static/built", "translations/cy/LC_MESSAGES/messages.mo")
# One at a time, so that changes do not make each other slow.
RUN = ("run", "--max-children", "1")
# In so many at a time the clock is looked at; each time costs one run of their tests as they are.
AT_ONCE = 100
# By number, not by time, so that a busy machine tries a change with the same tests.
TESTS_EACH = 120
# The exit codes of pytest: a test failed, or its file could not be read; all held; no test reaches
# it; never tried. Anything else is a test that was stopped, or did not run.
NOTICED, SURVIVED, UNREACHED, UNTRIED = (1, 2), 0, (5, 33), None
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


def room(name: str) -> str:
    """Where the tests of this function's room are: sync.frames.x_join → tests/sync/."""
    *rooms, _module, _function = name.split(".")
    return "/".join(["tests", *(one for one in rooms if one != "sqlite"), ""])


def bounded(function: str, tests: Sequence[str], seconds: Mapping[str, float]) -> list[str]:
    """The nearest and the shortest of the tests that reach it."""
    near, named = room(function), f"/test_{function.split('.')[-2]}.py::"

    def nearness(test: str) -> tuple[bool, bool, float, str]:
        return named not in test, not test.startswith(near), seconds[test], test

    return sorted(tests, key=nearness)[:TESTS_EACH]


def bound(folder: Path) -> None:
    """Write down for each function which of the tests that reach it are asked."""
    path = folder / "mutants" / "mutmut-stats.json"
    known = json.loads(path.read_text())
    reach, seconds = known["tests_by_mangled_function_name"], known["duration_by_test"]
    for function, tests in reach.items():
        reach[function] = bounded(function, tests, seconds)
    path.write_text(json.dumps(known))


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


def outcome(code: int | None) -> str:
    """An exit code in words."""
    if code in NOTICED:
        return "a test failed"
    if code in UNREACHED:
        return "no test reaches it"
    return "all tests held" if code == SURVIVED else "did not end, or was stopped"


def tell(folder: Path, order: Sequence[str], seed: int, seconds: float) -> None:
    """The share, its interval, and what was not noticed."""
    codes = results(folder)
    tried = [name for name in order if codes[name] is not UNTRIED]
    held = sum(codes[name] in NOTICED for name in tried)
    for name in tried:
        if codes[name] not in NOTICED:
            lines = mutmut(folder, "show", name).splitlines()
            print(f"\n{name}: {outcome(codes[name])}")
            print("\n".join(one for one in lines if one[:2] in ("- ", "+ ")))
    low, high = interval(held, len(tried))
    print(
        f"\n{held} of {len(tried)} changes made a test fail: {held / len(tried):.1%}"
        f" (95 %: {low:.1%} to {high:.1%}); {len(codes):,} in all, seed {seed}, {seconds:.0f} s"
    )
    counted = Counter(outcome(codes[name]) for name in tried)
    print(", ".join(f"{said}: {count}" for said, count in counted.most_common()))


def main(minutes: float, seed: int, patterns: Sequence[str]) -> None:
    begun = time.monotonic()
    with copied() as folder:
        # The first makes all of them, and learns which test reaches which function.
        mutmut(folder, *RUN, "sync.frames.x_join__mutmut_1")
        bound(folder)
        order = sample(list(results(folder)), seed, patterns)
        for at in range(0, len(order), AT_ONCE):
            mutmut(folder, *RUN, *order[at : at + AT_ONCE])
            if time.monotonic() - begun > 60 * minutes:
                break
        tell(folder, order, seed, time.monotonic() - begun)


if __name__ == "__main__":
    minutes, seed, *patterns = [*sys.argv[1:], *("20", "20261126")[len(sys.argv) - 1 :]]
    main(float(minutes), int(seed), patterns)
