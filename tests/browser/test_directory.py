"""The directory in a real browser: kept, imported, open to everyone in every state."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from logger.people.person import Role
from tests.desk_served import Served, served

pytestmark = pytest.mark.browser


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


def test_a_recipient_is_added_and_a_list_is_imported(
    world: Served, context: BrowserContext, tmp_path: Path
) -> None:
    page = world.open(context, "Alex Shaw", "/directory")
    page.get_by_role("button", name="Add a recipient").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name.")
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

    page.goto(f"{world.origin}/directory/import")
    file = tmp_path / "list.csv"
    file.write_text("name;kind;number\nSouth desk;wizard;\nWest desk;health;none\n")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#bad-rows")).to_contain_text("Line 2, Kind")
    file.write_text(
        "code;name;kind;hours\n;South desk;health;\nschool;School;education;Term time\n"
    )
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("status")).to_contain_text("1 would be added, 1 would change")
    page.get_by_role("button", name="Import all of this").click()
    expect(page.get_by_role("status").first).to_contain_text("Imported.")
    page.goto(f"{world.origin}/directory")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == "sharelog-directory-2026-11-24.csv"
    written = download.value.path().read_text("utf-8-sig")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(written, newline=""))}
    assert rows["North duty desk"]["number"] == "01632 960123"
    assert rows["South desk"]["kind"] == "health"
    assert rows["School"]["hours"] == "Term time"


def test_an_agreement_is_registered_and_a_share_without_one_says_so(
    world: Served, context: BrowserContext
) -> None:
    page = world.open(context, "Gwen Parry", "/agreements")
    someone = {"code": "school", "label": "", "person": "", "reference": ""}
    for _ in range(5):
        entry = world.capture(world.dana, recipients=[someone])
    page.reload()
    page.get_by_role("link", name="Register an agreement School").click()
    expect(page.get_by_label("School", exact=True)).to_be_checked()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what the agreement is called.")
    page.get_by_label("What is it called?").fill("Police, all desks")
    page.get_by_label("School", exact=True).uncheck()
    page.locator("details", has=page.get_by_label("Police (999)")).locator("summary").click()
    page.get_by_label("Police (999)").check()
    page.get_by_label("What may be shared under it").fill("What is needed to protect a child.")
    page.get_by_label("Signed on").fill("2026-01-01")
    page.get_by_label("Until").fill("2026-12-01")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Agreements (1)")).to_be_visible()
    page.get_by_role("link", name="Police, all desks").click()
    page.get_by_label("Until").fill("2027-12-01")
    page.get_by_label("Review by").fill("2026-11-24")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Review due", exact=True)).to_be_visible()
    page.goto(f"{world.origin}/agreements")
    page.get_by_role("link", name="Review due Police, all desks").click()
    page.get_by_label("You reviewed it? Then when again?").fill("2027-06-01")
    page.get_by_role("button", name="Reviewed").click()
    expect(page.get_by_text("Review due", exact=True)).to_have_count(0)
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation.get_by_role("link", name="Agreements", exact=True)).to_be_visible()
    page = world.open(context.browser.new_context(), "Dana Price", f"/entries/{entry}")
    expect(page.locator("#no-agreement")).to_contain_text("School")
    page.context.close()
