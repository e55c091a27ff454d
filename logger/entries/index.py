"""What the index knows of entries: codes, times and states, so that lists open nothing.

Promises: no name, no label that somebody typed and no narrative is ever stored here; every value
follows from the ledger alone, so that an index made anew is the same; an entry about somebody who
works with children stands in lists apart, which nobody walks who did not ask for them by name.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlite_utils import Database

from logger.entries.capture import Addition, Capture
from logger.entries.entry import State, begun, begun_as, moved
from logger.entries.happened import Decided, Documented, Later, Outcome, Submitted
from logger.entries.tables import APART, TABLES
from logger.journal.read import Opened
from sync.event import DECIDING_KINDS
from sync.store import Row

URGENT_WHY = frozenset({"immediate-danger"})
SOMEONE_ELSE = "someone-else"
# The lists that people work through; an entry stands in exactly one. What was told later stands
# in a list that nobody works through.
TO_COMPLETE, TO_REVIEW, DONE, NOT_TOLD, TOLD, NOT_MINE, REFERRED = 0, 1, 2, 3, 4, 5, 6

_LIST_OF = {
    State.TO_COMPLETE: TO_COMPLETE,
    State.RETURNED: TO_COMPLETE,
    State.TO_REVIEW: TO_REVIEW,
    State.DONE: DONE,
    State.NOT_TOLD: NOT_TOLD,
    State.TOLD: TOLD,
    State.NOT_MINE: NOT_MINE,
    State.REFERRED: REFERRED,
}
_NEWEST_FIRST = frozenset({State.DONE, State.NOT_MINE})
# Codes come from a phone and could be anything: what does not look like one is not kept.
_NUMBER = re.compile(r"[0-9]{1,15}")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

_BEGIN = """
INSERT INTO entries (
    entry, device, position, recipients, why, how, children, shared_at, shared_offset, about,
    logged_at, offline, received_at, urgent, act, attempt, review_on,
    danger, allegation, mistake, state, list, rank, since, last_position
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
"""
_FIND = "SELECT state, urgent OR danger, allegation, act FROM entries WHERE entry = ?"
_AGAIN = """
UPDATE entries SET danger = danger OR ?, rank = CASE WHEN ? AND state = 'to-review' THEN 0
    ELSE rank END WHERE entry = ?
"""
_SET_APART = f"""
UPDATE entries SET allegation = 1, list = list + {APART}, documenter = NULL
WHERE entry = ? AND allegation = 0
"""  # noqa: S608 only constants of this file
_FOLLOW = "INSERT OR IGNORE INTO follows VALUES (?, ?, ?)"
_MISTAKE = "INSERT OR IGNORE INTO mistaken VALUES (?, ?)"
# Only the phone that captured an entry can take it back.
_MARK = """
UPDATE entries SET mistake = EXISTS (
    SELECT 1 FROM mistaken m WHERE m.entry = entries.entry AND m.device = entries.device
) WHERE entry = ?
"""
_TRY = "INSERT OR IGNORE INTO tries VALUES (?, ?, ?)"
_FOLLOWED_BY = """
SELECT entry FROM follows WHERE share = ?
UNION SELECT t.entry FROM follows f JOIN tries t ON t.first = f.entry WHERE f.share = ?
"""
# Someone was reached when a share of the same phone says so, of this call or of the first of its
# row, that was not itself a mistake.
_CALL = """
SELECT allegation, mistake, EXISTS (
    SELECT 1 FROM follows f WHERE f.device = e.device AND f.entry IN (
        SELECT e.entry UNION ALL
        SELECT first FROM tries t WHERE t.entry = e.entry AND t.device = e.device
    ) AND NOT EXISTS (
        SELECT 1 FROM mistaken m WHERE m.entry = f.share AND m.device = f.device
    )
) FROM entries e WHERE e.entry = ? AND e.state IN ('not-told', 'told')
"""
_PLACE = "UPDATE entries SET state = ?, list = ? WHERE entry = ?"
_TOUCH = "UPDATE entries SET last_position = ? WHERE entry = ?"
_AGREE = "UPDATE entries SET no_agreement = ? WHERE entry = ?"
_DOCUMENT = """
INSERT INTO documented VALUES (?, ?, ?)
ON CONFLICT (entry, section) DO UPDATE SET position = excluded.position
"""
_COMPLETE = "INSERT OR IGNORE INTO completed_by VALUES (?, ?)"
_SUBMIT = """
UPDATE entries SET state = ?, list = ?, rank = ?, since = ?, submitted_at = ?,
    submitted_position = ? WHERE entry = ?
"""
_DECIDE = """
UPDATE entries SET state = ?, list = ?, rank = ?, since = ?, decided_at = ?,
    decided_position = ?, decided_by = ?, outcome = ?,
    times_returned = times_returned + ?, with_governance = with_governance OR ? WHERE entry = ?
"""


_ADD_LATER = "INSERT INTO added_later VALUES (?, ?, ?, ?, ?)"
_CORRECT = """
INSERT INTO corrections VALUES (?, ?, ?)
ON CONFLICT (entry, correction) DO UPDATE SET untold = excluded.untold
"""
_FURTHER = "SELECT further FROM entries WHERE entry = ?"
_TELL_FURTHER = "UPDATE entries SET further = ? WHERE entry = ?"
_SAY_WHOSE = """
UPDATE entries SET state = ?, list = ?, rank = 1, since = coalesce(?, shared_at) WHERE entry = ?
"""


class Standing(NamedTuple):
    """What the index knew of an entry before something happened to it. `urgent`: there is danger
    now, or there would be if it became known."""

    state: State
    urgent: bool
    allegation: bool
    began: State


class EntriesIndex:
    """The projection of captures, documentation, submissions and decisions."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one opened row in; kinds of other rooms are passed over."""
        row, content = opened.row, opened.content
        key = row.header.entry.bytes
        if isinstance(content, Capture) and content.follows:
            _link(db, content, key, row.header.device)
        elif isinstance(content, Addition) and content.what == "mistake":
            db.conn.execute(_MISTAKE, (key, row.header.device))
        self._fold(db, row, content)
        if isinstance(content, Capture | Addition):
            db.conn.execute(_MARK, (key,))
            for (one,) in [(key,), *db.conn.execute(_FOLLOWED_BY, (key, key)).fetchall()]:
                _settle_call(db, one)

    def _fold(self, db: Database, row: Row, content: msgspec.Struct) -> None:
        key = row.header.entry.bytes
        found = db.conn.execute(_FIND, (key,)).fetchone()
        if found is None:
            if isinstance(content, Capture):
                db.conn.execute(_BEGIN, _first(row, content))
            return
        if row.header.kind not in DECIDING_KINDS:
            return
        db.conn.execute(_TOUCH, (row.position, key))
        if isinstance(content, Documented | Submitted):
            db.conn.execute(_COMPLETE, (key, str(content.person)))
        if isinstance(content, Documented):
            _document(db, row, content)
        elif isinstance(content, Submitted | Decided):
            _move(db, row, content, _standing(found))
        elif isinstance(content, Later):
            _add_later(db, row, content, _standing(found))
        elif isinstance(content, Capture):
            # Whatever any of them says holds: what was once kept apart never comes back.
            db.conn.execute(_AGAIN, (content.danger, content.danger, key))
            if content.allegation:
                db.conn.execute(_SET_APART, (key,))


def _document(db: Database, row: Row, content: Documented) -> None:
    key = row.header.entry.bytes
    db.conn.execute(_DOCUMENT, (key, content.section, row.position))
    if content.section == "advice":
        db.conn.execute(_AGREE, (content.answers.get("agreement") == "none", key))


def apart(which: int) -> int:
    """The list beside `which` of entries that only their author and the allegations lead see."""
    return which + APART


def _standing(found: tuple[str, int, int, str]) -> Standing:
    state, urgent, allegation, act = found
    return Standing(State(state), bool(urgent), bool(allegation), begun_as(act))


def _add_later(db: Database, row: Row, content: Later, before: Standing) -> None:
    key, person = row.header.entry.bytes, str(content.person) if content.person else None
    db.conn.execute(_ADD_LATER, (key, row.position, content.what, person, row.received_at))
    if content.what == "further":
        _tell_further(db, key, content)
    elif content.what in {"correction", "told"}:
        about = _counted(content, "correction") if content.what == "told" else row.position
        db.conn.execute(_CORRECT, (key, about, _counted(content, "untold")))
    state = moved(before.state, content, before.began)
    if state is before.state:
        return
    # What is not its author's stands newest first; what is after all, where it stood.
    since = -row.received_at if state is State.NOT_MINE else None
    db.conn.execute(_SAY_WHOSE, (state, _place(state, before.allegation), since, key))
    _settle_call(db, key)


def _counted(content: Later, name: str) -> int:
    answer = content.answers.get(name, "")
    return int(answer) if isinstance(answer, str) and _NUMBER.fullmatch(answer) else 0


def _tell_further(db: Database, key: bytes, content: Later) -> None:
    code = content.answers.get("code", "")
    told = code_or_nothing(code) if isinstance(code, str) else ""
    ((before,),) = db.conn.execute(_FURTHER, (key,)).fetchall()
    after = sorted({*json.loads(before), told or SOMEONE_ELSE})
    db.conn.execute(_TELL_FURTHER, (json.dumps(after), key))


def _link(db: Database, content: Capture, key: bytes, device: bytes) -> None:
    followed = UUID(content.follows).bytes
    if content.act == "shared":
        db.conn.execute(_FOLLOW, (followed, key, device))
    elif content.act == "not-told":
        db.conn.execute(_TRY, (key, followed, device))


def _settle_call(db: Database, key: bytes) -> None:
    found = db.conn.execute(_CALL, (key,)).fetchone()
    if found is None:
        return
    allegation, mistake, told = found
    state = State.TO_COMPLETE if mistake else State.TOLD if told else State.NOT_TOLD
    db.conn.execute(_PLACE, (state, _place(state, bool(allegation)), key))


def _place(state: State, allegation: bool) -> int:
    return apart(_LIST_OF[state]) if allegation else _LIST_OF[state]


def code_or_nothing(text: str) -> str:
    """The code, or an empty text where somebody wrote something else in its place."""
    return text if _CODE.fullmatch(text) else ""


def _first(row: Row, capture: Capture) -> tuple[object, ...]:
    told = {code_or_nothing(one.code or "") or SOMEONE_ELSE for one in capture.recipients}
    why = [code for code in capture.why if code_or_nothing(code)]
    # A phone with a clock far ahead must not push its entry to the end of every list.
    shared_at = min(capture.when.at, row.received_at)
    state = begun(capture)
    return (
        row.header.entry.bytes, row.header.device, row.position,
        json.dumps(sorted(told)), json.dumps(why), code_or_nothing(capture.how),
        len(capture.children), shared_at, capture.when.utc_offset, capture.when.about,
        capture.clock.at, capture.offline, row.received_at,
        bool(URGENT_WHY & set(why)), capture.act, capture.attempt, capture.review_on,
        capture.danger, capture.allegation,
        state, _place(state, capture.allegation), 1, shared_at, row.position,
    )  # fmt: skip


def _move(db: Database, row: Row, content: Submitted | Decided, before: Standing) -> None:
    state = moved(before.state, content, before.began)
    if state is before.state:
        return
    key, at = row.header.entry.bytes, row.received_at
    # Returned ones stand above the rest of what is to complete, urgent ones above the rest of
    # what is to review; what is done, or is not its author's, stands newest first.
    first = state is State.RETURNED or (before.urgent and state is State.TO_REVIEW)
    which = _place(state, before.allegation)
    place = (state, which, 0 if first else 1, -at if state in _NEWEST_FIRST else at)
    if isinstance(content, Submitted):
        db.conn.execute(_SUBMIT, (*place, at, row.position, key))
    else:
        returned = int(state is State.RETURNED) - int(content.undoes is Outcome.RETURNED)
        referred = state is State.REFERRED
        who = str(content.person)
        values = (*place, at, row.position, who, content.outcome, returned, referred, key)
        db.conn.execute(_DECIDE, values)
