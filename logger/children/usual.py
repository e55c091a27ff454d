"""Which kinds of agency there are, and which are usually told for a reason: data, not law.

Promises: an organisation's own file replaces the shipped one whole, and is refused with a sentence
when it names a kind that it does not list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from logger.directory.own_file import DirectoryUnreadable, Label, read_file, refuse_repeated
from logger.directory.recipients import Code
from logger.settings import Settings

SHIPPED = Path(__file__).with_name("usual.toml")
OWN = "usual.toml"
# Where a recipient is of no kind that is listed, or was typed.
OTHERS = "others"


class AgencyKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of agency, as one line of a chronology."""

    code: Code
    label: Label


class Usual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kinds in their order, and for each reason those usually told."""

    kinds: tuple[AgencyKind, ...]
    usual: Mapping[Code, tuple[Code, ...]]

    @classmethod
    def read(cls, path: Path = SHIPPED) -> Usual:
        """From a file; DirectoryUnreadable says what is wrong with it."""
        found = read_file(path, cls)
        refuse_repeated(path, [kind.code for kind in found.kinds])
        listed = {kind.code for kind in found.kinds}
        for reason, kinds in found.usual.items():
            for code in set(kinds) - listed:
                raise DirectoryUnreadable(f"{path.name}: {reason} names {code}, which is no kind.")
        return found

    @classmethod
    def of(cls, settings: Settings) -> Usual:
        """The organisation's own where its folder has it, else the shipped one."""
        own = settings.folder / OWN
        return cls.read(own) if own.exists() else cls.read()

    def told_for(self, reasons: Collection[str]) -> frozenset[str]:
        """The kinds usually told for any of these reasons."""
        return frozenset(kind for reason in reasons for kind in self.usual.get(reason, ()))

    def known(self, kind: str) -> str:
        """The kind itself where it has a line, else that of all others."""
        return kind if any(one.code == kind for one in self.kinds) else OTHERS

    def label(self, kind: str, language: str) -> str:
        """The name of a kind; empty for the others, whose name is not data."""
        found = next((one.label for one in self.kinds if one.code == kind), None)
        return getattr(found, language, "") if found else ""
