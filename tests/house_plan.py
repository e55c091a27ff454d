"""Where the project's own files are, for the tests that keep the house."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: known to git, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = (ROOT / line for line in listed.stdout.splitlines())
    return tuple(sorted(file for file in files if file.is_file()))


def sources(*rooms: str, ending: str = ".py") -> list[Path]:
    """The files of these top folders with that ending."""
    return [
        file
        for file in tracked()
        if file.suffix == ending and file.relative_to(ROOT).parts[0] in rooms
    ]


def name_of(file: Path) -> str:
    """How a failing test names a file."""
    return str(file.relative_to(ROOT))


@cache
def tree(file: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> set[str]:
    """The modules a file imports, with `from a import b` as both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
