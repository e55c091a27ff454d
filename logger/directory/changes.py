"""Writes down what is changed about recipients.

Promises: a change that somebody else made meanwhile is never overwritten unseen; nothing is ever
deleted; a list that is imported counts whole or not at all.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from logger.directory.happened import DirectoryHappened, Recipient, RecipientChange
from logger.directory.register import Recipients
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from sync.event import DIRECTORY

# Phones hold the whole list and search it by hand.
MOST_OFFERED = 1_000
# What an event surely holds, with room to spare.
_MOST_IN_A_PART = 40_000


class RecipientMoved(LoggerError):
    """The recipient was changed since this form was opened."""

    code = "directory.moved"
    status = 409
    public_message = "Someone else changed this recipient since you opened it. Look at it again."


class CodeTaken(LoggerError):
    """There is a recipient of this code."""

    code = "directory.code_taken"
    status = 409
    public_message = "There is already a recipient with this code."


class TooManyRecipients(LoggerError):
    """More than phones can hold."""

    code = "directory.too_many"
    status = 409
    public_message = "The directory holds at most 1,000 recipients. Retire some first."


class Changes:
    """The one way for pages to change the directory."""

    def __init__(self, journal: Journal, recipients: Recipients):
        self._journal, self._recipients = journal, recipients
        # Reading what stands and writing on top of it must not be interleaved.
        self._lock = threading.Lock()

    def add(self, recipient: Recipient, by: UUID) -> None:
        """Somebody new; CodeTaken where the code means somebody else."""
        with self._lock:
            if self._recipients.find(recipient.code) is not None:
                raise CodeTaken
            self._write("added", [recipient], by)

    def change(self, recipient: Recipient, based_on: int, by: UUID) -> None:
        """Another name, number or address; nothing where all is as it was."""
        with self._lock:
            before = self._standing(recipient.code)
            if self._recipients.version(recipient.code) != based_on:
                raise RecipientMoved
            if recipient != before:
                self._write("changed", [recipient], by)

    def mark_checked(self, code: str, today: date, by: UUID) -> None:
        """Somebody made sure that number and address are right."""
        with self._lock:
            before = self._standing(code)
            checked = msgspec.structs.replace(before, checked_on=today.isoformat())
            self._write("checked", [checked], by)

    def retire(self, code: str, by: UUID) -> None:
        """Offer it to nobody any more; retired already is fine."""
        self._set_retired(code, True, by)

    def restore(self, code: str, by: UUID) -> None:
        """Offer it again."""
        self._set_retired(code, False, by)

    def bring_in(self, recipients: Sequence[Recipient], revision: int, by: UUID) -> None:
        """A whole list, as it was looked at when the directory stood at `revision`."""
        with self._lock:
            if self._recipients.revision != revision:
                raise RecipientMoved
            if recipients:
                self._write("imported", recipients, by)

    def _set_retired(self, code: str, retired: bool, by: UUID) -> None:
        with self._lock:
            before = self._standing(code)
            if before.retired != retired:
                after = msgspec.structs.replace(before, retired=retired)
                self._write("retired" if retired else "restored", [after], by)

    def _standing(self, code: str) -> Recipient:
        found = self._recipients.find(code)
        if found is None:
            raise NotFound
        return found

    def _write(self, what: RecipientChange, changed: Sequence[Recipient], by: UUID) -> None:
        after = {one.code: one for one in self._recipients.everyone()}
        after |= {one.code: one for one in changed}
        if sum(not one.retired for one in after.values()) > MOST_OFFERED:
            raise TooManyRecipients
        parts, change = in_parts(changed), self._journal.new_id()
        for number, part in enumerate(parts, start=1):
            content = DirectoryHappened(
                recipient=what, recipients=part, part=number, parts=len(parts), by=by
            )
            self._journal.append(DIRECTORY, change, content)


def in_parts(recipients: Sequence[Recipient], most: int = _MOST_IN_A_PART) -> list[list[Recipient]]:
    """The recipients in as many pieces as events can hold. Pure."""
    parts: list[list[Recipient]] = [[]]
    size = 0
    for one in recipients:
        length = len(msgspec.json.encode(one))
        if parts[-1] and size + length > most:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += length
    return parts
