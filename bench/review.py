"""What review costs as the record grows: python -m bench.review [ENTRIES …]

So many entries of 200 phones are laid into an index directly, one in ten waiting for review, and
the door is then asked for the queue, for filters of it and for one entry with the queue beside it,
by a supervisor of twenty phones and by the reviewer's alternate, who has every phone. At the end
stands the ratio of the largest to the smallest. Compare the rows of one run, not runs.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from logger.entries.index import DONE, TO_REVIEW
from logger.people.person import Person
from logger.review.facets import facets_of
from tests.desk_world import DAY, START, World

ASKED, PHONES, TEAM, WAITING = 40, 200, 20, 10
TOLD = ("police-999", "childrens-social-care", "school", "gp", "camhs", "health-visiting")
WHYS = ("neglect", "missing", "domestic-abuse", "emotional-abuse", "physical-abuse", "medical")
HOWS = ("phone", "in-person", "secure-email", "ordinary-email", "letter")
_ENTRY = """
INSERT INTO entries (
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, last_server, offline, received_at, urgent, act, attempt, review_on,
    danger, allegation, mistake, state, list, rank, since, last_position, submitted_at
) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 0, 0, ?, NULL, 0, ?, ?, 'shared', '', '', ?, 0, 0, ?, ?, ?, ?,
    ?, ?)
"""
_FACET = "INSERT INTO facets VALUES (?, ?, ?, ?, ?, ?)"
# What is asked, and the address; {entry} is one that is really there.
PAGES = (
    ("queue", "/to-review"),
    ("filtered", "/to-review?why=missing&told=school&flag=ordinary-email"),
    ("overdue", "/to-review?overdue=yes"),
    ("not documented", "/undocumented"),
    ("entry", "/review/{entry}"),
)


def main() -> None:
    """Fill, ask, print, once for each size."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 100_000, 1_000_000]
    print(f"SQLite {sqlite3.sqlite_version}, {ASKED} pages a figure, p50 / p95 in ms")
    print("| entries | waiting | who | " + " | ".join(name for name, _ in PAGES) + " |")
    print("|--:|--:|---|" + "--:|" * len(PAGES))
    found: dict[str, list[list[float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for who, figures in measured(Path(folder), size).items():
                found.setdefault(who, []).append([p50 for p50, _ in figures])
                cells = " | ".join(f"{p50:.0f} / {p95:.0f}" for p50, p95 in figures)
                print(f"| {size:,} | {size // WAITING:,} | {who} | {cells} |", flush=True)
    for who, rows in found.items():
        ratios = (last / first for first, last in zip(rows[0], rows[-1], strict=True))
        print(f"| ratio | | {who} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")


def measured(folder: Path, size: int) -> dict[str, list[tuple[float, float]]]:
    """What each page takes, for whoever asks."""
    world = World(folder)
    entry = world.submitted(world.dana)
    fill(world, size)
    people = {"a team": world.sam, "everybody": world.aled}
    return {
        who: [ask(world, person, path.format(entry=entry)) for _, path in PAGES]
        for who, person in people.items()
    }


def ask(world: World, person: Person, path: str) -> tuple[float, float]:
    """The middle and the slow end of asking for one page again and again."""
    browser, took = world.browser(person), []
    for _ in range(ASKED):
        begun = time.perf_counter()
        answer = browser.client.get(path)
        took.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.95)]


def fill(world: World, size: int) -> None:
    """Lay made-up entries into the index, as folding would."""
    chance = random.Random(1)
    devices = [hashlib.sha256(b"%d" % number).digest() for number in range(PHONES)]
    db = sqlite3.connect(world.rooms.index.path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    for number, device in enumerate(devices):
        person = world.dana if number < TEAM else world.nia
        db.execute("INSERT INTO phones VALUES (?, ?, '', 0, NULL)", (device, str(person.id)))
    for number in range(size):
        lay(db, number, chance, devices)
    db.execute("COMMIT")
    db.close()


def lay(db: sqlite3.Connection, number: int, chance: random.Random, devices: list[bytes]) -> None:
    """One entry and what it can be found by."""
    key = hashlib.sha256(b"entry %d" % number).digest()[:16]
    device, at = chance.choice(devices), START - chance.randrange(90 * DAY)
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
        line = (which, rank, since, device, told, why, how, danger, 0, 0)
        rows = [(facet, which, rank, since, key, device) for facet in facets_of(line)]
        db.executemany(_FACET, rows)


if __name__ == "__main__":
    main()
