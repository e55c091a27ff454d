"""Reading back takes an unlock: by passphrase, by the phone's own lock; and it ends by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.open_to_everyone import check
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

PHRASE = "three wet umbrellas"
COUNT = """(store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('sharelog');
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction(store).objectStore(store).count();
    rows.onsuccess = () => { asked.result.close(); resolve(rows.result); };
  };
})"""
# A browser without a screen never hides a page: it is told what a phone would tell it.
SEEN = """(state) => {
  Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""

# A lock that gives another answer each time, or is itself again.
TWO_ANSWERS = """() => {
  const asked = CredentialsContainer.prototype.get;
  let n = 0;
  navigator.credentials.get = async function (...words) {
    const got = await asked.apply(this, words);
    const { prf } = got.getClientExtensionResults();
    const first = new Uint8Array(prf.results.first);
    first[0] ^= n++;
    got.getClientExtensionResults = () => ({ prf: { results: { first: first.buffer } } });
    return got;
  };
}"""
ONE_ANSWER = "() => { delete navigator.credentials.get; }"


def set_passphrase(page: Page) -> None:
    """On the screen that asks for one."""
    page.get_by_label("New passphrase").fill(PHRASE)
    page.get_by_label("The same again").fill(PHRASE)
    page.get_by_role("button", name="Set this passphrase").click()
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible(timeout=15_000)


def unlock(page: Page, phrase: str = PHRASE) -> None:
    page.get_by_label("Passphrase", exact=True).fill(phrase)
    page.get_by_role("button", name="Unlock", exact=True).click()


def wait_for(page: Page, store: str, many: int) -> None:
    """Until so many rows stand in a store of the phone."""
    for _ in range(200):
        if page.evaluate(COUNT, store) == many:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not {many} in {store}")


def a_phone_with_a_passphrase(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> PhoneInHand:
    """Added, one entry logged before there was a passphrase."""
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.join_demo()
    phone.wait_until_installed()
    phone.fill("Police", "Before", "Logged before the passphrase")
    phone.log_it()
    page.get_by_role("button", name="Read back").click()
    expect(page.get_by_role("heading", name="Read back")).to_be_focused()
    check(page, "setting a passphrase")
    page.get_by_label("New passphrase").fill("12345678901234")
    page.get_by_role("button", name="Set this passphrase").click()
    expect(page.locator("#read-problem")).to_contain_text("too easy to guess")
    set_passphrase(page)
    expect(page.get_by_text("Nothing to read here")).to_be_visible()
    return phone


def read_list(page: Page) -> Locator:
    return page.get_by_role("list", name="Entries you can read here")


def test_an_interrupted_entry_goes_on_after_unlock_and_is_read_back(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = a_phone_with_a_passphrase(playwright, tmp_path, instance)
    page = phone.page
    page.get_by_role("button", name="Back to logging").click()
    page.get_by_role("checkbox", name="School").check()
    page.get_by_label("Their name").fill("Ms Jones")
    page.get_by_role("textbox", name="Who is it about?").fill("Robin Ŵyn")
    page.get_by_role("textbox", name="What did you share?").fill("He told me th")
    page.get_by_role("checkbox", name="Neglect").check()
    wait_for(page, "unfinished", 1)
    page.wait_for_timeout(1_500)
    phone.kill()

    page = phone.open(offline=True)
    page.get_by_role("button", name="Continue").click()
    unlock(page, "a wrong passphrase")
    expect(page.locator("#read-problem")).to_contain_text("does not open it", timeout=15_000)
    check(page, "a wrong passphrase")
    unlock(page)
    field = page.get_by_role("textbox", name="What did you share?")
    expect(field).to_have_value("He told me th", timeout=15_000)
    expect(field).to_be_focused()
    expect(page.get_by_role("textbox", name="Who is it about?")).to_have_value("Robin Ŵyn")
    expect(page.get_by_label("Their name")).to_have_value("Ms Jones")
    expect(page.get_by_role("checkbox", name="School")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Neglect")).to_be_checked()
    expect(page.locator("#left")).to_be_hidden()
    field.fill("He told me that he is afraid")
    phone.log_it()
    assert page.evaluate(COUNT, "unfinished") == 0
    assert page.evaluate(COUNT, "events") == 2

    page.get_by_role("button", name="Read back").click()
    read = read_list(page)
    expect(read.get_by_role("listitem")).to_have_count(1)
    read.get_by_text("Robin Ŵyn").first.click()
    expect(read).to_contain_text("He told me that he is afraid")
    expect(read).to_contain_text("Ms Jones")
    check(page, "read back")
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()
    assert "afraid" not in page.content()
    phone.close()


def test_one_tap_hides_everything_and_what_was_typed_takes_an_unlock(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = a_phone_with_a_passphrase(playwright, tmp_path, instance)
    page = phone.page
    page.get_by_role("button", name="Back to logging").click()
    field = page.get_by_role("textbox", name="What did you share?")
    field.fill("Somebody looks over my shoulder")
    page.get_by_role("button", name="Hide").click()
    curtain = page.locator("#curtain")
    expect(curtain).to_be_visible()
    expect(page).to_have_title("Home")
    assert page.locator("main").evaluate("(main) => main.inert")
    expect(field).to_have_value("")
    expect(page).to_have_title("Home")
    curtain.click()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    expect(page).to_have_title(re.compile("Log a share"))
    page.get_by_role("button", name="Continue").click()
    unlock(page)
    expect(field).to_have_value("Somebody looks over my shoulder", timeout=15_000)
    phone.close()


def test_a_minute_hidden_locks_but_not_while_the_app_sent_the_person_to_the_dialler(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.join_demo()
    page.clock.install()
    phone.fill("Police", "Before", "Logged before the passphrase")
    phone.log_it()
    page.get_by_role("button", name="Read back").click()
    set_passphrase(page)

    def hidden_for(seconds: int) -> None:
        page.evaluate(SEEN, "hidden")
        page.clock.fast_forward(seconds * 1000)
        page.evaluate(SEEN, "visible")

    lock = page.get_by_role("button", name="Lock", exact=True)
    hidden_for(50)
    expect(lock).to_be_visible()
    # The bar's own link to 999 is how the app sends somebody away; nothing is dialled here.
    page.evaluate(
        """() => {
          const link = document.querySelector('a[href="tel:999"]');
          link.addEventListener('click', (event) => event.preventDefault(), { once: true });
          link.click();
        }"""
    )
    hidden_for(600)
    expect(lock).to_be_visible()
    hidden_for(61)
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()
    phone.close()


def test_copies_are_gone_after_seven_days_and_a_new_passphrase_touches_nothing_that_waits(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = a_phone_with_a_passphrase(playwright, tmp_path, instance)
    page = phone.page
    page.get_by_role("button", name="Back to logging").click()
    phone.signal(False)
    phone.fill("Police", "Robin", "To be read back")
    phone.log_it()
    assert page.evaluate(COUNT, "copies") == 1
    page.clock.set_fixed_time(page.evaluate("(Date.now() + 7 * 86400000 - 60000) / 1000"))
    page.evaluate(SEEN, "visible")
    page.wait_for_timeout(300)
    assert page.evaluate(COUNT, "copies") == 1
    page.clock.set_fixed_time(page.evaluate("(Date.now() + 120000) / 1000"))
    page.evaluate(SEEN, "visible")
    wait_for(page, "copies", 0)

    phone.kill()
    page = phone.open(offline=True)
    page.get_by_role("button", name="Read back").click()
    page.get_by_role("button", name="Passphrase forgotten").click()
    expect(page.get_by_text("What waits to be sent is untouched")).to_be_visible()
    set_passphrase(page)
    assert page.evaluate(COUNT, "events") == 2
    page.get_by_role("button", name="Back to logging").click()
    phone.signal(True)
    phone.fill("Police", "Robin", "After the new passphrase")
    phone.log_it()
    mine = page.get_by_role("list", name="Entries on this phone").get_by_role("listitem")
    expect(mine).to_have_count(3)
    known = mine.filter(has_text=re.compile("Received by|In the record"))
    expect(known).to_have_count(3, timeout=20_000)
    phone.close()


def test_the_phones_own_lock_opens_too_and_when_it_changes_the_passphrase_still_does(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
        "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True, "hasPrf": True,
    }  # fmt: skip
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    phone.join_demo()
    phone.fill("Police", "Before", "Logged before the passphrase")
    phone.log_it()
    page.get_by_role("button", name="Read back").click()
    set_passphrase(page)
    page.evaluate(TWO_ANSWERS)
    add = page.get_by_role("button", name="Unlock with this phone's own lock next time")
    add.click()
    expect(page.locator("#read-said")).to_contain_text("own lock cannot be used for this")
    assert page.evaluate(COUNT, "reading") == 2, "the key and its wrap by the passphrase alone"
    page.evaluate(ONE_ANSWER)
    add.click()
    expect(page.locator("#read-said")).to_contain_text("own lock opens it too")
    page.get_by_role("button", name="Lock", exact=True).click()
    page.get_by_role("button", name="Use this phone's own lock").click()
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible()
    page.get_by_role("button", name="Lock", exact=True).click()

    devtools.send(
        "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]}
    )
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.get_by_role("button", name="Use this phone's own lock").click()
    expect(page.locator("#read-problem")).to_contain_text("Use your passphrase", timeout=70_000)
    unlock(page)
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible(timeout=15_000)
    phone.close()
