"""A call placed from the app is asked about, and whoever was not reached is not forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.open_to_everyone import check
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser
# A browser without a telephone asks what to do with a number, and takes every tap meanwhile.
NO_DIALLER = """addEventListener('click', (event) => {
  if (event.target.closest('a[href^="tel:"]')) event.preventDefault();
})"""
SOCIAL_CARE = "Children's social care (MASH)"


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path, door: RunningInstance) -> Iterator[PhoneInHand]:
    """A phone that was added and is now where there is no signal."""
    in_hand = PhoneInHand(playwright, tmp_path / "profile", door.phone_url)
    in_hand.open()
    in_hand.join_demo()
    in_hand.wait_until_installed()
    in_hand.signal(False)
    yield in_hand
    in_hand.close()


def call(page: Page) -> None:
    """Tap the number; the dialler that opens is not part of this test."""
    page.evaluate(NO_DIALLER)
    page.get_by_role("button", name="Call", exact=True).click()
    page.get_by_role("link", name=SOCIAL_CARE).click()
    expect(page.get_by_role("heading", name="How did the call go?")).to_be_focused()


def nobody_on_top(page: Page) -> None:
    """Until nobody stands there: the list is painted behind whatever made it so."""
    expect(page.get_by_role("list", name="Not yet told").locator("li")).to_have_count(0)


def test_spoke_to_someone_opens_the_page_half_filled(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("textbox", name="What did you share?").fill("Words from before the call")
    call(page)
    page.get_by_role("button", name="Spoke to someone").click()
    expect(page.get_by_role("textbox", name="Who is it about?")).to_be_focused()
    expect(page.get_by_role("checkbox", name=SOCIAL_CARE)).to_be_checked()
    expect(page.get_by_label("Phone", exact=True)).to_be_checked()
    expect(page.get_by_label("Date and time")).to_have_value(re.compile(r"20\d\d-\d\d-\d\dT"))
    page.get_by_role("textbox", name="Who is it about?").fill("A child")
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value(
        "Words from before the call"
    )
    phone.log_it()
    nobody_on_top(page)


def test_a_phone_that_died_during_the_call_asks_at_the_next_start(phone: PhoneInHand) -> None:
    call(phone.page)
    phone.kill()
    page = phone.open(offline=True)
    expect(page.get_by_role("heading", name="How did the call go?")).to_be_focused()
    expect(page.get_by_text(re.compile(f"{re.escape(SOCIAL_CARE)}, called today"))).to_be_visible()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        check(page, f"how did the call go, {scheme}")
    page.get_by_role("button", name="I did not call").click()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    nobody_on_top(page)


def test_whoever_was_not_reached_stands_on_top_until_somebody_was(phone: PhoneInHand) -> None:
    page = phone.page
    call(page)
    page.get_by_role("button", name="No answer").click()
    status = page.get_by_role("status").filter(has_text="Saved on this phone. Not yet told")
    expect(status).to_be_visible()
    expect(page.get_by_role("button", name=f"Not yet told: {SOCIAL_CARE}, today")).to_be_visible()
    phone.kill()
    page = phone.open(offline=True)
    page.get_by_role("button", name=f"Not yet told: {SOCIAL_CARE}, today").click()
    expect(page.get_by_role("heading", name=f"Not yet told: {SOCIAL_CARE}")).to_be_focused()
    page.evaluate(NO_DIALLER)
    page.get_by_role("link", name="Call again").click()
    page.get_by_role("button", name="Left a message").click()
    expect(page.get_by_role("list", name="Not yet told").locator("li")).to_have_count(1)
    page.get_by_role("button", name=f"Not yet told: {SOCIAL_CARE}, today").click()
    expect(page.get_by_text("A message was left today")).to_be_visible()
    page.get_by_role("button", name="I reached someone").click()
    expect(page.get_by_role("checkbox", name=SOCIAL_CARE)).to_be_checked()
    page.get_by_role("textbox", name="Who is it about?").fill("A child")
    page.get_by_role("textbox", name="What did you share?").fill("What was seen")
    phone.log_it()
    expect(page.get_by_role("list", name="Not yet told")).to_be_hidden()
    phone.signal(True)
    expect(page.get_by_text("In the record", exact=True)).to_have_count(3, timeout=90_000)
    expect(page.get_by_text("Received, needs a look")).to_have_count(0)


def test_nothing_that_was_typed_is_kept_with_a_call(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("textbox", name="Who is it about?").fill("Quokka Example")
    call(page)
    page.get_by_role("button", name="Left a message").click()
    expect(page.get_by_role("textbox", name="Who is it about?")).to_have_value("Quokka Example")
    kept = page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open('sharelog').onsuccess = (opened) => {
            opened.target.result.transaction('trust').objectStore('trust').get('calls').onsuccess =
              (got) => resolve(JSON.stringify(got.target.result));
          };
        })"""
    )
    assert "Quokka" not in kept
    assert "childrens-social-care" in kept
    stores = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert "Quokka" not in page.evaluate(stores)
