"""Real browsers in a history: what a page shows, what its store holds, and when it dies."""

from __future__ import annotations

import base64
import os
import signal
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Error, Page, Playwright, expect

from tests.faults.history import Held, History
from tests.faults.record import Record
from tests.phone_in_hand import Engine, PhoneInHand
from tests.running import begun_by

# Every row with its state, and the bytes of what nobody has answered for yet.
HOLDS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('sharelog');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const db = opening.result;
    const tx = db.transaction(['events', 'states', 'device', 'trust']);
    const rows = tx.objectStore('events').getAll();
    const states = tx.objectStore('states').getAll();
    const device = tx.objectStore('device').get('signing');
    const enrolled = tx.objectStore('trust').getKey('enrolled');
    tx.oncomplete = async () => {
      db.close();
      const known = new Map(states.result.map((one) => [one.n, one.state]));
      const text = (bytes) => btoa(String.fromCharCode(...bytes));
      const digest = device.result && await crypto.subtle.digest('SHA-256', device.result.public);
      resolve({
        device: digest ? text(new Uint8Array(digest)) : '',
        enrolled: enrolled.result !== undefined,
        rows: rows.result.map(({ n, id, bytes }) =>
          ({ id, state: known.get(n) ?? 'waiting', event: bytes ? text(bytes) : '' })),
      });
    };
    // A full disk can take the connection away in the middle of this.
    tx.onerror = tx.onabort = db.onclose = () => reject(tx.error ?? new Error('taken away'));
  };
})"""

# How many sealed events stand in their second copies, and how many wait to be carried.
COPIED = """async () => (await (await caches.open('spare')).keys())
  .filter(({ url }) => url.split('/').at(-1).length === 43).length"""
CARRIED = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('sharelog-carried', 1);
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onsuccess = () => {
    const rows = opening.result.transaction('events').objectStore('events').getAll();
    rows.onsuccess = () => {
      opening.result.close();
      resolve(rows.result.filter(({ state }) => state !== 'done').length);
    };
  };
})"""

# Tells the test the moment the page says *Saved*, with the words that were being logged.
TELLS = """() => {
  const status = document.getElementById('status');
  new MutationObserver(() => {
    if (status.querySelector('h2')) console.log('shown ' + window.logging);
  }).observe(status, { childList: true, subtree: true });
}"""
PRESS = """(words) => {
  window.logging = words;
  document.querySelector('#log [type=submit]').click();
}"""


PUT = """(answers) => {
  for (const [id, text] of Object.entries(answers)) {
    const field = document.getElementById(id);
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
}"""


class HandledPhone(PhoneInHand):
    """A phone in a browser that writes its part of the history."""

    def __init__(
        self, playwright: Playwright, profile: Path, url: str, history: History, record: Record,
        engine: Engine = "chromium",
    ):  # fmt: skip
        super().__init__(playwright, profile, url, engine)
        self.history, self.record = history, record
        self.name = f"browser {os.urandom(3).hex()}"
        self._count = 0

    def join(self, person: UUID) -> None:
        """Add it as the demo offers, and say whose it is."""
        self.join_demo()
        self.wait_until_installed()
        self.history.joined(self.name, str(person), self.holds()["device"])

    def watch(self) -> None:
        """From now on *Saved* is written down the moment it is on the screen."""
        self.page.evaluate(TELLS)
        self.page.on(
            "console",
            lambda said: (
                self.history.shows_saved(self.name, said.text.removeprefix("shown "))
                if said.text.startswith("shown ")
                else None
            ),
        )

    def type(self) -> str:
        """Fill in an entry with words of its own."""
        self._count += 1
        words = f"{self.name} {self._count}"
        self.history.types(self.name, words)
        self.fill("Police", "A child", words)
        return words

    def puts(self, page: Page) -> str:
        """The same on another page of this phone, at once: nobody looks at how it is typed."""
        self._count += 1
        words = f"{self.name} {self._count}"
        self.history.types(self.name, words)
        page.evaluate(PUT, {"told": "Police", "about": "A child", "shared": words})
        return words

    def press(self, words: str) -> None:
        """*Log it*, without waiting for anything."""
        self.page.evaluate(PRESS, words)

    def logs(self) -> str:
        """One entry that is shown as saved."""
        words = self.type()
        self.log_it()
        self.history.shows_saved(self.name, words)
        return words

    def holds(self) -> dict[str, Any]:
        """What its store has; the history gets it too."""
        try:
            held: dict[str, Any] = self.page.evaluate(HOLDS)
        except Error:
            held = self.page.evaluate(HOLDS)
        held["device"] = _url_safe(held["device"])
        self.history.sees(
            self.name,
            [
                Held(one["id"], one["state"], self._words(one["state"], one["event"]))
                for one in held["rows"]
            ],
        )
        return held

    def _words(self, state: str, event: str) -> str | None:
        return self.record.words_of(base64.b64decode(event)) if state == "waiting" else None

    def settle(self, seconds: float = 40) -> None:
        """Until nothing waits any more."""
        until = time.monotonic() + seconds
        while self._carries() or any(r["state"] == "waiting" for r in self.holds()["rows"]):
            assert time.monotonic() < until, "something still waits"
            self.page.evaluate("() => dispatchEvent(new Event('online'))")
            self.page.wait_for_timeout(200)

    def copied(self, many: int, seconds: float = 20) -> None:
        """Until so many entries stand in a second copy."""
        until = time.monotonic() + seconds
        while (found := self.page.evaluate(COPIED)) != many:
            assert time.monotonic() < until, f"{found} in a second copy"
            self.page.wait_for_timeout(50)  # asked again: nothing tells of a write

    def _carries(self) -> bool:
        try:
            return bool(self.page.evaluate(CARRIED))
        except Error:
            return False  # it never carried anything, and has no store for it

    def freezes(self) -> list[int]:
        """Not one of its processes does anything more; gives their numbers."""
        first = self._main_process()
        mine = [first, *begun_by(first)]
        for one in mine:
            os.kill(one, signal.SIGSTOP)
        return mine

    def dies(self, frozen: list[int] | None = None) -> None:
        """SIGKILL now; what it had said before is still heard."""
        context = self.context
        # Those that stand still do not notice by themselves that the first one is gone.
        for one in frozen or [self._main_process()]:
            os.kill(one, signal.SIGKILL)
        self.history.happens(self.name, "killed")
        try:
            assert context is not None
            context.close()
        except Error:
            pass  # it is dead
        self.context = None

    def comes_back(self) -> None:
        """Started again after it died, and added again where nothing is left of its store."""
        self.open()
        expect(self.page.get_by_role("button", name="Log it")).to_be_visible()
        # One kill in some hundred tears the store's log, and the browser throws the store away.
        if not self.holds()["enrolled"]:
            assert self.record.demo_person is not None
            self.join(self.record.demo_person)

    def form_shows(self, words: str) -> None:
        """What was typed is still on the screen."""
        expect(self.page.get_by_role("textbox", name="What did you share?")).to_have_value(words)


def _url_safe(text: str) -> str:
    return text.replace("+", "-").replace("/", "_").rstrip("=")


def reload(page: Page) -> None:
    """The same page again, ready to log."""
    page.reload()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
