"""Two people on one phone stay apart, and the page always says who is logging."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.browser.test_reading_back import set_passphrase, unlock
from tests.desk_at_work import Desk
from tests.open_to_everyone import check
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path, door: RunningInstance) -> Iterator[PhoneInHand]:
    """Ama's phone, added."""
    made = PhoneInHand(playwright, tmp_path / "profile", door.phone_url)
    made.open()
    made.join_demo()
    made.wait_until_installed()
    yield made
    made.close()


def this_phone(page: Page) -> None:
    page.get_by_role("button", name="This phone:").click()
    expect(page.get_by_role("heading", name="This phone", exact=True)).to_be_visible()


def add_person(page: Page, name: str, first: str = "") -> None:
    """On *This phone*: somebody shares it from now on."""
    this_phone(page)
    page.get_by_text("Add another person").click()
    if first:
        page.get_by_label("Who uses it now?").fill(first)
    page.get_by_label("Who shares it from now on?").fill(name)
    page.get_by_role("button", name="Add this person").click()
    expect(who(page)).to_have_text(re.compile(f"^{name}"))


def who(page: Page) -> Locator:
    """The name that is pressed on the switch."""
    return page.locator("#people-list [aria-pressed=true]")


def switch(page: Page, name: str) -> None:
    page.get_by_role("region", name="Logging as").get_by_role("button", name=name).click()


def mine(page: Page) -> Locator:
    return page.get_by_role("list", name="Entries on this phone").get_by_role("listitem")


def test_two_people_stay_apart_and_one_tap_switches(
    phone: PhoneInHand, chromium: Browser, door: RunningInstance
) -> None:
    page = phone.page
    expect(page.locator("#people")).to_be_hidden()
    phone.signal(False)
    phone.fill("Police", "Robin", "What Ama saw")
    phone.log_it()
    page.get_by_role("button", name="Read back").click()
    set_passphrase(page)
    page.get_by_role("button", name="Back to logging").click()
    this_phone(page)
    page.get_by_text("Add another person").click()
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_text("Give each of you a short name")).to_be_visible()
    check(page, "adding a person")
    page.get_by_label("Who uses it now?").fill("Ama")
    page.get_by_label("Who shares it from now on?").fill("ama")
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_text("Give the two of you different names")).to_be_visible()
    page.get_by_label("Who shares it from now on?").fill("Jo")
    page.get_by_role("button", name="Add this person").click()
    expect(who(page)).to_have_text("Jo")

    # Nothing of Ama's is Jo's: no entry, no passphrase, no place in the organisation.
    expect(mine(page)).to_have_count(0)
    expect(page.get_by_text("This phone is not added yet")).to_be_visible()
    expect(page.get_by_role("button", name="This phone: No signal · 1 waiting")).to_be_visible()
    check(page, "two people")
    phone.fill("School", "Kit", "What Jo saw")
    phone.log_it()
    page.get_by_role("button", name="Read back").click()
    expect(page.get_by_label("New passphrase")).to_be_visible()
    check(page, "reading back, two people")

    # Ama's goes out as Ama's while Jo has the phone; Jo's waits for Jo to be added.
    phone.signal(True)
    page.reload()
    expect(who(page)).to_have_text("Jo")
    this_phone(page)
    ama = page.locator("#sharing-list li").filter(has_text="Ama")
    expect(ama).to_contain_text("nothing waits", timeout=20_000)
    expect(page.locator("#sharing-list li").filter(has_text="Jo")).to_contain_text("logging now")
    check(page, "this phone, two people")
    dana = Desk(chromium, door, "Dana Price")
    expect(dana.page.locator(".record-list__link")).to_have_count(1)
    dana.close()

    switch(page, "Ama")
    expect(who(page)).to_have_text("Ama")
    expect(mine(page)).to_have_count(1)
    page.get_by_role("button", name="Read back").click()
    unlock(page)
    lock = page.get_by_role("button", name="Lock", exact=True)
    expect(lock).to_be_visible(timeout=15_000)
    # One tap, and what was unlocked is locked.
    switch(page, "Jo")
    expect(who(page)).to_have_text("Jo")
    expect(mine(page)).to_have_count(1)
    switch(page, "Ama")
    expect(who(page)).to_have_text("Ama")
    page.get_by_role("button", name="Read back").click()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()


