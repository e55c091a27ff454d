"""The agreements as they stand, and what has none: read from the index, written as events."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from logger.agreements.due import Due, due_of
from logger.agreements.index import COVERLESS, UNCOVERED
from logger.directory.happened import Agreement, AgreementChange, DirectoryHappened
from logger.directory.register import Change
from logger.errors import LoggerError, NotFound
from logger.journal.index import Index
from logger.journal.write import Journal
from sync.event import DIRECTORY

# A count below this could point to one child, here as in every figure.
LEAST_SHOWN = 5
REPEATED = 2

_ALL = "SELECT content FROM agreements ORDER BY id"
_ONE = "SELECT content, position FROM agreements WHERE id = ?"
_HISTORY = "SELECT what, person, at FROM agreement_history WHERE id = ? ORDER BY position DESC"
_WITHOUT = f"SELECT s.code FROM agreement_shares s WHERE s.entry = ? AND {UNCOVERED} ORDER BY code"  # noqa: S608 only constants of this room
_CODES = "SELECT DISTINCT code FROM agreement_shares"
# Before the first agreement everything is without one: then all is counted, and nothing flagged.
_COUNT = f"""
SELECT count(*) FROM agreement_shares s
WHERE s.code = ? AND s.day BETWEEN ? AND ? AND s.counted AND {COVERLESS}
"""  # noqa: S608 only constants of this room


class AgreementMoved(LoggerError):
    """The agreement was changed since this form was opened."""

    code = "agreements.moved"
    status = 409
    public_message = "Someone else changed this agreement since you opened it. Look at it again."


@dataclass(frozen=True, slots=True)
class Without:
    """A body that was told again and again without an agreement; None for fewer than five times."""

    code: str
    count: int | None


class Agreements:
    """Keeps the register of agreements."""

    def __init__(self, index: Index, journal: Journal, notice_days: int):
        self._index, self._journal, self._notice_days = index, journal, notice_days
        self._lock = threading.Lock()

    def everything(self) -> list[Agreement]:
        """All agreements, in the order in which they were registered."""
        rows = self._rows(_ALL)
        return [msgspec.json.decode(content, type=Agreement) for (content,) in rows]

    def find(self, id: UUID) -> tuple[Agreement, int]:
        """One agreement and the version it stands at; NotFound."""
        found = self._rows(_ONE, id.bytes)
        if not found:
            raise NotFound
        content, position = found[0]
        return msgspec.json.decode(content, type=Agreement), int(position)

    def history(self, id: UUID) -> list[Change]:
        """What was changed, newest first."""
        rows = self._rows(_HISTORY, id.bytes)
        return [Change(what, UUID(person) if person else None, at) for what, person, at in rows]

    def new_id(self) -> UUID:
        """For an agreement that begins now."""
        return self._journal.new_id()

    def keep(
        self, what: AgreementChange, agreement: Agreement, by: UUID, based_on: int | None = None
    ) -> None:
        """Write it down; AgreementMoved when it no longer stands at the version seen."""
        with self._lock:
            if based_on is not None and self.find(agreement.id)[1] != based_on:
                raise AgreementMoved
            content = DirectoryHappened(agreed=what, agreement=agreement, by=by)
            self._journal.append(DIRECTORY, agreement.id, content)

    def due(self, today: date) -> Mapping[UUID, Due]:
        """What somebody has to look at, and why."""
        found = ((one.id, due_of(one, today, self._notice_days)) for one in self.everything())
        return {one: due for one, due in found if due is not None}

    def without(self, entry: UUID) -> list[str]:
        """With whom there was none on the day of this share, by code."""
        return [code for (code,) in self._rows(_WITHOUT, entry.bytes)]

    def repeated(self, first: date, last: date) -> list[Without]:
        """Bodies told more than once without an agreement in this time, most often first."""
        counts = []
        for (code,) in self._rows(_CODES):
            (count,) = self._rows(_COUNT, code, first.toordinal(), last.toordinal())[0]
            if count >= REPEATED:
                counts.append((count if count >= LEAST_SHOWN else None, code))
        counts.sort(key=lambda one: (-(one[0] or 0), one[1]))
        return [Without(code, count) for count, code in counts]

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._index.read().conn.execute(statement, values).fetchall()
