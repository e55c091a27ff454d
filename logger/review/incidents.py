"""Near misses and breaches: a clock from becoming aware, seen by whoever must act, closed in words.

Promises: the clock starts at the tap, or earlier where somebody says so, and is never put back;
closing says what was found, why, and whether and when the regulator was told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from logger.clock import Clock
from logger.entries.happened import Incident
from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.reading import NotSubmittedYet, Reading
from logger.errors import LoggerError
from logger.journal.index import Index
from logger.journal.write import Journal
from logger.people.permissions import advises, governs
from logger.people.person import Person
from logger.review.decision import AlreadyMoved
from sync.errors import EntryMoved
from sync.event import INCIDENT

MOST_WORDS = 4_000
MOST_LISTED = 100
OPEN_BREACHES = """
SELECT entry FROM entries WHERE breach_open = 1 ORDER BY breach_at, entry LIMIT ?
"""


class SayWhatHappened(LoggerError):
    """A breach, or its end, without words, or with too many."""

    code = "incident.words"
    status = 422
    public_message = "Say it in a few words, in 4,000 characters or fewer."


class NotThatTime(LoggerError):
    """A time that has not come yet, or is none."""

    code = "incident.time"
    status = 422
    public_message = "Give a date and time that has passed."


class SayWhatWasFound(LoggerError):
    """Closing without saying what it was, or whether the regulator was told."""

    code = "incident.found"
    status = 422
    public_message = "Choose what it was, and whether the ICO was told."


class NoBreachOpen(LoggerError):
    """There is no clock running on this entry, or closing it is for others."""

    code = "incident.not_open"
    status = 409
    public_message = "No breach is open on this entry, or it is not for you to close."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a breach is closed. `told_at` is when the regulator was told, None where it was not;
    an empty `found` and a `told` of None are what nobody chose."""

    found: str
    told: bool | None
    told_at: int | None
    words: str


def check_breach(words: str, aware_at: int | None, now: int) -> int:
    """When somebody became aware: now, unless they say that it was earlier."""
    if not words.strip() or len(words) > MOST_WORDS:
        raise SayWhatHappened
    return _passed(aware_at, now) if aware_at is not None else now


def check_ending(ending: Ending, now: int) -> None:
    """The reason why a breach cannot be closed like that, if there is one."""
    if ending.found not in ("breach", "near-miss") or ending.told is None:
        raise SayWhatWasFound
    if ending.told:
        if ending.told_at is None:
            raise NotThatTime
        _passed(ending.told_at, now)
    if not ending.words.strip() or len(ending.words) > MOST_WORDS:
        raise SayWhatHappened


def may_close(person: Person, *, reviews: bool) -> bool:
    """Whether this person closes a breach: information governance, or whoever reviews the entry.
    A data protection officer advises and never decides."""
    return governs(person) or reviews


class Incidents:
    """Writes and lists near misses and breaches."""

    def __init__(
        self,
        journal: Journal,
        index: Index,
        entries: EntryList,
        reading: Reading,
        clock: Clock,
        follow: Callable[[], object],
    ):
        self._journal, self._index, self._entries = journal, index, entries
        self._reading, self._clock, self._follow = reading, clock, follow

    def running(self, person: Person) -> list[WaitingEntry]:
        """Every breach with a running clock that this person may know of, the oldest first."""
        rows = self._index.read().conn.execute(OPEN_BREACHES, (MOST_LISTED,)).fetchall()
        lines = (self._entries.find(UUID(bytes=entry)) for (entry,) in rows)
        return [line for line in lines if line and self._concerns(person, line)]

    def may_end(self, person: Person, line: WaitingEntry) -> bool:
        """Whether this person could close a breach of this entry."""
        reviews = self._reading.reviews(person, line)
        return may_close(person, reviews=reviews) and not self._reading.wrote(person, line)

    def report(
        self, person: Person, entry: UUID, words: str, *, wrong_person: bool, aware_at: int | None
    ) -> None:
        """Start the clock. Nobody reports on an entry whose words they may not read."""
        line = self._reading.find(person, entry)
        if self._reading.is_closed(person, line):
            raise NotSubmittedYet
        since = check_breach(words, aware_at, self._clock())
        content = Incident(
            what="breach",
            person=person.id,
            words=words.strip(),
            wrong_person=wrong_person,
            aware_at=since,
        )
        self._append(line, content)

    def end(self, person: Person, entry: UUID, ending: Ending) -> None:
        """Stop the clock, with what was found."""
        line = self._reading.find(person, entry)
        if not line.breach_open or not self.may_end(person, line):
            raise NoBreachOpen
        check_ending(ending, self._clock())
        content = Incident(
            what="breach-closed",
            person=person.id,
            words=ending.words.strip(),
            found="breach" if ending.found == "breach" else "near-miss",
            regulator_told_at=ending.told_at if ending.told else None,
        )
        self._append(line, content)

    def _concerns(self, person: Person, line: WaitingEntry) -> bool:
        return advises(person) or self._reading.reviews(person, line)

    def _append(self, line: WaitingEntry, content: Incident) -> None:
        try:
            self._journal.append(INCIDENT, line.id, content, line.last_position)
        except EntryMoved as error:
            self._follow()
            raise AlreadyMoved from error


def _passed(moment: int, now: int) -> int:
    if not 0 < moment <= now:
        raise NotThatTime
    return moment
