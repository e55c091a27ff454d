"""Finds entries that may be about the same child, by marks alone: nothing is opened for it.

Promises: a search costs the same however many entries there are; whoever asks is only told of what
they may see; what was said to be somebody else is not proposed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from logger.children.happened import Asked, Mention
from logger.children.index import APART, EVERYBODY
from logger.children.marks import Kind, Marking, Marks
from logger.children.matching import Match, Strength, compare
from logger.children.reach import Reaching
from logger.clock import Clock
from logger.entries.lists import WaitingEntry
from logger.journal.index import Index
from logger.people.person import Person

# So many of the newest of each mark are looked at, and so many shown.
LOOKED_AT, COMPARED, SHOWN, PROPOSED, NEWEST, NAMED_BESIDE = 25, 120, 20, 5, 12, 3
_WALK = """
SELECT mention FROM child_marks WHERE mark = ? AND reach = ? ORDER BY mention DESC LIMIT ?
"""
_NEWEST = "SELECT number FROM mentions WHERE reach = ? ORDER BY number DESC LIMIT ?"
_NEWEST_OF_ALL = "SELECT number FROM mentions WHERE reach % 2 = ? ORDER BY number DESC LIMIT ?"
_SOME = """
SELECT number, entry, ordinal, child, marks FROM mentions
WHERE number IN (SELECT value FROM json_each(?))
"""
_BY_PLACE = """
SELECT number, entry, ordinal, child, marks FROM mentions WHERE entry = ? AND ordinal = ?
"""
_OF_ENTRY = "SELECT ordinal, child FROM mentions WHERE entry = ? ORDER BY ordinal"
_OF_CHILD = "SELECT entry, ordinal FROM mentions WHERE child = ? ORDER BY number DESC"
_OTHERS = "SELECT one, other FROM child_others WHERE one = ?1 OR other = ?1"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that may be about the child in question, and why."""

    mention: Mention
    line: WaitingEntry
    match: Match


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one child of an entry: how many other entries and the newest of them,
    what may be more."""

    mention: Mention
    others: int
    newest: tuple[WaitingEntry, ...]
    proposed: int


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody an entry is about, as the index has them."""

    number: int
    mention: Mention
    child: bytes | None
    marks: Marks


