"""Entries whose author says that somebody else made them: found by phone and time alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logger.entries.index import NOT_MINE, apart
from logger.entries.lists import EntryList, WaitingEntry
from logger.journal.index import Index
from logger.people.permissions import administers, may_see, supervises
from logger.people.person import Person
from logger.people.register import Phone, Register
from logger.shell.words import N_
from logger.ways import Way

MOST_SHOWN = 100
_SAID_AT = "SELECT max(at) FROM added_later WHERE entry = ? AND what = 'not-mine'"


@dataclass(frozen=True, slots=True)
class Finding:
    """One of them, without a word of what it says. `readable` where this person may open it."""

    line: WaitingEntry
    phone: Phone | None
    person: Person | None
    said_at: int
    readable: bool


def looks_into_findings(person: Person) -> bool:
    """Whether this person looks into what an author says is not theirs."""
    return administers(person) or supervises(person)


class Findings:
    """What administrators find of everybody, and reviewers of those they review."""

    def __init__(self, index: Index, entries: EntryList, register: Register):
        self._index, self._entries, self._register = index, entries, register

    def of(self, asking: Person) -> list[Finding]:
        """The newest, as far as this person may know of them."""
        if not self._entries.count((NOT_MINE, apart(NOT_MINE)), None):
            return []
        phones = {phone.device: phone for phone in self._register.phones()}
        page = [
            line
            for which in (NOT_MINE, apart(NOT_MINE))
            for line in self._entries.page(which, None, limit=MOST_SHOWN).entries
        ]
        page.sort(key=lambda line: line.since)
        found = (self._finding(asking, line, phones.get(line.device)) for line in page)
        return [one for one in found if one.readable or administers(asking)]

    def _finding(self, asking: Person, line: WaitingEntry, phone: Phone | None) -> Finding:
        author = self._register.author_of(line.device)
        own = author is not None and author.id == asking.id
        readable = not own and may_see(asking, author, apart=line.allegation)
        ((at,),) = self._index.read().conn.execute(_SAID_AT, (line.id.bytes,)).fetchall()
        return Finding(line, phone, author, at or 0, readable)


def whose_ways(findings: Findings) -> Callable[[Person], list[Way]]:
    """What this adds to the navigation: nothing, as long as there is nothing to look into."""

    def ways(person: Person) -> list[Way]:
        found = findings.of(person) if looks_into_findings(person) else []
        return [Way(N_("Not theirs"), "/not-theirs", str(len(found)))] if found else []

    return ways
