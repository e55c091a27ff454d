"""Weeks are whole, whatever days somebody asks for."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from logger.overview.period import MOST_WEEKS, Period, chosen, latest

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(DAYS, DAYS)
def test_any_two_days_give_whole_weeks_that_have_begun(one: date, other: date) -> None:
    period = chosen(one, other, TODAY)
    assert (period.begins.weekday(), period.ends.weekday()) == (0, 6)
    assert period.begins <= TODAY
    assert 1 <= len(period.weeks) <= MOST_WEEKS
    assert period == chosen(other, one, TODAY)


def test_a_range_takes_in_both_its_days() -> None:
    period = chosen(date(2026, 11, 4), date(2026, 11, 15), TODAY)
    assert (period.begins, period.ends) == (date(2026, 11, 2), date(2026, 11, 15))


def test_too_long_a_range_keeps_its_end() -> None:
    period = chosen(date(1990, 1, 1), TODAY, TODAY)
    assert (len(period.weeks), period.ends) == (MOST_WEEKS, date(2026, 11, 29))


def test_the_latest_weeks_end_with_this_one() -> None:
    assert latest(TODAY, 2) == Period(latest(TODAY, 1).first - 1, latest(TODAY, 1).last)
