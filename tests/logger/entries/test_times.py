"""Clocks in words."""

from __future__ import annotations

from datetime import date

import pytest

from logger.entries.times import (
    DAY,
    HOUR,
    MINUTE,
    Tone,
    after_working_days,
    as_shown,
    day_of_share,
    skew,
    to_document,
)

AT = 1_795_514_400_000  # Tuesday 24 November 2026, 10:00


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, (False, 24, "hours", Tone.CALM)),
        (23 * HOUR + 30 * MINUTE, (False, 30, "minutes", Tone.CALM)),
        (DAY - 1, (False, 1, "minutes", Tone.CALM)),
        (DAY, (True, 1, "minutes", Tone.AMBER)),
        (2 * DAY - 1, (True, 23, "hours", Tone.AMBER)),
        (2 * DAY, (True, 24, "hours", Tone.RED)),
        (4 * DAY, (True, 3, "days", Tone.RED)),
    ],
)
def test_a_deadline_counts_down_and_then_up(passed: int, words: tuple[object, ...]) -> None:
    due = to_document(AT, AT + passed, 24, 48)
    assert (due.overdue, due.count, due.unit, due.tone) == words


def test_working_days_leave_out_the_weekend() -> None:
    assert after_working_days(AT, 3) == AT + 3 * DAY
    assert after_working_days(AT, 4) == AT + 6 * DAY


def test_only_what_is_certain_is_said_of_a_phones_clock() -> None:
    assert skew(AT, None, AT + 9 * HOUR) is None, "waited for signal, or slow: nobody can know"
    fast = skew(AT + 7 * MINUTE + 5, None, AT)
    assert fast is not None
    assert (fast.fast, fast.minutes) == (True, 7)
    slow = skew(AT - 90 * MINUTE, AT, AT + MINUTE)
    assert slow is not None
    assert (slow.fast, slow.minutes) == (False, 90)


@pytest.mark.parametrize("at", [2**53, -(2**53), 0, AT])
@pytest.mark.parametrize("offset", [32_767, -32_768, 0, 60])
def test_no_time_of_a_phone_is_too_odd_to_show(at: int, offset: int) -> None:
    assert as_shown(at, offset).isoformat()


def test_the_day_of_a_share_is_the_day_where_it_was_made() -> None:
    almost_midnight = AT + 13 * HOUR + 30 * MINUTE
    assert day_of_share(almost_midnight, 0) == date(2026, 11, 24)
    assert day_of_share(almost_midnight, 60) == date(2026, 11, 25)
