"""Who may read which entry, and the reading itself, which leaves its look behind."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from logger.entries.entry import Entry, fold
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import NotFound
from logger.people.permissions import may_see
from logger.people.person import Person
from logger.people.register import Register
from logger.trail.look import Trail


class Reading:
    """Finds entries for a person. What they may not see does not exist for them."""

    def __init__(self, entries: EntryList, register: Register, trail: Trail):
        self._entries, self._register, self._trail = entries, register, trail

    def find(self, person: Person, entry: UUID) -> WaitingEntry:
        """What the index knows of an entry; NotFound where the person may not see it."""
        line = self._entries.find(entry)
        if line is None or not may_see(person, self.author(line), apart=line.allegation):
            raise NotFound
        return line

    def author(self, line: WaitingEntry) -> Person | None:
        """Whose phone captured it."""
        return self._register.author_of(line.device)

    def open(self, person: Person, entry: UUID, page: str) -> Entry:
        """The whole entry; the look is in the ledger before anything is opened."""
        self.find(person, entry)
        found = fold(self._trail.read(person, [entry], page)[entry])
        if found is None:
            raise NotFound
        return found

    def open_all(self, person: Person, entries: Sequence[UUID], page: str) -> dict[UUID, Entry]:
        """Several entries under one look; those the person may not see are left out."""
        seen = [one for one in entries if self._sees(person, one)]
        found = self._trail.read(person, seen, page)
        folded = ((one, fold(events)) for one, events in found.items())
        return {one: entry for one, entry in folded if entry is not None}

    def name(self, person: UUID | None) -> str:
        """A colleague's name for the history; empty where nobody is known."""
        found = self._register.person(person) if person else None
        return found.name if found else ""

    def _sees(self, person: Person, entry: UUID) -> bool:
        line = self._entries.find(entry)
        return line is not None and may_see(person, self.author(line), apart=line.allegation)
