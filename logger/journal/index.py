"""The index file: what pages list, made from the ledger, thrown away when in doubt.

Promises: a reader never waits for the network and never sees half a batch; the file holds codes,
times and keyed hashes, never a narrative and never the name of a person in an entry.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

_BUSY_SECONDS = 10.0


class Index:
    """Connections to one index file: one per reading thread, renewed when the file was replaced."""

    def __init__(self, path: Path):
        self.path = path
        self._local = threading.local()
        self._generation = 0

    def read(self) -> Database:
        """This thread's connection for reading; writing through it fails."""
        if getattr(self._local, "generation", None) != self._generation:
            self.let_go()
            self._local.db = connect(self.path)
            self._local.db.execute("PRAGMA query_only = ON")
            self._local.generation = self._generation
        db: Database = self._local.db
        return db

    def replaced(self) -> None:
        """The file is another one now; every thread opens it anew when it next reads."""
        self._generation += 1

    def let_go(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "db", None) is not None:
            self._local.db.close()
            self._local.db, self._local.generation = None, None


def connect(path: Path) -> Database:
    """A connection to a file of the record door, hardened, plugins off."""
    conn = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    # Half-written pages cost more than a lock: DELETE is safe with every SQLite, WAL is not.
    conn.execute("PRAGMA journal_mode = DELETE")
    conn.execute("PRAGMA trusted_schema = OFF")
    conn.execute("PRAGMA secure_delete = ON")
    conn.execute("PRAGMA foreign_keys = ON")
    return Database(conn, execute_plugins=False)


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """One transaction that holds the file from its start, so that it never dies half-way."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()
