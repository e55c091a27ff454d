"""The recipients as they stand: what the instance's file says, and what was changed on the pages.

Promises: what was changed on the pages holds, recipient by recipient, whatever the file says
afterwards; a retired recipient keeps its name; half a change is no change; the value that rooms
work with is exchanged whole, never edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from sqlite_utils import Database

from logger.directory.happened import DirectoryHappened, Recipient
from logger.directory.recipients import Directory
from logger.journal.index import Index
from logger.journal.read import Opened
from logger.people.permissions import keeps_directory
from logger.people.person import Person
from logger.shell.words import N_
from logger.ways import Way

_TABLES = (
    "CREATE TABLE directory_recipients (code TEXT PRIMARY KEY, since INTEGER NOT NULL,"
    " position INTEGER NOT NULL, needs_agreement INTEGER NOT NULL, content BLOB NOT NULL)"
    " WITHOUT ROWID",
    "CREATE TABLE directory_history (code TEXT NOT NULL, position INTEGER NOT NULL,"
    " what TEXT NOT NULL, person TEXT, at INTEGER NOT NULL, PRIMARY KEY (code, position))"
    " WITHOUT ROWID",
    # Parts of a change that is not whole yet.
    "CREATE TABLE directory_parts (change BLOB NOT NULL, part INTEGER NOT NULL,"
    " content BLOB NOT NULL, PRIMARY KEY (change, part)) WITHOUT ROWID",
    "CREATE TABLE directory_revision (one INTEGER PRIMARY KEY CHECK (one = 1),"
    " position INTEGER NOT NULL)",
    "INSERT INTO directory_revision VALUES (1, 0)",
)
_ADD_PART = "INSERT OR REPLACE INTO directory_parts VALUES (?, ?, ?)"
_PARTS = "SELECT content FROM directory_parts WHERE change = ? ORDER BY part"
_DROP_PARTS = "DELETE FROM directory_parts WHERE change = ?"
_KEEP = """
INSERT INTO directory_recipients VALUES (?, ?, ?, ?, ?)
ON CONFLICT (code) DO UPDATE SET position = excluded.position,
    needs_agreement = excluded.needs_agreement, content = excluded.content
"""
_REMEMBER = "INSERT OR REPLACE INTO directory_history VALUES (?, ?, ?, ?, ?)"
_REVISE = "UPDATE directory_revision SET position = ?"
_REVISION = "SELECT position FROM directory_revision"
_ALL = "SELECT content FROM directory_recipients ORDER BY since, code"
_POSITION = "SELECT position FROM directory_recipients WHERE code = ?"
_HISTORY = "SELECT what, person, at FROM directory_history WHERE code = ? ORDER BY position DESC"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a recipient's history; `person` is None where the command did it."""

    what: str
    person: UUID | None
    at: int


class DirectoryIndex:
    """Keeps in the index what was changed about recipients."""

    def tables(self, db: Database) -> None:
        """Make the tables of the directory."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one change in, when it is whole."""
        content, row = opened.content, opened.row
        if not isinstance(content, DirectoryHappened) or not content.recipients:
            return
        change = row.header.entry.bytes
        db.conn.execute(_ADD_PART, (change, content.part, msgspec.json.encode(content.recipients)))
        parts = db.conn.execute(_PARTS, (change,)).fetchall()
        if len(parts) < content.parts:
            return
        db.conn.execute(_DROP_PARTS, (change,))
        by = str(content.by) if content.by else None
        for (part,) in parts:
            for one in msgspec.json.decode(part, type=list[Recipient]):
                content_of = msgspec.json.encode(one)
                place = (one.code, row.position, row.position, one.needs_agreement)
                db.conn.execute(_KEEP, (*place, content_of))
                # The same recipient twice in one change is one line of its history.
                db.conn.execute(
                    _REMEMBER,
                    (one.code, row.position, content.recipient, by, row.received_at),
                )
        db.conn.execute(_REVISE, (row.position,))


class Recipients:
    """Reads the recipients: those of the file, as changed, and those added."""

    def __init__(self, index: Index, seed: Directory):
        self._index, self._seed = index, seed

    @property
    def revision(self) -> int:
        """Rises with every change."""
        return int(self._index.read().conn.execute(_REVISION).fetchone()[0])

    def everyone(self) -> list[Recipient]:
        """All of them in the order phones have them, retired ones too."""
        return together(self._seed, self._kept())

    def find(self, code: str) -> Recipient | None:
        """The recipient of this code, retired or not."""
        return next((one for one in self.everyone() if one.code == code), None)

    def version(self, code: str) -> int:
        """What a form was made from; 0 for what stands in the file alone."""
        found = self._index.read().conn.execute(_POSITION, (code,)).fetchone()
        return int(found[0]) if found else 0

    def history(self, code: str) -> list[Change]:
        """What was changed, newest first."""
        rows = self._index.read().conn.execute(_HISTORY, (code,)).fetchall()
        return [Change(what, UUID(person) if person else None, at) for what, person, at in rows]

    def now(self) -> Directory:
        """The directory that rooms and phones work with."""
        return as_directory(self._seed, self.everyone())

    def _kept(self) -> dict[str, Recipient]:
        rows = self._index.read().conn.execute(_ALL).fetchall()
        kept = [msgspec.json.decode(content, type=Recipient) for (content,) in rows]
        return {one.code: one for one in kept}


def together(seed: Directory, kept: Mapping[str, Recipient]) -> list[Recipient]:
    """The file's recipients, each as it was changed, then those that were added. Pure."""
    first = [
        kept.get(one.code)
        or Recipient(
            code=one.code,
            label=one.label,
            kind=one.kind,
            number=one.number,
            hours=one.note,
            favourite=one.code in seed.favourites,
        )
        for one in seed.recipients
    ]
    known = {one.code for one in first}
    return first + [one for code, one in kept.items() if code not in known]


def as_directory(seed: Directory, everyone: list[Recipient]) -> Directory:
    """The value of the directory: what is offered, and the names of all that ever was. Pure."""
    offered = {one.code: one for one in everyone if not one.retired}
    # The file's order of favourites first: it is the order in which phones offer them.
    wanted = [*seed.favourites, *(code for code in offered if code not in seed.favourites)]
    return replace(
        seed,
        recipients=tuple(one.listed for one in offered.values()),
        favourites=tuple(code for code in wanted if code in offered and offered[code].favourite),
        before=replace(seed, recipients=tuple(one.listed for one in everyone)),
    )


def directory_ways(person: Person) -> list[Way]:
    """What this room adds to the navigation."""
    return [Way(N_("Directory"), "/directory")] if keeps_directory(person) else []
