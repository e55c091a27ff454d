"""Review in a real browser: filters, breaches, handing over and opening, open to everyone, in both
languages, and the same without a script."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from logger.people.person import Role
from tests.desk_served import Served, check_page, served
from tests.desk_world import DAY, HOUR

pytestmark = pytest.mark.browser
# Where to put pictures of the pages for somebody to look at, if anywhere.
PICTURES = os.environ.get("SHARELOG_PICTURES")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("review")) as world:
        world.rooms.add_person("Gwen Lloyd", "gwen@example.org", Role.GOVERNANCE, "")
        world.rooms.add_person("Eira Wyn", "eira@example.org", Role.PRACTITIONER, "North")
        yield world


def look(page: Page, state: str) -> None:
    """The page as it stands, light and dark, wide and narrow."""
    for scheme, width in (("light", 1280), ("dark", 360)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        check_page(page, f"{state} {scheme} {width}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/review-{state}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def in_both_languages(page: Page, state: str) -> None:
    look(page, state)
    page.get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("link", name="English")).to_be_visible()
    look(page, f"{state}-cy")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Cymraeg")).to_be_visible()


def undocumented(world: Served) -> UUID:
    entry = world.capture(world.dana, shared="Only Dana knows")
    world.later(3 * DAY)
    return entry


def test_a_breach_is_reported_seen_by_governance_and_closed(
    world: Served, chromium: Browser
) -> None:
    entry = world.submitted(world.dana, how="ordinary-email")
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", "/to-review")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Marked").select_option("ordinary-email")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#queue .record-list__link")).to_have_count(1)
    in_both_languages(page, "filtered")
    page.locator("#queue .record-list__link").first.click()
    page.get_by_role("link", name="Near miss or breach").click()
    page.get_by_role("button", name="Report and start the clock").click()
    expect(page.get_by_role("alert")).to_contain_text("Say it in a few words")
    look(page, "report-problem")
    page.goto(f"{world.origin}/incidents/{entry}")
    page.get_by_label("It reached, or could have reached").check()
    page.get_by_label("What happened?").fill("Sent to the wrong school.")
    page.get_by_role("button", name="Report and start the clock").click()
    expect(page.get_by_text("Due in 3 days")).to_be_visible()
    in_both_languages(page, "breach-open")
    gwen = another(chromium, world, "Gwen Lloyd", "/governance")
    in_both_languages(gwen, "governance")
    gwen.locator("main .record-list__link").first.click()
    gwen.get_by_label("A breach", exact=True).check()
    gwen.get_by_label("Yes", exact=True).check()
    gwen.get_by_label("When was the ICO told?").fill("2026-11-24T09:30")
    gwen.get_by_label("Why, and what was done?").fill("Deleted.")
    gwen.get_by_role("button", name="Close it and stop the clock").click()
    expect(gwen.get_by_text("Closed. No clock runs.")).to_be_visible()
    in_both_languages(gwen, "breach-closed")
    gwen.goto(f"{world.origin}/review/{entry}/seen-by")
    in_both_languages(gwen, "seen-by")
    context.close()


def test_what_was_referred_is_answered_decided_and_undone(world: Served, chromium: Browser) -> None:
    entry = world.submitted(world.dana, why=["missing"])
    world.decide(world.sam, entry, "referred", "May the school know?")
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Gwen Lloyd", f"/review/{entry}")
    in_both_languages(page, "referred")
    page.locator("summary").filter(has_text=re.compile("^Answer$")).click()
    page.get_by_label("Your answer").fill("Yes, the head.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("It is with the reviewer again.")).to_be_visible()
    page = another(chromium, world, "Sam Okafor", f"/review/{entry}")
    expect(page.locator("#advised")).to_contain_text("Yes, the head.")
    in_both_languages(page, "advised")
    page.get_by_role("button", name="Sign off", exact=True).click()
    page.goto(f"{world.origin}/review/{entry}")
    in_both_languages(page, "done-can-undo")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    context.close()


def test_an_author_is_away_and_no_script_is_needed(world: Served, chromium: Browser) -> None:
    entry = undocumented(world)
    context = chromium.new_context(java_script_enabled=False)
    sam = world.open(context, "Sam Okafor", "/undocumented")
    sam.locator("main .record-list__link").filter(has_text="Dana Price").first.click()
    expect(sam.get_by_text("Only Dana knows")).to_have_count(0)
    hand_over(sam, entry, world)
    page = another(chromium, world, "Eira Wyn", "/to-complete", script=False)
    expect(page.get_by_role("heading", name="Handed to you")).to_be_visible()
    sam.get_by_label("Reason").last.fill("A child is missing.")
    sam.get_by_role("button", name="Ask a second person").click()
    expect(sam.get_by_text("Sam Okafor has asked.")).to_be_visible()
    ruth = another(chromium, world, "Ruth Ellis", f"/undocumented/{entry}", script=False)
    expect(ruth.get_by_text("A child is missing.")).to_be_visible()
    ruth.get_by_role("button", name="Agree", exact=True).click()
    expect(ruth.get_by_text("You agreed.")).to_be_visible()
    sam.goto(f"{world.origin}/undocumented/{entry}")
    sam.get_by_role("button", name="Read the entry").click()
    expect(sam.get_by_text("Only Dana knows")).to_be_visible()
    report_without_a_script(sam, entry, world)
    context.close()


def hand_over(page: Page, entry: UUID, world: Served) -> None:
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Choose who completes it.").first).to_be_visible()
    page.get_by_label("Who completes it").select_option(label="Eira Wyn")
    page.get_by_label("Reason").first.fill("Off sick until Monday.")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Handed over. The author stays the author.")).to_be_visible()


def report_without_a_script(page: Page, entry: UUID, world: Served) -> None:
    """Report, filter and close, all as plain forms."""
    page.goto(f"{world.origin}/incidents/{entry}")
    page.get_by_label("What happened?").fill("A near thing.")
    page.get_by_role("button", name="Report and start the clock").click()
    page.get_by_label("A near miss").check()
    page.get_by_label("No, nobody is likely to be at risk").check()
    page.get_by_label("Why, and what was done?").fill("Caught in time.")
    page.get_by_role("button", name="Close it and stop the clock").click()
    expect(page.get_by_text("Closed. No clock runs.")).to_be_visible()
    page.goto(f"{world.origin}/to-review?why=neglect&overdue=yes")
    expect(page.get_by_label("Why", exact=True)).to_have_value("neglect")


def another(chromium: Browser, world: Served, name: str, path: str, *, script: bool = True) -> Page:
    """Somebody else's browser."""
    context: BrowserContext = chromium.new_context(
        java_script_enabled=script, reduced_motion="reduce"
    )
    return world.open(context, name, path)


