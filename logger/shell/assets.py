"""What the front-end build made, by the names templates use.

Promises: only files the build listed are ever served; every address carries the hash of its
content, so that a browser may keep it for ever.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from logger.errors import LoggerError

LIST = "files.json"
BROWSERS = "browsers.json"
ADDRESS = "/static/"
# Named here, because a machine's own table of types may say otherwise.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class NotBuilt(LoggerError):
    """The front end has not been built."""

    code = "shell.not_built"
    status = 500
    public_message = "The front end is not built. Run: make setup"


class Asset(msgspec.Struct, frozen=True):
    """One built file. `use` is when it is needed: see static/build.js."""

    file: str
    sha256: str
    size: int
    gzipped: int
    use: Literal["start", "offline", "later", "record", "worker", "icon"]

    @property
    def url(self) -> str:
        """Where browsers find it."""
        return ADDRESS + self.file

    @property
    def content_type(self) -> str:
        """As served."""
        suffix = Path(self.file).suffix
        kind = _TYPES.get(suffix) or mimetypes.guess_type(self.file)[0] or "application/json"
        text = kind.startswith("text/") or kind.endswith("xml")
        return f"{kind}; charset=utf-8" if text else kind


@dataclass(frozen=True, slots=True)
class Assets:
    """All built files, read from the list the build left."""

    folder: Path
    by_name: Mapping[str, Asset]

    @classmethod
    def read(cls, folder: Path) -> Assets:
        """The list in that folder; NotBuilt when there is none."""
        try:
            listed = (folder / LIST).read_bytes()
        except FileNotFoundError as error:
            raise NotBuilt from error
        return cls(folder, msgspec.json.decode(listed, type=dict[str, Asset]))

    def browsers(self) -> dict[str, str]:
        """The oldest browsers it was built for, by name; NotBuilt when the build left no list."""
        try:
            listed = (self.folder / BROWSERS).read_bytes()
        except FileNotFoundError as error:
            raise NotBuilt from error
        return msgspec.json.decode(listed, type=dict[str, str])

    def url(self, name: str) -> str:
        """The address of a file by its plain name; NotBuilt when the build did not make it."""
        if name not in self.by_name:
            raise NotBuilt
        return self.by_name[name].url

    def used(self, use: str) -> list[tuple[str, Asset]]:
        """The files needed at that moment, by name."""
        return [(name, asset) for name, asset in self.by_name.items() if asset.use == use]

    def find(self, file: str) -> Asset | None:
        """The listed file of that hashed name, or None: nothing else is ever served."""
        return next((asset for asset in self.by_name.values() if asset.file == file), None)

    def content(self, asset: Asset, *, gzipped: bool) -> tuple[bytes, bool]:
        """Its bytes, and whether they are gzipped."""
        small = self.folder / f"{asset.file}.gz"
        if gzipped and small.is_file():
            return small.read_bytes(), True
        return (self.folder / asset.file).read_bytes(), False
