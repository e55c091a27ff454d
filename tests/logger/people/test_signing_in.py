"""Signing in: two steps, slowly for those who guess, and over when it should be."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from argon2 import PasswordHasher
from structlog.testing import capture_logs

from logger.people.credentials import Credentials, Joining, Passwords, matching_step
from logger.people.invitations import Invitations
from logger.people.sessions import IDLE, LONGEST, Sessions
from logger.people.sign_in import SignIn, WrongCode, WrongSignIn
from logger.people.throttle import Subject, TooManyTries
from logger.record_door import TOO_MANY_WAIT, takes_long
from tests.desk_world import HOUR, MINUTE, Browser, World
from tests.page_inspector import Page, inspect

PASSWORD = "three quiet lamps"


def joins(world: World, person) -> tuple[str, list[str]]:
    """The person follows their link without JavaScript; the secret and the recovery codes."""
    token = world.rooms.invitations.link_token(person, None)
    browser, path = world.browser(None), f"/join/{token}"
    page = browser.get(path)
    secret = page.by_id("secret").text.replace(" ", "")
    code = pyotp.TOTP(secret).at(world.now // 1000)
    done = browser.post(page, path, password=PASSWORD, code=code, csrf_token=token_of(page))
    codes = [one.text for one in done.all("code", class_="record-code")]
    return secret, codes


def token_of(page: Page) -> str:
    return page.all("input", name="csrf_token")[0].attributes["value"]


def first_step(world: World, email: str, password: str, status: int = 200) -> tuple[Browser, Page]:
    browser = world.browser(None)
    page = browser.get("/sign-in")
    form = {"email": email, "password": password, "csrf_token": token_of(page)}
    return browser, browser.post(page, "/sign-in", status, **form)


def signs_in(world: World, secret: str, code: str | None = None, status: int = 200) -> Browser:
    browser, page = first_step(world, world.dana.email, PASSWORD)
    assert page.title == "Code"
    code = code or pyotp.TOTP(secret).at(world.now // 1000)
    browser.post(page, "/sign-in/code", status, code=code)
    return browser


def test_an_invited_person_joins_and_signs_in(world):
    secret, codes = joins(world, world.dana)
    assert len(set(codes)) == 10
    assert world.rooms.register.person(world.dana.id).joined
    browser = signs_in(world, secret)
    assert "Dana Price" in browser.get("/to-complete").text


def test_a_link_works_once(world):
    token = world.rooms.invitations.link_token(world.dana, None)
    invitations = world.rooms.rooms[Invitations]
    invitations.join(token, "Dana Price", PASSWORD)
    world.browser(None).get(f"/join/{token}", status=404)


def test_a_link_runs_out_after_a_week(world):
    token = world.rooms.invitations.link_token(world.dana, None)
    world.later(7 * 24 * HOUR)
    world.browser(None).get(f"/join/{token}", status=404)


def test_a_password_that_is_too_short_or_a_wrong_code_changes_nothing(world):
    token = world.rooms.invitations.link_token(world.dana, None)
    browser, path = world.browser(None), f"/join/{token}"
    page = browser.get(path)
    short = browser.post(page, path, 422, password="short", code="123456")
    assert "at least 12 characters" in short.text
    wrong = browser.post(page, path, 422, password=PASSWORD, code="abcdef")
    assert "does not match" in wrong.text
    assert not world.rooms.register.person(world.dana.id).joined


def test_a_recovery_code_signs_in_once(world):
    secret, codes = joins(world, world.dana)
    signs_in(world, secret, codes[0].lower())
    signs_in(world, secret, codes[0], status=403)
    signs_in(world, secret, codes[1].replace("-", " "))


def test_a_code_that_was_seen_over_a_shoulder_is_no_use_again(world):
    secret, _ = joins(world, world.dana)
    signs_in(world, secret)
    signs_in(world, secret, status=403)
    world.later(30_000)
    signs_in(world, secret)


def test_a_code_is_good_a_step_early_or_late_and_not_two():
    secret, now = pyotp.random_base32(), 1_795_514_400_000
    steps = [
        matching_step(secret, pyotp.TOTP(secret).at(now // 1000 + 30 * n), now)
        for n in range(-2, 3)
    ]
    here = now // 30_000
    assert steps == [None, here - 1, here, here + 1, None]


@pytest.mark.parametrize("who", ["unknown", "wrong password", "disabled", "never joined"])
def test_everyone_who_may_not_gets_the_same_answer(world, who):
    joins(world, world.dana)
    email = {"unknown": "nobody@example.org", "never joined": world.sam.email}.get(
        who, world.dana.email
    )
    if who == "disabled":
        world.rooms.invitations.disable(world.rooms.register.person(world.dana.id), world.alex.id)
    password = PASSWORD if who == "disabled" else "three quiet lampz"
    _, page = first_step(world, email, password, 403)
    assert "The email address or password is not right." in page.text


def test_an_unknown_name_costs_the_same_work_as_a_known_one(world):
    hashed = []
    credentials = world.rooms.rooms[Credentials]
    real = credentials._hasher.verify

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            hashed.append(kept.split("$")[1:4])
            return real(kept, password)

    credentials.set(world.dana.id, Joining(PASSWORD, "A" * 32))
    credentials._hasher = Counting()
    for email in (world.dana.email, "nobody@example.org"):
        with pytest.raises(WrongSignIn):
            world.rooms.rooms[SignIn].check_password(email, "wrong", "10.0.0.1")
    assert len(hashed) == 2
    assert hashed[0] == hashed[1]


def test_guessing_costs_more_each_time_and_a_right_sign_in_forgives(world):
    joins(world, world.dana)
    sign_in, waits = world.rooms.rooms[SignIn], []

    def tries(password: str) -> None:
        sign_in.check_password(world.dana.email, password, "10.0.0.1")

    for _ in range(5):
        with pytest.raises(WrongSignIn):
            tries("wrong")
    for _ in range(3):
        waited = 0
        while True:
            try:
                tries("wrong")
            except TooManyTries:
                world.later(1000)
                waited += 1
            except WrongSignIn:
                break
        waits.append(waited)
    assert waits == [5, 10, 20]
    world.later(HOUR)
    tries(PASSWORD)
    with pytest.raises(WrongSignIn):
        tries("wrong")
    tries(PASSWORD)


def test_one_source_that_tries_many_names_is_slowed_down(world, monkeypatch):
    monkeypatch.setattr(Subject, "source", lambda address: Subject(f"source {address}", 10))
    sign_in, refused = world.rooms.rooms[SignIn], 0
    for number in range(20):
        try:
            sign_in.check_password(f"{number}@example.org", "wrong", "10.0.0.9")
        except TooManyTries:
            refused += 1
        except WrongSignIn:
            pass
    assert refused > 5
    with pytest.raises(WrongSignIn):
        sign_in.check_password("x@example.org", "wrong", "10.0.0.8")


def test_an_office_of_one_address_may_sign_in_all_morning_and_its_wrong_tries_count(
    world, monkeypatch
):
    secret, _ = joins(world, world.dana)
    monkeypatch.setattr(Subject, "source", lambda address: Subject(f"source {address}", 3))
    sign_in = world.rooms.rooms[SignIn]
    for _ in range(5):
        assert sign_in.check_password(world.dana.email, PASSWORD, "10.0.0.1") == world.dana.id
        sign_in.check_code(world.dana.id, pyotp.TOTP(secret).at(world.now // 1000), "10.0.0.1")
        world.later(30_000)
    for number in range(2):
        with pytest.raises(WrongSignIn):
            sign_in.check_password(f"{number}@example.org", "wrong", "10.0.0.1")
    with pytest.raises(WrongCode):
        sign_in.check_code(world.dana.id, "000000", "10.0.0.1")
    with pytest.raises(TooManyTries):
        sign_in.check_password(world.dana.email, PASSWORD, "10.0.0.1")


def test_passwords_are_hashed_one_after_another_and_the_thread_can_give_way(monkeypatch):
    passwords, inside, most, nice = Passwords(), [], [], []
    kept, real = passwords.hash(PASSWORD), PasswordHasher.verify

    def watched(hasher: PasswordHasher, hashed: str, password: str) -> bool:
        inside.append(password)
        most.append(len(inside))
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        try:
            return real(hasher, hashed, password)
        finally:
            inside.pop()

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    passwords.give_way()
    with ThreadPoolExecutor(4) as many:
        assert all(many.map(passwords.verify, [kept] * 4, [PASSWORD] * 4))
    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert most == [1] * 4
    assert sys.platform != "linux" or set(nice) == {min(19, max(here, 10))}


def test_whoever_finds_too_many_waiting_is_told_when_to_come_again(world):
    client = world.app.test_client()
    answer = client.post("/sign-in", environ_overrides={TOO_MANY_WAIT: True})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Many people are signing in" in inspect(answer.text).text
    assert client.get("/sign-in", headers={TOO_MANY_WAIT: "1"}).status_code == 200


def test_what_hashes_a_password_is_what_waits_apart():
    with_password = ("/sign-in", "/join/abc", "/account/prove", "/account/password")
    for path in with_password:
        assert (takes_long("POST", path), takes_long("GET", path)) == (True, False)
    assert not takes_long("POST", "/sign-in/code")
    assert not takes_long("POST", "/sign-in/demo")


def test_codes_cannot_be_guessed_either(world):
    joins(world, world.dana)
    sign_in = world.rooms.rooms[SignIn]
    for _ in range(5):
        with pytest.raises(WrongCode):
            sign_in.check_code(world.dana.id, "000000", "10.0.0.1")
    with pytest.raises(TooManyTries):
        sign_in.check_code(world.dana.id, "000000", "10.0.0.2")


def test_the_second_step_waits_five_minutes_and_no_longer(world):
    secret, _ = joins(world, world.dana)
    browser, page = first_step(world, world.dana.email, PASSWORD)
    world.later(5 * MINUTE + 1)
    code = pyotp.TOTP(secret).at(world.now // 1000)
    assert browser.post(page, "/sign-in/code", code=code).title == "Sign in"


def test_a_session_ends_when_nothing_was_asked_for_a_quarter_of_an_hour(world):
    browser = world.browser(world.dana)
    world.later(IDLE - 1)
    assert browser.get("/to-complete").title == "To complete"
    world.later(IDLE - 1)
    assert browser.get("/to-complete").title == "To complete"
    world.later(IDLE)
    assert browser.get("/to-complete").title == "Sign in"


def test_a_session_ends_after_ten_hours_whatever_was_asked(world):
    browser = world.browser(world.dana)
    for _ in range(LONGEST // (10 * MINUTE) - 1):
        world.later(10 * MINUTE)
        assert browser.get("/phones").title == "Phones"
    world.later(10 * MINUTE)
    assert browser.get("/phones").title == "Sign in"


def test_signing_in_makes_a_new_session_and_the_one_before_is_gone(world):
    browser = world.browser(None)
    page = browser.get("/sign-in")
    before = browser.client.get_cookie("sharelog").value
    form = {"person": str(world.dana.id), "csrf_token": token_of(page)}
    browser.client.post("/sign-in/demo", data=form)
    after = browser.client.get_cookie("sharelog").value
    assert after != before
    stranger = world.app.test_client()
    stranger.set_cookie("sharelog", before)
    assert stranger.get("/to-complete").status_code == 303


def test_signing_out_ends_the_session_on_the_server(world):
    browser = world.browser(world.dana)
    page = browser.get("/to-complete")
    kept = browser.client.get_cookie("sharelog").value
    browser.post(page, "/sign-out")
    browser.client.set_cookie("sharelog", kept)
    assert browser.get("/to-complete").title == "Sign in"


def test_a_request_under_way_does_not_bring_back_a_session_that_was_ended(world):
    sessions = world.app.extensions["rooms"][Sessions]
    begun = sessions.begin(world.dana.id)
    sessions.keep(begun)
    under_way = sessions.find(begun.token)
    assert under_way.person == world.dana.id
    sessions.end(begun)
    sessions.keep(under_way)
    assert sessions.find(begun.token) is None


def test_disabling_a_person_ends_all_their_sessions(world):
    browsers = [world.browser(world.dana) for _ in range(2)]
    world.rooms.invitations.disable(world.dana, world.alex.id)
    world.rooms.invitations.enable(world.rooms.register.person(world.dana.id), world.alex.id)
    for browser in browsers:
        assert browser.get("/to-complete").title == "Sign in"


def test_a_form_without_its_token_does_nothing(world):
    client = world.browser(world.alex).client
    answer = client.post(f"/people/{world.dana.id}/disable")
    assert answer.status_code == 400
    assert not world.rooms.register.person(world.dana.id).disabled


def test_a_form_on_another_site_does_nothing(world):
    browser = world.browser(world.alex)
    page, path = browser.get(f"/people/{world.dana.id}"), f"/people/{world.dana.id}/disable"
    form = page.form_values(path)
    answer = browser.client.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not world.rooms.register.person(world.dana.id).disabled


def test_outside_a_demo_nobody_signs_in_without_a_proof(tmp_path):
    world = World(tmp_path, demo=False)
    browser = world.browser(None)
    page = browser.get("/sign-in")
    assert "Sign in as" not in page.text
    form = {"person": str(world.dana.id), "csrf_token": token_of(page)}
    assert browser.client.post("/sign-in/demo", data=form).status_code == 404
    assert browser.get("/to-complete").title == "Sign in"


def test_the_cookie_is_for_this_host_alone_under_https(tmp_path):
    origins = {"phone_origin": "https://phone.example.org"}
    world = World(tmp_path, demo=False, record_origin="https://record.example.org", **origins)
    answer = world.app.test_client().get("/sign-in", base_url="https://record.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sharelog=")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    welsh = world.app.test_client().get("/language/cy", base_url="https://record.example.org")
    said = welsh.headers.getlist("Set-Cookie")
    assert any(one.startswith("__Host-sharelog-language=cy;") and "Secure" in one for one in said)
    assert "Strict-Transport-Security" in answer.headers


def test_neither_password_nor_secret_nor_code_stands_in_any_file(world, tmp_path):
    secret, codes = joins(world, world.dana)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("*.db"))
    for canary in (PASSWORD, secret, *codes, *(code.replace("-", "") for code in codes)):
        assert canary.encode() not in raw


def test_every_try_is_logged_by_person_and_step_and_never_by_what_was_typed(world):
    secret, _ = joins(world, world.dana)
    with capture_logs() as logged:
        first_step(world, "nobody@example.org", "a wrong guess", 403)
        first_step(world, world.dana.email, "a wrong guess", 403)
        signs_in(world, secret, code="000000", status=403)
        signs_in(world, secret)
        world.browser(world.sam).client.get("/people")
    tried = [(e["step"], e["right"], e["person"]) for e in logged if e["event"] == "sign_in.tried"]
    dana, sam = str(world.dana.id), str(world.sam.id)
    assert tried == [
        ("password", False, None), ("password", False, dana),
        ("password", True, dana), ("code", False, dana),
        ("password", True, dana), ("code", True, dana), ("demo", True, sam),
    ]  # fmt: skip
    refused = [(e["endpoint"], e["person"]) for e in logged if e["event"] == "record.refused"]
    assert refused == [("administration.people", sam)]
    for typed in ("a wrong guess", PASSWORD, "000000", "nobody@", world.dana.email):
        assert typed not in str(logged)


def test_setting_password_and_codes_anew_ends_every_session_of_before(world):
    browser = signs_in(world, joins(world, world.dana)[0])
    assert browser.get("/to-complete").title != "Sign in"
    joins(world, world.dana)
    assert browser.get("/to-complete").title == "Sign in"
