"""Who they are, people prove again before what others depend on, and lose nothing."""

from __future__ import annotations

import pyotp
import pytest

from logger.people.credentials import Credentials, Joining
from logger.people.guards import permission_of
from logger.people.permissions import administers
from logger.people.sessions import LONGEST
from tests.desk_world import MINUTE, Browser, World
from tests.page_inspector import Page

PASSWORD, SECRET = "three quiet lamps", "A" * 32
PROVE = "/account/prove"
ASKED = {
    "administration.invited", "administration.change", "administration.disable",
    "administration.enable", "administration.link", "administration.confirm",
    "law.adopt", "phones.revoke", "account.end", "account.end_others",
}  # fmt: skip


@pytest.fixture
def alex(world: World) -> Browser:
    world.rooms.rooms[Credentials].set(world.alex.id, Joining(PASSWORD, SECRET))
    return world.browser(world.alex)


def code(world: World) -> str:
    return pyotp.TOTP(SECRET).at(world.now // 1000)


def prove(world: World, browser: Browser, page: Page, status: int = 200, **typed: str) -> Page:
    form = {"password": PASSWORD, "code": code(world), **typed}
    return browser.post(page, PROVE, status, **form)


def moves_nia(world: World, browser: Browser) -> Page:
    path = f"/people/{world.nia.id}"
    return browser.post(browser.get(path), path, role="practitioner", team="West & <East>")


def team(world: World) -> str:
    return world.rooms.register.person(world.nia.id).team


def test_within_ten_minutes_nobody_is_asked(world, alex):
    world.later(10 * MINUTE)
    assert moves_nia(world, alex).title == "Person"
    assert team(world) == "West & <East>"


def test_afterwards_both_proofs_are_asked_and_what_was_typed_is_sent_by_a_press(world, alex):
    world.later(10 * MINUTE + 1)
    head = world.rooms.store.head()
    page = moves_nia(world, alex)
    assert page.all("h1")[0].text == "Is it still you?"
    assert "more than 10 minutes" in page.text
    assert world.rooms.store.head() == head
    page = prove(world, alex, page)
    assert page.all("h1")[0].text == "Thank you. Now go on"
    assert world.rooms.store.head() == head
    path = f"/people/{world.nia.id}"
    said = [one.text for one in page.all("li") if "ul" in one.parents and "main" in one.parents]
    assert said == ["Nia Rees", "practitioner", "West & <East>"]
    assert page.all("form", action=path)[0].text.strip() == "Save"
    assert alex.post(page, path).title == "Person"
    assert team(world) == "West & <East>"
    # It is spent, and proved for the minutes to come.
    assert alex.get(PROVE).title == "Your account"
    assert alex.get(PROVE).all("h1")[0].text == "Your account"
    moves_nia(world, alex)


@pytest.mark.parametrize(
    ("typed", "status", "field"),
    [
        ({"password": ""}, 422, "password"),
        ({"code": ""}, 422, "code"),
        ({"password": "three quiet lampz"}, 403, "password"),
        ({"code": "000000"}, 403, "code"),
    ],
)
def test_a_wrong_proof_does_nothing_and_keeps_what_was_typed(world, alex, typed, status, field):
    world.later(11 * MINUTE)
    page = prove(world, alex, moves_nia(world, alex), status, **typed)
    assert page.has_id(f"{field}-error")
    assert PASSWORD not in page.html
    assert team(world) == "South"
    page = prove(world, alex, alex.get(PROVE))
    alex.post(page, f"/people/{world.nia.id}")
    assert team(world) == "West & <East>"


def test_guessing_here_is_held_back_as_at_signing_in(world, alex):
    world.later(11 * MINUTE)
    page = moves_nia(world, alex)
    for _ in range(5):
        prove(world, alex, page, 403, password="a wrong guess")
    prove(world, alex, page, 429)


def test_the_session_goes_on_under_another_token_and_ends_when_it_would_have(world, alex):
    world.later(11 * MINUTE)
    before = alex.client.get_cookie("sharelog").value
    prove(world, alex, moves_nia(world, alex))
    assert alex.client.get_cookie("sharelog").value != before
    stranger = world.app.test_client()
    stranger.set_cookie("sharelog", before)
    assert stranger.get("/people").location == "/sign-in"
    for _ in range((LONGEST - 11 * MINUTE) // (10 * MINUTE)):
        world.later(10 * MINUTE)
        assert alex.get("/people").title == "People"
    world.later(10 * MINUTE)
    assert alex.get("/people").title == "Sign in"


def test_who_changes_their_password_has_given_both_proofs(world, alex):
    world.later(11 * MINUTE)
    path, new = "/account/password", "brisk otter ladder"
    alex.post(alex.get(path), path, current=PASSWORD, code=code(world), new=new, again=new)
    assert moves_nia(world, alex).title == "Person"
    assert team(world) == "West & <East>"


@pytest.mark.parametrize("act", ["others", "one"])
def test_everybody_is_asked_before_they_end_their_sessions(world, act):
    world.rooms.rooms[Credentials].set(world.dana.id, Joining(PASSWORD, SECRET))
    dana, other = world.browser(world.dana), world.browser(world.dana)
    world.later(11 * MINUTE)
    other.get("/phones")
    page = dana.get("/account")
    actions = [one.attributes["action"] for one in page.all("form", method="post")]
    (path,) = (
        one for one in actions if "/sessions/" in one and ("others" in one) == (act == "others")
    )
    page = dana.post(page, path)
    assert page.all("h1")[0].text == "Is it still you?"
    assert "screen open" in page.text
    assert other.client.get("/phones").status_code == 200
    assert "Nothing was done yet." in page.text
    assert "what you typed" not in page.text
    page = prove(world, dana, page)
    assert "Nothing was done yet." in page.text
    dana.post(page, path)
    assert other.client.get("/phones").location == "/sign-in"
    assert dana.client.get("/phones").status_code == 200


def test_these_acts_are_asked_for_and_reading_is_not(world, alex):
    views = world.app.view_functions
    marked = {name for name, view in views.items() if hasattr(view, "sharelog_fresh")}
    assert marked == ASKED
    posts = {r.endpoint for r in world.app.url_map.iter_rules() if "POST" in r.methods}
    mine = {name for name in posts if permission_of(views[name]) is administers}
    assert mine - marked == {"administration.decline", "law.compared"}
    world.later(11 * MINUTE)
    for path in ("/people", f"/people/{world.nia.id}", "/people/invite", "/law", "/phones"):
        assert alex.get(path).title != "Your account"


def test_people_who_are_no_administrators_revoke_their_own_phone_at_once(world):
    world.rooms.rooms[Credentials].set(world.dana.id, Joining(PASSWORD, SECRET))
    world.capture(world.dana)
    dana, device = world.browser(world.dana), world.rooms.register.phones_of([world.dana])[0].device
    world.later(11 * MINUTE)
    path = f"/phones/{device.hex()}/revoke"
    assert "Revoked." in dana.post(dana.get(path), path).text


def test_the_organisation_says_how_many_minutes(tmp_path):
    world = World(tmp_path, prove_again_minutes=14)
    world.rooms.rooms[Credentials].set(world.alex.id, Joining(PASSWORD, SECRET))
    alex = world.browser(world.alex)
    world.later(14 * MINUTE)
    assert moves_nia(world, alex).title == "Person"


def test_more_than_a_page_holds_is_not_kept(world, alex):
    world.later(11 * MINUTE)
    path = f"/people/{world.nia.id}"
    page = alex.post(alex.get(path), path, role="practitioner", team="x" * 20_000)
    page = prove(world, alex, page)
    assert page.all("h1")[0].text == "Your account"
    assert team(world) == "South"
