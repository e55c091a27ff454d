"""The recipients, reasons and ways of telling that this organisation works with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from logger.errors import LoggerError

SHIPPED = Path(__file__).with_name("recipients.toml")


class DirectoryUnreadable(LoggerError):
    """The directory's file is not of the expected shape."""

    code = "directory.unreadable"
    status = 500
    public_message = "The directory of recipients cannot be read."


class Label(msgspec.Struct, frozen=True):
    """A word in both languages."""

    en: str
    cy: str


class Word(msgspec.Struct, frozen=True):
    """A reason or a way of telling."""

    code: str
    label: Label


class Listed(msgspec.Struct, frozen=True):
    """Somebody who can be told. `number` is public and the same for everyone, or empty."""

    code: str
    label: Label
    kind: str
    number: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recipients: tuple[Listed, ...]
    why: tuple[Word, ...]
    how: tuple[Word, ...]


@dataclass(frozen=True)
class Directory:
    """All of it, as one frozen value."""

    recipients: tuple[Listed, ...]
    why: tuple[Word, ...]
    how: tuple[Word, ...]

    @classmethod
    def read(cls, path: Path = SHIPPED) -> Directory:
        """From a file; DirectoryUnreadable says what is wrong with it."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            file = msgspec.convert(table, _File)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise DirectoryUnreadable(f"{path.name}: {error}") from error
        for words in (file.recipients, file.why, file.how):
            codes = [word.code for word in words]
            if len(set(codes)) != len(codes):
                raise DirectoryUnreadable(f"{path.name}: a code is given twice")
        return cls(file.recipients, file.why, file.how)

    def recipient(self, code: str, language: str) -> str:
        """The label of a recipient; the code itself where it is no longer listed."""
        return self._labels["recipients"].get(code, {}).get(language, code)

    def reason(self, code: str, language: str) -> str:
        """The label of a reason; the code itself where it is no longer listed."""
        return self._labels["why"].get(code, {}).get(language, code)

    def way(self, code: str, language: str) -> str:
        """The label of a way of telling; the code itself where it is no longer listed."""
        return self._labels["how"].get(code, {}).get(language, code)

    @cached_property
    def _labels(self) -> dict[str, dict[str, dict[str, str]]]:
        lists: dict[str, tuple[Word | Listed, ...]] = {
            "recipients": self.recipients,
            "why": self.why,
            "how": self.how,
        }
        return {
            name: {word.code: {"en": word.label.en, "cy": word.label.cy} for word in words}
            for name, words in lists.items()
        }
