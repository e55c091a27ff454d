"""Asks the index for figures. Nothing is opened, and every count has passed the rule on small ones.

A whole organisation and a team each have sums of their own: what a page costs follows from the
weeks it is about, not from how many entries or phones there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from logger.directory.recipients import Directory
from logger.entries.index import NOT_TOLD, SOMEONE_ELSE, TO_COMPLETE, TO_REVIEW
from logger.entries.times import DAY, HOUR, to_review
from logger.journal.index import Index
from logger.overview.durations import Spread, spread
from logger.overview.period import Period
from logger.overview.sums import EVERYBODY, shares_by_week, team_owner, within
from logger.overview.suppression import LEAST, Protected, protect, protect_one
from logger.settings import Settings

# Counting further would walk further and say no more.
MOST_OVERDUE = 1_000
INTERVALS = ("logged", "documented", "reviewed")
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "consent": ("given", "refused", "not-asked"),
    "told": ("told", "not-safe", "not-practicable", "later"),
    "agreement": ("yes", "none", "not-known"),
}
BREAKDOWNS = ("recipient", "why", "how", *ANSWERS, "without")
# Codes of the figures' own: nothing was said, or something this organisation has no word for.
NOT_SAID, OTHER = "", "other"
Sums = Counter[tuple[str, str]]
Walk = tuple[bytes | None, tuple[int, int, int, int]]

_OF_ALL = """
FROM entries INDEXED BY entries_of_all WHERE list = ? AND rank = ? AND since >= ? AND since < ?
"""
_OF_DEVICE = """
FROM entries INDEXED BY entries_of_device
WHERE device = ? AND list = ? AND rank = ? AND since >= ? AND since < ?
"""
_COUNT_OF_ALL = f"SELECT count(*) FROM (SELECT 1 {_OF_ALL} LIMIT ?)"  # noqa: S608 only constants
_COUNT_OF_DEVICE = f"SELECT count(*) FROM (SELECT 1 {_OF_DEVICE} LIMIT ?)"  # noqa: S608 only constants
_SINCE_OF_ALL = f"SELECT since {_OF_ALL} ORDER BY since LIMIT ?"
_SINCE_OF_DEVICE = f"SELECT since {_OF_DEVICE} ORDER BY since LIMIT ?"
# As EntriesIndex ranks them: first what was returned or is urgent, then the rest.
_FIRST, _REST = 0, 1
_EVER = 2**62


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How shares divide by one thing they have a code for; commonest first."""

    codes: tuple[str, ...]
    counts: Protected


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is late at this moment; None where it is too few to say, MOST_OVERDUE for more."""

    to_document: int | None
    returned: int | None
    to_review: int | None
    not_told: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a period; `shares` is None for too few, and then nothing else is shown."""

    period: Period
    shares: int | None
    weeks: Protected
    breakdowns: dict[str, Breakdown]
    spreads: dict[str, Spread]


