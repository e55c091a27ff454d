"""Writes what the record door does into the ledger, sealed and signed like everything else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec

from logger.clock import Clock, Randomness, uuid7
from logger.keys.keyring import Keyring
from logger.keys.sealing import seal_record_event
from sync.event import ERASURE
from sync.store import EventStore, Row


class Journal:
    """The one way for the record door to make something part of the history."""

    def __init__(self, store: EventStore, keyring: Keyring, clock: Clock, randomness: Randomness):
        self._store, self._keyring = store, keyring
        self._clock, self._randomness = clock, randomness
        # What must have happened before the writer answers, such as following to what it wrote.
        self.afterwards: list[Callable[[], object]] = []

    def append(
        self, kind: int, entry: UUID, content: msgspec.Struct, seen: int | None = None
    ) -> Row:
        """Keep one event about `entry`.

        With `seen`, sync.errors.EntryMoved when somebody decided on the entry behind that position.
        """
        now = self._clock()
        text = msgspec.json.encode(content)
        event = seal_record_event(self._keyring, self._randomness, kind, entry, now, text)
        row = self._store.append(event, now, seen)
        for follow_up in self.afterwards:
            follow_up()
        return row

    def erase(self, entry: UUID, content: msgspec.Struct) -> int:
        """Keep an erasure of `entry` and take its words away in one commit; how many parts went."""
        now = self._clock()
        text = msgspec.json.encode(content)
        event = seal_record_event(self._keyring, self._randomness, ERASURE, entry, now, text)
        _row, gone = self._store.erase(event, now)
        for follow_up in self.afterwards:
            follow_up()
        return gone

    def new_id(self) -> UUID:
        """A fresh id for something that begins now."""
        return uuid7(self._clock(), self._randomness)
