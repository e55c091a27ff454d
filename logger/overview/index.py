"""What the index keeps for figures: how many of what in each week, of each phone and of all.

Promises: only shares that happened are counted, so neither a decision not to share, nor a call
that reached nobody, nor what was logged by mistake; an entry that is kept apart leaves the counts
again without a trace; a count follows from the ledger alone and holds codes, never words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sqlite_utils import Database

from logger.agreements.index import JUDGED, coverless
from logger.directory.happened import DirectoryHappened
from logger.entries.capture import Addition, Capture
from logger.entries.entry import State
from logger.entries.happened import Decided, Documented, Outcome, Submitted
from logger.entries.index import code_or_nothing
from logger.entries.times import day_of_share
from logger.journal.read import Opened
from logger.overview import sums
from logger.overview.durations import step_of
from logger.people.happened import PersonHappened, PhoneHappened

_OURS = Capture | Addition | Documented | Submitted | Decided
# Answers with codes; the words beside them stay sealed.
_ANSWERS = {"consent": ("consent", "told"), "advice": ("agreement",)}

_TABLES = (
    *sums.TABLES,
    # What an entry added to the counts besides what its capture says, which never changes.
    """CREATE TABLE overview_entries (
        entry BLOB PRIMARY KEY, counted INTEGER NOT NULL, documented INTEGER, reviewed INTEGER,
        consent TEXT NOT NULL, told TEXT NOT NULL, agreement TEXT NOT NULL, without TEXT NOT NULL
    ) WITHOUT ROWID""",
)
_ENTRY = """
SELECT device, shared_at, shared_offset, logged_at, received_at, recipients, why, how,
    act, allegation, mistake, state, submitted_at, decided_at, outcome
FROM entries WHERE entry = ?
"""
_TALLY = """
SELECT counted, documented, reviewed, consent, told, agreement, without
FROM overview_entries WHERE entry = ?
"""
_SET_TALLY = "INSERT OR REPLACE INTO overview_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class _Line(NamedTuple):
    device: bytes
    shared_at: int
    shared_offset: int
    logged_at: int
    received_at: int
    recipients: str
    why: str
    how: str
    act: str
    allegation: int
    mistake: int
    state: str
    submitted_at: int | None
    decided_at: int | None
    outcome: str | None


class _Tally(NamedTuple):
    counted: bool = False
    documented: int | None = None
    reviewed: int | None = None
    consent: str = ""
    told: str = ""
    agreement: str = ""
    without: str = "[]"


class OverviewIndex:
    """The projection of figures; it reads what `EntriesIndex` has just folded."""

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement)

    def apply(self, db: Database, opened: Opened) -> None:
        """Count what this event changed about its entry, or about the entries it concerns."""
        content, key = opened.content, opened.row.header.entry.bytes
        if isinstance(content, PersonHappened | PhoneHappened):
            sums.follow(db, str(opened.row.header.entry))
        elif isinstance(content, DirectoryHappened):
            for (entry,) in db.conn.execute(JUDGED).fetchall():
                _count(db, entry, content)
        elif isinstance(content, _OURS):
            _count(db, key, content)


def _count(db: Database, key: bytes, content: object) -> None:
    found = db.conn.execute(_ENTRY, (key,)).fetchone()
    if found is None:
        return
    line, kept = _Line(*found), db.conn.execute(_TALLY, (key,)).fetchone()
    before = _Tally(*kept) if kept else _Tally()
    after = _moved(before, line)._replace(without=json.dumps(coverless(db, key)))
    if isinstance(content, Documented):
        after = _answered(after, content)
    if after == before:
        return
    db.conn.execute(_SET_TALLY, (key, *after))
    changed = Counter(_facts(line, after))
    changed.subtract(_facts(line, before))
    week = week_of(day_of_share(line.shared_at, line.shared_offset).toordinal())
    sums.add(db, line.device, week, changed)


def week_of(day: int) -> int:
    """The number of the week, Monday to Sunday, that a day of the calendar (an ordinal) is in."""
    return (day - 1) // 7


def _moved(before: _Tally, line: _Line) -> _Tally:
    documented = before.documented
    done = line.state == State.DONE and line.outcome != Outcome.NOT_THEIRS
    # The first time counts: an answer to a reviewer's question is no second documentation.
    if documented is None and line.submitted_at is not None:
        documented = step_of(line.submitted_at - line.shared_at)
    # What was signed off and taken back is not reviewed, nor what was found to be another's.
    decided_at = line.decided_at if done else None
    reviewed = None if decided_at is None else step_of(decided_at - line.shared_at)
    counted = line.act == "shared" and not line.allegation and not line.mistake
    return before._replace(counted=counted, documented=documented, reviewed=reviewed)


def _answered(tally: _Tally, content: Documented) -> _Tally:
    for name in _ANSWERS.get(content.section, ()):
        answer = content.answers.get(name, "")
        code = code_or_nothing(answer) if isinstance(answer, str) else ""
        tally = _Tally(**{**tally._asdict(), name: code})
    return tally


def _facts(line: _Line, tally: _Tally) -> Iterator[tuple[str, str]]:
    """All that an entry adds to the counts."""
    if not tally.counted:
        return
    yield "share", ""
    yield from (("recipient", code) for code in json.loads(line.recipients) or [""])
    yield from (("why", code) for code in dict.fromkeys(json.loads(line.why)) or [""])
    yield "how", line.how
    yield from (("without", code) for code in json.loads(tally.without))
    # A phone whose clock is ahead cannot have logged after it was received.
    yield "logged", str(step_of(min(line.logged_at, line.received_at) - line.shared_at))
    if tally.reviewed is not None:
        yield "reviewed", str(tally.reviewed)
    if tally.documented is None:
        return
    yield "documented", str(tally.documented)
    # What was only begun is no answer yet.
    for figure in ("consent", "told", "agreement"):
        if code := getattr(tally, figure):
            yield figure, code
