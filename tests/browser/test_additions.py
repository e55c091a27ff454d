"""What is added on the phone once an entry is logged: it needs no unlock and is never lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.desk_at_work import Desk
from tests.open_to_everyone import check
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningInstance]:
    """An instance of its own, so that the first entry of a list is the one meant."""
    instance = RunningInstance(tmp_path / "demo")
    instance.start()
    yield instance
    instance.close()


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path, door: RunningInstance) -> Iterator[PhoneInHand]:
    """A phone that was added and has logged one entry."""
    found = PhoneInHand(playwright, tmp_path / "profile", door.phone_url)
    found.open()
    found.join_demo()
    found.wait_until_installed()
    found.page.reload()
    found.fill("A nurse", "Robin Example", "Bruises on Monday")
    found.log_it()
    yield found
    found.close()


def test_a_correction_waits_beside_its_entry_and_reaches_the_record(
    phone: PhoneInHand, door: RunningInstance, chromium: Browser
) -> None:
    page = phone.page
    items = page.get_by_role("list", name="Entries on this phone").locator("li")
    expect(items.filter(has_text="In the record")).to_have_count(1, timeout=90_000)
    phone.signal(False)
    page.get_by_role("button", name="Fix this").click()
    expect(page.get_by_role("heading", name="Fix this entry")).to_be_focused()
    check(page, "fixing an entry")
    page.get_by_role("button", name="Save the correction").click()
    field = page.get_by_role("textbox", name="What was wrong, and what is right?")
    expect(field).to_be_focused()
    expect(page.get_by_role("alert").filter(has_text="Say what was wrong")).to_be_visible()
    field.fill("It was Tuesday")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_role("status")).to_have_text("The correction is saved on this phone.")
    expect(items).to_have_count(1)
    # The entry is in the record; what was added to it is not, and both are said.
    expect(items).to_contain_text("In the record")
    expect(items).to_contain_text("1 addition not in the record yet")
    check(page, "fixing an entry")
    phone.kill()
    page = phone.open(offline=True)
    expect(page.get_by_text("1 addition not in the record yet")).to_be_visible()
    fix = page.get_by_role("button", name="Fix the entry logged")
    fix.focus()
    phone.signal(True)
    expect(page.get_by_text("1 addition in the record")).to_be_visible(timeout=20_000)
    # What is said of it has changed under somebody who was about to press it.
    expect(fix).to_be_focused()
    dana = Desk(chromium, door, "Dana Price")
    dana.open_first("To complete")
    expect(dana.page.locator("#captured")).to_contain_text("Bruises on Monday")
    expect(dana.page.locator(".record-added")).to_contain_text("It was Tuesday")
    dana.close()


PHRASE = "three wet umbrellas"


def _unlock(page: Page) -> None:
    page.get_by_label("Passphrase", exact=True).fill(PHRASE)
    page.get_by_role("button", name="Unlock", exact=True).click()


def test_what_was_typed_of_a_correction_or_read_back_is_not_typed_again(
    phone: PhoneInHand, door: RunningInstance, chromium: Browser
) -> None:
    page = phone.page
    page.get_by_role("button", name="Read back").click()
    page.get_by_label("New passphrase").fill(PHRASE)
    page.get_by_label("The same again").fill(PHRASE)
    page.get_by_role("button", name="Set this passphrase").click()
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Back to logging").click()
    phone.fill("A nurse", "Kit Example", "No coat")
    phone.log_it()

    # A correction is interrupted: of the entry that can be read back, and of the one before.
    page.get_by_role("button", name="Fix this").click()
    field = page.get_by_role("textbox", name="What was wrong, and what is right?")
    field.fill("It was his hat")
    page.get_by_role("button", name="Back to logging").click()
    page.get_by_role("button", name="Fix the entry logged").last.click()
    expect(field).to_have_value("")
    field.fill("It was Tuesday")
    page.wait_for_timeout(1_500)  # the pause at which it is kept
    phone.kill()
    page = phone.open(offline=True)
    left = page.get_by_role("list", name="unfinished entr").locator("li")
    expect(left).to_have_count(2)
    expect(left.first).to_contain_text("You have an unfinished correction from today")
    check(page, "corrections left")
    expect(left.last.get_by_role("button", name="Continue")).to_be_hidden()
    left.last.get_by_role("button", name="Send as it is").click()
    expect(left).to_have_count(1)
    left.first.get_by_role("button", name="Continue").click()
    _unlock(page)
    field = page.get_by_role("textbox", name="What was wrong, and what is right?")
    expect(field).to_have_value("It was his hat", timeout=15_000)
    # It took an unlock to see it: one tap, and it takes one again.
    page.get_by_role("button", name="Hide").click()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(left).to_have_count(1)
    expect(page.locator("#fix-text")).not_to_have_value(re.compile("his hat"))
    left.first.get_by_role("button", name="Continue").click()
    _unlock(page)
    expect(field).to_have_value("It was his hat", timeout=15_000)
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_text("The correction is saved on this phone.")).to_be_visible()
    expect(left).to_have_count(0)

    # Somebody else is told what was logged before: it is read, not typed again.
    page.get_by_role("button", name="Read back").click()
    read = page.get_by_role("list", name="Entries you can read here")
    read.get_by_text("Kit Example").first.click()
    check(page, "read back, to be told again")
    read.get_by_role("button", name="I told someone else too").click()
    expect(page.get_by_role("textbox", name="Who did you tell?")).to_be_focused()
    expect(page.get_by_role("textbox", name="Who did you tell?")).to_have_value("")
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value("No coat")
    page.get_by_role("checkbox", name="School").check()
    phone.log_it()
    phone.signal(True)
    items = page.get_by_role("list", name="Entries on this phone").locator("li")
    expect(items.filter(has_text="In the record")).to_have_count(3, timeout=90_000)
    expect(page.get_by_text("1 addition in the record")).to_have_count(2, timeout=20_000)
    dana = Desk(chromium, door, "Dana Price")
    dana.page.get_by_role("navigation").get_by_role("link", name="To complete").click()
    dana.page.locator(".record-list__link", has_text="School").click()
    expect(dana.page.locator("#captured")).to_contain_text("Kit Example")
    dana.close()


def test_a_mistake_is_asked_about_once_and_said_in_the_record(
    phone: PhoneInHand, door: RunningInstance, chromium: Browser
) -> None:
    page = phone.page
    page.get_by_role("button", name="Log another").click()
    page.get_by_role("button", name="Fix the entry logged").click()
    page.get_by_role("button", name="Logged by mistake").click()
    expect(page.get_by_role("heading", name="Was it logged by mistake?")).to_be_focused()
    check(page, "fixing an entry")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("heading", name="Fix this entry")).to_be_focused()
    page.get_by_role("button", name="Logged by mistake").click()
    page.get_by_role("button", name="Yes, a mistake").click()
    expect(page.get_by_role("status")).to_have_text(
        "Saved on this phone: it was logged by mistake."
    )
    expect(page.get_by_text("1 addition in the record")).to_be_visible(timeout=20_000)
    dana = Desk(chromium, door, "Dana Price")
    dana.open_first("To complete")
    expect(dana.page.locator(".record-tags")).to_contain_text("Logged by mistake")
    dana.close()


def test_who_else_was_told_gets_an_entry_of_its_own(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("button", name="I told someone else too").click()
    expect(page.get_by_role("textbox", name="Who did you tell?")).to_be_focused()
    expect(page.get_by_role("textbox", name="Who did you tell?")).to_have_value("")
    expect(page.get_by_role("textbox", name="Who is it about?")).to_have_value("Robin Example")
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value(
        "Bruises on Monday"
    )
    page.get_by_role("textbox", name="Who did you tell?").fill("School")
    phone.log_it()
    items = page.get_by_role("list", name="Entries on this phone").locator("li")
    expect(items.filter(has_text="In the record")).to_have_count(2, timeout=90_000)


def test_nothing_of_it_comes_back_where_somebody_is_in_danger_or_after_a_reload(
    phone: PhoneInHand,
) -> None:
    page = phone.page
    page.get_by_role("button", name="Log another").click()
    page.get_by_text("More: risk, how you know").click()
    page.get_by_label("Someone is in danger if this becomes known").check()
    phone.fill("A nurse", "Robin Example", "Where she lives")
    phone.log_it()
    expect(page.get_by_role("button", name="I told someone else too")).to_be_hidden()
    page.get_by_role("button", name="Log another").click()
    phone.fill("A nurse", "Robin Example", "Something else")
    phone.log_it()
    expect(page.get_by_role("button", name="I told someone else too")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    expect(page.get_by_role("button", name="I told someone else too")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Who is it about?")).to_have_value("")
