"""What waits for a person is told to their phones as counts, and never to anybody else's."""

from __future__ import annotations

import hashlib
import json

import pytest

from logger.people.phones import Phones
from logger.review.notices import Notices
from sync.reconcile import notices, notices_name
from tests.desk_world import DAY, HOUR


@pytest.fixture
def told(world):
    """What the phone of a person would be told now."""

    def ask(person):
        world.rooms.rooms[Notices].tell()
        found = notices(world.rooms.store, device_of(world, person), revoked=False)
        return {notice.code: notice.count for notice in found}

    return ask


def device_of(world, person):
    return hashlib.sha256(world._phone(person).public).digest()


def test_a_returned_entry_and_an_overdue_one_are_counted_for_their_author_alone(world, told):
    returned = world.submitted(world.dana)
    world.decide(world.sam, returned, "returned", "Who answered the phone?")
    world.capture(world.dana)
    world.capture(world.nia)
    assert told(world.dana) == {"entries.returned": 1}
    assert told(world.nia) == {}
    world.later(25 * HOUR)
    assert told(world.dana) == {"entries.returned": 1, "entries.overdue": 1}
    assert told(world.nia) == {"entries.overdue": 1}


def test_what_was_done_is_no_longer_told(world, told):
    entry = world.capture(world.dana)
    world.later(2 * DAY)
    assert told(world.dana) == {"entries.overdue": 1}
    browser, path = world.documented(world.dana, entry), f"/entries/{entry}/check"
    browser.post(browser.get(path), path, made_by_me="yes")
    assert told(world.dana) == {}


def test_nothing_is_laid_out_but_codes_and_counts_and_nothing_twice(world, told):
    world.capture(world.dana, shared="Words that must not travel back")
    world.later(2 * DAY)
    assert world.rooms.rooms[Notices].tell() == 1
    assert world.rooms.rooms[Notices].tell() == 0
    laid_out = world.rooms.store.outgoing(notices_name(device_of(world, world.dana)))
    assert json.loads(laid_out) == [{"code": "entries.overdue", "count": 1}]


def test_a_revoked_phone_is_told_that_it_is_and_nothing_else(world, told):
    world.capture(world.dana)
    world.later(2 * DAY)
    assert told(world.dana) == {"entries.overdue": 1}
    device = device_of(world, world.dana)
    world.rooms.rooms[Phones].revoke(device, world.alex.id)
    assert told(world.dana) == {}
    (only,) = notices(world.rooms.store, device, revoked=True)
    assert (only.code, only.count) == ("device.revoked", 1)


def test_it_is_told_soon_after_something_happened_and_when_time_has_passed(world):
    entry_due = 24 * HOUR
    world.capture(world.dana)
    world.rooms.rooms[Notices].tell_in_time()
    name = notices_name(device_of(world, world.dana))
    world.later(entry_due)
    world.rooms.rooms[Notices].tell_in_time()
    assert json.loads(world.rooms.store.outgoing(name)) == [{"code": "entries.overdue", "count": 1}]


def test_what_a_later_release_laid_out_costs_nobody_a_receipt(world):
    device = device_of(world, world.dana)
    for content in (b"{}", b"nonsense", b'[{"code":1}]'):
        world.rooms.store.lay_out(notices_name(device), content)
        assert notices(world.rooms.store, device, revoked=False) == []
