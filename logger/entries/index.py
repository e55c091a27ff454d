"""What the index knows of entries: codes, times and states, so that lists open nothing.

Promises: no name, no label that somebody typed and no narrative is ever stored here; every value
follows from the ledger alone, so that an index made anew is the same.
"""

from __future__ import annotations

import json
import re

from sqlite_utils import Database

from logger.entries.capture import Capture
from logger.entries.entry import State, moved
from logger.entries.happened import Decided, Documented, Submitted
from logger.journal.read import Opened
from sync.event import DECIDING_KINDS
from sync.store import Row

URGENT_WHY = frozenset({"immediate-danger"})
SOMEONE_ELSE = "someone-else"
# The lists that people work through; an entry stands in exactly one.
TO_COMPLETE, TO_REVIEW, DONE = 0, 1, 2

_LIST_OF = {
    State.TO_COMPLETE: TO_COMPLETE,
    State.RETURNED: TO_COMPLETE,
    State.TO_REVIEW: TO_REVIEW,
    State.DONE: DONE,
}
# Codes come from a phone and could be anything: what does not look like one is not kept.
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

_TABLES = (
    """CREATE TABLE entries (
        entry BLOB PRIMARY KEY, device BLOB NOT NULL, position INTEGER NOT NULL,
        recipients TEXT NOT NULL, why TEXT NOT NULL, how TEXT NOT NULL, children INTEGER NOT NULL,
        shared_at INTEGER NOT NULL, shared_offset INTEGER NOT NULL, about INTEGER NOT NULL,
        logged_at INTEGER NOT NULL, last_server INTEGER, offline INTEGER NOT NULL,
        received_at INTEGER NOT NULL, urgent INTEGER NOT NULL,
        state TEXT NOT NULL, list INTEGER NOT NULL, rank INTEGER NOT NULL, since INTEGER NOT NULL,
        last_position INTEGER NOT NULL, times_returned INTEGER NOT NULL DEFAULT 0,
        submitted_at INTEGER, submitted_position INTEGER,
        decided_at INTEGER, decided_position INTEGER, decided_by TEXT, outcome TEXT
    ) WITHOUT ROWID""",
    # Both ways a list is walked: one author's phones, or everybody's; never sorted, never counted
    # through, so that a page costs the same with a million entries as with a thousand.
    "CREATE INDEX entries_of_device ON entries (device, list, rank, since, entry)",
    "CREATE INDEX entries_of_all ON entries (list, rank, since, entry, device)",
    """CREATE TABLE documented (
        entry BLOB NOT NULL, section TEXT NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (entry, section)
    ) WITHOUT ROWID""",
)
_BEGIN = """
INSERT INTO entries (
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, last_server, offline, received_at, urgent, state, list, rank, since, last_position
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FIND = "SELECT state, urgent FROM entries WHERE entry = ?"
_TOUCH = "UPDATE entries SET last_position = ? WHERE entry = ?"
_DOCUMENT = """
INSERT INTO documented VALUES (?, ?, ?)
ON CONFLICT (entry, section) DO UPDATE SET position = excluded.position
"""
_SUBMIT = """
UPDATE entries SET state = ?, list = ?, rank = ?, since = ?, submitted_at = ?,
    submitted_position = ? WHERE entry = ?
"""
_DECIDE = """
UPDATE entries SET state = ?, list = ?, rank = ?, since = ?, decided_at = ?,
    decided_position = ?, decided_by = ?, outcome = ?,
    times_returned = times_returned + ? WHERE entry = ?
"""


class EntriesIndex:
    """The projection of captures, documentation, submissions and decisions."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one opened row in; kinds of other rooms are passed over."""
        row, content = opened.row, opened.content
        key = row.header.entry.bytes
        found = db.conn.execute(_FIND, (key,)).fetchone()
        if found is None:
            if isinstance(content, Capture):
                db.conn.execute(_BEGIN, _first(row, content))
            return
        if row.header.kind not in DECIDING_KINDS:
            return
        db.conn.execute(_TOUCH, (row.position, key))
        if isinstance(content, Documented):
            db.conn.execute(_DOCUMENT, (key, content.section, row.position))
        elif isinstance(content, Submitted | Decided):
            _move(db, row, content, State(found[0]), bool(found[1]))


def code_or_nothing(text: str) -> str:
    """The code, or an empty text where somebody wrote something else in its place."""
    return text if _CODE.fullmatch(text) else ""


def _first(row: Row, capture: Capture) -> tuple[object, ...]:
    told = {code_or_nothing(one.code or "") or SOMEONE_ELSE for one in capture.recipients}
    why = [code for code in capture.why if code_or_nothing(code)]
    # A phone with a clock far ahead must not push its entry to the end of every list.
    shared_at = min(capture.when.at, row.received_at)
    return (
        row.header.entry.bytes, row.header.device, row.position,
        json.dumps(sorted(told)), json.dumps(why), code_or_nothing(capture.how),
        len(capture.children), shared_at, capture.when.utc_offset, capture.when.about,
        capture.clock.at, capture.clock.last_server, capture.offline, row.received_at,
        bool(URGENT_WHY & set(why)), State.TO_COMPLETE, TO_COMPLETE, 1, shared_at, row.position,
    )  # fmt: skip


def _move(
    db: Database, row: Row, content: Submitted | Decided, before: State, urgent: bool
) -> None:
    state = moved(before, content)
    if state is before:
        return
    key, at = row.header.entry.bytes, row.received_at
    # Returned ones stand above the rest of what is to complete, urgent ones above the rest of
    # what is to review; what is done stands newest first.
    first = state is State.RETURNED or (urgent and state is State.TO_REVIEW)
    place = (state, _LIST_OF[state], 0 if first else 1, -at if state is State.DONE else at)
    if isinstance(content, Submitted):
        db.conn.execute(_SUBMIT, (*place, at, row.position, key))
    else:
        returned = int(state is State.RETURNED)
        values = (*place, at, row.position, str(content.person), content.outcome, returned, key)
        db.conn.execute(_DECIDE, values)
