"""What waits for a reviewer, most urgent first, without opening anything."""

from __future__ import annotations

from dataclasses import dataclass

from logger.entries.index import DONE, NOT_TOLD, TO_REVIEW, apart
from logger.entries.lists import Cursor, EntryList, Page
from logger.people.permissions import leads_allegations, may_review
from logger.people.person import Person, Role
from logger.people.register import Register


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose entries a reviewer sees: the phones of a team, or everybody's but their own; the
    allegations lead those that are kept apart, and no others."""

    devices: tuple[bytes, ...] | None
    without: tuple[bytes, ...] = ()
    apart: bool = False

    def list(self, which: int) -> int:
        """The list of this kind that is meant."""
        return apart(which) if self.apart else which


class Queue:
    """The lists of a reviewer."""

    def __init__(self, entries: EntryList, register: Register):
        self._entries, self._register = entries, register

    def waiting(self, person: Person, after: Cursor | None = None) -> Page:
        """What waits for this person's review: danger first, then the longest waiting."""
        return self._page(TO_REVIEW, person, after)

    def not_told(self, person: Person) -> Page:
        """Calls that reached nobody, the oldest first, until somebody is reached."""
        return self._page(NOT_TOLD, person, None)

    def done(self, person: Person, after: Cursor | None = None) -> Page:
        """What was signed off, newest first."""
        return self._page(DONE, person, after)

    def count(self, person: Person) -> int:
        """How many wait, counted no further than a page can say."""
        reach = self._reach(person)
        which = reach.list(TO_REVIEW)
        own = self._entries.count(which, reach.without)
        return max(0, self._entries.count(which, reach.devices) - own)

    def _page(self, which: int, person: Person, after: Cursor | None) -> Page:
        reach = self._reach(person)
        return self._entries.page(reach.list(which), reach.devices, after, reach.without)

    def _reach(self, person: Person) -> Reach:
        # The alternate and the allegations lead belong to every team; asking phone by phone would
        # cost as many walks as there are phones.
        if person.role is Role.ALTERNATE or leads_allegations(person):
            own = tuple(phone.device for phone in self._register.phones_of([person]))
            return Reach(None, own, leads_allegations(person))
        team = self._register.team(person.team) if person.team else []
        authors = [author for author in team if may_review(person, author, apart=False)]
        return Reach(tuple(phone.device for phone in self._register.phones_of(authors)))
