"""Every state of the desk, in both languages, is open to everyone, in light and in dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.desk_states.stage import NO_PAGE, DeskStage
from tests.desk_states.walks import WALKS
from tests.open_to_everyone import AXE, problems

pytestmark = pytest.mark.browser

# What somebody is told who may not, what is gone, what is wrong, and what moved meanwhile.
REFUSALS = {400, 403, 404, 409, 422}
UNFOLD = "() => document.querySelectorAll('main details').forEach((one) => { one.open = true })"


# Colours are no matter of the language, and Welsh words are the longer ones: each scheme and each
# width is looked at in one language, because each look at all states takes a minute.
@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("cy", "dark", 320)]
)
def test_every_state_of_the_desk_is_open_to_everyone(
    chromium: Browser, tmp_path: Path, language: str, scheme: Any, width: int
) -> None:
    desk, wrong, states = DeskStage(tmp_path, language), list[str](), list[str]()
    context = chromium.new_context(
        viewport=ViewportSize(width=width, height=900), color_scheme=scheme, reduced_motion="reduce"
    )
    context.add_init_script(path=AXE)
    page = desk.opened(context)
    for walk in WALKS:
        for state in walk(desk):
            states.append(f"{walk.__name__}, {state}")
            desk.show(page)
            page.evaluate(UNFOLD)
            wrong += [f"{states[-1]}: {one}" for one in problems(page)]
    context.close()
    assert wrong == []
    assert len(states) == len(set(states)), "two states of one name"
    _went_everywhere(desk)


def _went_everywhere(desk: DeskStage) -> None:
    pages = {rule.endpoint for rule in desk.world.app.url_map.iter_rules() if "GET" in rule.methods}
    shown = {endpoint for endpoint, status in desk.seen if status == 200}
    assert pages - NO_PAGE - shown == set(), "no walk in tests/desk_states goes there"
    assert pages >= NO_PAGE
    assert {status for _endpoint, status in desk.seen} >= REFUSALS
