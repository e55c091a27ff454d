"""Small counts are not shown, and cannot be worked out from what is shown beside them. Pure.

The rule, for counts whose sum may be known: counts from 1 to 4 are hidden, and beside them the
next smallest ones, at least one of them 5 or more and equal ones together, until what is hidden
cannot be told from the sum, not even by who applies the rule to every guess. Where there are too
few for that, none of the counts is shown. Nought is shown: it is about nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True, slots=True)
class Protected:
    """Counts as they may be shown, in their order; None where one is hidden.

    `withheld` says that all of them are, the noughts too.
    """

    cells: tuple[int | None, ...]
    withheld: bool = False


def protect(counts: Sequence[int]) -> Protected:
    """Hide what is small, and as much beside it as keeps it hidden from who knows the sum."""
    small = {count for count in counts if 0 < count < LEAST}
    if not small:
        return Protected(tuple(counts))
    larger = sorted({count for count in counts if count >= LEAST})
    for end in range(1, len(larger) + 1):
        # By value: of two equal counts, hiding one alone would tell that it was not small.
        hidden = small | set(larger[:end])
        if _safe([count for count in counts if count in hidden]):
            return Protected(tuple(None if count in hidden else count for count in counts))
    return Protected((None,) * len(counts), withheld=True)


def protect_one(count: int) -> int | None:
    """One number that is part of no sum."""
    return None if 0 < count < LEAST else count


def _safe(hidden: Sequence[int]) -> bool:
    # Each is at least 1, so the largest that any could be is the sum less 1 for each other one:
    # at least five possible values for every one of them, 1 to 5.
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= LEAST
