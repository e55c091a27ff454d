"""Folds rows of the ledger into an index file; following and rebuilding both go through here.

Promises: the same rows give the same file, whenever and in whatever portions they are folded;
what cannot be opened is set aside with its reason and holds nobody up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlite_utils import Database

from logger.journal.admitted import admitted_ids, as_admitted
from logger.journal.read import Opened, Shapes, open_row
from logger.keys.keyring import Keyring
from logger.keys.sealing import CannotBeOpened
from sync.event import ERASURE
from sync.store import Lane, Row

REVOKED = "revoked-phone"
ERASED = "erased"

_TABLES = """
CREATE TABLE followed (
    one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL,
    digest BLOB NOT NULL, layout BLOB NOT NULL
);
CREATE TABLE set_aside (
    position INTEGER PRIMARY KEY, id BLOB NOT NULL, entry TEXT NOT NULL, kind INTEGER NOT NULL,
    device BLOB NOT NULL, lane INTEGER NOT NULL, why TEXT NOT NULL, received_at INTEGER NOT NULL
);
"""
_SET_ASIDE = "INSERT INTO set_aside VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_NO_LONGER_ASIDE = "DELETE FROM set_aside WHERE id = ?"
_MOVE = "UPDATE followed SET position = ?, digest = ?"
# The index of no layout is made anew when it is next followed.
_OUTDATE = "UPDATE followed SET layout = x''"
_BEGIN = "INSERT INTO followed VALUES (1, 0, ?, ?)"
_WHERE = "SELECT position, digest, layout FROM followed"
_LAYOUT = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"


class Projection(Protocol):
    """What one room keeps in the index."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one opened row in; kinds of other rooms are passed over. What a projection
        writes depends on the row and on the tables alone: no clock, no random."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far an index file has come, and what it was laid out as."""

    position: int
    digest: bytes
    layout: bytes


@dataclass(frozen=True, slots=True)
class Folded:
    """What became of one row: opened, or set aside with a reason."""

    row: Row
    why: str


class Folding:
    """The rules by which rows become an index."""

    def __init__(
        self,
        keyring: Keyring,
        projections: Sequence[Projection],
        shapes: Shapes,
        find: Callable[[bytes], Row | None] = lambda _id: None,
    ):
        self._keyring, self._projections, self._shapes = keyring, tuple(projections), shapes
        # Asked for what an earlier row set aside and a later one admits.
        self._find = find
        self._layout: bytes | None = None

    def lay_out(self, db: Database) -> None:
        """Make every table in an empty index, at position 0."""
        db.conn.execute("BEGIN IMMEDIATE")
        self._make_tables(db)
        db.conn.execute(_BEGIN, (bytes(32), _layout_of(db)))
        db.conn.commit()

    def followed(self, db: Database) -> Followed | None:
        """How far this file has come; None when it is not an index of these projections."""
        if "followed" not in db.table_names():
            return None
        found = db.conn.execute(_WHERE).fetchone()
        followed = None if found is None else Followed(*found)
        return followed if followed and followed.layout == self._expected_layout() else None

    def fold(self, db: Database, rows: Sequence[Row], erased_before: int = 0) -> list[Folded]:
        """Fold rows that stand directly behind what was folded before; the caller holds the
        transaction.

        An erasure behind `erased_before` outdates the index: sums and tokens that were made of
        words which are gone must go with them, and only a new index surely has none.
        """
        folded = [self._fold_one(db, row) for row in rows]
        if rows:
            db.conn.execute(_MOVE, (rows[-1].position, rows[-1].digest))
        if any(row.header.kind == ERASURE and row.position > erased_before for row in rows):
            db.conn.execute(_OUTDATE)
        return folded

    def _fold_one(self, db: Database, row: Row) -> Folded:
        why = self._apply(db, row)
        if why not in ("", ERASED):
            header = row.header
            values = (
                row.position, row.id, str(header.entry), header.kind, header.device, int(row.lane),
                why, row.received_at,
            )  # fmt: skip
            db.conn.execute(_SET_ASIDE, values)
        return Folded(row, why)

    def _apply(self, db: Database, row: Row) -> str:
        if row.lane is not Lane.RECORD:
            return REVOKED
        why = self._open_into(db, row)
        return why if isinstance(why, str) else self._after(db, row, why)

    def _open_into(self, db: Database, row: Row) -> str | Opened:
        try:
            opened = open_row(row, self._keyring, self._shapes)
        except CannotBeOpened as error:
            return error.why
        for projection in self._projections:
            projection.apply(db, opened)
        return opened

    def _after(self, db: Database, row: Row, opened: Opened) -> str:
        """Where an event admits another one, that one is folded now."""
        for event in admitted_ids([opened.content]):
            found = self._find(event)
            if found is None or found.header.entry != row.header.entry:
                continue
            if isinstance(self._open_into(db, as_admitted(found)), Opened):
                db.conn.execute(_NO_LONGER_ASIDE, (event,))
        return ""

    def _make_tables(self, db: Database) -> None:
        for statement in _TABLES.split(";"):
            db.conn.execute(statement)
        for projection in self._projections:
            projection.tables(db)

    def _expected_layout(self) -> bytes:
        if self._layout is None:
            db = Database(memory=True, execute_plugins=False)
            self._make_tables(db)
            self._layout = _layout_of(db)
            db.close()
        return self._layout


def _layout_of(db: Database) -> bytes:
    # A release that lays its tables out differently must not read an older index as its own.
    statements = [sql for (sql,) in db.conn.execute(_LAYOUT).fetchall()]
    return hashlib.sha256("\n".join(statements).encode()).digest()
