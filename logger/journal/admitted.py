"""What information governance decided about an event that was set aside (kind 26).

It stands here and not in its room, because following the ledger and reading it must know of it,
and they lie below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from sync.store import Lane, Row


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """An event in quarantine is part of the record from here on, or somebody only noted why not.

    `event` is the id of the event that was set aside; it is of the same entry.
    """

    what: Literal["admitted", "noted"]
    event: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    person: UUID
    words: Annotated[str, msgspec.Meta(max_length=4_000)] = ""
    v: Literal[1] = 1


def admitted_ids(contents: Iterable[msgspec.Struct]) -> set[bytes]:
    """The events that these admit."""
    return {one.event for one in contents if isinstance(one, Admitted) and one.what == "admitted"}


def as_admitted(row: Row) -> Row:
    """The row as it counts once it was admitted."""
    return replace(row, lane=Lane.RECORD)
