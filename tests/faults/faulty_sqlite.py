"""The standard library's `sqlite3` as our store uses it, over an SQLite whose disk is `Disk`.

Statements, transactions and error codes are SQLite's own; only the few names that the store asks
for are here. The library under it is newer than most machines' own, so it is told to be as old as
those: then it uses the journal mode that they do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import apsw
import pytest

from sync.sqlite import ground
from tests.faults.disk import Disk, FaultyVfs, name_of

OF_DEBIAN_12 = (3, 40, 1)
_CODES = {apsw.FullError: sqlite3.SQLITE_FULL, apsw.IOError: sqlite3.SQLITE_IOERR}


class Cursor:
    """All rows of one statement, fetched at once."""

    def __init__(self, rows: list[tuple[Any, ...]], *, gives_rows: bool, changed: int):
        self._rows, self.rowcount = rows, changed
        self.description = (("",),) if gives_rows else None

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None."""
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rest."""
        rest, self._rows = self._rows, []
        return rest


class Connection:
    """One connection through the faulty disk."""

    def __init__(self, path: str, vfs: str, timeout: float):
        with _translating():
            self._conn = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
        self._conn.set_busy_timeout(int(timeout * 1000))

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        """Run one statement to its end."""
        with _translating():
            before = self._conn.total_changes()
            cursor = self._conn.execute(sql, parameters)
            rows = [tuple(row) for row in cursor]
            changed = self._conn.total_changes() - before
        first = sql.split(None, 1)[0].upper()
        return Cursor(rows, gives_rows=first in {"SELECT", "WITH", "PRAGMA"}, changed=changed)

    def executemany(self, sql: str, each: Iterable[Any]) -> None:
        """Run one statement for each of these."""
        with _translating():
            self._conn.executemany(sql, each)

    @property
    def in_transaction(self) -> bool:
        """Whether one is open."""
        return bool(self._conn.in_transaction)

    def commit(self) -> None:
        """COMMIT, where there is something to commit."""
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """ROLLBACK, where there is something to roll back."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        """Let go."""
        with _translating():
            self._conn.close()


class _translating:  # noqa: N801  reads as a verb
    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> None:
        if isinstance(error, apsw.Error):
            # What the disk itself raised comes through as it is, without a code.
            code = getattr(error, "extendedresult", _CODES.get(type(error), sqlite3.SQLITE_ERROR))
            same = sqlite3.OperationalError(str(error))
            same.sqlite_errorcode = code
            raise same from error


def module_over(disk: Disk) -> tuple[SimpleNamespace, FaultyVfs]:
    """What stands for the name `sqlite3` in sync/sqlite/ground.py; keep the VFS as long as it."""
    vfs = FaultyVfs(disk, name_of(disk))

    def connect(address: str, *, timeout: float = 5.0, **_options: Any) -> Connection:
        return Connection(unquote(urlsplit(address).path), name_of(disk), timeout)

    module = SimpleNamespace(**vars(sqlite3))
    module.connect, module.sqlite_version_info = connect, OF_DEBIAN_12
    return module, vfs


@contextmanager
def over(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store's SQLite stands on this disk."""
    module, vfs = module_over(disk)
    with monkeypatch.context() as patched:
        patched.setattr(ground, "sqlite3", module)
        yield
    vfs.unregister()
