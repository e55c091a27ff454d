"""What the journeys on a phone's page share: one door for a module, and fresh phones on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.phone_in_hand import SMALL
from tests.running import RunningInstance


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstance]:
    """One instance for all pages of a module."""
    instance = RunningInstance(tmp_path_factory.mktemp("instance") / "demo")
    instance.start()
    yield instance
    instance.close()


@pytest.fixture
def open_page(chromium: Browser, door: RunningInstance) -> Iterator[Callable[..., Page]]:
    """A fresh phone on the page, added to the demo."""
    contexts = []

    def open_it(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": SMALL, "has_touch": True, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(door.phone_url)
        page.get_by_role("button", name="Use this browser as a demo phone").click()
        expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="This phone: Ready")).to_be_visible()
        return page

    yield open_it
    for context in contexts:
        context.close()
