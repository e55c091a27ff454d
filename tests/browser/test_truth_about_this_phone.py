"""A phone that dies, is emptied, copied, nearly full, too old or revoked says what is true."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests.desk_at_work import Desk
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

Take = Callable[[str], PhoneInHand]

# Asked again inside the page: under our policy the driver may not keep on asking from outside.
FIGURES_NOTED = """(many) => new Promise((resolve) => {
  const look = () => localStorage.getItem('sharelog-canary')?.includes(`"waiting":${many}`)
    ? resolve(true) : setTimeout(look, 20);
  look();
})"""
COPIED = """async (many) => {
  const spare = await caches.open('spare');
  const copied = ({ url }) => url.split('/').at(-1).length === 43;
  while ((await spare.keys()).filter(copied).length < many) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""

# What a share sheet would have been handed.
SHARE_SHEET = """navigator.canShare = () => true;
navigator.share = async ({ files }) => {
  window.passed = [files[0].name, await files[0].text()];
};"""


@pytest.fixture
def take(playwright: Playwright, tmp_path: Path, instance: RunningInstance) -> Iterator[Take]:
    """Takes a phone of that name out of the pocket."""
    taken: list[PhoneInHand] = []

    def take_out(name: str) -> PhoneInHand:
        taken.append(PhoneInHand(playwright, tmp_path / name, instance.phone_url))
        return taken[-1]

    yield take_out
    for phone in taken:
        phone.close()


def added(phone: PhoneInHand, script: str = "") -> Page:
    page = phone.launch()
    page.add_init_script(script)
    page.goto(phone.url)
    phone.join_demo()
    phone.wait_until_installed()
    return page


def log(phone: PhoneInHand, about: str) -> None:
    another = phone.page.get_by_role("button", name="Log another")
    if another.is_visible():
        another.click()
    phone.fill("Police", about, "What was seen.")
    phone.log_it()


def look(page: Page) -> None:
    page.get_by_role("button", name="This phone:").click()
    expect(page.get_by_role("heading", name="This phone", exact=True)).to_be_visible()


def save_file(page: Page, folder: Path) -> Path:
    look(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    assert re.fullmatch(r"sharelog-waiting-\d{8}-\d{4}\.txt", saved.value.suggested_filename)
    path = folder / saved.value.suggested_filename
    saved.value.save_as(path)
    return path


def test_a_dying_phone_hands_over_what_waits_to_the_record(
    take: Take, chromium: Browser, instance: RunningInstance, tmp_path: Path
) -> None:
    phone = take("dying")
    page = added(phone, SHARE_SHEET)
    phone.signal(False)
    log(phone, "First child")
    log(phone, "Second child")
    file = save_file(page, tmp_path)
    expect(page.get_by_text("Saved as a file: 2 to send. They wait here too.")).to_be_visible()
    assert "First child" not in file.read_text()
    page.get_by_role("button", name="Pass on a file").click()
    expect(page.locator("#file-said")).to_contain_text("Passed on.")
    assert page.evaluate("window.passed[1]") == file.read_text()
    assert page.evaluate("window.passed[0]").startswith("sharelog-waiting-")

    sam = Desk(chromium, instance, "Sam Okafor")
    for said in ("Taken in now", "Here already"):
        sam.page.goto(f"{instance.record_url}/phones/file")
        sam.page.get_by_label("File from the phone").set_input_files(file)
        sam.page.get_by_role("button", name="Bring it in").click()
        expect(sam.page.locator("#outcomes")).to_contain_text(said)
        expect(sam.page.locator("#outcomes")).to_contain_text("2 entries")
    sam.close()
    dana = Desk(chromium, instance, "Dana Price")
    expect(dana.page.locator(".record-list__link")).to_have_count(2)
    dana.close()

    # It was not dead after all: it learns that all was received, and nothing stands there twice.
    phone.signal(True)
    entries = page.get_by_role("list", name="Entries on this phone")
    expect(entries.get_by_text("In the record", exact=True)).to_have_count(2, timeout=90_000)


def test_a_colleagues_phone_carries_what_it_cannot_read(
    take: Take, chromium: Browser, instance: RunningInstance, tmp_path: Path
) -> None:
    dying, colleague = take("dying"), take("colleague")
    added(dying)
    dying.signal(False)
    log(dying, "A child")
    file = save_file(dying.page, tmp_path)
    dying.kill()

    page = added(colleague)
    colleague.signal(False)
    look(page)
    for said in ("1 taken along", "This file was brought before"):
        page.get_by_label("Bring a file from another phone").set_input_files(file)
        expect(page.locator("#file-said")).to_contain_text(said)
    expect(page.get_by_text("1 waits to be sent")).to_be_visible()
    assert colleague.states() == [], "what is carried is not this phone's own"
    colleague.kill()
    page = colleague.open()
    look(page)
    expect(page.get_by_text("1 was received")).to_be_visible(timeout=20_000)
    dana = Desk(chromium, instance, "Dana Price")
    expect(dana.page.locator(".record-list__link")).to_have_count(1)
    dana.close()


def test_a_file_that_is_none_is_refused_on_the_phone(take: Take, tmp_path: Path) -> None:
    page = added(take("phone"))
    look(page)
    hostile = tmp_path / "sharelog-waiting-20260101-0000.txt"
    hostile.write_text("sharelog-entries/1\n<script>alert(1)</script>\n")
    page.get_by_label("Bring a file from another phone").set_input_files(hostile)
    expect(page.locator("#file-said")).to_contain_text("Nothing was taken")


def test_entries_that_vanished_are_said_until_somebody_has_read_it(
    take: Take, instance: RunningInstance
) -> None:
    phone = take("emptied")
    page = added(phone)
    phone.signal(False)
    log(phone, "A child")
    page.evaluate(FIGURES_NOTED, 1)
    assert phone.context
    devtools = phone.context.new_cdp_session(page)
    devtools.send(
        "Storage.clearDataForOrigin",
        {"origin": instance.phone_url, "storageTypes": "indexeddb,cache_storage"},
    )
    phone.signal(True)
    page.reload()
    told = page.get_by_role("region", name="1 entry that stood on this phone is gone.")
    expect(told).to_be_visible()
    expect(told).to_contain_text("Up to 1 had not been received.")
    page.reload()
    told.get_by_role("button", name="I have read this").click()
    expect(told).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    expect(told).to_be_hidden()
    # The same hands add it anew, as the new phone that it now is.
    phone.join_demo()
    log(phone, "Another child")
    expect(page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)


def only_short_questions(route: Route) -> None:
    """A line that lets a hello through, and takes whatever has more in it."""
    sent = route.request.post_data_buffer or b""
    if len(sent) > 4 + int.from_bytes(sent[:4], "big"):
        route.abort("connectionreset")
    else:
        route.continue_()


def test_a_store_that_was_thrown_away_is_known_to_the_record_until_all_of_it_came(
    take: Take, chromium: Browser, instance: RunningInstance, tmp_path: Path
) -> None:
    phone = take("thrown-away")
    page = added(phone)
    log(phone, "A child")
    expect(page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)
    phone.signal(False)
    log(phone, "A second child")
    log(phone, "A third child")
    page.evaluate(FIGURES_NOTED, 2)
    page.evaluate(COPIED, 2)
    phone.close()
    # All of the browser's databases, and with them the key; its other places stay.
    shutil.rmtree(tmp_path / "thrown-away" / "Default" / "IndexedDB")

    page = phone.launch()
    page.route("**/sync/events", only_short_questions)
    page.goto(phone.url)
    told = page.get_by_role("region", name="3 entries that stood on this phone are gone.")
    expect(told).to_contain_text("2 that waited are still here, sealed, in a second copy.")
    told.get_by_role("button", name="I have read this").click()
    phone.join_demo()

    alex = Desk(chromium, instance, "Alex Shaw")
    alex.page.goto(f"{instance.record_url}/phones")
    remark = alex.page.locator("tr", has_text="This phone says that its browser lost")
    expect(remark).to_contain_text("3 entries had been logged. 2 are missing")
    expect(remark).to_contain_text("(2 had not been received when it was lost)")
    expect(alex.page.get_by_text("has added a phone since")).to_be_hidden()

    page.unroute("**/sync/events")
    look(page)
    page.locator("#phone").get_by_role("button", name="Send now").click()
    expect(page.get_by_text("2 were received")).to_be_visible(timeout=20_000)
    alex.page.reload()
    expect(remark).to_contain_text("3 entries had been logged. All that was logged has arrived.")
    alex.close()
    dana = Desk(chromium, instance, "Dana Price")
    expect(dana.page.locator(".record-list__link")).to_have_count(3)
    dana.close()


def test_a_copied_phone_loses_neither_branch_and_is_noticed(
    take: Take, chromium: Browser, instance: RunningInstance, tmp_path: Path
) -> None:
    phone = take("phone")
    added(phone)
    log(phone, "Before the copy")
    expect(phone.page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)
    phone.close()
    shutil.copytree(tmp_path / "phone", tmp_path / "copy", symlinks=True)
    copy = take("copy")
    for one, about in ((phone, "On the phone"), (copy, "On the copy")):
        one.open()
        log(one, about)
        expect(one.page.get_by_text("In the record", exact=True)).to_have_count(2, timeout=90_000)
        one.close()
    dana = Desk(chromium, instance, "Dana Price")
    expect(dana.page.locator(".record-list__link")).to_have_count(3)
    dana.close()
    alex = Desk(chromium, instance, "Alex Shaw")
    alex.page.goto(f"{instance.record_url}/phones")
    expect(alex.page.get_by_text("1 entry carries a number twice")).to_be_visible()
    alex.close()


def test_a_revoked_phone_hands_over_what_waits_and_erases_itself(
    take: Take, chromium: Browser, instance: RunningInstance
) -> None:
    phone = take("lost")
    page = added(phone)
    phone.signal(False)
    log(phone, "A child")
    alex = Desk(chromium, instance, "Alex Shaw")
    alex.page.goto(f"{instance.record_url}/phones")
    alex.page.get_by_role("link", name="Revoke").click()
    alex.page.get_by_role("button", name="Revoke this phone").click()
    expect(alex.page.get_by_text("Revoked.")).to_be_visible()

    phone.signal(True)
    left = page.get_by_text("has erased itself", exact=False)
    expect(left).to_be_visible(timeout=20_000)
    expect(page.get_by_text("This phone is not added yet", exact=False)).to_be_visible()
    kept = page.evaluate(
        "() => new Promise((done) => { const open = indexedDB.open('sharelog');"
        " open.onsuccess = () => { const count = open.result.transaction('events')"
        ".objectStore('events').count(); count.onsuccess = () => done(count.result); }; })"
    )
    assert kept == 0
    alex.page.goto(f"{instance.record_url}/set-aside")
    expect(alex.page.get_by_text("The phone was revoked")).to_be_visible()
    alex.close()
    # It can be added again, as the new phone that it now is.
    phone.join_demo()
    log(phone, "Another child")
    expect(page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        # Newer browsers tell everybody the same large figure; then nothing can be said.
        ("{quota: 4e10, usage: 3.999e10}", "There is almost no room left"),
        ("{quota: 1e8, usage: 1000}", "This seems to be a private window"),
    ],
    ids=["nearly-full", "private"],
)
def test_what_the_browser_tells_of_its_room_is_said(
    chromium: Browser, instance: RunningInstance, estimate: str, said: str
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script(f"StorageManager.prototype.estimate = async () => ({estimate})")
    page = context.new_page()
    page.goto(instance.phone_url)
    look(page)
    expect(page.get_by_text("At risk, because:")).to_be_visible()
    expect(page.get_by_text("This is a tab.", exact=False)).to_be_visible()
    expect(page.get_by_text(said, exact=False)).to_be_visible()
    context.close()


def test_a_browser_that_is_too_old_is_told_so_instead_of_a_blank_page(
    chromium: Browser, instance: RunningInstance
) -> None:
    for lacks in ("delete globalThis.CompressionStream", "CSS.supports = () => false"):
        context = chromium.new_context(viewport={"width": 360, "height": 740})
        context.add_init_script(lacks)
        page = context.new_page()
        page.goto(instance.phone_url)
        told = page.get_by_text("This browser is too old for Sharelog", exact=False)
        expect(told).to_be_visible()
        expect(page.get_by_text("Chrome or Edge 111, Firefox 115, Safari 16.4")).to_be_visible()
        expect(page.get_by_role("button", name="Log it")).to_be_hidden()
        context.close()


def test_what_came_back_is_told_as_a_count_and_a_badge(
    take: Take, chromium: Browser, instance: RunningInstance
) -> None:
    phone = take("phone")
    page = phone.launch()
    page.add_init_script(
        "navigator.setAppBadge = async (n) => { document.documentElement.dataset.badge = n; }"
    )
    page.goto(instance.phone_url)
    phone.join_demo()
    log(phone, "A child")
    expect(page.get_by_text("In the record", exact=True)).to_have_count(1, timeout=90_000)
    dana = Desk(chromium, instance, "Dana Price")
    dana.open_first("To complete")
    dana.document_everything()
    dana.submit()
    dana.close()
    sam = Desk(chromium, instance, "Sam Okafor")
    sam.open_first("To review")
    sam.page.locator("summary", has_text="Return with a question").click()
    sam.page.get_by_label("Your question").fill("Who answered the phone?")
    sam.decide("Return with a question")
    expect(sam.page.get_by_text("Nothing waits for review.")).to_be_visible()
    sam.close()
    told = page.get_by_text("1 entry came back to you with a question.", exact=False)

    def ask() -> bool:
        page.get_by_role("button", name="Send now").first.click()
        return told.is_visible()

    for _ in range(20):
        if ask():
            break
        page.wait_for_timeout(1000)
    expect(told).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-badge", "1")
    assert "Who answered" not in page.content()
