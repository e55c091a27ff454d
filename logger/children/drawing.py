"""Where a chronology stands in its picture: times and kinds in, places out. Pure.

Agencies are lines, entries are marks: what a mark means is in its shape, size and number, never in
its colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from logger.children.chronology import Chronology, Share
from logger.entries.entry import State
from logger.entries.times import day_of_share

WIDTH, LEFT, RIGHT = 1000, 215, 960
TOP, LINE_HEIGHT, BELOW = 44, 58, 6
GAP, MARK, LARGE = 36, 13, 18
RING = 4
_LETTER, _SPACE, _APART = 9, 8, 20
# A month is said with its year, and in Welsh in more letters than a day.
_MOST_TICKS, _MOST_MONTHS = 9, 7
_WEEK = 7
_STEPS = (1, 2, 3, 6, 12, 24, 60, 6_000, 60_000)

# What has room on a sheet of A4 or of US Letter inside its margins, in CSS pixels, and what takes
# it there (static/css/record/_children.scss): letters in a line of each column, heights of lines.
_SHEET, _HEAD, _ROW, _WRAPPED, _OUT = 930, 190, 15, 11, 14
_TOLD_WIDE, _WORRY_WIDE, _OUT_WIDE = 38, 30, 50
_DRAWN, _OF_DRAWN = 272, 0.7
SHRUNK = (100, 90, 80, 70, 60, 50)


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry on one line. `label` stands beside it where there is room, else it is empty."""

    share: Share
    shape: str
    x: float
    y: float
    again: bool
    label: str = ""
    anchor: str = "start"
    label_x: float = 0
    label_y: float = 0

    @property
    def size(self) -> int:
        """From its middle to its edge, with the ring of a worry that came up again."""
        return (LARGE if self.shape == "urgent" else MARK) + (RING if self.again else 0)


@dataclass(frozen=True, slots=True)
class Line:
    """An agency; `empty` where no share with it is logged here."""

    kind: str
    y: float
    empty: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the scale."""

    x: float
    on: date
    by_month: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it; `height` is that of the whole."""

    height: float
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]


def draw(chronology: Chronology, words: Callable[[Share], str]) -> Picture:
    """The picture; `words` says in a few words what an entry was about."""
    lines = tuple(
        Line(one.kind, TOP + LINE_HEIGHT * (place + 0.5), empty=one.usual and not one.told)
        for place, one in enumerate(chronology.agencies)
    )
    height = TOP + LINE_HEIGHT * len(lines) + BELOW
    # What was told later stands there as the share it became.
    drawn = [share for share in reversed(chronology.shares) if share.line.state is not State.TOLD]
    if not drawn:
        return Picture(height, lines, (), ())
    days = [_day(share) for share in drawn]
    first, last = min(days), max(days)
    again = {one.why for one in chronology.repeated}
    marks: list[Mark] = []
    for line in lines:
        of_line = [share for share in drawn if line.kind in share.kinds]
        places = _spread([_along(_day(share), first, last) for share in of_line])
        row = [
            Mark(share, _shape(share), x, line.y, bool(again & set(share.line.why)))
            for share, x in zip(of_line, places, strict=True)
        ]
        marks += _labelled(row, words, empty=line.empty)
    return Picture(height, lines, tuple(marks), tuple(_ticks(first, last)))


def shrunk(picture: Picture, rows: Sequence[tuple[str, str]], stands_out: Sequence[str]) -> int:
    """To how many per cent all of it is printed, so that it stands on one sheet. `rows` are who was
    told and why, `stands_out` is what is said above the picture."""

    def height(part: float) -> float:
        out = sum(_lines(one, _OUT_WIDE / part) for one in stands_out) / 2 + len(stands_out) / 2 + 1
        table = sum(
            _ROW
            + _WRAPPED * max(_lines(told, _TOLD_WIDE / part), _lines(worry, _WORRY_WIDE / part))
            for told, worry in rows
        )
        return _HEAD + _OUT * out + min(_DRAWN, _OF_DRAWN * picture.height) + table

    fitting = (one for one in SHRUNK if height(one / 100) * one <= 100 * _SHEET)
    return next(fitting, SHRUNK[-1])


def _lines(text: str, wide: float) -> int:
    """How many lines after the first."""
    return max(0, ceil(len(text) / wide) - 1)


def _day(share: Share) -> date:
    return day_of_share(share.line.shared_at, share.line.shared_offset)


def _shape(share: Share) -> str:
    if share.line.state is State.NOT_TOLD:
        return "not-told"
    if not share.shared:
        return "decided"
    return "urgent" if share.line.urgent else "shared"


def _along(day: date, first: date, last: date) -> float:
    whole = (last - first).days
    part = (day - first).days / whole if whole else 0
    return round(LEFT + GAP + part * (RIGHT - LEFT - 2 * GAP), 1)


def _spread(places: Sequence[float]) -> list[float]:
    """The same places, none nearer to the next than marks are wide."""
    gap = min(GAP, (RIGHT - LEFT) / max(1, len(places)))
    found: list[float] = []
    for x in places:
        found.append(max(x, found[-1] + gap) if found else x)
    end: float = RIGHT
    for at in reversed(range(len(found))):
        found[at] = round(min(found[at], end), 1)
        end = found[at] - gap
    return found


def _labelled(row: Sequence[Mark], words: Callable[[Share], str], *, empty: bool) -> Iterator[Mark]:
    beside = LEFT - _APART * 1.0
    for place, mark in enumerate(row):
        label, size, high = words(mark.share), mark.size + _SPACE, mark.y - 8
        wide, half = len(label) * _LETTER, len(label) * _LETTER / 2
        after = row[place + 1] if place + 1 < len(row) else None
        following = after.x - after.size - _APART if after else WIDTH
        end = mark.x + size
        # To its right, else to its left, and never nearer to another mark.
        if label and end + wide <= following:
            yield _with(mark, label, "start", mark.x + size, high)
            end += wide
        elif label and mark.x - size - wide >= beside + _APART:
            yield _with(mark, label, "end", mark.x - size, high)
        elif mark.shape == "not-told" and mark.x + half <= WIDTH and not empty:
            # Nobody may overlook this one.
            yield _with(mark, label, "middle", mark.x, mark.y + mark.size + 16)
        else:
            yield mark
        beside = end


def _with(mark: Mark, label: str, anchor: str, x: float, y: float) -> Mark:
    return replace(mark, label=label, anchor=anchor, label_x=round(x, 1), label_y=y)


def _ticks(first: date, last: date) -> Iterator[Tick]:
    whole = (last - first).days
    if whole <= _MOST_TICKS * _WEEK:
        step = max(1, -(-whole // (_MOST_TICKS - 1)))
        for after in range(0, whole + 1, step):
            day = first + timedelta(after)
            yield Tick(_along(day, first, last), day, by_month=False)
        return
    begin, end = (one.year * 12 + one.month for one in (first, last))
    # Five hundred years for phones whose clock is far off.
    step = next(one for one in _STEPS if (end - begin) / one < _MOST_MONTHS)
    for month in range(begin, end + 1, step):
        if (day := _month(month)) >= first:
            yield Tick(_along(day, first, last), day, by_month=True)


def _month(number: int) -> date:
    return date((number - 1) // 12, (number - 1) % 12 + 1, 1)
