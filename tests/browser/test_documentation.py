"""Documenting without dread, in a real browser: help that shortens, what follows, what is added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from logger.law.pack import SHIPPED
from tests.desk_served import Served, served
from tests.desk_world import CONSENT

pytestmark = pytest.mark.browser

LONG = "She came to school without a coat again. " * 14


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("documentation")) as world:
        yield world


def test_a_share_is_documented_with_help_submitted_and_taken_along(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.dana, why=["immediate-danger"], told_family="not-safe")
    context = chromium.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = world.open(context, "Dana Price", f"/entries/{entry}/objective")
    page.get_by_label("Why was it necessary to share?").fill("He was on his way there.")
    page.get_by_role("button", name="For help to reach the child at once. Use this").click()
    expect(page.get_by_label("What did you want to happen?")).to_have_value(
        "For help to reach the child at once."
    )
    expect(page.get_by_label("Why was it necessary to share?")).to_have_value(
        "He was on his way there."
    )
    left_out = page.get_by_label("What did you leave out, and why?")
    guide = page.locator("#left_out-enough")
    left_out.fill("Nothing.")
    expect(guide).to_have_text("")
    left_out.fill(LONG)
    expect(guide).to_contain_text("Two or three sentences are enough.")
    left_out.fill("Nothing.")
    expect(guide).to_have_text("")
    page.get_by_role("button", name="Save and continue").click()
    _document(world, page, entry)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_label("I made this share").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Submitted")
    page.get_by_role("link", name="Copy as one paragraph").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    text = page.evaluate("() => navigator.clipboard.readText()")
    assert text == page.get_by_label("For your case system").input_value()
    assert text.startswith("24 November, 10:00: Dana Price told Police (999).")
    context.close()


def test_enter_in_a_field_saves_and_takes_nothing_over(world: Served, chromium: Browser) -> None:
    someone = {"code": "police-999", "label": "", "person": "", "reference": "881"}
    entry = world.capture(world.dana, recipients=[someone])
    context = chromium.new_context()
    page = world.open(context, "Dana Price", f"/entries/{entry}/outcome")
    page.get_by_label("What happened next?").fill("Attended.")
    page.locator("summary", has_text="Limits").click()
    page.get_by_label("Your case number").fill("C 1")
    page.get_by_label("Your case number").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Complete this entry")
    expect(page.locator(".govuk-task-list")).to_contain_text("Completed")
    context.close()


def test_a_recipient_confirms_by_a_link_that_no_server_writes_down(
    world: Served, chromium: Browser
) -> None:
    entry = world.submitted(world.dana, shared="A canary")
    desk, elsewhere = chromium.new_context(), chromium.new_context()
    page = world.open(desk, "Dana Price", f"/entries/{entry}/later/receipt")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link").input_value()
    expect(page.get_by_role("img", name="QR code to confirm receipt")).to_be_visible()
    asked: list[str] = []
    stranger = elsewhere.new_page()
    stranger.on("request", lambda request: asked.append(request.url))
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Did it arrive?")
    assert link.split("#")[1] not in stranger.url
    assert not [url for url in asked if link.split("#")[1] in url]
    stranger.get_by_role("button", name="Yes, I received it").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(f"{world.origin}/entries/{entry}")
    expect(page.locator("#later")).to_contain_text("Confirmed with the one-time link")
    desk.close()
    elsewhere.close()


def test_an_administrator_loads_a_newer_edition_of_the_law(
    world: Served, chromium: Browser, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    text = SHIPPED.read_text().replace('name = "2026-11"', 'name = "2027-01"')
    good.write_text(text.replace("somebody's life", "a life"))
    bad.write_text(text.replace("valid_from = 1991-10-14", 'valid_from = "soon"'))
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = world.open(context, "Alex Shaw", "/law")
    page.get_by_label("File of the law pack").set_input_files(bad)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("(ca-1989-17)")
    page.get_by_label("File of the law pack").set_input_files(good)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Let this edition hold from now on").click()
    expect(page.get_by_text("Edition 2027-01 holds.", exact=True)).to_be_visible()
    context.close()


def test_what_comes_later_is_added_and_who_has_still_to_hear_of_it_stays_said(
    world: Served, chromium: Browser
) -> None:
    entry = world.submitted(world.dana)
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Dana Price", f"/entries/{entry}")
    page.get_by_role("link", name="I told someone else the same").click()
    page.get_by_label("Who did you tell?").fill("School")
    page.get_by_label("When?").fill("Today, about 15:20")
    page.get_by_role("button", name="Add", exact=True).click()
    later = page.locator("#later")
    expect(later).to_contain_text("Today, about 15:20")
    page.get_by_role("link", name="Something I shared was wrong").click()
    page.get_by_label("What was wrong?").fill("The house number")
    page.get_by_label("What is right?").fill("It is 12")
    page.get_by_role("group", name="Who has been told of the correction?").get_by_label(
        "School"
    ).check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(later.get_by_text("Still to be told")).to_be_visible()
    page.get_by_role("link", name="Someone has been told").click()
    page.get_by_label("Police (999)").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(later).to_contain_text("It is 12")
    expect(later.get_by_text("Still to be told")).to_have_count(0)
    context.close()


def test_an_entry_that_is_not_theirs_leaves_their_list_and_can_come_back(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.nia, act="not-told", attempt="no-answer", shared="")
    world.capture(world.nia)
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Nia Rees", "/to-complete")
    # Whom nobody has reached yet stands above everything else.
    expect(page.get_by_role("heading", level=2).first).to_have_text("Not yet told")
    lines = page.locator("main .record-list__link")
    expect(lines).to_have_count(2)
    expect(lines.first).to_have_attribute("href", f"/entries/{entry}")
    lines.last.click()
    page.get_by_role("link", name="This was not me").click()
    page.get_by_role("button", name="This was not me").click()
    page.goto(f"{world.origin}/to-complete")
    expect(lines).to_have_count(1)
    page.go_back()
    page.get_by_role("button", name="It was me after all").click()
    page.goto(f"{world.origin}/to-complete")
    expect(lines).to_have_count(2)
    context.close()


def test_the_safeguarding_condition_asks_for_its_reason_and_the_words_of_the_law_stay(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context(java_script_enabled=False)
    page = world.open(context, "Dana Price", f"/entries/{entry}/basis")
    page.get_by_role("radio", name="Public task").check()
    page.locator("summary", has_text="Special category information").click()
    page.get_by_role("radio", name="Safeguarding of children and individuals at risk").first.check()
    reasons = page.get_by_role("group", name="Why was there no consent?").get_by_role("radio")
    expect(reasons).to_have_count(3)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the reason why there was no consent.")
    reasons.last.check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Complete this entry")
    page.goto(f"{world.origin}/entries/{entry}/check")
    page.locator("summary", has_text="The law as it stood").click()
    expect(page.get_by_text("The share was part of a task in the public interest")).to_be_visible()
    context.close()


def test_ones_own_earlier_wording_comes_when_it_is_asked_for_and_with_one_tap(
    world: Served, chromium: Browser
) -> None:
    world.submitted(world.dana)
    entry, said = world.capture(world.dana), CONSENT["consent_why"]
    context = chromium.new_context()
    page = world.open(context, "Dana Price", f"/entries/{entry}/consent")
    expect(page.get_by_text(said)).to_have_count(0)
    page.get_by_role("button", name="Show my own earlier wording").click()
    expect(page.get_by_text("Your own earlier wording. Check that it fits:")).to_be_visible()
    page.get_by_role("button", name=f"{said} Use this").click()
    why = page.get_by_label("Why not, or why did you share all the same?")
    expect(why).to_have_value(said)
    context.close()


def _document(world: Served, page: Page, entry: object) -> None:
    page.get_by_role("link", name="Lawful basis").click()
    page.get_by_role("radio", name="Public task").check()
    page.locator("summary", has_text="Special category information").click()
    page.get_by_role("radio", name="No special category information was shared").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Consent and who was told").click()
    page.get_by_role("group", name="Was consent asked for?").get_by_label("No", exact=True).check()
    page.get_by_label("Why not, or why did you share all the same?").fill("It would warn him.")
    page.get_by_role("button", name="No, it was not safe to tell them Use this").click()
    page.get_by_label("Who was told and when, or why not").fill("He was there.")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Outcome and receipt").click()
    page.get_by_label("What happened next?").fill("Not known yet.")
    page.get_by_role("button", name="Save and continue").click()
