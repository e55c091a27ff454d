"""A real browser killed, full, forbidden or emptied while somebody logs: nothing saved is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from tests.faults import bad_lines
from tests.faults.counts import Runs, parts_of
from tests.faults.hands import HandledPhone, reload
from tests.faults.history import History
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]

# The next save stops the page at this moment: nothing after it happens before the kill.
STOP_AT = """(moment) => {
  const stop = () => {
    console.log('at the hook');
    const until = Date.now() + 20_000;
    while (Date.now() < until);
  };
  const open = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, how) {
    const writes = mode === 'readwrite' && [stores].flat().includes('chain');
    if (writes && moment === 'before') stop();
    const tx = open.call(this, stores, mode, how);
    if (writes && moment === 'after') tx.addEventListener('complete', stop);
    return tx;
  };
}"""


def _dies_in_a_save(phone: HandledPhone, chance: random.Random) -> None:
    phone.watch()
    phone.press(phone.type())
    # The moment of the kill is what is tried: nothing is waited for.
    time.sleep(chance.random() * 0.08)
    phone.dies()
    phone.comes_back()


@pytest.mark.parametrize("part", parts_of(20))
def test_killed_at_any_moment_of_a_save_it_is_saved_or_was_never_said_to_be(
    fault: Faults, phone: HandledPhone, history: History, record: Record, part: int
) -> None:
    phone.page.reload()
    for chance in fault("A01", "browser SIGKILL in the first 80 ms of a save", 6, 250, part):
        _dies_in_a_save(phone, chance)
    phone.settle()
    assert record.proves(history) == []


def test_killed_in_a_save_while_answers_are_swallowed_it_is_in_the_record_once(
    fault: Faults, phone: HandledPhone, line: FaultProxy, history: History, record: Record
) -> None:
    phone.page.reload()
    line.always(bad_lines.swallowed)
    for chance in fault("G01", "A01 with C06: killed in a save, answers swallowed", 3, 50):
        _dies_in_a_save(phone, chance)
    line.heal()
    phone.settle()
    assert record.proves(history) == []


@pytest.mark.parametrize("part", parts_of(4))
@pytest.mark.parametrize(("name", "moment"), [("A02", "before"), ("A03", "after")])
def test_killed_around_the_commit_it_is_there_once_or_not_at_all(
    fault: Faults, phone: HandledPhone, history: History, record: Record, name: str, moment: str,
    part: int,
) -> None:  # fmt: skip
    for _ in fault(name, f"killed {moment} the commit of a save", 3, 250, part):
        words = phone.type()
        phone.page.evaluate(STOP_AT, moment)
        with phone.page.expect_event("console", lambda said: said.text == "at the hook"):
            phone.page.evaluate(
                "() => { setTimeout(() => "
                "document.querySelector('#log [type=submit]').click(), 0) }"
            )
        phone.dies()
        phone.comes_back()
        if moment == "after":
            history.shows_saved(phone.name, words)  # it was about to be said
    phone.settle()
    assert record.proves(history) == []


def test_a_crashed_page_loses_nothing_saved(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    assert phone.context is not None
    for chance in fault("A04", "renderer crash in the first 80 ms of a save", 3, 50):
        phone.watch()
        phone.press(phone.type())
        # The moment of the crash is what is tried: nothing is waited for.
        time.sleep(chance.random() * 0.08)
        with pytest.raises(Error):
            phone.page.goto("chrome://crash", timeout=10_000)
        history.happens(phone.name, "crashed")
        phone.page.close()
        phone.page = phone.context.new_page()
        phone.page.goto(phone.url)
        phone.holds()
    phone.settle()
    assert record.proves(history) == []


def _break_the_store(profile: Path, how: str) -> None:
    """As a bad disk leaves it: LevelDB's pointer to its own state is wrong, or the state gone."""
    (store,) = (profile / "Default" / "IndexedDB").glob("*.leveldb")
    if how == "CURRENT":
        (store / "CURRENT").write_bytes(b"a bad block\n")
    for manifest in store.glob("MANIFEST-*"):
        if how == "MANIFEST gone":
            manifest.unlink()
        elif how == "MANIFEST bad":
            manifest.write_bytes(bytes(manifest.stat().st_size))


