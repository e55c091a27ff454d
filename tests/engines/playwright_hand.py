"""A phone with Chromium or Firefox in it: a fresh one in a browser that all of them share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Locator, Page

from tests.engines.hand import Hand, Role
from tests.phone_in_hand import SMALL


class PlaywrightHand(Hand):
    """One phone with storage of its own."""

    def __init__(self, browser: Browser, url: str):
        self.url = url
        self._context = browser.new_context(viewport=SMALL)
        self._page: Page = self._context.new_page()
        self.open()

    def open(self) -> None:
        self._page.goto(self.url)

    def die(self) -> None:
        last, self._page = self._page, self._context.new_page()
        last.close()
        self.open()

    def signal(self, on: bool) -> None:
        self._context.set_offline(not on)

    def tap(self, role: Role, name: str) -> None:
        self._named(role, name).click()

    def write(self, name: str, text: str, role: Role = "textbox") -> None:
        self._named(role, name).fill(text)

    def value(self, name: str) -> str:
        return self._named("textbox", name).input_value()

    def ticked(self, role: Role, name: str) -> bool:
        return self._named(role, name).is_checked()

    def secret(self, label: str, text: str) -> None:
        self._page.get_by_label(label, exact=True).fill(text)

    def bring(self, file: Path) -> None:
        self._page.get_by_label("Bring a file from another phone").set_input_files(file)

    def run(self, script: str, *words: Any) -> Any:
        return self._page.evaluate(f"(words) => ({script})(...words)", list(words))

    def until(self, true: Any, what: str) -> None:
        super().until(lambda: self._unless_it_goes_on(true), what)

    def title(self) -> str:
        return self._page.title()

    def close(self) -> None:
        self._context.close()

    def _unless_it_goes_on(self, true: Any) -> Any:
        try:
            return true()
        except Error as error:
            # The page begins anew while it is looked at, as when somebody else takes the phone.
            if "context was destroyed" not in str(error):
                raise
            return False

    def _named(self, role: Role, name: str) -> Locator:
        begins = re.compile(rf"^\s*{re.escape(name)}")
        return self._page.get_by_role(role, name=begins).locator("visible=true").first