def test_what_is_being_written_stays_with_whose_it_is(phone: PhoneInHand) -> None:
    page = phone.page
    add_person(page, "Jo", "Ama")
    field = page.get_by_role("textbox", name="What did you share?")
    ask = page.get_by_role("region", name="Switch to Ama?")
    field.fill("Jo writes, and has no passphrase")
    switch(page, "Ama")
    expect(ask).to_contain_text("not go on with it")
    check(page, "asked before switching")
    ask.get_by_role("button", name="Stay").click()
    expect(field).to_have_value("Jo writes, and has no passphrase")
    switch(page, "Ama")
    ask.get_by_role("button", name="Yes, switch").click()
    expect(who(page)).to_have_text("Ama")
    expect(field).to_have_value("")
    expect(page.locator("#left")).to_be_hidden()

    # With a passphrase there is nothing to ask.
    phone.fill("Police", "Robin", "Logged by Ama")
    phone.log_it()
    page.get_by_role("button", name="Read back").click()
    set_passphrase(page)
    page.get_by_role("button", name="Back to logging").click()
    field.fill("Ama writes")
    switch(page, "Jo")
    expect(who(page)).to_have_text("Jo")
    expect(field).to_have_value("")
    left = page.get_by_role("list", name="1 unfinished entry")
    expect(left.get_by_role("listitem")).to_have_count(1)
    expect(left.get_by_role("button", name="Continue")).to_be_hidden()
    switch(page, "Ama")
    page.get_by_role("button", name="Continue").click()
    unlock(page)
    expect(field).to_have_value("Ama writes", timeout=15_000)


def test_another_tab_follows_unless_somebody_is_writing_there(phone: PhoneInHand) -> None:
    page = phone.page
    add_person(page, "Jo", "Ama")
    assert phone.context is not None
    idle, busy = phone.context.new_page(), phone.context.new_page()
    for tab in (idle, busy):
        tab.goto(phone.url)
        expect(who(tab)).to_have_text("Jo")
    busy.get_by_role("textbox", name="What did you share?").fill("Jo still writes here")
    page.bring_to_front()
    switch(page, "Ama")
    expect(who(idle)).to_have_text("Ama")
    # That tab says whose it still is.
    expect(who(busy)).to_have_text("Jo")
    expect(busy.get_by_role("textbox", name="What did you share?")).to_have_value(
        "Jo still writes here"
    )


def test_a_person_with_unsent_entries_is_removed_when_they_were_sent(phone: PhoneInHand) -> None:
    page = phone.page
    add_person(page, "Jo", "Ama")
    switch(page, "Ama")
    expect(who(page)).to_have_text("Ama")
    phone.signal(False)
    phone.fill("Police", "Robin", "Ama's last entry")
    phone.log_it()
    this_phone(page)
    page.get_by_role("button", name="Remove Ama from this phone").click()
    asked = page.locator("#leave-ask")
    expect(asked).to_contain_text("1 entry is not received yet")
    check(page, "asked before a person is removed")
    asked.get_by_role("button", name="Yes, remove").click()
    # One person is left to log: the switch goes, what waits does not.
    expect(page.locator("#people")).to_be_hidden()
    this_phone(page)
    ama = page.locator("#sharing-list li").filter(has_text="Ama")
    expect(ama).to_contain_text("leaves this phone when nothing waits")
    expect(ama).to_contain_text("1 waits to be sent")
    phone.signal(True)
    expect(ama).to_have_count(0, timeout=20_000)
    page.wait_for_function(
        "indexedDB.databases().then((all) => !all.some(({ name }) => name === 'sharelog'))"
    )
    page.reload()
    expect(page.locator("#people")).to_be_hidden()
    phone.fill("Police", "Kit", "Jo goes on")
    phone.log_it()
