"""Whether two may be one child: the rules, and how well they do on pairs whose truth is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.matching import measure
from logger.children.marks import Marking
from logger.children.matching import Match, Reason, Strength, compare
from tests.desk_world import START
from tests.name_pairs import hard, pairs

MARKING = Marking(bytes(32))
LIKELY, POSSIBLE, STRONG = Strength.LIKELY, Strength.POSSIBLE, Strength.STRONG


def match(one: tuple[str, ...], other: tuple[str, ...]) -> Match | None:
    both = [MARKING.of(*(*words, "", "", "")[:3], START) for words in (one, other)]
    return compare(*both)


@pytest.mark.parametrize(
    ("one", "other", "strength"),
    [
        (("Siân Rees", "2017-03-12"), ("Sian Rees", "12/03/2017"), STRONG),
        (("Siân Rees", "12/03/2017"), ("Sian Rees", "2017-12-03"), STRONG),
        (("Siân Rees",), ("Shan Reece",), LIKELY),
        (("Siân Rees", "9"), ("Shan Reece", "12/03/2017"), LIKELY),
        (("Siân Rees", "2017-03-12"), ("Shan Reece", "2017-03-12"), LIKELY),
        (("Siân Rees", "4"), ("Shan Reece", "12/03/2010"), None),
        (("Siân Rees", "4"), ("Siân Rees", "12/03/2010"), POSSIBLE),
        (("", "", "NHS 944 476"), ("Siân Rees", "", "nhs944476"), STRONG),
        (("Siân Rees", "", "FAM-31"), ("Tomos Rees", "", "FAM-31"), LIKELY),
        (("Osian",), ("Osian",), POSSIBLE),
        (("Osian",), ("Osian Rees",), None),
        (("Osian", "6"), ("Osian Rees", "about 7"), POSSIBLE),
        (("Osian", "2020-01-05"), ("Osian Rees", "2020-01-05"), LIKELY),
        (("Siân Rees", "8"), ("Tomos Rees", "8"), None),
        (("Siân Rees", "2017-03-12"), ("Tomos Rees", "2017-03-12"), POSSIBLE),
        (("Siân Rees",), ("Aled Huws",), None),
        (("", "2017-03-12"), ("", "2017-03-12"), None),
        (("",), ("",), None),
    ],
)
def test_how_much_speaks_for_one_child(
    one: tuple[str, ...], other: tuple[str, ...], strength: Strength | None
) -> None:
    found = match(one, other)
    assert (found.strength if found else None) == strength
    assert found == match(other, one)


def test_it_says_why() -> None:
    found = match(("Siân Rees", "9", "A 123"), ("Shan Reece", "8", "a123"))
    assert found
    assert found.reasons == (Reason.SAME_REFERENCE, Reason.SOUNDS_ALIKE, Reason.NEAR_AGE)


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_are_compared_the_same_both_ways_round(one: str, other: str) -> None:
    assert match((one,), (other,)) == match((other,), (one,))


def test_names_are_matched_as_well_as_we_say() -> None:
    known = pairs()
    assert len(known) >= 2_000
    everything, by_hand = measure(known), measure(list(hard()))
    assert everything.recall >= 0.92
    assert everything.precision >= 0.97
    assert by_hand.recall >= 0.93
    assert by_hand.precision >= 0.95
