"""Contents of the events about the directory (kind 34): recipients and sharing agreements.

A change may come in parts, because an event has a limit and an imported list may be longer: it
counts when its last part is there, and not before. All parts carry the change's id as their entry.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from logger.directory.own_file import Label, Number
from logger.directory.recipients import Code, Listed

Line = Annotated[str, msgspec.Meta(max_length=200)]
Words = Annotated[str, msgspec.Meta(max_length=2_000)]
Day = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")]
RecipientChange = Literal["added", "changed", "checked", "retired", "restored", "imported", ""]
AgreementChange = Literal["added", "changed", "reviewed", "ended", ""]


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be told, as the organisation keeps them.

    `number` and `hours` go to phones; `direct` and `secure` stay in the record. A retired one is
    offered to nobody, and entries may still speak of it.
    """

    code: Code
    label: Label
    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    number: Number = ""
    direct: Number = ""
    hours: Label | None = None
    secure: Annotated[str, msgspec.Meta(max_length=254)] = ""
    favourite: bool = False
    needs_agreement: bool = True
    checked_on: Day = ""
    retired: bool = False

    def __post_init__(self) -> None:
        """ValueError where the day is none."""
        _check_days(self.checked_on)

    @property
    def listed(self) -> Listed:
        """What phones get of it."""
        return Listed(self.code, self.label, self.kind, self.number, self.hours)


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed with some recipients; both days belong to it, and without `ends_on` it goes
    on. `ended_on` is the first day on which it no longer counts, whatever was signed."""

    id: UUID
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    parties: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=200)]
    scope: Words
    signed_on: Day
    ends_on: Day = ""
    review_on: Day = ""
    reference: Line = ""
    ended_on: Day = ""

    def __post_init__(self) -> None:
        """ValueError where a day is none, or it would end before it was signed."""
        if not self.signed_on:
            raise ValueError("an agreement was signed on a day")
        _check_days(self.signed_on, self.ends_on, self.review_on, self.ended_on)
        if self.ends_on and self.ends_on < self.signed_on:
            raise ValueError("an agreement ends after it was signed")

    @property
    def signed(self) -> date:
        """The first day it covers."""
        return date.fromisoformat(self.signed_on)

    @property
    def last_day(self) -> date | None:
        """The last day it covers; None while no end is known."""
        ends = [date.fromisoformat(self.ends_on)] if self.ends_on else []
        if self.ended_on:
            ends.append(date.fromordinal(date.fromisoformat(self.ended_on).toordinal() - 1))
        return min(ends, default=None)

    def covers(self, on: date) -> bool:
        """Whether it was in force on that day."""
        last = self.last_day
        return self.signed <= on and (last is None or on <= last)


class DirectoryHappened(msgspec.Struct, frozen=True, kw_only=True):
    """How these recipients, or this agreement, stand from now on."""

    recipient: RecipientChange = ""
    recipients: list[Recipient] = []
    agreed: AgreementChange = ""
    agreement: Agreement | None = None
    part: Annotated[int, msgspec.Meta(ge=1)] = 1
    parts: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1
    by: UUID | None
    v: Literal[1] = 1


def _check_days(*days: str) -> None:
    for day in days:
        if day:
            date.fromisoformat(day)
