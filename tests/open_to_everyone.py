"""Whether a page in a real browser is open to everyone: axe finds nothing, nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is wrong is named by its own text; to find a selector for it takes a third of the time.
RUN = """(rules) => axe.run(document,
    { runOnly: rules, resultTypes: ['violations'], selectors: false })
  .then(({ violations }) => violations.map(({ id, nodes }) =>
    [id, nodes.slice(0, 3).map((node) => node.html)]))"""
ACROSS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
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

Scheme = Literal["light", "dark"]


def problems(page: Page) -> list[str]:
    """What is wrong with the page as it stands now; nothing, for everybody to use it."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text())
    found = [f"{rule}: {nodes}" for rule, nodes in page.evaluate(RUN, RULES)]
    return found + (["wider than the screen"] if page.evaluate(ACROSS) > 0 else [])


def check(page: Page, where: str) -> None:
    """The page as it stands now; `where` says which state it was when something is wrong."""
    found = problems(page)
    assert not found, f"{where}: {found}"


def wrong_in(page: Page, scheme: Scheme) -> Iterator[str]:
    """What is wrong with it in that scheme, in the system's own colours and in any size of text."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce", forced_colors="none")
    yield from problems(page)
    if page.evaluate(MOVING):
        yield "something moves"
    page.emulate_media(forced_colors="active")
    yield from (f"forced colours: {one}" for one in page.evaluate(ONLY_BY_COLOUR))
    page.evaluate(TEXT_SIZE, "200%")
    if page.evaluate(ACROSS) > 0:
        yield "with text of twice the size it is wider than the screen"
    page.evaluate(TEXT_SIZE, "")
    page.emulate_media(forced_colors="none")
