"""The index keeps codes and times alone; its lists are walked by key and never miss or repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from logger.entries.entry import State
from logger.entries.index import TO_COMPLETE, TO_REVIEW
from logger.entries.lists import Cursor, EntryList
from logger.journal.folding import Folding
from logger.journal.index import Index
from logger.journal.rebuild import rebuild
from tests.desk_world import MINUTE, World

CANARY = "Canary Name"


def lists(world: World) -> EntryList:
    found = world.rooms.rooms[EntryList]
    assert isinstance(found, EntryList)
    return found


def phones_of(world: World, *people: object) -> list[bytes]:
    return [one.device for one in world.rooms.register.phones_of(people)]  # type: ignore[arg-type]


def test_nothing_that_anybody_typed_reaches_the_index(world: World) -> None:
    typed = {"code": None, "label": CANARY, "person": CANARY, "reference": CANARY}
    sly = {"code": CANARY, "label": "", "person": "", "reference": ""}
    entry = world.submitted(
        world.dana,
        recipients=[typed, sly],
        children=[{"name": CANARY, "unknown": False}],
        shared=CANARY,
        why=[CANARY, "neglect"],
        how=CANARY,
    )
    world.decide(world.sam, entry, "returned", CANARY)
    assert CANARY not in world.dump_index()
    line = lists(world).find(entry)
    assert line is not None
    assert (line.recipients, line.why, line.how) == (("someone-else",), ("neglect",), "")
    page = world.browser(world.dana).get("/submitted")
    assert CANARY not in page.text


def test_every_page_of_a_list_follows_the_one_before(world: World) -> None:
    people = (world.dana, world.sam, world.ruth)
    entries = []
    for number in range(23):
        danger = ["immediate-danger"] if number % 7 == 3 else []
        entries.append(world.capture(people[number % 3], why=danger))
        world.later(MINUTE if number % 2 else 0)
    for devices in (phones_of(world, *people), None):
        found, after = [], None
        while True:
            page = lists(world).page(TO_COMPLETE, devices, after, limit=5)
            found += [line.id for line in page.entries]
            after = page.following
            if after is None:
                break
        assert found == sorted(entries, key=lambda one: (one.int >> 80, one.int))
    assert lists(world).count(TO_COMPLETE, None) == 23
    assert lists(world).count(TO_COMPLETE, phones_of(world, world.dana)) == 8


def test_a_list_can_leave_out_somebodys_own(world: World) -> None:
    mine = [world.capture(world.dana) for _ in range(12)]
    theirs = [world.capture(world.sam) for _ in range(3)]
    own = phones_of(world, world.dana)
    page = lists(world).page(TO_COMPLETE, None, without=own, limit=2)
    again = lists(world).page(TO_COMPLETE, None, page.following, without=own, limit=2)
    assert [line.id for line in (*page.entries, *again.entries)] == theirs
    assert mine
    assert again.following is None


def test_a_page_is_walked_along_an_index_and_never_sorted(world: World) -> None:
    db = world.rooms.index.read()
    for statement, values in (
        ("device = ? AND list = ? AND (rank, since, entry) > (?, ?, ?)", (b"d", 1, 0, 0, b"")),
        ("list = ? AND (rank, since, entry) > (?, ?, ?)", (1, 0, 0, b"")),
    ):
        query = f"EXPLAIN QUERY PLAN SELECT * FROM entries WHERE {statement}"
        plan = db.conn.execute(f"{query} ORDER BY rank, since, entry LIMIT 20", values).fetchall()
        words = " ".join(str(row[3]) for row in plan)
        assert "USING INDEX entries_of" in words
        assert "TEMP B-TREE" not in words
        assert "SCAN" not in words


@pytest.mark.parametrize("text", ["", "x", "1.2", "1.2.x", f"1.{2**70}.{'0' * 32}", "1.2.3.4"])
def test_a_cursor_that_is_none_begins_at_the_start(text: str) -> None:
    assert Cursor.from_text(text) is None


def test_a_phone_clock_far_ahead_does_not_push_an_entry_to_the_end(world: World) -> None:
    far = {"at": 2**53, "utc_offset": 32767, "about": False}
    entry = world.capture(world.dana, when=far)
    world.later(MINUTE)
    later = world.capture(world.dana)
    page = lists(world).page(TO_COMPLETE, None)
    assert [line.id for line in page.entries] == [entry, later]
    assert "When about" not in world.browser(world.dana).get(f"/entries/{entry}").text


def test_an_index_made_anew_is_the_same(world: World, tmp_path: Path) -> None:
    entry = world.submitted(world.dana)
    world.decide(world.sam, entry, "returned", "Why?")
    world.capture(
        world.nia,
        recipients=[dict.fromkeys(("label", "person", "reference"), "x") | {"code": None}],
    )
    before = world.dump_index()
    folding = world.rooms.folding
    assert isinstance(folding, Folding)
    fresh = Index(tmp_path / "fresh.db")
    rebuild(world.rooms.store, folding, fresh, lambda folded: None)
    world.rooms.index = fresh
    assert world.dump_index() == before


def test_states_move_between_lists(world: World) -> None:
    entry = world.submitted(world.dana)
    line = lists(world).find(entry)
    assert line is not None
    assert line.state is State.TO_REVIEW
    assert lists(world).count(TO_REVIEW, None) == 1
    world.decide(world.sam, entry, "signed-off")
    line = lists(world).find(entry)
    assert line is not None
    assert (line.state, line.decided_by, line.outcome) == (State.DONE, world.sam.id, "signed-off")
