"""Judges what a phone brings, keeps it, and answers with receipts: signed only after COMMIT.

The hello says who carries; each event's own signature says whose it is. A bad event never costs
another one its place, and nothing signed by a phone the record knows is ever dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import structlog

from sync import reconcile
from sync.event import Event, device_id
from sync.frames import ANSWER, Signer, sign_document, to_text
from sync.group_commit import GroupCommit
from sync.judging.checking import Checker
from sync.judging.judge import Judge, arrivals, outcome_of, unjudged
from sync.receipt import stored_receipt
from sync.reconcile import Answer, Hello, Notice, Result, read_hello
from sync.store import Contact, EventStore, Head, Row

Clock = Callable[[], int]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one commit did for one request; `told` is the answer so far, as of that commit."""

    rows: list[tuple[Row, bool]]
    told: Answer
    is_another: bool


class Intake:
    """Takes requests of many threads at once; one thread writes."""

    def __init__(self, store: EventStore, stored_key: Signer, clock: Clock):
        self._store, self._signer, self._clock = store, stored_key, clock
        self._writer, self._checker = GroupCommit(store), Checker()
        self._judge = Judge(store, self._checker)

    def answer(self, hello_document: bytes, events: Sequence[bytes]) -> bytes:
        """The signed answer to a hello and its events.

        MalformedDocument, WrongSignature or ReplayedHello for the hello; LedgerBusy or LedgerFull
        when nothing could be kept.
        """
        hello = read_hello(hello_document)
        carrier = device_id(hello.public)
        if not self._judge.knows(carrier):
            return self._answer_stranger(hello, events)
        judged = self._judge.judge(events)
        good = [each for each in judged if isinstance(each, Event)]
        kept = self._writer.run(lambda: self._keep(carrier, hello, good))
        if kept.is_another:
            # Every phone is a witness; whoever looks after the server has to hear of it too.
            log.error("ledger.another", position=kept.told.head.position)
        rows = iter(kept.rows)
        results = [
            each if isinstance(each, Result) else self._result(*next(rows)) for each in judged
        ]
        return self._sign(msgspec.structs.replace(kept.told, results=results, time=self._clock()))

    def close(self) -> None:
        """Finish what is being kept, then take no more."""
        self._writer.close()
        self._checker.close()

    def _keep(self, carrier: bytes, hello: Hello, events: Sequence[Event]) -> _Kept:
        """Inside the transaction, so that a revocation holds for every event behind it.

        What the phone is told is read here too: where the journal is deleted, whoever reads
        beside a commit has to wait for it, and the next commit for whoever reads.
        """
        now = self._clock()
        devices = {event.header.device for event in events} | {carrier}
        revoked = self._judge.revoked(devices)
        # What comes with this hello waits no longer once this is committed.
        own = sum(event.header.device == carrier for event in events)
        unsent = max(0, hello.unsent - own)
        noted = self._store.met(Contact(carrier, hello.nonce, now, unsent, hello.lost))
        rows = self._store.keep(arrivals(events, revoked), now)
        head = self._store.head()
        another = reconcile.is_another(self._store, head, hello.seen)
        notices = reconcile.notices(self._store, carrier, carrier in revoked)
        told = msgspec.structs.replace(
            self._blank(hello, head, []),
            backed_up_to=reconcile.backed_up_to(self._store, head),
            missing=reconcile.missing(self._store, hello),
            opened=reconcile.opened(self._store, hello),
            notices=[*notices, Notice(reconcile.ANOTHER, 1)] if another else notices,
            noted=[to_text(one.device) for one in hello.lost if one.device in noted],
        )
        return _Kept(rows, told, another)

    def _result(self, row: Row, is_new: bool) -> Result:
        """Called after COMMIT, and only then: this signs."""
        outcome = outcome_of(row, is_new)
        receipt = None if outcome == "disposed" else stored_receipt(row, self._signer)
        return Result(to_text(row.id), outcome, receipt)

    def _answer_stranger(self, hello: Hello, events: Sequence[bytes]) -> bytes:
        """Nothing is kept or remembered, and how far the ledger has grown is not told."""
        judged = (unjudged(raw) for raw in events)
        nowhere = Head(self._store.head().epoch, 0, bytes(32))
        return self._sign(self._blank(hello, nowhere, list(judged)))

    def _blank(self, hello: Hello, head: Head, results: list[Result]) -> Answer:
        return Answer(
            v=1,
            nonce=to_text(hello.nonce),
            epoch=to_text(head.epoch),
            head=reconcile.shown(head),
            time=self._clock(),
            backed_up_to=0,
            results=results,
            missing=[],
            opened=[],
            notices=[],
            noted=[],
        )

    def _sign(self, answer: Answer) -> bytes:
        return sign_document(ANSWER, answer, self._signer)
