"""How often each fault is tried: a sample in the ordinary run, the whole number in the soak.

FAULT_SEED gives a run again, SOAK=1 asks for the whole numbers, SOAK_MINUTES bounds the time that
one fault may take. Each run of a fault has a seed of its own, made of these three words.
"""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

SOAK = os.environ.get("SOAK") == "1"
# Noted in the environment, so that tests that run in several processes have one seed.
SEED = int(os.environ.get("FAULT_SEED") or secrets.randbelow(2**32))
os.environ["FAULT_SEED"] = str(SEED)
# Under this name a test's report carries its tallies.
TALLY = "tally of a fault"
# And under this one how many different bad inputs it tried, by the place they were put in.
TRIED = "bad inputs tried"
SECONDS = 60 * float(os.environ.get("SOAK_MINUTES") or 10)


@dataclass
class Tally:
    """What became of one fault in this run of the tests."""

    fault: str
    title: str
    wanted: int
    done: int = 0
    outcome: str = "failed"
    seconds: float = 0.0
    part: int = 0


class Runs:
    """The runs of one fault; iterating gives each one its own source of chance."""

    def __init__(self, tally: Tally):
        self.tally = tally
        self._begun = time.monotonic()

    def __iter__(self) -> Iterator[random.Random]:
        for n in range(self.tally.wanted):
            if time.monotonic() - self._begun > SECONDS:
                break
            yield random.Random(f"{SEED}-{self.tally.fault}-{self.tally.part}-{n}")
            self.tally.done = n + 1
            self.tally.seconds = time.monotonic() - self._begun

    @property
    def so_far(self) -> int:
        """How many have gone through."""
        return self.tally.done


def runs(fault: str, title: str, sample: int, full: int, part: int = 0) -> Runs:
    """As many runs of this fault as are asked for now, of this part where it goes in several."""
    return Runs(Tally(fault, title, full if SOAK else sample, part=part))


def parts_of(many: int) -> list[int]:
    """The parts into which the whole number of one fault goes; a sample is one part alone.

    Parts run in several processes and each begins with a phone of its own: one that has logged
    thousands of entries costs time and is tried elsewhere (A24).
    """
    return list(range(many)) if SOAK else [0]


def added_up(tallies: list[Tally]) -> list[Tally]:
    """One for each fault, its parts together; failed where one of them failed."""
    whole: dict[str, Tally] = {}
    for one in tallies:
        if one.fault not in whole:
            whole[one.fault] = replace(one)
            continue
        sum_of = whole[one.fault]
        sum_of.done += one.done
        sum_of.wanted += one.wanted
        sum_of.seconds += one.seconds
        sum_of.outcome = "held" if sum_of.outcome == one.outcome == "held" else "FAILED"
    return sorted(whole.values(), key=lambda one: one.fault)
