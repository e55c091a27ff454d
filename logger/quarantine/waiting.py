"""The events that were set aside, and what can be done about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from logger.entries.entry import Entry, fold
from logger.errors import LoggerError, NotFound
from logger.journal.admitted import Admitted
from logger.journal.index import Index
from logger.journal.read import Opened
from logger.journal.write import Journal
from logger.people.person import Person
from logger.people.register import Register, SetAside
from logger.trail.look import Trail
from sync.event import ADMISSION
from sync.store import EventStore, Row

_COUNT = "SELECT count(*) FROM set_aside"


class NoteMissing(LoggerError):
    """Something was to be left aside without saying why."""

    code = "quarantine.note_missing"
    status = 422
    public_message = "Say in a few words what you found and what was done."


class CannotBeAdmitted(LoggerError):
    """What does not open cannot become part of the record."""

    code = "quarantine.cannot_be_admitted"
    status = 409
    public_message = "This cannot be opened, so it cannot go into the record. It stays here."


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody found, who, and when."""

    words: str
    person: UUID
    at: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One event that was set aside, opened as far as it opens, and what was noted on it."""

    line: SetAside
    entry: Entry | None
    notes: tuple[Noted, ...]


class Quarantine:
    """Asks the index and the ledger, and writes what was decided."""

    def __init__(
        self, store: EventStore, index: Index, register: Register, journal: Journal, trail: Trail
    ):
        self._store, self._index, self._register = store, index, register
        self._journal, self._trail = journal, trail

    def count(self) -> int:
        """How many wait."""
        return int(self._index.read().conn.execute(_COUNT).fetchone()[0])

    def find(self, position: int) -> SetAside:
        """One line; NotFound where nothing at this position is set aside."""
        found = (line for line in self._register.set_aside() if line.position == position)
        line = next(found, None)
        if line is None:
            raise NotFound
        return line

    def open(self, person: Person, position: int) -> Shown:
        """Open it for a person, after the look."""
        line = self.find(position)
        row = self._row(line)
        opened = self._trail.read_set_aside(person, row, "set-aside")
        notes = (_noted(one, row.id) for one in opened)
        return Shown(line, fold(opened), tuple(one for one in notes if one is not None))

    def admit(self, person: Person, position: int) -> None:
        """Make it part of the record, of the person whose phone it came from."""
        if self.open(person, position).entry is None:
            raise CannotBeAdmitted
        self._append("admitted", person, self._row(self.find(position)))

    def note(self, person: Person, position: int, words: str) -> None:
        """Leave it where it is, and say why."""
        if not words.strip():
            raise NoteMissing
        self._append("noted", person, self._row(self.find(position)), words.strip()[:4_000])

    def _append(
        self, what: Literal["admitted", "noted"], person: Person, row: Row, words: str = ""
    ) -> None:
        content = Admitted(what=what, event=row.id, person=person.id, words=words)
        self._journal.append(ADMISSION, row.header.entry, content)

    def _row(self, line: SetAside) -> Row:
        (row,) = self._store.after(line.position - 1, 1)
        return row


def _noted(opened: Opened, event: bytes) -> Noted | None:
    content = opened.content
    if not isinstance(content, Admitted) or content.what != "noted" or content.event != event:
        return None
    return Noted(content.words, content.person, opened.row.received_at)
