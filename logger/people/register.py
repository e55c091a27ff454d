"""Who works here and which phones they carry, folded from the ledger and read by pages.

Staff names, teams and labels of phones may stand in the index; nothing about an entry does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from logger.journal.index import Index
from logger.journal.read import Opened
from logger.people.happened import OWN, PersonHappened, PhoneHappened, Wish
from logger.people.person import Person, Role
from sync.store import Row

_TABLES = (
    "CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,"
    " role TEXT NOT NULL, team TEXT NOT NULL, disabled INTEGER NOT NULL, joined INTEGER NOT NULL)",
    "CREATE INDEX people_by_email ON people (email)",
    "CREATE INDEX people_by_team ON people (team)",
    # What waits for a second administrator, one thing for each person.
    "CREATE TABLE proposals (person TEXT PRIMARY KEY, position INTEGER NOT NULL,"
    " wish TEXT NOT NULL, role TEXT NOT NULL, team TEXT NOT NULL, asked_by TEXT NOT NULL,"
    " at INTEGER NOT NULL)",
    "CREATE TABLE phones (device BLOB PRIMARY KEY, person TEXT NOT NULL, label TEXT NOT NULL,"
    " enrolled_at INTEGER NOT NULL, revoked_at INTEGER)",
    "CREATE INDEX phones_by_person ON phones (person)",
)
_ADD_PERSON = "INSERT OR IGNORE INTO people VALUES (?, '', '', 'practitioner', '', 0, 0)"
_SET_PERSON = "UPDATE people SET name = ?, email = ?, role = ?, team = ? WHERE id = ?"
_SET_DISABLED = "UPDATE people SET disabled = ? WHERE id = ?"
_SET_JOINED = "UPDATE people SET joined = 1 WHERE id = ?"
_PROPOSE = "INSERT OR REPLACE INTO proposals VALUES (?, ?, ?, ?, ?, ?, ?)"
_ANSWER = "DELETE FROM proposals WHERE person = ? AND position = ? RETURNING wish, role, team"
_FORGET = "DELETE FROM proposals WHERE person = ?"
_ADD_PHONE = "INSERT OR IGNORE INTO phones VALUES (?, ?, ?, ?, NULL)"
_REVOKE = "UPDATE phones SET revoked_at = coalesce(revoked_at, ?) WHERE device = ?"

_PERSON = "SELECT id, name, email, role, team, disabled, joined FROM people"
_BY_ID = _PERSON + " WHERE id = ?"
_BY_EMAIL = _PERSON + " WHERE email = ?"
_EVERYONE = _PERSON + " ORDER BY disabled, name COLLATE NOCASE, id"
_TEAM = _PERSON + " WHERE team = ? ORDER BY name COLLATE NOCASE, id"
_AUTHOR = _PERSON + " JOIN phones ON phones.person = people.id WHERE phones.device = ?"
_PROPOSALS = "SELECT person, position, wish, role, team, asked_by, at FROM proposals"
_PROPOSALS_IN_ORDER = _PROPOSALS + " ORDER BY position"
_PROPOSAL = _PROPOSALS + " WHERE person = ?"
_PHONE = "SELECT device, person, label, enrolled_at, revoked_at FROM phones"
_PHONES = _PHONE + " ORDER BY enrolled_at, device"
# Every page asks for somebody's: among the phones of thousands, only theirs are read.
_OF_PEOPLE = " WHERE person IN (SELECT value FROM json_each(?)) ORDER BY enrolled_at, device"
_COUNT_PHONES = "SELECT count(*), count(revoked_at) FROM phones"
_PHONES_OF = _PHONE + _OF_PEOPLE
_SET_ASIDE = (
    "SELECT position, entry, kind, device, why, received_at FROM set_aside ORDER BY position DESC"
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of a person, as the ledger has it."""

    device: bytes
    person: UUID
    label: str
    enrolled_at: int
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one administrator asked about a person, and a second has still to confirm. `position`
    is its name; `role` and `team` are what the person would have."""

    person: UUID
    position: int
    wish: Wish
    role: Role
    team: str
    asked_by: UUID
    at: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that waits for a person to look at; metadata alone."""

    position: int
    entry: str
    kind: int
    device: bytes
    why: str
    received_at: int


