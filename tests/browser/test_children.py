"""Children in a real browser: who is who, one child on one page and one sheet, search."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from logger.children.happened import Mention
from logger.children.saying import Saying
from logger.people.person import Person
from tests.desk_served import Served, check_page, served
from tests.desk_world import DAY
from tests.logger.children.conftest import address, told

pytestmark = pytest.mark.browser
# Where to put pictures of the pages for somebody to look at, if anywhere.
PICTURES = os.environ.get("SHARELOG_PICTURES")
SHARES: tuple[tuple[str, int, dict[str, object]], ...] = (
    ("Osian Quill; 6", 0, {"recipients": told("gp")}),
    ("Oshian Quill", 60, {"recipients": told("school")}),
    ("Osian Quill", 30, {"recipients": told("gp", "school"), "why": ["domestic-abuse"]}),
    ("Osian Quill", 9, {"recipients": [], "act": "not-shared"}),
    ("Osian Quill", 20, {"recipients": told("police-999"), "why": ["immediate-danger"]}),
    ("Osian Quill; 6", 1, {"recipients": told("emergency-duty-team"), "act": "not-told"}),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as world:
        yield world


def about(world: Served, person: Person, who: str, days: int, **instead: object) -> Mention:
    name, _, born = (part.strip() for part in who.partition(";"))
    world.later(days * DAY)
    child = {"name": name, "unknown": False, "born": born}
    return Mention(world.capture(person, children=[child], **instead), 0)


def a_history(world: Served) -> list[Mention]:
    """Six entries about a child, all but the first two joined."""
    mentions = [about(world, world.dana, who, days, **what) for who, days, what in SHARES]
    saying = world.rooms.rooms[Saying]
    assert isinstance(saying, Saying)
    for other in mentions[2:]:
        saying.join(world.sam, mentions[1], other)
    return mentions


def check(page: Page, state: str) -> None:
    """In both languages, light and dark, narrow and wide."""
    for language, scheme, width in (
        ("cy", "dark", 360),
        ("en", "dark", 320),
        ("en", "light", 1280),
    ):
        here = page.url
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if page.locator("html").get_attribute("lang") != language:
            page.goto(re.sub(r"(//[^/]+).*", rf"\1/language/{language}", here))
            page.goto(here)
        check_page(page, f"{state} {language} {scheme} {width}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{state}-{language}-{width}.png", full_page=True)


def sheets(page: Page) -> int:
    printed = page.pdf(
        format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm")
    )
    if PICTURES:
        (Path(PICTURES) / f"{page.title()}.pdf").write_bytes(printed)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def test_a_supervisor_joins_reads_and_separates(world: Served, chromium: Browser) -> None:
    first, *_, last = a_history(world)
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", f"/review/{last.entry}")
    page.get_by_role("link", name="Chronology").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Osian Quill · 6")
    expect(page.get_by_role("row")).to_have_count(6)
    page.get_by_role("button", name=re.compile("^Same child")).click()
    expect(page.get_by_role("status")).to_contain_text("Joined")
    expect(page.get_by_role("row")).to_have_count(7)
    expect(page.get_by_text("Neglect: 4 entries, shared with Health, Education")).to_be_visible()
    expect(page.get_by_role("img", name="The chronology, drawn")).to_be_visible()
    expect(page.locator(".record-mark")).to_have_count(7)
    expect(page.get_by_role("listitem").filter(has_text="No share with Housing")).to_be_visible()
    check(page, "chronology")
    assert sheets(page) == 1
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="24 November 2026"))
    row.get_by_role("button", name="Another child").click()
    expect(page.get_by_role("status")).to_contain_text("Separated")
    expect(page.get_by_role("row")).to_have_count(6)
    page.goto(world.origin + address(first))
    expect(page.get_by_text("1 entry", exact=False).first).to_be_visible()
    check(page, "alone")
    context.close()


def test_a_child_is_searched_without_script_and_a_name_in_no_address(
    world: Served, chromium: Browser
) -> None:
    a_history(world)
    context = chromium.new_context(java_script_enabled=False)
    page = world.open(context, "Sam Okafor", "/children")
    page.get_by_label("Name", exact=True).fill("oshian kwill")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("6 entries found")
    assert page.url == f"{world.origin}/children"
    expect(page.get_by_text("Quill")).to_have_count(0)
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Osian Quill · 6")
    page.get_by_role("button", name="Not the same child").first.click()
    expect(page.get_by_role("status")).to_contain_text("Nobody is asked about these two again")
    expect(page.get_by_role("heading", name="May be the same child")).to_have_count(0)
    context.close()


def test_the_search_is_open_to_everyone_in_every_state(world: Served, chromium: Browser) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = world.open(context, "Sam Okafor", "/children")
    check(page, "nothing")
    a_history(world)
    page = world.open(context, "Sam Okafor", "/children")
    check(page, "proposals")
    for name, state in (("osian quill", "found"), ("nobody at all", "none"), ("", "problem")):
        # A posted page is not loaded again in another language: it is looked at as it stands.
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("button", name="Search").click()
        check_page(page, f"children {state}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/children-{state}.png", full_page=True)
    danger = about(world, world.dana, "Robin Example", 0, danger=True)
    page.goto(world.origin + address(danger))
    expect(page.get_by_role("heading", level=1)).to_have_text("Names are hidden here")
    check(page, "danger")
    context.close()


def test_as_many_as_are_shown_fit_on_one_sheet(world: Served, chromium: Browser) -> None:
    kinds = ("police-999", "childrens-social-care", "gp", "school", "housing", "court", "nspcc")
    mentions = [
        about(world, world.dana, "Osian Quill", 3, recipients=told(kinds[n % 7], kinds[n % 5]))
        for n in range(30)
    ]
    saying = world.rooms.rooms[Saying]
    assert isinstance(saying, Saying)
    for other in mentions[1:]:
        saying.join(world.sam, mentions[0], other)
    context = chromium.new_context()
    page = world.open(context, "Sam Okafor", address(mentions[0]))
    expect(page.get_by_role("row")).to_have_count(31)
    check(page, "many")
    assert sheets(page) == 1
    context.close()
