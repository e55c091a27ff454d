"""The lists that people work through, read from the index: nothing is opened for them.

Pages are walked by key, never by number: a page costs the same wherever it stands.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from typing import Any
from uuid import UUID

from logger.entries.entry import State
from logger.entries.index import TO_COMPLETE
from logger.journal.index import Index

PAGE = 20
# Rank, since, entry and device: where a line stands and whose it is.
Key = tuple[int, int, bytes, bytes]
MOST_COUNTED = 100

_COLUMNS = """
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, offline, received_at, urgent, act, attempt, review_on, danger,
    allegation, mistake, state, rank, since, last_position,
    times_returned, submitted_at, decided_at, decided_position, decided_by, outcome,
    with_governance,
    no_agreement OR EXISTS (SELECT 1 FROM agreement_flags f WHERE f.entry = entries.entry),
    documenter, reminded_at, wrong_person, breach_at, breach_open,
    further, (SELECT sum(untold) FROM corrections c WHERE c.entry = entries.entry),
    (SELECT json_group_array(person) FROM completed_by b WHERE b.entry = entries.entry)
"""
_BEHIND = "list = ? AND (rank, since, entry) > (?, ?, ?)"
# The index alone answers these: only the lines of the page itself are looked up afterwards.
_KEYS_OF_DEVICE = f"""
SELECT rank, since, entry, device FROM entries INDEXED BY entries_of_device
WHERE device = ? AND {_BEHIND} ORDER BY rank, since, entry LIMIT ?
"""  # noqa: S608 only constants of this file
_KEYS_OF_ALL = f"""
SELECT rank, since, entry, device FROM entries INDEXED BY entries_of_all
WHERE {_BEHIND} ORDER BY rank, since, entry LIMIT ?
"""  # noqa: S608 only constants of this file
_COUNT_OF_DEVICE = """
SELECT count(*) FROM (SELECT 1 FROM entries WHERE device = ? AND list = ? LIMIT ?)
"""
_COUNT_OF_ALL = "SELECT count(*) FROM (SELECT 1 FROM entries WHERE list = ? LIMIT ?)"
_ONE = f"SELECT {_COLUMNS} FROM entries WHERE entry = ?"  # noqa: S608 only constants of this file
_HANDED = f"""
SELECT {_COLUMNS} FROM entries INDEXED BY entries_of_documenter
WHERE documenter = ? AND list = ? ORDER BY rank, since, entry LIMIT ?
"""  # noqa: S608 only constants of this file
_SHARES_AFTER = """
SELECT DISTINCT share FROM follows WHERE entry IN (
    SELECT ? UNION ALL SELECT first FROM tries WHERE entry = ?
) ORDER BY share
"""
_DOCUMENTED = "SELECT section, position FROM documented WHERE entry = ?"
_ADDED = "SELECT max(position) FROM added_later WHERE entry = ? AND what = ?"

_TRUE_OR_FALSE = (
    "about", "offline", "urgent", "danger", "allegation", "mistake",
    "with_governance", "no_agreement", "wrong_person", "breach_open",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of the page before."""

    rank: int
    since: int
    entry: UUID

    def to_text(self) -> str:
        """As it stands in an address; it tells nothing of what an entry is about."""
        return f"{self.rank}.{self.since}.{self.entry}"

    @classmethod
    def from_text(cls, text: str) -> Cursor | None:
        """None where the text is no cursor: the list then begins at its start."""
        try:
            rank, since, entry = text.split(".")
            # Larger numbers are no times, and SQLite could not hold them.
            cursor = cls(int(rank), int(since), UUID(entry))
        except ValueError:
            return None
        return cursor if abs(cursor.rank) < 10 and abs(cursor.since) < 2**62 else None


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One line of a list."""

    id: UUID
    device: bytes
    position: int
    recipients: tuple[str, ...]
    why: tuple[str, ...]
    how: str
    children: int
    shared_at: int
    shared_offset: int
    about: bool
    logged_at: int
    offline: bool
    received_at: int
    urgent: bool
    act: str
    attempt: str
    review_on: date | None
    danger: bool
    allegation: bool
    mistake: bool
    state: State
    rank: int
    since: int
    last_position: int
    times_returned: int
    submitted_at: int | None
    decided_at: int | None
    decided_position: int | None
    decided_by: UUID | None
    outcome: str | None
    with_governance: bool
    no_agreement: bool
    documenter: UUID | None
    reminded_at: int
    wrong_person: bool
    breach_at: int | None
    breach_open: bool
    further: tuple[str, ...]
    # How many have still to be told of a correction; None where nothing was corrected.
    untold: int | None
    # Everybody who wrote any of its documentation, also where somebody else went on with it.
    completed_by: tuple[UUID, ...]

    @property
    def everyone_told(self) -> tuple[str, ...]:
        """Codes of all who were told the same, in the moment or later."""
        return tuple(dict.fromkeys((*self.recipients, *self.further)))

    @property
    def cursor(self) -> Cursor:
        """Where a next page begins."""
        return Cursor(self.rank, self.since, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of a list, and where it goes on; `following` is None at its end."""

    entries: tuple[WaitingEntry, ...]
    following: Cursor | None


