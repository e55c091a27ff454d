"""What was set aside is opened by information governance alone, and nothing leaves by itself."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from logger.clock import uuid7
from logger.people.person import Person, Role
from logger.trail.looks import Looks
from sync.event import CAPTURE
from sync.store import Arrival, Lane
from tests.desk_world import World
from tests.events import an_event
from tests.stranger_wire import a_share

WORDS = "Held back in a revoked phone: crying behind the door."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def ida(world: World) -> Person:
    """Information governance."""
    return world.rooms.add_person("Ida Lloyd", "ida@example.org", Role.GOVERNANCE, "")


def revoked_capture(world: World) -> tuple[UUID, int]:
    """An entry from a phone that is not trusted any more; its id and position."""
    entry = uuid7(world.now, world.randomness)
    world.arrive(
        world.dana, entry, CAPTURE, {**a_share(world.now), "shared": WORDS}, Lane.QUARANTINE
    )
    return entry, world.rooms.store.head().position


def test_an_administrator_sees_why_and_when_and_never_what(world: World) -> None:
    _entry, position = revoked_capture(world)
    page = world.browser(world.alex).get("/set-aside")
    assert "The phone was revoked" in page.html
    assert "Dana Price" in page.html
    assert f"/set-aside/{position}" not in page.html
    for person in (world.alex, world.dana, world.sam, world.carys):
        world.browser(person).get(f"/set-aside/{position}", 403)


def test_information_governance_opens_it_behind_a_look(world: World, ida: Person) -> None:
    entry, position = revoked_capture(world)
    browser = world.browser(ida)
    assert WORDS not in browser.get("/set-aside").html
    assert looks(world, entry) == []
    assert WORDS in browser.get(f"/set-aside/{position}").html
    assert looks(world, entry) == [(ida.id, "set-aside")]


def test_what_is_put_into_the_record_is_on_its_authors_list_and_stays(
    world: World, ida: Person
) -> None:
    entry, position = revoked_capture(world)
    world.browser(world.dana).get(f"/entries/{entry}", 404)
    browser, action = world.browser(ida), f"/set-aside/{position}/admit"
    page = browser.post(browser.get(f"/set-aside/{position}"), action)
    assert "Nothing is set aside." in page.html
    assert str(entry) in world.browser(world.dana).get("/to-complete").html
    assert WORDS in world.browser(world.dana).get(f"/entries/{entry}").html
    browser.get(f"/set-aside/{position}", 404)
    before = world.dump_index()
    world.rooms.index.path.unlink()
    world.rooms.follow()
    assert world.dump_index() == before
    # What was not submitted is its author's alone, also when it came by this way.
    dana, check = world.documented(world.dana, entry), f"/entries/{entry}/check"
    dana.post(dana.get(check), check, made_by_me="yes")
    assert WORDS in world.browser(world.sam).get(f"/review/{entry}", 200).html


def test_what_cannot_be_opened_stays_and_can_be_noted(world: World, ida: Person) -> None:
    world.rooms.store.keep([Arrival(an_event("a stranger's phone"))], world.now)
    position = world.rooms.store.head().position
    world.rooms.follow()
    browser, page_at = world.browser(ida), f"/set-aside/{position}"
    page = browser.get(page_at)
    assert "There is nothing to read" in page.html
    assert f"{page_at}/admit" not in page.html
    page = browser.post(page, f"{page_at}/note", 422, words=" ")
    assert "Say in a few words" in page.html
    browser.post(page, f"{page_at}/note", words="Asked the phone's owner; a test of theirs.")
    page = browser.get(page_at)
    assert "Asked the phone&#39;s owner" in page.html
    assert "Ida Lloyd" in page.html
    assert str(position) in browser.get("/set-aside").html
    browser.post(page, f"{page_at}/note", 409, to=f"{page_at}/admit")


def test_the_navigation_counts_what_waits(world: World, ida: Person) -> None:
    revoked_capture(world)
    for person in (ida, world.alex):
        assert "Set aside" in world.browser(person).get("/phones").html
    assert "Set aside" not in world.browser(world.sam).get("/phones").html


def looks(world: World, entry: UUID) -> list[tuple[UUID, str]]:
    found = world.rooms.rooms[Looks]
    assert isinstance(found, Looks)
    return [(look.person, look.page) for look in found.of_entry(entry)]


def test_the_overview_says_how_many_are_set_aside_to_those_who_answer_for_all(
    world: World, ida: Person
) -> None:
    assert "set aside and" not in world.browser(ida).get("/overview").text
    revoked_capture(world)
    page = world.browser(ida).get("/overview")
    assert "1 arrival is set aside and is in no figure here." in page.text
    assert [link for link in page.all("a", href="/set-aside") if "main" in link.parents]
    officer = world.rooms.add_person(
        "Olu Bello", "olu@example.org", Role.DATA_PROTECTION_OFFICER, ""
    )
    page = world.browser(officer).get("/overview")
    assert "1 arrival is set aside" in page.text
    assert not page.all("a", href="/set-aside")
    assert "set aside" not in world.browser(world.sam).get("/overview").text


def test_a_note_that_could_not_be_kept_comes_back_to_whoever_typed_it(
    world: World, ida: Person
) -> None:
    _entry, position = revoked_capture(world)
    browser, action = world.browser(ida), f"/set-aside/{position}/note"
    page = browser.get(f"/set-aside/{position}")
    browser.post(page, f"/set-aside/{position}/admit")
    problem = browser.post(page, action, 404, words="The phone was found in <b>Leeds</b>.")
    assert "It was not saved, but it is not lost" in problem.text
    assert problem.all("textarea")[0].text.strip() == "The phone was found in <b>Leeds</b>."
