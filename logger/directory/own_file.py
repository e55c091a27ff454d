"""Files that an organisation may write itself: read whole, refused with one plain sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from logger.errors import LoggerError

# As people write them; the phone drops the blanks before it dials.
Number = Annotated[str, msgspec.Meta(pattern=r"^(\+?[0-9][0-9 ]{1,22}[0-9])?$")]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
File = TypeVar("File")


class DirectoryUnreadable(LoggerError):
    """A file of the directory is not of the expected shape."""

    code = "directory.unreadable"
    status = 500
    public_message = "The directory of recipients cannot be read."


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in both languages; without Welsh the English stands for both."""

    en: Text
    cy: Text = ""

    def __post_init__(self) -> None:
        if not self.cy:
            msgspec.structs.force_setattr(self, "cy", self.en)


def read_file(path: Path, shape: type[File]) -> File:
    """The file in that shape; DirectoryUnreadable says what is wrong with it and where."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), shape)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise DirectoryUnreadable(f"{path.name} cannot be used: {_plainly(error)}") from error


def refuse_repeated(path: Path, codes: Sequence[str]) -> None:
    """A code means one thing."""
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise DirectoryUnreadable(f"{path.name}: the code {twice[0]} is given twice.")


def _plainly(error: Exception) -> str:
    said = str(error)
    if "[0-9 ]{1,22}" in said:
        where = said.rpartition("$")[2].rstrip("`")
        return f"{where.lstrip('.')} is not a telephone number, such as 01632 960123."
    return said
