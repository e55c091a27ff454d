"""Asks the index for figures. Nothing is opened, and every count has passed the rule on small ones.

A whole organisation is read from weekly sums of everybody, a team from those of its phones: what a
page costs follows from the weeks it is about, not from how many entries there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import product

from logger.directory.recipients import Directory
from logger.entries.index import NOT_TOLD, SOMEONE_ELSE, TO_COMPLETE, TO_REVIEW
from logger.entries.times import HOUR, to_review
from logger.journal.index import Index
from logger.overview.durations import Spread, spread
from logger.overview.index import EVERYBODY
from logger.overview.period import Period
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
BREAKDOWNS = ("recipient", "why", "how", *ANSWERS)
# Codes of the figures' own: nothing was said, or something this organisation has no word for.
NOT_SAID, OTHER = "", "other"
Sums = Counter[tuple[str, str]]

_SUMS = """
SELECT figure, code, sum(count) FROM overview_weeks
WHERE device = ? AND week BETWEEN ? AND ? GROUP BY figure, code
"""
_WEEKS = """
SELECT week, count FROM overview_weeks
WHERE device = ? AND week BETWEEN ? AND ? AND figure = 'share' AND code = ''
"""
_SINCE_OF_ALL = """
SELECT since FROM entries INDEXED BY entries_of_all
WHERE list = ? AND rank = ? AND since < ? ORDER BY since LIMIT ?
"""
_SINCE_OF_DEVICE = """
SELECT since FROM entries INDEXED BY entries_of_device
WHERE device = ? AND list = ? AND rank = ? AND since < ? ORDER BY since LIMIT ?
"""
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
    """Figures of some phones, or of everybody's where `devices` is None."""

    def __init__(self, index: Index, settings: Settings, directory: Callable[[], Directory]):
        self._index, self._settings, self._directory = index, settings, directory

    def _known(self) -> dict[str, frozenset[str]]:
        directory = self._directory()
        return {
            "recipient": directory.codes("recipients") | {SOMEONE_ELSE, NOT_SAID},
            "why": directory.codes("why") | {NOT_SAID},
            "how": directory.codes("how") | {NOT_SAID},
            **{figure: frozenset(codes) for figure, codes in ANSWERS.items()},
        }

    def figures(self, period: Period, devices: Collection[bytes] | None) -> Figures:
        """The figures of a period."""
        phones = (EVERYBODY,) if devices is None else devices
        sums, weeks = self._sums(period, phones), self._weeks(period, phones)
        return gathered(period, sums, [weeks[week] for week in period.weeks])

    def overdue(self, now: int, devices: Collection[bytes] | None) -> Overdue:
        """What is late now: the clocks are those of the lists that people work through."""
        late = now - self._settings.document_within_hours * HOUR
        within = self._settings.review_within_days

        def any_time(since: int) -> bool:
            return True

        def review_is_late(since: int) -> bool:
            return to_review(since, now, within).overdue

        count, both = self._count, (_FIRST, _REST)
        return Overdue(
            to_document=protect_one(count(devices, TO_COMPLETE, (_REST,), late + 1, any_time)),
            returned=protect_one(count(devices, TO_COMPLETE, (_FIRST,), _EVER, any_time)),
            to_review=protect_one(count(devices, TO_REVIEW, both, now, review_is_late)),
            not_told=protect_one(count(devices, NOT_TOLD, both, _EVER, any_time)),
        )

    def _sums(self, period: Period, phones: Collection[bytes]) -> Sums:
        found: Sums = Counter()
        listed = self._known()
        for phone in phones:
            values = (phone, period.first, period.last)
            for figure, code, count in self._index.read().conn.execute(_SUMS, values).fetchall():
                # A code comes from a phone: one that nobody listed may be unique to one child.
                known = code in listed.get(figure, {code})
                found[figure, code if known else OTHER] += count
        return found

    def _weeks(self, period: Period, phones: Collection[bytes]) -> Counter[int]:
        found: Counter[int] = Counter()
        for phone in phones:
            values = (phone, period.first, period.last)
            for week, count in self._index.read().conn.execute(_WEEKS, values).fetchall():
                found[week] += count
        return found

    def _count(
        self,
        devices: Collection[bytes] | None,
        which: int,
        ranks: tuple[int, ...],
        before: int,
        late: Callable[[int], bool],
    ) -> int:
        db, total = self._index.read().conn, 0
        for device, rank in product((None,) if devices is None else devices, ranks):
            left = MOST_OVERDUE - total
            if left <= 0:
                break
            walk = (which, rank, before, left)
            rows = (
                db.execute(_SINCE_OF_ALL, walk)
                if device is None
                else db.execute(_SINCE_OF_DEVICE, (device, *walk))
            ).fetchall()
            total += sum(late(since) for (since,) in rows)
        return total


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
