"""Whether two people in two entries may be the same child, and why. Pure.

Promises: compares marks alone; both ways round it says the same; it proposes and never decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache

from logger.children.marks import Kind, Marks
from logger.shell.words import N_


class Strength(IntEnum):
    """How much speaks for it."""

    POSSIBLE = 1
    LIKELY = 2
    STRONG = 3


class Reason(StrEnum):
    """What speaks for it, and what against."""

    SAME_REFERENCE = "same-reference"
    SAME_NAME = "same-name"
    SOUNDS_ALIKE = "sounds-alike"
    SPELT_ALIKE = "spelt-alike"
    PART_OF_NAME = "part-of-name"
    SAME_BIRTH = "same-birth"
    NEAR_AGE = "near-age"
    OTHER_NAME = "other-name"
    OTHER_AGE = "other-age"


# English until they are shown.
STRENGTH_WORDS: Mapping[Strength, str] = {
    Strength.STRONG: N_("Much speaks for it"),
    Strength.LIKELY: N_("Likely"),
    Strength.POSSIBLE: N_("Possible"),
}
REASON_WORDS: Mapping[Reason, str] = {
    Reason.SAME_REFERENCE: N_("the same reference"),
    Reason.SAME_NAME: N_("the same name"),
    Reason.SOUNDS_ALIKE: N_("names that sound alike, or two forms of one name"),
    Reason.SPELT_ALIKE: N_("names that are spelt nearly alike"),
    Reason.PART_OF_NAME: N_("part of the name"),
    Reason.SAME_BIRTH: N_("the same date of birth"),
    Reason.NEAR_AGE: N_("a similar age"),
    Reason.OTHER_NAME: N_("but another name"),
    Reason.OTHER_AGE: N_("but another age"),
}


@dataclass(frozen=True, slots=True)
class Match:
    """That two may be one, and why."""

    strength: Strength
    reasons: tuple[Reason, ...]


def compare(one: Marks, other: Marks) -> Match | None:
    """None where too little speaks for it."""
    shared = one.shared(other)
    return _judged(shared, one.kinds, other.kinds) if shared else None


# A search compares over a hundred, and only a few dozen combinations of kinds ever occur.
@cache
def _judged(shared: frozenset[int], one: frozenset[int], other: frozenset[int]) -> Match | None:
    whole = (Kind.PAIR in one, Kind.PAIR in other)
    name, age = _name(one & other, shared, any(whole)), _age(one & other, shared)
    reference = Kind.REFERENCE in shared
    strength = _strength(name, age, all(whole), reference)
    if strength is None:
        return None
    said = [Reason.SAME_REFERENCE] if reference else []
    return Match(strength, tuple(said + [reason for reason in (name, age) if reason]))


def _strength(
    name: Reason | None, age: Reason | None, whole: bool, reference: bool
) -> Strength | None:
    if reference:
        # Brothers and sisters may stand under one reference.
        other = name is Reason.OTHER_NAME or (whole and name is Reason.PART_OF_NAME)
        return Strength.LIKELY if other else Strength.STRONG
    if name in (None, Reason.OTHER_NAME):
        return None
    if not whole:
        return _by_half(name, age)
    if name is Reason.PART_OF_NAME:
        # Brothers and sisters share a name; twins a day of birth as well.
        return Strength.POSSIBLE if age is Reason.SAME_BIRTH else None
    if age is Reason.OTHER_AGE:
        return Strength.POSSIBLE if name is Reason.SAME_NAME else None
    if name is Reason.SAME_NAME and age is Reason.SAME_BIRTH:
        return Strength.STRONG
    return Strength.LIKELY


def _by_half(name: Reason | None, age: Reason | None) -> Strength | None:
    """Where one of them is known by a single name."""
    if age is Reason.SAME_BIRTH:
        return Strength.STRONG if name is Reason.SAME_NAME else Strength.LIKELY
    if age is Reason.NEAR_AGE:
        return Strength.POSSIBLE
    return Strength.POSSIBLE if age is None and name is not Reason.PART_OF_NAME else None


def _name(both: frozenset[int], shared: frozenset[int], whole: bool) -> Reason | None:
    if Kind.NAME in shared:
        return Reason.SAME_NAME
    if Kind.PAIR in shared:
        return Reason.SOUNDS_ALIKE
    if Kind.SLIP in shared:
        return Reason.SPELT_ALIKE
    if Kind.SOUND in shared:
        return Reason.PART_OF_NAME if whole else Reason.SOUNDS_ALIKE
    return Reason.OTHER_NAME if Kind.NAME in both else None


def _age(both: frozenset[int], shared: frozenset[int]) -> Reason | None:
    if Kind.BORN in shared:
        return Reason.SAME_BIRTH
    if Kind.YEAR in shared:
        return Reason.NEAR_AGE
    return Reason.OTHER_AGE if Kind.YEAR in both else None
