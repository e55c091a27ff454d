"""What every EventStore promises of an erasure: the words go, the rows stay."""

from __future__ import annotations

import pytest

from sync.event import ERASURE
from sync.store import EventStore
from tests.contracts.event_store import arrivals
from tests.events import NOW, a_record_event, an_entry, an_event


class ErasingContract:
    store: EventStore
    another: EventStore

    def test_an_erasure_takes_the_payloads_of_its_entry_and_of_no_other(self):
        mine, other = an_entry(1), an_entry(2)
        parts = [an_event(seq=1, entry=mine), a_record_event(7, entry=mine)]
        self.store.keep(arrivals(*parts, an_event(seq=2, entry=other)), NOW)
        erasure = a_record_event(8, ERASURE, entry=mine)
        row, gone = self.store.erase(erasure, NOW + 1)
        assert (row.position, row.event, gone) == (4, erasure, 2)
        rows = self.another.after(0)
        assert [row.sealed is None for row in rows] == [True, True, False, False]
        assert [row.digest for row in rows] == [self.store.digest_at(n) for n in (1, 2, 3, 4)]
        assert self.store.keep(arrivals(parts[0]), NOW + 2)[0][0].sealed is None

    def test_an_erasure_is_kept_once_and_leaves_earlier_erasures_their_words(self):
        mine = an_entry(1)
        self.store.keep(arrivals(an_event(seq=1, entry=mine)), NOW)
        first, second = (a_record_event(n, ERASURE, entry=mine) for n in (8, 9))
        self.store.erase(first, NOW)
        self.store.keep(arrivals(an_event(seq=2, entry=mine)), NOW)
        assert self.store.erase(first, NOW)[1] == 0
        assert self.store.head().position == 3
        row, gone = self.store.erase(second, NOW)
        assert (row.position, gone) == (4, 1)
        assert [row.event for row in self.store.after(1)] == [first, None, second]

    def test_an_erasure_that_fails_takes_nothing(self):
        mine = an_entry(1)
        self.store.keep(arrivals(an_event(seq=1, entry=mine)), NOW)

        def erased_then_failed():
            with self.store.one_commit():
                self.store.erase(a_record_event(8, ERASURE, entry=mine), NOW)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            erased_then_failed()
        assert [row.sealed is None for row in self.another.after(0)] == [False]
