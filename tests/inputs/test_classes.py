"""The 132 classes of bad inputs, each tried at its door: never an error of ours, a reason where the
protocol has one, nothing kept of what is refused, and whoever stands beside it served."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from tests.faults.counts import SEED, SOAK
from tests.inputs.bad import Places
from tests.inputs.classes import CLASSES
from tests.inputs.conftest import Tried

_HANDFULS = 5


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    opened = Places(tmp_path_factory.mktemp)
    yield opened
    opened.close()


def test_each_number_stands_for_one_class() -> None:
    assert sorted(CLASSES) == list(range(1, 133))
    assert len({which.name for _, which in CLASSES.values()}) == 132


@pytest.mark.parametrize("number", range(1, 133))
def test_a_bad_input_is_answered_as_it_must_be(
    places: Places, tried: Callable[[str], Tried], number: int
) -> None:
    group, which = CLASSES[number]
    counted, chance = tried(f"class {number}"), random.Random(f"{SEED} class {number}")
    many = group.soak if SOAK else group.ordinary
    least = min(which.least, many)
    # Chance gives some of them twice: then another handful, as long as handfuls can be bad luck.
    for _ in range(_HANDFULS):
        for raw in group.offer(places, which, chance, many):
            counted(raw)
        if len(counted) >= least:
            break
    assert len(counted) >= least, (number, which.name, len(counted))
