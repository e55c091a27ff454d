"""Contents of the events that the record door writes about an entry (kinds 16 to 18, 21 to 23).

What the review room writes stands here and not there, because the fold of an entry and the index
must read it, and they lie below that room.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from logger.entries.capture import Addition, Capture
from logger.law.pack import Part, Row, Said
from sync.event import (
    ADDITION,
    CAPTURE,
    DECISION,
    DOCUMENTATION,
    INCIDENT,
    LATER,
    STANDING_IN,
    SUBMISSION,
)

Text = Annotated[str, msgspec.Meta(max_length=16_384)]
Name = Annotated[str, msgspec.Meta(max_length=64)]
Answers = dict[str, str | list[str]]


class ReliedOn(msgspec.Struct, frozen=True):
    """One row of the law pack as it stood when it was relied on, in both languages; never looked
    up again."""

    code: Name
    part: Part
    name: Text
    text: Text
    source: Text
    checked: bool
    valid_from: str
    valid_to: str | None
    pack: Name
    cy: Said | None = None

    @classmethod
    def of(cls, row: Row, pack: str) -> ReliedOn:
        """A row of this pack, copied as it stands."""
        return cls(
            code=row.code,
            part=row.part,
            name=row.name,
            text=row.text,
            source=row.source,
            checked=row.checked,
            valid_from=row.valid_from.isoformat(),
            valid_to=row.valid_to.isoformat() if row.valid_to else None,
            pack=pack,
            cy=row.cy,
        )

    def as_row(self) -> Row:
        """The row again, so that what was relied on can stay chosen when a newer pack drops it."""
        return Row(
            code=self.code,
            part=self.part,
            name=self.name,
            text=self.text,
            source=self.source,
            checked=self.checked,
            valid_from=date.fromisoformat(self.valid_from),
            valid_to=date.fromisoformat(self.valid_to) if self.valid_to else None,
            cy=self.cy,
        )

    def said(self, language: str) -> Said:
        """Its words in this language; in English where it was frozen without Welsh."""
        if language == "cy" and self.cy is not None:
            return self.cy
        return Said(self.name, self.text, self.source)


class Documented(msgspec.Struct, frozen=True, kw_only=True):
    """A section was saved by its author; the latest one holds, earlier ones stay in the history."""

    person: UUID
    section: Name
    answers: Answers
    relied_on: list[ReliedOn] = []
    v: Literal[1] = 1


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """The author says *I made this share* and hands it to review; `answer` is to a question.

    Not `made_by_me` is whoever was handed the documentation, and completed it for the author.
    """

    person: UUID
    made_by_me: bool
    answer: Text = ""
    v: Literal[1] = 1


class Outcome(StrEnum):
    """What a reviewer can decide, what information governance answers, and taking it back."""

    SIGNED_OFF = "signed-off"
    SIGNED_OFF_WITH_LEARNING = "signed-off-with-learning"
    RETURNED = "returned"
    REFERRED = "referred"
    ADVISED = "advised"
    CLOSED = "closed"
    # What its author disowned was looked into.
    NOT_THEIRS = "not-theirs"
    UNDONE = "undone"


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody decided; `words` are the learning, the question, the advice, or a remark.

    `undoes` is what an UNDONE takes back: the decision itself stays in the history.
    """

    person: UUID
    outcome: Outcome
    words: Text = ""
    undoes: Outcome | None = None
    v: Literal[1] = 1


class StoodIn(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody stands in for an author who is away. Documentation is handed `to` a colleague, who
    completes it; or a reviewer asks to open an entry nobody submitted, and a second person
    answers: `ask` is the position of what was asked, `until` when the opening ends."""

    what: Literal["handed-over", "opening-asked", "opening-approved", "opening-declined"]
    person: UUID
    reason: Text = ""
    to: UUID | None = None
    ask: int = 0
    until: int = 0
    v: Literal[1] = 1


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something went wrong, or is about to: a near miss or breach that somebody became aware of
    at `aware_at`; its end, with what was found and when the regulator was told (None: was not);
    or a reminder `to` somebody, by nobody where it went by itself."""

    what: Literal["breach", "breach-closed", "reminded"]
    person: UUID | None
    words: Text = ""
    wrong_person: bool = False
    aware_at: int = 0
    found: Literal["", "breach", "near-miss"] = ""
    regulator_told_at: int | None = None
    to: UUID | None = None
    v: Literal[1] = 1


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """Something was added at the desk beside what was captured and documented.

    `further` the same information was shared again, `correction` something in it was wrong, `told`
    somebody was told of a correction, `receipt` a recipient confirmed it, `link` a one-time link
    for that was made, `outcome` what came of it, `not-mine` and `mine` who it is not by, and is
    after all. `person` is None where somebody outside used the link.
    """

    what: Literal["further", "correction", "told", "receipt", "link", "outcome", "not-mine", "mine"]
    person: UUID | None
    answers: Answers = {}
    v: Literal[1] = 1


SHAPES: Mapping[int, type[msgspec.Struct]] = {
    CAPTURE: Capture,
    ADDITION: Addition,
    DOCUMENTATION: Documented,
    SUBMISSION: Submitted,
    DECISION: Decided,
    LATER: Later,
    STANDING_IN: StoodIn,
    INCIDENT: Incident,
}