class Overview:
    """Figures of a team, or of everybody where `team` is None."""

    def __init__(self, index: Index, settings: Settings, directory: Callable[[], Directory]):
        self._index, self._settings, self._directory = index, settings, directory

    def _known(self) -> dict[str, frozenset[str]]:
        directory = self._directory()
        return {
            "recipient": directory.codes("recipients") | {SOMEONE_ELSE, NOT_SAID},
            "why": directory.codes("why") | {NOT_SAID},
            "how": directory.codes("how") | {NOT_SAID},
            "without": directory.codes("recipients") | {SOMEONE_ELSE},
            **{figure: frozenset(codes) for figure, codes in ANSWERS.items()},
        }

    def figures(self, period: Period, team: str | None) -> Figures:
        """The figures of a period."""
        owner = EVERYBODY if team is None else team_owner(team)
        db, listed = self._index.read(), self._known()
        found: Sums = Counter()
        for (figure, code), count in within(db, owner, period.first, period.last).items():
            # A code comes from a phone: one that nobody listed may be unique to one child.
            found[figure, code if code in listed.get(figure, {code}) else OTHER] += count
        weeks = shares_by_week(db, owner, period.first, period.last)
        return gathered(period, found, [weeks[week] for week in period.weeks])

    def overdue(self, now: int, devices: Collection[bytes] | None) -> Overdue:
        """What is late now: the clocks are those of the lists that people work through."""
        late, both = now - self._settings.document_within_hours * HOUR, (_FIRST, _REST)
        return Overdue(
            to_document=protect_one(self._count(devices, TO_COMPLETE, (_REST,), late + 1)),
            returned=protect_one(self._count(devices, TO_COMPLETE, (_FIRST,), _EVER)),
            to_review=protect_one(self._late_for_review(devices, now)),
            not_told=protect_one(self._count(devices, NOT_TOLD, both, _EVER)),
        )

    def _late_for_review(self, devices: Collection[bytes] | None, now: int) -> int:
        within, ranks = self._settings.review_within_days, (_FIRST, _REST)
        # Working days are asked about one by one only where weekends can make the difference.
        surely = now - (within * 7 // 5 + 4) * DAY
        count = self._count(devices, TO_REVIEW, ranks, surely)
        for walk in self._walks(devices, TO_REVIEW, ranks, surely, now):
            left = MOST_OVERDUE - count
            if left <= 0:
                break
            rows = self._rows(_SINCE_OF_ALL, _SINCE_OF_DEVICE, walk, left)
            count += sum(to_review(since, now, within).overdue for (since,) in rows)
        return count

    def _count(
        self, devices: Collection[bytes] | None, which: int, ranks: tuple[int, ...], before: int
    ) -> int:
        total = 0
        for walk in self._walks(devices, which, ranks, -_EVER, before):
            left = MOST_OVERDUE - total
            if left <= 0:
                break
            total += self._rows(_COUNT_OF_ALL, _COUNT_OF_DEVICE, walk, left)[0][0]
        return total

    def _walks(
        self,
        devices: Collection[bytes] | None,
        which: int,
        ranks: tuple[int, ...],
        since: int,
        before: int,
    ) -> Iterator[Walk]:
        for device, rank in product((None,) if devices is None else devices, ranks):
            yield device, (which, rank, since, before)

    def _rows(self, of_all: str, of_device: str, walk: Walk, limit: int) -> list[tuple[int]]:
        (device, place), db = walk, self._index.read().conn
        if device is None:
            return db.execute(of_all, (*place, limit)).fetchall()
        return db.execute(of_device, (device, *place, limit)).fetchall()


def gathered(period: Period, sums: Sums, weeks: list[int]) -> Figures:
    """Raw counts as they may be shown. Pure."""
    shares = sums["share", ""]
    too_few = 0 < shares < LEAST
    if too_few:
        # Whatever else is known of so few shares is known of each of them.
        sums, weeks = Counter(), [0] * len(weeks)
    return Figures(
        period,
        None if too_few else shares,
        protect(weeks),
        {figure: _breakdown(sums, figure) for figure in BREAKDOWNS},
        {one: spread(_steps(sums, one)) for one in INTERVALS},
    )


def _breakdown(sums: Sums, figure: str) -> Breakdown:
    found = [(count, code) for (name, code), count in sums.items() if name == figure and count]
    found.sort(key=lambda one: (-one[0], one[1]))
    counts = protect([count for count, _code in found])
    if counts.withheld:
        # Not even which codes there are: each would be there for somebody.
        return Breakdown((), Protected((), withheld=True))
    # The order among hidden ones would tell which of them is the larger.
    order = sorted(
        range(len(found)),
        key=lambda place: (-(counts.cells[place] or 0), found[place][1]),
    )
    codes = tuple(found[place][1] for place in order)
    cells = tuple(counts.cells[place] for place in order)
    return Breakdown(codes, Protected(cells, counts.withheld))


def _steps(sums: Sums, figure: str) -> dict[int, int]:
    return {int(code): count for (name, code), count in sums.items() if name == figure}
