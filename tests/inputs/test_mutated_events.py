"""A golden event, damaged in every way at every byte: no such thing is kept, and none is in the way
of another event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pytest

from tests.faults.counts import Runs
from tests.inputs.conftest import Tried
from tests.inputs.doors import PhoneDoor
from tests.inputs.mutator import by_chance, damaged, golden

# With a good event at either end, as many as one request may carry.
_IN_A_BATCH = 248
_BATCHES = 10
_BATCHES_IN_THE_SOAK = 4_200


def different(bad: Iterable[bytes], tried: Tried) -> Iterator[bytes]:
    return (raw for raw in bad if tried(raw))


def in_batches(bad: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(bad, _IN_A_BATCH)):
        yield batch


@pytest.mark.parametrize(("suite", "least"), [(1, 7_500), (2, 23_000)])
def test_no_damaged_event_is_kept_and_none_harms_another(
    door: PhoneDoor, tried: Callable[[str], Tried], suite: int, least: int
) -> None:
    event = golden(suite)
    counted = tried(f"every byte of an event of suite {suite}")
    said = set()
    for batch in in_batches(different(damaged(event), counted)):
        said |= {one["why"] or one["outcome"] for one in door.refuses(batch)}
    assert len(counted) >= least
    assert said == {"event.malformed", "signature.wrong", "not-enrolled"}


def test_no_event_damaged_in_many_places_is_kept(
    door: PhoneDoor, tried: Callable[[str], Tried], fault: Callable[..., Runs]
) -> None:
    counted = tried("events damaged in several places")
    many = fault("INPUT (i)", "248 damaged events in a batch", _BATCHES, _BATCHES_IN_THE_SOAK)
    for chance in many:
        events = [golden(chance.choice((1, 2))) for _ in range(_IN_A_BATCH)]
        bad = (by_chance(event, chance) for event in events)
        door.refuses(list(different(bad, counted)))
    # The more there are, the more come twice: one in sixty-six of a million.
    assert len(counted) > 0.95 * _IN_A_BATCH * many.so_far
