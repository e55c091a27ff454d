"""A recipient confirms receipt with a one-time code, without an account."""

from __future__ import annotations

import re
from uuid import UUID

from tests.desk_world import DAY, Browser, World
from tests.page_inspector import Page


def make_link(world: World, entry: UUID) -> str:
    """The code that the author is shown."""
    browser, path = world.browser(world.dana), f"/entries/{entry}/later/link"
    page = browser.post(browser.get(f"/entries/{entry}/later/receipt"), path)
    address = page.by_id("link").attributes["value"]
    assert re.fullmatch(r"http://record[.]localhost:8001/received#[0-9A-Z-]{19}", address)
    return address.split("#")[1]


def look(browser: Browser, code: str, status: int = 200) -> Page:
    return browser.post(browser.get("/received"), "/received", status, code=code)


def test_a_stranger_confirms_once_and_sees_nothing_but_who_and_when(world: World) -> None:
    entry = world.submitted(world.dana, shared="CANARY", why=["neglect"])
    code = make_link(world, entry)
    stranger = world.browser(None)
    page = look(stranger, code.lower().replace("-", " "))
    said = "Confirm that you received what Northside told you on 24 November, 10:00."
    assert said in page.text
    for secret in ("CANARY", "Robin", "Police", "Dana", str(entry), "Neglect"):
        assert secret not in page.html
    assert "Receipt confirmed" not in world.browser(world.dana).get(f"/entries/{entry}").text
    page = stranger.post(page, "/received", received="yes")
    assert "Thank you" in page.text
    page = look(world.browser(None), code, 404)
    assert "This code cannot be used" in page.text
    read = world.browser(world.dana).get(f"/entries/{entry}")
    later = read.by_id("later").text
    assert "Confirmed with the one-time link, by whoever had it" in later
    assert "Police (999)" in later
    assert "Receipt confirmed" in world.browser(world.sam).get(f"/review/{entry}").text


def test_opening_the_page_confirms_nothing(world: World) -> None:
    entry = world.submitted(world.dana)
    code = make_link(world, entry)
    stranger = world.browser(None)
    for _ in range(3):
        look(stranger, code)
    assert (
        "has a link to confirm receipt" in world.browser(world.dana).get(f"/entries/{entry}").text
    )


def test_a_code_runs_out_after_fourteen_days(world: World) -> None:
    code = make_link(world, world.submitted(world.dana))
    world.later(14 * DAY + 1)
    look(world.browser(None), code, 404)


def test_a_newer_link_ends_the_older(world: World) -> None:
    entry = world.submitted(world.dana)
    older, newer = make_link(world, entry), make_link(world, entry)
    look(world.browser(None), older, 404)
    look(world.browser(None), newer)


def test_guessing_is_slowed_down(world: World) -> None:
    stranger = world.browser(None)
    page = stranger.get("/received")
    for count in range(31):
        status = 404 if count < 30 else 429
        page = stranger.post(page, "/received", status, code=f"{count:016}")
    assert "Too many tries" in page.text


def test_what_is_no_code_is_refused_and_stays_in_the_field(world: World) -> None:
    page = look(world.browser(None), "<b>not a code</b>", 404)
    assert page.by_id("code").attributes["value"] == "<b>not a code</b>"


def test_two_who_confirm_at_once_leave_one_confirmation(world: World) -> None:
    entry = world.submitted(world.dana)
    code = make_link(world, entry)
    one, two = world.browser(None), world.browser(None)
    first, second = look(one, code), look(two, code)
    one.post(first, "/received", received="yes")
    two.post(second, "/received", 404, received="yes")
    read = world.browser(world.dana).get(f"/entries/{entry}")
    assert read.by_id("later").text.count("Confirmed with the one-time link") == 1


def test_an_author_notes_a_receipt_by_hand(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/later/receipt"
    page = browser.post(browser.get(path), path, 422, when="Today")
    assert "Choose who confirmed it." in page.text
    page = browser.post(page, path, whom="+police-999", when="Today", reference="881")
    assert "881" in page.by_id("later").text


def test_codes_stand_in_no_file_in_clear(world: World, tmp_path: object) -> None:
    code = make_link(world, world.submitted(world.dana)).replace("-", "")
    for file in tmp_path.rglob("*"):  # type: ignore[attr-defined]
        if file.is_file():
            assert code.encode() not in file.read_bytes(), file
