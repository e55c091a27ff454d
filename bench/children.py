"""Made-up children for bench.review: laid into an index with the marks that the record would give.

Common names come more often than others; real captures of one child stand among them, joined, with
something still proposed.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from functools import cache

from logger.children.happened import Mention
from logger.children.marks import Marking, Marks
from logger.children.saying import Saying
from tests.desk_world import DAY, START, Browser, World
from tests.name_pairs import FAMILY, GIVEN

OF_ONE_CHILD, CHUNK = 24, 20_000
# Of everybody so many are called by one of the most common names.
COMMON, SHARE_OF_COMMON = 8, 0.3
_MENTION = "INSERT INTO mentions (number, entry, ordinal, reach, marks) VALUES (?, ?, 0, ?, ?)"
_MARK = "INSERT OR IGNORE INTO child_marks VALUES (?, ?, ?)"
_CHILD_PHONE = "INSERT INTO child_phones VALUES (?, ?)"
_FIRST_PHONE, _FIRST_MENTION = 100, 1_000


def one_child(world: World) -> Mention:
    """A child of as many shares as fit on a page, joined, and with something still proposed."""
    mentions = []
    for number in range(OF_ONE_CHILD + 3):
        world.later(DAY)
        name = "Osian Quill" if number % 2 else "Oshian Quill"
        child = {"name": name, "unknown": False, "born": "2019-04-01"}
        mentions.append(Mention(world.capture(world.dana, children=[child]), 0))
    saying = world.rooms.rooms[Saying]
    assert isinstance(saying, Saying)
    for other in mentions[1:OF_ONE_CHILD]:
        saying.join(world.sam, mentions[0], other)
    return mentions[0]


def key_of(number: int) -> bytes:
    """The id of a made-up entry."""
    return hashlib.sha256(b"entry %d" % number).digest()[:16]


def phone_of(number: int, phones: int) -> int:
    """Which of so many phones made it."""
    return random.Random(number).randrange(phones)


def fill(db: sqlite3.Connection, marking: Marking, size: int, devices: list[bytes]) -> None:
    """One child for each made-up entry."""
    phones = [(_FIRST_PHONE + number, device) for number, device in enumerate(devices)]
    db.executemany(_CHILD_PHONE, phones)
    for begin in range(0, size, CHUNK):
        mentions, marks = [], []
        for number in range(begin, min(size, begin + CHUNK)):
            of = marks_of(marking, random.Random(-number - 1))
            reach = 2 * (_FIRST_PHONE + phone_of(number, len(devices)))
            mention = _FIRST_MENTION + number
            mentions.append((mention, key_of(number), reach, of.to_bytes()))
            marks += [(mark, place, mention) for mark in of.found_by() for place in (0, reach)]
        db.executemany(_MENTION, mentions)
        db.executemany(_MARK, sorted(marks))


def asked(number: int) -> dict[str, str]:
    """What is searched for, each time something else."""
    chance = random.Random(number)
    given, family = name(chance)
    return (
        {"name": f"{given} {family}"},
        {"name": given},
        {"born": born(chance)},
        {"reference": "X99"},
    )[number % 4]


def search(browser: Browser) -> Iterator[dict[str, object]]:
    """The forms of one search after another."""
    form = browser.get("/children").form_values("/children")
    number = 0
    while True:
        yield form | asked(number)
        number += 1


def marks_of(marking: Marking, chance: random.Random) -> Marks:
    """The marks of somebody made up."""
    of = _of_name(marking, *name(chance)).of | _of_day(marking, born(chance)).of
    return Marks(of)


def name(chance: random.Random) -> tuple[str, str]:
    """A given and a family name."""
    if chance.random() < SHARE_OF_COMMON:
        return chance.choice(GIVEN[:COMMON]), chance.choice(FAMILY[:COMMON])
    return chance.choice(GIVEN), chance.choice(FAMILY)


def born(chance: random.Random) -> str:
    """A date of birth."""
    return f"{chance.randint(2009, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


@cache
def _of_name(marking: Marking, given: str, family: str) -> Marks:
    return marking.of(f"{given} {family}", "", "", START)


@cache
def _of_day(marking: Marking, day: str) -> Marks:
    return marking.of("", day, "", START)
