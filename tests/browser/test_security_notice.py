"""Somebody answers in the organisation's place: the phone says so until it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.faults import bad_lines
from tests.faults.proxy import FaultProxy
from tests.open_to_everyone import check
from tests.phone_in_hand import SMALL
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


@pytest.fixture
def line(door: RunningInstance) -> Iterator[FaultProxy]:
    """A line on which somebody may sit."""
    with FaultProxy(door.phone_port) as proxy:
        yield proxy


def test_a_portal_is_no_alarm_and_a_forged_answer_is_one_until_it_was_read(
    chromium: Browser, line: FaultProxy
) -> None:
    page = chromium.new_context(viewport=SMALL, has_touch=True).new_page()
    page.goto(f"http://phone.localhost:{line.port}")
    page.get_by_role("button", name="Use this browser as a demo phone").click()
    expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
    entries = page.get_by_role("list", name="Entries on this phone")
    notice = page.get_by_role("region", name="Somebody else answered in the name of")

    line.always(bad_lines.PORTALS["a page that calls itself ours"])
    page.get_by_role("textbox", name="Who did you tell?").fill("Police")
    page.get_by_role("textbox", name="Who is it about?").fill("A child")
    page.get_by_role("textbox", name="What did you share?").fill("What was seen")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Not reached"))).to_be_visible()
    expect(notice).to_be_hidden()

    line.always(bad_lines.FORGED)
    page.reload()
    expect(notice).to_contain_text("what waits is still here")
    expect(notice).to_contain_text("Use another one, such as mobile data")
    expect(entries.get_by_text("On this phone only")).to_be_visible()
    check(page, "a security notice")
    line.heal()
    page.reload()
    expect(entries.get_by_text("In the record", exact=True)).to_be_visible(timeout=90_000)
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="I have read this").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="This phone: All received")).to_be_visible()
    expect(notice).to_be_hidden()
    page.context.close()
