"""A file of sealed events, carried by hand: the way out of a phone that is dying.

The layout is docs/protocol.md section 12: one line that says what it is, then frames as base64url.
It is text, so that phones can pass it on like a note; what is inside stays sealed.

Promises: what is brought in a file is judged and kept exactly as in a request of a phone; bringing
it twice changes nothing. There is no carrier, so nothing is signed: the phone that wrote an event
gets its receipt when it next sends it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

from sync.errors import MalformedFrames, NotAParcel, ParcelTooLarge
from sync.event import Event
from sync.frames import join, split, to_text
from sync.judging.judge import Judge, arrivals, outcome_of
from sync.reconcile import Result
from sync.store import EventStore, Row

MAGIC = b"sharelog-entries/1"
MAX_PARCEL_BYTES = 4 * 1024 * 1024
MAX_PARCEL_EVENTS = 2000
_BLANKS = b" \t\r\n"
_AT_ONCE = 250


def write_parcel(events: Sequence[bytes]) -> bytes:
    """The file of these events, in this order."""
    text = base64.urlsafe_b64encode(join(events)).rstrip(b"=")
    return MAGIC + b"\n" + text + b"\n"


def read_parcel(raw: bytes) -> list[bytes]:
    """The events of a file, each still to be judged; NotAParcel or ParcelTooLarge otherwise."""
    if len(raw) > MAX_PARCEL_BYTES:
        raise ParcelTooLarge
    first, _newline, rest = raw.partition(b"\n")
    if first.rstrip(b"\r") != MAGIC:
        raise NotAParcel
    # A mail program may have broken the lines anew; nothing else may have changed.
    text = rest.translate(None, _BLANKS)
    try:
        body = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        events = split(body, most=MAX_PARCEL_EVENTS + 1)
    except (ValueError, MalformedFrames) as error:
        raise NotAParcel from error
    if not events or base64.urlsafe_b64encode(body).rstrip(b"=") != text:
        raise NotAParcel
    if len(events) > MAX_PARCEL_EVENTS:
        raise ParcelTooLarge
    return events


class Delivery:
    """The way into the ledger for files; it can append nothing that a phone could not."""

    def __init__(self, store: EventStore, clock: Callable[[], int]):
        self._store, self._clock = store, clock
        self._judge = Judge(store)

    def take(self, events: Sequence[bytes]) -> list[Result]:
        """What became of each, in the order given; LedgerBusy or LedgerFull when nothing more
        could be kept: what came before stays, and the file may be brought again."""
        results: list[Result] = []
        for start in range(0, len(events), _AT_ONCE):
            results += self._take(events[start : start + _AT_ONCE])
        return results

    def _take(self, events: Sequence[bytes]) -> list[Result]:
        judged = self._judge.judge(events)
        good = [each for each in judged if isinstance(each, Event)]
        with self._store.one_commit():
            revoked = self._judge.revoked({event.header.device for event in good})
            kept = iter(self._store.keep(arrivals(good, revoked), self._clock()))
        return [each if isinstance(each, Result) else _result(*next(kept)) for each in judged]


def _result(row: Row, is_new: bool) -> Result:
    return Result(to_text(row.id), outcome_of(row, is_new))
