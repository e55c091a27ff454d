"""Somebody is interrupted: what they wrote is there again, sealed, whatever happened meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.desk_at_work import Desk
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

KEPT = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('sharelog');
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction('unfinished').objectStore('unfinished').getAll();
    rows.onsuccess = () => { asked.result.close(); resolve(rows.result.map((one) => one.at)); };
  };
})"""


def wait_until_kept(page: Page, many: int = 1, after: int = 0) -> int:
    """Until so many unfinished entries stand in the store, the newest after that time."""
    for _ in range(200):
        times = page.evaluate(KEPT)
        if len(times) == many and max(times, default=after + 1) > after:
            return max(times, default=0)
        page.wait_for_timeout(50)
    raise AssertionError(f"{times} instead of {many}")


def test_killed_while_typing_it_is_offered_offline_and_goes_as_it_is(
    playwright: Playwright, chromium: Browser, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.join_demo()
    phone.wait_until_installed()
    page.get_by_role("textbox", name="What did you share?").fill("Bruises on both arms, he sa")
    wait_until_kept(page)
    phone.kill()

    page = phone.open(offline=True)
    left = page.get_by_role("region", name="1 unfinished entry")
    expect(left).to_contain_text("You have an unfinished entry from today")
    expect(left.get_by_role("button", name="Continue")).to_be_hidden()
    expect(left).to_contain_text("can only be sent or binned")
    left.get_by_role("button", name="Send as it is").click()
    expect(page.get_by_role("status")).to_contain_text("Saved on this phone as it was")
    expect(left).to_be_hidden()
    expect(page.get_by_text("On this phone only", exact=True)).to_have_count(1)
    phone.kill()

    page = phone.open()
    expect(page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)
    expect(page.locator("#left")).to_be_hidden()
    phone.close()
    dana = Desk(chromium, instance, "Dana Price")
    dana.open_first("To complete")
    expect(dana.page.locator("#captured")).to_contain_text("Bruises on both arms, he sa")
    expect(dana.page.locator("#captured")).to_contain_text("Sent unfinished")
    dana.close()


def test_binning_asks_once_and_saving_leaves_nothing_unfinished(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.join_demo()
    phone.fill("Police", "A child", "Typed by mistake")
    wait_until_kept(page)
    page.reload()
    page.get_by_role("button", name="Bin", exact=True).click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Bin", exact=True)).to_be_focused()
    page.get_by_role("button", name="Bin", exact=True).click()
    page.get_by_role("button", name="Yes, bin it").click()
    expect(page.get_by_role("status")).to_contain_text("binned")
    assert page.evaluate(KEPT) == []

    phone.fill("Police", "A child", "Logged")
    wait_until_kept(page)
    phone.log_it()
    assert page.evaluate(KEPT) == []
    page.get_by_role("button", name="Log another").click()
    page.get_by_role("textbox", name="Who is it about?").fill("Nobody after all")
    wait_until_kept(page)
    page.get_by_role("textbox", name="Who is it about?").fill("")
    wait_until_kept(page, 0)
    # What was only tapped is kept as well.
    for tapped in (
        page.locator("#why label").first,
        page.locator("#first-child label:has(#unknown)"),
    ):
        tapped.click()
        wait_until_kept(page)
        tapped.click()
        wait_until_kept(page, 0)
    phone.close()


def test_an_entry_that_another_tab_has_open_is_not_offered(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    first = phone.open()
    phone.join_demo()
    first.get_by_role("textbox", name="Who is it about?").fill("In the first tab")
    wait_until_kept(first)
    assert phone.context is not None
    second = phone.context.new_page()
    second.goto(instance.phone_url)
    second.get_by_role("textbox", name="Who is it about?").fill("In the second tab")
    wait_until_kept(second, 2)
    third = phone.context.new_page()
    third.goto(instance.phone_url)
    expect(third.get_by_role("button", name="Log it")).to_be_visible()
    expect(third.locator("#pill-text")).not_to_be_empty()
    third.wait_for_timeout(500)
    expect(third.locator("#left")).to_be_hidden()
    second.close()
    third.reload()
    expect(third.get_by_role("region", name="1 unfinished entry")).to_be_visible()
    first.close()
    third.reload()
    expect(third.get_by_role("region", name="2 unfinished entries")).to_be_visible()
    phone.close()


def test_what_is_being_written_is_kept_when_the_page_is_hidden_or_left(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.join_demo()
    # The pause is made endless, so that only hiding can have kept it. A browser without a screen
    # never hides a page, so the page is told what a phone would tell it.
    page.evaluate("() => { window.setTimeout = () => 0; }")
    page.get_by_role("textbox", name="What did you share?").fill("Half a")
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    left = wait_until_kept(page)
    page.get_by_role("textbox", name="What did you share?").fill("Half a sen")
    page.evaluate(
        """() => {
          Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    wait_until_kept(page, after=left)
    phone.kill()
    page = phone.open(offline=True)
    expect(page.get_by_role("region", name="1 unfinished entry")).to_be_visible()
    phone.close()