class PeopleIndex:
    """Keeps people and phones in the index."""

    def tables(self, db: Database) -> None:
        """Make the tables of people and phones."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one event about a person or a phone in."""
        person = str(opened.row.header.entry)
        match opened.content:
            case PersonHappened() as content:
                _fold_person(db, person, content, opened.row)
            case PhoneHappened(what="added") as phone:
                values = (phone.device, person, phone.label, phone.at)
                db.conn.execute(_ADD_PHONE, values)
            case PhoneHappened() as phone:
                db.conn.execute(_REVOKE, (phone.at, phone.device))


class Register:
    """People and phones as they stand now."""

    def __init__(self, index: Index):
        self._index = index

    def person(self, id: UUID) -> Person | None:
        """The person of this id, or None."""
        return self._one(_BY_ID, str(id))

    def by_email(self, email: str) -> Person | None:
        """The person of this address, however it was typed, or None."""
        return self._one(_BY_EMAIL, normal_email(email))

    def author_of(self, device: bytes) -> Person | None:
        """Whose phone this is, or None when no phone of that name was ever added."""
        return self._one(_AUTHOR, device)

    def everyone(self) -> list[Person]:
        """All people by name, disabled ones last."""
        return self._people(_EVERYONE)

    def team(self, name: str) -> list[Person]:
        """The people of a team by name."""
        return self._people(_TEAM, name)

    def proposal(self, person: UUID) -> Proposal | None:
        """What waits for a second administrator about this person, or None."""
        found = self._rows(_PROPOSAL, str(person))
        return _proposal(found[0]) if found else None

    def proposals(self) -> list[Proposal]:
        """All that waits for a second administrator, the oldest first."""
        return [_proposal(row) for row in self._rows(_PROPOSALS_IN_ORDER)]

    def phones(self) -> list[Phone]:
        """All phones, first added first."""
        return [_phone(row) for row in self._rows(_PHONES)]

    def count_phones(self) -> tuple[int, int]:
        """How many phones there are, and how many of them were revoked."""
        return self._rows(_COUNT_PHONES)[0]

    def phones_of(self, people: Sequence[Person]) -> list[Phone]:
        """The phones of these people, revoked ones too: what they sent stays theirs."""
        ids = json.dumps([str(person.id) for person in people])
        return [_phone(row) for row in self._rows(_PHONES_OF, ids)]

    def set_aside(self) -> list[SetAside]:
        """What could not go into the record by itself, newest first."""
        return [SetAside(*row) for row in self._rows(_SET_ASIDE)]

    def _one(self, statement: str, value: object) -> Person | None:
        found = self._people(statement, value)
        return found[0] if found else None

    def _people(self, statement: str, *values: object) -> list[Person]:
        return [
            Person(UUID(key), name, email, Role(role), team, bool(disabled), bool(joined))
            for key, name, email, role, team, disabled, joined in self._rows(statement, *values)
        ]

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._index.read().conn.execute(statement, values).fetchall()


def normal_email(email: str | None) -> str:
    """An address as it is compared and kept."""
    return (email or "").strip().casefold()


def _phone(row: tuple[Any, ...]) -> Phone:
    device, person, label, enrolled_at, revoked_at = row
    return Phone(device, UUID(person), label, enrolled_at, revoked_at)


def _proposal(row: tuple[Any, ...]) -> Proposal:
    person, position, wish, role, team, asked_by, at = row
    return Proposal(UUID(person), position, wish, Role(role), team, UUID(asked_by), at)


def _fold_person(db: Database, person: str, content: PersonHappened, row: Row) -> None:
    db.conn.execute(_ADD_PERSON, (person,))
    role, team = content.role.value, content.team
    # Written from what a page had read: what was changed meanwhile must not come back.
    if content.what in OWN:
        return
    if content.what == "proposed":
        asked = (content.wish, role, team, str(content.by), row.received_at)
        db.conn.execute(_PROPOSE, (person, row.position, *asked))
        return
    if content.what in ("confirmed", "declined"):
        answered = db.conn.execute(_ANSWER, (person, content.ask)).fetchone()
        # What was answered before, or replaced, is confirmed by nobody any more.
        if content.what == "declined" or answered is None:
            return
        role, team = answered[1:]
    db.conn.execute(_SET_PERSON, (content.name, content.email, role, team, person))
    if content.what in ("changed", "disabled"):
        db.conn.execute(_FORGET, (person,))
    if content.what == "joined":
        db.conn.execute(_SET_JOINED, (person,))
    if content.what in ("disabled", "enabled"):
        db.conn.execute(_SET_DISABLED, (content.what == "disabled", person))
