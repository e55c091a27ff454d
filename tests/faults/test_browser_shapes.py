"""The store of an older or a later version under this one: entries stay, nothing hangs."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.faults.counts import Runs
from tests.faults.hands import HandledPhone
from tests.faults.history import History
from tests.faults.record import Record

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]
BESIDE = "/manifest.webmanifest"  # of the same origin, without the app
# The same rows under another version of the shape: the first one, or one that is not made yet.
RESHAPE = """async (version) => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const first = ['events', 'states', 'chain', 'device', 'trust'];
  const db = await asked(indexedDB.open('sharelog'));
  const kept = version === 1 ? first : [...db.objectStoreNames];
  const rows = {};
  for (const name of kept) {
    const store = db.transaction(name).objectStore(name);
    rows[name] = [await asked(store.getAllKeys()), await asked(store.getAll()), store.keyPath];
  }
  db.close();
  if (version === 1) await asked(indexedDB.deleteDatabase('sharelog'));
  const opening = indexedDB.open('sharelog', version);
  opening.onupgradeneeded = () => {
    const made = opening.result;
    if (version > 1) return made.createObjectStore(`of-version-${version}`);
    const events = made.createObjectStore('events', { keyPath: 'n', autoIncrement: true });
    events.createIndex('id', 'id', { unique: true });
    events.createIndex('chain', ['device', 'seq'], { unique: true });
    made.createObjectStore('states', { keyPath: 'n' }).createIndex('state', 'state');
    for (const name of ['chain', 'device', 'trust']) made.createObjectStore(name);
    const tx = opening.transaction;
    for (const [name, [keys, values, path]] of Object.entries(rows))
      values.forEach((value, i) => tx.objectStore(name).put(value, path ? undefined : keys[i]));
  };
  const made = await asked(opening);
  made.close();
  return made.version;
}"""
HOLDS_ON = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('sharelog', 1);
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => { globalThis.held = asked.result; resolve(true); };
})"""


def _reshape(phone: HandledPhone, version: int) -> None:
    phone.page.goto(phone.url + BESIDE)
    assert phone.page.evaluate(RESHAPE, version) == version


def _logs_without_signal(phone: HandledPhone) -> None:
    phone.signal(False)
    phone.logs()
    phone.signal(True)


def test_an_upgrade_killed_at_any_moment_keeps_every_entry(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    for chance in fault("A21", "killed while the store takes its new shape", 3, 50):
        _logs_without_signal(phone)
        _reshape(phone, 1)
        phone.page.evaluate("(url) => { setTimeout(() => location.assign(url), 0) }", phone.url)
        time.sleep(chance.random() * 0.25)
        phone.dies()
        phone.open()
        expect(phone.page.get_by_role("button", name="Log it")).to_be_visible()
        phone.settle()
    assert record.proves(history) == []


def test_a_tab_of_the_older_version_in_the_way_is_said_and_costs_no_entry(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    assert phone.context is not None
    for _ in fault("A20", "a tab of the older version holds on to the store", 2, 30):
        _logs_without_signal(phone)
        _reshape(phone, 1)
        older = phone.page
        older.evaluate(HOLDS_ON)
        phone.page = phone.context.new_page()
        phone.page.goto(phone.url)
        told = phone.page.get_by_text("Another Sharelog tab is in the way.", exact=False)
        expect(told.first).to_be_visible(timeout=3_000)
        words = phone.type()
        phone.page.get_by_role("button", name="Log it").click()
        expect(phone.page.get_by_text("NOT saved. Keep this screen")).to_be_visible()
        phone.form_shows(words)
        older.close()
        expect(told.first).to_be_hidden()
        phone.log_it()
        history.shows_saved(phone.name, words)
        phone.page.get_by_role("button", name="Log another").click()
        phone.settle()
    assert record.proves(history) == []


def test_the_store_of_a_later_version_still_takes_and_sends_entries(
    fault: Faults, phone: HandledPhone, history: History, record: Record
) -> None:
    for n, _ in enumerate(fault("A22", "the store has the shape of a later version", 2, 10)):
        _logs_without_signal(phone)
        _reshape(phone, 3 + n)
        phone.page.goto(phone.url)
        phone.logs()
        phone.settle()
        phone.page.get_by_role("button", name="Log another").click()
    assert record.proves(history) == []
