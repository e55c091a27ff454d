"""The overview in a real browser: open to everyone in every state, by keyboard, without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from logger.people.person import Role
from tests.desk_served import Served, served
from tests.desk_world import DAY, HOUR

pytestmark = pytest.mark.browser
WHYS = ("neglect", "missing", "domestic-abuse", "emotional-abuse")
TOLD = ("police-999", "childrens-social-care", "school")
HOWS = ("phone", "phone", "ordinary-email", "text-message", "letter")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as world:
        role = Role.DATA_PROTECTION_OFFICER
        world.rooms.add_person("Priya Nair", "priya@example.org", role, "")
        yield world


def log_many(world: Served, count: int = 40) -> None:
    for number in range(count):
        world.later(DAY // 2 + (number % 5) * HOUR)
        someone = {"code": TOLD[number % 3], "label": "", "person": "", "reference": ""}
        ago = {"at": world.now - (number % 7) * 9 * 60_000, "utc_offset": 0, "about": False}
        why, how = [WHYS[number % 4]], HOWS[number % 5]
        world.capture(world.dana, recipients=[someone], why=why, how=how, when=ago)


def test_another_range_is_chosen_by_keyboard_and_the_page_stays(
    world: Served, chromium: Browser
) -> None:
    log_many(world, 10)
    context = chromium.new_context()
    page = world.open(context, "Sam Okafor", "/overview")
    heading = page.locator("h1").element_handle()
    page.get_by_label("From").fill("2026-11-24")
    page.get_by_label("To", exact=True).fill("2026-11-24")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("23 November 2026 to 29 November 2026")
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    assert heading.evaluate("one => one.isConnected")
    assert "from=2026-11-24" in page.url
    with page.expect_download() as file:
        page.get_by_role("link", name=re.compile("CSV.*Shares by week")).click()
    assert file.value.suggested_filename == "sharelog-weeks-2026-11-23-2026-11-29.csv"
    context.close()


def test_the_overview_needs_no_script(world: Served, chromium: Browser) -> None:
    log_many(world, 10)
    context = chromium.new_context(java_script_enabled=False)
    page = world.open(context, "Sam Okafor", "/overview")
    page.get_by_label("From").fill("2026-11-24")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_contain_text("23 November 2026 to")
    context.close()
