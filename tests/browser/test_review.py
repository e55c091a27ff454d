"""Review in a real browser: filters, breaches, handing over and opening, open to everyone, in both
languages, and the same without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from logger.people.person import Role
from logger.review.post import Post
from logger.review.reminders import Reminders
from tests.desk_served import Served, served
from tests.desk_world import DAY, HOUR
from tests.mail_server import MailServer, serving, settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("review"), **settings(mail)) as world:
        world.rooms.add_person("Gwen Lloyd", "gwen@example.org", Role.GOVERNANCE, "")
        world.rooms.add_person("Eira Wyn", "eira@example.org", Role.PRACTITIONER, "North")
        yield world


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
    page.locator("#queue .record-list__link").first.click()
    page.get_by_role("link", name="Near miss or breach").click()
    page.get_by_role("button", name="Report and start the clock").click()
    expect(page.get_by_role("alert")).to_contain_text("Say it in a few words")
    page.goto(f"{world.origin}/incidents/{entry}")
    page.get_by_label("It reached, or could have reached").check()
    page.get_by_label("What happened?").fill("Sent to the wrong school.")
    page.get_by_role("button", name="Report and start the clock").click()
    expect(page.get_by_text("Due in 3 days")).to_be_visible()
    gwen = another(chromium, world, "Gwen Lloyd", "/governance")
    gwen.locator("main .record-list__link").first.click()
    gwen.get_by_label("A breach", exact=True).check()
    gwen.get_by_label("Yes", exact=True).check()
    gwen.get_by_label("When was the ICO told?").fill("2026-11-24T09:30")
    gwen.get_by_label("Why, and what was done?").fill("Deleted.")
    gwen.get_by_role("button", name="Close it and stop the clock").click()
    expect(gwen.get_by_text("Closed. No clock runs.")).to_be_visible()
    gwen.goto(f"{world.origin}/review/{entry}/seen-by")
    context.close()


def test_what_was_referred_is_answered_decided_and_undone(world: Served, chromium: Browser) -> None:
    entry = world.submitted(world.dana, why=["missing"])
    world.decide(world.sam, entry, "referred", "May the school know?")
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Gwen Lloyd", f"/review/{entry}")
    page.locator("summary").filter(has_text=re.compile("^Answer$")).click()
    page.get_by_label("Your answer").fill("Yes, the head.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("It is with the reviewer again.")).to_be_visible()
    page = another(chromium, world, "Sam Okafor", f"/review/{entry}")
    expect(page.locator("#advised")).to_contain_text("Yes, the head.")
    page.get_by_role("button", name="Sign off", exact=True).click()
    page.goto(f"{world.origin}/review/{entry}")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()
    context.close()


def test_an_author_is_away_and_no_script_is_needed(
    world: Served, chromium: Browser, mail: MailServer
) -> None:
    entry = undocumented(world)
    # Nobody may be reminded of it again before half a day has gone by.
    world.rooms.rooms[Reminders].remind_by_itself()
    world.later(13 * HOUR)
    context = chromium.new_context(java_script_enabled=False)
    sam = world.open(context, "Sam Okafor", "/undocumented")
    sam.locator("main .record-list__link").filter(has_text="Dana Price").first.click()
    expect(sam.get_by_text("Only Dana knows")).to_have_count(0)
    remind(sam, entry, world, mail)
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


def remind(page: Page, entry: UUID, world: Served, mail: MailServer) -> None:
    """After the reminder that went by itself, one by hand; a letter says nothing of either."""
    facts = page.locator("#facts")
    expect(facts).to_contain_text("by itself · on its way")
    page.get_by_role("button", name="Send a reminder").click()
    expect(facts).to_contain_text("Sam Okafor · on its way")
    world.rooms.rooms[Post].deliver()
    (letter,) = [one for one in mail.letters if one["To"] == "dana@example.org"]
    assert f"{world.origin}/to-complete" in letter.get_content()
    assert "Only Dana knows" not in letter.as_string()
    page.goto(f"{world.origin}/undocumented/{entry}")
    expect(facts).to_contain_text("Sam Okafor · sent")
    expect(facts).not_to_contain_text("on its way")


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


def test_what_its_author_disowned_is_closed_with_what_was_found(
    world: Served, chromium: Browser
) -> None:
    entry = world.capture(world.dana)
    dana, path = world.browser(world.dana), f"/entries/{entry}/not-me"
    dana.post(dana.get(path), path)
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", "/not-theirs")
    page.get_by_role("link", name="Read the entry").click()
    way = page.locator("details.record-way")
    way.evaluate("one => { one.open = true }")
    way.get_by_role("button", name="Close this entry").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("What did you find out?").fill("Nia had the phone that night.")
    way.get_by_role("button", name="Close this entry").click()
    expect(page.get_by_text("Closed. What you found out stands in its history.")).to_be_visible()
    expect(page.get_by_text("There are none.")).to_be_visible()
    context.close()


def test_an_allegation_comes_to_the_allegations_lead_and_to_nobody_of_the_team(
    world: Served, chromium: Browser
) -> None:
    risk = {"name": "Mr Hale", "works_with_children": True}
    entry = world.submitted(world.dana, risk=risk, why=["allegation-against-staff"])
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", "/to-review")
    expect(page.locator(f"main a[href='/review/{entry}']")).to_have_count(0)
    page.goto(f"{world.origin}/review/{entry}")
    expect(page.get_by_text("Mr Hale")).to_have_count(0)
    page = another(chromium, world, "Carys Bevan", "/to-review")
    expect(page.locator("#queue .record-list__link")).to_have_count(1)
    page.goto(f"{world.origin}/review/{entry}")
    expect(page.locator("#captured")).to_contain_text("Mr Hale")
    page.locator("summary").filter(has_text="Sign off with learning").click()
    page.get_by_label("What can be learned?").fill("Call the lead first.")
    page.get_by_role("button", name="Sign off with learning").click()
    expect(page.get_by_text("Nothing waits for review.")).to_be_visible()
    context.close()


def test_what_a_teams_only_supervisor_shared_comes_to_the_named_alternate(
    world: Served, chromium: Browser
) -> None:
    entry = world.submitted(world.owen)
    context = chromium.new_context(reduced_motion="reduce")
    own = world.open(context, "Owen Hale", f"/review/{entry}")
    expect(own.get_by_text("Someone else must review this entry")).to_be_visible()
    page = another(chromium, world, "Aled Morgan", "/to-review")
    page.locator(f"#queue a[href='/review/{entry}']").click()
    expect(page.get_by_text("Shared by Owen Hale, South")).to_be_visible()
    page.get_by_role("button", name="Sign off", exact=True).click()
    expect(page.locator(f"#queue a[href='/review/{entry}']")).to_have_count(0)
    own.goto(f"{world.origin}/entries/{entry}")
    expect(own.locator(".record-history")).to_contain_text("Signed off Aled Morgan")
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_each_filter_is_chosen_on_the_page_and_finds_what_it_names(
    world: Served, chromium: Browser, script: bool
) -> None:
    someone = {"code": "housing", "label": "", "person": "", "reference": ""}
    entry = world.submitted(world.dana, recipients=[someone], why=["trafficking"], danger=True)
    other = world.submitted(world.nia)
    page = another(chromium, world, "Aled Morgan", "/to-review", script=script)
    sought, not_sought = sought_on(page, entry), sought_on(page, other)
    for label, value in (
        ("Team", "North"), ("Told", "housing"), ("Why", "trafficking"), ("Marked", "danger"),
    ):  # fmt: skip
        choose(page, label, value)
        expect(sought).to_have_count(1)
        expect(not_sought).to_have_count(0)
        page.get_by_role("link", name="Show everything").click()
        expect(not_sought).to_have_count(1)
    page.locator("#filters summary").click()
    page.get_by_label("Only overdue").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(sought).to_have_count(0)
    world.later(9 * DAY)
    page = another(chromium, world, "Aled Morgan", page.url.removeprefix(world.origin))
    expect(sought_on(page, entry)).to_have_count(1)
    page.context.close()


def choose(page: Page, label: str, value: str) -> None:
    page.locator("#filters summary").click()
    page.get_by_label(label, exact=True).select_option(value)
    page.get_by_role("button", name="Show", exact=True).click()


def sought_on(page: Page, entry: UUID) -> Locator:
    return page.locator(f"#queue [href='/review/{entry}']")
