"""What the index knows of children: keyed marks, and who was said to be who.

Promises: no name, no date of birth and no reference stands here in clear; joined is only what a
person joined; what is kept apart is found by nobody who looks among the rest; every value follows
from the ledger and from the edition of the rules for names, which is part of the layout.
"""

from __future__ import annotations

import json
from uuid import UUID

from sqlite_utils import Database

from logger.children.happened import ChildHappened, Mention
from logger.children.joined import Link, cut, link, reached
from logger.children.marks import Marking, Marks
from logger.children.sounds import edition
from logger.entries.capture import Capture
from logger.journal.read import Opened
from sync.store import Row

# Whose a mention is, as a number that marks are walked by: everybody's, everybody's that are kept
# apart, and for each phone 2n, with 2n + 1 for what is kept apart.
EVERYBODY, APART = 0, 1

_TABLES = (
    "CREATE TABLE child_phones (number INTEGER PRIMARY KEY, device BLOB NOT NULL UNIQUE)",
    """CREATE TABLE mentions (
        number INTEGER PRIMARY KEY, entry BLOB NOT NULL, ordinal INTEGER NOT NULL,
        reach INTEGER NOT NULL, child BLOB, marks BLOB NOT NULL, UNIQUE (entry, ordinal)
    )""",
    "CREATE INDEX mentions_of_reach ON mentions (reach, number)",
    # Few are kept apart: without this, the newest of them would be looked for among all.
    "CREATE INDEX mentions_apart ON mentions (reach % 2, number)",
    "CREATE INDEX mentions_of_child ON mentions (child) WHERE child IS NOT NULL",
    # Each mark twice: among everybody's and among its phone's. Walked newest first, never sorted.
    """CREATE TABLE child_marks (
        mark INTEGER NOT NULL, reach INTEGER NOT NULL, mention INTEGER NOT NULL,
        PRIMARY KEY (mark, reach, mention)
    ) WITHOUT ROWID""",
    """CREATE TABLE child_links (
        one INTEGER NOT NULL, other INTEGER NOT NULL, child BLOB NOT NULL,
        PRIMARY KEY (one, other)
    ) WITHOUT ROWID""",
    "CREATE INDEX child_links_back ON child_links (other, one)",
    """CREATE TABLE child_others (
        one INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (one, other)
    ) WITHOUT ROWID""",
    """CREATE TABLE child_searches (
        position INTEGER PRIMARY KEY, person TEXT NOT NULL, asked_by TEXT NOT NULL,
        at INTEGER NOT NULL
    )""",
    # Marks of two editions cannot be compared: another one is another layout, and folded anew.
    "CREATE VIEW child_edition AS SELECT '{edition}' AS edition",
)
_PLACE = "SELECT allegation, position FROM entries WHERE entry = ?"
_ADD_PHONE = "INSERT OR IGNORE INTO child_phones (device) VALUES (?)"
_PHONE = "SELECT number FROM child_phones WHERE device = ?"
_ADD = """
INSERT INTO mentions (entry, ordinal, reach, marks) VALUES (?, ?, ?, ?)
ON CONFLICT (entry, ordinal) DO UPDATE SET reach = excluded.reach, marks = excluded.marks
RETURNING number
"""
_ADD_MARK = "INSERT OR IGNORE INTO child_marks VALUES (?, ?, ?)"
_DROP_MARK = "DELETE FROM child_marks WHERE mark = ? AND reach = ? AND mention = ?"
_OF_ENTRY = "SELECT number, reach, marks FROM mentions WHERE entry = ? ORDER BY number"
_SET_REACH = "UPDATE mentions SET reach = ? WHERE number = ?"
_NUMBER = "SELECT number FROM mentions WHERE entry = ? AND ordinal = ?"
_SET_CHILD = "UPDATE mentions SET child = ? WHERE number = ?"
_LINKS = "SELECT one, other, child FROM child_links WHERE one = ?1 OR other = ?1"
_ADD_LINK = "INSERT OR IGNORE INTO child_links VALUES (?, ?, ?)"
_DROP_LINK = "DELETE FROM child_links WHERE one = ? AND other = ?"
_OTHERS = "INSERT OR IGNORE INTO child_others VALUES (?, ?)"
_NOT_OTHERS = "DELETE FROM child_others WHERE one = ? AND other = ?"
_SEARCHED = "INSERT INTO child_searches VALUES (?, ?, ?, ?)"


