"""Follows the ledger: opens what is new, tells phones so, and keeps the index.

Promises: a row is folded once and in order; a phone is told *opened* only of what was opened and
fitted; nothing that cannot be opened stops what comes after it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence

import structlog
from sqlite_utils import Database

from logger.clock import Clock
from logger.journal.folding import ERASED, Folded, Folding
from logger.journal.index import Index
from logger.journal.rebuild import rebuild
from logger.keys.keyring import Keyring
from logger.sqlite_file import connect, writing
from sync.errors import SyncError
from sync.event import PHONE_KINDS
from sync.receipt import Outcome, opened_statement
from sync.store import EventStore, Lane

log = structlog.get_logger()

BATCH = 200
POLL_SECONDS = 0.25


class Announcer:
    """Tells phones what became of their events, once for each event."""

    def __init__(self, store: EventStore, keyring: Keyring, clock: Clock):
        self._store, self._keyring, self._clock = store, keyring, clock

    def __call__(self, folded: Sequence[Folded]) -> None:
        """Lay out the statements that are still missing for these rows.

        What stands in quarantine waits for a person, and what was erased needs no statement.
        """
        told = {
            one.row.id: one.why
            for one in folded
            if one.row.header.kind in PHONE_KINDS
            and one.row.lane is Lane.RECORD
            and one.why != ERASED
        }
        if not told:
            return
        for known in self._store.announced(list(told)):
            del told[known]
        if told:
            self._store.announce([(event, self._say(event, why)) for event, why in told.items()])

    def _say(self, event: bytes, why: str) -> bytes:
        outcome = Outcome.SET_ASIDE if why else Outcome.OPENED
        return opened_statement(event, outcome, self._clock(), why, self._keyring.opened)


class Follower:
    """Keeps one index file up with one ledger. Two of them never fold a row twice."""

    def __init__(self, store: EventStore, index: Index, folding: Folding, announcer: Announcer):
        self._store, self._index = store, index
        self._folding, self._announcer = folding, announcer
        self._lock = threading.Lock()
        # What must be written before rows are read, such as newly enrolled phones.
        self.beforehand: list[Callable[[], object]] = []
        # What looks at the index from time to time, whether or not anything is new.
        self.meanwhile: list[Callable[[], object]] = []

    def catch_up(self) -> int:
        """Fold everything that is in the ledger now; the number of rows that were new.

        Makes the index anew when its file is missing, of another layout or of another ledger, or
        when something was erased.
        """
        # What comes after this question is for the next who asks: phones do not stop sending
        # while somebody waits for a page, and whoever waited before may have folded this too.
        until = self._store.head().position
        with self._lock:
            count = self._fold_new(until)
            if count is not None:
                return count
            log.info("index.made_anew")
            return rebuild(self._store, self._folding, self._index, self._announcer)

    def run(self, stop: threading.Event) -> None:
        """Follow until `stop` is set; what is busy is tried again at the next round."""
        changed = self._store.changes()
        behind = True
        while not stop.is_set():
            # The order matters: asked first, a change while a round runs is seen by the next.
            behind = changed() or behind
            if behind:
                behind = not self._round()
            if not behind:
                self._try(self.meanwhile)
            stop.wait(POLL_SECONDS)

    def _round(self) -> bool:
        return self._try([*self.beforehand, self.catch_up])

    def _try(self, tasks: Sequence[Callable[[], object]]) -> bool:
        try:
            for task in tasks:
                task()
        except (SyncError, sqlite3.Error) as error:
            log.warning("follower.waits", error=type(error).__name__)
            return False
        return True

    def _fold_new(self, until: int) -> int | None:
        """How many rows were new; None when this is no index to go on with, or none any more."""
        db = connect(self._index.path)
        try:
            followed = self._folding.followed(db)
            if not followed or self._store.digest_at(followed.position) != followed.digest:
                return None
            count = self._fold_behind(db, followed.position, until)
            return count if self._folding.followed(db) else None
        finally:
            db.close()

    def _fold_behind(self, db: Database, position: int, until: int) -> int:
        count = 0
        while position < until:
            with writing(db):
                # Asked again now that nobody else can fold: the command may have been quicker.
                followed = self._folding.followed(db)
                if followed is None:
                    break  # outdated by an erasure
                position = followed.position
                rows = self._store.after(position, BATCH)
                if not rows:
                    break  # the other one has come to the end
                # Told before the index commits: after a crash in between the rows come again,
                # and the announcer says nothing twice.
                self._announcer(self._folding.fold(db, rows))
            position, count = rows[-1].position, count + len(rows)
        return count
