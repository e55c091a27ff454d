"""The desk in a real browser: drafts by themselves, the queue beside the entry, nobody shut out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.desk_served import Served, served
from tests.desk_world import OBJECTIVE

pytestmark = pytest.mark.browser


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    with served(tmp_path, **getattr(request, "param", {})) as world:
        yield world


def test_a_pause_of_typing_saves_a_draft_that_waits_elsewhere(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.dana)
    path = f"/entries/{entry}/objective"
    here, there = chromium.new_context(), chromium.new_context()
    page = world.open(here, "Dana Price", path)
    page.get_by_label("What did you want to happen?").fill("An officer at the address 🙂")
    expect(page.get_by_role("status")).to_contain_text("Draft saved 10:00")
    page = world.open(there, "Dana Price", path)
    expect(page.get_by_label("What did you want to happen?")).to_have_value(
        "An officer at the address 🙂"
    )
    here.close()
    there.close()


@pytest.mark.parametrize(
    ("form", "question"),
    [("outcome", "What happened next?"), ("later/outcome", "What has happened since?")],
)
def test_two_tabs_are_told_of_each_other(
    world: Served, chromium: Browser, form: str, question: str
) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context()
    path = f"/entries/{entry}/{form}"
    one, two = world.open(context, "Dana Price", path), context.new_page()
    two.goto(world.origin + path)
    one.get_by_label(question).fill("From one")
    expect(one.get_by_role("status")).to_contain_text("Draft saved")
    two.get_by_label(question).fill("From two")
    expect(two.get_by_role("status")).to_contain_text("also open in another window")
    context.close()


def test_a_draft_that_was_not_saved_is_not_called_saved(world: Served, chromium: Browser) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context()
    page = world.open(context, "Dana Price", f"/entries/{entry}/outcome")
    context.set_offline(True)
    page.get_by_label("What happened next?").fill("He was")
    expect(page.locator("#draft-status")).to_contain_text("Draft NOT saved.")
    context.set_offline(False)
    page.get_by_label("What happened next?").fill("He was arrested")
    expect(page.locator("#draft-status")).to_contain_text("Draft saved")
    context.close()


def test_being_signed_out_takes_no_typed_page_away(world: Served, chromium: Browser) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context()
    page = world.open(context, "Dana Price", f"/entries/{entry}/outcome")
    context.clear_cookies()
    page.get_by_label("What happened next?").fill("Long words")
    expect(page.locator("#draft-status")).to_contain_text("You were signed out.")
    expect(page.get_by_label("What happened next?")).to_have_value("Long words")
    world.open(context, "Dana Price", "/to-complete").close()
    page.get_by_label("What happened next?").fill("Long words and more")
    expect(page.locator("#draft-status")).to_contain_text("Draft saved")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Complete this entry")).to_be_visible()
    context.close()


def test_without_a_session_or_javascript_what_was_typed_comes_back(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context(java_script_enabled=False)
    page = world.open(context, "Dana Price", f"/entries/{entry}/outcome")
    page.get_by_label("What happened next?").fill("Long <b>words</b>")
    context.clear_cookies()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("What you typed")).to_have_value("Long <b>words</b>")
    context.close()


def test_an_entry_opens_beside_the_queue(world: Served, chromium: Browser) -> None:
    first = world.submitted(world.dana, shared="The first of them")
    world.later(60_000)
    world.submitted(world.dana, shared="The second of them")
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    page = world.open(context, "Sam Okafor", "/to-review")
    page.locator(".record-list__link").first.click()
    expect(page.locator("#captured")).to_contain_text("The first of them")
    expect(page).to_have_url(f"{world.origin}/review/{first}")
    expect(page.locator("[aria-current=true]")).to_have_count(1)
    page.locator(".record-list__link").nth(1).click()
    expect(page.locator("#captured")).to_contain_text("The second of them")
    page.go_back()
    expect(page.locator("#captured")).to_contain_text("The first of them")
    page.locator("summary", has_text="Return with a question").click()
    page.get_by_label("Your question").fill("Who was there?")
    page.get_by_role("button", name="Return with a question").click()
    expect(page.get_by_role("status")).to_have_text("Returned with your question.")
    expect(page.locator(".record-list__link")).to_have_count(1)
    context.close()


def test_on_a_small_screen_an_entry_is_a_page(world: Served, chromium: Browser) -> None:
    entry = world.submitted(world.dana)
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = world.open(context, "Sam Okafor", "/to-review")
    page.locator(".record-list__link").first.click()
    expect(page).to_have_url(f"{world.origin}/review/{entry}")
    expect(page).to_have_title("Entry · Sharelog")
    expect(page.locator(".record-list")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("world", [{"kind": "voluntary"}], indirect=True)
def test_everything_can_be_done_without_javascript(world: Served, chromium: Browser) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context(java_script_enabled=False)
    page = world.open(context, "Dana Price", f"/entries/{entry}/objective")
    page.get_by_label("What did you want to happen?").fill("Half")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="Why you shared").click()
    for question, answer in (
        ("What did you want to happen?", OBJECTIVE["objective"]),
        ("Why was it necessary to share?", OBJECTIVE["necessity"]),
        ("What did you leave out, and why?", OBJECTIVE["left_out"]),
    ):
        page.get_by_label(question).fill(answer)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Complete this entry")).to_be_visible()
    expect(page.locator(".govuk-task-list")).to_contain_text("Completed")
    # Whoever is offered the one is warned of its namesake, which is not offered.
    page.get_by_role("link", name="Lawful basis").click()
    trap = "It means an emergency under the Civil Contingencies Act 2004, such as a flood"
    expect(page.get_by_text(trap)).to_be_visible()
    expect(
        page.get_by_role("radio", name="Recognised legitimate interest: emergency")
    ).to_have_count(0)
    page.get_by_role("radio", name="Recognised legitimate interest: safeguarding").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Complete this entry")).to_be_visible()
    context.close()


def test_what_goes_wrong_is_said_where_one_looks(world: Served, chromium: Browser) -> None:
    entry, waiting = world.capture(world.dana), world.submitted(world.dana)
    context = chromium.new_context()
    page = world.open(context, "Dana Price", f"/entries/{entry}/objective")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    late = context.new_page()
    late.goto(f"{world.origin}/entries/{entry}/outcome")
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    browser.post(browser.get(path), path, outcome="Saved elsewhere")
    late.get_by_label("What happened next?").fill("Mine")
    late.get_by_role("button", name="Save and continue").click()
    expect(late.locator("#conflict")).to_contain_text("Saved elsewhere")
    context.close()
    context = chromium.new_context()
    page = world.open(context, "Ruth Ellis", f"/review/{waiting}")
    world.decide(world.sam, waiting, "signed-off")
    page.get_by_role("button", name="Sign off", exact=True).click()
    expect(page.locator("#moved")).to_contain_text("Sam Okafor")
    context.close()
