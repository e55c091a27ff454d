"""Saves sections of the documentation and hands an entry to review.

Promises: a section that somebody saved meanwhile is never overwritten unseen; an entry is only
submitted when everything required is there, or it was logged by mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec

from logger.entries.entry import State
from logger.entries.happened import Documented, Submitted
from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.sections import missing
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from sync.errors import EntryMoved
from sync.event import DOCUMENTATION, SUBMISSION

_TRIES = 8


class SectionMoved(LoggerError):
    """The section was saved since this version of it was opened."""

    code = "entry.section_moved"
    status = 409
    public_message = "This section was saved in another window since you opened it here."


class NotOpenForWriting(LoggerError):
    """The entry is with a reviewer, or done."""

    code = "entry.not_open"
    status = 409
    public_message = "This entry has been submitted, so it cannot be changed now."


class NotComplete(LoggerError):
    """Something required has not been answered."""

    code = "entry.not_complete"
    status = 409
    public_message = "Some sections still have to be completed."


class Documentation:
    """Writes what an author documents. `follow` brings the index up to the ledger."""

    def __init__(self, journal: Journal, entries: EntryList, follow: Callable[[], object]):
        self._journal, self._entries, self._follow = journal, entries, follow

    def save(self, entry: UUID, content: Documented, based_on: int) -> None:
        """Save a section that was opened at version `based_on` (0: never saved before)."""

        def check() -> WaitingEntry:
            line = self._open(entry)
            if self._entries.documented(entry).get(content.section, 0) != based_on:
                raise SectionMoved
            return line

        self._append(DOCUMENTATION, entry, content, check)

    def submit(self, entry: UUID, content: Submitted) -> None:
        """Hand the entry to review."""

        def check() -> WaitingEntry:
            line = self._open(entry)
            if not line.mistake and missing(self._entries.documented(entry), line.act):
                raise NotComplete
            return line

        self._append(SUBMISSION, entry, content, check)

    def _open(self, entry: UUID) -> WaitingEntry:
        line = self._entries.find(entry)
        if line is None:
            raise NotFound
        if line.state not in {State.TO_COMPLETE, State.RETURNED}:
            raise NotOpenForWriting
        return line

    def _append(
        self, kind: int, entry: UUID, content: msgspec.Struct, check: Callable[[], WaitingEntry]
    ) -> None:
        append_while(self._journal, self._follow, (kind, entry, content), check)


def append_while(
    journal: Journal,
    follow: Callable[[], object],
    event: tuple[int, UUID, msgspec.Struct],
    check: Callable[[], WaitingEntry],
) -> None:
    """Write an event about an entry while `check`, which gives its line, raises nothing.

    Another section or a late word from the phone moves the entry too, and is no conflict: look
    again, and only what `check` minds stops us.
    """
    for left in reversed(range(_TRIES)):
        line = check()
        try:
            journal.append(*event, line.last_position)
        except EntryMoved:
            if not left:
                raise
            follow()
        else:
            return
