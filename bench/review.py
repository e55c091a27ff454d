"""What the desk costs as the record grows: python -m bench.review [ENTRIES …]

So many entries of 200 phones are laid into an index directly, one in ten waiting for review, each
about a made-up child. The door is then asked for the queue, for filters of it, for one entry with
the queue beside it, for a child's chronology, for searches and for what is proposed, by a
supervisor of twenty phones and by the reviewer's alternate, who has every phone. At the end stand
the ratios of the largest to the smallest; that of the processor's time holds where others use the
machine as well. Compare the rows of one run, not runs.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product, repeat
from pathlib import Path

from bench import children
from logger.children.marks import Marking
from logger.entries.index import DONE, TO_REVIEW
from logger.review.facets import facets_of
from tests.desk_world import DAY, START, Browser, World

ASKED, WARM, PHONES, TEAM, WAITING = 40, 5, 200, 20, 10
TOLD = ("police-999", "childrens-social-care", "school", "gp", "camhs", "health-visiting")
WHYS = ("neglect", "missing", "domestic-abuse", "emotional-abuse", "physical-abuse", "medical")
HOWS = ("phone", "in-person", "secure-email", "ordinary-email", "letter")
_ENTRY = """
INSERT INTO entries (
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, offline, received_at, urgent, act, attempt, review_on,
    danger, allegation, mistake, state, list, rank, since, last_position, submitted_at
) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 0, 0, ?, 0, ?, ?, 'shared', '', '', ?, 0, 0, ?, ?, ?, ?,
    ?, ?)
"""
_FACET = "INSERT INTO facets VALUES (?, ?, ?, ?, ?, ?)"
Forms = Callable[[Browser], Iterator[dict[str, object] | None]]
# The middle and the slow end of the clock, and the middle of the processor's time.
Took = tuple[float, float, float]


def _none(_browser: Browser) -> Iterator[None]:
    return repeat(None)


# What is asked, the address, and what is sent; {entry} and {child} are really there.
PAGES: tuple[tuple[str, str, Forms], ...] = (
    ("queue", "/to-review", _none),
    ("filtered", "/to-review?why=missing&told=school&flag=ordinary-email", _none),
    ("overdue", "/to-review?overdue=yes", _none),
    ("not documented", "/undocumented", _none),
    ("entry", "/review/{entry}", _none),
    ("child", "/children/{child}", _none),
    ("search", "/children", children.search),
    ("proposals", "/children", _none),
)


def main() -> None:
    """Fill one record of each size, ask them in turn, print."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 100_000, 1_000_000]
    print(f"SQLite {sqlite3.sqlite_version}, {ASKED} of each in a row, p50 / p95 in ms")
    print("| entries | waiting | asked by | " + " | ".join(name for name, *_ in PAGES) + " |")
    print("|--:|--:|---|" + "--:|" * len(PAGES))
    with tempfile.TemporaryDirectory() as folder:
        filled = [Filled.of(Path(folder) / str(size), size) for size in sizes]
        found = {who: measured(filled, who) for who in ("a team", "everybody")}
    for (number, size), who in product(enumerate(sizes), found):
        cells = " | ".join(f"{p50:.0f} / {p95:.0f}" for p50, p95, _ in found[who][number])
        print(f"| {size:,} | {size // WAITING:,} | {who} | {cells} |")
    for which, said in ((0, "ratio"), (2, "of the processor")):
        for who, rows in found.items():
            pairs = zip(rows[0], rows[-1], strict=True)
            ratios = " | ".join(f"{last[which] / first[which]:.2f}" for first, last in pairs)
            print(f"| {said} | | {who} | {ratios} |")


