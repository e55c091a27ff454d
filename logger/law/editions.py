"""Which edition of the law pack holds: the newest that an administrator loaded, else the shipped.

Promises: every host follows the same ledger and so offers the same law; an edition is never
changed, only followed by another, and who loaded which and when can be read.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from sqlite_utils import Database

from logger.errors import LoggerError
from logger.journal.index import Index
from logger.journal.read import Opened
from logger.journal.write import Journal
from logger.law.pack import SHIPPED, Fault, LawPack, LawPackUnreadable
from logger.people.permissions import administers
from logger.people.person import Person
from logger.shell.words import N_
from logger.ways import Way
from sync.event import LAW_PACK

_TABLE = (
    "CREATE TABLE law_packs (position INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " person TEXT NOT NULL, at INTEGER NOT NULL, file TEXT NOT NULL)"
)
_ADD = "INSERT INTO law_packs VALUES (?, ?, ?, ?, ?)"
_NEWEST = "SELECT position FROM law_packs ORDER BY position DESC LIMIT 1"
_POSITIONS = "SELECT position FROM law_packs"
_FILE = "SELECT file FROM law_packs WHERE position = ?"
_ALL = "SELECT name, person, at FROM law_packs ORDER BY position DESC"
# An event holds 64 KiB of text as it is written into it, before it is packed.
MOST_BYTES = 60_000


class NameTaken(LoggerError):
    """There was an edition of that name: an entry that names it must mean one thing."""

    code = "law.name_taken"
    status = 409
    public_message = "There is already an edition of that name. Give the new one another name."


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """Kind 35: this file is the law pack from now on."""

    person: UUID
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    file: Annotated[str, msgspec.Meta(max_length=MOST_BYTES)]
    v: Literal[1] = 1


SHAPES = {LAW_PACK: Adopted}


@dataclass(frozen=True, slots=True)
class Edition:
    """One that was loaded here."""

    name: str
    person: UUID
    at: int


class LawIndex:
    """Keeps the editions that were loaded. They are law: nothing about anybody stands in them."""

    def tables(self, db: Database) -> None:
        """Make the table of editions."""
        db.conn.execute(_TABLE)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one edition in."""
        row, content = opened.row, opened.content
        if isinstance(content, Adopted):
            values = (
                row.position,
                content.name,
                str(content.person),
                row.received_at,
                content.file,
            )
            db.conn.execute(_ADD, values)


class Editions:
    """The law pack as it stands now, and what stood before."""

    def __init__(self, index: Index, journal: Journal, shipped: LawPack):
        self._index, self._journal, self.shipped = index, journal, shipped
        self._lock = threading.Lock()
        self._read: tuple[int, LawPack] = (0, shipped)

    def current(self) -> LawPack:
        """The pack that is offered from."""
        found = self._index.read().conn.execute(_NEWEST).fetchall()
        position = found[0][0] if found else 0
        with self._lock:
            if self._read[0] != position:
                self._read = (position, self._at(position))
            return self._read[1]

    def loaded(self) -> list[Edition]:
        """Every edition that was loaded here, newest first."""
        rows = self._index.read().conn.execute(_ALL).fetchall()
        return [Edition(name, UUID(person), at) for name, person, at in rows]

    def checked(self, file: str) -> LawPack:
        """The edition in this file; LawPackUnreadable or NameTaken where it cannot hold."""
        if len(msgspec.json.encode(file)) > MOST_BYTES:
            fault = Fault(N_("The file is larger than 60,000 bytes."))
            raise LawPackUnreadable(faults=[fault])
        pack = LawPack.of_text(file, "law.toml")
        known = [self.shipped, *map(self._at, self._positions())]
        # The same edition may come back: then the name still means one thing.
        if any(one.name == pack.name and one != pack for one in known):
            raise NameTaken
        return pack

    def adopt(self, person: UUID, file: str) -> LawPack:
        """Let this file hold from now on; LawPackUnreadable or NameTaken where it cannot."""
        pack = self.checked(file)
        content = Adopted(person=person, name=pack.name, file=file)
        self._journal.append(LAW_PACK, self._journal.new_id(), content)
        return pack

    def file(self) -> str:
        """The current edition as it can be edited and loaded again."""
        found = self._index.read().conn.execute(_NEWEST).fetchall()
        if not found:
            return SHIPPED.read_text(encoding="utf-8")
        ((file,),) = self._index.read().conn.execute(_FILE, found[0]).fetchall()
        return str(file)

    def _positions(self) -> list[int]:
        rows = self._index.read().conn.execute(_POSITIONS).fetchall()
        return [position for (position,) in rows]

    def _at(self, position: int) -> LawPack:
        if not position:
            return self.shipped
        ((file,),) = self._index.read().conn.execute(_FILE, (position,)).fetchall()
        return LawPack.of_text(file, "law.toml")


def law_ways(person: Person) -> list[Way]:
    """What this room adds to the navigation."""
    return [Way(N_("Law"), "/law")] if administers(person) else []
