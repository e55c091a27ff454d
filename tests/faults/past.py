"""Releases that are past, out of the project's own history, built and served by their own code."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.running import ROOT

_WORDS = Path("translations") / "cy" / "LC_MESSAGES"
_WHOSE = "import logger, sync; print(logger.__file__, sync.__file__)"


@dataclass(frozen=True)
class Past:
    """One commit that people could have had on their phones, and what was new in it."""

    commit: str
    had: str


# From the oldest to the newest. Their packages are those of `package-lock.json` and
# `requirements.lock` today, or fewer.
PAST = (
    Past("6f4710cc49a4ff1dc33239a60b8ee2d6d7229854", "the first shell: logs, seals, sends"),
    Past("456d20e57746f42f735225adc5bd27916469a82f", "two languages, drafts, reading back, fixing"),
    Past("5437fde3d316e404408c53e53db850314af3c91c", "practice, all that is asked, a new epoch"),
    Past("35cf6509bb1e646cdcd978227399e6ef7508adea", "goes on after a failed write"),
    Past("672da5bbd5f86c7140fb5f334c66deeacdc77887", "several people on one phone"),
    Past("f58e2bdb785d050ff1ea099a37b2bddd56049fe4", "the last without a second copy"),
)


def need_history() -> None:
    """Skips the test where this checkout has not all of these commits."""
    for one in PAST:
        asked = _git("cat-file", "-e", f"{one.commit}^{{commit}}")
        if asked.returncode != 0:
            said = asked.stderr.decode(errors="replace").strip()
            pytest.skip(f"{one.commit[:10]} is not in the history of this checkout: {said}")


def check_out(one: Past, to: Path) -> Path:
    """Its tree in that folder, built."""
    asked = _git("archive", "--format=tar", one.commit)
    assert asked.returncode == 0, asked.stderr
    with tarfile.open(fileobj=io.BytesIO(asked.stdout)) as packed:
        packed.extractall(to, filter="data")
    # The desk's style is half of the work of a build, and no phone loads it.
    (to / "static/css/record.scss").unlink()
    (to / "node_modules").symlink_to(ROOT / "node_modules")
    node = shutil.which("node") or str(ROOT / ".venv/bin/node")
    subprocess.run([node, "static/build.js"], cwd=to, check=True, capture_output=True)
    if (to / _WORDS).is_dir():
        with (to / _WORDS / "messages.po").open("rb") as source:
            catalogue = read_po(source, locale="cy")
        with (to / _WORDS / "messages.mo").open("wb") as target:
            write_mo(target, catalogue)
    _check_whose(to)
    return to


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)


def _check_whose(tree: Path) -> None:
    """The package is installed from today's tree: a process started here must not find that one."""
    said = subprocess.run(
        [sys.executable, "-c", _WHOSE],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, check=True, capture_output=True,
    )  # fmt: skip
    found = said.stdout.decode().split()
    assert found == [str(tree / name / "__init__.py") for name in ("logger", "sync")], found