@dataclass(frozen=True)
class Filled:
    """A record of a size, and an entry and a child that are really there."""

    world: World
    there: dict[str, str]

    @classmethod
    def of(cls, folder: Path, size: int) -> Filled:
        """Make one in this folder."""
        folder.mkdir()
        world = World(folder)
        child = children.one_child(world)
        there = {
            "entry": str(world.submitted(world.dana)),
            "child": f"{child.entry}/{child.ordinal}",
        }
        fill(world, size)
        return cls(world, there)

    def browser(self, who: str) -> Browser:
        """That of somebody with a team's phones, or with everybody's."""
        return self.world.browser(self.world.sam if who == "a team" else self.world.aled)


def measured(filled: Sequence[Filled], who: str) -> list[list[Took]]:
    """What each page takes in each record."""
    browsers = [one.browser(who) for one in filled]
    pages = []
    for _, path, forms in PAGES:
        paths = [path.format(**one.there) for one in filled]
        pages.append(in_turn(browsers, paths, [forms(browser) for browser in browsers]))
    return [list(one) for one in zip(*pages, strict=True)]


def in_turn(
    browsers: Sequence[Browser],
    paths: Sequence[str],
    forms: Sequence[Iterator[dict[str, object] | None]],
) -> list[Took]:
    """One page of each record, again and again: a machine that becomes slower does so for all."""
    took: list[list[tuple[float, float]]] = [[] for _ in browsers]
    for _ in range(WARM + ASKED):
        for number, browser in enumerate(browsers):
            took[number].append(timed(browser, paths[number], next(forms[number])))
    return [_middle(one[WARM:]) for one in took]


def _middle(took: list[tuple[float, float]]) -> Took:
    clock, busy = (sorted(one) for one in zip(*took, strict=True))
    return clock[ASKED // 2], clock[int(ASKED * 0.95)], busy[ASKED // 2]


def timed(browser: Browser, path: str, form: dict[str, object] | None) -> tuple[float, float]:
    """What one answer takes, of the clock and of the processor."""
    begun, busy = time.perf_counter(), time.process_time()
    answer = browser.client.post(path, data=form) if form else browser.client.get(path)
    took = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - busy)
    if answer.status_code != 200:
        raise RuntimeError(answer.text)
    return took


def fill(world: World, size: int) -> None:
    """Lay made-up entries into the index, as folding would."""
    chance = random.Random(1)
    devices = [hashlib.sha256(b"%d" % number).digest() for number in range(PHONES)]
    db = sqlite3.connect(world.rooms.index.path, isolation_level=None)
    for pragma in ("synchronous = OFF", "cache_size = -1500000", "journal_mode = OFF"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    for number, device in enumerate(devices):
        person = world.dana if number < TEAM else world.nia
        db.execute("INSERT INTO phones VALUES (?, ?, '', 0, NULL)", (device, str(person.id)))
    for number in range(size):
        lay(db, number, chance, devices)
    children.fill(db, Marking(world.rooms.keyring.index_key), size, devices)
    db.execute("COMMIT")
    db.close()


def lay(db: sqlite3.Connection, number: int, chance: random.Random, devices: list[bytes]) -> None:
    """One entry and what it can be found by."""
    key, device = children.key_of(number), devices[children.phone_of(number, PHONES)]
    at = START - chance.randrange(90 * DAY)
    waits = number % WAITING == 0
    rank = int(not waits or chance.random() > 0.1)
    told, why = json.dumps([chance.choice(TOLD)]), json.dumps([chance.choice(WHYS)])
    how, danger = chance.choice(HOWS), int(waits and not rank)
    which, state = (TO_REVIEW, "to-review") if waits else (DONE, "done")
    since = at if waits else -at
    values = (key, device, number, told, why, how, at, at, at, danger, danger, state, which, rank,
              since, number, at)  # fmt: skip
    db.execute(_ENTRY, values)
    if waits:
        line = (which, rank, since, device, told, "[]", why, how, danger, 0, 0)
        rows = [(facet, which, rank, since, key, device) for facet in facets_of(line)]
        db.executemany(_FACET, rows)


if __name__ == "__main__":
    main()
