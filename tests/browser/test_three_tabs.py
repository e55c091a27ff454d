"""Several tabs of one phone save at the same moment, and the chain stays one chain."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from sync.store_sqlite import SqliteStore
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

SAVES_PER_TAB = 34

# Types and taps as fast as the page allows, through the same controls a person has.
LOG_MANY = """(many) => {
  window.logged = 0;
  const type = (label, text) => {
    const field = [...document.querySelectorAll('input,textarea')]
      .find((f) => [...(f.labels || [])].some((l) => l.textContent.trim().startsWith(label)));
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const button = (name) => [...document.querySelectorAll('button')]
    .find((b) => b.textContent.trim() === name && b.checkVisibility());
  const appears = (find) => new Promise((resolve) => {
    const look = () => (find() ? resolve(find()) : setTimeout(look, 2));
    look();
  });
  (async () => {
    for (let n = 0; n < many; n += 1) {
      (await appears(() => button('Log it'))) && type('Who did you tell?', 'Police');
      type('Who is it about?', 'A child');
      type('What did you share?', 'Number ' + n);
      button('Log it').click();
      (await appears(() => button('Log another'))).click();
      window.logged += 1;
    }
  })();
}"""


def test_three_tabs_saving_a_hundred_entries_use_no_sequence_number_twice(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    phone.open()
    phone.join_demo()
    assert phone.context is not None
    tabs = [phone.page, phone.context.new_page(), phone.context.new_page()]
    for tab in tabs:
        tab.goto(instance.phone_url)
        expect(tab.get_by_role("button", name="Log it")).to_be_visible()
    for tab in tabs:
        tab.evaluate(LOG_MANY, SAVES_PER_TAB)
    for tab in tabs:
        for _ in range(600):
            if tab.evaluate("() => window.logged") == SAVES_PER_TAB:
                break
            tab.wait_for_timeout(200)
        assert tab.evaluate("() => window.logged") == SAVES_PER_TAB

    total = SAVES_PER_TAB * len(tabs)
    store = SqliteStore.open(instance.folder / "ledger.db")
    try:
        phone_rows: list[int] = []
        for _ in range(300):
            rows = store.after(0, 5000)
            phone_rows = [row.header.seq for row in rows if row.header.seq]
            if len(phone_rows) == total:
                break
            tabs[0].wait_for_timeout(200)
    finally:
        store.close()
    phone.close()
    assert sorted(phone_rows) == list(range(1, total + 1))
