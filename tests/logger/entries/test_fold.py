"""An entry is folded from events alone, whatever order and company they come in."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import msgspec
import pytest

from logger.entries.capture import Addition, Capture
from logger.entries.entry import State, fold
from logger.entries.happened import Decided, Documented, Later, Outcome, Submitted
from logger.journal.read import Opened
from sync.event import CAPTURE, DOCUMENTATION
from sync.store import Lane, Row
from tests.events import DANA, NOW, SAM, an_entry, an_event
from tests.stranger_wire import a_share

CONTENT = msgspec.convert(a_share(NOW), Capture)
FIX = msgspec.convert(
    {"v": 1, "what": "fix", "text": "It was Tuesday.", "clock": a_share(NOW)["clock"]}, Addition
)


def happened(position: int, content: msgspec.Struct, phone: str = "dana's phone") -> Opened:
    kind = CAPTURE if isinstance(content, Capture | Addition) else DOCUMENTATION
    event = an_event(phone, entry=an_entry(), kind=kind)
    row = Row(
        position, Lane.RECORD, event.id, event.header, bytes(32), event.sealed, event.signature,
        NOW + position, bytes(16), bytes(32),
    )  # fmt: skip
    return Opened(row, content)


def saved(section: str, text: str, by: UUID = DANA) -> Documented:
    return Documented(person=by, section=section, answers={"outcome": text})


SUBMITTED = Submitted(person=DANA, made_by_me=True)
RETURNED = Decided(person=SAM, outcome=Outcome.RETURNED, words="When?")
SIGNED_OFF = Decided(person=SAM, outcome=Outcome.SIGNED_OFF)


def test_without_a_capture_there_is_no_entry() -> None:
    assert fold([]) is None
    assert fold([happened(1, SUBMITTED)]) is None


def test_the_latest_version_of_a_section_holds_and_the_history_keeps_both() -> None:
    entry = fold(
        [happened(1, CONTENT), happened(2, saved("x", "one")), happened(3, saved("x", "two"))]
    )
    assert entry is not None
    assert entry.sections["x"].answers == {"outcome": "two"}
    assert [step.position for step in entry.history] == [1, 2, 3]
    assert entry.position == 3


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], State.TO_COMPLETE),
        ([SUBMITTED], State.TO_REVIEW),
        ([SUBMITTED, RETURNED], State.RETURNED),
        ([SUBMITTED, RETURNED, SUBMITTED], State.TO_REVIEW),
        ([SUBMITTED, SIGNED_OFF], State.DONE),
        ([SIGNED_OFF], State.TO_COMPLETE),
        ([SUBMITTED, SIGNED_OFF, SUBMITTED], State.DONE),
        ([SUBMITTED, SIGNED_OFF, RETURNED], State.DONE),
        ([SUBMITTED, RETURNED, SIGNED_OFF], State.RETURNED),
    ],
)
def test_only_what_comes_in_its_turn_moves_an_entry(
    steps: list[msgspec.Struct], state: State
) -> None:
    events = [happened(number, step) for number, step in enumerate([CONTENT, *steps], start=1)]
    entry = fold(list(reversed(events)))
    assert entry is not None
    assert entry.state is state
    assert len(entry.history) == len(events)


def test_a_question_stands_until_it_is_answered() -> None:
    asked = [happened(1, CONTENT), happened(2, SUBMITTED), happened(3, RETURNED)]
    entry = fold(asked)
    assert entry is not None
    assert entry.question is not None
    assert entry.question.words == "When?"
    entry = fold([*asked, happened(4, SUBMITTED)])
    assert entry is not None
    assert entry.question is None


def test_a_later_word_from_a_phone_stands_beside_what_was_captured() -> None:
    again = msgspec.structs.replace(CONTENT, shared="Something else")
    entry = fold([happened(1, CONTENT), happened(2, FIX), happened(3, again, "another phone")])
    assert entry is not None
    assert entry.captured.content == CONTENT
    assert [added.other_phone for added in entry.additions] == [False, True]


def test_what_stands_in_quarantine_is_no_part_of_an_entry() -> None:
    quarantined = happened(1, CONTENT)
    row = replace(quarantined.row, lane=Lane.QUARANTINE)
    assert fold([Opened(row, CONTENT)]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": 2},
        {"recipients": []},
        {"children": []},
        {"shared": "x" * 16_385},
        {"why": ["x" * 65]},
        {"how": "x" * 65},
        {"language": "fr"},
        {"when": {"at": 2**60, "utc_offset": 0, "about": False}},
        {"when": {"at": 1.5, "utc_offset": 0, "about": False}},
        {"offline": 1},
        {"act": "told"},
        {"act": "refused", "recipients": []},
        {"act": "not-told", "recipients": []},
        {"attempt": "message"},
        {"act": "not-told", "attempt": "rang"},
        {"review_on": "2026-12-01"},
        {"act": "refused", "review_on": "2026-02-30"},
        {"act": "not-shared", "review_on": "2026-12-01\n"},
        {"follows": "01900000-0000-7000-8000-00000000000G"},
        {"follows": "x"},
        {"risk": {"name": "x" * 401, "works_with_children": False}},
        {"risk": {"name": "x"}},
        {"known": {"how": "guess", "from": ""}},
        {"known": {"how": "", "from": "x" * 201}},
        {"told_family": "yes"},
        {"danger": "true"},
        {"called_999": 1},
        {"children": [{"name": "", "unknown": True, "who": "dog"}]},
        {"children": [{"name": "", "unknown": True, "born": "x" * 41}]},
        {"children": [{"name": "", "unknown": True, "reference": "x" * 201}]},
    ],
)
def test_a_capture_beyond_its_limits_is_not_of_our_schema(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(a_share(NOW, **wrong), Capture)


def test_names_that_are_not_listed_do_no_harm() -> None:
    assert msgspec.convert(a_share(NOW, tomorrow=True), Capture) == CONTENT


def test_an_older_phone_says_less_and_means_the_same() -> None:
    child = CONTENT.children[0]
    assert (CONTENT.act, CONTENT.attempt, CONTENT.follows, CONTENT.review_on) == (
        "shared",
        "",
        "",
        "",
    )
    assert (CONTENT.risk, CONTENT.known.how, CONTENT.known.whom) == (None, "", "")
    assert (CONTENT.told_family, CONTENT.danger, CONTENT.called_999) == ("", False, False)
    assert (child.who, child.born, child.reference) == ("child", "", "")
    assert not CONTENT.allegation


def test_everything_that_can_be_said_in_the_moment_is_read() -> None:
    said = a_share(
        NOW,
        act="not-shared",
        recipients=[],
        review_on="2026-12-01",
        follows="01900000-0000-7000-8000-000000000001",
        risk={"name": "The coach", "works_with_children": True},
        known={"how": "other", "from": "Her aunt"},
        told_family="not-safe",
        danger=True,
        called_999=True,
        children=[
            {"name": "Mia", "unknown": False, "who": "unborn", "born": "", "reference": ""},
            {"name": "", "unknown": True, "who": "adult", "born": "about 80", "reference": "A 7"},
        ],
    )
    read = msgspec.convert(said, Capture)
    assert read.allegation
    assert (read.known.whom, read.children[1].born) == ("Her aunt", "about 80")


MISTAKE = msgspec.structs.replace(FIX, what="mistake", text="")
CALL = msgspec.convert(a_share(NOW, act="not-told", attempt="message", shared=""), Capture)


def test_a_word_that_came_before_its_capture_is_not_lost() -> None:
    entry = fold([happened(1, FIX), happened(2, CONTENT)])
    assert entry is not None
    assert [added.content for added in entry.additions] == [FIX]
    assert (entry.captured.position, entry.position) == (2, 2)


def test_only_the_phone_that_captured_it_can_take_an_entry_back() -> None:
    own = fold([happened(1, CONTENT), happened(2, MISTAKE)])
    other = fold([happened(1, CONTENT), happened(2, MISTAKE, "another phone")])
    assert own is not None
    assert other is not None
    assert (own.mistaken, other.mistaken) == (True, False)


def test_a_call_that_reached_nobody_waits_and_is_not_documented() -> None:
    entry = fold([happened(1, CALL), happened(2, SUBMITTED)])
    assert entry is not None
    assert entry.state is State.NOT_TOLD
    entry = fold([happened(1, CALL), happened(2, MISTAKE)])
    assert entry is not None
    assert entry.state is State.TO_COMPLETE


NOT_MINE = Later(person=DANA, what="not-mine")
MINE = Later(person=DANA, what="mine")


def test_what_is_not_its_authors_leaves_them_and_can_come_back() -> None:
    entry = fold([happened(1, CONTENT), happened(2, NOT_MINE)])
    assert entry is not None
    assert entry.state is State.NOT_MINE
    entry = fold([happened(1, CONTENT), happened(2, NOT_MINE), happened(3, MINE)])
    assert entry is not None
    assert entry.state is State.TO_COMPLETE


def test_nobody_disowns_what_they_submitted() -> None:
    entry = fold([happened(1, CONTENT), happened(2, SUBMITTED), happened(3, NOT_MINE)])
    assert entry is not None
    assert entry.state is State.TO_REVIEW


def test_what_is_added_later_stands_beside_and_changes_no_state() -> None:
    outcome = Later(person=DANA, what="outcome", answers={"outcome": "He was charged."})
    entry = fold(
        [
            happened(1, CONTENT),
            happened(2, SUBMITTED),
            happened(3, SIGNED_OFF),
            happened(4, outcome),
        ]
    )
    assert entry is not None
    assert entry.state is State.DONE
    assert entry.captured.content == CONTENT
    assert [added.content for added in entry.later] == [outcome]
    assert entry.history[-1].what == "later-outcome"
