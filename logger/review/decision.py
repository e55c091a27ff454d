"""What a reviewer decides, by rules without browser, database or key.

Promises: nobody reviews their own entry; learning and questions have words; of two people who
decide at once one is told, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from logger.entries.entry import State
from logger.entries.happened import Decided, Outcome
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from logger.people.permissions import check_review
from logger.people.person import Person
from logger.people.register import Register
from sync.errors import EntryMoved
from sync.event import DECISION

MOST_WORDS = 4_000
_NEED_WORDS = frozenset({Outcome.SIGNED_OFF_WITH_LEARNING, Outcome.RETURNED})


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
    person: Person, author: Person | None, outcome: str, words: str, *, apart: bool
) -> Outcome:
    """The outcome, or the reason why this person cannot decide so."""
    check_review(person, author, apart=apart)
    if outcome not in set(Outcome):
        raise UnknownOutcome
    if outcome in _NEED_WORDS and not words.strip():
        raise WordsMissing
    if len(words) > MOST_WORDS:
        raise TooManyWords
    return Outcome(outcome)


def check_still(line: WaitingEntry, seen: int) -> None:
    """AlreadyMoved unless the entry stands where the reviewer saw it, waiting for review."""
    if line.state is not State.TO_REVIEW or line.last_position != seen:
        raise AlreadyMoved


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
        line = self._entries.find(entry)
        if line is None:
            raise NotFound
        author = self._register.author_of(line.device)
        chosen = check_decision(person, author, outcome, words, apart=line.allegation)
        check_still(line, seen)
        content = Decided(person=person.id, outcome=chosen, words=words.strip())
        try:
            self._journal.append(DECISION, entry, content, seen)
        except EntryMoved as error:
            self._follow()
            raise AlreadyMoved from error
        return chosen
