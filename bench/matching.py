"""How well names are matched, on pairs of which we know the truth: python -m bench.matching [-v]

Recall: of the pairs meant for one person, how many are proposed. Precision: of the pairs proposed,
how many are meant for one person. Names alone, without dates of birth or references.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from logger.children.marks import Marking
from logger.children.matching import Strength, compare
from tests.desk_world import START
from tests.name_pairs import Pair, pairs


@dataclass(frozen=True)
class Measured:
    """What came of some pairs."""

    found: int
    missed: int
    wrong: int
    told_apart: int

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed)

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)


def main() -> None:
    known = pairs()
    print(f"{len(known):,} pairs of made-up names")
    print("| pairs | of one person | recall | of two | proposed in error | precision |")
    print("|---|--:|--:|--:|--:|--:|")
    for group in ("by hand", "made", "all"):
        of = [pair for pair in known if group in (pair.group, "all")]
        got = measure(of)
        print(
            f"| {group} | {got.found + got.missed:,} | {got.recall:.1%} "
            f"| {got.wrong + got.told_apart:,} | {got.wrong} | {got.precision:.1%} |"
        )
    if "-v" in sys.argv:
        for pair in known:
            if proposed(pair) != pair.same:
                print("missed" if pair.same else "wrong", pair.group, pair.one, "|", pair.other)


def measure(of: Sequence[Pair]) -> Measured:
    """Count what is proposed and what is not."""
    said = [(pair.same, proposed(pair)) for pair in of]
    return Measured(
        said.count((True, True)),
        said.count((True, False)),
        said.count((False, True)),
        said.count((False, False)),
    )


def proposed(pair: Pair) -> bool:
    """Whether a person would be asked."""
    one, other = (MARKING.of(name, "", "", START) for name in (pair.one, pair.other))
    match = compare(one, other)
    return match is not None and match.strength >= Strength.LIKELY


MARKING = Marking(b"a key of this bench, nothing else")

if __name__ == "__main__":
    main()
