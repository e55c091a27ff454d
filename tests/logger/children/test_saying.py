"""What is proposed, joined and separated, and what nobody learns who may not see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from logger.children.finding import Finding
from logger.children.happened import Asked, Mention
from logger.children.marks import Marks
from logger.children.matching import Reason, Strength
from logger.children.saying import NothingAsked, OneEntry, Saying
from logger.errors import NotFound
from logger.journal.index import Index
from logger.journal.rebuild import rebuild
from logger.keys.sealing import open_sealed
from logger.people.person import Person
from logger.retention.erasing import Erasing
from sync.event import CHILD
from tests.logger.children.conftest import Children, address


def proposed(world: Children, person: Person, mention: Mention) -> dict[Mention, Strength]:
    found = world.room(Finding).proposals(person, mention)
    return {one.mention: one.match.strength for one in found}


def together(world: Children, person: Person, mention: Mention) -> set[Mention]:
    return set(world.room(Finding).together(person, mention))


def found(world: Children, person: Person, **asked: str) -> list[Mention]:
    return [one.mention for one in world.room(Saying).search(person, Asked(**asked))]


def test_the_strongest_proposal_stands_first_and_says_why(world: Children) -> None:
    alike = world.about(world.dana, "Shan Reece")
    same = world.about(world.dana, "Sian Rees; 12/03/2017")
    world.about(world.dana, "Tomos Huws; 12/03/2017")
    now = world.about(world.dana, "Siân Rees; 2017-03-12")
    assert list(proposed(world, world.sam, now).items()) == [
        (same, Strength.STRONG),
        (alike, Strength.LIKELY),
    ]
    first = world.room(Finding).proposals(world.sam, now)[0]
    assert first.match.reasons == (Reason.SAME_NAME, Reason.SAME_BIRTH)


def test_who_is_known_by_one_name_is_found_both_ways(world: Children) -> None:
    one = world.about(world.dana, "Osian; 6")
    whole = world.about(world.dana, "Osian Rees; about 6")
    assert proposed(world, world.sam, one) == {whole: Strength.POSSIBLE}
    assert proposed(world, world.sam, whole) == {one: Strength.POSSIBLE}


def test_two_children_of_one_entry_are_never_proposed_nor_joined(world: Children) -> None:
    first = world.about(world.dana, "Siân Rees", "Siân Rees")
    second = Mention(first.entry, 1)
    assert proposed(world, world.sam, first) == {}
    with pytest.raises(OneEntry):
        world.room(Saying).join(world.sam, first, second)


def test_each_child_of_an_entry_is_joined_on_its_own(world: Children) -> None:
    sian = world.about(world.dana, "Siân Rees", "Tomos Rees")
    tomos = Mention(sian.entry, 1)
    later = world.about(world.dana, "Tomas Rees")
    world.join(world.sam, tomos, later)
    assert together(world, world.sam, tomos) == {tomos, later}
    assert together(world, world.sam, sian) == {sian}


def test_what_was_joined_or_ruled_out_is_not_proposed_again(world: Children) -> None:
    one, two, three = (world.about(world.dana, "Siân Rees") for _ in range(3))
    world.join(world.sam, one, two)
    # Of a child of several entries only one is asked about.
    assert len(proposed(world, world.sam, three)) == 1
    world.room(Saying).rule_out(world.sam, one, three)
    assert proposed(world, world.sam, one) == {}
    world.join(world.sam, one, three)
    assert together(world, world.sam, three) == {one, two, three}


def test_who_is_ruled_out_is_ruled_out_for_the_whole_child(world: Children) -> None:
    mine, yours = (
        [world.about(world.dana, "Siân Rees"), world.about(world.dana, "Siân Rees")]
        for _ in range(2)
    )
    world.join(world.sam, *mine)
    world.join(world.sam, *yours)
    world.room(Saying).rule_out(world.sam, mine[0], yours[0])
    for mention in (*mine, *yours):
        assert proposed(world, world.sam, mention) == {}


def test_joined_twice_separated_and_joined_again(world: Children) -> None:
    one, two, three = (world.about(world.dana, "Siân Rees") for _ in range(3))
    world.join(world.sam, one, two, three)
    world.join(world.ruth, two, three)
    world.room(Saying).separate(world.sam, two)
    assert together(world, world.sam, one) == {one, three}
    assert together(world, world.sam, two) == {two}
    assert proposed(world, world.sam, two) == {}
    world.join(world.sam, two, one)
    assert together(world, world.sam, two) == {one, two, three}


def test_another_team_sees_and_learns_nothing_of_a_child(world: Children) -> None:
    north = world.about(world.dana, "Siân Rees; 12/03/2017; NHS 944")
    south = world.about(world.nia, "Siân Rees; 12/03/2017; NHS 944")
    assert proposed(world, world.sam, north) == {}
    assert found(world, world.owen, name="Sian Rees") == [south]
    # Who belongs to every team joins them; each team goes on seeing its own.
    world.join(world.aled, north, south)
    assert together(world, world.aled, north) == {north, south}
    assert together(world, world.sam, north) == {north}
    assert together(world, world.owen, south) == {south}
    for forbidden in (world.sam, world.carys, world.alex):
        with pytest.raises(NotFound):
            world.room(Saying).join(forbidden, north, south)


def test_a_wrong_join_is_undone_without_knowing_who_else_stood_there(world: Children) -> None:
    north = world.about(world.dana, "Siân Rees")
    hidden, south = (world.about(world.nia, "Shan Rees") for _ in range(2))
    world.join(world.owen, hidden, south)
    world.join(world.aled, north, south)
    world.room(Saying).separate(world.aled, north)
    assert together(world, world.owen, south) == {hidden, south}


def test_an_entry_that_is_kept_apart_is_nowhere_but_with_the_allegations_lead(
    world: Children,
) -> None:
    usual = world.about(world.dana, "Siân Rees; 12/03/2017; NHS 944")
    apart = world.apart(world.dana, "Siân Rees; 12/03/2017; NHS 944")
    other = world.apart(world.nia, "Siân Rees; 12/03/2017")
    for person in (world.sam, world.aled, world.ruth):
        assert proposed(world, person, usual) == {}
        assert found(world, person, reference="NHS 944") == [usual]
    assert proposed(world, world.carys, apart) == {other: Strength.STRONG}
    assert set(found(world, world.carys, name="Sian Rees")) == {apart, other}


def test_an_entry_set_apart_later_leaves_chronologies_proposals_and_searches(
    world: Children,
) -> None:
    one, two, three = (world.about(world.dana, "Siân Rees") for _ in range(3))
    world.join(world.sam, one, two)
    for again in (two, three):
        world.capture(world.dana, again.entry, risk={"name": "", "works_with_children": True})
    assert together(world, world.sam, one) == {one}
    assert proposed(world, world.sam, one) == {}
    assert found(world, world.sam, name="Sian Rees") == [one]
    assert set(found(world, world.carys, name="Sian Rees")) == {two, three}


def test_what_was_logged_by_mistake_is_nowhere(world: Children) -> None:
    one, mistake = (world.about(world.dana, "Siân Rees") for _ in range(2))
    world.join(world.sam, one, mistake)
    world.add(world.dana, mistake.entry, "mistake")
    assert together(world, world.sam, one) == {one}
    assert found(world, world.sam, name="Sian Rees") == [one]


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "Sian Rees"}, {"name": "REECE shan"}, {"name": "Sian"}, {"name": "reese"},
        {"born": "12.3.2017"}, {"reference": "nhs-944 "},
        {"name": "Siân Huws", "born": "2017-03-12"},
    ],
)  # fmt: skip
def test_a_child_is_found_by_whatever_is_known(world: Children, asked: dict[str, str]) -> None:
    sian = world.about(world.dana, "Siân Rees; 12/03/2017; NHS 944")
    world.about(world.dana, "Aled Parry; 1/1/2020; NHS 945")
    assert found(world, world.sam, **asked) == [sian]


def test_who_is_known_by_one_name_alone_is_found_by_the_whole_name(world: Children) -> None:
    osian = world.about(world.dana, "Osian")
    assert found(world, world.sam, name="Osian Rees") == [osian]


def test_a_search_for_nothing_is_no_search(world: Children) -> None:
    with pytest.raises(NothingAsked):
        found(world, world.sam)


def test_a_search_stands_in_the_ledger_and_its_words_nowhere_in_the_index(world: Children) -> None:
    world.about(world.dana, "Gwenhwyfar Quill; 12/03/2017; NHS 944476")
    before = world.rooms.store.head().position
    found(world, world.sam, name="Gwenhwyfar Quill", born="12/03/2017")
    row = world.rooms.store.after(before, 10)[0]
    assert row.header.kind == CHILD
    index = world.dump_index()
    for word in ("wenhwyfar", "Quill", "2017-03-12", "12/03/2017", "944476"):
        assert word.lower() not in index.lower(), word
    searches = world.rooms.index.read().conn.execute("SELECT * FROM child_searches").fetchall()
    assert searches == [(row.position, str(world.sam.id), '["name", "born"]', world.now)]


def test_no_name_is_left_in_the_ledger_once_its_entry_is_erased(world: Children) -> None:
    child = world.about(world.dana, "Gwenhwyfar Quill; 12/03/2017; NHS 944476")
    words = {"name": "Gwenhwyfar Quill", "born": "12/03/2017", "reference": "NHS 944476"}
    assert found(world, world.sam, **words) == [child]
    assert found(world, world.sam, name="Osian") == []
    world.room(Erasing).erase(child.entry, "retention", None)
    rows = [row for row in world.rooms.store.after(0, 100) if row.event is not None]
    contents = [open_sealed(row.event, world.rooms.keyring).decode() for row in rows if row.event]
    assert len(contents) > 10
    assert not [one for one in contents if "uill" in one or "2017" in one or "944476" in one]
    # Whether this child was searched for can still be answered, by whoever has the words.
    marks = {mark for _kind, mark in world.room(Finding).marks_of(Asked(**words)).of}
    whole, half = (
        set(json.loads(text)["marks"])
        for row, text in zip(rows, contents, strict=True)
        if row.header.kind == CHILD
    )
    # The day of birth counts twice: day and month may be exchanged.
    assert len(whole) == 4
    assert whole <= marks
    assert half
    assert not half & marks


def test_an_erased_entry_leaves_no_mark_and_no_link(world: Children) -> None:
    one, two, three = (world.about(world.dana, "Siân Rees; 9; NHS 944") for _ in range(3))
    world.join(world.sam, one, two, three)
    world.room(Erasing).erase(one.entry, "retention", None)
    world.rooms.follow()
    assert found(world, world.sam, reference="NHS 944") == [three, two]
    gone = world.room(Finding).somebody(one)
    assert gone is None or gone.marks == Marks(frozenset())
    assert world.browser(world.sam).get(address(one), 404)
    # What people said of the others still holds, though they said it by way of this one.
    assert together(world, world.sam, two) == {two, three}


def test_the_index_made_anew_is_the_same(world: Children, tmp_path: Path) -> None:
    one, two, three = (world.about(world.dana, "Siân Rees; 9") for _ in range(3))
    world.apart(world.nia, "Siân Rees")
    world.join(world.sam, one, two, three)
    world.room(Saying).separate(world.sam, two)
    world.capture(world.dana, three.entry, risk={"name": "", "works_with_children": True})
    found(world, world.sam, name="Siân Rees")
    anew = Index(tmp_path / "anew.db")
    rooms = world.rooms
    rebuild(rooms.store, rooms.folding, anew, lambda _: None)
    assert list(anew.read().conn.iterdump()) == list(rooms.index.read().conn.iterdump())
    anew.let_go()
