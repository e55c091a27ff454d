"""What every EventStore promises of stores that phones lost: what was said, and no more of it."""

from __future__ import annotations

import pytest

from sync.errors import ReplayedHello
from sync.store import MOST_LOST, Contact, EventStore, LostStore
from tests.events import NOW, a_device

ONE, TWO = LostStore(b"1" * 32, 14, 2), LostStore(b"2" * 32, 2**32 - 1, 2**31 - 1)


def said(number: int, *lost: LostStore, by: str = "dana's phone", at: int = NOW) -> Contact:
    return Contact(a_device(by).id, number.to_bytes(16, "big"), at, 0, lost)


class LosingContract:
    store: EventStore
    another: EventStore

    def test_what_a_phone_says_of_a_lost_store_is_remembered_as_its_own_word(self):
        assert self.store.met(said(1, ONE, TWO)) == {ONE.device, TWO.device}
        assert self.store.met(said(2, ONE, by="sam's phone")) == {ONE.device}
        assert self.another.lost_stores() == {
            a_device("dana's phone").id: [ONE, TWO],
            a_device("sam's phone").id: [ONE],
        }

    def test_a_hello_that_tells_of_none_changes_nothing(self):
        assert self.store.lost_stores() == {}
        assert self.store.met(said(1)) == set()
        self.store.met(said(2, ONE))
        assert self.store.met(said(3)) == set()
        assert self.another.lost_stores() == {a_device().id: [ONE]}

    def test_what_was_said_first_stands_and_what_is_said_again_is_answered_the_same(self):
        self.store.met(said(1, TWO, at=NOW))
        self.store.met(said(2, ONE, at=NOW + 1))
        again = LostStore(TWO.device, 1, 0)
        assert self.another.met(said(3, again, at=NOW + 2)) == {TWO.device}
        assert self.store.lost_stores() == {a_device().id: [TWO, ONE]}

    def test_no_phone_can_fill_the_register(self):
        for number in range(MOST_LOST + 4):
            one = LostStore(bytes([number]) * 32, number, 0)
            kept = self.store.met(said(number, one, at=NOW + number))
            assert kept == ({one.device} if number < MOST_LOST else set())
        assert len(self.store.lost_stores()[a_device().id]) == MOST_LOST
        assert self.store.met(said(99, ONE, by="sam's phone")) == {ONE.device}

    def test_a_hello_said_twice_tells_nothing(self):
        self.store.met(said(1))
        with pytest.raises(ReplayedHello):
            self.store.met(said(1, ONE))
        assert self.store.lost_stores() == {}
