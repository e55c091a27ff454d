"""Contents of the events about children (kind 25): what people said of who is who, and searches.

The event's `entry` is a fresh id; that of the oldest joining that still holds names the child.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec

Words = Annotated[str, msgspec.Meta(max_length=400)]
Ordinal = Annotated[int, msgspec.Meta(ge=0, lt=20)]


class Mention(msgspec.Struct, frozen=True, order=True):
    """Somebody an entry is about: the entry, and which of its children."""

    entry: UUID
    ordinal: Ordinal


class Asked(msgspec.Struct, frozen=True):
    """What somebody searched for. It is written down nowhere: a search stands in the ledger for
    good, and the entry that it found may be erased."""

    name: Words = ""
    born: Words = ""
    reference: Words = ""

    @property
    def by(self) -> tuple[str, ...]:
        """Which of the three were asked, without what."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name))


What = Literal["joined", "separated", "not-the-same", "searched"]


class ChildHappened(msgspec.Struct, frozen=True, kw_only=True):
    """`joined`: all of `mentions` are one child. `separated`: the first is none of the others.
    `not-the-same`: nobody need be asked again about the first and the others. `searched`: `by` is
    which words were given, `marks` what was searched for, as keyed marks that no name can be read
    from; whoever is asked later whether somebody looked for a child can compare that child's."""

    person: UUID
    what: What
    mentions: Annotated[list[Mention], msgspec.Meta(max_length=200)] = []
    by: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=20)]], msgspec.Meta(max_length=3)
    ] = []
    marks: Annotated[list[int], msgspec.Meta(max_length=8)] = []
    v: Literal[1] = 1
