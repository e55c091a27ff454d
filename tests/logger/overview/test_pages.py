"""The overview as people open it: who may, in which states, as a page and as files."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from logger.overview.sheets import SHEETS
from logger.people.permissions import sees_all_figures, sees_figures
from logger.people.person import Person, Role
from tests.desk_world import DAY, Browser, World

SEES = {Role.SUPERVISOR, Role.GOVERNANCE, Role.DATA_PROTECTION_OFFICER}
WEEKS = "?from=2026-11-16&to=2026-11-24"


def many(world: World, person: Person, count: int) -> None:
    for number in range(count):
        world.capture(person, how="phone" if number % 2 else "ordinary-email")


def text_of(browser: Browser, path: str) -> str:
    return browser.get(path).text


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_answer_for_shares_see_figures(world: World, role: Role) -> None:
    person = world.rooms.add_person("Somebody", "somebody@example.org", role, "North")
    browser = world.browser(person)
    status = 200 if role in SEES else 403
    browser.get("/overview", status)
    for sheet in SHEETS:
        assert browser.client.get(f"/overview/{sheet}.csv").status_code == status
    assert sees_figures(person) == (role in SEES)
    assert sees_all_figures(person) == (role in SEES - {Role.SUPERVISOR})
    assert not sees_figures(Person(person.id, "", "", role, "North", disabled=True))


@pytest.mark.parametrize("role", list(Role))
def test_the_way_there_is_shown_to_those_alone(world: World, role: Role) -> None:
    person = world.rooms.add_person("Somebody", "somebody@example.org", role, "North")
    links = world.browser(person).get("/").all("a", href="/overview")
    assert bool(links) == (role in SEES)


def test_a_supervisor_sees_their_own_team_and_the_officer_everybody(
    world: World, priya: Person
) -> None:
    many(world, world.dana, 10)
    many(world, world.nia, 12)
    assert "10 shares" in text_of(world.browser(world.sam), "/overview")
    assert "12 shares" in text_of(world.browser(world.owen), "/overview")
    assert "22 shares" in text_of(world.browser(priya), "/overview")
    assert "The whole organisation." in text_of(world.browser(priya), "/overview")


def test_a_supervisor_without_a_team_sees_nothing_and_is_told_why(world: World) -> None:
    alone = world.rooms.add_person("Lee", "lee@example.org", Role.SUPERVISOR, "")
    many(world, world.dana, 10)
    text = text_of(world.browser(alone), "/overview")
    assert "No shares" in text
    assert "You are in no team yet" in text


def test_every_drawing_has_a_name_and_its_table(world: World) -> None:
    many(world, world.dana, 12)
    page = world.browser(world.sam).get("/overview")
    drawings = page.all("svg", role="img")
    assert len(drawings) == 6
    for drawing in drawings:
        assert page.by_id(drawing.attributes["aria-labelledby"]).tag == "title"
    assert len(page.all("table")) == len(drawings) + 1
    assert [one.text for one in page.all("strong", class_="govuk-tag")] == ["not secure"]


def test_one_share_is_too_few_to_say_more_about(world: World) -> None:
    world.capture(world.dana)
    page = world.browser(world.sam).get("/overview")
    assert "Fewer than 5 shares" in page.text
    assert page.all("svg", role="img") == []
    for sheet in SHEETS:
        answer = world.browser(world.sam).client.get(f"/overview/{sheet}.csv")
        assert not re.search(r"police|neglect|,[1-4]\r", answer.text, re.IGNORECASE)


def test_nothing_is_a_state_of_its_own(world: World) -> None:
    assert "Nothing was shared in these weeks" in text_of(world.browser(world.sam), "/overview")


@pytest.mark.parametrize("given", ["from=yesterday", "to=2026-02-30", "from=%00&to=%3Cb%3E"])
def test_a_day_that_is_none_is_asked_for_again(world: World, given: str) -> None:
    page = world.browser(world.sam).get(f"/overview?{given}")
    assert "Enter a date like 2026-11-24." in page.text
    assert page.by_id("range-from").attributes["type"] == "date"


@pytest.mark.parametrize("given", ["from=0001-01-01&to=9999-12-31", "from=2030-01-01"])
def test_any_day_that_is_one_is_taken(world: World, given: str) -> None:
    assert "Enter a date" not in world.browser(world.sam).get(f"/overview?{given}").text


def test_htmx_gets_the_same_part_alone(world: World) -> None:
    many(world, world.dana, 12)
    browser = world.browser(world.sam)
    part = browser.fragment(f"/overview{WEEKS}")
    assert part.elements[0].attributes["id"] == "overview"
    assert part.text in browser.get(f"/overview{WEEKS}").text


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_a_table_is_also_a_file(world: World, sheet: str) -> None:
    many(world, world.dana, 12)
    answer = world.browser(world.sam).client.get(f"/overview/{sheet}.csv{WEEKS}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="sharelog-{sheet}-2026-11-16-2026-11-29.csv"'
    )
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert {len(line) for line in lines} == {len(SHEETS[sheet].head)}


def test_the_file_says_what_the_table_says(world: World) -> None:
    many(world, world.dana, 12)
    browser = world.browser(world.sam)
    lines = browser.client.get("/overview/how.csv").data.decode("utf-8-sig")
    assert lines == "Way,Shares\r\nOrdinary email,6\r\nPhone,6\r\n"


def test_a_label_of_the_organisation_cannot_calculate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(world, world.dana, 12)
    monkeypatch.setattr(
        "logger.directory.recipients.Directory.recipient",
        lambda self, code, language: "=HYPERLINK(A1)",
    )
    body = world.browser(world.sam).client.get("/overview/recipient.csv").data
    assert body.decode("utf-8-sig") == "Recipient,Shares\r\n'=HYPERLINK(A1),12\r\n"


def test_another_table_is_none(world: World) -> None:
    world.browser(world.sam).get("/overview/names.csv", 404)


def test_looking_at_figures_is_no_look_at_an_entry(world: World) -> None:
    many(world, world.dana, 5)
    world.later(2 * DAY)
    browser = world.browser(world.sam)
    head = world.rooms.store.head()
    browser.get("/overview")
    browser.client.get("/overview/weeks.csv")
    assert world.rooms.store.head() == head


def test_numbers_and_days_stand_in_the_organisations_language(tmp_path: Path) -> None:
    world = World(tmp_path, language="cy")
    many(world, world.dana, 12)
    page = world.browser(world.sam).get("/overview").text
    assert "Tachwedd" in page or "Tach" in page
    # The marks of the scale: Babel lacks the long names of some.
    assert all(words in page for words in ("1 munud", "1 awr", "24 awr", "7 diwrnod"))
