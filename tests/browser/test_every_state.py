"""Every state of the phone is open to everyone: in English and light, in Welsh and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.open_to_everyone import Scheme, wrong_in
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
# Whoever came to another screen was brought there with the focus.
LOST = "document.activeElement === document.body && document.body.dataset.screen !== 'log'"


def wrong_with(page: Page, scheme: Scheme) -> Iterator[str]:
    """What keeps somebody out of the page as it stands, or loses them in it."""
    if page.evaluate(LOST):
        yield "the focus is lost"
    yield from wrong_in(page, scheme)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("cy", "dark")])
def test_every_state_of_the_phone_is_open_to_everyone(
    chromium: Browser, door: RunningInstance, language: str, scheme: Scheme
) -> None:
    stage = Stage(chromium, door.phone_url, language, NARROW)
    wrong: list[str] = []
    shown: set[str] = set()
    states: list[str] = []
    for walk in WALKS:
        for state in walk(stage):
            states.append(state)
            shown |= set(stage.page.evaluate(SHOWN))
            wrong += [f"{state}: {one}" for one in wrong_with(stage.page, scheme)]
    stage.phone(added=False)
    hidden = set(stage.page.evaluate(HIDDEN, language))
    stage.close()
    assert wrong == []
    assert hidden - shown == NOT_REACHED, "no walk in tests/states shows this"
    assert len(states) == len(set(states)), "two states of one name"
