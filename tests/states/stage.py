"""The stage on which a phone is brought into a state: one door, one language, fresh phones.

Everything is found by its id, because the same walk goes through every language.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.phone_in_hand import SMALL

_IN_STORE = """([store, key, change]) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('sharelog');
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const tx = db.transaction(store, 'readwrite');
    const rows = tx.objectStore(store);
    let found = null;
    if (change === 'count') rows.count().onsuccess = (got) => { found = got.target.result; };
    else if (rows.keyPath) rows.put(change);
    else rows.get(key).onsuccess = (got) => {
      const is = got.target.result;
      rows.put(typeof change === 'object' ? { ...is, ...change } : change, key);
    };
    tx.oncomplete = () => { db.close(); resolve(found); };
    tx.onerror = () => { db.close(); reject(tx.error); };
  };
})"""
# A browser without a telephone would ask what to do with a number.
_NO_DIALLER = """addEventListener('click', (event) => {
  if (event.target.closest('a[href^="tel:"]')) event.preventDefault();
})"""


class Stage:
    """One door in one language. A walk takes a fresh phone and leads it through its states."""

    def __init__(
        self, browser: Browser, url: str, language: str, viewport: ViewportSize = SMALL
    ) -> None:
        self._browser, self._url, self.language = browser, url, language
        self._viewport = viewport
        self._contexts: list[BrowserContext] = []
        self.page: Page

    def phone(
        self,
        *,
        added: bool = True,
        script: str = "",
        no_door: bool = False,
        path: str = "",
        **more: Any,
    ) -> Page:
        """A fresh phone on the page; `script` is what its browser lacks or says."""
        self.close()
        options = {
            "viewport": self._viewport,
            "has_touch": True,
            "device_scale_factor": 2,
            "locale": "en-GB",
        } | more
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        context.add_init_script(_NO_DIALLER)
        if script:
            context.add_init_script(script)
        if no_door:
            context.route("**/sync/**", lambda route: route.abort())
        self.page = context.new_page()
        self.page.goto(f"{self._url}/{path or self.language}")
        if added:
            self.tap("#demo")
            expect(self.page.locator("#fact-added")).not_to_have_text("")
            expect(self.page.locator("#joining")).to_be_hidden()
            # From here on it opens without a line too.
            self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            self.again()
        return self.page

    def by_link(self, link: str) -> None:
        """The page is opened by a link to it."""
        self.page.goto("about:blank")
        self.page.goto(f"{self._url}/{link}")

    def again(self) -> None:
        """The page is opened anew; whatever the last step said is gone."""
        self.page.goto(f"{self._url}/{self.language}")
        self.here()

    def another_tab(self) -> None:
        """The page in one more tab, which is looked at from now on."""
        self.page = self.page.context.new_page()
        self.page.goto(f"{self._url}/{self.language}")

    def here(self) -> None:
        """Until what comes behind the form is there too."""
        expect(self.page.locator("#phone-heading")).to_be_attached()

    def signal(self, on: bool) -> None:
        """With or without a line."""
        self.page.context.set_offline(not on)

    def at(self, where: str) -> Locator:
        """What is there."""
        return self.page.locator(where)

    def tap(self, where: str) -> None:
        """The first one that can be seen."""
        self.page.locator(where).locator("visible=true").first.click()

    def write(self, **fields: str) -> None:
        """Into the fields of these ids; `_` stands for `-`."""
        for name, text in fields.items():
            self.page.locator(f"#{name.replace('_', '-')}").fill(text)

    def log(self) -> None:
        """The three answers, and *Log it*."""
        self.write(told="Ms Jones, school", about="Jamie Example", shared="What was seen.")
        self.press()
        expect(self.at(".status--saved")).to_be_visible()

    def press(self) -> None:
        """*Log it*."""
        self.tap("#log [type=submit]")

    def sees(self, where: str) -> None:
        """Until it can be seen."""
        expect(self.at(where).first).to_be_visible(timeout=15_000)

    def back(self) -> None:
        """To the log, by the button of the screen that is shown."""
        self.tap("[data-back]")
        expect(self.at("#log")).to_be_visible()

    def unfinished(self) -> None:
        """Until what is being written is kept."""
        for _ in range(100):
            if self.page.evaluate(_IN_STORE, ["unfinished", "", "count"]):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("nothing unfinished was kept")

    def store(self, store: str, change: Any, key: str = "") -> None:
        """What the phone holds already when the page opens; how it comes there, others show."""
        self.page.evaluate(_IN_STORE, [store, key, change])

    def outside(self, key: str, value: str) -> None:
        """What it keeps beside its store."""
        self.page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])

    def close(self) -> None:
        """Put every phone away."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
