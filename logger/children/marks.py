"""What can be compared of somebody an entry is about, as keyed hashes.

Promises: the same words under the same key give the same marks; without the key a mark tells
nothing; a mark of one kind never equals one of another kind.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from itertools import combinations, permutations, product

from logger.children.names import reference_of, words_of
from logger.children.sounds import keys_of, names_in
from logger.entries.capture import Child

_DOMAIN = "sharelog/1/child"
_ENTRY = struct.Struct(">Bq")
_DAY = re.compile(r"\b(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})\b|\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_AGE = re.compile(r"\b\d{1,2}\b")
# A word in which a slip leaves enough to know it by.
_LONG = 6
_MONTHS_OLD = re.compile(r"month|week|day|mis|wythnos|diwrnod", re.IGNORECASE)


class Kind(IntEnum):
    """What a mark was made of."""

    # The whole name, in any order.
    NAME = 1
    # Two words of it by how they sound.
    PAIR = 2
    # One word by how it sounds.
    SOUND = 3
    # One word as it is spelt: by it those are found who are known by nothing else.
    ALONE = 4
    BORN = 5
    # The year of birth with its neighbours, so that near ages meet.
    YEAR = 6
    REFERENCE = 7
    # One word by how it sounds with the outer letters of a long one: letters were mistyped inside.
    SLIP = 8


# The marks that others are found by, what tells most first; a year is only compared.
FINDING = (
    Kind.REFERENCE, Kind.NAME, Kind.BORN, Kind.PAIR, Kind.SLIP, Kind.ALONE, Kind.SOUND,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one person an entry is about."""

    of: frozenset[tuple[int, int]]

    def kind(self, kind: Kind) -> frozenset[int]:
        """Those of one kind."""
        return frozenset(mark for one, mark in self.of if one == kind)

    def shared(self, other: Marks) -> frozenset[int]:
        """The kinds of those that both have."""
        return frozenset([kind for kind, _mark in self.of & other.of])

    @property
    def kinds(self) -> frozenset[int]:
        """The kinds of those it has."""
        return frozenset([kind for kind, _mark in self.of])

    @property
    def whole(self) -> bool:
        """Whether more than one word of the name is known."""
        return Kind.PAIR in self.kinds

    def found_by(self) -> list[int]:
        """Those that this one is found by, in a fixed order."""
        without = {Kind.YEAR, Kind.ALONE} if self.whole else {Kind.YEAR}
        return sorted(mark for kind, mark in self.of if kind not in without)

    def finding(self) -> list[int]:
        """Those that others like this one are found by, what tells most first."""
        # Of a whole name, a single word by its sound would find everybody of that family.
        kinds = (one for one in FINDING if not (self.whole and one is Kind.SOUND))
        return [mark for kind in kinds for mark in sorted(self.kind(kind))]

    def with_those_of(self, other: Marks) -> Marks:
        """Both together."""
        return Marks(self.of | other.of)

    def to_bytes(self) -> bytes:
        """As the index keeps them."""
        return b"".join(_ENTRY.pack(*one) for one in sorted(self.of))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Marks:
        """As they were kept."""
        return cls(frozenset(_ENTRY.iter_unpack(raw)))


class Marking:
    """Makes marks with the index key."""

    def __init__(self, index_key: bytes):
        self._key = index_key

    def of_child(self, child: Child, at: int) -> Marks:
        """The marks of somebody in an entry about a share at this time."""
        # With `unknown` the name is a description, and of an unborn baby it is the mother's.
        name = "" if child.unknown else child.name
        return self.of(name, child.born, child.reference, at, unborn=child.who == "unborn")

    def of(self, name: str, born: str, reference: str, at: int, *, unborn: bool = False) -> Marks:
        """The marks of these words, whatever of them is there."""
        who = "unborn" if unborn else ""
        words = names_in(words_of(name))
        keys = {word: keys_of(word) for word in words if len(word) > 1}
        found: set[tuple[int, int]] = set()
        found.update(self._all(Kind.NAME, who, [" ".join(sorted(words))] if words else []))
        found.update(self._all(Kind.ALONE, who, words))
        found.update(self._all(Kind.SOUND, who, (key for one in keys.values() for key in one)))
        found.update(self._all(Kind.PAIR, who, _pairs(keys)))
        found.update(self._all(Kind.SLIP, who, _slips(keys)))
        found.update(self._all(Kind.REFERENCE, "", filter(None, [reference_of(reference)])))
        days, years = days_of(born), years_of(born, at)
        found.update(self._all(Kind.BORN, who, (day.isoformat() for day in days)))
        found.update(self._all(Kind.YEAR, who, map(str, years)))
        return Marks(frozenset(found))

    def _all(self, kind: Kind, who: str, values: Iterable[str]) -> Iterator[tuple[int, int]]:
        for value in values:
            message = f"{_DOMAIN}\0{kind.name}\0{who}\0{value}".encode()
            digest = hmac.digest(self._key, message, hashlib.sha256)
            # 64 bits: among a million entries two of another name meet once in a million records.
            yield kind, int.from_bytes(digest[:8], "big", signed=True)


def days_of(born: str) -> tuple[date, ...]:
    """The day of birth; with day and month exchanged where that is a day too."""
    found = _DAY.search(born)
    if not found:
        return ()
    day, month, year, iso_year, iso_month, iso_day = (int(one or 0) for one in found.groups())
    if iso_year:
        return _days((iso_year, iso_month, iso_day))
    return _days((year, month, day), (year, day, month))


def years_of(born: str, at: int) -> tuple[int, ...]:
    """The years that somebody may be born in, by a day, a year or an age at this time."""
    if days := days_of(born):
        return _around(days[0].year)
    if written := _YEAR.search(born):
        return _around(int(written.group()))
    age = _AGE.search(born)
    if age is None:
        return ()
    old = 0 if _MONTHS_OLD.search(born) else int(age.group())
    # Times of a phone could be anything; an age beyond the calendar is no age.
    year = _year(at)
    return _around(year - old) if year - old > 1 else ()


def _year(at: int) -> int:
    try:
        return datetime.fromtimestamp(at / 1000, UTC).year
    except (ValueError, OverflowError, OSError):
        return 0


def _around(year: int) -> tuple[int, ...]:
    return (year - 1, year, year + 1)


def _days(*found: tuple[int, int, int]) -> tuple[date, ...]:
    days = []
    for year, month, day in found:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(dict.fromkeys(days))


def _pairs(keys: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for one, other in combinations(sorted(keys), 2):
        for pair in product(keys[one], keys[other]):
            yield " ".join(sorted(pair))


def _slips(keys: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for word, one in permutations(keys, 2):
        if len(word) >= _LONG:
            yield f"{keys[one][0]} {word[:2]}-{word[-2:]}"
