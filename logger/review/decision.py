"""What a reviewer decides, by rules without browser, database or key.

Promises: nobody reviews their own entry, nor what they documented for another; learning and
questions have words; of two people who decide at once one is told, and loses nothing; a decision
is taken back by whoever made it, as an event of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from logger.entries.entry import State
from logger.entries.happened import Decided, Outcome
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from logger.people.permissions import (
    NotForGovernance,
    NotYourDecision,
    NotYourReview,
    advises,
    check_review,
    governs,
)
from logger.people.person import Person
from logger.people.register import Register
from sync.errors import EntryMoved
from sync.event import DECISION

MOST_WORDS = 4_000
REVIEWS = (
    Outcome.SIGNED_OFF, Outcome.SIGNED_OFF_WITH_LEARNING, Outcome.RETURNED, Outcome.REFERRED,
)  # fmt: skip
ANSWERS = (Outcome.ADVISED, Outcome.CLOSED)
# Closing what its author disowned is no review of it, and nothing else is decided on it.
FINDINGS = (Outcome.NOT_THEIRS,)
_NEED_WORDS = frozenset({
    Outcome.SIGNED_OFF_WITH_LEARNING, Outcome.RETURNED, Outcome.REFERRED, *ANSWERS,
    *FINDINGS,
})  # fmt: skip
# What can be taken back, and where the entry stands then.
_UNDOABLE = {
    Outcome.SIGNED_OFF: State.DONE,
    Outcome.SIGNED_OFF_WITH_LEARNING: State.DONE,
    Outcome.RETURNED: State.RETURNED,
    Outcome.REFERRED: State.REFERRED,
    Outcome.CLOSED: State.DONE,
    Outcome.NOT_THEIRS: State.DONE,
}


class WordsMissing(LoggerError):
    """Learning was noted, or a question asked, without saying which."""

    code = "review.words_missing"
    status = 422
    public_message = "Say it in a few words."


class TooManyWords(LoggerError):
    """More words than a decision holds."""

    code = "review.too_many_words"
    status = 422
    public_message = "Shorten this to 4,000 characters or fewer."


class UnknownOutcome(LoggerError):
    """Something was chosen that nobody can decide."""

    code = "review.unknown_outcome"
    status = 422
    public_message = "Choose what you decide."


class AlreadyMoved(LoggerError):
    """Something happened to the entry since the reviewer opened it."""

    code = "review.moved"
    status = 409
    public_message = "Something happened to this entry while you were reading it."


def check_decision(
    person: Person, author: Person | None, outcome: str, words: str, line: WaitingEntry
) -> Outcome:
    """The outcome, or the reason why this person cannot decide so."""
    check_review(person, author, apart=line.allegation)
    _check_not_theirs(person, author, line)
    found_out = line.state is State.NOT_MINE or outcome in FINDINGS
    return _check_words(FINDINGS if found_out else REVIEWS, outcome, words)


def check_answer(
    person: Person, author: Person | None, outcome: str, words: str, line: WaitingEntry
) -> Outcome:
    """What information governance answers, or why this person cannot: who advises never decides,
    so only information governance itself closes an entry, and nobody their own."""
    asked = line.with_governance and advises(person)
    if not asked or (outcome == Outcome.CLOSED and not governs(person)):
        raise NotForGovernance
    _check_not_theirs(person, author, line)
    return _check_words(ANSWERS, outcome, words)


def may_undo(person: Person, line: WaitingEntry) -> bool:
    """Whether this person can take the last decision back: it is theirs, it still stands, and
    where the entry went back to its author, nothing has happened since."""
    if line.decided_by != person.id or line.outcome is None:
        return False
    if _UNDOABLE.get(Outcome(line.outcome)) is not line.state:
        return False
    return line.state is not State.RETURNED or line.last_position == line.decided_position


def check_still(line: WaitingEntry, seen: int, state: State = State.TO_REVIEW) -> None:
    """AlreadyMoved unless the entry stands where it was seen."""
    if line.state is not state or line.last_position != seen:
        raise AlreadyMoved


def _check_not_theirs(person: Person, author: Person | None, line: WaitingEntry) -> None:
    # Whoever wrote any of it stays away from it, also after it was handed on, or another role.
    if person.id in (author.id if author else None, line.documenter, *line.completed_by):
        raise NotYourReview


def _check_words(among: tuple[Outcome, ...], outcome: str, words: str) -> Outcome:
    if outcome not in among:
        raise UnknownOutcome
    if outcome in _NEED_WORDS and not words.strip():
        raise WordsMissing
    if len(words) > MOST_WORDS:
        raise TooManyWords
    return Outcome(outcome)


class Decisions:
    """Writes decisions into the ledger. `follow` brings the index up to it."""

    def __init__(
        self,
        journal: Journal,
        entries: EntryList,
        register: Register,
        follow: Callable[[], object],
    ):
        self._journal, self._entries = journal, entries
        self._register, self._follow = register, follow

    def decide(self, person: Person, entry: UUID, outcome: str, words: str, seen: int) -> Outcome:
        """Decide on an entry as it stood at position `seen`."""
        line = self._line(entry)
        author = self._register.author_of(line.device)
        chosen = check_decision(person, author, outcome, words, line)
        check_still(line, seen, State.NOT_MINE if chosen in FINDINGS else State.TO_REVIEW)
        content = Decided(person=person.id, outcome=chosen, words=words.strip())
        self._append(entry, content, seen)
        return chosen

    def answer(self, person: Person, entry: UUID, outcome: str, words: str, seen: int) -> Outcome:
        """Information governance gives its advice, and the entry goes back to review, or closes
        it."""
        line = self._line(entry)
        author = self._register.author_of(line.device)
        chosen = check_answer(person, author, outcome, words, line)
        check_still(line, seen, State.REFERRED)
        content = Decided(person=person.id, outcome=chosen, words=words.strip())
        self._append(entry, content, seen)
        return chosen

    def undo(self, person: Person, entry: UUID) -> None:
        """Take one's own last decision back; the entry stands again where it stood before."""
        line = self._line(entry)
        if not may_undo(person, line):
            raise NotYourDecision
        undoes = Outcome(line.outcome or "")
        content = Decided(person=person.id, outcome=Outcome.UNDONE, undoes=undoes)
        self._append(entry, content, line.last_position)

    def _line(self, entry: UUID) -> WaitingEntry:
        line = self._entries.find(entry)
        if line is None:
            raise NotFound
        return line

    def _append(self, entry: UUID, content: Decided, seen: int) -> None:
        try:
            self._journal.append(DECISION, entry, content, seen)
        except EntryMoved as error:
            self._follow()
            raise AlreadyMoved from error