@pytest.mark.parametrize(
    ("how", "opens"), [("CURRENT", False), ("MANIFEST gone", False), ("MANIFEST bad", True)]
)
def test_a_store_that_cannot_be_opened_is_said_and_logging_goes_on_while_the_page_lives(
    fault: Faults, playwright: Playwright, tmp_path: Path, line: FaultProxy, history: History,
    record: Record, how: str, opens: bool,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    assert record.demo_person is not None
    for n, _ in enumerate(fault(f"A09 {how}", "the store's own files damaged", 1, 7)):
        profile = tmp_path / str(n)
        phone = HandledPhone(playwright, profile, url, history, record)
        phone.open()
        phone.join(record.demo_person)
        phone.logs()
        phone.settle()
        phone.close()
        _break_the_store(profile, how)
        page = phone.open()
        told = page.get_by_role("region", name="This browser cannot open what it keeps")
        if opens:  # this browser throws such a store away and begins anew: the figures know
            expect(page.get_by_text("1 entry that stood on this phone is gone.")).to_be_visible()
            expect(told).to_be_hidden()
            phone.close()
            continue
        expect(told).to_be_visible()
        page.get_by_role("button", name="Use this browser as a demo phone").click()
        expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
        phone.signal(False)
        words = phone.type()
        page.get_by_role("button", name="Log it").click()
        expect(page.get_by_role("heading", name="Kept on this page only")).to_be_visible()
        entries = page.get_by_role("list", name="Entries on this phone")
        expect(entries.get_by_text("On this page only")).to_be_visible()
        with page.expect_event("dialog") as asked:  # the page does not go without a word
            page.close(run_before_unload=True)
        asked.value.dismiss()
        phone.signal(True)
        page.get_by_role("button", name="Send now").click()
        expect(entries.get_by_text("In the record", exact=True)).to_be_visible(timeout=90_000)
        assert [row.words for row in record.rows()].count(words) == 1
        assert "vanished" not in page.evaluate("() => Object.keys(localStorage).join()")
        phone.close()
    assert record.proves(history) == []


def _tear_the_log(profile: Path) -> None:
    """As a browser leaves it that was killed while it wrote, once another has written behind that.

    Chromium goes on with LevelDB's log behind a record that was torn; at the start after that the
    record is found, and the store with everything in it is thrown away.
    """
    (store,) = (profile / "Default" / "IndexedDB").glob("*.leveldb")
    (log,) = store.glob("*.log")
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 0xFF
    log.write_bytes(content)


def test_entries_of_a_store_that_the_browser_threw_away_are_sent_from_their_second_copies(
    fault: Faults, playwright: Playwright, tmp_path: Path, line: FaultProxy, history: History,
    record: Record,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    assert record.demo_person is not None
    for n, _ in enumerate(fault("A09 log", "a store with entries thrown away", 1, 20)):
        phone = HandledPhone(playwright, tmp_path / str(n), url, history, record)
        phone.open()
        phone.join(record.demo_person)
        phone.page.reload()
        phone.signal(False)
        for _ in range(2):
            phone.logs()
            phone.page.get_by_role("button", name="Log another").click()
        phone.copied(2)
        phone.dies()
        _tear_the_log(tmp_path / str(n))
        page = phone.open(offline=True)
        told = page.get_by_role("region", name="2 entries that stood on this phone are gone.")
        expect(told).to_contain_text("2 that waited are still here, sealed, in a second copy.")
        expect(told).not_to_contain_text("had not been received")
        # Nobody answers, and it still knows whom it believes: what comes next is logged.
        phone.logs()
        page.get_by_role("button", name="Log another").click()
        phone.signal(True)
        phone.join(record.demo_person)
        phone.settle()
        phone.copied(0)
        phone.close()
    assert record.proves(history) == []


def test_a_lost_connection_to_the_store_is_opened_again(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    assert phone.context is not None
    phone.context.add_init_script(
        """window.opened = [];
        const open = IDBFactory.prototype.open;
        IDBFactory.prototype.open = function (...how) {
          const opening = open.apply(this, how);
          opening.addEventListener('success', () => window.opened.push(opening.result));
          return opening;
        };"""
    )
    reload(phone.page)
    close = """(forced) => window.opened.splice(0).forEach((db) => {
      db.close();
      if (forced) db.dispatchEvent(new Event('close'));
    })"""
    for chance in fault("A10", "connection to the store lost", 5, 30):
        words = phone.type()
        phone.page.evaluate(close, chance.random() < 0.5)
        phone.log_it()
        history.shows_saved(phone.name, words)
        phone.page.get_by_role("button", name="Log another").click()
    phone.settle()
    assert record.proves(history) == []


def test_a_lost_cache_comes_back_whole_and_the_entries_were_never_in_it(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    assert phone.context is not None
    reload(phone.page)
    for _ in fault("A12", "cache storage gone", 2, 10):
        phone.signal(False)
        phone.logs()
        phone.signal(True)
        phone.page.evaluate(
            "async () => { for (const name of await caches.keys()) await caches.delete(name) }"
        )
        reload(phone.page)
        whole = """async () => {
          const kept = await (await caches.open((await caches.keys())
            .find((name) => /-[0-9a-f]{16}$/.test(name)))).keys();
          return kept.length;
        }"""
        before = -1
        while before != (before := phone.page.evaluate(whole)):
            phone.page.wait_for_timeout(300)
        phone.signal(False)
        phone.dies()
        phone.open(offline=True)
        expect(phone.page.get_by_role("button", name="Log it")).to_be_visible()
        phone.page.get_by_role("button", name="Can I share?").click()
        expect(phone.page.get_by_role("heading", name="Can I share?")).to_be_visible()
        phone.signal(True)
        phone.page.goto(phone.url)
    phone.settle()
    assert record.proves(history) == []


def test_an_emptied_origin_starts_again_and_the_record_shows_what_is_missing(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    assert phone.context is not None
    for _ in fault("A11", "everything of the origin gone", 1, 10):
        session = phone.context.new_cdp_session(phone.page)
        session.send("Storage.clearDataForOrigin", {"origin": phone.url, "storageTypes": "all"})
        # The old page may be about to start anew by itself, its worker being gone.
        emptied, phone.page = phone.page, phone.context.new_page()
        emptied.close()
        phone.page.goto(phone.url)
        assert record.demo_person is not None
        phone.join(record.demo_person)
        reload(phone.page)
        phone.logs()
        phone.page.get_by_role("button", name="Log another").click()
        phone.settle()
    assert record.proves(history) == []


def test_a_private_window_still_sends(
    fault: Faults, playwright: Playwright, chromium: Browser, line: FaultProxy, history: History,
    record: Record, tmp_path: Path,
) -> None:  # fmt: skip
    for _ in fault("A16", "private window", 1, 5):
        context = chromium.new_context()
        phone = HandledPhone(
            playwright, tmp_path, f"http://phone.localhost:{line.port}", history, record
        )
        phone.context, phone.page = context, context.new_page()
        phone.page.goto(phone.url)
        assert record.demo_person is not None
        phone.join(record.demo_person)
        phone.logs()
        phone.settle()
        phone.close()
    assert record.proves(history) == []


def test_a_browser_that_cannot_store_keys_says_so_and_still_brings_the_entry(
    fault: Faults, playwright: Playwright, chromium: Browser, line: FaultProxy, history: History,
    record: Record,
) -> None:  # fmt: skip
    for chance in fault("A17", "key cannot be stored", 1, 10):
        context = chromium.new_context()
        context.add_init_script(
            """const put = IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = function (value, ...key) {
              if (this.name === 'device') throw new DOMException('no', 'DataCloneError');
              return put.call(this, value, ...key);
            };"""
        )
        page = context.new_page()
        page.goto(f"http://phone.localhost:{line.port}")
        expect(page.get_by_text("This browser does not keep keys.", exact=False)).to_be_visible()
        page.get_by_role("button", name="Use this browser as a demo phone").click()
        expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
        words = f"kept in mind only {chance.random()}"
        page.get_by_role("textbox", name="Who did you tell?").fill("Police")
        page.get_by_role("textbox", name="Who is it about?").fill("A child")
        page.get_by_role("textbox", name="What did you share?").fill(words)
        page.get_by_role("button", name="Log it").click()
        entries = page.get_by_role("list", name="Entries on this phone")
        expect(entries.get_by_text("In the record", exact=True)).to_be_visible(timeout=90_000)
        assert [row.words for row in record.rows()].count(words) == 1
        context.close()


def test_an_address_that_is_not_safe_refuses_with_a_reason(
    fault: Faults, playwright: Playwright, tmp_path: Path, line: FaultProxy,
    history: History, record: Record, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    rules = "--host-resolver-rules=MAP phone.example 127.0.0.1"
    monkeypatch.setattr("tests.phone_in_hand.ARGS", ["--no-sandbox", "--disable-gpu", rules])
    for _ in fault("A18", "no crypto.subtle: http, not this machine", 1, 3):
        url = f"http://phone.example:{line.port}"
        phone = HandledPhone(playwright, tmp_path / "profile", url, history, record)
        page = phone.open()
        expect(page.get_by_text("This address is not a safe one", exact=False)).to_be_visible()
        expect(page.get_by_role("button", name="Add this phone")).to_be_hidden()
        phone.close()


# Without the mouse, which waits until a tab is painted, nor by role, for which all is laid out.
SAVED_THEN_ANOTHER = """async () => {
  const saved = () => [...document.querySelectorAll('h1, h2')].some((one) =>
    one.textContent.trim() === 'Saved on this phone' && one.checkVisibility());
  for (let looked = 0; !saved(); looked++) {
    if (looked === 600) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  document.querySelector('#another').click();
  return true;
}"""


@pytest.mark.parametrize("part", parts_of(20))
def test_many_tabs_saving_at_once_use_no_number_twice(
    fault: Faults, phone: HandledPhone, history: History, record: Record, part: int
) -> None:
    assert phone.context is not None
    # As many for all its rounds: a tab that only looks on costs as much and tries nothing. Each
    # number from ten to three, then three to five again: ten take nine times as long as three.
    many = 10 - part if part < 8 else 3 + part % 3
    tabs = [phone.page, *(phone.context.new_page() for _ in range(many - 1))]
    for tab in tabs[1:]:
        tab.goto(phone.url)
    for _ in fault("A19", "3 to 10 tabs save at the same moment", 2, 100, part):
        for tab in tabs:
            words = phone.puts(tab)
            tab.evaluate(
                """() => new BroadcastChannel('together').addEventListener('message', () =>
                  document.querySelector('#log [type=submit]').click(), { once: true })"""
            )
            history.shows_saved(phone.name, words)
        phone.page.evaluate("() => new BroadcastChannel('together').postMessage(1)")
        for tab in tabs:
            assert tab.evaluate(SAVED_THEN_ANOTHER)
    phone.settle()
    assert record.proves(history) == []
