"""Everything a phone is for, without a finger and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
HAS_FOCUS = "(one) => one === document.activeElement"


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(80):
        if wanted.evaluate(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, name: str) -> None:
    """Tab to the button of that name, and Enter."""
    reach(
        page, page.get_by_role("button", name=re.compile(f"^{name}")).locator("visible=true").first
    )
    page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    """Tab to the field of that name, and type."""
    reach(page, page.get_by_role("textbox", name=name))
    page.keyboard.type(text)


def test_a_share_is_logged_mended_and_looked_after_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(has_touch=False)
    reach(page, page.get_by_role("checkbox", name="School"))
    page.keyboard.press("Space")
    write(page, "Who is it about?", "Jamie Example")
    write(page, "What did you share?", "What was seen.")
    reach(page, page.get_by_role("radio", name="Phone"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="In person")).to_be_checked()
    press(page, "Log it")
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_focused()

    press(page, "Fix this")
    expect(page.get_by_role("heading", name="Fix this entry")).to_be_focused()
    write(page, "What was wrong, and what is right?", "It was by phone.")
    press(page, "Save the correction")
    expect(page.get_by_role("status").first).to_have_text("The correction is saved on this phone.")

    page.evaluate("() => document.activeElement.blur()")
    press(page, "This phone:")
    expect(page.get_by_role("heading", name="This phone", exact=True)).to_be_focused()
    reach(page, page.locator("summary", has_text="What can the organisation see?"))
    page.keyboard.press("Enter")
    expect(
        page.get_by_text("It cannot see entries that are still only on this phone")
    ).to_be_visible()
    press(page, "Back to logging")
    expect(page.get_by_role("button", name="This phone:")).to_be_focused()

    press(page, "Can I share")
    expect(page.get_by_role("heading", name="Can I share?")).to_be_focused()
    press(page, "Log that I decided not to")
    expect(page.get_by_role("heading", name="Decided not to share")).to_be_focused()
