"""The directory in a real browser: kept, imported, open to everyone in every state."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from logger.people.person import Role
from tests.desk_served import Served, check_page, served

pytestmark = pytest.mark.browser
# Where to put pictures of the pages for somebody to look at, if anywhere.
PICTURES = os.environ.get("SHARELOG_PICTURES")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("directory")) as world:
        world.rooms.add_person("Gwen Parry", "gwen@example.org", Role.GOVERNANCE, "")
        yield world


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(reduced_motion="reduce")
    yield context
    context.close()


def check(page: Page, state: str) -> None:
    """This state in both languages, light and dark, wide and narrow."""
    for language, scheme, width in (("en", "light", 1280), ("cy", "dark", 360)):
        page.context.add_cookies(
            [{"name": "sharelog-language", "value": language, "url": page.url}]
        )
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if language == "cy":
            page.reload()
            expect(page.locator("html")).to_have_attribute("lang", "cy")
        check_page(page, f"{state} {language}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{state}-{language}-{width}.png", full_page=True)
    page.context.add_cookies([{"name": "sharelog-language", "value": "en", "url": page.url}])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.reload()


def test_a_recipient_is_added_and_a_list_is_imported(
    world: Served, context: BrowserContext, tmp_path: Path
) -> None:
    page = world.open(context, "Alex Shaw", "/directory")
    check(page, "directory")
    page.get_by_role("button", name="Add a recipient").click()
    check(page, "recipient-new")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name.")
    check_page(page, "recipient with errors")
    page.get_by_label("Name", exact=True).fill("North duty desk")
    page.get_by_label("Kind").select_option("social-care")
    page.get_by_label("Number", exact=True).fill("01632 960123")
    page.get_by_label("When it is answered", exact=True).fill("Day and night")
    page.get_by_label("Secure address").fill("duty@north.example")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Search").fill("north duty")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="North duty desk").click()
    page.get_by_role("button", name="They are right today").click()
    check(page, "recipient")

    page.goto(f"{world.origin}/directory/import")
    file = tmp_path / "list.csv"
    file.write_text("name;kind;number\nSouth desk;wizard;\nWest desk;health;none\n")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#bad-rows")).to_contain_text("Line 2, Kind")
    # A form's answer is not asked for again: its Welsh is what the form page has.
    check_page(page, "import with bad rows")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/import-bad.png", full_page=True)
    file.write_text(
        "code;name;kind;hours\n;South desk;health;\nschool;School;education;Term time\n"
    )
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("status")).to_contain_text("1 would be added, 1 would change")
    check_page(page, "import preview")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/import-preview.png", full_page=True)
    page.get_by_role("button", name="Import all of this").click()
    expect(page.get_by_role("status").first).to_contain_text("Imported.")
    page.goto(f"{world.origin}/directory/import")
    check(page, "import")


def test_an_agreement_is_registered_and_a_share_without_one_says_so(
    world: Served, context: BrowserContext
) -> None:
    page = world.open(context, "Gwen Parry", "/agreements")
    check(page, "agreements-empty")
    someone = {"code": "school", "label": "", "person": "", "reference": ""}
    for _ in range(5):
        entry = world.capture(world.dana, recipients=[someone])
    page.reload()
    page.get_by_role("link", name="Register an agreement School").click()
    expect(page.get_by_label("School", exact=True)).to_be_checked()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what the agreement is called.")
    check_page(page, "agreement with errors")
    page.get_by_label("What is it called?").fill("Police, all desks")
    page.get_by_label("School", exact=True).uncheck()
    page.get_by_label("Police (999)").check()
    page.get_by_label("What may be shared under it").fill("What is needed to protect a child.")
    page.get_by_label("Signed on").fill("2026-01-01")
    page.get_by_label("Until").fill("2026-12-01")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Agreements (1)")).to_be_visible()
    check(page, "agreements")
    page.get_by_role("link", name="Police, all desks").click()
    check(page, "agreement")
    page = world.open(context.browser.new_context(), "Dana Price", f"/entries/{entry}")
    expect(page.locator("#no-agreement")).to_contain_text("School")
    check(page, "entry-without-agreement")
    page.context.close()
