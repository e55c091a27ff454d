"""Asks, answers and reads: each word an event, each reading a look that was written first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from logger.advice.happened import Advised
from logger.advice.index import ASKED_PAGE, GeneralLine, Line, Questions
from logger.advice.thread import Thread, threads
from logger.entries.entry import Entry, fold
from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError, NotFound
from logger.journal.write import Journal
from logger.people.permissions import advises
from logger.people.person import Person
from logger.trail.look import Trail
from sync.event import ADVICE

MOST_WORDS, MOST_TITLE = 4_000, 200


class NothingSaid(LoggerError):
    """An empty question or answer."""

    code = "advice.nothing_said"
    status = 422
    public_message = "Write something first."


class TooMuchSaid(LoggerError):
    """More than 4,000 characters."""

    code = "advice.too_much_said"
    status = 422
    public_message = "Shorten this to 4,000 characters or fewer."


class NoTitle(LoggerError):
    """General advice without a title, or with one that is too long."""

    code = "advice.no_title"
    status = 422
    public_message = "Give the general advice a title of up to 200 characters."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as who advises reads it: the thread, and of the entry what it is about. Where the
    entry is for its author and the allegations lead alone, there is the thread and nothing else."""

    line: Line
    thread: Thread
    waiting: WaitingEntry | None
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class General:
    """One piece of general advice."""

    line: GeneralLine
    title: str
    words: str


class AdviceDesk:
    """What pages of this room do."""

    def __init__(self, journal: Journal, trail: Trail, entries: EntryList, questions: Questions):
        self._journal, self._trail = journal, trail
        self._entries, self._questions = entries, questions

    def ask(
        self, person: Person, entry: UUID, section: str, words: str, thread: UUID | None
    ) -> None:
        """A new question, or more on one of their own. Whose entry it is was asked before."""
        if thread is None:
            thread = self._journal.new_id()
        elif all(line.thread != thread for line in self._questions.of_entry(entry, person.id)):
            raise NotFound
        content = Advised(
            what="asked", person=person.id, words=checked(words), thread=thread, section=section
        )
        self._journal.append(ADVICE, entry, content)

    def own(self, person: Person, entry: UUID) -> tuple[Entry, tuple[Thread, ...]]:
        """An entry and all that this person asked about it; answers count as seen from now on.
        An author and whoever was handed the documentation read only what they asked themselves."""
        events = self._trail.read(person, [entry], ASKED_PAGE)[entry]
        found = fold(events)
        if found is None:
            raise NotFound
        return found, tuple(one for one in threads(events) if one.asker == person.id)

    def asked(self, person: Person, thread: UUID) -> Asked:
        """A question that was asked of this person; NotFound for everybody else."""
        line = self._questions.find(thread)
        if line is None or not advises(person):
            raise NotFound
        events = self._trail.read(person, [line.entry], "advice")[line.entry]
        found = next((one for one in threads(events) if one.id == thread), None)
        if found is None:
            raise NotFound
        waiting = self._entries.find(line.entry)
        if waiting is None or waiting.allegation:
            return Asked(line, found, None, None)
        return Asked(line, found, waiting, fold(events))

    def answer(self, person: Person, line: Line, words: str) -> None:
        """An answer: advice, which decides nothing."""
        content = Advised(
            what="answered", person=person.id, words=checked(words), thread=line.thread,
            section=line.section,
        )  # fmt: skip
        self._journal.append(ADVICE, line.entry, content)

    def write_general(self, person: Person, title: str, words: str) -> None:
        """Advice for everybody, with an id of its own: nothing leads from it to a question."""
        title, words = checked_title(title), checked(words)
        content = Advised(what="general", person=person.id, title=title, words=words)
        self._journal.append(ADVICE, self._journal.new_id(), content)

    def withdraw(self, person: Person, id: UUID) -> None:
        """Take general advice back: it is found no more."""
        if all(line.id != id for line in self._questions.general()):
            raise NotFound
        self._journal.append(ADVICE, id, Advised(what="withdrawn", person=person.id))

    def search(self, words: str) -> list[General]:
        """General advice in which all these words stand, the newest first."""
        lines = {line.id: line for line in self._questions.general()}
        found = []
        for key, content in self._trail.published(list(lines), Advised):
            text = f"{content.title} {content.words}".casefold()
            if content.what == "general" and all(one in text for one in words.casefold().split()):
                found.append(General(lines[key], content.title, content.words))
        return found


def checked(words: str) -> str:
    """What was said, or why it cannot be taken."""
    words = words.strip()
    if not words:
        raise NothingSaid
    if len(words) > MOST_WORDS:
        raise TooMuchSaid
    return words


def checked_title(title: str) -> str:
    """A title of general advice, or why it cannot be taken."""
    title = title.strip()
    if not 0 < len(title) <= MOST_TITLE:
        raise NoTitle
    return title
