"""Sums of what was counted, by weeks and by blocks of weeks, so that a year is few rows to read.

Whoever is counted together has an owner: everybody, a team, a phone. A phone has its weeks alone,
from which its sums follow it into another team. A range is read as the fewest blocks that make it
up: what that costs depends on the range and not on how much was counted in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlite_utils import Database

# In weeks; each is made up of blocks of the one before.
SPANS = (1, 4, 16)
# Stands for all phones together.
EVERYBODY = b""

TABLES = (
    """CREATE TABLE overview_sums (
        owner BLOB NOT NULL, span INTEGER NOT NULL, block INTEGER NOT NULL, figure TEXT NOT NULL,
        code TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (owner, span, block, figure, code)
    ) WITHOUT ROWID""",
    # Which team the sums of a phone stand in now.
    "CREATE TABLE overview_places (device BLOB PRIMARY KEY, team TEXT NOT NULL) WITHOUT ROWID",
)
_ADD = """
INSERT INTO overview_sums VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (owner, span, block, figure, code) DO UPDATE SET count = count + excluded.count
"""
# A nought would tell that something was counted here once.
_CLEAR = """
DELETE FROM overview_sums
WHERE owner = ? AND span = ? AND block = ? AND figure = ? AND code = ? AND count = 0
"""
_PLACE = "SELECT team FROM overview_places WHERE device = ?"
_SET_PLACE = "INSERT OR REPLACE INTO overview_places VALUES (?, ?)"
_PHONES = """
SELECT phones.device, people.team FROM phones JOIN people ON people.id = phones.person
WHERE phones.person = ?
"""
_ADD_ALL = """
INSERT INTO overview_sums
SELECT ?, ?, week.block / ?, week.figure, week.code, sum(? * week.count)
FROM overview_sums week WHERE week.owner = ? AND week.span = 1
GROUP BY week.block / ?, week.figure, week.code
ON CONFLICT (owner, span, block, figure, code) DO UPDATE SET count = count + excluded.count
"""
_CLEAR_ALL = "DELETE FROM overview_sums WHERE owner = ? AND count = 0"
# One range of blocks; as many as are needed are put together before anything is summed.
_RANGE = """
SELECT figure, code, count FROM overview_sums WHERE owner = ? AND span = ? AND block BETWEEN ? AND ?
"""
_WEEKS = """
SELECT block, count FROM overview_sums
WHERE owner = ? AND span = 1 AND block BETWEEN ? AND ? AND figure = 'share' AND code = ''
"""


def team_owner(team: str) -> bytes:
    """The owner that stands for a team; no phone is called so, their names are hashes."""
    return b"team " + team.encode()


def add(db: Database, device: bytes, week: int, changed: Mapping[tuple[str, str], int]) -> None:
    """Count something of a phone, for itself, its team and everybody."""
    found = db.conn.execute(_PLACE, (device,)).fetchone()
    owners = [(device, SPANS[:1]), (EVERYBODY, SPANS)]
    if found and found[0]:
        owners.append((team_owner(found[0]), SPANS))
    for (figure, code), count in sorted(changed.items()):
        places = [(owner, span, week // span) for owner, spans in owners for span in spans]
        if count:
            db.conn.executemany(_ADD, [(*place, figure, code, count) for place in places])
        if count < 0:
            db.conn.executemany(_CLEAR, [(*place, figure, code) for place in places])


def follow(db: Database, person: str) -> None:
    """Put the sums of this person's phones where the person belongs now."""
    for device, team in db.conn.execute(_PHONES, (person,)).fetchall():
        found = db.conn.execute(_PLACE, (device,)).fetchone()
        before = found[0] if found else ""
        if team == before:
            continue
        for name, sign in ((before, -1), (team, 1)):
            if name:
                _add_all(db, team_owner(name), device, sign)
        db.conn.execute(_SET_PLACE, (device, team))


def within(db: Database, owner: bytes, first: int, last: int) -> Counter[tuple[str, str]]:
    """All that was counted from one week to another, both included."""
    found = list(ranges(first, last))
    if not found:
        return Counter()
    together = " UNION ALL ".join([_RANGE] * len(found))
    asked = f"SELECT figure, code, sum(count) FROM ({together}) GROUP BY figure, code"  # noqa: S608 only constants of this file
    values = [value for one in found for value in (owner, *one)]
    rows = db.conn.execute(asked, values).fetchall()
    return Counter({(figure, code): count for figure, code, count in rows})


def shares_by_week(db: Database, owner: bytes, first: int, last: int) -> Counter[int]:
    """How many shares each week had."""
    return Counter(dict(db.conn.execute(_WEEKS, (owner, first, last)).fetchall()))


def ranges(first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The blocks that make up these weeks: span, first block, last block. Pure."""
    week, now = first, (0, 0, 0)
    while week <= last:
        fits = [span for span in SPANS if week % span == 0 and week + span - 1 <= last]
        span = max(fits)
        if now[0] == span:
            now = (span, now[1], week // span)
        else:
            if now[0]:
                yield now
            now = (span, week // span, week // span)
        week += span
    if now[0]:
        yield now


def _add_all(db: Database, owner: bytes, device: bytes, sign: int) -> None:
    for span in SPANS:
        db.conn.execute(_ADD_ALL, (owner, span, span, sign, device, span))
    if sign < 0:
        db.conn.execute(_CLEAR_ALL, (owner,))
