"""The law pack: rows of law with their dates, and what may be relied on for one share."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from logger.errors import LoggerError
from logger.settings import Kind, Nation

SHIPPED = Path(__file__).with_name("pack.toml")
SAFEGUARDING = "9-2-g-18"
Part = Literal["basis", "condition", "offence", "reason", "power"]


class LawPackUnreadable(LoggerError):
    """The law pack's file is not of the expected shape."""

    code = "law.unreadable"
    status = 500
    public_message = "The law pack cannot be read."


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row says in one language."""

    name: str
    text: str
    source: str
    warning: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that can be relied on, from `valid_from` to `valid_to`, both days included."""

    code: str
    part: Part
    name: str
    text: str
    valid_from: date
    source: str
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


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the picker offers for one share, in the order of the pack."""

    rows: tuple[Row, ...]

    def part(self, part: Part) -> tuple[Row, ...]:
        """The choices of one part."""
        return tuple(row for row in self.rows if row.part == part)

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
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            file = msgspec.convert(table, _File)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise LawPackUnreadable(f"{path.name}: {error}") from error
        return cls(file.name, file.rows)

    def offered(self, on: date, kind: Kind, nation: Nation) -> Choices:
        """What may be relied on for a share on that day."""
        fitting = (row for row in self.rows if row.offered and row.fits(kind, nation))
        return Choices(tuple(row for row in fitting if row.in_force(on)))
