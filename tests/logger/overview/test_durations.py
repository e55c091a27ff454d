"""Durations as steps of a scale: close to what they were, and the same on every machine."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from logger.overview.durations import MINUTE_MS, minutes_at, spread, step_of

YEAR = 366 * 24 * 60


@given(st.integers(0, 20 * YEAR))
def test_a_duration_is_kept_to_about_a_twentieth(minutes: int) -> None:
    kept = minutes_at(step_of(minutes * MINUTE_MS))
    assert abs(kept - minutes) <= minutes / 20
    assert minutes >= 20 or kept == minutes


@given(st.integers(0, 40 * YEAR), st.integers(0, 40 * YEAR))
def test_a_longer_duration_is_never_on_a_lower_step(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert step_of(low * MINUTE_MS) <= step_of(high * MINUTE_MS)


def test_a_wrong_clock_and_an_age_find_a_step_too() -> None:
    assert minutes_at(step_of(-5 * MINUTE_MS)) == 0
    assert minutes_at(step_of(2**53)) > 30 * YEAR


@given(st.lists(st.integers(0, YEAR), min_size=10, max_size=60))
def test_median_and_ninetieth_are_those_of_the_durations_themselves(minutes: list[int]) -> None:
    found = spread(Counter(step_of(one * MINUTE_MS) for one in minutes))
    ordered = sorted(minutes)
    for value, percent in ((found.median, 50), (found.ninetieth, 90)):
        exact = ordered[-(-len(ordered) * percent // 100) - 1]
        assert value is not None
        assert abs(value - exact) <= exact / 20


def test_few_durations_have_no_median_and_fewer_than_ten_no_ninetieth() -> None:
    assert spread(Counter({3: 4})).median is None
    assert (spread(Counter({3: 5})).median, spread(Counter({3: 9})).ninetieth) == (3, None)
    assert spread(Counter({3: 10})).ninetieth == 3
