"""Content of the event that says why the words of an entry are gone (kind 20)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """The words of an entry were taken away; `by` is None where the command line did it."""

    why: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    by: UUID | None
    v: Literal[1] = 1
