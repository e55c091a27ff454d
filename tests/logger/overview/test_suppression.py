"""Small counts are hidden, and nobody who knows the rule and the sum works one out."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.overview.figures import gathered
from logger.overview.period import Period
from logger.overview.suppression import LEAST, Protected, protect, protect_one

COUNTS = st.lists(st.integers(0, 60) | st.integers(0, 5), max_size=14)


@given(COUNTS)
def test_no_count_from_one_to_four_is_ever_shown(counts: list[int]) -> None:
    assert not set(protect(counts).cells) & set(range(1, LEAST))


@given(COUNTS)
def test_what_is_shown_is_true_and_stands_in_its_place(counts: list[int]) -> None:
    shown = zip(counts, protect(counts).cells, strict=True)
    assert all(cell in (None, count) for count, cell in shown)


@given(COUNTS)
def test_nothing_is_hidden_where_nothing_is_small(counts: list[int]) -> None:
    large = [count for count in counts if count == 0 or count >= LEAST]
    assert protect(large) == Protected(tuple(large))


@given(COUNTS)
def test_every_hidden_count_could_be_any_of_five_for_who_knows_the_sum(counts: list[int]) -> None:
    found = protect(counts)
    if found.withheld:
        assert set(found.cells) == {None}
        return
    hidden = [count for count, cell in zip(counts, found.cells, strict=True) if cell is None]
    left = sum(counts) - sum(cell for cell in found.cells if cell is not None)
    assert left == sum(hidden)
    assert not hidden or left - (len(hidden) - 1) >= LEAST


@given(st.lists(st.integers(0, 8), min_size=2, max_size=4))
def test_other_counts_would_look_the_same_and_differ_in_each_hidden_place(
    counts: list[int],
) -> None:
    found = protect(counts)
    hidden = [place for place, cell in enumerate(found.cells) if cell is None]
    if found.withheld or not hidden:
        return
    seen: dict[int, set[int]] = {place: set() for place in hidden}
    left = sum(counts[place] for place in hidden)
    for guess in product(range(1, left), repeat=len(hidden)):
        if sum(guess) != left:
            continue
        other = list(counts)
        for place, value in zip(hidden, guess, strict=True):
            other[place] = value
        # An attacker runs the rule, too: only what gives the same picture is possible.
        if protect(other) == found:
            for place, value in zip(hidden, guess, strict=True):
                seen[place].add(value)
    assert all(len(values) > 1 for values in seen.values()), (counts, seen)


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([10, 3, 20], (None, None, 20)),
        ([10, 3, 3], (None, None, None)),
        ([4, 4, 9, 20], (None, None, None, 20)),
        ([3, 9, 9, 20], (None, None, None, 20)),
        ([0, 0], (0, 0)),
        ([0, 7], (0, 7)),
        ([], ()),
    ],
)
def test_as_much_is_hidden_as_it_takes(counts: list[int], cells: tuple[int | None, ...]) -> None:
    assert protect(counts).cells == cells


@pytest.mark.parametrize("counts", [[1], [4, 0, 0], [1, 1, 1, 1, 1], [2, 2], [4, 4, 0]])
def test_where_that_does_not_help_not_even_the_noughts_are_shown(counts: list[int]) -> None:
    assert protect(counts) == Protected((None,) * len(counts), withheld=True)


@pytest.mark.parametrize("count", range(8))
def test_a_number_that_is_part_of_no_sum_stands_alone(count: int) -> None:
    assert protect_one(count) == (count if count in {0, 5, 6, 7} else None)


@given(st.dictionaries(st.sampled_from(["police", "gp", "school"]), st.integers(1, 4)))
def test_of_fewer_than_five_shares_nothing_at_all_is_shown(told: dict[str, int]) -> None:
    sums = Counter({("share", ""): 4, ("logged", "3"): 4})
    sums.update({("recipient", code): count for code, count in told.items()})
    figures = gathered(Period(1, 4), sums, [1, 0, 0, 3])
    assert figures.shares is None
    assert set(figures.weeks.cells) == {0}
    assert all(one.counts.cells == () for one in figures.breakdowns.values())
    assert all(one.median is None for one in figures.spreads.values())


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12), min_size=1))
def test_the_order_of_a_breakdown_does_not_tell_hidden_ones_apart(told: dict[str, int]) -> None:
    sums = Counter({("share", ""): 90})
    sums.update({("why", code): count for code, count in told.items()})
    found = gathered(Period(1, 1), sums, [90]).breakdowns["why"]
    hidden = [
        code for code, cell in zip(found.codes, found.counts.cells, strict=True) if cell is None
    ]
    assert hidden == sorted(hidden)
    if found.counts.withheld:
        assert found.codes == ()
