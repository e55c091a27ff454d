"""Drawings: true to the numbers, and mute about those that are hidden."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from logger.overview import plots
from logger.overview.durations import Spread

CELLS = st.lists(st.none() | st.integers(5, 2_000_000), min_size=1, max_size=157)


@given(CELLS)
def test_bars_are_as_long_as_their_numbers_and_stay_inside(cells: list[int | None]) -> None:
    lying, upright = plots.bars(cells), plots.columns(cells)
    assert len(lying.marks) == len(upright.marks) == len(cells)
    for mark in (*lying.marks, *upright.marks):
        assert mark.x >= 0
        assert mark.x + mark.width <= plots.WIDTH
        assert mark.y + mark.height <= max(lying.height, upright.height)
    known = [cell for cell in cells if cell]
    assert not known or upright.ticks[-1].value >= max(known)


@given(CELLS)
def test_hidden_ones_all_look_the_same(cells: list[int | None]) -> None:
    lying, upright = plots.bars(cells), plots.columns(cells)
    assert len({mark.width for mark in lying.marks if mark.hidden}) <= 1
    assert len({mark.height for mark in upright.marks if mark.hidden}) <= 1


@given(st.integers(0, 10_000_000), st.integers(0, 10_000_000))
def test_the_words_of_the_scale_have_room(one: int, other: int) -> None:
    drawing = plots.spreads([Spread(min(one, other), max(one, other)), Spread(None, None)])
    places = [tick.at for tick in drawing.ticks]
    assert all(b - a >= plots.TICK_ROOM for a, b in pairwise(places))
    first, second = drawing.marks
    assert first.median is not None
    assert first.ninetieth is not None
    assert first.median <= first.ninetieth <= plots.WIDTH
    assert (second.median, second.ninetieth) == (None, None)
