"""What colleagues have not documented yet: counts and ages, for whoever could review it later.

Promises: nothing is opened and no code of an entry is shown; what is counted is bounded, so that a
page costs no more with a million entries than with a thousand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from logger.entries.index import TO_COMPLETE
from logger.entries.times import Timing
from logger.journal.index import Index
from logger.people.person import Person
from logger.people.register import Register
from logger.review.queue import Queue

MOST_OF_DEVICE, MOST_OF_ALL = 200, 1_000
_RANKS = (0, 1)
OF_DEVICE = """
SELECT device, since FROM entries INDEXED BY entries_of_device
WHERE device = ? AND list = ? AND rank = ? ORDER BY since LIMIT ?
"""
OF_ALL = """
SELECT device, since FROM entries INDEXED BY entries_of_all
WHERE list = ? AND rank = ? ORDER BY since LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """What waits for one colleague: how much, how much of it too long, and since when."""

    person: Person
    count: int
    overdue: int
    oldest: int


class Undocumented:
    """Counts by colleague."""

    def __init__(self, index: Index, register: Register, queue: Queue, timing: Timing):
        self._index, self._register = index, register
        self._queue, self._timing = queue, timing

    def by_person(self, person: Person) -> list[Behind]:
        """Whoever this person looks after, the one with the oldest entry first."""
        owners = {phone.device: phone.person for phone in self._register.phones()}
        since: dict[UUID, list[int]] = defaultdict(list)
        for device, moment in self._walk(person):
            if device in owners:
                since[owners[device]].append(moment)
        before = self._timing.document_overdue_before()
        found = []
        for owner, moments in since.items():
            colleague = self._register.person(owner)
            if colleague is not None:
                late = sum(moment <= before for moment in moments)
                found.append(Behind(colleague, len(moments), late, min(moments)))
        return sorted(found, key=lambda one: (one.oldest, one.person.name))

    def _walk(self, person: Person) -> list[tuple[bytes, int]]:
        reach, db = self._queue.reach(person), self._index.read()
        which, rows = reach.list(TO_COMPLETE), []
        if reach.devices is None:
            for rank in _RANKS:
                rows += db.conn.execute(OF_ALL, (which, rank, MOST_OF_ALL)).fetchall()
            return [row for row in rows if row[0] not in reach.without]
        for device, rank in product(reach.devices, _RANKS):
            rows += db.conn.execute(OF_DEVICE, (device, which, rank, MOST_OF_DEVICE)).fetchall()
        return rows
