"""One entry, folded from everything that happened to it. Pure: no clock, no database, no key.

Promises: the captured part is the first capture as it arrived and nothing later changes it; events
that came out of turn (a submission after the sign-off, a second capture) are kept in the history
and change no state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

import msgspec

from logger.entries.capture import Addition, Capture
from logger.entries.happened import (
    Answers,
    Decided,
    Documented,
    Incident,
    Later,
    Outcome,
    ReliedOn,
    StoodIn,
    Submitted,
)
from logger.journal.read import Opened
from sync.store import Lane, Row


class State(StrEnum):
    """Where an entry stands."""

    TO_COMPLETE = "to-complete"
    TO_REVIEW = "to-review"
    RETURNED = "returned"
    DONE = "done"
    # With information governance, who answers or closes it.
    REFERRED = "referred"
    # A call that reached nobody: no share, and nothing to document, until someone was reached.
    NOT_TOLD = "not-told"
    TOLD = "told"
    # Whoever carries the phone says that somebody else made it.
    NOT_MINE = "not-mine"


# What its author can still hand over, or say that it is not theirs.
OPEN_TO_AUTHOR = frozenset({State.TO_COMPLETE, State.RETURNED, State.NOT_TOLD})


@dataclass(frozen=True, slots=True)
class Captured:
    """What the phone captured, with the times that were signed and the time it arrived."""

    content: Capture
    device: bytes
    position: int
    received_at: int


@dataclass(frozen=True, slots=True)
class Added:
    """Something that came from a phone later; `other_phone` when not the one that captured."""

    content: Addition | Capture
    device: bytes
    position: int
    received_at: int
    other_phone: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """A section of the documentation as it was last saved. `position` names that version."""

    answers: Answers
    relied_on: tuple[ReliedOn, ...]
    person: UUID
    at: int
    position: int


@dataclass(frozen=True, slots=True)
class AddedLater:
    """Something added at the desk. `position` is its name."""

    content: Later
    at: int
    position: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history: who did what, when. `person` is None for a phone's events, and
    where nobody did it but the record itself; `to` is whoever it was done to, and `moment` a time
    that it speaks of."""

    what: str
    person: UUID | None
    at: int
    position: int
    section: str = ""
    words: str = ""
    to: UUID | None = None
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The record of one share. `position` is that of the last event that could decide."""

    id: UUID
    captured: Captured
    state: State = State.TO_COMPLETE
    position: int = 0
    additions: tuple[Added, ...] = ()
    sections: Mapping[str, Saved] = field(default_factory=dict)
    later: tuple[AddedLater, ...] = ()
    history: tuple[Step, ...] = ()

    @property
    def question(self) -> Step | None:
        """What the reviewer asked, while it is not answered."""
        if self.state is not State.RETURNED:
            return None
        return next(step for step in reversed(self.history) if step.what == Outcome.RETURNED)

    @property
    def referral(self) -> Step | None:
        """What information governance was last asked, or None."""
        return next(
            (step for step in reversed(self.history) if step.what == Outcome.REFERRED), None
        )

    @property
    def mistaken(self) -> bool:
        """Whether the phone that captured it said that it was logged by mistake."""
        return any(_takes_back(added) for added in self.additions)

    @property
    def last_decision(self) -> Step | None:
        """The latest decision, or None; taking one back is one."""
        decisions = (step for step in reversed(self.history) if step.what in list(Outcome))
        return next(decisions, None)

    @property
    def last_submission(self) -> Step | None:
        """The latest submission, or None."""
        found = (step for step in reversed(self.history) if step.what.startswith("submitted"))
        return next(found, None)


# What a decision makes of an entry that stands so; any other comes out of turn.
_DECIDED: Mapping[tuple[State, Outcome, Outcome | None], State] = {
    (State.TO_REVIEW, Outcome.SIGNED_OFF, None): State.DONE,
    (State.TO_REVIEW, Outcome.SIGNED_OFF_WITH_LEARNING, None): State.DONE,
    (State.TO_REVIEW, Outcome.RETURNED, None): State.RETURNED,
    (State.TO_REVIEW, Outcome.REFERRED, None): State.REFERRED,
    (State.REFERRED, Outcome.ADVISED, None): State.TO_REVIEW,
    (State.REFERRED, Outcome.CLOSED, None): State.DONE,
    (State.DONE, Outcome.UNDONE, Outcome.SIGNED_OFF): State.TO_REVIEW,
    (State.DONE, Outcome.UNDONE, Outcome.SIGNED_OFF_WITH_LEARNING): State.TO_REVIEW,
    (State.RETURNED, Outcome.UNDONE, Outcome.RETURNED): State.TO_REVIEW,
    (State.REFERRED, Outcome.UNDONE, Outcome.REFERRED): State.TO_REVIEW,
    (State.DONE, Outcome.UNDONE, Outcome.CLOSED): State.REFERRED,
    (State.NOT_MINE, Outcome.NOT_THEIRS, None): State.DONE,
    (State.DONE, Outcome.UNDONE, Outcome.NOT_THEIRS): State.NOT_MINE,
}


def fold(events: Sequence[Opened]) -> Entry | None:
    """The entry these events tell of, or None when none of them is its capture.

    What a phone added may have come before what it was added to. Whether a call that reached
    nobody was put right by a later share stands in another entry: the index knows it.
    """
    kept = (opened for opened in events if opened.row.lane is Lane.RECORD)
    ordered = sorted(kept, key=lambda opened: opened.row.position)
    captures = ((one.row, one.content) for one in ordered if isinstance(one.content, Capture))
    found = next(captures, None)
    if found is None:
        return None
    first, capture = found
    entry = _begin(first, capture)
    for opened in ordered:
        if opened.row is not first:
            entry = _after(entry, opened.row, opened.content)
    return entry


def begun(capture: Capture) -> State:
    """Where an entry stands when nothing else is known of it."""
    return begun_as(capture.act)


def begun_as(act: str) -> State:
    """The same, by the act alone."""
    return State.NOT_TOLD if act == "not-told" else State.TO_COMPLETE


def moved(state: State, content: msgspec.Struct, began: State) -> State:
    """The state after this happened; the same state where it came out of turn. `began` is where
    the entry stood at first."""
    match content:
        case Submitted() if state in {State.TO_COMPLETE, State.RETURNED}:
            return State.TO_REVIEW
        case Decided():
            return _DECIDED.get((state, content.outcome, content.undoes), state)
        case Later(what="not-mine") if state in OPEN_TO_AUTHOR:
            return State.NOT_MINE
        case Later(what="mine") if state is State.NOT_MINE:
            return began
    return state


def _after(entry: Entry, row: Row, content: msgspec.Struct) -> Entry:
    step = _step(row, content)
    if step is None:
        return entry
    entry = replace(
        entry,
        state=moved(entry.state, content, begun(entry.captured.content)),
        position=max(entry.position, row.position),
        history=(*entry.history, step),
    )
    if isinstance(content, Documented):
        saved = Saved(
            content.answers, tuple(content.relied_on), content.person, row.received_at, row.position
        )
        return replace(entry, sections={**entry.sections, content.section: saved})
    if isinstance(content, Later):
        added_later = AddedLater(content, row.received_at, row.position)
        return replace(entry, later=(*entry.later, added_later))
    if isinstance(content, Addition | Capture):
        other = row.header.device != entry.captured.device
        added = Added(content, row.header.device, row.position, row.received_at, other)
        back = entry.state is State.NOT_TOLD and _takes_back(added)
        state = State.TO_COMPLETE if back else entry.state
        return replace(entry, additions=(*entry.additions, added), state=state)
    return entry


def _takes_back(added: Added) -> bool:
    content = added.content
    mistake = isinstance(content, Addition) and content.what == "mistake"
    return mistake and not added.other_phone


def _begin(row: Row, content: Capture) -> Entry:
    captured = Captured(content, row.header.device, row.position, row.received_at)
    first = Step("captured", None, row.received_at, row.position)
    return Entry(
        row.header.entry, captured, begun(content), position=row.position, history=(first,)
    )


def _step(row: Row, content: msgspec.Struct) -> Step | None:
    at, position = row.received_at, row.position
    match content:
        case Capture():
            return Step("captured-again", None, at, position)
        case Addition(what=what):
            return Step(f"added-{what}", None, at, position)
        case Documented(person=person, section=section):
            return Step("documented", person, at, position, section=section)
        case Submitted(person=person, answer=answer, made_by_me=mine):
            handed = "submitted" if mine else "submitted-for-author"
            return Step(handed, person, at, position, words=answer)
        case Decided(person=person, outcome=outcome, words=words):
            return Step(outcome.value, person, at, position, words=words)
        case Later(person=person, what=what):
            return Step(f"later-{what}", person, at, position)
        case StoodIn(what=done, person=person, reason=words, to=to):
            until = content.until or None
            return Step(done, person, at, position, words=words, to=to, moment=until)
        case Incident():
            return _step_of_incident(row, content)
    return None


def _step_of_incident(row: Row, content: Incident) -> Step:
    part = "wrong-person" if content.wrong_person else content.found
    moment = content.aware_at or content.regulator_told_at
    return Step(
        content.what, content.person, row.received_at, row.position, part, content.words,
        content.to, moment,
    )  # fmt: skip
