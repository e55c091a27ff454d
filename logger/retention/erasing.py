"""Takes the words of an entry out of the ledger for good.

Promises: a signed event says so and why, before the words are gone and in the same commit; the
chain still holds; drafts of it go too; the entry is written down beside the backups first, so that
no restore brings its words back.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from logger.clock import Clock
from logger.entries.drafts import Drafts
from logger.errors import NotFound
from logger.journal.write import Journal
from logger.people.person import Person
from logger.retention import erased_list
from logger.retention.happened import Erased
from sync.event import CAPTURE
from sync.store import EventStore


class Erasing:
    """The one way for the record to erase an entry."""

    def __init__(
        self,
        store: EventStore,
        journal: Journal,
        drafts: Drafts,
        beside_backups: Path,
        clock: Clock,
    ):
        self._store, self._journal, self._drafts = store, journal, drafts
        self._folder, self._clock = beside_backups, clock

    def erase(self, entry: UUID, why: str, by: Person | None) -> int:
        """Erase the words of an entry; how many parts went. NotFound where there is none."""
        if all(row.header.kind != CAPTURE for row in self._store.of_entry(entry)):
            raise NotFound
        erased_list.add(self._folder, entry, self._clock())
        content = Erased(why=why, by=by.id if by else None)
        gone = self._journal.erase(entry, content)
        self._drafts.forget_entry(entry)
        return gone

    def erase_again(self, listed: Path) -> int:
        """After a restore: erase what a list says was erased since; how many entries had words."""
        again = 0
        for entry in erased_list.read(listed):
            rows = self._store.of_entry(entry)
            if any(row.sealed is not None and row.header.kind == CAPTURE for row in rows):
                content = Erased(why="erased before this record was restored", by=None)
                self._journal.erase(entry, content)
                again += 1
        return again
