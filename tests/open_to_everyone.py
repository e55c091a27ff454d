"""Whether a page in a real browser is open to everyone: axe finds nothing, nothing is cut off."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check(page: Page, where: str) -> None:
    """The page as it stands now; `where` says which state it was when something is wrong."""
    page.evaluate(AXE.read_text())
    run = "rules => axe.run(document, {runOnly: rules}).then(found => found.violations)"
    found = page.evaluate(run, RULES)
    said = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
    assert not said, f"{where}: {said}"
    across = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(across) <= 0, f"{where} is wider than the screen"
