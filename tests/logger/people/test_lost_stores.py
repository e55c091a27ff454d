"""What phones say of stores that they lost stands beside what the record holds of them."""

from __future__ import annotations

import hashlib

import pytest

from sync.parcel import Delivery
from sync.store import Arrival, Contact, Device, LostStore
from tests.desk_world import MINUTE
from tests.events import a_chain, a_signer

BEFORE, NOW_HELD = "the store before", "the store now"


def device(name):
    return hashlib.sha256(a_signer(name).public).digest()


def add_phone(world, name, person):
    code = hashlib.sha256(name.encode()).digest()
    world.rooms.store.offer_code(code, person.id, world.now + MINUTE)
    phone = Device(device(name), a_signer(name).public, person.id, name, world.now)
    world.rooms.store.enrol(code, phone)
    world.rooms.notice_phones()
    world.later(MINUTE)


def says_lost(world, given, waiting, by=NOW_HELD, lost=BEFORE):
    said = LostStore(device(lost), given, waiting)
    world.rooms.store.met(Contact(device(by), b"m" * 16, world.now, 0, (said,)))


def keep(world, *events):
    world.rooms.store.keep([Arrival(event) for event in events], world.now)


def of(world, person, label):
    """What the list says to a person of one phone."""
    rows = world.browser(person).get("/phones").all("tr")
    (row,) = [row.text for row in rows if row.text.strip().startswith(label)]
    return " ".join(row.split())


@pytest.fixture
def emptied(world):
    """Dana's phone was added, logged 14, sent 12, was thrown away and added again."""
    add_phone(world, BEFORE, world.dana)
    chain = a_chain(BEFORE, 14)
    keep(world, *chain[:10], *chain[11:13])
    world.rooms.store.met(Contact(device(BEFORE), b"n" * 16, world.now, 2))
    add_phone(world, NOW_HELD, world.dana)
    says_lost(world, 14, 2)
    return chain


def test_what_is_missing_of_a_lost_store_is_said_where_its_phone_is_now(world, emptied):
    for person in (world.alex, world.dana):
        said = of(world, person, NOW_HELD)
        assert "its browser lost all it had kept: 14 entries had been logged" in said
        assert "2 are missing (2 had not been received when it was lost)" in said
    # The row of that store says nothing of its own, which would be counted twice.
    said = of(world, world.alex, BEFORE)
    assert "missing" not in said
    assert "has added a phone since" not in said


def test_what_comes_later_by_a_file_closes_the_gap_and_it_says_so(world, emptied):
    delivery = Delivery(world.rooms.store, lambda: world.now)
    delivery.take([emptied[10].to_bytes()])
    said = of(world, world.alex, NOW_HELD)
    assert "1 is missing (2 had not been received when it was lost)" in said
    delivery.take([emptied[13].to_bytes()])
    said = of(world, world.alex, NOW_HELD)
    assert "14 entries had been logged. All that was logged has arrived." in said
    assert "missing" not in said


def test_figures_that_came_too_late_for_the_disk_are_not_believed_over_the_ledger(world):
    add_phone(world, BEFORE, world.dana)
    add_phone(world, NOW_HELD, world.dana)
    chain = a_chain(BEFORE, 5)
    keep(world, *chain[:3], chain[4])
    says_lost(world, 3, 0)
    assert "5 entries had been logged. 1 is missing" in of(world, world.alex, NOW_HELD)
    keep(world, chain[3])
    assert "All that was logged has arrived." in of(world, world.alex, NOW_HELD)


def test_a_store_that_was_never_added_can_send_nothing_and_it_says_so(world):
    add_phone(world, NOW_HELD, world.dana)
    says_lost(world, 1, 1)
    said = of(world, world.alex, NOW_HELD)
    assert "1 entry had been logged. It had not been added, so none of it can arrive." in said


def test_nobody_learns_by_it_what_others_logged_nor_hides_what_others_miss(world):
    add_phone(world, "sam's phone", world.sam)
    chain = a_chain("sam's phone", 4)
    keep(world, chain[0], chain[3])
    add_phone(world, NOW_HELD, world.dana)
    says_lost(world, 9, 0, lost="sam's phone")
    assert "lost" not in of(world, world.dana, NOW_HELD)
    assert "9 entries had been logged. 7 are missing" in of(world, world.alex, NOW_HELD)
    assert "2 entries are missing" in of(world, world.alex, "sam's phone")
    assert "2 entries are missing" in of(world, world.sam, "sam's phone")


def test_a_phone_that_lost_nothing_is_not_remarked_on(world):
    add_phone(world, NOW_HELD, world.dana)
    keep(world, *a_chain(NOW_HELD, 3))
    assert "lost" not in of(world, world.alex, NOW_HELD)
