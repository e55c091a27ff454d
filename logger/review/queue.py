"""What waits for a reviewer, most urgent first, without opening anything."""

from __future__ import annotations

from dataclasses import dataclass

from logger.entries.index import DONE, NOT_TOLD, REFERRED, TO_COMPLETE, TO_REVIEW, apart
from logger.entries.lists import Cursor, EntryList, Page, WaitingEntry
from logger.entries.times import Timing
from logger.people.permissions import leads_allegations, may_review
from logger.people.person import Person, Role
from logger.people.register import Register
from logger.review.facets import ANY, FLAGS, Bounds, Chosen, Facets


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

    def __init__(self, entries: EntryList, register: Register, facets: Facets, timing: Timing):
        self._entries, self._register = entries, register
        self._facets, self._timing = facets, timing

    def waiting(
        self, person: Person, after: Cursor | None = None, chosen: Chosen | None = None
    ) -> Page:
        """What waits for this person's review: danger first, then the longest waiting."""
        if chosen is None or not chosen.args:
            return self._page(TO_REVIEW, person, after)
        return self._facets.page(self._bounds(person, chosen), chosen, after)

    def not_told(self, person: Person) -> Page:
        """Calls that reached nobody, the oldest first, until somebody is reached."""
        return self._page(NOT_TOLD, person, None)

    def done(self, person: Person, after: Cursor | None = None) -> Page:
        """What was signed off, newest first."""
        return self._page(DONE, person, after)

    def referred(self, person: Person) -> Page:
        """What is with information governance, the longest waiting first."""
        return self._page(REFERRED, person, None)

    def undocumented(self, person: Person, after: Cursor | None = None) -> Page:
        """What colleagues still have to complete; returned ones first, then the oldest."""
        return self._page(TO_COMPLETE, person, after)

    def count(self, person: Person) -> int:
        """How many wait, counted no further than a page can say."""
        reach = self.reach(person)
        which = reach.list(TO_REVIEW)
        own = self._entries.count(which, reach.without)
        return max(0, self._entries.count(which, reach.devices) - own)

    def counts(self, person: Person, team: str = "") -> dict[str, int]:
        """How many of what waits have each flag, and how many are overdue; nothing is opened."""
        bounds = self._bounds(person, Chosen(team=team))
        late = self._bounds(person, Chosen(team=team, overdue=True))
        flags = {flag: self._count(bounds, f"flag:{flag}") for flag in FLAGS}
        return {**flags, "overdue": self._count(late, ANY)}

    def teams(self, person: Person) -> list[str]:
        """The teams a reviewer of every team can choose from; none for anybody else."""
        if self.reach(person).devices is not None:
            return []
        return sorted({one.team for one in self._register.everyone() if one.team})

    def reaches(self, person: Person, line: WaitingEntry) -> bool:
        """Whether this person could review an entry, once it is submitted."""
        author = self._register.author_of(line.device)
        return may_review(person, author, apart=line.allegation)

    def _count(self, bounds: Bounds, facet: str) -> int:
        own = Bounds(bounds.list, bounds.without, (), bounds.before)
        return max(0, self._facets.count(bounds, facet) - self._facets.count(own, facet))

    def _bounds(self, person: Person, chosen: Chosen) -> Bounds:
        reach = self.reach(person)
        devices = reach.devices
        if chosen.team and devices is None:
            team = [one for one in self._register.team(chosen.team) if one.id != person.id]
            devices = tuple(phone.device for phone in self._register.phones_of(team))
            reach = Reach(devices, (), reach.apart)
        before = self._timing.review_overdue_before() if chosen.overdue else 2**62
        return Bounds(reach.list(TO_REVIEW), devices, reach.without, before)

    def _page(self, which: int, person: Person, after: Cursor | None) -> Page:
        reach = self.reach(person)
        return self._entries.page(reach.list(which), reach.devices, after, reach.without)

    def reach(self, person: Person) -> Reach:
        """Whose entries this person reviews."""
        # The alternate and the allegations lead belong to every team; asking phone by phone would
        # cost as many walks as there are phones.
        if person.role is Role.ALTERNATE or leads_allegations(person):
            own = tuple(phone.device for phone in self._register.phones_of([person]))
            return Reach(None, own, leads_allegations(person))
        team = self._register.team(person.team) if person.team else []
        authors = [author for author in team if may_review(person, author, apart=False)]
        return Reach(tuple(phone.device for phone in self._register.phones_of(authors)))
