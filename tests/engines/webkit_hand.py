"""A phone with WebKit in it, the engine of every browser on an iPhone: Debian's WebKitGTK.

What it cannot do while it is driven: lose the signal by itself, so the line to the door is cut;
keep anything once it is closed, so only a page dies here, and a whole browser in the others; put a
file into a folder, so a file is looked at as the page hands it over. It has no authenticator, so
the phone's own lock is Chromium's to show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium.webdriver.remote.webelement import WebElement

from tests.engines.hand import Hand, Role
from tests.faults.proxy import Exchange, FaultProxy
from tests.webkit_phone import Screen, WebKitPhone

# Where an element of that role can be, and what it is probably called; the browser itself is asked
# before it is used.
_FIND = """([role, name]) => {
  const candidates = {
    button: 'button', link: 'a[href]', checkbox: 'input[type=checkbox]', radio: 'input[type=radio]',
    textbox: 'input:not([type]), input[type=text], textarea', searchbox: 'input[type=search]',
  };
  const named = (one) => one.getAttribute('aria-label')
    ?? [...(one.labels ?? [])].map((label) => label.textContent).join(' ');
  const called = (one) => (named(one) || one.textContent).replaceAll(/\\s+/g, ' ').trim();
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  return [...document.querySelectorAll(candidates[role])]
    .find((one) => seen(one) && called(one).startsWith(name)) ?? null;
}"""
_LABELLED = """(text) => [...document.querySelectorAll('label')]
  .find((label) => label.checkVisibility() && label.textContent.trim() === text)?.control"""
# And still there: the driver taps a place, and what moves meanwhile leaves it beside the finger.
_INTO_VIEW = """async (one) => {
  const seen = one.matches('[type=checkbox], [type=radio]') ? one.closest('label') : one;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let top, before;
  do {
    before = top;
    seen.scrollIntoView({ block: 'center' });
    await frame();
    top = seen.getBoundingClientRect().top;
  } while (top !== before);
  return seen;
}"""


async def _cut(exchange: Exchange) -> None:
    exchange.reset()


class WebKitHand(Hand):
    """One phone in a browser of its own, on the far side of a line that can be cut."""

    def __init__(self, screen: Screen, home: Path, line: FaultProxy):
        self.url = f"http://phone.localhost:{line.port}"
        self._line = line
        home.mkdir()
        line.heal()
        self._phone = WebKitPhone(screen, home, self.url)

    def open(self) -> None:
        self._phone.driver.get(self.url)

    def die(self) -> None:
        driver = self._phone.driver
        last = driver.current_window_handle
        driver.switch_to.new_window("tab")
        next_one = driver.current_window_handle
        driver.switch_to.window(last)
        driver.close()
        driver.switch_to.window(next_one)
        self.open()

    def signal(self, on: bool) -> None:
        if on:
            self._line.heal()
        else:
            self._line.plan = lambda _: _cut

    def tap(self, role: Role, name: str) -> None:
        self._in_view(role, name).click()

    def write(self, name: str, text: str, role: Role = "textbox") -> None:
        self._type(self._in_view(role, name), text)

    def value(self, name: str) -> str:
        return str(self._named("textbox", name).get_property("value"))

    def ticked(self, role: Role, name: str) -> bool:
        return self._named(role, name).is_selected()

    def secret(self, label: str, text: str) -> None:
        field = self._phone.until(lambda: self.run(_LABELLED, label))
        self._type(self.run(_INTO_VIEW, field), text)

    def bring(self, file: Path) -> None:
        self.run(_LABELLED, "Bring a file from another phone").send_keys(str(file))

    def run(self, script: str, *words: Any) -> Any:
        return self._phone.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve(({script})(...[...arguments].slice(0, -1)))"
            ".then(done, (error) => done(String(error)))",
            *words,
        )

    def title(self) -> str:
        return self._phone.driver.title

    def close(self) -> None:
        self._phone.close()

    def _type(self, field: WebElement, text: str) -> None:
        field.clear()
        field.send_keys(text)

    def _in_view(self, role: Role, name: str) -> WebElement:
        found: WebElement = self.run(_INTO_VIEW, self._named(role, name))
        return found

    def _named(self, role: Role, name: str) -> WebElement:
        def look() -> WebElement | None:
            one: WebElement | None = self.run(_FIND, [role, name])
            so_called = one and one.accessible_name.strip().startswith(name)
            return one if one and so_called and one.aria_role == role else None

        return self._phone.until(look)
