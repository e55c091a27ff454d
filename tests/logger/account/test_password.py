"""People change their own password, and nobody else can in their place."""

from __future__ import annotations

import pyotp
import pytest
from structlog.testing import capture_logs

from logger.people.credentials import Credentials, Joining
from logger.people.sessions import LONGEST
from tests.desk_world import MINUTE, Browser, World
from tests.page_inspector import Page

OLD, NEW, SECRET = "three quiet lamps", "brisk otter ladder", "A" * 32
PATH = "/account/password"


@pytest.fixture
def dana(world: World) -> Browser:
    world.rooms.rooms[Credentials].set(world.dana.id, Joining(OLD, SECRET))
    return world.browser(world.dana)


def code(world: World) -> str:
    return pyotp.TOTP(SECRET).at(world.now // 1000)


def change(world: World, browser: Browser, status: int = 200, **typed: str) -> Page:
    form = {"current": OLD, "code": code(world), "new": NEW, "again": NEW, **typed}
    return browser.post(browser.get(PATH), PATH, status, **form)


def first_step(world: World, password: str, status: int = 200) -> tuple[Browser, Page]:
    browser = world.browser(None)
    page = browser.get("/sign-in")
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    form = {"email": world.dana.email, "password": password, "csrf_token": token}
    return browser, browser.post(page, "/sign-in", status, **form)


def second_step(world: World, browser: Browser, page: Page) -> Page:
    return browser.post(page, "/sign-in/code", code=code(world))


def test_the_new_one_signs_in_the_old_one_does_not_and_the_authenticator_stays(world, dana):
    done = change(world, dana)
    assert "Your password is changed." in done.text
    first_step(world, OLD, 403)
    world.later(MINUTE)  # a code signs in once
    browser, page = first_step(world, NEW)
    assert second_step(world, browser, page).title == "To complete"


def test_every_other_session_ends_and_the_one_in_hand_goes_on_under_another_token(world, dana):
    others = [world.browser(world.dana) for _ in range(2)]
    before, events = dana.client.get_cookie("sharelog").value, world.rooms.store.head().position
    change(world, dana)
    assert world.rooms.store.head().position == events + 1
    assert dana.get("/phones").title == "Phones"
    for one in others:
        assert one.get("/phones").title == "Sign in"
    assert dana.client.get_cookie("sharelog").value != before
    stranger = world.app.test_client()
    stranger.set_cookie("sharelog", before)
    assert stranger.get("/phones").location == "/sign-in"


def test_the_session_ends_when_it_would_have_without_the_change(world, dana):
    change(world, dana)
    for _ in range(LONGEST // (10 * MINUTE) - 1):
        world.later(10 * MINUTE)
        assert dana.get("/phones").title == "Phones"
    world.later(10 * MINUTE)
    assert dana.get("/phones").title == "Sign in"


def test_whoever_was_half_way_in_with_the_old_one_begins_again(world, dana):
    browser, page = first_step(world, OLD)
    change(world, dana)
    assert second_step(world, browser, page).title == "Sign in"
    assert browser.client.get("/phones").location == "/sign-in"


@pytest.mark.parametrize(
    ("typed", "status", "field", "said"),
    [
        ({"current": ""}, 422, "current", "Enter the password you have now"),
        ({"current": "three quiet lampz"}, 403, "current", "not the password you have now"),
        ({"code": ""}, 422, "code", "Enter the code"),
        ({"code": "000000"}, 403, "code", "This code is not right"),
        ({"new": "short", "again": "short"}, 422, "new", "at least 12 characters"),
        ({"new": "x" * 1025, "again": "x" * 1025}, 422, "new", "too long"),
        ({"again": "brisk otter laddre"}, 422, "again", "are not the same"),
        ({"new": "password1234", "again": "password1234"}, 422, "new", "easy to guess"),
        ({"new": "Northside 4 ever so", "again": "Northside 4 ever so"}, 422, "new", "Leave out"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(
    world, dana, typed, status, field, said
):
    other, head = world.browser(world.dana), world.rooms.store.head()
    page = change(world, dana, status, **typed)
    assert said in page.by_id(f"{field}-error").text
    for password in (OLD, NEW, *(typed[name] for name in typed if name != "code" and typed[name])):
        assert password not in page.html
    assert world.rooms.store.head() == head
    assert other.get("/phones").title == "Phones"
    assert world.rooms.rooms[Credentials].password_right(world.dana.id, OLD)


def test_guessing_the_password_of_now_is_held_back_as_at_signing_in(world, dana):
    for _ in range(5):
        change(world, dana, 403, current="a wrong guess")
    change(world, dana, 429)
    assert world.rooms.rooms[Credentials].password_right(world.dana.id, OLD)
    first_step(world, OLD, 429)


def test_guessing_the_code_is_held_back_as_at_signing_in(world, dana):
    for _ in range(5):
        change(world, dana, 403, code="000000")
    change(world, dana, 429)
    assert world.rooms.rooms[Credentials].password_right(world.dana.id, OLD)


def test_what_was_typed_is_in_no_log_and_no_file(world, dana, tmp_path):
    with capture_logs() as logged:
        change(world, dana, 403, current="a wrong guess")
        change(world, dana)
    tried = [(e["step"], e["right"], e["person"]) for e in logged if e["event"] == "sign_in.tried"]
    steps = [("password", False), ("password", True), ("code", True)]
    assert tried == [(*step, str(world.dana.id)) for step in steps]
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    for typed in (OLD, NEW, "a wrong guess"):
        assert typed not in str(logged)
        assert typed.encode() not in raw


def test_where_a_demo_let_somebody_in_there_is_no_password_to_change(world):
    sam = world.browser(world.sam)
    page = sam.get(PATH)
    assert "this is a demo" in page.text
    assert not page.all("a", href=PATH)
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    form = {"current": "", "code": "0", "new": NEW, "again": NEW, "csrf_token": token}
    assert sam.client.post(PATH, data=form).status_code == 422
    assert sam.client.post(PATH, data=form | {"current": OLD}).status_code == 403
    assert not world.rooms.rooms[Credentials].has_password(world.sam.id)
