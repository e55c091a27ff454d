"""The file under the store: made once, opened only with settings that survive a power cut.

Measured with simulated power cuts: `WAL + synchronous=NORMAL` lost every acknowledged commit,
`WAL + FULL` and `DELETE + EXTRA` none. WAL before SQLite 3.51.3 can corrupt a file when the log
is reset, so there the journal is deleted instead.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from sync.errors import BrokenChain, LedgerBusy, LedgerFull, WeakStore
from sync.sqlite import statements

WAL_IS_SAFE_FROM = (3, 51, 3)
WAIT_SECONDS = 5.0
# What `PRAGMA synchronous` answers, by the journal mode it has to go with.
_FULL, _EXTRA = 2, 3
_SYNCHRONOUS = {"wal": _FULL, "delete": _EXTRA}


def make_file(path: Path, epoch: bytes) -> None:
    """A new, empty store, readable by its owner alone; FileExistsError when there is one."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        db = _connect(path)
        mode = "wal" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "delete"
        # Set here and never again: changing it at run time, beside other connections, is what
        # made single requests fail with "database is locked".
        db.execute(f"PRAGMA journal_mode = {mode}").fetchall()
        db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[mode]}")
        with db.atomic():
            db.execute(f"PRAGMA application_id = {statements.APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {statements.SCHEMA_VERSION}")
            for statement in (*statements.SCHEMA, *statements.ADDED.values()):
                db.execute(statement)
            db.execute(statements.BEGIN_EPOCH, (epoch, 1))
        db.close()
        _sync_folder(path.parent)
    except BaseException:
        path.unlink()  # half a store must not be taken for one
        raise


class Ground:
    """Connections to one store file, for many threads of one process."""

    def __init__(self, path: Path):
        self._path = path
        self._lock = threading.RLock()
        self._writing_thread: int | None = None
        self._idle: list[Database] = []
        self._all: list[Database] = []
        with _translated():
            self._write = self.connection()
        self._add_tables()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One durable transaction; inside another of this thread, a part of it."""
        with self._turn(), _translated():
            if self._writing_thread is None:
                with self._outermost():
                    yield self._write
                return
            if not self._write.conn.in_transaction:
                raise LedgerBusy  # SQLite gave the whole transaction up, as it may when full
            with self._write.atomic():
                yield self._write

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A connection to read from; inside a transaction of this thread, that transaction."""
        if self._writing_thread == threading.get_ident():
            yield self._write
            return
        try:
            db = self._idle.pop()
        except IndexError:
            db = self.connection()
        try:
            with _translated():
                yield db
        finally:
            self._idle.append(db)

    def connection(self) -> Database:
        """One more connection, tested, closed with the others."""
        with _translated():
            db = _connect(self._path)
            _refuse_weaker(db)
        self._all.append(db)
        return db

    def data_version(self, db: Database) -> int:
        """A number that is another one after any other connection has committed."""
        with _translated():
            return int(_pragma(db, "data_version"))

    def copy_to(self, path: Path) -> None:
        """A consistent copy in a new file, readable by its owner alone, and on the disk."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with self.reading() as db, contextlib.closing(sqlite3.connect(path)) as copy:
            # In one step: between steps a busy door would make it begin again and again.
            db.conn.backup(copy)
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def begin_epoch(self, epoch: bytes, at: int) -> None:
        """Whatever is kept from here on is of this epoch."""
        with self.writing() as db:
            (last,) = db.execute(statements.LAST_EPOCH_SINCE).fetchone()
            db.execute(statements.BEGIN_EPOCH, (epoch, max(at, last + 1)))

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            self._idle.clear()
            while self._all:
                self._all.pop().close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise LedgerBusy
        try:
            yield
        finally:
            self._lock.release()

    def _add_tables(self) -> None:
        """A file of an earlier release gets the tables that it lacks."""
        with self.reading() as db:
            there = {name for (name,) in db.execute(statements.TABLES).fetchall()}
        lacking = [make for name, make in statements.ADDED.items() if name not in there]
        if lacking:
            with self.writing() as db:
                for make in lacking:
                    db.execute(make)

    @contextmanager
    def _outermost(self) -> Iterator[None]:
        # Not `atomic()`, which begins deferred: a transaction that reads first and then wants to
        # write fails at once, without waiting, when another process wrote in between.
        self._write.conn.execute("BEGIN IMMEDIATE")
        self._writing_thread = threading.get_ident()
        try:
            yield
            self._write.conn.execute("COMMIT")
        except BaseException:
            self._write.rollback()
            raise
        finally:
            self._writing_thread = None


def _connect(path: Path) -> Database:
    # By URI, because a plain path would quietly make an empty file where there is none.
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=WAIT_SECONDS,
        check_same_thread=False,
    )
    db = Database(conn, execute_plugins=False)
    for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "secure_delete = ON"):
        db.execute(f"PRAGMA {pragma}").fetchall()
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone does not reach the disk
    mode = _pragma(db, "journal_mode")
    if mode in _SYNCHRONOUS:
        db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[mode]}")
    return db


def _refuse_weaker(db: Database) -> None:
    """The start-up self-test: asks SQLite what holds, whatever was asked of it."""
    mode = _pragma(db, "journal_mode")
    if _pragma(db, "application_id") != statements.APPLICATION_ID:
        raise WeakStore("this file is not a ledger of Sharelog")
    if _pragma(db, "user_version") != statements.SCHEMA_VERSION:
        raise WeakStore("this ledger is of another version")
    if mode not in _SYNCHRONOUS:
        raise WeakStore(f"journal_mode={mode} does not survive a power cut")
    if mode == "wal" and sqlite3.sqlite_version_info < WAL_IS_SAFE_FROM:
        raise WeakStore(f"WAL is not safe with SQLite {sqlite3.sqlite_version}")
    wanted = {
        "synchronous": _SYNCHRONOUS[mode],
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
    }
    for name, value in wanted.items():
        if _pragma(db, name) != value:
            raise WeakStore(f"{name} should be {value}, and is {_pragma(db, name)}")


def _pragma(db: Database, name: str) -> int | str:
    (value,) = db.execute(f"PRAGMA {name}").fetchone()
    return value  # type: ignore[no-any-return]  # sqlite3 rows are untyped


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        # Damage that SQLite quotes in what it says of it.
        raise BrokenChain(0, "the database file is damaged") from error
    except sqlite3.DatabaseError as error:
        # The low byte is the primary code; the rest says which kind of busy or full.
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LedgerBusy from error
        if code == sqlite3.SQLITE_FULL:
            raise LedgerFull from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise BrokenChain(0, "the database file is damaged") from error
        raise


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
