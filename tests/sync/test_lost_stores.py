"""A phone tells of stores that it lost: kept beside its contact, and answered with what is kept."""

from __future__ import annotations

import pytest

from sync.errors import MalformedDocument
from sync.frames import to_text
from sync.store import MOST_LOST, LostStore
from tests.events import NOW, a_device, an_event
from tests.phone_words import a_hello, read_document

GONE = a_device("the same phone before").id
LOST = {"device": to_text(GONE), "seq": 14, "waiting": 2}


def ask(intake, *events, **said):
    name = said.pop("name", "dana's phone")
    raws = [event.to_bytes() for event in events]
    return read_document(intake.answer(a_hello(name, **said), raws))


def test_what_is_said_is_kept_and_the_answer_says_so_each_time(intake, store):
    for _ in range(2):
        assert ask(intake, lost=[LOST])["noted"] == [to_text(GONE)]
    assert store.lost_stores() == {a_device().id: [LostStore(GONE, 14, 2)]}


def test_a_phone_of_before_says_nothing_of_it_and_is_answered_as_ever(intake, store):
    answer = ask(intake, an_event())
    assert (answer["results"][0]["outcome"], answer["noted"]) == ("stored", [])
    assert store.lost_stores() == {}


def test_of_a_phone_that_nobody_knows_nothing_is_kept_and_nothing_said_to_be(intake, store):
    assert ask(intake, name="nobody's phone", lost=[LOST])["noted"] == []
    assert store.lost_stores() == {}


def test_a_revoked_phone_may_still_tell_what_it_lost(intake, store):
    store.revoke(a_device().id, NOW)
    assert ask(intake, lost=[LOST])["noted"] == [to_text(GONE)]
    assert list(store.lost_stores()) == [a_device().id]


def test_one_more_than_the_register_takes_is_not_said_to_be_kept(intake):
    many = [{**LOST, "device": to_text(bytes([n]) * 32)} for n in range(MOST_LOST)]
    assert len(ask(intake, lost=many)["noted"]) == MOST_LOST
    assert ask(intake, lost=[many[3], LOST])["noted"] == [many[3]["device"]]


@pytest.mark.parametrize(
    "lost",
    [
        None, {}, "", [None], [LOST] * (MOST_LOST + 1), [{**LOST, "device": to_text(bytes(31))}],
        [{**LOST, "device": "A" * 42 + "B"}], [{**LOST, "seq": -1}], [{**LOST, "seq": 2**32}],
        [{**LOST, "seq": 1.5}], [{**LOST, "waiting": -1}], [{**LOST, "waiting": 2**31}],
        [{"device": LOST["device"], "seq": 1}],
    ],
)  # fmt: skip
def test_what_is_none_of_the_protocol_makes_no_hello(intake, store, lost):
    with pytest.raises(MalformedDocument):
        ask(intake, an_event(), lost=lost)
    assert store.head().position == 0
    assert store.lost_stores() == {}


def test_names_of_tomorrow_are_passed_over_in_what_is_said_of_it_too(intake, store):
    assert ask(intake, lost=[{**LOST, "later": 1}])["noted"] == [to_text(GONE)]
