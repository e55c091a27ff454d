"""Contents of the events that say who looked at what (kind 19), and what the index keeps of them.

A look is an event of its own: its `entry` is a fresh id, so that looking disturbs nobody who is
deciding. One look may cover a page of entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from sqlite_utils import Database

from logger.journal.index import Index
from logger.journal.read import Opened
from sync.event import LOOK

_TABLES = (
    "CREATE TABLE looks (position INTEGER NOT NULL, entry TEXT NOT NULL, person TEXT NOT NULL,"
    " page TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (position, entry))",
    "CREATE INDEX looks_of_entry ON looks (entry, position)",
)
_ADD = "INSERT OR IGNORE INTO looks VALUES (?, ?, ?, ?, ?)"
_OF_ENTRY = "SELECT person, page, at FROM looks WHERE entry = ? ORDER BY position"


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A person is about to be shown these entries on this page."""

    person: UUID
    entries: list[UUID]
    page: Annotated[str, msgspec.Meta(max_length=64)]
    v: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one entry."""

    person: UUID
    page: str
    at: int


class LooksIndex:
    """Keeps looks by entry."""

    def tables(self, db: Database) -> None:
        """Make the table of looks."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one look in."""
        content, row = opened.content, opened.row
        if row.header.kind != LOOK or not isinstance(content, Looked):
            return
        for entry in content.entries:
            values = (row.position, str(entry), str(content.person), content.page, row.header.at)
            db.conn.execute(_ADD, values)


class Looks:
    """The trail as pages show it."""

    def __init__(self, index: Index):
        self._index = index

    def of_entry(self, entry: UUID) -> list[Look]:
        """Who looked at an entry, first look first."""
        rows = self._index.read().conn.execute(_OF_ENTRY, (str(entry),)).fetchall()
        return [Look(UUID(person), page, at) for person, page, at in rows]
