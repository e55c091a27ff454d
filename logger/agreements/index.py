"""What the index keeps of agreements, and which shares they covered on their day.

Promises: a share is flagged when somebody was told with whom no agreement was in force on the day
of the share, and with whom one is needed; what is registered later is judged anew; while no
agreement was ever registered nothing is flagged, because everything would be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec
from sqlite_utils import Database

from logger.directory.happened import Agreement, DirectoryHappened
from logger.entries.capture import Addition, Capture
from logger.entries.happened import Later
from logger.entries.index import SOMEONE_ELSE, code_or_nothing
from logger.entries.times import day_of_share
from logger.journal.read import Opened
from sync.store import Row

_EVER = 10_000_000

_TABLES = (
    """CREATE TABLE agreements (
        id BLOB PRIMARY KEY, position INTEGER NOT NULL, content BLOB NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE agreement_history (
        id BLOB NOT NULL, position INTEGER NOT NULL, what TEXT NOT NULL, person TEXT,
        at INTEGER NOT NULL, PRIMARY KEY (id, position)
    ) WITHOUT ROWID""",
    # With whom, and from which day to which; days are ordinals of the calendar.
    """CREATE TABLE agreement_parties (
        code TEXT NOT NULL, agreement BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        PRIMARY KEY (code, agreement)
    ) WITHOUT ROWID""",
    "CREATE INDEX agreement_parties_of ON agreement_parties (agreement)",
    "CREATE TABLE agreement_unneeded (code TEXT PRIMARY KEY) WITHOUT ROWID",
    # Who was told in which share; `counted` where the share stands in figures, `further` where the
    # same information was shared again, as its author added at the desk.
    """CREATE TABLE agreement_shares (
        code TEXT NOT NULL, day INTEGER NOT NULL, entry BLOB NOT NULL, counted INTEGER NOT NULL,
        further INTEGER NOT NULL, PRIMARY KEY (code, day, entry)
    ) WITHOUT ROWID""",
    "CREATE INDEX agreement_shares_of ON agreement_shares (entry)",
    "CREATE TABLE agreement_flags (entry BLOB PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE agreement_judged (entry BLOB PRIMARY KEY) WITHOUT ROWID",
)
# The rule itself: what no agreement covers, with whom one is needed.
COVERLESS = """
NOT EXISTS (SELECT 1 FROM agreement_unneeded u WHERE u.code = s.code)
AND NOT EXISTS (
    SELECT 1 FROM agreement_parties p WHERE p.code = s.code AND s.day BETWEEN p.first AND p.last
)
"""
# What is flagged besides: nothing while everything would be.
UNCOVERED = COVERLESS + " AND EXISTS (SELECT 1 FROM agreement_parties)"  # noqa: S608 a constant
# The entries that the last event about the directory judged anew: what other rooms keep of them
# has to follow.
JUDGED = "SELECT entry FROM agreement_judged ORDER BY entry"
_ENTRY = """
SELECT shared_at, shared_offset, recipients, act, allegation, mistake FROM entries WHERE entry = ?
"""
_FORGET_SHARE = "DELETE FROM agreement_shares WHERE entry = ? AND further = 0"
_TOLD = "INSERT OR REPLACE INTO agreement_shares VALUES (?, ?, ?, ?, 0)"
_TOLD_FURTHER = "INSERT OR IGNORE INTO agreement_shares VALUES (?, ?, ?, ?, 1)"
_FLAG = f"""
INSERT OR IGNORE INTO agreement_flags
SELECT DISTINCT s.entry FROM agreement_shares s WHERE s.entry = ? AND {UNCOVERED}
"""  # noqa: S608 only constants of this file
_UNFLAG = "DELETE FROM agreement_flags WHERE entry = ?"
_FLAG_ALL = f"""
INSERT INTO agreement_flags SELECT DISTINCT s.entry FROM agreement_shares s WHERE {UNCOVERED}
"""  # noqa: S608 only constants of this file
_COVERLESS = f"SELECT s.code FROM agreement_shares s WHERE s.entry = ? AND {COVERLESS} ORDER BY 1"  # noqa: S608 only constants of this file
_FORGET_JUDGED = "DELETE FROM agreement_judged"
_CONCERNED = """
INSERT OR IGNORE INTO agreement_judged
SELECT entry FROM agreement_shares WHERE code = ? AND day BETWEEN ? AND ?
"""
_IN_USE = "SELECT EXISTS (SELECT 1 FROM agreement_parties)"
_KEEP = """
INSERT INTO agreements VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET position = excluded.position, content = excluded.content
"""
_REMEMBER = "INSERT OR REPLACE INTO agreement_history VALUES (?, ?, ?, ?, ?)"
_PARTIES = "SELECT code, first, last FROM agreement_parties WHERE agreement = ?"
_FORGET_PARTIES = "DELETE FROM agreement_parties WHERE agreement = ?"
_ADD_PARTY = "INSERT OR IGNORE INTO agreement_parties VALUES (?, ?, ?, ?)"
_NEEDS = "SELECT code, needs_agreement FROM directory_recipients WHERE position = ?"
_UNNEEDED = "INSERT OR IGNORE INTO agreement_unneeded VALUES (?)"
_NEEDED = "DELETE FROM agreement_unneeded WHERE code = ?"

Span = tuple[str, int, int]


class AgreementsIndex:
    """The projection; it reads what the directory's and the entries' have just folded."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one event in, and judge the shares that it concerns."""
        content, key = opened.content, opened.row.header.entry.bytes
        if isinstance(content, Capture | Addition):
            _note_share(db, key)
            _judge(db, [key])
        elif isinstance(content, Later) and content.what == "further":
            _note_further(db, opened.row, content)
            _judge(db, [key])
        elif isinstance(content, DirectoryHappened):
            in_use = _in_use(db)
            spans = _note_needs(db, opened.row.position)
            if content.agreement is not None:
                _remember(db, opened.row, content, content.agreement)
                spans += _note_parties(db, content.agreement)
            db.conn.execute(_FORGET_JUDGED)
            db.conn.executemany(_CONCERNED, spans)
            if in_use == _in_use(db):
                _judge(db, [entry for (entry,) in db.conn.execute(JUDGED).fetchall()])
            else:
                db.conn.execute(_FLAG_ALL)


def coverless(db: Database, entry: bytes) -> list[str]:
    """With whom of those told there was no agreement that day, whether or not that is flagged."""
    return [code for (code,) in db.conn.execute(_COVERLESS, (entry,)).fetchall()]


def _note_share(db: Database, key: bytes) -> None:
    found = db.conn.execute(_ENTRY, (key,)).fetchone()
    if found is None:
        return
    shared_at, offset, recipients, act, allegation, mistake = found
    db.conn.execute(_FORGET_SHARE, (key,))
    if act != "shared" or mistake:
        return
    day = day_of_share(shared_at, offset).toordinal()
    for code in json.loads(recipients) or [SOMEONE_ELSE]:
        db.conn.execute(_TOLD, (code, day, key, not allegation))


def _note_further(db: Database, row: Row, content: Later) -> None:
    key, code = row.header.entry.bytes, content.answers.get("code", "")
    found = db.conn.execute(_ENTRY, (key,)).fetchone()
    if found is None:
        return
    # Its author says when in words; what is certain is the day on which that was added.
    day = day_of_share(row.received_at, 0).toordinal()
    known = code_or_nothing(code) if isinstance(code, str) else ""
    allegation, mistake = found[4:]
    counted = not allegation and not mistake
    db.conn.execute(_TOLD_FURTHER, (known or SOMEONE_ELSE, day, key, counted))


def _remember(db: Database, row: Row, content: DirectoryHappened, agreement: Agreement) -> None:
    key, by = agreement.id.bytes, str(content.by) if content.by else None
    db.conn.execute(_KEEP, (key, row.position, msgspec.json.encode(agreement)))
    db.conn.execute(_REMEMBER, (key, row.position, content.agreed, by, row.received_at))


def _note_parties(db: Database, agreement: Agreement) -> list[Span]:
    key = agreement.id.bytes
    before: list[Span] = db.conn.execute(_PARTIES, (key,)).fetchall()
    db.conn.execute(_FORGET_PARTIES, (key,))
    last = agreement.last_day
    first, until = agreement.signed.toordinal(), last.toordinal() if last else _EVER
    # One that was ended before it began covers nothing, and still was registered.
    for code in agreement.parties:
        db.conn.execute(_ADD_PARTY, (code, key, first, until))
    return before + [(code, first, until) for code in agreement.parties]


def _note_needs(db: Database, position: int) -> list[Span]:
    spans: list[Span] = []
    for code, needed in db.conn.execute(_NEEDS, (position,)).fetchall():
        if db.conn.execute(_NEEDED if needed else _UNNEEDED, (code,)).rowcount:
            spans.append((code, 0, _EVER))
    return spans


def _in_use(db: Database) -> bool:
    return bool(db.conn.execute(_IN_USE).fetchone()[0])


def _judge(db: Database, entries: Iterable[bytes]) -> None:
    for entry in entries:
        db.conn.execute(_UNFLAG, (entry,))
        db.conn.execute(_FLAG, (entry,))
