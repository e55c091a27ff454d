"""The index keeps codes and times alone; its lists are walked by key and never miss or repeat."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from logger.entries.entry import State
from logger.entries.index import NOT_TOLD, TO_COMPLETE, TO_REVIEW, apart
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
    theirs = sorted(world.capture(world.sam) for _ in range(3))
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
    call = world.capture(world.dana, act="not-told", shared="")
    world.capture(world.dana, act="not-told", shared="", follows=str(call))
    share = world.capture(world.dana, follows=str(call))
    world.add(world.dana, share, "mistake")
    world.capture(world.dana, risk={"name": "", "works_with_children": True}, entry=share)
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


def test_a_call_that_reached_nobody_stands_apart_until_a_share_follows_it(world: World) -> None:
    call = world.capture(world.dana, act="not-told", attempt="message", shared="")
    assert lists(world).count(NOT_TOLD, None) == 1
    assert lists(world).count(TO_COMPLETE, None) == 0
    # Somebody else's phone cannot say that it was put right.
    world.capture(world.sam, follows=str(call))
    assert lists(world).count(NOT_TOLD, None) == 1
    share = world.capture(world.dana, follows=str(call))
    assert lists(world).count(NOT_TOLD, None) == 0
    line = lists(world).find(call)
    assert line is not None
    assert line.state is State.TOLD
    assert share in lists(world).told_later(call)


def test_whoever_is_reached_at_the_third_call_was_told_in_all_three(world: World) -> None:
    first = world.capture(world.dana, act="not-told", attempt="no-answer", shared="")
    again = {"act": "not-told", "attempt": "message", "shared": "", "follows": str(first)}
    second = world.capture(world.dana, **again)
    share = world.capture(world.dana, follows=str(first))
    # The phone sends what it kept in any order.
    third = world.capture(world.dana, **again)
    assert lists(world).count(NOT_TOLD, None) == 0
    assert all(share in lists(world).told_later(one) for one in (first, second, third))
    # Another phone cannot make its call part of this row.
    world.capture(world.sam, **again)
    assert lists(world).count(NOT_TOLD, None) == 1
    world.add(world.dana, share, "mistake")
    assert lists(world).count(NOT_TOLD, None) == 4


def test_a_share_that_was_a_mistake_puts_nothing_right(world: World) -> None:
    call = world.capture(world.dana, act="not-told", attempt="no-answer", shared="")
    share = world.capture(world.dana, follows=str(call))
    world.add(world.dana, share, "mistake")
    line = lists(world).find(call)
    assert line is not None
    assert line.state is State.NOT_TOLD


def test_a_share_may_arrive_before_the_call_and_a_mistake_before_its_entry(world: World) -> None:
    call, wrong = UUID(int=7 << 76 | 2 << 62), UUID(int=7 << 76 | 2 << 62 | 1)
    world.capture(world.dana, follows=str(call))
    world.add(world.dana, wrong, "mistake")
    world.capture(world.dana, entry=call, act="not-told", shared="")
    world.capture(world.dana, entry=wrong, act="not-told", shared="")
    told, mistake = lists(world).find(call), lists(world).find(wrong)
    assert told is not None
    assert mistake is not None
    assert told.state is State.TOLD
    assert (mistake.state, mistake.mistake) == (State.TO_COMPLETE, True)


def test_what_is_about_somebody_who_works_with_children_is_in_lists_of_its_own(
    world: World,
) -> None:
    coach = {"name": CANARY, "works_with_children": True}
    entry = world.capture(world.dana, risk=coach)
    assert lists(world).page(TO_COMPLETE, None).entries == ()
    assert [line.id for line in lists(world).page(apart(TO_COMPLETE), None).entries] == [entry]
    both = (TO_COMPLETE, apart(TO_COMPLETE))
    world.later(MINUTE)
    later = world.capture(world.dana)
    page = lists(world).page(both, phones_of(world, world.dana))
    assert [line.id for line in page.entries] == [entry, later]
    assert lists(world).count(both, phones_of(world, world.dana)) == 2
    # Said a second time, by whichever phone: from then on it is apart, and stays so.
    world.capture(world.sam, entry=later, risk=coach, danger=True)
    world.capture(world.dana, entry=later)
    line = lists(world).find(later)
    assert line is not None
    assert (line.allegation, line.danger) == (True, True)
    assert lists(world).count(TO_COMPLETE, None) == 0
    assert CANARY not in world.dump_index()


def test_a_decision_not_to_share_keeps_its_day_to_look_again(world: World) -> None:
    entry = world.capture(world.dana, act="not-shared", recipients=[], review_on="2026-12-01")
    line = lists(world).find(entry)
    assert line is not None
    assert (line.act, line.review_on, line.recipients) == ("not-shared", date(2026, 12, 1), ())
