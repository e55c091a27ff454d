"""What the record has to say to people on their phones: how many entries wait for them, and why.

Promises: counts and codes, never a word, a name or an id of an entry; a phone that is not trusted
any more is told nothing of them. The phone door copies them into its signed answers.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from logger.clock import Clock
from logger.entries.entry import State
from logger.entries.index import TO_COMPLETE, apart
from logger.entries.times import HOUR
from logger.journal.index import Index
from logger.people.register import Register
from logger.settings import Settings
from sync.reconcile import Notice, notices_name
from sync.store import EventStore

RETURNED, OVERDUE = "entries.returned", "entries.overdue"
_NOT_SOONER = 5_000
_AT_LATEST = 60_000

# Only what is open is walked: finished entries stand in other lists.
_WAITING = f"""
SELECT p.person, sum(e.state = ?), sum(e.state = ? AND e.shared_at <= ? AND e.mistake = 0)
FROM entries e JOIN phones p ON p.device = e.device
WHERE e.list IN ({TO_COMPLETE}, {apart(TO_COMPLETE)}) GROUP BY p.person
"""  # noqa: S608 only constants of this file


class Notices:
    """Lays out for each phone what waits for whoever carries it."""

    def __init__(
        self, store: EventStore, index: Index, register: Register, settings: Settings, clock: Clock
    ):
        self._store, self._index, self._register = store, index, register
        self._settings, self._clock = settings, clock
        self._laid_out: dict[bytes, bytes] = {}
        self._told_at, self._looked_at, self._head = 0, 0, -1

    def tell_in_time(self) -> None:
        """Tell soon after something happened, and every minute, because time passes too."""
        now = self._clock()
        if 0 <= now - self._looked_at < _NOT_SOONER:
            return
        self._looked_at = now
        head = self._store.head().position
        if head == self._head and 0 <= now - self._told_at < _AT_LATEST:
            return
        self.tell()
        self._told_at, self._head = now, head

    def tell(self) -> int:
        """Lay out what has changed; for how many phones."""
        waiting = self._waiting()
        changed = 0
        for phone in self._register.phones():
            notices = [] if phone.revoked_at is not None else waiting.get(phone.person, [])
            changed += self._lay_out(phone.device, msgspec.json.encode(notices))
        return changed

    def _waiting(self) -> dict[UUID, list[Notice]]:
        due = self._clock() - self._settings.document_within_hours * HOUR
        values = (State.RETURNED.value, State.TO_COMPLETE.value, due)
        found = self._index.read().conn.execute(_WAITING, values).fetchall()
        return {UUID(person): _notices(returned, overdue) for person, returned, overdue in found}

    def _lay_out(self, device: bytes, content: bytes) -> bool:
        name = notices_name(device)
        before = self._laid_out.get(device)
        if before is None:
            before = self._store.outgoing(name) or b"[]"
        if content != before:
            self._store.lay_out(name, content)
        self._laid_out[device] = content
        return content != before


def _notices(returned: int, overdue: int) -> list[Notice]:
    counts = ((RETURNED, returned), (OVERDUE, overdue))
    return [Notice(code, count) for code, count in counts if count]
