"""Writes what people say of who is who, and that they searched, into the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from logger.children.finding import Finding, Found
from logger.children.happened import Asked, ChildHappened, Mention, What
from logger.children.marks import Kind
from logger.children.reach import Reaching
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from logger.people.person import Person
from sync.event import CHILD

# Enough to say whether a child was searched for by this name, this date of birth or this number.
_TOLD = frozenset({Kind.NAME, Kind.BORN, Kind.REFERENCE})


class NothingAsked(LoggerError):
    """A search for nothing."""

    code = "children.nothing_asked"
    status = 422
    public_message = "Enter a name, a date of birth or a reference."


class OneEntry(LoggerError):
    """Two children of one entry were given apart by whoever logged it."""

    code = "children.one_entry"
    status = 422
    public_message = "Two children of one entry are never joined."


class Saying:
    """The one way to join, separate and search. Only what a person may see can they speak of."""

    def __init__(self, journal: Journal, finding: Finding, reaching: Reaching):
        self._journal, self._finding, self._reaching = journal, finding, reaching

    def join(self, person: Person, one: Mention, other: Mention) -> None:
        """These two are the same child, and with them all that each was joined with."""
        if one.entry == other.entry:
            raise OneEntry
        self._say(person, "joined", [one, other])

    def rule_out(self, person: Person, one: Mention, other: Mention) -> None:
        """These two are not the same child, nor is anybody they stand with: nobody need be asked
        again."""
        mine = [
            one,
            *(mention for mention in self._finding.together(person, one) if mention != one),
        ]
        for theirs in dict.fromkeys([other, *self._finding.together(person, other)]):
            self._say(person, "not-the-same", [theirs, *mine])

    def separate(self, person: Person, one: Mention) -> None:
        """This one is none of those it stands with, as far as the person sees them."""
        others = [mention for mention in self._finding.together(person, one) if mention != one]
        if others:
            self._say(person, "separated", [one, *others])

    def search(self, person: Person, asked: Asked) -> list[Found]:
        """What may be meant; that it was searched for stands in the ledger before it is shown."""
        if not asked.by:
            raise NothingAsked
        found = self._finding.search(person, asked)
        marks = [mark for kind, mark in sorted(self._finding.marks_of(asked).of) if kind in _TOLD]
        said = ChildHappened(person=person.id, what="searched", by=list(asked.by), marks=marks)
        self._journal.append(CHILD, self._journal.new_id(), said)
        return found

    def _say(self, person: Person, what: What, mentions: Sequence[Mention]) -> None:
        seen = self._reaching.seen(person, mentions)
        if len(seen) < len(mentions) or any(self._finding.somebody(one) is None for one in seen):
            raise NotFound
        said = ChildHappened(person=person.id, what=what, mentions=list(mentions))
        self._journal.append(CHILD, self._journal.new_id(), said)
