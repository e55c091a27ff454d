"""Which events may be kept, and where: one judgement for whatever brings them.

A request of a phone and a file brought by hand are judged alike. Each event stands for itself: its
own signature says whose it is.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from sync.errors import MalformedEvent, WrongSignature
from sync.event import PHONE_KINDS, Event
from sync.frames import to_text
from sync.judging.checking import Checker, Claim
from sync.reconcile import Result
from sync.store import Arrival, EventStore, Lane, Row


class Judge:
    """Knows the phones of one store."""

    def __init__(self, store: EventStore, checker: Checker | None = None):
        self._store, self._checker = store, checker or Checker(processors=1)
        # A device's key is its name, so what is remembered here can never be out of date.
        self._public: dict[bytes, bytes] = {}

    def judge(self, raws: Sequence[bytes]) -> list[Event | Result]:
        """Each event when it may be kept, else the result that says why not."""
        judged = [self._signed(raw) for raw in raws]
        claims = [each for each in judged if not isinstance(each, Result)]
        holding = iter(self._checker.check([claim for _, claim in claims]))
        return [
            each if isinstance(each, Result) else _held_to(each[0], next(holding))
            for each in judged
        ]

    def _signed(self, raw: bytes) -> tuple[Event, Claim] | Result:
        """The event and what its signature claims, or why nobody need look at that."""
        try:
            event = Event.from_bytes(raw)
        except MalformedEvent as error:
            return Result(None, "refused", why=error.code)
        if event.header.kind not in PHONE_KINDS:
            return Result(to_text(event.id), "refused", why="event.kind")
        public = self._public_key(event.header.device)
        if public is None:
            return Result(to_text(event.id), "not-enrolled")
        # The id is the SHA-256 of just what is signed (docs/protocol.md section 3.4).
        return event, Claim(public, event.signature, event.id)

    def knows(self, device: bytes) -> bool:
        """Whether this phone was ever let in."""
        return self._public_key(device) is not None

    def revoked(self, devices: Iterable[bytes]) -> set[bytes]:
        """Which of these were let in and are not trusted any more. Ask inside the transaction
        that keeps their events, so that a revocation holds for every event behind it."""
        known = (self._store.device(each) for each in devices)
        return {each.id for each in known if each is not None and each.revoked_at is not None}

    def _public_key(self, device: bytes) -> bytes | None:
        public = self._public.get(device)
        if public is None and (known := self._store.device(device)) is not None:
            public = self._public[device] = known.public
        return public


def _held_to(event: Event, holds: bool) -> Event | Result:
    return event if holds else Result(to_text(event.id), "refused", why=WrongSignature.code)


def arrivals(events: Sequence[Event], revoked: Container[bytes]) -> list[Arrival]:
    """Where each event belongs."""
    return [
        Arrival(event, Lane.QUARANTINE if event.header.device in revoked else Lane.RECORD)
        for event in events
    ]


def outcome_of(row: Row, is_new: bool) -> str:
    """The word of docs/protocol.md section 4 for a committed row."""
    if row.sealed is None:
        return "disposed"
    if row.lane is Lane.QUARANTINE:
        return "set-aside"
    return "stored" if is_new else "already-held"


def unjudged(raw: bytes) -> Result:
    """What a carrier whom nobody knows is told of an event."""
    try:
        return Result(to_text(Event.from_bytes(raw).id), "not-enrolled")
    except MalformedEvent as error:
        return Result(None, "refused", why=error.code)
