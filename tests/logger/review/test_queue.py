"""The queue can be filtered, counted and walked without opening anything and without a search."""

from __future__ import annotations

import random
import sqlite3
from itertools import product
from uuid import UUID

import pytest

from logger.agreements.register import Agreements
from logger.directory.happened import Agreement
from logger.entries.lists import MOST_COUNTED, PAGE, Cursor
from logger.entries.times import after_working_days, review_overdue_before
from logger.review import facets
from logger.review.facets import ANY, Bounds, Chosen, Facets
from logger.review.queue import Queue
from tests.desk_world import DAY, HOUR, MINUTE, START, World

PHONES = 40


def ids(page: object) -> list[UUID]:
    return [line.id for line in page.entries]  # type: ignore[attr-defined]


def queue(world: World) -> Queue:
    found = world.rooms.rooms[Queue]
    assert isinstance(found, Queue)
    return found


def told(code: str) -> list[dict[str, str]]:
    return [{"code": code, "label": "", "person": "", "reference": ""}]


def test_each_filter_finds_what_it_names_and_its_count_says_so(world: World) -> None:
    school = world.submitted(world.dana, recipients=told("school"), why=["missing"])
    world.later(MINUTE)
    email = world.submitted(world.dana, how="ordinary-email")
    danger = world.submitted(world.dana, danger=True)
    world.later(MINUTE)
    plain = world.submitted(world.dana)
    browser = world.browser(world.sam)
    for asked, found in (
        ("told=school", [school]),
        ("why=missing", [school]),
        ("why=neglect", [danger, email, plain]),
        ("flag=ordinary-email", [email]),
        ("flag=danger", [danger]),
        ("flag=danger&why=neglect&told=police-999", [danger]),
        ("flag=danger&why=missing", []),
        ("flag=ordinary-email&told=police-999", [email]),
        ("why=neglect&told=police-999", [danger, email, plain]),
        ("overdue=yes", []),
        ("told=nobody%00&why=%F0%9F%99%82", []),
    ):
        page = browser.get(f"/to-review?{asked}")
        links = [one.attributes["href"] for one in page.all("a", class_="record-list__link")]
        assert links == [f"/review/{one}" for one in found], asked
        assert found or "Nothing like that waits for review." in page.text
    world.later(10 * DAY)
    page = world.browser(world.sam).get("/to-review?overdue=yes&told=school")
    assert len(page.all("a", class_="record-list__link")) == 1
    assert "Ordinary email (1)" in page.text
    assert "Only overdue (4)" in page.text
    assert "Show everything" in page.text


def test_whoever_was_told_of_it_later_is_found_too(world: World) -> None:
    entry = world.submitted(world.dana)
    asked = "/to-review?told=childrens-social-care"
    assert not world.browser(world.sam).get(asked).all("a", class_="record-list__link")
    browser, path = world.browser(world.dana), f"/entries/{entry}/later/further"
    browser.post(
        browser.get(path), path, whom="Children's social care (MASH)", when="Today", how="By phone"
    )
    (link,) = world.browser(world.sam).get(asked).all("a", class_="record-list__link")
    assert link.attributes["href"] == f"/review/{entry}"
    assert ids(queue(world).waiting(world.sam, None, Chosen(told="police-999"))) == [entry]


