"""The law pack: rows of law with their dates, and what may be relied on for one share."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from logger.errors import LoggerError
from logger.settings import Kind, Nation
from logger.shell.words import N_

SHIPPED = Path(__file__).with_name("pack.toml")
SAFEGUARDING = "9-2-g-18"
# The same paragraph where it allows criminal offence data: it needs the same reason.
SAFEGUARDING_OFFENCE = "10-18-36"
Part = Literal["basis", "condition", "offence", "reason", "power"]


class LawPackUnreadable(LoggerError):
    """The law pack's file is not of the expected shape. `faults` are all of its bad rows."""

    code = "law.unreadable"
    status = 422
    public_message = "The law pack cannot be read."

    def __init__(self, message: str = "", faults: Sequence[Fault] = ()):
        super().__init__(message)
        self.faults = tuple(faults)


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row says in one language."""

    name: str
    text: str
    source: str
    warning: str = ""


Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that can be relied on, from `valid_from` to `valid_to`, both days included."""

    code: Code
    part: Part
    name: Text
    text: Text
    valid_from: date
    source: Text
    checked: bool
    cy: Said | None = None
    valid_to: date | None = None
    kinds: tuple[Kind, ...] = ()
    nations: tuple[Nation, ...] = ()
    offered: bool = True
    warning: str = ""
    note: str = ""

    def said(self, language: str) -> Said:
        """Its words in this language; in English where it has no Welsh."""
        if language == "cy" and self.cy is not None:
            return self.cy
        return Said(self.name, self.text, self.source, self.warning)

    def in_force(self, on: date) -> bool:
        """Whether it was law on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def fits(self, kind: Kind, nation: Nation) -> bool:
        """Whether it is for this kind of organisation in this nation."""
        right_kind = not self.kinds or kind in self.kinds
        return right_kind and (not self.nations or nation in self.nations)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file: with one of its rows, or with all of it where `number` is 0.

    `what` is one of our sentences or, where the reader of the file says it better, its words."""

    what: str
    number: int = 0
    code: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the picker offers for one share, in the order of the pack."""

    rows: tuple[Row, ...]

    def part(self, part: Part) -> tuple[Row, ...]:
        """The choices of one part."""
        return tuple(row for row in self.rows if row.part == part)

    def and_still(self, relied_on: Iterable[Row]) -> Choices:
        """The same, and what was relied on before although it is not offered any more."""
        rows = {row.code: row for row in self.rows}
        return Choices((*self.rows, *(row for row in relied_on if row.code not in rows)))

    def row(self, code: str) -> Row | None:
        """The choice with this code, or None where it is not offered."""
        return next((row for row in self.rows if row.code == code), None)


@dataclass(frozen=True, slots=True)
class LawPack:
    """All rows of one edition. A code may stand in several rows with other dates."""

    name: str
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, path: Path = SHIPPED) -> LawPack:
        """From a file; LawPackUnreadable says what is wrong with it."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise LawPackUnreadable(f"{path.name}: {error}", [Fault(str(error))]) from error
        return cls.of_text(text, path.name)

    @classmethod
    def of_text(cls, text: str, called: str) -> LawPack:
        """From what a file says; LawPackUnreadable names every row that cannot stand."""
        try:
            file = msgspec.convert(tomllib.loads(text), _File)
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            raise LawPackUnreadable(f"{called}: {error}", [Fault(str(error))]) from error
        rows, faults = _rows(file.rows)
        faults += [] if faults else _missing(rows)
        if faults:
            first = faults[0]
            raise LawPackUnreadable(f"{called}: {first.code} {first.what}", faults)
        return cls(file.name, tuple(rows))

    def offered(self, on: date, kind: Kind, nation: Nation) -> Choices:
        """What may be relied on for a share on that day."""
        fitting = (row for row in self.rows if row.offered and row.fits(kind, nation))
        return Choices(tuple(row for row in fitting if row.in_force(on)))


def _rows(tables: Sequence[dict[str, Any]]) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, table in enumerate(tables, 1):
        code = str(table.get("code", ""))[:64]
        try:
            row = msgspec.convert(table, Row)
        except (ValueError, msgspec.MsgspecError) as error:
            faults.append(Fault(str(error), number, code))
            continue
        if row.valid_to and row.valid_to < row.valid_from:
            faults.append(Fault(N_("It ends before it begins."), number, code))
        if any(_meet(row, other) for other in rows):
            faults.append(
                Fault(N_("On some day two rows of this code are in force."), number, code)
            )
        rows.append(row)
    return rows, faults


def _meet(one: Row, other: Row) -> bool:
    if one.code != other.code:
        return False
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (
        one.valid_to or date.max
    )


def _missing(rows: Sequence[Row]) -> list[Fault]:
    """What the picker cannot do without."""
    faults = []
    if not any(row.part == "basis" and row.offered for row in rows):
        faults.append(Fault(N_("It offers no lawful basis.")))
    safeguarding = any(row.code in (SAFEGUARDING, SAFEGUARDING_OFFENCE) for row in rows)
    if safeguarding and not any(row.part == "reason" for row in rows):
        faults.append(Fault(N_("The safeguarding condition has no reasons to choose from.")))
    return faults
