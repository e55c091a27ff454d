"""Writes additions into the ledger.

Promises: only whoever may document an entry adds to it; nobody disowns what they have submitted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from logger.entries.documentation import NotOpenForWriting
from logger.entries.entry import OPEN_TO_AUTHOR, State
from logger.entries.happened import Answers, Later, Outcome
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from sync.errors import EntryMoved
from sync.event import LATER

_TRIES = 8
# A call that reached nobody has nothing to add to, and what is not theirs is not theirs to add to.
_CLOSED = frozenset({State.NOT_TOLD, State.TOLD, State.NOT_MINE})


class NothingToAddTo(LoggerError):
    """A call that reached nobody, or an entry that is not its author's."""

    code = "entry.nothing_to_add_to"
    status = 409
    public_message = "Nothing can be added to this entry as it stands."


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
    ) -> None:
        """Add to an entry, whatever else happens to it meanwhile."""
        line = self._entries.find(entry)
        if line is None:
            raise NotFound
        if not open_for_adding(line):
            raise NothingToAddTo
        self._journal.append(LATER, entry, Later(what=what, person=person, answers=answers))

    def disown(self, person: UUID, entry: UUID) -> None:
        """*This was not me*."""
        self._say_whose(entry, Later(what="not-mine", person=person), OPEN_TO_AUTHOR)

    def own(self, person: UUID, entry: UUID) -> None:
        """*It was me after all*."""
        self._say_whose(entry, Later(what="mine", person=person), frozenset({State.NOT_MINE}))

    def _say_whose(self, entry: UUID, content: Later, states: frozenset[State]) -> None:
        for left in reversed(range(_TRIES)):
            line = self._entries.find(entry)
            if line is None:
                raise NotFound
            if line.state not in states:
                raise NotOpenForWriting
            try:
                self._journal.append(LATER, entry, content, line.last_position)
            except EntryMoved:
                if not left:
                    raise
                self._follow()
            else:
                return
