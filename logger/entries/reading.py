"""Who may read which entry, and the reading itself, which leaves its look behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from logger.entries.capture import Child
from logger.entries.entry import Entry, State, Step, fold
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError, NotFound
from logger.people.permissions import advises, leads_allegations, may_document, may_review, may_see
from logger.people.person import Person
from logger.people.register import Register
from logger.trail.look import Trail


class NotSubmittedYet(LoggerError):
    """A colleague's entry that was never handed over; two people can open it."""

    code = "entry.not_submitted_yet"
    status = 403
    public_message = "This entry is still with its author. Two people together can open it."


class Reading:
    """Finds entries for a person. What they may not see does not exist for them.

    `opened` says whether two people opened an entry for this person, for now.
    """

    def __init__(
        self,
        entries: EntryList,
        register: Register,
        trail: Trail,
        opened: Callable[[Person, UUID], bool],
    ):
        self._entries, self._register, self._trail = entries, register, trail
        self._opened = opened

    def find(self, person: Person, entry: UUID) -> WaitingEntry:
        """What the index knows of an entry; NotFound where the person may not see it."""
        line = self._entries.find(entry)
        if line is None or not self._sees(person, line):
            raise NotFound
        return line

    def documents(self, person: Person, line: WaitingEntry) -> bool:
        """Whether this person completes it: its author, or whoever was handed it."""
        author = self.author(line)
        return may_document(person, author.id if author else None, line.documenter)

    def reviews(self, person: Person, line: WaitingEntry) -> bool:
        """Whether this person is one of those who review it."""
        reviewer = may_review(person, self.author(line), apart=line.allegation)
        return reviewer and not self.wrote(person, line)

    def wrote(self, person: Person, line: WaitingEntry) -> bool:
        """Whether it is this person's in any part: who made it, wrote of it, or is to."""
        author = self.author(line)
        return person.id in (author.id if author else None, line.documenter, *line.completed_by)

    def is_closed(self, person: Person, line: WaitingEntry) -> bool:
        """Whether its words are kept from this person, who may know that it is there.

        What was never submitted is its author's, until two people open it; a call that reached
        nobody is everybody's business, and an allegation goes to the allegations lead at once.
        """
        unsubmitted = line.state is State.TO_COMPLETE and line.submitted_at is None
        if not unsubmitted or line.with_governance or self.documents(person, line):
            return False
        at_once = line.allegation and leads_allegations(person)
        return not at_once and not self._opened(person, line.id)

    def author(self, line: WaitingEntry) -> Person | None:
        """Whose phone captured it."""
        return self._register.author_of(line.device)

    def open(self, person: Person, entry: UUID, page: str) -> Entry:
        """The whole entry; the look is in the ledger before anything is opened."""
        if self.is_closed(person, self.find(person, entry)):
            raise NotSubmittedYet
        found = fold(self._trail.read(person, [entry], page)[entry])
        if found is None:
            raise NotFound
        return found

    def open_all(self, person: Person, entries: Sequence[UUID], page: str) -> dict[UUID, Entry]:
        """Several entries under one look; those the person may not see are left out."""
        lines = (self._entries.find(one) for one in entries)
        seen = [
            line.id
            for line in lines
            if line and self._sees(person, line) and not self.is_closed(person, line)
        ]
        found = self._trail.read(person, seen, page)
        folded = ((one, fold(events)) for one, events in found.items())
        return {one: entry for one, entry in folded if entry is not None}

    def about(self, person: Person, entries: Sequence[UUID], page: str) -> dict[UUID, list[Child]]:
        """Who these entries are about, under one look, and nothing else of them: so much of a
        colleague's entry is shown where children are told apart, submitted or not."""
        lines = (self._entries.find(one) for one in entries)
        seen = [line.id for line in lines if line and self._sees(person, line)]
        found = self._trail.read(person, seen, page)
        folded = ((one, fold(events)) for one, events in found.items())
        return {one: entry.captured.content.children for one, entry in folded if entry is not None}

    def asked(self, person: Person, entry: UUID) -> Step | None:
        """Why somebody asked to open an entry, for the second person; nothing else of it. The
        look says so. That this person is asked is for the caller to have found out."""
        found = fold(self._trail.read(person, [entry], "opening")[entry])
        steps = reversed(found.history if found else ())
        return next((step for step in steps if step.what == "opening-asked"), None)

    def name(self, person: UUID | None) -> str:
        """A colleague's name for the history; empty where nobody is known."""
        found = self._register.person(person) if person else None
        return found.name if found else ""

    def whose_phone(self, device: bytes) -> str:
        """The name of whoever carries a phone; empty where nobody is known."""
        found = self._register.author_of(device)
        return found.name if found else ""

    def _sees(self, person: Person, line: WaitingEntry) -> bool:
        if line.with_governance and advises(person):
            return True
        author = self.author(line)
        return self.documents(person, line) or may_see(person, author, apart=line.allegation)
