"""Whose entries somebody may find children in: as many walks of the index as that needs.

Promises: nothing is ever returned that `may_see` does not allow; what may not be seen is not
counted either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from logger.children.happened import Mention
from logger.children.index import APART, EVERYBODY
from logger.entries.lists import EntryList, WaitingEntry
from logger.journal.index import Index
from logger.people.permissions import leads_allegations, may_see, supervises
from logger.people.person import Person, Role
from logger.people.register import Register
from logger.shell.words import N_
from logger.ways import Way

_NUMBERS = "SELECT device, number FROM child_phones"


class Reaching:
    """Answers for one person at a time."""

    def __init__(self, index: Index, entries: EntryList, register: Register):
        self._index, self._entries, self._register = index, entries, register

    def walks(self, person: Person) -> list[int]:
        """The numbers that marks are walked by for this person."""
        numbers = dict(self._index.read().conn.execute(_NUMBERS).fetchall())
        own = self._phones([person], numbers)
        if leads_allegations(person):
            return [APART, *(2 * number for number in own)]
        apart = [2 * number + 1 for number in own]
        if person.role is Role.ALTERNATE:
            return [EVERYBODY, *apart]
        team = self._register.team(person.team) if person.team else []
        shared = {2 * number for number in (*self._phones(team, numbers), *own)}
        return [*sorted(shared), *apart]

    def seen(self, person: Person, mentions: Iterable[Mention]) -> dict[Mention, WaitingEntry]:
        """The lines of those that this person may see and that are no mistake, in their order."""
        authors: dict[bytes, Person | None] = {}
        found: dict[Mention, WaitingEntry] = {}
        for mention in mentions:
            line = self._entries.find(mention.entry)
            if line is None or line.mistake:
                continue
            if line.device not in authors:
                authors[line.device] = self._register.author_of(line.device)
            if may_see(person, authors[line.device], apart=line.allegation):
                found[mention] = line
        return found

    def _phones(self, people: Sequence[Person], numbers: dict[bytes, int]) -> list[int]:
        phones = self._register.phones_of(people)
        return [numbers[phone.device] for phone in phones if phone.device in numbers]


def children_ways(person: Person) -> list[Way]:
    """What this room adds to the navigation."""
    return [Way(N_("Children"), "/children")] if supervises(person) else []
