"""Writes additions into the ledger.

Promises: only whoever may document an entry adds to it; of two windows that add the same, the
second is shown what the first wrote; nobody disowns what they have submitted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from logger.entries.documentation import NotOpenForWriting, append_while
from logger.entries.entry import OPEN_TO_AUTHOR, State
from logger.entries.happened import Answers, Later, Outcome
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from sync.event import LATER

# A call that reached nobody has nothing to add to, and what is not theirs is not theirs to add to.
_CLOSED = frozenset({State.NOT_TOLD, State.TOLD, State.NOT_MINE})


class NothingToAddTo(LoggerError):
    """A call that reached nobody, or an entry that is not its author's."""

    code = "entry.nothing_to_add_to"
    status = 409
    public_message = "Nothing can be added to this entry as it stands."


class AddedElsewhere(LoggerError):
    """The same kind of thing was added since this form was opened."""

    code = "entry.added_elsewhere"
    status = 409
    public_message = "Something was added in another window since you opened this form."


def open_for_adding(line: WaitingEntry) -> bool:
    """Whether anything can be added to this entry."""
    return line.state not in _CLOSED and line.outcome != Outcome.NOT_THEIRS


class Additions:
    """`follow` brings the index up to the ledger."""

    def __init__(self, journal: Journal, entries: EntryList, follow: Callable[[], object]):
        self._journal, self._entries, self._follow = journal, entries, follow

    def add(
        self,
        person: UUID | None,
        entry: UUID,
        what: Literal["further", "correction", "told", "receipt", "link", "outcome"],
        answers: Answers,
        based_on: int | None = None,
    ) -> None:
        """Add to an entry, whatever else happens to it meanwhile; AddedElsewhere where the latest
        addition of this kind is not the one that was seen, `based_on` (0: none)."""

        def check() -> WaitingEntry:
            line = self._find(entry)
            if not open_for_adding(line):
                raise NothingToAddTo
            if based_on is not None and self._entries.added(entry, what) != based_on:
                raise AddedElsewhere
            return line

        self._append(entry, Later(what=what, person=person, answers=answers), check)

    def disown(self, person: UUID, entry: UUID) -> None:
        """*This was not me*."""
        self._say_whose(entry, Later(what="not-mine", person=person), OPEN_TO_AUTHOR)

    def own(self, person: UUID, entry: UUID) -> None:
        """*It was me after all*."""
        self._say_whose(entry, Later(what="mine", person=person), frozenset({State.NOT_MINE}))

    def _say_whose(self, entry: UUID, content: Later, states: frozenset[State]) -> None:
        def check() -> WaitingEntry:
            line = self._find(entry)
            if line.state not in states:
                raise NotOpenForWriting
            return line

        self._append(entry, content, check)

    def _find(self, entry: UUID) -> WaitingEntry:
        line = self._entries.find(entry)
        if line is None:
            raise NotFound
        return line

    def _append(self, entry: UUID, content: Later, check: Callable[[], WaitingEntry]) -> None:
        append_while(self._journal, self._follow, (LATER, entry, content), check)
