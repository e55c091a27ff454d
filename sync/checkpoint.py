"""Walks the ledger from its first row and says whether anyone has touched it.

Found are: a changed, deleted, exchanged or inserted row; a payload that is not the one signed for,
or is gone without an erasure; and, given a head from earlier, a cut tail or a rewritten history.
Without an earlier head nobody can tell a cut tail from a ledger that never was longer: this is
tamper-evident to whoever holds a head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sync.errors import BrokenChain, WrongSignature
from sync.event import ERASURE, PHONE_KINDS, device_id, signed_bytes
from sync.frames import verify as verify_signature
from sync.store import EventStore, Row, link

Progress = Callable[[int, int], None]
_PAGE = 200
# Two processes take the time for themselves; by so little they may differ.
_SLACK_MS = 60_000


@dataclass(frozen=True, slots=True)
class EarlierHead:
    """Where the ledger once ended, as written down outside of it."""

    position: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in a phone's own chain: to be looked at, never a reason to refuse.

    A restored or copied phone makes a fork; entries that never arrived leave a gap.
    """

    device: bytes
    seq: int
    position: int
    what: Literal["gap", "fork", "other-predecessor"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows were walked, the first thing wrong if any, and what is odd."""

    rows: int
    digest: bytes
    broken: BrokenChain | None
    findings: tuple[Finding, ...] = ()
    # Positions received by a clock that stood earlier than the one before: it was wrong, or is.
    turned_back: tuple[int, ...] = ()


def verify(
    store: EventStore,
    record_keys: Iterable[bytes] = (),
    earlier: EarlierHead | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Check every row. `record_keys` are the public keys the record door signs its events with."""
    walk = _Walk(store, record_keys, earlier)
    try:
        walk.through(progress)
        walk.at_the_end()
        findings = tuple(_findings(store))
    except BrokenChain as broken:
        return Verdict(walk.position, walk.digest, broken)
    return Verdict(walk.position, walk.digest, None, findings, tuple(walk.turned_back))


class _Walk:
    """One pass over the ledger; `position` and `digest` are those of the last good row."""

    def __init__(
        self, store: EventStore, record_keys: Iterable[bytes], earlier: EarlierHead | None
    ):
        self._store, self._earlier = store, earlier
        self._record = {device_id(public): public for public in record_keys}
        self._phones = {device.id: device.public for device in store.devices()}
        self._without_words: dict[UUID, int] = {}
        self.position, self.digest = 0, bytes(32)
        self.turned_back: list[int] = []
        self._received_at = 0

    def through(self, progress: Progress | None) -> None:
        """All rows in order."""
        end = self._store.head().position
        while page := self._page():
            for row in page:
                self._check(row)
                self.position, self.digest = row.position, row.digest
            if progress is not None:
                progress(self.position, max(end, self.position))

    def at_the_end(self) -> None:
        """What only the whole ledger can answer."""
        if self._without_words:
            first = min(self._without_words.values())
            raise BrokenChain(first, "its payload is gone and no erasure says why")
        if self._earlier is not None and self._earlier.position > self.position:
            why = f"the ledger ends here and once reached {self._earlier.position}"
            raise BrokenChain(self.position, why)
        if damage := self._store.damage():
            raise BrokenChain(self.position, damage)

    def _page(self) -> list[Row]:
        try:
            return self._store.after(self.position, _PAGE)
        except BrokenChain:
            # One row of the page cannot be read; those before it may be wrong in other ways.
            return self._store.after(self.position, 1)

    def _check(self, row: Row) -> None:
        _require(row.position == self.position + 1, self.position + 1, "this row is missing")
        event_bytes = signed_bytes(row.header, row.sealed_hash)
        _require(
            hashlib.sha256(event_bytes).digest() == row.id, row.position, "its id is not its own"
        )
        digest = link(self.digest, row.position, row.lane, row.id, row.received_at)
        _require(
            digest == row.digest, row.position, "its digest does not follow from the one before"
        )
        self._check_earlier(row)
        self._check_clock(row)
        self._check_payload(row)
        try:
            verify_signature(self._public_key(row), row.signature, event_bytes)
        except WrongSignature as error:
            raise BrokenChain(row.position, "its signature does not hold") from error

    def _check_earlier(self, row: Row) -> None:
        earlier = self._earlier
        if earlier is not None and earlier.position == row.position:
            same = earlier.digest == row.digest
            _require(same, row.position, "the ledger up to here is not the one of the earlier head")

    def _check_clock(self, row: Row) -> None:
        if row.received_at < self._received_at - _SLACK_MS:
            self.turned_back.append(row.position)
        self._received_at = row.received_at

    def _check_payload(self, row: Row) -> None:
        if row.sealed is None:
            self._without_words.setdefault(row.header.entry, row.position)
        else:
            own = hashlib.sha256(row.sealed).digest() == row.sealed_hash
            own = own and len(row.sealed) == row.header.sealed_length
            _require(own, row.position, "its payload is not the one that was signed")
        if row.header.kind == ERASURE:
            self._without_words.pop(row.header.entry, None)

    def _public_key(self, row: Row) -> bytes:
        known = self._phones if row.header.kind in PHONE_KINDS else self._record
        public = known.get(row.header.device)
        if public is None:
            raise BrokenChain(row.position, "nobody known has signed it")
        own = device_id(public) == row.header.device
        _require(own, row.position, "the key of the phone that signed it has been changed")
        return public


def _findings(store: EventStore) -> Iterator[Finding]:
    for device in store.devices():
        last_seq, before, here = 0, {bytes(32)}, set[bytes]()
        for row in store.chain_of(device.id):
            seq = row.header.seq
            if seq == last_seq:
                yield Finding(device.id, seq, row.position, "fork")
            else:
                before, here = (here if last_seq else before), set()
                if seq != last_seq + 1:
                    yield Finding(device.id, seq, row.position, "gap")
                    before = {row.header.prev}  # nothing to compare it with
            if row.header.prev not in before:
                yield Finding(device.id, seq, row.position, "other-predecessor")
            here.add(row.id)
            last_seq = seq


def _require(holds: bool, position: int, why: str) -> None:
    if not holds:
        raise BrokenChain(position, why)
