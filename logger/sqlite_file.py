"""How the record door opens the SQLite files that are its own: the index and the desk."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

_BUSY_SECONDS = 10.0
_PRIVATE = 0o600


class Connections:
    """One connection per thread to one file, opened anew when the file was replaced."""

    def __init__(self, path: Path, *, reading_only: bool = False):
        self._path, self._reading_only = path, reading_only
        self._local = threading.local()
        self._generation = 0

    def here(self) -> Database:
        """This thread's connection. Read results to their end: a half-read query keeps others
        from writing."""
        if getattr(self._local, "generation", None) != self._generation:
            self.let_go()
            self._local.db = connect(self._path)
            self._local.db.conn.execute(f"PRAGMA query_only = {int(self._reading_only)}")
            self._local.generation = self._generation
        db: Database = self._local.db
        return db

    def renew(self) -> None:
        """The file is another one now; every thread opens it anew when it next asks."""
        self._generation += 1

    def let_go(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "db", None) is not None:
            self._local.db.close()
            self._local.db, self._local.generation = None, None


def connect(path: Path) -> Database:
    """A connection, hardened, plugins off; a new file is readable by its owner alone."""
    path.touch(mode=_PRIVATE, exist_ok=True)
    # A transaction begins where `writing` says so, never by itself before a statement.
    conn = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    # Rollback journal with EXTRA: durable with every SQLite, where WAL is not before 3.51.3.
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "trusted_schema = OFF",
                   "secure_delete = ON", "foreign_keys = ON"):  # fmt: skip
        conn.execute(f"PRAGMA {pragma}").fetchall()
    return Database(conn, execute_plugins=False)


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """One transaction that holds the file from its start, so that it cannot fail half-way in
    for a lock that somebody else took in between."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


def copy_file(path: Path, to: Path) -> None:
    """A whole and consistent copy in a new file, while others go on writing."""
    to.touch(mode=_PRIVATE, exist_ok=False)
    with (
        contextlib.closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as source,
        contextlib.closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)
