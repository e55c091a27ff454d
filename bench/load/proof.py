"""Counts afterwards: what the ledger has against what was offered and what was receipted.

An event is lost unless its receipt is signed with the door's key and names the very row that has
it; it stands twice where its phone's number does.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from bench.load.line import Tally
from sync.event import Event
from sync.frames import ANSWER, check_document, from_text, split, verify
from sync.receipt import stored_bytes

_PHONES_ROWS = "SELECT position, id FROM ledger WHERE position > ? AND seq > x'00000000'"
_TWICE = """
    SELECT count(*) - count(DISTINCT device || seq) FROM ledger
    WHERE position > ? AND seq > x'00000000'
"""
_HEAD = "SELECT coalesce(max(position), 0) FROM ledger"
_FROM_PHONES = "SELECT count(*) FROM ledger WHERE seq > x'00000000'"
_OPENED = "SELECT count(*) FROM opened"
_AT_ONCE = 200
FOLLOW_SECONDS = 60.0
_RECEIPTED = {"stored", "already-held"}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was counted."""

    offered: int
    lost: int
    twice: int
    strange: int


class Ledger:
    """The file, read beside the doors."""

    def __init__(self, path: Path, stored: bytes):
        self._path, self._stored = path, stored

    def head(self) -> int:
        """The last position."""
        return self._number(_HEAD)

    def wait_until_opened(self, since: float) -> float | None:
        """Seconds from `since` until phones could be told of every event that it was opened; None
        where that is not so after a while."""
        while self._number(_OPENED) < self._number(_FROM_PHONES):
            if time.monotonic() - since > FOLLOW_SECONDS:
                return None
            time.sleep(0.2)  # asked again until the record has followed
        return time.monotonic() - since

    def prove(self, before: int, *tallies: Tally) -> Proof:
        """Everything behind that position against all that these have offered and heard."""
        with self._read() as db:
            rows = {key: position for position, key in db.execute(_PHONES_ROWS, (before,))}
            (twice,) = db.execute(_TWICE, (before,)).fetchone()
        offered = {Event.from_bytes(raw).id for tally in tallies for raw in tally.offered}
        answers = [answer for tally in tallies for answer in tally.answers]
        parts = [answers[start : start + _AT_ONCE] for start in range(0, len(answers), _AT_ONCE)]
        with ProcessPoolExecutor(2) as readers:
            told = list(chain.from_iterable(readers.map(_told, parts, repeat(self._stored))))
        receipted = {key for key, position in told if rows.get(key) == position}
        return Proof(len(offered), len(offered - receipted), twice, len(rows.keys() - offered))

    def _number(self, statement: str) -> int:
        with self._read() as db:
            return int(db.execute(statement).fetchone()[0])

    def _read(self) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(
            sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=30)
        )


def _told(answers: Sequence[bytes], stored: bytes) -> list[tuple[bytes, int]]:
    """Ids and positions of all receipts; SyncError where anything is not signed."""
    told = []
    for body in answers:
        (document,) = split(body)
        check_document(ANSWER, document, stored)
        for result in json.loads(document[:-64])["results"]:
            if result["outcome"] not in _RECEIPTED:
                continue
            key, receipt = from_text(result["id"], 32), result["receipt"]
            facts = receipt["position"], receipt["lane"], receipt["received_at"]
            message = stored_bytes(from_text(receipt["epoch"], 16), key, *facts)
            verify(stored, from_text(receipt["signature"], 64), message)
            told.append((key, receipt["position"]))
    return told
