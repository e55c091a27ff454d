"""Reminds people of what they have not documented yet: at a colleague's word, or by itself.

Promises: a reminder is an event in the history of its entry; nobody is reminded of the same entry
again within REST_HOURS; by itself an entry is reminded of once.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from logger.clock import Clock
from logger.entries.entry import State
from logger.entries.happened import Incident
from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.times import HOUR
from logger.errors import LoggerError
from logger.journal.index import Index
from logger.journal.write import Journal
from logger.people.person import Person
from logger.people.register import Register
from logger.settings import Settings
from sync.errors import EntryMoved
from sync.event import INCIDENT

REST_HOURS = 12
_AT_ONCE = 50
_OPEN = frozenset({State.TO_COMPLETE, State.RETURNED})
NEVER_REMINDED = """
SELECT entry FROM entries INDEXED BY entries_unreminded
WHERE reminded_at = 0 AND list IN (0, 10) AND since <= ? ORDER BY since, entry LIMIT ?
"""
OF_ENTRY = "SELECT position, entry, person, by, at FROM reminders WHERE entry = ? ORDER BY position"
SINCE = "SELECT position, entry, person, by, at FROM reminders WHERE at > ? ORDER BY at, position"


class NobodyToRemind(LoggerError):
    """Nobody known has to document it, or they have no address any more."""

    code = "reminder.nobody"
    status = 409
    public_message = "There is nobody to remind of this entry."


class RemindedAlready(LoggerError):
    """They were reminded of it not long ago."""

    code = "reminder.too_soon"
    status = 409
    public_message = "They were reminded of this not long ago."


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody was to be reminded of an entry; `by` is None where it went by itself."""

    position: int
    entry: UUID
    person: UUID
    by: UUID | None
    at: int


class Reminders:
    """Writes reminders into the history and finds them again."""

    def __init__(
        self,
        journal: Journal,
        index: Index,
        entries: EntryList,
        register: Register,
        settings: Settings,
        clock: Clock,
    ):
        self._journal, self._index, self._entries = journal, index, entries
        self._register, self._settings, self._clock = register, settings, clock

    def possible(self) -> bool:
        """Whether this organisation sends e-mail at all."""
        return bool(self._settings.mail_host)

    def remind(self, by: Person | None, line: WaitingEntry) -> None:
        """Have whoever completes this entry reminded of it."""
        whom = self.whom(line)
        if line.state not in _OPEN or whom is None or whom.disabled:
            raise NobodyToRemind
        if self._clock() - line.reminded_at < REST_HOURS * HOUR:
            raise RemindedAlready
        content = Incident(what="reminded", person=by.id if by else None, to=whom.id)
        try:
            self._journal.append(INCIDENT, line.id, content, line.last_position)
        except EntryMoved as error:
            # Whoever has just done something about it needs no reminder.
            raise RemindedAlready from error

    def remind_by_itself(self) -> int:
        """Remind of what has waited as long as the settings say; of how many entries."""
        hours, reminded = self._settings.remind_after_hours, 0
        if not hours or not self.possible():
            return 0
        due = self._clock() - hours * HOUR
        found = self._index.read().conn.execute(NEVER_REMINDED, (due, _AT_ONCE)).fetchall()
        for (entry,) in found:
            line = self._entries.find(UUID(bytes=entry))
            try:
                if line is not None:
                    self.remind(None, line)
                    reminded += 1
            except (NobodyToRemind, RemindedAlready):
                continue
        return reminded

    def whom(self, line: WaitingEntry) -> Person | None:
        """Who has to complete it: its author, or whoever was handed it."""
        if line.documenter is not None:
            return self._register.person(line.documenter)
        return self._register.author_of(line.device)

    def of_entry(self, entry: UUID) -> list[Reminder]:
        """The reminders of one entry, first first."""
        return self._reminders(OF_ENTRY, entry.bytes)

    def since(self, moment: int) -> list[Reminder]:
        """All reminders after a moment, first first."""
        return self._reminders(SINCE, moment)

    def _reminders(self, statement: str, value: object) -> list[Reminder]:
        rows = self._index.read().conn.execute(statement, (value,)).fetchall()
        return [
            Reminder(position, UUID(bytes=entry), UUID(person), UUID(by) if by else None, at)
            for position, entry, person, by, at in rows
        ]
