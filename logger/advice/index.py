"""What the index keeps of questions and advice: ids, codes, persons and times, never a word."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlite_utils import Database

from logger.advice.happened import Advised
from logger.journal.index import Index
from logger.journal.read import Opened
from logger.trail.looks import Looked

MOST_LISTED = 100
# The page of a look that shows an author what was answered.
ASKED_PAGE = "ask"

_TABLES = (
    """CREATE TABLE advice_threads (
        thread BLOB PRIMARY KEY, entry BLOB NOT NULL, section TEXT NOT NULL, asker TEXT NOT NULL,
        asked_at INTEGER NOT NULL, waits INTEGER NOT NULL, since INTEGER NOT NULL,
        unseen INTEGER NOT NULL, answerer TEXT
    ) WITHOUT ROWID""",
    "CREATE INDEX advice_waiting ON advice_threads (waits, since, thread)",
    "CREATE INDEX advice_of_asker ON advice_threads (asker, waits, since, thread)",
    "CREATE INDEX advice_unseen ON advice_threads (asker) WHERE unseen = 1",
    "CREATE INDEX advice_of_entry ON advice_threads (entry)",
    """CREATE TABLE advice_general (
        id BLOB PRIMARY KEY, at INTEGER NOT NULL, person TEXT NOT NULL, withdrawn INTEGER NOT NULL
    ) WITHOUT ROWID""",
)
_BEGIN = "INSERT OR IGNORE INTO advice_threads VALUES (?, ?, ?, ?, ?, 1, ?, 0, NULL)"
# `since` stays where it was while a question already waits: asking again is no new clock.
_ASK_AGAIN = """
UPDATE advice_threads SET since = CASE WHEN waits THEN since ELSE ? END, waits = 1
WHERE thread = ? AND entry = ?
"""
_ANSWER = """
UPDATE advice_threads SET waits = 0, since = ?, unseen = 1, answerer = ?
WHERE thread = ? AND entry = ?
"""
_SEE = "UPDATE advice_threads SET unseen = 0 WHERE entry = ? AND asker = ?"
_GENERAL = "INSERT OR IGNORE INTO advice_general VALUES (?, ?, ?, 0)"
_WITHDRAW = "UPDATE advice_general SET withdrawn = 1 WHERE id = ?"

_LINE = "SELECT thread, entry, section, asker, asked_at, waits, since, unseen FROM advice_threads"
_WAITING = f"{_LINE} WHERE waits = 1 ORDER BY since, thread LIMIT ?"
_ANSWERED = f"{_LINE} WHERE waits = 0 ORDER BY since DESC, thread LIMIT ?"
_OF_ASKER = f"{_LINE} WHERE asker = ? ORDER BY waits DESC, since DESC, thread LIMIT ?"
_OF_ENTRY = f"{_LINE} WHERE entry = ? ORDER BY asked_at, thread"
_ONE = f"{_LINE} WHERE thread = ?"
_COUNT_WAITING = "SELECT count(*) FROM (SELECT 1 FROM advice_threads WHERE waits = 1 LIMIT ?)"
_COUNT_UNSEEN = """
SELECT count(*) FROM (SELECT 1 FROM advice_threads WHERE asker = ? AND unseen = 1 LIMIT ?)
"""
_ALL_GENERAL = "SELECT id, at, person FROM advice_general WHERE withdrawn = 0 ORDER BY at DESC, id"


@dataclass(frozen=True, slots=True)
class Line:
    """One question as a list shows it; `since` is when it began to wait, or was answered."""

    thread: UUID
    entry: UUID
    section: str
    asker: UUID
    asked_at: int
    waits: bool
    since: int
    unseen: bool


@dataclass(frozen=True, slots=True)
class GeneralLine:
    """One piece of general advice, without its words."""

    id: UUID
    at: int
    person: UUID


class AdviceIndex:
    """The projection of questions, answers, general advice, and of whether an answer was seen."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one event in."""
        match opened.content:
            case Looked(page=page, person=person, entries=entries) if page == ASKED_PAGE:
                seen = [(entry.bytes, str(person)) for entry in entries]
                db.conn.executemany(_SEE, seen)
            case Advised() as content:
                _fold(db, opened, content)


def _fold(db: Database, opened: Opened, content: Advised) -> None:
    row = opened.row
    key, at, person = row.header.entry.bytes, row.received_at, str(content.person)
    thread = content.thread.bytes if content.thread else b""
    match content.what:
        case "asked":
            place = (thread, key, content.section, person, at, at)
            if not db.conn.execute(_BEGIN, place).rowcount:
                db.conn.execute(_ASK_AGAIN, (at, thread, key))
        case "answered":
            db.conn.execute(_ANSWER, (at, person, thread, key))
        case "general":
            db.conn.execute(_GENERAL, (key, at, person))
        case "withdrawn":
            db.conn.execute(_WITHDRAW, (key,))


class Questions:
    """The questions as lists show them; nothing is opened for them."""

    def __init__(self, index: Index):
        self._index = index

    def waiting(self) -> list[Line]:
        """What waits for an answer, the longest first."""
        return self._lines(_WAITING, MOST_LISTED)

    def answered(self) -> list[Line]:
        """What was answered, the latest first."""
        return self._lines(_ANSWERED, MOST_LISTED)

    def of_asker(self, person: UUID) -> list[Line]:
        """What somebody asked, waiting ones first."""
        return self._lines(_OF_ASKER, str(person), MOST_LISTED)

    def of_entry(self, entry: UUID, asker: UUID) -> list[Line]:
        """What somebody asked about an entry."""
        return [one for one in self._lines(_OF_ENTRY, entry.bytes) if one.asker == asker]

    def find(self, thread: UUID) -> Line | None:
        """One question, or None."""
        found = self._lines(_ONE, thread.bytes)
        return found[0] if found else None

    def count_waiting(self) -> int:
        """How many wait, counted no further than a list shows."""
        return self._count(_COUNT_WAITING, MOST_LISTED)

    def count_unseen(self, person: UUID) -> int:
        """How many answers this person has not looked at."""
        return self._count(_COUNT_UNSEEN, str(person), MOST_LISTED)

    def general(self) -> list[GeneralLine]:
        """All general advice that holds, the newest first."""
        rows = self._index.read().conn.execute(_ALL_GENERAL).fetchall()
        return [GeneralLine(UUID(bytes=key), at, UUID(person)) for key, at, person in rows]

    def _lines(self, statement: str, *values: object) -> list[Line]:
        return [
            Line(
                UUID(bytes=thread), UUID(bytes=entry), section, UUID(asker), asked_at, bool(waits),
                since, bool(unseen),
            )
            for thread, entry, section, asker, asked_at, waits, since, unseen in (
                self._index.read().conn.execute(statement, values).fetchall()
            )
        ]  # fmt: skip

    def _count(self, statement: str, *values: object) -> int:
        return int(self._index.read().conn.execute(statement, values).fetchone()[0])
