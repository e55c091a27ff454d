"""The list of erased entries, kept beside the backups: a restored ledger must forget them again.

One line for each entry: its id and when it was erased, in ms since 1970. It names no one.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from logger.errors import LoggerError

NAME = "erased.txt"


class UnreadableErasedList(LoggerError):
    """A line of the list is none."""

    code = "retention.unreadable_list"
    status = 500
    public_message = "The list of erased entries cannot be read."


def add(folder: Path, entry: UUID, at: int) -> None:
    """Write one entry down, on the disk when this returns."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(f"{entry} {at}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[UUID]:
    """The entries of the list, each once; empty where there is no such file."""
    if not path.exists():
        return []
    found: dict[UUID, None] = {}
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        try:
            entry, _at = line.split()
            found[UUID(entry)] = None
        except ValueError as error:
            raise UnreadableErasedList(f"{path}, line {number}.") from error
    return list(found)
