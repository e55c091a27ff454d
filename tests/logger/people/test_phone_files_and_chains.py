"""What a phone could not send is brought by hand; what is odd about a phone is said in words."""

from __future__ import annotations

import hashlib
import io

import pytest

from sync.parcel import MAX_PARCEL_BYTES, write_parcel
from sync.store import Arrival, Contact, Device
from tests.desk_world import MINUTE
from tests.events import a_chain, a_signer, an_event
from tests.page_inspector import inspect

PATH = "/phones/file"


@pytest.fixture
def name(world):
    """Dana's phone, whose events are noise to the record and good to the intake."""
    return add_phone(world, "dana's phone")


def add_phone(world, name):
    signer = a_signer(name)
    code = hashlib.sha256(name.encode()).digest()
    world.rooms.store.offer_code(code, world.dana.id, world.now + MINUTE)
    device = hashlib.sha256(signer.public).digest()
    phone = Device(device, signer.public, world.dana.id, name, world.now)
    world.rooms.store.enrol(code, phone)
    world.rooms.notice_phones()
    return name


def bring(browser, content, status=200):
    page = browser.get(PATH)
    data = {**page.form_values(PATH), "file": (io.BytesIO(content), "sharelog-waiting-1.txt")}
    answer = browser.client.post(PATH, data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:2000]
    return inspect(answer.text)


def parcel(*events):
    return write_parcel([event.to_bytes() for event in events])


def test_what_a_dying_phone_saved_is_taken_in_and_said_in_words(world, name):
    browser, before = world.browser(world.sam), world.rooms.store.head().position
    file = parcel(*a_chain(name, 2), an_event("a stranger"))
    page = bring(browser, file)
    assert "There were 3 entries in it." in page.text
    assert "2 entries" in page.text
    assert "the phone they are from was never added" in page.text
    assert world.rooms.store.head().position == before + 2
    assert "Here already. Nothing was changed." in bring(browser, file).text
    assert world.rooms.store.head().position == before + 2


def test_what_a_revoked_phone_left_is_set_aside_and_said_so(world, name):
    signer = a_signer(name)
    world.rooms.store.revoke(hashlib.sha256(signer.public).digest(), world.now)
    page = bring(world.browser(world.dana), parcel(an_event(name)))
    assert "set aside for an administrator" in page.text


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a zip", b"<html><script>alert(1)</script>", b"sharelog-entries/1\n!!!!"],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(world, content):
    before = world.rooms.store.head().position
    page = bring(world.browser(world.dana), content, 422)
    assert "Nothing was taken in" in page.text
    assert "alert" not in page.text
    assert world.rooms.store.head().position == before


def test_no_file_at_all_is_asked_for(world):
    browser = world.browser(world.dana)
    page = browser.get(PATH)
    assert "Choose a file." in browser.post(page, PATH, 422).text


def test_a_file_may_be_as_large_as_phones_make_them_and_no_larger(world):
    browser = world.browser(world.dana)
    first = b"sharelog-entries/1\n"
    bring(browser, first + b" " * (MAX_PARCEL_BYTES - len(first)), 422)
    page = bring(browser, first + b" " * MAX_PARCEL_BYTES, 413)
    assert "larger than a phone makes them" in page.text
    assert bring(browser, first + b" " * (MAX_PARCEL_BYTES + 100_000), 413)


def test_whoever_is_not_signed_in_brings_nothing(world):
    answer = world.browser(None).client.post(PATH, data={"file": (io.BytesIO(b"x"), "x.txt")})
    assert answer.status_code in (303, 400)


def test_a_gap_and_a_fork_are_told_to_the_administrator(world, name):
    chain = a_chain(name, 5)
    copy = an_event(name, 2, prev=chain[0].id, at=world.now + 9)
    kept = [chain[0], chain[1], copy, chain[4]]
    world.rooms.store.keep([Arrival(event) for event in kept], world.now)
    text = world.browser(world.alex).get("/phones").text
    assert "2 entries are missing" in text
    assert "1 entry carries a number twice" in text


def test_a_phone_whose_chain_is_whole_is_not_remarked_on(world, name):
    world.rooms.store.keep([Arrival(event) for event in a_chain(name, 3)], world.now)
    text = world.browser(world.alex).get("/phones").text
    assert "missing" not in text
    assert "number twice" not in text


def test_what_waited_on_a_phone_that_came_back_new_is_told(world, name):
    device = hashlib.sha256(a_signer(name).public).digest()
    world.rooms.store.met(Contact(device, b"n" * 16, world.now, 3))
    assert "has added a phone since" not in world.browser(world.alex).get("/phones").text
    world.later(MINUTE)
    add_phone(world, "the same phone, made new")
    assert "3 entries waited on it" in world.browser(world.alex).get("/phones").text
