"""Everything that can be said in the moment, on a phone, and how little of it has to be."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk_at_work import Desk
from tests.open_to_everyone import check
from tests.phone_in_hand import SMALL
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

MORE = "More: risk, how you know"
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener('pointerdown', () => { window.taps += 1; }, { capture: true });
}"""

Open = Callable[..., Page]


def _saved(page: Page) -> None:
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
    expect(page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)


def test_a_typical_entry_takes_seven_taps_or_fewer(open_page: Open) -> None:
    page = open_page()
    page.evaluate(COUNT_TAPS)
    page.get_by_role("checkbox", name="Police (999)").tap()
    page.get_by_role("textbox", name="Reference").tap()
    page.keyboard.type("881")
    page.get_by_role("textbox", name="Who is it about?").tap()
    page.keyboard.type("Jamie Example")
    page.get_by_role("textbox", name="What did you share?").tap()
    page.keyboard.type("Crying behind the door since 19:00.")
    page.get_by_role("checkbox", name="Immediate danger").tap()
    page.get_by_role("button", name="Log it").tap()
    expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
    taps = page.evaluate("window.taps")
    assert 0 < taps <= 7


def test_everything_optional_stays_under_the_button(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.get_by_role("textbox", name="Who is it about?").fill("Jamie Example")
    page.get_by_role("button", name="+ another child").click()
    expect(page.get_by_role("group", name="Child 2")).to_be_focused()
    page.get_by_role("textbox", name="Name of child 2").fill("Kit")
    page.get_by_text(MORE).click()
    page.get_by_label("Someone told me").check()
    page.get_by_label("Works or volunteers with children").check()
    expect(page.get_by_text("goes to you and the allegations lead only")).to_be_visible()
    expect(page.get_by_text("ask social care or the police before")).to_be_visible()
    page.get_by_label("Yesterday").check()
    expect(page.get_by_text("Logging it later is fine.")).to_be_visible()
    expect(page.get_by_role("button", name="Log it")).to_be_in_viewport()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    check(page, "everything, 200 %")


def test_what_was_said_in_the_moment_stands_in_the_record(
    open_page: Open, chromium: Browser, door: RunningInstance
) -> None:
    page = open_page()
    page.get_by_label("School").check()
    about = page.get_by_role("textbox", name="Who is it about?")
    about.fill("Mia Example")
    whose = page.get_by_role("group", name="Who this is")
    whose.get_by_label("Unborn baby").check()
    expect(page.get_by_text("give the mother's name")).to_be_visible()
    page.get_by_role("button", name="+ another child").click()
    page.get_by_role("textbox", name="Name of child 2").fill("Kit Sample")
    second = page.get_by_role("group", name="Child 2")
    second.get_by_role("button", name="Age, reference").click()
    expect(second.get_by_role("textbox", name="Age or date of birth")).to_be_focused()
    page.keyboard.type("about 9")
    page.get_by_role("textbox", name="What did you share?").fill("What the aunt said")
    page.get_by_text(MORE).click()
    page.get_by_label("Someone told me").check()
    page.get_by_label("Who told you, and when").fill("Her aunt, at noon")
    page.get_by_label("Not safe to tell").check()
    page.get_by_label("999 called").check()
    _saved(page)
    dana = Desk(chromium, door, "Dana Price")
    dana.page.get_by_role("navigation").get_by_role("link", name="To complete").click()
    dana.page.locator(".record-list__link", has_text="School").click()
    captured = dana.page.locator("#captured")
    for said in (
        "Unborn baby of Mia Example", "Kit Sample", "about 9", "Her aunt, at noon",
        "Not safe to tell", "999 called",
    ):  # fmt: skip
        expect(captured).to_contain_text(said)
    dana.close()


def test_a_decision_not_to_share_is_logged_from_the_same_screen(
    open_page: Open, chromium: Browser, door: RunningInstance
) -> None:
    page = open_page()
    page.get_by_role("button", name="Decided not to share").click()
    expect(page.get_by_role("heading", name="Decided not to share")).to_be_focused()
    page.get_by_role("textbox", name="Who is it about?").fill("Robin Example")
    page.get_by_role("button", name="Log it").click()
    problems = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(problems.get_by_role("listitem")).to_have_text(["Say why you decided not to share"])
    page.get_by_role("textbox", name="Why did you decide not to share?").fill("Already known")
    page.get_by_label("Look at it again on").fill("2030-01-15")
    check(page, "not shared")
    _saved(page)
    page.get_by_role("button", name="Log another").click()
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value("")
    expect(page.get_by_role("button", name="I did share it")).to_be_hidden()
    dana = Desk(chromium, door, "Dana Price")
    dana.page.get_by_role("navigation").get_by_role("link", name="To complete").click()
    expect(dana.page.get_by_text("Decided not to share").first).to_be_visible()
    expect(dana.page.get_by_text("Look again on 15 January 2030").first).to_be_visible()
    dana.close()


def test_a_refusal_names_who_asked(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Asked, and refused").click()
    page.get_by_role("button", name="Log it").click()
    problems = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(problems.get_by_role("listitem").first).to_have_text("Say who asked")
    page.get_by_role("textbox", name="Who asked?").fill("A solicitor")
    page.get_by_role("textbox", name="Who is it about?").fill("Robin Example")
    page.get_by_role("textbox", name=re.compile("why did you refuse")).fill("Wants the address")
    _saved(page)


def test_the_length_guide_speaks_up_only_when_more_is_written_than_anyone_needs(
    open_page: Open,
) -> None:
    page = open_page()
    shared = page.get_by_role("textbox", name="What did you share?")
    guide = page.get_by_text("That is plenty for now.")
    shared.fill("x" * 600)
    expect(guide).to_have_count(0)
    shared.fill("x" * 800)
    expect(guide).to_be_visible()
    shared.fill("x")
    expect(guide).to_have_count(0)


def test_a_second_tap_takes_an_optional_answer_back(open_page: Open) -> None:
    page = open_page()
    page.get_by_text(MORE).click()
    told = page.get_by_role("group", name="Child or parent told?")
    told.get_by_label("Told", exact=True).check()
    told.get_by_label("Later").check()
    expect(told.get_by_label("Told", exact=True)).not_to_be_checked()
    told.get_by_label("Later").uncheck()
    expect(told.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_the_next_key_goes_to_the_next_field_and_logs_nothing(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("textbox", name="Reference").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Who is it about?")).to_be_focused()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_hidden()


def test_no_field_is_written_in_behind_the_keyboard(open_page: Open) -> None:
    page = open_page()
    page.get_by_text(MORE).click()
    page.get_by_label("Someone told me").check()
    for field in (
        page.get_by_role("textbox", name="What did you share?"),
        page.get_by_label("Who told you, and when"),
    ):
        page.set_viewport_size(SMALL)
        field.scroll_into_view_if_needed()
        field.focus()
        # The keyboard opens: with `interactive-widget` it takes this much of the page.
        page.set_viewport_size({"width": 360, "height": 380})
        expect(field).to_be_in_viewport(ratio=1)
