"""What the index keeps of reviewing: who stands in, which clocks run, what was reminded of.

Promises: codes, times and ids of colleagues alone; a clock that runs is never put back.
"""

from __future__ import annotations

from sqlite_utils import Database

from logger.entries.happened import Incident, StoodIn
from logger.journal.read import Opened
from sync.store import Row

_TABLES = (
    """CREATE TABLE openings (
        entry BLOB NOT NULL, ask INTEGER NOT NULL, asker TEXT NOT NULL, asked_at INTEGER NOT NULL,
        answer TEXT NOT NULL DEFAULT '', answered_by TEXT, until INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (entry, ask)
    ) WITHOUT ROWID""",
    "CREATE INDEX openings_asked ON openings (asked_at, entry) WHERE answer = ''",
    """CREATE TABLE reminders (
        position INTEGER PRIMARY KEY, entry BLOB NOT NULL, person TEXT NOT NULL, by TEXT,
        at INTEGER NOT NULL
    )""",
    "CREATE INDEX reminders_at ON reminders (at)",
)
_IS_THERE = "SELECT 1 FROM entries WHERE entry = ?"
# Handed back to the author it is nobody else's any more.
_HAND_OVER = """
UPDATE entries SET documenter = nullif(
    ?, (SELECT person FROM phones WHERE phones.device = entries.device)
) WHERE entry = ? AND allegation = 0
"""
_ASK = "INSERT INTO openings (entry, ask, asker, asked_at) VALUES (?, ?, ?, ?)"
# The first answer to what was asked is the one that counts.
_ANSWER = """
UPDATE openings SET answer = ?, answered_by = ?, until = ?
WHERE entry = ? AND ask = ? AND answer = ''
"""
_BREACH = """
UPDATE entries SET breach_at = min(coalesce(breach_at, ?1), ?1), breach_open = 1,
    wrong_person = wrong_person OR ?2, with_governance = 1 WHERE entry = ?3
"""
_CLOSE_BREACH = "UPDATE entries SET breach_open = 0 WHERE entry = ?"
_REMINDED = "UPDATE entries SET reminded_at = ? WHERE entry = ?"
_REMIND = "INSERT INTO reminders VALUES (?, ?, ?, ?, ?)"


class OversightIndex:
    """The projection; `EntriesIndex` keeps the columns of an entry that this one fills."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one event in; what is about no entry that is known is passed over."""
        content, row = opened.content, opened.row
        if not isinstance(content, StoodIn | Incident):
            return
        if db.conn.execute(_IS_THERE, (row.header.entry.bytes,)).fetchone() is None:
            return
        if isinstance(content, StoodIn):
            _stand_in(db, row, content)
        else:
            _report(db, row, content)


def _stand_in(db: Database, row: Row, content: StoodIn) -> None:
    key, by = row.header.entry.bytes, str(content.person)
    if content.what == "handed-over":
        db.conn.execute(_HAND_OVER, (str(content.to), key))
    elif content.what == "opening-asked":
        db.conn.execute(_ASK, (key, row.position, by, row.received_at))
    else:
        db.conn.execute(_ANSWER, (content.what, by, content.until, key, content.ask))


def _report(db: Database, row: Row, content: Incident) -> None:
    key, at = row.header.entry.bytes, row.received_at
    if content.what == "breach":
        # A clock that runs is never put back by somebody who became aware later.
        db.conn.execute(_BREACH, (min(content.aware_at, at), content.wrong_person, key))
    elif content.what == "breach-closed":
        db.conn.execute(_CLOSE_BREACH, (key,))
    else:
        by = str(content.person) if content.person else None
        db.conn.execute(_REMINDED, (at, key))
        db.conn.execute(_REMIND, (row.position, key, str(content.to), by, at))
