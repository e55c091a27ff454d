"""Contents of the events about advice (kind 24).

A question and an answer are about an entry, and the event's `entry` is that entry's id. General
advice is about none: its event has an id of its own, and nothing in it names a question.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
Title = Annotated[str, msgspec.Meta(max_length=200)]
Section = Annotated[str, msgspec.Meta(max_length=64)]


class Advised(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody asked, answered, wrote general advice, or took general advice back.

    `thread` is the question's id, the same for all that is said about it; `section` is where it
    was asked from. With `general` and `withdrawn` both are missing, and `title` says what it is.
    """

    what: Literal["asked", "answered", "general", "withdrawn"]
    person: UUID
    words: Annotated[str, msgspec.Meta(max_length=4_000)] = ""
    thread: UUID | None = None
    section: Section = ""
    title: Title = ""
    v: Literal[1] = 1

    def __post_init__(self) -> None:
        """ValueError where it does not go together."""
        on_entry = self.what in {"asked", "answered"}
        if on_entry != (self.thread is not None):
            raise ValueError("a question has a thread, and general advice has none")
        if not self.words and self.what != "withdrawn":
            raise ValueError("nothing was said")
