"""The recipients, reasons and ways of telling that this organisation works with.

Promises: an organisation's own file replaces the shipped lists, one by one, and is refused with a
sentence when it would mislead; what a code once meant can still be read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from logger.directory.own_file import (
    DirectoryUnreadable,
    Label,
    Number,
    read_file,
    refuse_repeated,
)
from logger.settings import Settings

SHIPPED = Path(__file__).with_name("recipients.toml")
DEMO = Path(__file__).with_name("demo.toml")
OWN = "directory.toml"

Code = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,64}$")]


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason or a way of telling."""

    code: Code
    label: Label


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who can be told. `number` is public, or empty; `note` says when it is answered."""

    code: Code
    label: Label
    kind: str
    number: Number = ""
    note: Label | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recipients: tuple[Listed, ...] = ()
    why: tuple[Word, ...] = ()
    how: tuple[Word, ...] = ()
    favourites: tuple[Code, ...] = ()


class _DemoFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: dict[Code, Number]


@dataclass(frozen=True)
class Directory:
    """All of it, as one frozen value.

    `favourites` are codes of recipients that phones offer first. `before` is the list that this
    one replaced: entries may still speak of it.
    """

    recipients: tuple[Listed, ...]
    why: tuple[Word, ...]
    how: tuple[Word, ...]
    favourites: tuple[str, ...] = ()
    before: Directory | None = None

    @classmethod
    def read(cls, path: Path = SHIPPED) -> Directory:
        """From a file; DirectoryUnreadable says what is wrong with it."""
        file = read_file(path, _File)
        for words in (file.recipients, file.why, file.how):
            refuse_repeated(path, [word.code for word in words])
        listed = {one.code for one in file.recipients}
        for code in file.favourites:
            if file.recipients and code not in listed:
                raise DirectoryUnreadable(f"{path.name}: no recipient has the code {code}.")
        return cls(file.recipients, file.why, file.how, file.favourites)

    @classmethod
    def of(cls, settings: Settings) -> Directory:
        """The organisation's own lists where its folder has them, else those shipped."""
        shipped = cls.read()
        if (path := settings.folder / OWN).exists():
            own = cls.read(path)
            return cls(
                own.recipients or shipped.recipients,
                own.why or shipped.why,
                own.how or shipped.how,
                own.favourites or (() if own.recipients else shipped.favourites),
                before=shipped,
            )
        return shipped.with_demo_numbers() if settings.demo else shipped

    def with_demo_numbers(self) -> Directory:
        """The same list with invented numbers, which nobody will ever answer."""
        numbers = read_file(DEMO, _DemoFile).numbers
        recipients = (
            msgspec.structs.replace(one, number=numbers.get(one.code, one.number))
            for one in self.recipients
        )
        return replace(self, recipients=tuple(recipients))

    def recipient(self, code: str, language: str) -> str:
        """The label of a recipient; the code itself where it was never listed."""
        return self._labels["recipients"].get(code, {}).get(language, code)

    def kind(self, code: str) -> str:
        """What kind of body a recipient is; empty where it was never listed."""
        listed = (*self.recipients, *(self.before.recipients if self.before else ()))
        return next((one.kind for one in listed if one.code == code), "")

    def reason(self, code: str, language: str) -> str:
        """The label of a reason; the code itself where it was never listed."""
        return self._labels["why"].get(code, {}).get(language, code)

    def way(self, code: str, language: str) -> str:
        """The label of a way of telling; the code itself where it was never listed."""
        return self._labels["how"].get(code, {}).get(language, code)

    def codes(self, name: str) -> frozenset[str]:
        """All codes of a list (`recipients`, `why` or `how`) that ever had a label."""
        return frozenset(self._labels[name])

    @cached_property
    def _labels(self) -> dict[str, dict[str, dict[str, str]]]:
        lists: dict[str, tuple[Word | Listed, ...]] = {
            "recipients": self.recipients,
            "why": self.why,
            "how": self.how,
        }
        before = self.before._labels if self.before else {name: {} for name in lists}
        return {
            name: before[name]
            | {word.code: {"en": word.label.en, "cy": word.label.cy} for word in words}
            for name, words in lists.items()
        }