def test_what_is_not_documented_is_open_to_everyone_in_every_state(
    world: Served, chromium: Browser
) -> None:
    entry = undocumented(world)
    world.later(HOUR)
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", "/undocumented")
    in_both_languages(page, "undocumented")
    page.goto(f"{world.origin}/undocumented/{entry}")
    page.get_by_role("button", name="Ask a second person").click()
    look(page, "waiting-problem")
    page.goto(f"{world.origin}/undocumented/{entry}")
    page.get_by_label("Reason").last.fill("A child is missing.")
    page.get_by_role("button", name="Ask a second person").click()
    in_both_languages(page, "waiting-asked")
    gwen = another(chromium, world, "Gwen Lloyd", f"/undocumented/{entry}")
    in_both_languages(gwen, "second-person")
    context.close()


def test_what_its_author_disowned_is_closed_with_what_was_found(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.dana)
    dana, path = world.browser(world.dana), f"/entries/{entry}/not-me"
    dana.post(dana.get(path), path)
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", "/not-theirs")
    in_both_languages(page, "not-theirs")
    page.get_by_role("link", name="Read the entry").click()
    in_both_languages(page, "disowned")
    way = page.locator("details.record-way")
    way.evaluate("one => { one.open = true }")
    way.get_by_role("button", name="Close this entry").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "disowned-problem")
    page.get_by_label("What did you find out?").fill("Nia had the phone that night.")
    way.get_by_role("button", name="Close this entry").click()
    expect(page.get_by_text("Closed. What you found out stands in its history.")).to_be_visible()
    expect(page.get_by_text("There are none.")).to_be_visible()
    context.close()
