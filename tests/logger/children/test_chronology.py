"""What a chronology says and how it is drawn: agencies, worries that repeat, places that hold."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.children.chronology import Agency, Chronologies, Chronology, Share
from logger.children.drawing import GAP, LEFT, RIGHT, WIDTH, _spread, _ticks, draw
from logger.children.happened import Mention
from logger.children.usual import OWN, Usual
from logger.directory.own_file import DirectoryUnreadable
from logger.directory.recipients import Directory
from logger.entries.entry import State
from logger.entries.lists import WaitingEntry
from logger.settings import Settings
from tests.desk_world import DAY
from tests.logger.children.conftest import Children, told


def chronology(world: Children, *mentions: Mention) -> Chronology:
    world.join(world.sam, *mentions)
    found = world.room(Chronologies).of(world.sam, mentions[0])
    assert isinstance(found, Chronology)
    return found


def test_it_says_who_was_told_and_with_whom_no_share_is_logged(world: Children) -> None:
    one = world.about(world.dana, "Siân Rees", recipients=told("school"), why=["neglect"])
    two = world.about(world.dana, "Siân Rees", recipients=told("gp"), why=["domestic-abuse"])
    found = chronology(world, one, two)
    assert found.told == ("health", "education")
    assert found.not_logged == ("police", "social-care", "housing")
    assert [share.number for share in found.shares] == [2, 1]
    assert found.repeated == ()


def test_a_worry_that_comes_up_again_stands_out_with_all_who_were_told(world: Children) -> None:
    shares = [
        world.about(world.dana, "Siân Rees", recipients=told(code), why=["neglect", "medical"][:n])
        for code, n in (("gp", 2), ("school", 1), ("midwifery", 1))
    ]
    found = chronology(world, *shares)
    assert [(one.why, one.count, one.kinds) for one in found.repeated] == [
        ("neglect", 3, ("health", "education"))
    ]


def test_a_decision_not_to_share_and_a_typed_recipient_have_lines_of_their_own(
    world: Children,
) -> None:
    one = world.about(world.dana, "Siân Rees", recipients=[], act="not-shared", why=[])
    someone = [{"code": None, "label": "A neighbour", "person": "", "reference": ""}]
    two = world.about(world.dana, "Siân Rees", recipients=someone, why=[])
    found = chronology(world, one, two)
    assert [(line.kind, line.told) for line in found.agencies] == [
        ("others", True), ("nobody", False),
    ]  # fmt: skip
    shapes = [mark.shape for mark in draw(found, lambda _: "").marks]
    assert sorted(shapes) == ["decided", "shared"]


def test_every_mark_stands_on_its_line_within_the_picture(world: Children) -> None:
    shares = []
    for number in range(12):
        world.later((number % 3) * 40 * DAY)
        shares.append(world.about(world.dana, "Siân Rees", recipients=told("gp", "school")))
    picture = draw(chronology(world, *shares), _said)
    assert len(picture.marks) == 24
    for line in picture.lines:
        places = [mark.x for mark in picture.marks if mark.y == line.y]
        assert places == sorted(places)
        assert all(LEFT <= x <= RIGHT for x in places)
    for tick in picture.ticks:
        assert LEFT < tick.x < RIGHT


def _said(share: Share) -> str:
    return f"entry {share.number}"


def test_a_label_never_runs_over_a_mark_or_out_of_the_picture(world: Children) -> None:
    shares = []
    for number in range(9):
        world.later(number**3 * DAY)
        shares.append(world.about(world.dana, "Siân Rees", recipients=told("gp")))
    marks = draw(chronology(world, *shares), lambda _: "Domestic abuse +1").marks
    beside = [mark for mark in marks if mark.label and mark.anchor != "middle"]
    assert beside
    for mark in beside:
        wide = 8 * len(mark.label)
        begins = mark.label_x if mark.anchor == "start" else mark.label_x - wide
        assert begins >= LEFT - GAP
        assert begins + wide <= WIDTH
        others = [one.x for one in marks if one is not mark]
        assert not any(begins < x < begins + wide for x in others)


@given(st.lists(st.floats(LEFT, RIGHT), min_size=1, max_size=30))
def test_marks_of_one_line_never_cover_each_other(places: list[float]) -> None:
    found = _spread(sorted(places))
    least = min(GAP, (RIGHT - LEFT) / len(places)) - 0.2
    assert all(after - before >= least for before, after in pairwise(found))
    assert found[-1] <= RIGHT


@given(st.integers(-(2**53), 2**53), st.integers(-(2**53), 2**53))
def test_a_phone_whose_clock_is_far_off_is_drawn_too(one: int, other: int) -> None:
    picture = draw(_of_two(one, other), lambda _: "")
    assert len(picture.marks) == 2
    assert len(picture.ticks) <= 12


def _of_two(one: int, other: int) -> Chronology:
    def share(number: int, at: int) -> Share:
        entry = UUID(int=number)
        line = WaitingEntry(
            **dict.fromkeys(WaitingEntry.__slots__)
            | {
                "id": entry, "recipients": ("gp",), "why": (), "shared_at": at, "shared_offset": 0,
                "act": "shared", "urgent": False, "danger": False, "state": State.DONE,
            }
        )  # type: ignore[arg-type]  # fmt: skip
        return Share(number, Mention(entry, 0), line, ("health",))

    agencies = (Agency("health", told=True, usual=True),)
    shares = (share(2, max(one, other)), share(1, min(one, other)))
    return Chronology(shares[0].mention, shares, agencies, (), 2, 0, danger=False)


def test_the_shipped_file_names_every_reason_and_every_kind_of_the_directory() -> None:
    usual, directory = Usual.read(), Directory.read()
    assert set(usual.usual) == {word.code for word in directory.why}
    assert {one.kind for one in directory.recipients} == {kind.code for kind in usual.kinds}


def test_an_organisation_has_its_own_and_a_kind_it_does_not_list_is_refused(tmp_path: Path) -> None:
    own = tmp_path / OWN
    own.write_text(
        '[[kinds]]\ncode = "police"\nlabel = {en = "Gardaí"}\n[usual]\nmissing = ["police"]'
    )
    settings = Settings(folder=tmp_path, organisation="Northside")
    found = Usual.of(settings)
    assert found.told_for(["missing", "neglect"]) == {"police"}
    assert found.label("police", "cy") == "Gardaí"
    assert found.known("health") == "others"
    own.write_text(own.read_text().replace('["police"]', '["fire"]'))
    with pytest.raises(DirectoryUnreadable, match="missing names fire, which is no kind"):
        Usual.of(settings)


def test_a_tick_stands_for_a_month_where_the_time_is_long(world: Children) -> None:
    one = world.about(world.dana, "Siân Rees")
    world.later(400 * DAY)
    two = world.about(world.dana, "Siân Rees")
    ticks = draw(chronology(world, one, two), lambda _: "").ticks
    assert all(tick.by_month and tick.on.day == 1 for tick in ticks)
    assert date(2027, 1, 1) <= ticks[0].on


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(64, 4_000))
def test_months_stand_further_apart_than_their_words_are_wide(first: date, days: int) -> None:
    places = [tick.x for tick in _ticks(first, first + timedelta(days))]
    assert len(places) > 1
    assert all(following - place >= 85 for place, following in pairwise(places))
