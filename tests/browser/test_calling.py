"""Whoever must tell somebody finds the number on the phone, without signal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path, door: RunningInstance) -> Iterator[PhoneInHand]:
    """A phone that was added, put away, and is taken out where there is no signal."""
    in_hand = PhoneInHand(playwright, tmp_path / "profile", door.phone_url)
    in_hand.open()
    in_hand.join_demo()
    in_hand.wait_until_installed()
    in_hand.close()
    in_hand.open(offline=True)
    yield in_hand
    in_hand.close()


def test_a_number_is_found_and_dialled_without_signal(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("textbox", name="What did you share?").fill("Words that must stay")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_role("heading", name="Call, then log")).to_be_focused()
    page.get_by_role("searchbox", name="Find").fill("SOCIÁL cafe")
    expect(page.get_by_text("Nobody found. Try another word.")).to_be_visible()
    page.get_by_role("searchbox", name="Find").fill("SOCIÁL care")
    number = page.get_by_role("link", name="Children's social care (MASH) 01632 960120")
    expect(number).to_have_attribute("href", "tel:01632960120")
    box = number.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    page.get_by_role("searchbox", name="Find").fill("midwifery")
    expect(page.get_by_text("No number is listed for Midwifery.")).to_be_visible()
    page.get_by_role("button", name="Back to logging").click()
    expect(page.get_by_role("button", name="Call", exact=True)).to_be_focused()
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value(
        "Words that must stay"
    )


def test_a_favourite_stays_on_top_after_the_phone_was_off(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("button", name="Call", exact=True).click()
    star = page.get_by_role("button", name="Keep on top: NSPCC")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(star).to_be_focused()
    phone.close()
    page = phone.open(offline=True)
    page.get_by_role("button", name="Call", exact=True).click()
    favourites = page.get_by_role("list", name="Favourites")
    expect(favourites.get_by_role("link", name="NSPCC")).to_be_visible()


def test_the_phones_own_back_button_leads_to_the_log(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_role("heading", name="Call, then log")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()


def test_doubt_is_answered_without_signal_and_nothing_typed_is_lost(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("textbox", name="Who is it about?").fill("Words that must stay")
    page.get_by_role("button", name="Can I share?").click()
    expect(page.get_by_role("heading", name="Can I share?")).to_be_focused()
    expect(page.get_by_text("ask social care or police before telling family")).to_be_visible()
    expect(page.get_by_role("heading", name="Our policy in short")).to_be_visible()
    lead = page.get_by_role("link", name="Safeguarding lead 01632 960140 · Day and night")
    expect(lead).to_have_attribute("href", "tel:01632960140")
    expect(page.get_by_text("Written for England.")).to_be_visible()
    assert page.url.endswith("/")
    page.get_by_role("button", name="Log that I shared").click()
    expect(page.get_by_role("textbox", name="Who did you tell?")).to_be_focused()
    expect(page.get_by_role("textbox", name="Who is it about?")).to_have_value(
        "Words that must stay"
    )
