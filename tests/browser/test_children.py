"""Children in a real browser: who is who, one child on one page and one sheet, search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from logger.children.happened import Mention
from logger.children.saying import Saying
from logger.people.person import Person
from tests.desk_served import Served, served
from tests.desk_world import DAY
from tests.logger.children.conftest import address, told

pytestmark = pytest.mark.browser
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


def sheets(page: Page) -> int:
    printed = page.pdf(
        format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm")
    )
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
    assert sheets(page) == 1
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="24 November 2026"))
    row.get_by_role("button", name="Another child").click()
    expect(page.get_by_role("status")).to_contain_text("Separated")
    expect(page.get_by_role("row")).to_have_count(6)
    page.goto(world.origin + address(first))
    expect(page.get_by_text("1 entry", exact=False).first).to_be_visible()
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


def test_a_child_is_found_by_date_of_birth_and_by_reference(
    world: Served, chromium: Browser
) -> None:
    child = {
        "name": "Siân Rees",
        "unknown": False,
        "born": "12/03/2017",
        "reference": "NHS 944 476",
    }
    world.capture(world.dana, children=[child])
    about(world, world.dana, "Osian Quill; 2016-01-02", 1)
    context = chromium.new_context()
    page = world.open(context, "Sam Okafor", "/children")
    for label, typed in (("Date of birth or age", "2017-03-12"), ("Reference", "nhs944476")):
        page.goto(f"{world.origin}/children")
        page.get_by_label(label).fill(typed)
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("heading", level=2)).to_have_text("1 entry found")
        page.get_by_role("main").get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Siân Rees")
    context.close()


KINDS = (
    "police-999", "childrens-social-care", "gp", "school", "housing", "court", "nspcc", "camhs",
)  # fmt: skip
WHYS = ("neglect", "missing", "domestic-abuse", "self-harm", "online-harm", "physical-abuse")
LONG = "Osian Gwilym ap Rhys Featherstonehaugh-Cholmondeley"


@pytest.mark.parametrize(
    ("name", "each", "days"), [("Osian Quill", 1, 3), (LONG, 3, 9)], ids=["usual", "crowded"]
)
def test_as_many_as_are_shown_fit_on_one_sheet(
    world: Served, chromium: Browser, name: str, each: int, days: int
) -> None:
    mentions = [
        about(
            world, world.dana, name, days,
            recipients=told(*(KINDS[(n * (k + 1) + k) % 8] for k in range(each))),
            why=[WHYS[(n + 2 * k) % 6] for k in range(each)],
        )
        for n in range(30)
    ]  # fmt: skip
    saying = world.rooms.rooms[Saying]
    assert isinstance(saying, Saying)
    for other in mentions[1:]:
        saying.join(world.sam, mentions[0], other)
    context = chromium.new_context()
    page = world.open(context, "Sam Okafor", address(mentions[0]))
    expect(page.get_by_role("row")).to_have_count(31)
    assert sheets(page) == 1
    page.goto(f"{world.origin}/language/cy?back={address(mentions[0])}")
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    page.goto(f"{world.origin}{address(mentions[0])}")
    assert sheets(page) == 1
    context.close()


def test_paper_is_white_also_for_whoever_reads_on_a_dark_screen(
    world: Served, chromium: Browser
) -> None:
    mention = about(world, world.dana, "Osian Quill", 1)
    context = chromium.new_context(color_scheme="dark")
    page = world.open(context, "Sam Okafor", address(mention))
    words = page.get_by_role("heading", level=1)
    colours = "one => [getComputedStyle(one).color, getComputedStyle(document.body).background]"
    dark = words.evaluate(colours)
    page.emulate_media(media="print", color_scheme="dark")
    printed = words.evaluate(colours)
    page.emulate_media(media="print", color_scheme="light")
    assert printed == words.evaluate(colours) != dark
    context.close()
