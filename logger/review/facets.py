"""What the queue can be filtered by, laid out so that a filter is walked and never searched for.

Every combination that somebody can choose stands there by itself: whom was told, why, a flag, or
two or all three of them together. So a page of three filters is walked as a page of one.

Promises: codes alone, of entries that wait for review and no others; an entry that is kept apart
stands in lists of its own here too; a page costs no more than MOST_WALKED lines, however few of
them it finds.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from logger.entries.index import TO_REVIEW, apart
from logger.entries.lists import MOST_COUNTED, PAGE, Cursor, EntryList, Key, Page
from logger.journal.index import Index
from logger.journal.read import Opened
from sync.event import DIRECTORY

# Further than that a page is not looked for in one go: it says so, and goes on from there.
MOST_WALKED = 2_000
NO_AGREEMENT, ORDINARY_EMAIL, DANGER, WRONG_PERSON = FLAGS = (
    "no-agreement", "ordinary-email", "danger", "wrong-person",
)  # fmt: skip
# Stands for every entry, so that being overdue alone is a filter like any other.
ANY = "any"
_RANKS = (0, 1)
_START = (-(2**62), b"")

_TABLES = (
    """CREATE TABLE facets (
        chosen TEXT NOT NULL, list INTEGER NOT NULL, rank INTEGER NOT NULL,
        since INTEGER NOT NULL, entry BLOB NOT NULL, device BLOB NOT NULL,
        PRIMARY KEY (chosen, list, rank, since, entry)
    ) WITHOUT ROWID""",
    "CREATE INDEX facets_of_device ON facets (device, chosen, list, rank, since, entry)",
    "CREATE INDEX facets_of_entry ON facets (entry)",
)
_LINE = """
SELECT list, rank, since, device, recipients, further, why, how, danger,
    no_agreement OR EXISTS (SELECT 1 FROM agreement_flags f WHERE f.entry = e.entry), wrong_person
FROM entries e WHERE entry = ?
"""
# One agreement more or less can cover or uncover much of what waits, all at once.
_COVERED = """
DELETE FROM facets WHERE chosen LIKE '%flag:no-agreement' AND entry IN (
    SELECT entry FROM facets WHERE chosen = 'flag:no-agreement' AND entry NOT IN (
        SELECT entry FROM agreement_flags
    ) AND entry IN (SELECT entry FROM entries WHERE no_agreement = 0)
)
"""
_UNCOVERED = """
INSERT OR IGNORE INTO facets
SELECT CASE f.chosen WHEN 'any' THEN '' ELSE f.chosen || ' ' END || 'flag:no-agreement',
    list, rank, since, entry, device
FROM agreement_flags JOIN facets f USING (entry) WHERE instr(f.chosen, 'flag:') = 0
"""
_CLEAR = "DELETE FROM facets WHERE entry = ?"
_ADD = "INSERT INTO facets VALUES (?, ?, ?, ?, ?, ?)"
_BEHIND = "list = ? AND rank = ? AND (since, entry) > (?, ?) AND since < ?"
_KEYS_OF_ALL = f"""
SELECT rank, since, entry, device FROM facets
WHERE chosen = ? AND {_BEHIND} ORDER BY since, entry LIMIT ?
"""  # noqa: S608 only constants of this file
_KEYS_OF_DEVICE = f"""
SELECT rank, since, entry, device FROM facets INDEXED BY facets_of_device
WHERE device = ? AND chosen = ? AND {_BEHIND} ORDER BY since, entry LIMIT ?
"""  # noqa: S608 only constants of this file


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reviewer chose to see. Codes, a team's name, and times; never anything of a child."""

    team: str = ""
    told: str = ""
    why: str = ""
    flag: str = ""
    overdue: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Chosen:
        """What stands in an address; what is nonsense there finds nothing."""
        said = {name: asked.get(name, "")[:100] for name in ("team", "told", "why", "flag")}
        return cls(**said, overdue=asked.get("overdue") == "yes")

    @property
    def args(self) -> dict[str, str]:
        """As it stands in an address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["overdue"] = "yes" if self.overdue else ""
        return {name: value for name, value in values.items() if value}

    @property
    def facet(self) -> str:
        """What an entry must have, as it stands in the index."""
        parts = ("told", "why", "flag")
        return _joined(f"{part}:{getattr(self, part)}" for part in parts if getattr(self, part))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whose entries, in which list, and how long they have waited at least. `devices` None means
    everybody's but those in `without`."""

    list: int
    devices: Collection[bytes] | None
    without: Collection[bytes] = ()
    before: int = 2**62

    @property
    def phones(self) -> tuple[bytes | None, ...]:
        """The phones to walk one by one; the one None stands for all of them."""
        return (None,) if self.devices is None else tuple(sorted(self.devices))


