"""What an organisation itself says at the moment of doubt: its policy in short, whom to ask."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from logger.directory.own_file import Label, Number, read_file
from logger.settings import Settings

OWN = "advice.toml"
DEMO = Path(__file__).with_name("demo_advice.toml")
_MOST = 12


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A heading and what stands under it: plain text, shown as it was written."""

    heading: Label
    text: Label


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who can be asked; `note` says when they answer."""

    label: Label
    number: Number
    note: Label | None = None


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it; empty where the organisation has written nothing."""

    text: Annotated[tuple[Section, ...], msgspec.Meta(max_length=_MOST)] = ()
    contacts: Annotated[tuple[Contact, ...], msgspec.Meta(max_length=_MOST)] = ()

    @classmethod
    def of(cls, settings: Settings) -> Advice:
        """From the instance folder; DirectoryUnreadable says what is wrong with it."""
        path = settings.folder / OWN
        if path.exists():
            return read_file(path, cls)
        return read_file(DEMO, cls) if settings.demo else cls()
