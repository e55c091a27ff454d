"""Clocks in words."""

from __future__ import annotations

from datetime import date

import pytest

from logger.entries.capture import PhoneClock
from logger.entries.times import (
    DAY,
    HOUR,
    MINUTE,
    Skew,
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
    never = PhoneClock(AT, 0, 1, None)
    assert skew(never, AT + 9 * HOUR) is None, "waited for signal, or slow: nobody can know"
    assert skew(PhoneClock(AT + 7 * MINUTE + 5, 0, 1, None), AT) == Skew(True, 7)
    assert skew(PhoneClock(AT - 90 * MINUTE, 0, 1, AT), AT + MINUTE) == Skew(False, 90)


@pytest.mark.parametrize(
    ("ahead", "within", "found"),
    [
        (7 * MINUTE, 100, Skew(True, 7, AT)),
        (-7 * MINUTE, 100, Skew(False, 7, AT)),
        (MINUTE, 0, None),
        (2 * MINUTE, 70_000, None),
        (0, 0, None),
        (None, None, None),
    ],
)
def test_a_clock_that_was_compared_is_known_however_long_the_entry_waited(
    ahead: int | None, within: int | None, found: Skew | None
) -> None:
    clock = PhoneClock(AT + HOUR, 0, 1, AT, ahead, within)
    assert skew(clock, AT + 8 * HOUR) == found


def test_what_the_times_themselves_say_counts_where_it_says_more() -> None:
    set_since = PhoneClock(AT + 3 * DAY, 0, 1, AT, 7 * MINUTE, 100)
    assert skew(set_since, AT + DAY) == Skew(True, 2 * DAY // MINUTE)
    put_back = PhoneClock(AT - HOUR, 0, 1, AT, 7 * MINUTE, 100)
    assert skew(put_back, AT + DAY) == Skew(False, 60)
    sent_at_once = PhoneClock(AT + 7 * MINUTE, 0, 1, AT, 8 * MINUTE, 100)
    assert skew(sent_at_once, AT + MINUTE) == Skew(True, 8, AT)


@pytest.mark.parametrize("at", [2**53, -(2**53), 0, AT])
@pytest.mark.parametrize("offset", [32_767, -32_768, 0, 60])
def test_no_time_of_a_phone_is_too_odd_to_show(at: int, offset: int) -> None:
    assert as_shown(at, offset).isoformat()


def test_the_day_of_a_share_is_the_day_where_it_was_made() -> None:
    almost_midnight = AT + 13 * HOUR + 30 * MINUTE
    assert day_of_share(almost_midnight, 0) == date(2026, 11, 24)
    assert day_of_share(almost_midnight, 60) == date(2026, 11, 25)
