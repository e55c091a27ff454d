"""Every state of the phone, in both languages, is open to everyone, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.open_to_everyone import ACROSS, COLOURS, problems
from tests.running import RunningInstance
from tests.states.stage import Stage
from tests.states.walks import WALKS

pytestmark = pytest.mark.browser

# The narrowest phone, and so tall that the bar with the button lies on nothing.
NARROW = ViewportSize(width=320, height=3000)
# The demo offers fewer reasons than one entry may have.
NOT_REACHED = {"why-problem"}
# Parts that wait hidden in the page and in the rooms behind it.
HIDDEN = """async (language) => {
  const ids = [];
  for (const path of [`/${language}`, `/${language}/rooms`]) {
    const text = await (await fetch(path)).text();
    const page = new DOMParser().parseFromString(text, 'text/html');
    const templates = [...page.querySelectorAll('template')].map((one) => one.content);
    for (const root of [page, ...templates])
      for (const one of root.querySelectorAll('[id][hidden]')) ids.push(one.id);
  }
  return ids;
}"""
SHOWN = """() => [...document.querySelectorAll('[id]')]
  .filter((one) => one.checkVisibility()).map((one) => one.id)"""
TEXT_SIZE = "(size) => { document.documentElement.style.fontSize = size; }"
# Where the system chooses the colours: what can be tapped has an edge or a line under it, and what
# is chosen looks chosen. (axe reads the colours that the page asked for, not those shown.)
ONLY_BY_COLOUR = """() => {
  const seen = (one) => one.checkVisibility();
  const style = (one) => getComputedStyle(one);
  const plain = [...document.querySelectorAll('button, .chip, .field, .inset')]
    .filter((one) => seen(one) && !one.closest('.pill, #curtain, .dial')
      && parseFloat(style(one).borderTopWidth) < 1
      && !style(one).textDecorationLine.includes('underline'))
    .map((one) => `no edge: ${one.outerHTML}`);
  const chosen = [...document.querySelectorAll('.chip:has(input:checked)')]
    .filter((one) => seen(one) && style(one).forcedColorAdjust !== 'none')
    .map((one) => `does not look chosen: ${one.outerHTML}`);
  return [...plain, ...chosen];
}"""
# Whoever asked for less motion is shown none.
MOVING = "document.getAnimations().length"

# Whoever came to another screen was brought there with the focus.
LOST = "document.activeElement === document.body && document.body.dataset.screen !== 'log'"


def wrong_with(page: Page) -> Iterator[str]:
    """What keeps somebody out of the page as it stands, in any colours and any size of text."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none")
    yield from problems(page)
    if page.evaluate(LOST):
        yield "the focus is lost"
    if page.evaluate(MOVING):
        yield "something moves"
    page.emulate_media(color_scheme="dark")
    yield from (f"dark: {one}" for one in problems(page, COLOURS))
    page.emulate_media(forced_colors="active")
    yield from (f"forced colours: {one}" for one in page.evaluate(ONLY_BY_COLOUR))
    page.evaluate(TEXT_SIZE, "200%")
    if page.evaluate(ACROSS) > 0:
        yield "with text of twice the size it is wider than the screen"
    page.evaluate(TEXT_SIZE, "")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_state_of_the_phone_is_open_to_everyone(
    chromium: Browser, door: RunningInstance, language: str
) -> None:
    stage = Stage(chromium, door.phone_url, language, NARROW)
    wrong: list[str] = []
    shown: set[str] = set()
    states: list[str] = []
    for walk in WALKS:
        for state in walk(stage):
            states.append(state)
            shown |= set(stage.page.evaluate(SHOWN))
            wrong += [f"{state}: {one}" for one in wrong_with(stage.page)]
    stage.phone(added=False)
    hidden = set(stage.page.evaluate(HIDDEN, language))
    stage.close()
    assert wrong == []
    assert hidden - shown == NOT_REACHED, "no walk in tests/states shows this"
    assert len(states) == len(set(states)), "two states of one name"