class ChildrenIndex:
    """The projection of children; it reads what `EntriesIndex` has just folded."""

    def __init__(self, marking: Marking):
        self._marking = marking

    def tables(self, db: Database) -> None:
        """Make this room's tables in an empty index."""
        for statement in _TABLES:
            db.conn.execute(statement.replace("{edition}", edition()))

    def apply(self, db: Database, opened: Opened) -> None:
        """Fold one opened row in; kinds of other rooms are passed over."""
        match opened.content:
            case Capture() as capture:
                self._fold_capture(db, opened.row, capture)
            case ChildHappened(what="searched") as search:
                self._fold_search(db, opened.row, search)
            case ChildHappened() as happened:
                _fold_said(db, opened.row.header.entry, happened)

    def _fold_capture(self, db: Database, row: Row, capture: Capture) -> None:
        found = db.conn.execute(_PLACE, (row.header.entry.bytes,)).fetchone()
        if found is None:
            return
        allegation, position = found
        # Only the first capture tells who it is about; a later one may still set it apart.
        if position == row.position:
            reach = _reach_of_phone(db, row.header.device) + allegation
            for ordinal, child in enumerate(capture.children):
                marks = self._marking.of_child(child, row.received_at)
                values = (row.header.entry.bytes, ordinal, reach, marks.to_bytes())
                number = db.conn.execute(_ADD, values).fetchall()[0][0]
                _lay_marks(db, number, reach, marks)
        elif allegation:
            _set_apart(db, row.header.entry)

    def _fold_search(self, db: Database, row: Row, search: ChildHappened) -> None:
        values = (row.position, str(search.person), json.dumps(search.by), row.header.at)
        db.conn.execute(_SEARCHED, values)


def _reach_of_phone(db: Database, device: bytes) -> int:
    db.conn.execute(_ADD_PHONE, (device,))
    return 2 * int(db.conn.execute(_PHONE, (device,)).fetchone()[0])


def _lay_marks(db: Database, number: int, reach: int, marks: Marks) -> None:
    everybody = APART if reach % 2 else EVERYBODY
    rows = [(mark, place, number) for mark in marks.found_by() for place in (everybody, reach)]
    db.conn.executemany(_ADD_MARK, rows)


def _set_apart(db: Database, entry: UUID) -> None:
    for number, reach, raw in db.conn.execute(_OF_ENTRY, (entry.bytes,)).fetchall():
        if reach % 2:
            continue
        marks = Marks.from_bytes(raw)
        gone = [(mark, place, number) for mark in marks.found_by() for place in (EVERYBODY, reach)]
        db.conn.executemany(_DROP_MARK, gone)
        db.conn.execute(_SET_REACH, (reach + 1, number))
        _lay_marks(db, number, reach + 1, marks)


def _fold_said(db: Database, child: UUID, said: ChildHappened) -> None:
    numbers = [_number(db, one) for one in said.mentions]
    if not numbers:
        return
    first, others = numbers[0], numbers[1:]
    for other in others:
        values = link(first, other)
        db.conn.execute(_NOT_OTHERS if said.what == "joined" else _OTHERS, values)
    if said.what == "joined":
        for other in others:
            _join(db, child, first, other)
    elif said.what == "separated":
        _separate(db, first, others)


def _number(db: Database, mention: Mention) -> int:
    place = (mention.entry.bytes, mention.ordinal)
    found = db.conn.execute(_NUMBER, place).fetchone()
    if found is None:
        # Its words were erased since. It stays as a place without a mark, so that those who were
        # joined by way of it stay together.
        found = db.conn.execute(_ADD, (*place, EVERYBODY, b"")).fetchall()[0]
    return int(found[0])


def _join(db: Database, id: UUID, one: int, other: int) -> None:
    db.conn.execute(_ADD_LINK, (*link(one, other), id.bytes))
    _settle(db, one)


def _separate(db: Database, one: int, others: list[int]) -> None:
    links = set(_links_around(db, one))
    gone = cut(one, others, links)
    db.conn.executemany(_DROP_LINK, sorted(gone))
    for number in sorted({one, *(end for way in links for end in way)}):
        _settle(db, number)


def _settle(db: Database, number: int) -> None:
    """A child has the id of its oldest link; who stands alone is no child of several entries."""
    links = _links_around(db, number)
    child = min(links.values(), default=None)
    for one in sorted(reached(number, links.keys())):
        db.conn.execute(_SET_CHILD, (child, one))


def _links_around(db: Database, number: int) -> dict[Link, bytes]:
    """All links of the child that somebody is."""
    links: dict[Link, bytes] = {}
    seen, open_ends = {number}, [number]
    while open_ends:
        for one, other, child in db.conn.execute(_LINKS, (open_ends.pop(),)).fetchall():
            links[one, other] = child
            open_ends += {one, other} - seen
            seen |= {one, other}
    return links
