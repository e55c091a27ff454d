"""The weeks that figures are about: whole ones, so that no range is cut around one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from logger.overview.index import week_of

USUAL_WEEKS = 12
MOST_WEEKS = 157  # three years: more would draw bars thinner than a line


@dataclass(frozen=True, slots=True)
class Period:
    """Weeks from `first` to `last`, both included, by number."""

    first: int
    last: int

    @property
    def begins(self) -> date:
        """The Monday it begins with."""
        return monday(self.first)

    @property
    def ends(self) -> date:
        """The Sunday it ends with."""
        return monday(self.last) + timedelta(days=6)

    @property
    def weeks(self) -> range:
        """The numbers of its weeks."""
        return range(self.first, self.last + 1)


def monday(week: int) -> date:
    """The Monday of a week."""
    return date.fromordinal(week * 7 + 1)


def latest(today: date, weeks: int = USUAL_WEEKS) -> Period:
    """So many weeks up to and with this one."""
    now = week_of(today.toordinal())
    return Period(now - weeks + 1, now)


def chosen(begins: date, ends: date, today: date) -> Period:
    """The whole weeks around two days in either order; none that has not begun, not too many."""
    now = week_of(today.toordinal())
    first, last = sorted(min(week_of(day.toordinal()), now) for day in (begins, ends))
    return Period(max(first, last - MOST_WEEKS + 1), last)
