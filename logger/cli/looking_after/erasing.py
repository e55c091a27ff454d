"""`sharelog erase`: takes the words of one entry out of the record for good."""

from __future__ import annotations

import argparse
import contextlib
from uuid import UUID

from logger.cli.looking_after.keeping import open_beside_doors
from logger.errors import LoggerError
from logger.retention.erasing import Erasing
from logger.settings import Settings


class NotConfirmed(LoggerError):
    """Somebody asked for an erasure and did not confirm it."""

    code = "erase.not_confirmed"
    public_message = "Nothing was erased."


def erase(asked: argparse.Namespace) -> int:
    """Erase after asking once; the doors may be open meanwhile."""
    settings = Settings.read(asked.instance.absolute())
    if not asked.yes:
        print(f"This takes away all words of entry {asked.entry}: what the phone sealed,")
        print("its documentation and its reviews. It cannot be undone.")
        if input("Type the entry's id again to erase it: ").strip() != str(asked.entry):
            raise NotConfirmed
    with contextlib.ExitStack() as stack:
        record = open_beside_doors(stack, asked, settings)
        parts = record.room(Erasing).erase(asked.entry, asked.why, by=None)
    print(f"Erased: {parts} parts. A signed event says so, and why.")
    print(f"Backups made before now still hold it, for {settings.backup_days} days at most.")
    print(f"The list beside them makes a restore forget it again: {settings.backups}")
    return 0


def entry_id(text: str) -> UUID:
    """An entry's id as the command line gives it."""
    return UUID(text)
