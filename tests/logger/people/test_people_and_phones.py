"""People invited, changed and disabled; phones added, noticed and revoked; what is set aside."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from logger.keys.keyring import Keyring
from logger.people import register
from logger.people.phones import Phones, eight_words
from logger.people.register import Register
from sync.enrolment import hash_code
from sync.errors import UnusableCode
from sync.event import CAPTURE, PERSON, PHONE
from sync.store import Arrival, Device, Lane
from tests.desk_world import MINUTE
from tests.events import a_signer, an_event


def test_an_administrator_invites_and_gets_a_link_once(world):
    browser = world.browser(world.alex)
    path, position = "/people/invite", world.rooms.store.head().position
    form = {"name": "Mair Ŵyn", "email": "Mair@Example.org ", "team": "West",
            "role": "practitioner"}  # fmt: skip
    page = browser.post(browser.get(path), path, **form)
    link = page.by_id("link").text
    assert link.startswith("http://record.localhost:8001/join/")
    assert world.browser(None).get(link.removeprefix("http://record.localhost:8001"))
    mair = world.rooms.register.by_email("mair@example.org")
    assert (mair.name, mair.role, mair.team, mair.joined) == (
        "Mair Ŵyn",
        "practitioner",
        "West",
        False,
    )
    kinds = [row.header.kind for row in world.rooms.store.after(position)]
    assert kinds == [PERSON, PERSON]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"name": ""}, 422), ({"email": "nonsense"}, 422), ({"role": "king"}, 422),
     ({"email": "DANA@example.org"}, 409)],
)  # fmt: skip
def test_an_invitation_that_cannot_be_is_explained(world, wrong, status):
    browser, path = world.browser(world.alex), "/people/invite"
    form = {"name": "X", "email": "x@example.org", "role": "practitioner", **wrong}
    page = browser.post(browser.get(path), path, status, **form)
    assert "There is a problem" in page.text or status == 409
    assert len(world.rooms.register.everyone()) == 8


def test_another_team_is_an_event_and_so_is_a_role_that_is_taken_away(world):
    browser, path = world.browser(world.alex), f"/people/{world.sam.id}"
    page = browser.post(browser.get(path), path, role="practitioner", team="South")
    assert "Saved." in page.text
    sam = world.rooms.register.person(world.sam.id)
    assert (sam.role, sam.team) == ("practitioner", "South")
    assert len(world.rooms.store.of_entry(sam.id)) == 2
    browser.post(browser.get(path), path, role="practitioner", team="South")
    assert len(world.rooms.store.of_entry(sam.id)) == 2


def test_a_person_is_disabled_and_enabled_again(world):
    browser, path = world.browser(world.alex), f"/people/{world.dana.id}"
    page = browser.post(browser.get(path), f"{path}/disable")
    assert "signed out everywhere" in page.text
    assert world.rooms.register.person(world.dana.id).disabled
    browser.post(page, f"{path}/enable")
    assert not world.rooms.register.person(world.dana.id).disabled


def test_an_administrator_cannot_shut_themselves_out(world):
    browser, path = world.browser(world.alex), f"/people/{world.alex.id}"
    page = browser.post(browser.get(path), f"{path}/disable")
    assert "You cannot disable yourself" in page.text
    assert not world.rooms.register.person(world.alex.id).disabled


def test_a_new_link_for_somebody_who_lost_theirs_is_written_down(world):
    browser, path = world.browser(world.alex), f"/people/{world.dana.id}"
    page = browser.post(browser.get(path), f"{path}/link")
    assert page.by_id("link").text
    assert len(world.rooms.store.of_entry(world.dana.id)) == 2


def test_the_phones_of_a_team_are_found_without_reading_everybodys(world):
    for person in (world.dana, world.nia, world.sam):
        world.capture(person)
    team = world.rooms.register.team("North")
    found = world.rooms.register.phones_of(team)
    assert {phone.person for phone in found} == {world.dana.id, world.sam.id}
    db = world.rooms.index.read().conn
    plan = db.execute(f"EXPLAIN QUERY PLAN {register._PHONES_OF}", ("[]",)).fetchall()
    assert any("phones_by_person" in str(row) for row in plan)
    assert not any("SCAN phones" in str(row) for row in plan)


def test_who_is_not_there_is_not_found(world):
    world.browser(world.alex).get("/people/01963f2e-0000-7000-8000-0000000000d1", status=404)


def test_a_page_shows_code_words_and_a_drawing_and_the_code_works_once(world):
    page = world.browser(world.dana).get("/phones/add")
    code = page.by_id("code").text
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    words = [one.text for one in page.all("li", lang="en")]
    root = world.rooms.keyring.root_public
    assert words == list(eight_words(hashlib.sha256(b"sharelog/1/root" + root).digest()))
    assert page.all("svg", role="img")
    assert enrol(world, code, "first").person == world.dana.id
    with pytest.raises(UnusableCode):
        enrol(world, code, "second")


def test_a_code_runs_out_after_ten_minutes(world):
    code = world.rooms.rooms[Phones].offer_code(world.dana)
    world.later(10 * MINUTE)
    with pytest.raises(UnusableCode):
        enrol(world, code, "late")


def test_the_drawing_holds_the_link_with_code_and_fingerprint(world):
    offer = world.rooms.rooms[Phones].offer(world.dana, "http://phone.localhost:8000")
    start, code = offer.link.split("#enrol=")[0], offer.link.split("#enrol=")[1].split(".")[0]
    assert start == "http://phone.localhost:8000/"
    assert code == offer.code
    assert offer.drawing.startswith("M4 4h1v1h-1z")


def enrol(world, code: str, name: str) -> Device:
    public = a_signer(name).public
    device = Device(hashlib.sha256(public).digest(), public, world.sam.id, name, world.now)
    return world.rooms.store.enrol(hash_code(code), device)


def test_a_phone_that_enrolled_stands_in_the_ledger_once(world):
    enrol(world, world.rooms.rooms[Phones].offer_code(world.dana), "dana's phone")
    assert [world.rooms.notice_phones() for _ in range(2)] == [1, 0]
    (row,) = [row for row in world.rooms.store.of_entry(world.dana.id) if row.header.kind == PHONE]
    register = world.rooms.rooms[Register]
    assert register.author_of(register.phones()[0].device).id == world.dana.id
    assert row.header.suite == 0


def test_a_round_in_which_no_phone_joined_or_was_revoked_reads_none_of_them(world, monkeypatch):
    world.capture(world.dana)
    with monkeypatch.context() as counted:
        counted.setattr(world.rooms.store, "devices", lambda: pytest.fail("all were read"))
        assert world.rooms.notice_phones() == 0
    enrol(world, world.rooms.rooms[Phones].offer_code(world.sam), "sam's phone")
    assert world.rooms.notice_phones() == 1


def test_a_lost_phone_is_revoked_by_its_owner_after_being_asked_once_more(world):
    world.capture(world.dana)
    browser, (line,) = world.browser(world.dana), world.rooms.rooms[Phones].lines()
    path = f"/phones/{line.device.hex()}/revoke"
    assert "Revoke" in browser.get("/phones").text
    page = browser.post(browser.get(path), path)
    assert "Revoked" in page.text
    assert world.rooms.store.device(line.device).revoked_at == world.now
    assert world.rooms.register.phones()[0].revoked_at == world.now


def test_an_administrator_sees_all_phones_and_others_their_own(world):
    world.capture(world.dana)
    assert "Dana Price" in world.browser(world.alex).get("/phones").text
    assert "A phone" not in world.browser(world.sam).get("/phones").text
    device = world.rooms.register.phones()[0].device.hex()
    world.browser(world.sam).get(f"/phones/{device}/revoke", status=404)
    assert world.browser(world.alex).get(f"/phones/{device}/revoke")


def test_a_revocation_that_a_crash_cut_in_half_is_carried_out_at_the_next_start(world, monkeypatch):
    world.capture(world.dana)
    device, phones = world.rooms.register.phones()[0].device, world.rooms.rooms[Phones]

    def crash(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as cut:
        cut.setattr(world.rooms.store, "revoke", crash)
        with pytest.raises(ConnectionError):
            phones.revoke(device, world.alex.id)
    assert world.rooms.store.device(device).revoked_at is None
    phones.notice()
    assert world.rooms.store.device(device).revoked_at == world.now


def test_what_a_person_logged_before_their_phone_was_revoked_stays_theirs(world):
    entry = world.capture(world.dana)
    device = world.rooms.register.phones()[0].device
    world.rooms.rooms[Phones].revoke(device, world.alex.id)
    assert world.browser(world.dana).get(f"/entries/{entry}")


def test_set_aside_shows_reason_time_and_phone_and_no_content(world):
    world.arrive(world.dana, world.sam.id, CAPTURE, {"v": 1, "shared": "a canary"})
    world.rooms.store.keep([Arrival(an_event("gone", 2), Lane.QUARANTINE)], world.now)
    world.rooms.follow()
    page = world.browser(world.alex).get("/set-aside")
    assert "It is not laid out as expected" in page.text
    assert "The phone was revoked" in page.text
    assert "A phone · Dana Price" in page.text
    assert "canary" not in page.text


def test_the_index_names_staff_and_nobody_else(world):
    world.capture(world.dana, shared="canary one", children=[{"name": "canary", "unknown": False}])
    dump = world.dump_index()
    assert "Dana Price" in dump
    assert "canary" not in dump


def test_an_administrator_is_told_when_the_record_key_is_older_than_a_quarter(world):
    made, day = world.now, 24 * 60 * 60 * 1000
    keyring = world.rooms.rooms[Keyring]
    world.rooms.rooms[Keyring] = replace(keyring, record_made_at=made)
    world.later(92 * day)
    assert "sharelog keys rotate" not in world.browser(world.alex).get("/people").text
    world.later(day)
    assert "is 93 days old" in world.browser(world.alex).get("/people").by_id("key-age").text
