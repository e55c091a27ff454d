"""Pairs of made-up names of which we know whether they are meant for one person.

The hard ones stand by hand in name_pairs.toml; the rest is made from lists of names by rules of how
people mishear and mistype, the same pairs in every run. No name here is taken from the product.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

HARD = Path(__file__).with_name("name_pairs.toml")
MADE = 2_000
FILE = tomllib.loads(HARD.read_text(encoding="utf-8"))
GIVEN: list[str] = FILE["given"].split()
FAMILY: list[str] = FILE["family"].split()


@dataclass(frozen=True)
class Pair:
    """Two names, whether they are meant for one person, and where the pair comes from."""

    one: str
    other: str
    same: bool
    group: str


def pairs() -> list[Pair]:
    """All of them."""
    return [*hard(), *made()]


def hard() -> Iterator[Pair]:
    """Those written by hand."""
    for group, same in (("same", True), ("other", False)):
        for line in FILE[group]:
            one, other = line.split(" | ")
            yield Pair(one, other, same, "by hand")


def made() -> Iterator[Pair]:
    """Those made by rules."""
    chance = random.Random(20_261_125)
    for number in range(MADE):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        rule = RULES[number % len(RULES)]
        if number % 2:
            yield Pair(f"{given} {family}", _another(chance, given, family), False, "made")
        else:
            yield Pair(f"{given} {family}", rule(chance, given, family), True, "made")


def _another(chance: random.Random, given: str, family: str) -> str:
    """A brother or sister, a namesake, or somebody else; half of them look alike."""
    near = chance.random() < 0.5
    other = _unlike(chance, given, GIVEN, near)
    stranger = _unlike(chance, family, FAMILY, near)
    return chance.choice((f"{other} {family}", f"{given} {stranger}", f"{other} {stranger}"))


def _unlike(chance: random.Random, name: str, names: Sequence[str], near: bool) -> str:
    others = [one for one in names if one != name]
    alike = get_close_matches(name, others, n=3, cutoff=0) if near else others
    return chance.choice(alike)


def _turned_round(chance: random.Random, given: str, family: str) -> str:
    return f"{family.upper()}, {given}"


def _middle_name(chance: random.Random, given: str, family: str) -> str:
    return f"{given} {chance.choice(GIVEN)} {family}"


def _doubled(chance: random.Random, given: str, family: str) -> str:
    place = chance.randrange(1, len(family))
    return f"{given} {family[:place]}{family[place - 1].lower()}{family[place:]}"


def _single(chance: random.Random, given: str, family: str) -> str:
    whole = f"{given} {family}"
    return "".join(one for at, one in enumerate(whole) if not at or one != whole[at - 1])


def _by_ear(chance: random.Random, given: str, family: str) -> str:
    heard = given.lower()
    for written, instead in (("ph", "f"), ("c", "k"), ("y", "i"), ("x", "ks"), ("ei", "ie")):
        if written in heard and "ch" not in heard:
            return f"{heard.replace(written, instead).title()} {family}"
    return f"{given} {family.replace('ck', 'k').replace('wh', 'w').replace('ph', 'f')}"


def _other_vowel(chance: random.Random, given: str, family: str) -> str:
    """A vowel nobody stresses, written as another."""
    places = [at for at in range(2, len(family) - 1) if family[at] in "aeiou"]
    if not places:
        return f"{given} {family.lower()}"
    at = chance.choice(places)
    return f"{given} {family[:at]}{chance.choice('aeiou')}{family[at + 1 :]}"


def _swapped(chance: random.Random, given: str, family: str) -> str:
    """Two letters typed the wrong way round."""
    at = chance.randrange(1, len(family) - 1)
    return f"{given} {family[:at]}{family[at + 1]}{family[at]}{family[at + 2 :]}"


def _dropped(chance: random.Random, given: str, family: str) -> str:
    """A letter that was not typed."""
    at = chance.randrange(2, len(family))
    return f"{given} {family[:at]}{family[at + 1 :]}"


Rule = Callable[[random.Random, str, str], str]
RULES: tuple[Rule, ...] = (
    _turned_round, _turned_round, _middle_name, _middle_name, _doubled, _doubled, _single, _single,
    _by_ear, _by_ear, _other_vowel, _other_vowel, _swapped, _swapped, _dropped, _dropped,
)  # fmt: skip
