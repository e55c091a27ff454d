"""Reads entries for a person: the look is written down first, then the words are opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from logger.journal.admitted import admitted_ids, as_admitted
from logger.journal.read import Opened, Shapes, open_row
from logger.journal.write import Journal
from logger.keys.keyring import Keyring
from logger.keys.sealing import CannotBeOpened
from logger.people.person import Person
from logger.trail.looks import Looked
from sync.event import ADMISSION, LOOK
from sync.store import EventStore, Lane, Row

T = TypeVar("T", bound=msgspec.Struct)


class Trail:
    """The only way for a page to come by the words of an entry."""

    def __init__(self, journal: Journal, store: EventStore, keyring: Keyring, shapes: Shapes):
        self._journal, self._store = journal, store
        self._keyring, self._shapes = keyring, shapes

    def read(self, person: Person, entries: Sequence[UUID], page: str) -> dict[UUID, list[Opened]]:
        """What the ledger says of these entries, per entry in order; empty where nothing opens.

        The look stands in the ledger before anything is opened; when it cannot be written, nothing
        is shown. Whether the person may see the entries is for the caller to have asked.
        """
        if not entries:
            return {}
        self._write_look(person, entries, page)
        return {entry: self._opened(entry) for entry in entries}

    def read_set_aside(self, person: Person, row: Row, page: str) -> list[Opened]:
        """One event that was set aside, as far as it opens, and what was decided about its entry;
        after their look."""
        self._write_look(person, [row.header.entry], page)
        beside = self._store.of_entry(row.header.entry)
        decided = (one for one in beside if one.header.kind == ADMISSION)
        return self._open_all([as_admitted(row), *decided])

    def _write_look(self, person: Person, entries: Sequence[UUID], page: str) -> None:
        look = Looked(person=person.id, entries=list(entries), page=page)
        self._journal.append(LOOK, self._journal.new_id(), look)

    def published(self, ids: Sequence[UUID], shape: type[T]) -> list[tuple[UUID, T]]:
        """What was written for everybody, such as general advice: it is about no entry, and reading
        it leaves no look. An id that has an event of any other shape gives nothing."""
        found: list[tuple[UUID, T]] = []
        for key in ids:
            opened = self._opened(key)
            if all(isinstance(one.content, shape) for one in opened):
                found.extend((key, one.content) for one in opened if isinstance(one.content, shape))
        return found

    def _opened(self, entry: UUID) -> list[Opened]:
        rows = self._store.of_entry(entry)
        found = self._open_all(row for row in rows if row.lane is Lane.RECORD)
        admitted = admitted_ids(opened.content for opened in found)
        if admitted:
            found += self._open_all(as_admitted(row) for row in rows if row.id in admitted)
        return found

    def _open_all(self, rows: Iterable[Row]) -> list[Opened]:
        found = (self._open(row) for row in rows)
        return [opened for opened in found if opened is not None]

    def _open(self, row: Row) -> Opened | None:
        # What does not open stands among what was set aside, with its reason.
        try:
            return open_row(row, self._keyring, self._shapes)
        except CannotBeOpened:
            return None
