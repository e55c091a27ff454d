"""What is counted, and what never is: captures as phones seal them, figures from the index."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from logger.agreements.register import Agreements
from logger.directory.happened import Agreement
from logger.overview.figures import Figures, Overdue, Overview
from logger.overview.index import OverviewIndex, week_of
from logger.overview.period import Period, chosen, latest
from logger.overview.sums import ranges, shares_by_week, team_owner, within
from logger.people.person import Person
from tests.desk_world import DAY, HOUR, MINUTE, START, World

TODAY = date(2026, 11, 24)


def overview(world: World) -> Overview:
    found = world.rooms.rooms[Overview]
    assert isinstance(found, Overview)
    return found


def phones(world: World, *people: Person) -> tuple[bytes, ...]:
    return tuple(phone.device for phone in world.rooms.register.phones_of(people))


def figures(world: World, *people: Person, period: Period | None = None) -> Figures:
    team = people[0].team if people else None
    return overview(world).figures(period or latest(TODAY), team)


def overdue(world: World, *people: Person) -> Overdue:
    return overview(world).overdue(world.now, phones(world, *people) if people else None)


def shown(found: Figures, figure: str) -> dict[str, int | None]:
    one = found.breakdowns[figure]
    return dict(zip(one.codes, one.counts.cells, strict=True))


def capture(world: World, count: int, person: Person | None = None, **instead: Any) -> None:
    for _ in range(count):
        world.capture(person or world.dana, **instead)


def test_shares_are_counted_by_week_recipient_reason_and_way(world: World) -> None:
    capture(world, 6, why=["neglect", "missing"], how="phone")
    capture(world, 5, why=[], how="ordinary-email")
    found = figures(world)
    assert found.shares == 11
    assert found.weeks.cells[-1] == 11
    assert sum(cell or 0 for cell in found.weeks.cells) == 11
    assert shown(found, "recipient") == {"police-999": 11}
    assert shown(found, "why") == {"neglect": 6, "missing": 6, "": 5}
    assert shown(found, "how") == {"phone": 6, "ordinary-email": 5}


def test_a_small_count_and_its_neighbour_are_not_shown(world: World) -> None:
    capture(world, 6, how="phone")
    capture(world, 2, how="letter")
    found = figures(world)
    assert found.shares == 8
    assert shown(found, "how") == {"letter": None, "phone": None}


def test_of_four_shares_nothing_is_shown(world: World) -> None:
    capture(world, 4)
    assert figures(world).shares is None
    assert shown(figures(world), "how") == {}


def test_what_was_no_share_is_never_counted(world: World) -> None:
    capture(world, 5)
    capture(world, 5, act="not-shared")
    capture(world, 5, act="refused")
    capture(world, 5, act="not-told", attempt="message")
    mistake = world.capture(world.dana)
    world.add(world.dana, mistake, "mistake")
    assert figures(world).shares == 5


def test_somebody_elses_word_takes_no_share_back(world: World) -> None:
    capture(world, 5)
    world.add(world.nia, world.capture(world.dana), "mistake")
    assert figures(world).shares == 6


def test_what_is_kept_apart_is_in_no_figure_for_anyone(world: World) -> None:
    apart = {"name": "", "works_with_children": True}
    capture(world, 5)
    capture(world, 7, why=["missing"], risk=apart)
    for people in ((), (world.dana,)):
        assert figures(world, *people).shares == 5
        assert shown(figures(world, *people), "why") == {"neglect": 5}
    world.later(3 * DAY)
    assert overdue(world).to_document == 5
    assert overdue(world, world.dana).to_document == 5


def test_an_entry_that_is_set_apart_later_leaves_the_counts_without_a_trace(world: World) -> None:
    capture(world, 5)
    before = rows(world)
    entry = world.submitted(world.dana, why=["missing"])
    assert figures(world).shares == 6
    world.capture(world.dana, entry=entry, risk={"name": "", "works_with_children": True})
    assert rows(world) == before


def rows(world: World) -> list[tuple[Any, ...]]:
    return world.rooms.index.read().conn.execute("SELECT * FROM overview_sums").fetchall()


def test_a_team_is_counted_by_its_phones_wherever_their_people_go(world: World) -> None:
    capture(world, 5)
    capture(world, 6, world.nia)
    assert figures(world, world.dana).shares == 5
    assert figures(world, world.owen).shares == 6
    change = world.rooms.invitations.change
    change(world.nia, world.nia.role, "North", world.alex.id)
    assert figures(world, world.dana).shares == 11
    assert figures(world, world.owen).shares == 0
    world.later(7 * DAY)
    capture(world, 5, world.nia)
    assert figures(world, world.dana, period=latest(date(2026, 12, 1))).shares == 16
    change(world.nia, world.nia.role, "", world.alex.id)
    assert figures(world, world.dana, period=latest(date(2026, 12, 1))).shares == 5
    before = sorted(rows(world))
    world.rooms.rebuild()
    assert sorted(rows(world)) == before


@given(st.integers(0, 300), st.integers(0, 160))
def test_a_range_is_made_up_of_few_blocks_that_hold_each_week_once(first: int, more: int) -> None:
    found = list(ranges(first, first + more))
    weeks = [
        week for span, begins, ends in found for week in range(begins * span, (ends + 1) * span)
    ]
    assert sorted(weeks) == list(range(first, first + more + 1))
    assert len(found) <= 5


def test_sums_of_blocks_are_the_sums_of_their_weeks(world: World) -> None:
    for _ in range(40):
        world.later(6 * DAY)
        capture(world, 1)
    now = week_of(datetime.fromtimestamp(world.now / 1000, UTC).date().toordinal())
    db = world.rooms.index.read()
    for back in (0, 3, 17, 33, 60):
        found = within(db, team_owner("North"), now - back, now)
        assert found["share", ""] == sum(shares_by_week(db, b"", now - back, now).values())


def test_who_was_told_without_an_agreement_follows_the_register(world: World) -> None:
    capture(world, 6)
    assert shown(figures(world), "without") == {"police-999": 6}
    agreements = world.rooms.rooms[Agreements]
    one = Agreement(
        id=agreements.new_id(), title="A", parties=["police-999"], scope="B",
        signed_on="2026-01-01",
    )  # fmt: skip
    agreements.keep("added", one, world.alex.id)
    assert shown(figures(world), "without") == {}
    capture(world, 5, recipients=[{"code": None, "label": "X", "person": "", "reference": ""}])
    assert shown(figures(world), "without") == {"someone-else": 5}
    agreements.keep("ended", structs.replace(one, ended_on="2026-11-24"), world.alex.id)
    assert shown(figures(world), "without") == {"police-999": 6, "someone-else": 5}
    before = sorted(rows(world))
    world.rooms.rebuild()
    assert sorted(rows(world)) == before


def test_a_code_that_nobody_listed_is_one_of_the_others(world: World) -> None:
    strange = [{"code": "jamie-example", "label": "", "person": "", "reference": ""}]
    capture(world, 3, recipients=strange, why=["jamie-s-own"], how="pigeon-4")
    capture(world, 2, recipients=[strange[0] | {"code": "jamies-aunt"}], why=["y"], how="pigeon-5")
    for figure in ("recipient", "why", "how"):
        assert shown(figures(world), figure) == {"other": 5}


def test_a_share_belongs_to_the_week_the_phone_saw(world: World) -> None:
    sunday = START - 2 * DAY + 13 * HOUR + 30 * MINUTE  # Sunday 23:30 in London
    capture(world, 5, when={"at": sunday, "utc_offset": 0, "about": False})
    assert figures(world).weeks.cells[-2:] == (5, 0)
    capture(world, 5, when={"at": sunday, "utc_offset": 60, "about": False})
    assert figures(world).weeks.cells[-2:] == (5, 5)


def test_only_the_weeks_that_were_asked_for_are_counted(world: World) -> None:
    capture(world, 5)
    world.later(14 * DAY)
    capture(world, 6)
    day, next_one = date(2026, 11, 24), date(2026, 12, 8)
    assert figures(world, period=chosen(day, day, next_one)).shares == 5
    assert figures(world, period=chosen(next_one, day, next_one)).shares == 11
    assert figures(world, period=chosen(next_one, next_one, next_one)).weeks.cells == (6,)


def test_how_long_it_took_is_told_from_the_share_on(world: World) -> None:
    at = {"at": START - 30 * MINUTE, "utc_offset": 0, "about": False}
    entries = [world.capture(world.dana, when=at) for _ in range(5)]
    spreads = figures(world).spreads
    assert (spreads["logged"].median, spreads["logged"].ninetieth) == (30, None)
    assert spreads["documented"].median is None
    world.later(3 * HOUR)
    for entry in entries:
        browser, path = world.documented(world.dana, entry), f"/entries/{entry}/check"
        browser.post(browser.get(path), path, made_by_me="yes")
    found = figures(world)
    # Three and a half hours, to a twentieth.
    assert abs((found.spreads["documented"].median or 0) - 210) <= 10
    assert found.spreads["reviewed"].median is None
    assert shown(found, "consent") == {"not-asked": 5}
    assert shown(found, "told") == {"not-safe": 5}
    assert shown(found, "agreement") == {}
    world.later(DAY)
    for entry in entries:
        world.decide(world.sam, entry, "signed-off")
    assert abs((figures(world).spreads["reviewed"].median or 0) - 1650) <= 82


def test_the_first_submission_counts_and_not_the_answer_to_a_question(world: World) -> None:
    entries = [world.submitted(world.dana) for _ in range(5)]
    before = figures(world).spreads["documented"]
    for entry in entries:
        world.decide(world.sam, entry, "returned", "Who?")
        world.later(DAY)
        browser, path = world.browser(world.dana), f"/entries/{entry}/check"
        browser.post(browser.get(path), path, made_by_me="yes", answer="She did.")
    assert figures(world).spreads["documented"] == before


def test_what_is_overdue_is_counted_by_the_clocks_of_the_lists(world: World) -> None:
    capture(world, 5)
    capture(world, 5, act="not-told")
    for _ in range(5):
        world.submitted(world.dana)
    assert overdue(world) == Overdue(0, 0, 0, 5)
    world.later(DAY - 1)
    assert overdue(world).to_document == 0
    world.later(1)
    assert overdue(world) == overdue(world, world.dana) == Overdue(5, 0, 0, 5)
    world.later(6 * DAY - 1)  # five working days from a Tuesday, less a moment
    assert overdue(world).to_review == 0
    world.later(1)
    assert overdue(world).to_review == 5
    assert overdue(world, world.nia) == Overdue(0, 0, 0, 0)


def test_an_overdue_number_from_one_to_four_is_not_shown(world: World) -> None:
    capture(world, 4)
    world.later(2 * DAY)
    assert overdue(world).to_document is None


def test_figures_open_nothing_and_write_nothing(world: World) -> None:
    capture(world, 5)
    head = world.rooms.store.head()
    figures(world)
    overdue(world)
    assert world.rooms.store.head() == head


def test_the_index_of_figures_holds_codes_and_no_words(world: World) -> None:
    entry = world.submitted(world.dana, why=["neglect"], shared="Jamie was crying")
    world.add(world.dana, entry, "more", "Jamie again")
    kept = world.rooms.index.read().conn
    tables = ("overview_sums", "overview_entries")
    said = json.dumps([list(map(str, kept.execute(f"SELECT * FROM {t}"))) for t in tables])
    assert "not-asked" in said
    for word in ("Jamie", "warned", "hour", "Mother"):
        assert word not in said
    assert OverviewIndex.__doc__
