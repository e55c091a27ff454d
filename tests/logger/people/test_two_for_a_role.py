"""No administrator alone gives a role, or a way to sign in as somebody who has one."""

from __future__ import annotations

from uuid import UUID

import pytest

from logger.people.invitations import AnsweredAlready
from logger.people.permissions import NotTheSecond
from logger.people.person import Person, Role
from tests.desk_world import Browser, World
from tests.page_inspector import Page


@pytest.fixture
def bryn(world: World) -> Person:
    return world.rooms.add_person("Bryn Tate", "bryn@example.org", Role.ADMINISTRATOR, "")


def standing(world: World, person: UUID) -> tuple[Role, str]:
    found = world.rooms.register.person(person)
    assert found
    return found.role, found.team


def asked(world: World, by: Person, about: Person, role: str, team: str = "North") -> Page:
    browser, path = world.browser(by), f"/people/{about.id}"
    return browser.post(browser.get(path), path, role=role, team=team)


def confirm(browser: Browser, about: Person, status: int = 200) -> Page:
    page = browser.get(f"/people/{about.id}")
    return browser.post(page, f"/people/{about.id}/confirm", status)


def test_a_role_holds_once_a_second_administrator_confirmed_it_and_both_are_events(
    world: World, bryn: Person
) -> None:
    page = asked(world, world.alex, world.dana, "supervisor")
    assert "Another administrator has to confirm this first." in page.text
    assert "Alex Shaw asked for this: supervisor, team North." in page.by_id("asked").text
    assert standing(world, world.dana.id) == (Role.PRACTITIONER, "North")
    second = world.browser(bryn)
    assert "People (1)" in second.get("/people").text
    assert "Dana Price: supervisor, team North" in second.get("/people").text
    assert "Confirmed. It holds from now on." in confirm(second, world.dana).text
    assert standing(world, world.dana.id) == (Role.SUPERVISOR, "North")
    assert len(world.rooms.store.of_entry(world.dana.id)) == 3
    before = world.dump_index()
    world.rooms.rebuild()
    assert world.dump_index() == before


@pytest.mark.parametrize("who", ["dana", "alex", "bryn"])
def test_neither_who_asked_nor_whom_it_is_about_is_the_second(
    world: World, bryn: Person, who: str
) -> None:
    about = bryn if who == "bryn" else getattr(world, who)
    asked(world, world.alex, about, "supervisor")
    wish = world.rooms.register.proposal(about.id)
    assert wish
    for one in (world.alex, about, world.sam):
        with pytest.raises(NotTheSecond):
            world.rooms.invitations.confirm(wish, one)
        page = world.browser(one).client.post(f"/people/{about.id}/confirm")
        assert page.status_code in {400, 403}
    assert standing(world, about.id)[0] is not Role.SUPERVISOR
    path = f"/people/{about.id}"
    forms = world.browser(world.alex).get(path).all("form", action=f"{path}/confirm")
    assert forms == []


def test_somebody_new_begins_as_a_practitioner(world: World, bryn: Person) -> None:
    browser, path = world.browser(world.alex), "/people/invite"
    form = {"name": "Mair", "email": "mair@example.org", "role": "administrator", "team": ""}
    page = browser.post(browser.get(path), path, **form)
    assert page.has_id("waits")
    mair = world.rooms.register.by_email("mair@example.org")
    assert mair
    assert mair.role is Role.PRACTITIONER
    # An account that one of them made is no second either.
    asked(world, world.alex, world.dana, "supervisor")
    world.browser(mair).get(f"/people/{world.dana.id}", 403)
    confirm(world.browser(bryn), mair)
    assert standing(world, mair.id) == (Role.ADMINISTRATOR, "")


def test_a_new_link_for_somebody_with_a_role_is_shown_to_the_second_alone(
    world: World, bryn: Person
) -> None:
    browser, path = world.browser(world.alex), f"/people/{world.sam.id}"
    page = browser.post(browser.get(path), f"{path}/link")
    assert not page.has_id("link")
    assert "a new link to set up sign-in" in page.by_id("asked").text
    link = confirm(world.browser(bryn), world.sam).by_id("link").text
    assert world.browser(None).get(link.removeprefix("http://record.localhost:8001"))
    assert standing(world, world.sam.id) == (Role.SUPERVISOR, "North")
    own = f"/people/{world.dana.id}"
    assert browser.post(browser.get(own), f"{own}/link").has_id("link")


def test_what_was_declined_replaced_or_answered_is_confirmed_by_nobody(
    world: World, bryn: Person
) -> None:
    browser, path = world.browser(bryn), f"/people/{world.dana.id}"
    asked(world, world.alex, world.dana, "governance")
    old = browser.get(path)
    asked(world, world.alex, world.dana, "supervisor")
    page = browser.post(old, f"{path}/confirm", 409)
    assert "Something else was asked or answered meanwhile." in page.text
    wish = world.rooms.register.proposal(world.dana.id)
    assert wish
    page = browser.post(browser.get(path), f"{path}/decline")
    assert "Nothing was changed." in page.text
    assert standing(world, world.dana.id) == (Role.PRACTITIONER, "North")
    with pytest.raises(AnsweredAlready):
        world.rooms.invitations.confirm(wish, bryn)
    asked(world, world.alex, world.dana, "supervisor")
    browser.post(browser.get(path), f"{path}/disable")
    assert world.rooms.register.proposals() == []
