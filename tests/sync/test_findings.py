"""What is odd in a phone's own chain is shown to a person; it is never an error."""

from __future__ import annotations

from sync.checkpoint import verify
from sync.store import Arrival
from tests.events import NOW, a_chain, an_event


def findings(store):
    names = {device.id: device.label for device in store.devices()}
    return [
        (names[found.device], found.seq, found.position, found.what)
        for found in verify(store).findings
    ]


def test_a_gap_and_a_fork_are_findings_not_errors(store):
    dana, sam = a_chain("dana's phone", 4), a_chain("sam's phone", 2)
    copy = an_event("sam's phone", 2, prev=sam[0].id, at=NOW + 9)
    for event in (dana[0], dana[3], *sam, copy):
        store.keep([Arrival(event)], NOW)
    assert verify(store).broken is None
    assert sorted(findings(store)) == [("dana's phone", 4, 2, "gap"), ("sam's phone", 2, 5, "fork")]


def test_events_in_any_order_of_arrival_are_no_finding(store):
    store.keep([Arrival(event) for event in reversed(a_chain(length=6))], NOW)
    assert findings(store) == []


def test_both_branches_of_a_fork_may_go_on(store):
    first = an_event(seq=1)
    left, right = (an_event(seq=2, prev=first.id, at=NOW + n) for n in (1, 2))
    ends = [an_event(seq=3, prev=event.id, at=NOW + 5) for event in (left, right)]
    store.keep([Arrival(event) for event in (first, left, right, *ends)], NOW)
    assert [what for *_, what in findings(store)] == ["fork", "fork"]


def test_another_predecessor_is_a_finding(store):
    store.keep([Arrival(an_event(seq=1)), Arrival(an_event(seq=2, prev=b"x" * 32))], NOW)
    assert findings(store) == [("dana's phone", 2, 2, "other-predecessor")]