def test_an_agreement_that_is_missing_is_marked_and_found(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.documented(world.dana, entry), f"/entries/{entry}/advice"
    browser.post(browser.get(path), path, agreement="none")
    path = f"/entries/{entry}/check"
    browser.post(browser.get(path), path, made_by_me="yes")
    page = world.browser(world.sam).get("/to-review?flag=no-agreement")
    assert len(page.all("a", class_="record-list__link")) == 1
    assert "No agreement" in page.all("a", class_="record-list__link")[0].text


def test_what_an_agreement_covers_or_uncovers_is_found_by_every_combination(world: World) -> None:
    agreements = world.rooms.rooms[Agreements]
    assert isinstance(agreements, Agreements)
    many = world.submitted(world.dana, recipients=told("care-company") + told("school"))
    plain = world.submitted(world.dana, how="ordinary-email")

    def found(**more: str) -> list[UUID]:
        return ids(queue(world).waiting(world.sam, None, Chosen(flag="no-agreement", **more)))

    def everything() -> list[object]:
        db = world.rooms.index.read().conn
        return db.execute("SELECT * FROM facets ORDER BY chosen, entry").fetchall()

    def keep(what: str, *parties: str) -> None:
        one = Agreement(
            id=agreements.new_id() if what == "added" else agreements.everything()[0].id,
            title="A", parties=list(parties), scope="B", signed_on="2026-01-01",
        )  # fmt: skip
        # Each of them is one of the words it takes.
        agreements.keep(what, one, world.alex.id)  # type: ignore[arg-type]

    for what, parties, right in (
        ("added", ["police-999"], {many}),
        ("changed", ["gp"], {many, plain}),
        ("changed", ["care-company", "school", "police-999"], set()),
    ):
        keep(what, *parties)
        assert set(found()) == right
        assert set(found(why="neglect", told="school")) == right & {many}
        followed = everything()
        world.rooms.rebuild()
        assert everything() == followed


def test_a_team_is_chosen_by_who_reviews_every_team_and_by_nobody_else(world: World) -> None:
    north, south = world.submitted(world.dana), world.submitted(world.nia)
    page = world.browser(world.aled).get("/to-review?team=South")
    assert [one.attributes["href"] for one in page.all("a", class_="record-list__link")] == [
        f"/review/{south}"
    ]
    assert page.has_id("filter-team")
    page = world.browser(world.sam).get("/to-review?team=South")
    assert [one.attributes["href"] for one in page.all("a", class_="record-list__link")] == [
        f"/review/{north}"
    ]
    assert not page.has_id("filter-team")


def test_an_allegation_is_in_no_filter_and_no_count_but_the_leads(world: World) -> None:
    risk = {"name": "", "works_with_children": True}
    entry = world.submitted(world.dana, risk=risk, danger=True, how="ordinary-email")
    for person in (world.sam, world.aled):
        for chosen in (Chosen(flag="danger"), Chosen(why="neglect"), Chosen(told="police-999")):
            assert ids(queue(world).waiting(person, None, chosen)) == []
        assert set(queue(world).counts(person).values()) == {0}
    assert ids(queue(world).waiting(world.carys, None, Chosen(flag="danger"))) == [entry]
    assert queue(world).counts(world.carys)["ordinary-email"] == 1


def test_danger_if_it_became_known_stands_first_too(world: World) -> None:
    first = world.submitted(world.dana)
    world.later(MINUTE)
    danger = world.submitted(world.dana, danger=True)
    assert ids(queue(world).waiting(world.sam)) == [danger, first]
    # A second capture says so while it waits.
    world.capture(world.dana, entry=first, danger=True)
    assert ids(queue(world).waiting(world.sam)) == [first, danger]
    assert ids(queue(world).waiting(world.sam, None, Chosen(flag="danger"))) == [first, danger]


def test_what_is_decided_is_in_no_filter_any_more(world: World) -> None:
    entry = world.submitted(world.dana)
    assert ids(queue(world).waiting(world.sam, None, Chosen(why="neglect"))) == [entry]
    world.decide(world.sam, entry, "signed-off")
    assert ids(queue(world).waiting(world.sam, None, Chosen(why="neglect"))) == []


def test_what_was_submitted_before_that_moment_is_overdue_and_nothing_else() -> None:
    chance = random.Random(7)
    for _ in range(300):
        now, days = START + chance.randrange(30 * DAY), chance.choice((1, 2, 5, 10))
        before = review_overdue_before(now, days)
        for moment in (before - 1, before, before - chance.randrange(9 * DAY)):
            assert (after_working_days(moment, days) <= now) is (moment < before)
        later = before + chance.randrange(9 * DAY)
        assert after_working_days(later, days) > now


def test_what_came_later_is_never_due_before_what_came_earlier() -> None:
    moments = [START + number * 3 * HOUR for number in range(8 * 14)]
    due = [after_working_days(moment, 5) for moment in moments]
    assert due == sorted(due)


def fill(world: World, count: int, seed: int = 3) -> dict[str, set[UUID]]:
    """Many waiting entries, laid into the index alone; which has which facet."""
    chance, found = random.Random(seed), {}
    db = facets_db(world)
    for number in range(count):
        key = UUID(int=chance.getrandbits(128)).bytes
        device = bytes([number % PHONES]) * 32
        rank, since = int(chance.random() > 0.1), START - chance.randrange(30 * DAY)
        has = {ANY} | {one for one in ("why:a", "told:b", "flag:danger") if chance.random() < 0.4}
        told, why, flag = ([""] + [one for one in has if one.startswith(part)]
                           for part in ("told", "why", "flag"))  # fmt: skip
        for facet in {" ".join(filter(None, one)) or ANY for one in product(told, why, flag)}:
            found.setdefault(facet, set()).add((rank, since, key, device))
            db.execute("INSERT INTO facets VALUES (?, 1, ?, ?, ?, ?)",
                       (facet, rank, since, key, device))  # fmt: skip
    db.execute("COMMIT")
    db.close()
    return found


def facets_db(world: World) -> sqlite3.Connection:
    db = sqlite3.connect(world.rooms.index.path, isolation_level=None)
    db.execute("BEGIN")
    return db


class Found:
    """Stands where lines are looked up, so that keys alone can be compared."""

    def find(self, entry: UUID) -> UUID:
        return entry


@pytest.mark.parametrize("devices", [None, [bytes([n]) * 32 for n in range(0, PHONES, 2)]])
def test_every_page_of_a_filter_follows_the_one_before(world: World, devices) -> None:
    has = fill(world, 1_000)
    lists = Facets(world.rooms.index, Found())  # type: ignore[arg-type]
    before = START - 5 * DAY
    for chosen, late in (
        (Chosen(why="a"), False),
        (Chosen(why="a", told="b", flag="danger"), False),
        (Chosen(told="b", overdue=True), True),
        (Chosen(overdue=True), True),
    ):
        bounds = Bounds(1, devices, (), before if late else 2**62)
        keys = sorted(has[chosen.facet])
        phones = devices or {key[3] for key in keys}
        here = [key for key in keys if key[3] in phones and (not late or key[1] < before)]
        right = [UUID(bytes=key[2]) for key in here]
        found, after = [], None
        while True:
            page = lists.page(bounds, chosen, after)
            found += page.entries
            after = page.following
            if after is None:
                break
            assert len(page.entries) == PAGE
        assert found == right
        assert len(right) > PAGE


def test_a_page_that_finds_nothing_for_long_says_where_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST_WALKED", 50)
    fill(world, 400)
    lists = Facets(world.rooms.index, Found())  # type: ignore[arg-type]
    page = lists.page(Bounds(1, None), Chosen(why="a", told="zz"))
    # Nothing has both, and nothing is walked to see it.
    assert page.entries == ()
    assert page.following is None
    page = lists.page(Bounds(1, None, [bytes([n]) * 32 for n in range(PHONES)]), Chosen(why="a"))
    assert page.entries == ()
    assert page.following is not None
    again = lists.page(
        Bounds(1, None, [bytes([n]) * 32 for n in range(PHONES)]), Chosen(why="a"), page.following
    )
    assert again.following is not None
    assert again.following != page.following


def test_a_filter_is_walked_along_an_index_and_never_searched_or_sorted(world: World) -> None:
    db = world.rooms.index.read()
    place = (ANY, 1, 0, 0, b"", 9, 20)
    for statement, values in (
        (facets._KEYS_OF_ALL, place),
        (facets._KEYS_OF_DEVICE, (b"d", *place)),
    ):
        plan = db.conn.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        words = " ".join(str(row[3]) for row in plan)
        assert "SEARCH facets USING" in words
        assert "SCAN" not in words
        assert "TEMP B-TREE" not in words
        if "LIMIT" in statement:
            # The waiting time is part of the walk, not asked of every line of it.
            assert "since" in words or "(since,entry)>(?,?)" in words, words


def test_counts_stop_where_a_page_can_say_no_more(world: World) -> None:
    fill(world, 300)
    lists = Facets(world.rooms.index, Found())  # type: ignore[arg-type]
    assert lists.count(Bounds(1, None), ANY) == MOST_COUNTED
    assert lists.count(Bounds(1, None), "why:never") == 0


def test_an_address_that_is_nonsense_shows_the_queue(world: World) -> None:
    entry = world.submitted(world.dana)
    browser = world.browser(world.sam)
    page = browser.get("/to-review?overdue=maybe&after=1.2")
    assert page.all("a", class_="record-list__link")[0].attributes["href"] == f"/review/{entry}"
    assert Cursor.from_text("9.9.9") is None
