"""A disk below SQLite that can lose what was not synced, fail, or be full.

An apsw VFS hands every call to the real one and keeps, for each file, what was on the disk at its
last sync and what was written since. `cut` is the power going: of the writes since, some reached
the disk and some did not, in whole sectors, whatever their order was.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
Write = tuple[int, bytes]


@dataclass
class File:
    """What the disk surely has of one file, and what it was told since."""

    synced: bytes | None
    writes: list[Write | int] = field(default_factory=list)  # an int is a new length


@dataclass
class Disk:
    """Decides at every call of SQLite whether it goes well."""

    files: dict[str, File] = field(default_factory=dict)
    removed: dict[str, File] = field(default_factory=dict)
    calls: int = 0
    fails: Callable[[int, str], type[Exception] | None] = lambda _n, _what: None
    # Called once before the first failure: the files as a process that is killed leaves them.
    before_failure: Callable[[], object] = lambda: None

    def goes(self, what: str) -> None:
        """Count one call; raise what this disk does to it."""
        self.calls += 1
        wrong = self.fails(self.calls, what)
        if wrong is not None:
            look, self.before_failure = self.before_failure, lambda: None
            look()
            raise wrong

    def cut(self, chance: random.Random) -> None:
        """Leave on the real disk what a power cut would: call it once SQLite is gone."""
        for name, file in self.removed.items():
            # A removal that was not synced may or may not have happened.
            if name not in self.files and chance.random() < 0.5:
                self.files[name] = file
        for name, file in self.files.items():
            content = _after(file, chance)
            if content is None:
                Path(name).unlink(missing_ok=True)
            else:
                Path(name).write_bytes(content)


def _after(file: File, chance: random.Random) -> bytes | None:
    if file.synced is None and chance.random() < 0.5:
        return None
    content = bytearray(file.synced or b"")
    for write in file.writes:
        if isinstance(write, int):
            if chance.random() < 0.5:
                content = content[:write].ljust(write, b"\0")
            continue
        offset, data = write
        for start in range(0, len(data), SECTOR):
            if chance.random() < 0.5:
                piece, at = data[start : start + SECTOR], offset + start
                content = content.ljust(at + len(piece), b"\0")
                content[at : at + len(piece)] = piece
    return bytes(content)


class FaultyVfs(apsw.VFS):  # type: ignore[misc]  # apsw's classes are C
    """The way to this disk; connections name it."""

    def __init__(self, disk: Disk, name: str):
        self._disk = disk
        super().__init__(name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> FaultyFile:  # noqa: N802  SQLite's word
        """Open through the disk."""
        path = name if isinstance(name, str) or name is None else name.filename()
        self._disk.goes("open")
        if path and path not in self._disk.files:
            there = Path(path).exists()
            self._disk.files[path] = File(Path(path).read_bytes() if there else None)
        return FaultyFile(self._disk, path, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802  SQLite's call
        """Remove, for good where the folder is synced."""
        self._disk.goes("delete")
        super().xDelete(filename, syncdir)
        file = self._disk.files.pop(filename, None)
        if file is not None and not syncdir:
            self._disk.removed[filename] = file
        elif syncdir:
            self._disk.removed.pop(filename, None)


class FaultyFile(apsw.VFSFile):  # type: ignore[misc]  # apsw's classes are C
    """One open file on the disk."""

    def __init__(self, disk: Disk, path: str | None, name: Any, flags: list[int]):
        self._disk, self._path = disk, path
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Write; surely on the disk only after the next sync."""
        # On a full disk what stands there can still be overwritten.
        self._disk.goes("grow" if offset + len(data) > self.xFileSize() else "write")
        super().xWrite(data, offset)
        if self._path in self._disk.files:
            self._disk.files[self._path].writes.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Shorten."""
        self._disk.goes("truncate")
        super().xTruncate(newsize)
        if self._path in self._disk.files:
            self._disk.files[self._path].writes.append(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """From here on the disk has it."""
        self._disk.goes("sync")
        super().xSync(flags)
        if self._path in self._disk.files:
            content = Path(self._path).read_bytes() if self._path else b""
            self._disk.files[self._path] = File(content)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Read."""
        self._disk.goes("read")
        return bytes(super().xRead(amount, offset))


def name_of(disk: Disk) -> str:
    """A name that no other VFS of this process has."""
    return f"faulty-{os.getpid()}-{id(disk)}"
