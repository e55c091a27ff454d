"""How long things took, kept as steps of a scale, so that a median needs no list of values. Pure.

The scale is exact to the minute below twenty minutes and to a twentieth above. It is made of whole
numbers only: every machine puts the same duration on the same step.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from logger.overview.suppression import LEAST

MINUTE_MS = 60_000
# The largest of ten values is one child's; a part of them is not.
LEAST_FOR_NINETIETH = 2 * LEAST
_LONGEST = 30 * 366 * 24 * 60


def _edges() -> tuple[int, ...]:
    edges = [0]
    while edges[-1] < _LONGEST:
        edges.append(edges[-1] + max(1, edges[-1] // 20))
    return tuple(edges)


_EDGES = _edges()


@dataclass(frozen=True, slots=True)
class Spread:
    """The median and the 90th percentile in minutes; None where too few are known."""

    median: int | None
    ninetieth: int | None


def step_of(duration_ms: int) -> int:
    """The step of the scale; a duration below nought comes of a wrong clock and counts as none."""
    return bisect_right(_EDGES, max(0, duration_ms) // MINUTE_MS) - 1


def minutes_at(step: int) -> int:
    """The middle of a step, in minutes."""
    if step + 1 >= len(_EDGES):
        return _EDGES[-1]
    return (_EDGES[step] + _EDGES[step + 1] - 1) // 2


def spread(counts: Mapping[int, int]) -> Spread:
    """What so many durations on each step come to."""
    total = sum(counts.values())
    return Spread(
        _at(counts, total, 50) if total >= LEAST else None,
        _at(counts, total, 90) if total >= LEAST_FOR_NINETIETH else None,
    )


def _at(counts: Mapping[int, int], total: int, percent: int) -> int:
    """The value that so many in a hundred do not pass (nearest rank)."""
    rank = -(-total * percent // 100)
    for step in sorted(counts):
        rank -= counts[step]
        if rank <= 0:
            return minutes_at(step)
    raise ValueError("no durations")
