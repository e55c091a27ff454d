"""The index file: what pages list, made from the ledger, thrown away when in doubt.

Promises: a reader never sees half a batch; the file holds codes, times and keyed hashes, never a
narrative and never the name of a person in an entry.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from logger.sqlite_file import Connections


class Index:
    """One index file, as readers use it."""

    def __init__(self, path: Path):
        self.path = path
        self._connections = Connections(path, reading_only=True)

    def read(self) -> Database:
        """This thread's connection; writing through it fails. Read results to their end: a
        half-read query would keep the follower from writing."""
        return self._connections.here()

    def replaced(self) -> None:
        """The file is another one now; every reader sees the new one from here on."""
        self._connections.renew()

    def let_go(self) -> None:
        """Close this thread's connection."""
        self._connections.let_go()