class FacetsIndex:
    """The projection; it reads what `EntriesIndex` has just folded."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Say anew what the entry of this event can be found by."""
        if opened.row.header.kind == DIRECTORY:
            db.conn.execute(_COVERED)
            db.conn.execute(_UNCOVERED)
            return
        key = opened.row.header.entry.bytes
        line = db.conn.execute(_LINE, (key,)).fetchone()
        if line is None:
            return
        db.conn.execute(_CLEAR, (key,))
        if line[0] in (TO_REVIEW, apart(TO_REVIEW)):
            rows = ((facet, *line[:3], key, line[3]) for facet in sorted(facets_of(line)))
            db.conn.executemany(_ADD, rows)


def facets_of(line: tuple[Any, ...]) -> set[str]:
    """All that can be chosen and finds an entry, from its line in the index."""
    *_place, told, further, why, how, danger, no_agreement, wrong_person = line
    flags = {
        NO_AGREEMENT: no_agreement,
        ORDINARY_EMAIL: how == "ordinary-email",
        DANGER: danger,
        WRONG_PERSON: wrong_person,
    }
    choices = (
        # Whoever was told of the same later on was told.
        ["", *(f"told:{code}" for code in {*json.loads(told), *json.loads(further)})],
        ["", *(f"why:{code}" for code in json.loads(why))],
        ["", *(f"flag:{flag}" for flag, holds in flags.items() if holds)],
    )
    return {_joined(filter(None, chosen)) for chosen in product(*choices)}


def _joined(chosen: Iterable[str]) -> str:
    return " ".join(chosen) or ANY


class Facets:
    """The queue, filtered."""

    def __init__(self, index: Index, entries: EntryList):
        self._index, self._entries = index, entries

    def page(self, bounds: Bounds, chosen: Chosen, after: Cursor | None = None) -> Page:
        """The lines that have every facet, in the queue's order."""
        found: list[Key] = []
        last: Key | None = None
        for walked, key in enumerate(self._walk(chosen.facet, bounds, after)):
            if walked == MOST_WALKED or len(found) == PAGE:
                return self._page(found, last)
            last = key
            if key[3] not in bounds.without:
                found.append(key)
        return self._page(found, None)

    def count(self, bounds: Bounds, facet: str) -> int:
        """How many have a facet, counted no further than a page can say; `without` is not looked
        at."""
        total = 0
        for device, rank in product(bounds.phones, _RANKS):
            left = MOST_COUNTED - total
            total += len(self._keys(device, facet, rank, bounds, _START, left))
            if total >= MOST_COUNTED:
                break
        return total

    def _page(self, found: list[Key], last: Key | None) -> Page:
        lines = (self._entries.find(UUID(bytes=key[2])) for key in found)
        following = Cursor(last[0], last[1], UUID(bytes=last[2])) if last else None
        return Page(tuple(line for line in lines if line is not None), following)

    def _walk(self, facet: str, bounds: Bounds, after: Cursor | None) -> Iterator[Key]:
        # One short walk per phone and rank, merged: a sort would grow with the queue.
        walks = []
        for device, rank in product(bounds.phones, _RANKS):
            if after is None or rank > after.rank:
                walks.append(self._from(device, facet, rank, bounds, _START))
            elif rank == after.rank:
                start = (after.since, after.entry.bytes)
                walks.append(self._from(device, facet, rank, bounds, start))
        return heapq.merge(*walks)

    def _from(
        self,
        device: bytes | None,
        facet: str,
        rank: int,
        bounds: Bounds,
        start: tuple[int, bytes],
    ) -> Iterator[Key]:
        while True:
            some = self._keys(device, facet, rank, bounds, start, PAGE + 1)
            yield from some
            if len(some) <= PAGE:
                return
            start = (some[-1][1], some[-1][2])

    def _keys(
        self,
        device: bytes | None,
        facet: str,
        rank: int,
        bounds: Bounds,
        start: tuple[int, bytes],
        limit: int,
    ) -> list[Key]:
        place = (facet, bounds.list, rank, *start, bounds.before, limit)
        db = self._index.read().conn
        if device is None:
            return db.execute(_KEYS_OF_ALL, place).fetchall()
        return db.execute(_KEYS_OF_DEVICE, (device, *place)).fetchall()
