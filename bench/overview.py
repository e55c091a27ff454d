"""What the overview costs as the record grows: python -m bench.overview [ENTRIES …]

Ten years of shares of 200 phones are laid into an index directly, as many as each row says, and the
door is then asked for the page of the last year, by the data protection officer for everybody and
by a supervisor for a team of twenty phones. Times are those of the processor, because the machine
may have other work. Compare the rows of one run, not runs.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from logger.overview.sums import EVERYBODY, SPANS, team_owner
from logger.people.person import Person, Role
from tests.desk_world import DAY, MINUTE, START, World

Took = tuple[float, float]
ASKED, PHONES, TEAM, YEARS = 40, 200, 20, 10
TOLD = ("police-999", "childrens-social-care", "school", "gp", "camhs", "health-visiting")
WHYS = ("neglect", "missing", "domestic-abuse", "emotional-abuse", "physical-abuse", "medical")
HOWS = ("phone", "in-person", "secure-email", "ordinary-email", "letter")
_ADD = "INSERT INTO overview_sums VALUES (?, ?, ?, ?, ?, ?)"
_ENTRY = """
INSERT INTO entries (
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, offline, received_at, urgent, act, attempt, review_on,
    danger, allegation, mistake, state, list, rank, since, last_position
) VALUES (?, ?, ?, '["gp"]', '[]', 'phone', 1, ?, 0, 0, ?, 0, ?, 0, 'shared', '', '',
    0, 0, 0, 'to-complete', ?, 1, ?, ?)
"""


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 100_000, 1_000_000]
    print(f"SQLite {sqlite3.sqlite_version}, {ASKED} pages a row")
    print("| entries | everybody p50 | p95 | a team p50 | p95 | p50 to the first row |")
    print("|--:|--:|--:|--:|--:|--:|")
    first: list[Took] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            took = measured(Path(folder), size)
        first = first or took
        cells = [f"{half:.0f} ms | {most:.0f} ms" for half, most in took]
        ratio = " / ".join(f"{one[0] / then[0]:.2f}" for one, then in zip(took, first, strict=True))
        print(f"| {size:,} | {' | '.join(cells)} | {ratio} |", flush=True)


def measured(folder: Path, size: int) -> list[Took]:
    world = World(folder)
    officer = Role.DATA_PROTECTION_OFFICER
    people = [world.rooms.add_person("Priya", "priya@example.org", officer, ""), world.sam]
    fill(world, size)
    return [ask(world, person) for person in people]


def ask(world: World, person: Person) -> Took:
    browser, took = world.browser(person), []
    for _ in range(ASKED):
        begun = time.thread_time()
        answer = browser.client.get("/overview?from=2025-11-25&to=2026-11-24")
        took.append(1000 * (time.thread_time() - begun))
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.95)]


def fill(world: World, size: int) -> None:
    chance, sums = random.Random(1), Counter[tuple[bytes, int, int, str, str]]()
    devices = [hashlib.sha256(b"%d" % number).digest() for number in range(PHONES)]
    db = sqlite3.connect(world.rooms.index.path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    for number, device in enumerate(devices):
        person = world.dana if number < TEAM else world.nia
        db.execute("INSERT INTO phones VALUES (?, ?, '', 0, NULL)", (device, str(person.id)))
    for number in range(size):
        device, day = chance.choice(devices), chance.randrange(YEARS * 365)
        week = (START // DAY - day + 719_162) // 7
        in_team = device in devices[:TEAM]
        owners = (EVERYBODY, team_owner("North" if in_team else "South"))
        for figure, code in facts(chance):
            sums[device, 1, week, figure, code] += 1
            for owner, span in product(owners, SPANS):
                sums[owner, span, week // span, figure, code] += 1
        key = hashlib.sha256(b"entry %d" % number).digest()[:16]
        at = START - day * DAY - MINUTE
        # One in ten still waits.
        which = 0 if number % 10 == 0 else 2
        db.execute(_ENTRY, (key, device, number, at, at, at, which, at, number))
    db.executemany(_ADD, ((*key, count) for key, count in sorted(sums.items())))
    db.execute("COMMIT")
    db.close()


def facts(chance: random.Random) -> Iterator[tuple[str, str]]:
    yield "share", ""
    yield "recipient", chance.choice(TOLD)
    yield "why", chance.choice(WHYS)
    yield "how", chance.choice(HOWS)
    yield "consent", chance.choice(("given", "refused", "not-asked"))
    yield "told", chance.choice(("told", "not-safe", "later"))
    for figure, middle in (("logged", 15), ("documented", 100), ("reviewed", 160)):
        yield figure, str(max(0, int(chance.gauss(middle, 15))))


if __name__ == "__main__":
    main()
