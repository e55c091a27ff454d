"""Who stands in for an author who is away: documentation handed over, and entries opened by two.

Promises: nobody hands an entry to themselves or opens one alone; an opening ends by itself, and
every read under it is a look like any other; what is kept apart is never handed over or opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from logger.clock import Clock
from logger.entries.entry import State
from logger.entries.happened import StoodIn
from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.times import HOUR
from logger.errors import LoggerError, NotFound
from logger.journal.index import Index
from logger.journal.write import Journal
from logger.people.permissions import completes, governs, may_review
from logger.people.person import Person
from logger.people.register import Register
from sync.errors import EntryMoved
from sync.event import STANDING_IN

OPEN_HOURS = 24
MOST_REASON = 1_000
_OPEN_STATES = frozenset({State.TO_COMPLETE, State.RETURNED})

_COLUMNS = "SELECT entry, ask, asker, asked_at, answer, answered_by, until FROM openings"
_OF_ENTRY = _COLUMNS + " WHERE entry = ? ORDER BY ask DESC LIMIT 1"
_ASKED = _COLUMNS + " WHERE answer = '' ORDER BY asked_at, entry LIMIT 100"
_HOLDS = """
SELECT 1 FROM openings
WHERE entry = ? AND asker = ? AND answer = 'opening-approved' AND until > ? LIMIT 1
"""


class NotToYourself(LoggerError):
    """Whoever hands an entry over, or asks for it to be opened, needs a second person."""

    code = "standing_in.alone"
    status = 403
    public_message = "This needs a second person. Ask a colleague."


class CannotStandIn(LoggerError):
    """The entry is not one that somebody else can take over or open."""

    code = "standing_in.not_possible"
    status = 403
    public_message = "This entry cannot be handed over or opened."


class ReasonMissing(LoggerError):
    """No reason was given, or one far too long."""

    code = "standing_in.reason"
    status = 422
    public_message = "Give the reason in a few words."


class ChooseSomeone(LoggerError):
    """Nobody was chosen, or somebody who logs no shares."""

    code = "standing_in.nobody"
    status = 422
    public_message = "Choose who completes it."


class AnsweredAlready(LoggerError):
    """The entry, or what was asked, has moved on."""

    code = "standing_in.moved"
    status = 409
    public_message = "Something happened to this entry meanwhile. Look at it again."


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody asked, and what a second person answered; `answer` is empty until then."""

    entry: UUID
    ask: int
    asker: UUID
    asked_at: int
    answer: str
    answered_by: UUID | None
    until: int

    def holds(self, person: Person, now: int) -> bool:
        """Whether the entry is open to this person now."""
        return self.answer == "opening-approved" and self.asker == person.id and now < self.until


class Openings:
    """Asks the index who asked to open what."""

    def __init__(self, index: Index, clock: Clock):
        self._index, self._clock = index, clock

    def holds(self, person: Person, entry: UUID) -> bool:
        """Whether an entry is open to this person now."""
        values = (entry.bytes, str(person.id), self._clock())
        return bool(self._rows(_HOLDS, values))

    def latest(self, entry: UUID) -> Opening | None:
        """What was last asked about an entry, or None."""
        found = self._rows(_OF_ENTRY, (entry.bytes,))
        return _opening(found[0]) if found else None

    def asked(self) -> list[Opening]:
        """What nobody has answered yet, the oldest first."""
        return [_opening(row) for row in self._rows(_ASKED, ())]

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return self._index.read().conn.execute(statement, values).fetchall()


def check_stand_in(person: Person, author: Person | None, line: WaitingEntry) -> None:
    """The reason why this person cannot have an entry handed over or opened, if there is one."""
    reaches = may_review(person, author, apart=line.allegation)
    if not reaches or line.allegation or line.state not in _OPEN_STATES:
        raise CannotStandIn


def may_answer(person: Person, author: Person | None, line: WaitingEntry, ask: Opening) -> bool:
    """Whether this person can be the second of the two: not the one who asked, nor the author,
    but somebody who could review the entry, or information governance."""
    second = person.id != ask.asker and (author is None or author.id != person.id)
    answers = may_review(person, author, apart=line.allegation) or governs(person)
    return second and answers and not line.allegation


class StandingIn:
    """Writes who stands in for whom. `follow` brings the index up to the ledger."""

    def __init__(
        self,
        journal: Journal,
        entries: EntryList,
        register: Register,
        openings: Openings,
        clock: Clock,
        follow: Callable[[], object],
    ):
        self._journal, self._entries, self._register = journal, entries, register
        self._openings, self._clock, self._follow = openings, clock, follow

    def hand_over(self, person: Person, entry: UUID, to: Person | None, reason: str) -> None:
        """Another completes it; handed to the author, it is theirs alone again."""
        line, author = self._line(entry)
        check_stand_in(person, author, line)
        if to is None or not completes(to):
            raise ChooseSomeone
        if to.id == person.id:
            raise NotToYourself
        content = StoodIn(what="handed-over", person=person.id, to=to.id, reason=_checked(reason))
        self._append(line, content)

    def ask(self, person: Person, entry: UUID, reason: str) -> None:
        """Ask a second person to open an entry whose author cannot be reached."""
        line, author = self._line(entry)
        check_stand_in(person, author, line)
        content = StoodIn(what="opening-asked", person=person.id, reason=_checked(reason))
        self._append(line, content)

    def answer(self, person: Person, entry: UUID, ask: int, *, approve: bool) -> None:
        """Be the second person: it is open to whoever asked for OPEN_HOURS, or it is not."""
        line, author = self._line(entry)
        asked = self._openings.latest(entry)
        if asked is None or asked.ask != ask or asked.answer:
            raise AnsweredAlready
        if not may_answer(person, author, line, asked):
            raise NotToYourself
        content = StoodIn(
            what="opening-approved" if approve else "opening-declined",
            person=person.id,
            ask=ask,
            to=asked.asker,
            until=self._clock() + OPEN_HOURS * HOUR if approve else 0,
        )
        self._append(line, content)

    def _line(self, entry: UUID) -> tuple[WaitingEntry, Person | None]:
        line = self._entries.find(entry)
        if line is None:
            raise NotFound
        return line, self._register.author_of(line.device)

    def _append(self, line: WaitingEntry, content: StoodIn) -> None:
        try:
            self._journal.append(STANDING_IN, line.id, content, line.last_position)
        except EntryMoved as error:
            self._follow()
            raise AnsweredAlready from error


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON:
        raise ReasonMissing
    return reason


def _opening(row: tuple[Any, ...]) -> Opening:
    entry, ask, asker, asked_at, answer, by, until = row
    answered_by = UUID(by) if by else None
    return Opening(UUID(bytes=entry), ask, UUID(asker), asked_at, answer, answered_by, until)
