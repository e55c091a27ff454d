"""What children cost as the record grows: python -m bench.children [ENTRIES …]

Entries of 200 phones about made-up children, common names more often than others, are laid into an
index directly, with the marks that the record would give them; real captures of one child stand
among them. The door is then asked for searches (each of another name, date of birth or reference)
and for that child's chronology, by whoever belongs to every team and by a supervisor of twenty
phones. Compare the rows of one run, not runs; the time of the processor holds where others use the
machine as well.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from logger.children.happened import Mention
from logger.children.marks import Marking, Marks
from logger.children.saying import Saying
from logger.people.person import Person
from tests.desk_world import DAY, START, Browser, World
from tests.name_pairs import FAMILY, GIVEN

ASKED, PHONES, TEAM, OF_ONE_CHILD, CHUNK = 60, 200, 20, 24, 20_000
# Of everybody so many are called by one of the most common names.
COMMON, SHARE_OF_COMMON = 8, 0.3
WARM = 5
WHATS = tuple(
    f"{what} {figure}"
    for what in ("search", "child", "proposals")
    for figure in ("p50", "p95", "processor")
)
_ENTRY = """
INSERT INTO entries (
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, last_server, offline, received_at, urgent, act, attempt, review_on,
    danger, allegation, mistake, state, list, rank, since, last_position
) VALUES (?, ?, ?, '["gp"]', '["neglect"]', 'phone', 1, ?, 0, 0, ?, NULL, 0, ?, 0, 'shared', '',
    '', 0, 0, 0, 'to-complete', 0, 1, ?, ?)
"""
_MENTION = "INSERT INTO mentions (number, entry, ordinal, reach, marks) VALUES (?, ?, 0, ?, ?)"
_MARK = "INSERT OR IGNORE INTO child_marks VALUES (?, ?, ?)"
_PHONE = "INSERT INTO phones VALUES (?, ?, '', 0, NULL)"
_CHILD_PHONE = "INSERT INTO child_phones VALUES (?, ?)"

Took = tuple[float, float]


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 100_000, 1_000_000]
    print(f"SQLite {sqlite3.sqlite_version}, {ASKED} of each in a row")
    print(
        "| entries | asked by | " + " | ".join(WHATS) + " |\n|--:|---" + "|--:" * len(WHATS) + "|"
    )
    rows: dict[str, list[list[float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for who, found in measured(Path(folder), size):
                rows.setdefault(who, []).append(found)
                print(f"| {size:,} | {who} | {' | '.join(f'{ms:.0f} ms' for ms in found)} |")
                sys.stdout.flush()
    for who, found_by_size in rows.items():
        pairs = zip(found_by_size[0], found_by_size[-1], strict=True)
        ratios = (last / first for first, last in pairs)
        print(f"| last / first | {who} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")


def measured(folder: Path, size: int) -> Iterator[tuple[str, list[float]]]:
    world = World(folder)
    child = one_child(world)
    fill(world, size)
    for who, person in (("every team", world.aled), ("one team", world.sam)):
        browser = world.browser(person)
        form = browser.get("/children").form_values("/children")
        found = spread([search(browser, form, number) for number in range(WARM + ASKED)])
        found += spread([page(browser, child) for _ in range(WARM + ASKED)])
        found += spread([timed(browser, "/children", None) for _ in range(WARM + ASKED)])
        yield who, found


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


def search(browser: Browser, form: dict[str, str], number: int) -> Took:
    chance = random.Random(number)
    given, family = name(chance)
    asked = (
        {"name": f"{given} {family}"},
        {"name": given},
        {"born": born(chance)},
        {"reference": "X99"},
    )
    return timed(browser, "/children", form | asked[number % 4])


def page(browser: Browser, child: Mention) -> Took:
    return timed(browser, f"/children/{child.entry}/{child.ordinal}", None)


def timed(browser: Browser, path: str, form: dict[str, str] | None) -> Took:
    begun, busy = time.perf_counter(), time.process_time()
    answer = browser.client.post(path, data=form) if form else browser.client.get(path)
    took = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - busy)
    if answer.status_code != 200:
        raise RuntimeError(answer.text)
    return took


def spread(took: Sequence[Took]) -> list[float]:
    wall, busy = (sorted(one) for one in zip(*took[WARM:], strict=True))
    return [wall[len(wall) // 2], wall[int(len(wall) * 0.95)], busy[len(busy) // 2]]


def fill(world: World, size: int) -> None:
    marking = Marking(world.rooms.keyring.index_key)
    db = sqlite3.connect(world.rooms.index.path, isolation_level=None)
    for pragma in ("synchronous = OFF", "cache_size = -1500000", "journal_mode = OFF"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    devices = [hashlib.sha256(b"%d" % number).digest() for number in range(PHONES)]
    for number, device in enumerate(devices):
        person: Person = world.dana if number < TEAM else world.nia
        db.execute(_PHONE, (device, str(person.id)))
        db.execute(_CHILD_PHONE, (100 + number, device))
    for begin in range(0, size, CHUNK):
        entries, mentions, marks = [], [], []
        for number, which, key, of in made(marking, range(begin, min(size, begin + CHUNK))):
            at = START - number * 60_000
            entries.append((key, devices[which], number, at, at, at, at, number))
            reach = 2 * (100 + which)
            mentions.append((number + 1_000, key, reach, of.to_bytes()))
            marks += [(m, r, number + 1_000) for m in of.found_by() for r in (0, reach)]
        db.executemany(_ENTRY, entries)
        db.executemany(_MENTION, mentions)
        db.executemany(_MARK, sorted(marks))
    db.execute("COMMIT")
    db.close()


def made(marking: Marking, numbers: range) -> Iterator[tuple[int, int, bytes, Marks]]:
    for number in numbers:
        chance = random.Random(number)
        of = of_name(marking, *name(chance)).of | of_day(marking, born(chance)).of
        key = hashlib.sha256(b"entry %d" % number).digest()[:16]
        yield number, chance.randrange(PHONES), key, Marks(of)


def name(chance: random.Random) -> tuple[str, str]:
    if chance.random() < SHARE_OF_COMMON:
        return chance.choice(GIVEN[:COMMON]), chance.choice(FAMILY[:COMMON])
    return chance.choice(GIVEN), chance.choice(FAMILY)


def born(chance: random.Random) -> str:
    return f"{chance.randint(2009, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


@cache
def of_name(marking: Marking, given: str, family: str) -> Marks:
    return marking.of(f"{given} {family}", "", "", START)


@cache
def of_day(marking: Marking, day: str) -> Marks:
    return marking.of("", day, "", START)


if __name__ == "__main__":
    main()
