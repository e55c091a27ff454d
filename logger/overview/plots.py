"""Where things stand in a drawing: numbers in, places out. Pure; templates draw what stands here.

A hidden count has one and the same mark whatever it is, so that nothing can be measured off it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from logger.overview.durations import Spread

WIDTH = 400
COLUMNS_TOP, COLUMNS_HEIGHT, COLUMNS_LEFT = 14, 170, 44
ROW_HEIGHT, BAR_ROOM = 46, 330
SPREAD_LEFT, SPREAD_ROOM = 6, 364
HIDDEN_SIZE, TICK_ROOM = 10, 66
# Minutes; each is a mark on the scale of durations.
MARKS = (1, 60, 1_440, 10_080, 40_320, 525_600)


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar: where it begins and how large it is."""

    x: float
    y: float
    width: float
    height: float
    hidden: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale and what it stands for."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars and the scale they are read on; `height` is that of the whole picture."""

    height: float
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class SpreadMark:
    """A median and a 90th percentile on the scale; None where not shown."""

    y: float
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True)
class SpreadDrawing:
    """Durations on a scale on which each step is a multiple of the one before."""

    height: float
    marks: tuple[SpreadMark, ...]
    ticks: tuple[Tick, ...]


def columns(cells: Sequence[int | None]) -> Drawing:
    """Upright bars, one for each week."""
    top = _round_up(max((cell for cell in cells if cell), default=0))
    each = (WIDTH - COLUMNS_LEFT) / max(1, len(cells))
    base = COLUMNS_TOP + COLUMNS_HEIGHT
    marks = []
    for place, cell in enumerate(cells):
        if cell == 0:
            continue
        high = HIDDEN_SIZE if cell is None else COLUMNS_HEIGHT * cell / top
        x, wide = COLUMNS_LEFT + each * (place + 0.12), each * 0.76
        marks.append(_mark(x, base - high, wide, high, cell))
    ticks = (Tick(base - COLUMNS_HEIGHT * part / 2, top * part // 2) for part in range(3))
    return Drawing(base + 30, tuple(marks), tuple(ticks))


def bars(cells: Sequence[int | None]) -> Drawing:
    """Lying bars, one below the other, each under its name."""
    top = max((cell for cell in cells if cell), default=0) or 1
    marks = []
    for place, cell in enumerate(cells):
        wide = HIDDEN_SIZE if cell is None else BAR_ROOM * cell / top
        marks.append(_mark(0, ROW_HEIGHT * place + 24, wide, 14, cell))
    return Drawing(ROW_HEIGHT * len(cells), tuple(marks))


def spreads(rows: Sequence[Spread]) -> SpreadDrawing:
    """Durations, one row each, from the median to the 90th percentile."""
    known = [n for row in rows for n in (row.median, row.ninetieth) if n is not None]
    longest = max([MARKS[3], *known])
    marks = tuple(
        SpreadMark(
            ROW_HEIGHT * place + 32, _along(row.median, longest), _along(row.ninetieth, longest)
        )
        for place, row in enumerate(rows)
    )
    return SpreadDrawing(ROW_HEIGHT * len(rows) + 30, marks, _ticks(longest))


def _ticks(longest: int) -> tuple[Tick, ...]:
    found: list[Tick] = []
    for minutes in MARKS:
        at = _placed(minutes, longest)
        # Words of two marks must not run into each other.
        if minutes <= longest and (not found or at - found[-1].at >= TICK_ROOM):
            found.append(Tick(at, minutes))
    return tuple(found)


def _mark(x: float, y: float, wide: float, high: float, cell: int | None) -> Mark:
    return Mark(round(x, 1), round(y, 1), round(wide, 1), round(high, 1), cell is None)


def _along(minutes: int | None, longest: int) -> float | None:
    return None if minutes is None else _placed(minutes, longest)


def _placed(minutes: int, longest: int) -> float:
    part = math.log(minutes + 1) / math.log(longest + 1)
    return round(SPREAD_LEFT + SPREAD_ROOM * part, 1)


def _round_up(count: int) -> int:
    """The next even number that is easy to read on a scale."""
    if count <= 10:
        return 10
    unit = int(10 ** (len(str(count)) - 1))
    steps = (unit * part // 10 for part in (10, 12, 16, 20, 30, 40, 60, 80, 100))
    return next(step for step in steps if step >= count)
