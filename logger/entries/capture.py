"""What a phone says about a share: docs/protocol.md sections 3.6 and 3.7, with their limits.

Names not listed here are ignored: they stay in the sealed event and are shown to nobody.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(max_length=16_384)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Code = Annotated[str, msgspec.Meta(max_length=64)]
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

    name: Annotated[str, msgspec.Meta(max_length=400)]
    unknown: bool


class When(msgspec.Struct, frozen=True):
    """When the share happened, by the phone."""

    at: Moment
    utc_offset: Offset
    about: bool


class PhoneClock(msgspec.Struct, frozen=True):
    """When it was logged, and what the phone knew about the time."""

    at: Moment
    utc_offset: Offset
    monotonic: Moment
    last_server: Moment | None


class Capture(msgspec.Struct, frozen=True):
    """Kind 1: one share as it was logged in the moment, or as far as somebody came.

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
    unfinished: bool = False

    def __post_init__(self) -> None:
        if not self.unfinished and not (self.recipients and self.children):
            raise ValueError("a finished entry names who was told and who it is about")


class Addition(msgspec.Struct, frozen=True):
    """Kind 2: words added on the phone to a share that was already logged."""

    v: Literal[1]
    what: Literal["fix", "mistake", "more"]
    text: Text
    clock: PhoneClock