class EntryList:
    """Asks the index. `devices` are the phones whose entries are meant, None for everybody's."""

    def __init__(self, index: Index):
        self._index = index

    def find(self, entry: UUID) -> WaitingEntry | None:
        """One entry's line, or None."""
        row = self._index.read().conn.execute(_ONE, (entry.bytes,)).fetchone()
        return None if row is None else _line(row)

    def documented(self, entry: UUID) -> dict[str, int]:
        """The sections saved so far, each with the position of its latest version."""
        return dict(self._index.read().conn.execute(_DOCUMENTED, (entry.bytes,)).fetchall())

    def added(self, entry: UUID, what: str) -> int:
        """The position of the latest addition of one kind; 0 where there is none."""
        ((position,),) = self._index.read().conn.execute(_ADDED, (entry.bytes, what)).fetchall()
        return position or 0

    def handed_to(self, person: UUID) -> tuple[WaitingEntry, ...]:
        """What others made and this person was handed to complete; returned ones first."""
        # What is kept apart is never handed over.
        values = (str(person), TO_COMPLETE, PAGE)
        rows = self._index.read().conn.execute(_HANDED, values).fetchall()
        return tuple(_line(row) for row in rows)

    def told_later(self, call: UUID) -> tuple[UUID, ...]:
        """The shares that say that they put this call right, or the first one of its row."""
        rows = self._index.read().conn.execute(_SHARES_AFTER, (call.bytes, call.bytes)).fetchall()
        return tuple(UUID(bytes=share) for (share,) in rows)

    def page(
        self,
        which: int | tuple[int, ...],
        devices: Collection[bytes] | None,
        after: Cursor | None = None,
        without: Collection[bytes] = (),
        limit: int = PAGE,
    ) -> Page:
        """One page of a list, most pressing first; `without` leaves out these phones' entries."""
        start = after or Cursor(-1, 0, UUID(int=0))
        lists = (which,) if isinstance(which, int) else which
        if devices is None:
            left_out = frozenset(without)
            walks = [self._of_all(one, start, left_out, limit + 1) for one in lists]
        else:
            # One short walk per phone, merged: a sort over a whole team would grow with it.
            pairs = product(sorted(devices), lists)
            walks = [self._of_device(phone, one, start, limit + 1) for phone, one in pairs]
        keys = list(islice(heapq.merge(*walks), limit + 1))
        found = (self.find(UUID(bytes=entry)) for _rank, _since, entry, _device in keys[:limit])
        page = tuple(line for line in found if line is not None)
        return Page(page, page[-1].cursor if len(keys) > limit else None)

    def count(self, which: int | tuple[int, ...], devices: Collection[bytes] | None) -> int:
        """How many stand in a list; MOST_COUNTED means that many or more."""
        lists = (which,) if isinstance(which, int) else which
        db, total = self._index.read(), 0
        for device, one in product((None,) if devices is None else devices, lists):
            left = MOST_COUNTED - total
            if device is None:
                total += int(db.conn.execute(_COUNT_OF_ALL, (one, left)).fetchone()[0])
            else:
                total += int(db.conn.execute(_COUNT_OF_DEVICE, (device, one, left)).fetchone()[0])
            if total >= MOST_COUNTED:
                break
        return total

    def _of_device(self, device: bytes, which: int, start: Cursor, limit: int) -> list[Key]:
        values = (device, which, start.rank, start.since, start.entry.bytes, limit)
        return self._index.read().conn.execute(_KEYS_OF_DEVICE, values).fetchall()

    def _of_all(
        self, which: int, start: Cursor, without: frozenset[bytes], limit: int
    ) -> list[Key]:
        found: list[Key] = []
        rank, since, entry = start.rank, start.since, start.entry.bytes
        while len(found) < limit:
            values = (which, rank, since, entry, limit)
            keys = self._index.read().conn.execute(_KEYS_OF_ALL, values).fetchall()
            found.extend(key for key in keys if key[3] not in without)
            if len(keys) < limit:
                break
            rank, since, entry, _device = keys[-1]
        return found


def _line(row: tuple[Any, ...]) -> WaitingEntry:
    values: dict[str, Any] = dict(zip(WaitingEntry.__slots__, row, strict=True))
    values["id"] = UUID(bytes=values["id"])
    for name in ("recipients", "why", "further"):
        values[name] = tuple(json.loads(values[name]))
    for name in _TRUE_OR_FALSE:
        values[name] = bool(values[name])
    values["completed_by"] = tuple(UUID(one) for one in json.loads(values["completed_by"]))
    on = values["review_on"]
    values["review_on"] = date.fromisoformat(on) if on else None
    values["state"] = State(values["state"])
    for name in ("decided_by", "documenter"):
        values[name] = UUID(values[name]) if values[name] else None
    return WaitingEntry(**values)
