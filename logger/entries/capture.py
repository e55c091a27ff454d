"""What a phone says about a share: docs/protocol.md sections 3.6 and 3.7, with their limits.

Names not listed here are ignored: they stay in the sealed event and are shown to nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(max_length=16_384)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Name = Annotated[str, msgspec.Meta(max_length=400)]
Code = Annotated[str, msgspec.Meta(max_length=64)]
Day = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")]
EntryName = Annotated[
    str,
    msgspec.Meta(pattern=r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?\Z"),
]
# What a browser can count exactly; anything beyond is not a time but a fault.
Moment = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
Offset = Annotated[int, msgspec.Meta(ge=-(2**15), lt=2**15)]


class Recipient(msgspec.Struct, frozen=True):
    """Someone who was told. `code` is from the directory, None where the name was typed."""

    code: Code | None
    label: Line
    person: Line
    reference: Line


class Child(msgspec.Struct, frozen=True):
    """Someone it is about; with `unknown`, `name` is a description or empty."""

    name: Name
    unknown: bool
    who: Literal["child", "unborn", "adult"] = "child"
    born: Annotated[str, msgspec.Meta(max_length=40)] = ""
    reference: Line = ""


class Risk(msgspec.Struct, frozen=True):
    """Who may be the risk. `works_with_children` keeps the entry from team and supervisor."""

    name: Name
    works_with_children: bool


class Known(msgspec.Struct, frozen=True, rename={"whom": "from"}):
    """How the author came to know; `whom` is who told them, where somebody did."""

    how: Literal["", "self", "child", "other"] = ""
    whom: Line = ""


class When(msgspec.Struct, frozen=True):
    """When the share happened, by the phone."""

    at: Moment
    utc_offset: Offset
    about: bool


class PhoneClock(msgspec.Struct, frozen=True):
    """When it was logged, and what the phone knew about the time.

    `ahead` is how far its clock was before the server's at `last_server`, give or take `within`.
    """

    at: Moment
    utc_offset: Offset
    monotonic: Moment
    last_server: Moment | None
    ahead: Moment | None = None
    within: Moment | None = None


class Capture(msgspec.Struct, frozen=True):
    """Kind 1: one share, or a decision not to, as it was logged or as far as somebody came.

    `unfinished` says the latter: then nobody told and nobody it is about need be named.
    """

    v: Literal[1]
    recipients: Annotated[list[Recipient], msgspec.Meta(max_length=20)]
    children: Annotated[list[Child], msgspec.Meta(max_length=20)]
    shared: Text
    why: Annotated[list[Code], msgspec.Meta(max_length=20)]
    how: Code
    when: When
    clock: PhoneClock
    offline: bool
    app: Code
    language: Literal["en", "cy"]
    act: Literal["shared", "not-shared", "refused", "not-told"] = "shared"
    attempt: Literal["", "message", "no-answer"] = ""
    follows: EntryName = ""
    review_on: Day = ""
    risk: Risk | None = None
    known: Known = Known()
    told_family: Literal["", "told", "not-safe", "not-practicable", "later"] = ""
    danger: bool = False
    called_999: bool = False
    unfinished: bool = False

    def __post_init__(self) -> None:
        """What one field alone cannot say; ValueError where it does not go together."""
        if not self.unfinished and not self.children:
            raise ValueError("a finished entry says who it is about")
        if not self.unfinished and not self.recipients and self.act != "not-shared":
            raise ValueError("somebody was told, asked or called, and nobody is named")
        if self.attempt and self.act != "not-told":
            raise ValueError("only a call that reached nobody has an attempt")
        if self.review_on:
            if self.act not in {"not-shared", "refused"}:
                raise ValueError("only a decision not to share is looked at again")
            date.fromisoformat(self.review_on)

    @property
    def allegation(self) -> bool:
        """Whether it is about somebody who works or volunteers with children."""
        return self.risk is not None and self.risk.works_with_children


class Addition(msgspec.Struct, frozen=True):
    """Kind 2: words added on the phone to a share that was already logged."""

    v: Literal[1]
    what: Literal["fix", "mistake", "more"]
    text: Text
    clock: PhoneClock
