"""Judges what a phone brings, keeps it, and answers with receipts: signed only after COMMIT.

The hello says who carries; each event's own signature says whose it is. A bad event never costs
another one its place, and nothing signed by a phone the record knows is ever dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from sync import reconcile
from sync.errors import MalformedEvent, WrongSignature
from sync.event import PHONE_KINDS, Event, device_id
from sync.frames import ANSWER, Signer, sign_document, to_text, verify
from sync.group_commit import GroupCommit
from sync.receipt import stored_receipt
from sync.reconcile import Answer, Hello, Result, read_hello
from sync.store import Arrival, Contact, EventStore, Head, Lane, Row

Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one commit did for one request."""

    rows: list[tuple[Row, bool]]
    head: Head
    carrier_revoked: bool


class Intake:
    """Takes requests of many threads at once; one thread writes."""

    def __init__(self, store: EventStore, stored_key: Signer, clock: Clock):
        self._store, self._signer, self._clock = store, stored_key, clock
        self._writer = GroupCommit(store)
        # A device's key is its name, so what is remembered here can never be out of date.
        self._public: dict[bytes, bytes] = {}

    def answer(self, hello_document: bytes, events: Sequence[bytes]) -> bytes:
        """The signed answer to a hello and its events.

        MalformedDocument, WrongSignature or ReplayedHello for the hello; LedgerBusy or LedgerFull
        when nothing could be kept.
        """
        hello = read_hello(hello_document)
        carrier = device_id(hello.public)
        if self._public_key(carrier) is None:
            return self._answer_stranger(hello, events)
        judged = [self._judge(raw) for raw in events]
        good = [each for each in judged if isinstance(each, Event)]
        kept = self._writer.run(lambda: self._keep(carrier, hello, good))
        rows = iter(kept.rows)
        results = [
            each if isinstance(each, Result) else self._result(*next(rows)) for each in judged
        ]
        answer = self._blank(hello, kept.head, results)
        return self._sign(
            msgspec.structs.replace(
                answer,
                missing=reconcile.missing(self._store, hello),
                opened=reconcile.opened(self._store, hello),
                notices=reconcile.notices(kept.carrier_revoked),
            )
        )

    def close(self) -> None:
        """Finish what is being kept, then take no more."""
        self._writer.close()

    def _judge(self, raw: bytes) -> Event | Result:
        """The event when it may be kept, else the result that says why not."""
        try:
            event = Event.from_bytes(raw)
        except MalformedEvent as error:
            return Result(None, "refused", why=error.code)
        if event.header.kind not in PHONE_KINDS:
            return Result(to_text(event.id), "refused", why="event.kind")
        public = self._public_key(event.header.device)
        if public is None:
            return Result(to_text(event.id), "not-enrolled")
        try:
            verify(public, event.signature, event.signed_bytes)
        except WrongSignature as error:
            return Result(to_text(event.id), "refused", why=error.code)
        return event

    def _keep(self, carrier: bytes, hello: Hello, events: Sequence[Event]) -> _Kept:
        """Inside the transaction, so that a revocation holds for every event behind it."""
        now = self._clock()
        self._store.met(Contact(carrier, hello.nonce, now, hello.unsent))
        writers = {event.header.device for event in events}
        revoked = {each for each in writers | {carrier} if self._is_revoked(each)}
        arrivals = [
            Arrival(event, Lane.QUARANTINE if event.header.device in revoked else Lane.RECORD)
            for event in events
        ]
        rows = self._store.keep(arrivals, now)
        return _Kept(rows, self._store.head(), carrier in revoked)

    def _result(self, row: Row, is_new: bool) -> Result:
        """Called after COMMIT, and only then: this signs."""
        event_id = to_text(row.id)
        if row.sealed is None:
            return Result(event_id, "disposed")
        if row.lane is Lane.QUARANTINE:
            outcome = "set-aside"
        else:
            outcome = "stored" if is_new else "already-held"
        return Result(event_id, outcome, stored_receipt(row, self._signer))

    def _answer_stranger(self, hello: Hello, events: Sequence[bytes]) -> bytes:
        """Nothing is kept or remembered, and how far the ledger has grown is not told."""
        judged = (self._unjudged(raw) for raw in events)
        nowhere = Head(self._store.head().epoch, 0, bytes(32))
        return self._sign(self._blank(hello, nowhere, list(judged)))

    def _unjudged(self, raw: bytes) -> Result:
        try:
            return Result(to_text(Event.from_bytes(raw).id), "not-enrolled")
        except MalformedEvent as error:
            return Result(None, "refused", why=error.code)

    def _blank(self, hello: Hello, head: Head, results: list[Result]) -> Answer:
        return Answer(
            v=1,
            nonce=to_text(hello.nonce),
            epoch=to_text(head.epoch),
            head=reconcile.shown(head),
            time=self._clock(),
            backed_up_to=reconcile.BACKED_UP_TO,
            results=results,
            missing=[],
            opened=[],
            notices=[],
        )

    def _sign(self, answer: Answer) -> bytes:
        return sign_document(ANSWER, answer, self._signer)

    def _public_key(self, device: bytes) -> bytes | None:
        public = self._public.get(device)
        if public is None and (known := self._store.device(device)) is not None:
            public = self._public[device] = known.public
        return public

    def _is_revoked(self, device: bytes) -> bool:
        known = self._store.device(device)
        return known is not None and known.revoked_at is not None
