"""What would change if a newer edition of the law pack were loaded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import msgspec

from logger.law.pack import LawPack, Row
from logger.shell.words import N_

# How each part of a row is called on the page.
CALLED = {
    "part": N_("part"),
    "name": N_("name"),
    "text": N_("text"),
    "source": N_("source"),
    "checked": N_("checked against the source"),
    "cy": N_("Welsh"),
    "valid_to": N_("last day"),
    "kinds": N_("kinds of organisation"),
    "nations": N_("nations"),
    "offered": N_("offered"),
    "warning": N_("warning"),
    "note": N_("note"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that is in both editions; `what` are the parts of it that differ."""

    before: Row
    after: Row
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows are the same row when code and first day are."""

    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    changed: tuple[Changed, ...]
    same: int

    @property
    def nothing(self) -> bool:
        """Whether the two offer the same."""
        return not (self.added or self.gone or self.changed)


def compare(before: LawPack, after: LawPack) -> Comparison:
    """What is new, what is gone, and what says something else."""
    old, new = _by_name(before), _by_name(after)
    both = [(old[name], new[name]) for name in new if name in old]
    changed = tuple(
        Changed(one, other, _differs(one, other)) for one, other in both if one != other
    )
    return Comparison(
        added=tuple(new[name] for name in new if name not in old),
        gone=tuple(old[name] for name in old if name not in new),
        changed=changed,
        same=len(both) - len(changed),
    )


def _by_name(pack: LawPack) -> dict[tuple[str, date], Row]:
    return {(row.code, row.valid_from): row for row in pack.rows}


def _differs(one: Row, other: Row) -> tuple[str, ...]:
    names = (field.name for field in msgspec.structs.fields(one))
    return tuple(name for name in names if getattr(one, name) != getattr(other, name))
