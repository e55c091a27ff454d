"""People see where they are signed in, and end what is not theirs any more."""

from __future__ import annotations

import pytest

from logger.account.own import Account
from logger.errors import NotFound
from logger.people.sessions import IDLE, Sessions
from tests.desk_world import MINUTE, Browser, World
from tests.page_inspector import Page


def rows(page: Page) -> list[str]:
    found = [" ".join(one.text.split()) for one in page.all("tr", class_="govuk-table__row")]
    return found[1:]


def ends(page: Page) -> list[str]:
    actions = [one.attributes["action"] for one in page.all("form", method="post")]
    return [one for one in actions if one.startswith("/account/sessions/") and "others" not in one]


def events(world: World) -> int:
    return len(world.rooms.store.of_entry(world.dana.id))


def signed_in(browser: Browser) -> bool:
    return browser.client.get("/phones").status_code == 200


def test_people_see_when_each_began_when_it_was_used_and_which_is_in_their_hand(world):
    first = world.browser(world.dana)
    world.later(5 * MINUTE)
    second = world.browser(world.dana)
    world.browser(world.sam)
    world.later(2 * MINUTE)
    page = second.get("/account")
    here, there = rows(page)
    assert here.endswith("This browser")
    assert "10:05" in here
    assert "10:00" in there
    assert "Sign out there" in there
    assert page.has_id("sessions")
    assert first.get("/account").text.count("This browser") == 1


def test_one_that_was_ended_is_refused_at_its_next_request_and_the_end_is_an_event(world):
    lost, mine, other = (world.browser(world.dana) for _ in range(3))
    world.later(MINUTE)
    other.get("/phones")
    before, page = events(world), mine.get("/account")
    # Seen last comes first: this browser, the other, and the lost one at the end.
    done = mine.post(page, ends(page)[-1])
    assert "Signed out there." in done.text
    assert [signed_in(one) for one in (lost, mine, other)] == [False, True, True]
    assert events(world) == before + 1
    assert len(rows(done)) == 2


def test_all_others_end_at_once_with_one_event_and_none_without_others(world):
    browsers = [world.browser(world.dana) for _ in range(3)]
    sam, before = world.browser(world.sam), events(world)
    page = browsers[0].get("/account")
    done = browsers[0].post(page, "/account/sessions/end-others")
    assert "You are signed out everywhere else." in done.text
    assert [signed_in(one) for one in browsers] == [True, False, False]
    assert signed_in(sam)
    assert events(world) == before + 1
    again = browsers[0].post(page, "/account/sessions/end-others")
    assert len(rows(again)) == 1
    assert events(world) == before + 1


def test_nobody_ends_the_session_of_somebody_else_or_one_that_is_over(world):
    dana, sam = world.browser(world.dana), world.browser(world.sam)
    other = world.browser(world.dana)
    page = dana.get("/account")
    (action,) = ends(page)
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    mine = sam.get("/account").all("input", name="csrf_token")[0].attributes["value"]
    before = world.rooms.store.head()
    assert sam.client.post(action, data={"csrf_token": mine}).status_code == 404
    assert signed_in(other)
    for nonsense in ("0" * 64, "zz", "é"):
        path = f"/account/sessions/{nonsense}/end"
        assert dana.client.post(path, data={"csrf_token": token}).status_code == 404
    assert world.rooms.store.head() == before
    dana.post(page, action)
    assert dana.client.post(action, data={"csrf_token": token}).status_code == 404


def test_what_ran_out_is_not_listed(world):
    world.browser(world.dana)
    world.later(IDLE)
    assert len(rows(world.browser(world.dana).get("/account"))) == 1


def test_a_request_under_way_does_not_bring_back_what_its_person_ended(world):
    sessions, own = world.rooms.rooms[Sessions], world.rooms.rooms[Account]
    lost, mine = sessions.begin(world.dana.id), sessions.begin(world.dana.id)
    for one in (lost, mine):
        sessions.keep(one)
    under_way = sessions.find(lost.token)
    own.end(world.dana, sessions.name(lost))
    sessions.keep(under_way)
    assert sessions.find(lost.token) is None
    with pytest.raises(NotFound):
        own.end(world.dana, sessions.name(lost))
    assert sessions.find(mine.token)


def test_the_name_of_a_session_lets_nobody_in_and_no_token_is_on_the_page(world):
    dana = world.browser(world.dana)
    world.browser(world.dana)
    page, token = dana.get("/account"), dana.client.get_cookie("sharelog").value
    assert token.partition("/")[2] not in page.html
    name = ends(page)[0].split("/")[3]
    for value in (name, f"{world.dana.id}/{name}"):
        stranger = world.app.test_client()
        stranger.set_cookie("sharelog", value)
        assert stranger.get("/phones").location == "/sign-in"


def test_an_end_does_not_bring_back_how_somebody_stood_before(world):
    stale, own = world.rooms.register.person(world.dana.id), world.rooms.rooms[Account]
    sessions = world.rooms.rooms[Sessions]
    for _ in range(2):
        sessions.keep(sessions.begin(stale.id))
    world.rooms.invitations.change(stale, stale.role, "South", world.alex.id)
    own.end(stale, own.sessions(stale)[0].name)
    assert world.rooms.register.person(stale.id).team == "South"
    before = world.dump_index()
    world.rooms.rebuild()
    assert world.dump_index() == before
