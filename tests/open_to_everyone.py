"""Whether a page in a real browser is open to everyone: axe finds nothing, nothing is cut off."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those whose answer another scheme of colours can change.
COLOURS = ["color-contrast", "link-in-text-block", "target-size"]
RUN = """(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
  .then(({ violations }) => violations.map(({ id, nodes }) =>
    [id, nodes.slice(0, 3).map((node) => node.html)]))"""
ACROSS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def problems(page: Page, rules: list[str] = RULES) -> list[str]:
    """What is wrong with the page as it stands now; nothing, for everybody to use it."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text())
    found = [f"{rule}: {nodes}" for rule, nodes in page.evaluate(RUN, rules)]
    return found + (["wider than the screen"] if page.evaluate(ACROSS) > 0 else [])


def check(page: Page, where: str) -> None:
    """The page as it stands now; `where` says which state it was when something is wrong."""
    found = problems(page)
    assert not found, f"{where}: {found}"
