"""Contents of the events that the record door writes about an entry (kinds 16, 17, 18 and 21).

The decision's content stands here and not in the review room, because the fold of an entry and
the index must read it, and they lie below that room.
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
from sync.event import ADDITION, CAPTURE, DECISION, DOCUMENTATION, LATER, SUBMISSION

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
    """The author says *I made this share* and hands it to review; `answer` is to a question."""

    person: UUID
    made_by_me: Literal[True]
    answer: Text = ""
    v: Literal[1] = 1


class Outcome(StrEnum):
    """What a reviewer can decide."""

    SIGNED_OFF = "signed-off"
    SIGNED_OFF_WITH_LEARNING = "signed-off-with-learning"
    RETURNED = "returned"


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A reviewer decided; `words` are the learning, the question, or a remark."""

    person: UUID
    outcome: Outcome
    words: Text = ""
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
}