class Finding:
    """Asks the index about children."""

    def __init__(self, index: Index, reaching: Reaching, marking: Marking, clock: Clock):
        self._index, self._reaching = index, reaching
        self._marking, self._clock = marking, clock

    def somebody(self, mention: Mention) -> Somebody | None:
        """Whom an entry is about; None where it has no such child."""
        values = (mention.entry.bytes, mention.ordinal)
        found = self._index.read().conn.execute(_BY_PLACE, values).fetchone()
        return _somebody(*found) if found else None

    def of_entry(self, entry: UUID) -> list[Mention]:
        """Everybody an entry is about."""
        rows = self._index.read().conn.execute(_OF_ENTRY, (entry.bytes,)).fetchall()
        return [Mention(entry, ordinal) for ordinal, _child in rows]

    def together(self, person: Person, mention: Mention) -> dict[Mention, WaitingEntry]:
        """The entries of the same child that this person may see, newest share first."""
        somebody = self.somebody(mention)
        child = somebody.child if somebody else None
        mentions = [mention] if child is None else self._of_child(child)
        seen = self._reaching.seen(person, mentions)
        return dict(sorted(seen.items(), key=lambda one: (-one[1].shared_at, one[0])))

    def proposals(
        self, person: Person, mention: Mention, walks: Sequence[int] | None = None
    ) -> list[Found]:
        """Entries that may be about the same child, that nobody has joined or ruled out."""
        somebody = self.somebody(mention)
        if somebody is None or not somebody.marks.of:
            return []
        walks = self._reaching.walks(person) if walks is None else walks
        found = self._near(person, somebody.marks, walks, somebody)
        by_child: dict[object, Found] = {}
        for one in found:
            other = self.somebody(one.mention)
            # Several entries of one child are one question, asked with the strongest of them.
            by_child.setdefault((other and other.child) or one.mention, one)
        return list(by_child.values())[:PROPOSED]

    def beside(self, person: Person, entry: UUID) -> list[Beside]:
        """What stands beside each child of an entry, as far as this person may see it."""
        walks, found = self._reaching.walks(person), []
        for mention in self.of_entry(entry):
            together = self.together(person, mention).values()
            others = [line for line in together if line.id != entry]
            proposed = self.proposals(person, mention, walks)
            newest = tuple(others[:NAMED_BESIDE])
            found.append(Beside(mention, len(others), newest, len(proposed)))
        return found

    def newest_proposals(self, person: Person) -> list[Found]:
        """Those of the newest entries in reach about whom somebody should be asked."""
        walks, found = self._reaching.walks(person), []
        numbers = sorted((n for reach in walks for n in self._newest(reach)), reverse=True)
        newest = [one.mention for one in self._some(numbers[:NEWEST])]
        for mention, line in self._reaching.seen(person, newest).items():
            if match := self._strongest(person, mention, walks):
                found.append(Found(mention, line, match))
        return found

    def marks_of(self, asked: Asked) -> Marks:
        """The marks of these words."""
        return self._marking.of(asked.name, asked.born, asked.reference, self._clock())

    def search(self, person: Person, asked: Asked) -> list[Found]:
        """What may be meant, what speaks most for it first, then the newest."""
        at, words = self._clock(), (asked.name, asked.born, asked.reference)
        marks = self.marks_of(asked).with_those_of(self._marking.of(*words, at, unborn=True))
        return self._near(person, marks, self._reaching.walks(person), None)[:SHOWN]

    def _near(
        self, person: Person, marks: Marks, walks: Sequence[int], beside: Somebody | None
    ) -> list[Found]:
        matches = self._matches(marks, walks, beside)
        seen = self._reaching.seen(person, matches)
        return sorted((Found(one, seen[one], matches[one]) for one in seen), key=_order)

    def _strongest(self, person: Person, mention: Mention, walks: Sequence[int]) -> Match | None:
        """That of the first proposal, without looking at the others."""
        somebody = self.somebody(mention)
        if somebody is None or not somebody.marks.of:
            return None
        matches = self._matches(somebody.marks, walks, somebody)
        seen = (one for one in matches if self._reaching.seen(person, [one]))
        return next((matches[one] for one in seen), None)

    def _matches(
        self, marks: Marks, walks: Sequence[int], beside: Somebody | None
    ) -> dict[Mention, Match]:
        """What speaks most for it first, whether or not it may be seen."""
        rows = self._some(self._numbers(marks, walks))
        matches: dict[Mention, Match] = {}
        for other in self._open_questions(beside, rows) if beside else rows:
            match = _looked_for(marks, other.marks, searching=beside is None)
            if match:
                matches[other.mention] = match
        best = sorted(matches, key=lambda one: -matches[one].strength)[: 2 * SHOWN]
        return {one: matches[one] for one in best}

    def _open_questions(self, beside: Somebody, rows: list[Somebody]) -> list[Somebody]:
        """Without whom nobody need be asked about: of the same entry, the same child, ruled out."""
        found = self._index.read().conn.execute(_OTHERS, (beside.number,)).fetchall()
        ruled_out = {number for pair in found for number in pair}
        return [
            one
            for one in rows
            if one.number not in ruled_out
            and one.mention.entry != beside.mention.entry
            and (one.child is None or one.child != beside.child)
        ]

    def _some(self, numbers: Sequence[int]) -> list[Somebody]:
        rows = self._index.read().conn.execute(_SOME, (json.dumps(numbers),)).fetchall()
        found = {row[0]: _somebody(*row) for row in rows}
        return [found[number] for number in numbers]

    def _numbers(self, marks: Marks, walks: Sequence[int]) -> list[int]:
        """Mentions that share a mark, newest first of each mark."""
        found: dict[int, None] = {}
        for mark in marks.finding():
            walked = (number for reach in walks for number in self._walk(mark, reach))
            found.update(dict.fromkeys(sorted(walked, reverse=True)[:LOOKED_AT]))
            if len(found) >= COMPARED:
                break
        return list(found)[:COMPARED]

    def _walk(self, mark: int, reach: int) -> Iterable[int]:
        rows = self._index.read().conn.execute(_WALK, (mark, reach, LOOKED_AT)).fetchall()
        return (number for (number,) in rows)

    def _newest(self, reach: int) -> Iterable[int]:
        rows = self._index.read().conn.execute(*_newest(reach)).fetchall()
        return (number for (number,) in rows)

    def _of_child(self, child: bytes) -> list[Mention]:
        rows = self._index.read().conn.execute(_OF_CHILD, (child,)).fetchall()
        return [Mention(UUID(bytes=entry), ordinal) for entry, ordinal in rows]


def _newest(reach: int) -> tuple[str, tuple[int, int]]:
    if reach in (EVERYBODY, APART):
        return _NEWEST_OF_ALL, (reach, NEWEST)
    return _NEWEST, (reach, NEWEST)


def _somebody(number: int, entry: bytes, ordinal: int, child: bytes | None, raw: bytes) -> Somebody:
    return Somebody(number, Mention(UUID(bytes=entry), ordinal), child, Marks.from_bytes(raw))


def _looked_for(marks: Marks, other: Marks, *, searching: bool) -> Match | None:
    found = compare(marks, other)
    if found or not searching:
        return found
    # Whoever searches may know little, and is shown what has it.
    shared = marks.shared(other) & {Kind.BORN, Kind.SOUND}
    return Match(Strength.POSSIBLE, ()) if shared else None


def _order(one: Found) -> tuple[int, int, Mention]:
    return (-one.match.strength, -one.line.shared_at, one.mention)
