"""One-time codes with which a recipient confirms, without an account, that something arrived.

Promises: a code says nothing of an entry, works once and runs out; a newer one for the same
recipient ends the older; it stands in no address that a server writes down.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec

from logger.clock import Clock, Randomness
from logger.desk import Desk
from logger.entries.times import DAY
from logger.errors import LoggerError
from logger.later.additions import Additions, NothingToAddTo
from sync.enrolment import hash_code, make_code
from sync.errors import SyncError, UnusableCode

LIVES_DAYS = 14
_CODES, _LATEST = "receipt-codes", "receipt-latest"


class CodeUnusable(LoggerError):
    """Unknown, used, or run out; never says which."""

    code = "receipt.code_unusable"
    status = 404
    public_message = (
        "This code cannot be used: it was used before, ran out, or is not typed as it was given."
    )


class Asked(msgspec.Struct, frozen=True):
    """What a code is about. Only the two times are ever shown to whoever has it."""

    entry: UUID
    whom: str
    shared_at: int
    shared_offset: int
    until: int


@dataclass(frozen=True, slots=True)
class Link:
    """A code as it is handed over."""

    code: str
    until: int

    @property
    def groups(self) -> str:
        """As it is read out and typed."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


class Receipts:
    """Codes on the desk, and what they set off."""

    def __init__(self, desk: Desk, additions: Additions, clock: Clock, randomness: Randomness):
        self._desk, self._additions = desk, additions
        self._clock, self._randomness = clock, randomness

    def offer(self, person: UUID, entry: UUID, whom: str, shared_at: int, offset: int) -> Link:
        """A fresh code for one recipient of an entry; that one was made is part of its history."""
        code = make_code(self._randomness)
        until = self._clock() + LIVES_DAYS * DAY
        asked = Asked(entry, whom, shared_at, offset, until)
        place, latest = _place(code), f"{entry}/{whom}"
        before = self._desk.get(_LATEST, latest)
        if before is not None:
            self._desk.drop(_CODES, before.decode())
        self._additions.add(person, entry, "link", {"whom": whom, "until": str(until)})
        self._desk.put(_CODES, place, msgspec.json.encode(asked), until)
        self._desk.put(_LATEST, latest, place.encode(), until)
        return Link(code, until)

    def asked(self, code: str) -> Asked:
        """What this code is about; CodeUnusable where it is about nothing."""
        return _read(self._desk.get(_CODES, _place(code)))

    def confirm(self, code: str) -> Asked:
        """Use the code up: the recipient received it."""
        place = _place(code)
        raw = self._desk.take(_CODES, place)
        asked = _read(raw)
        try:
            self._additions.add(None, asked.entry, "receipt", {"whom": asked.whom})
        except SyncError:
            # What was not written down was not confirmed, and can be tried again.
            self._desk.put(_CODES, place, raw or b"", asked.until)
            raise
        except NothingToAddTo as error:
            raise CodeUnusable from error
        return asked


def _place(code: str) -> str:
    try:
        return hash_code(code).hex()
    except UnusableCode as error:
        raise CodeUnusable from error


def _read(raw: bytes | None) -> Asked:
    if raw is None:
        raise CodeUnusable
    return msgspec.json.decode(raw, type=Asked)
