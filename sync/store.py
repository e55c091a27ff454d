"""The port to the ledger and what stands beside it; its docstrings are the contract.

Every adapter passes tests/contracts/event_store.py. Times are ms since 1970, ids are raw bytes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol
from uuid import UUID

from sync.event import Event, Header

_LINK = struct.Struct(">QB32sq")
# Of one phone: so that no phone can fill the register with what it says.
MOST_LOST = 16


class Lane(IntEnum):
    """Where in the ledger an event stands: in the record, or set aside for a person to look at."""

    RECORD = 0
    QUARANTINE = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One committed event and its place. `sealed` is None once the payload was lawfully erased."""

    position: int
    lane: Lane
    id: bytes
    header: Header
    sealed_hash: bytes
    sealed: bytes | None
    signature: bytes
    received_at: int
    epoch: bytes
    digest: bytes

    @property
    def event(self) -> Event | None:
        """The event as it arrived, or None when its payload was erased."""
        return None if self.sealed is None else Event(self.header, self.sealed, self.signature)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the ledger. An empty ledger has position 0 and 32 zero bytes."""

    epoch: bytes
    position: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event offered for keeping, and the lane it belongs in."""

    event: Event
    lane: Lane = Lane.RECORD


@dataclass(frozen=True, slots=True)
class Device:
    """A phone the record knows. `person` is the enrolling person's id, opaque to sync."""

    id: bytes
    public: bytes
    person: UUID
    label: str
    enrolled_at: int
    revoked_at: int | None = None
    last_contact: int | None = None
    unsent: int | None = None


@dataclass(frozen=True, slots=True)
class ChainLength:
    """A phone's chain in figures: its events, its different numbers, and the highest of them.

    A gap leaves `last` above `numbers`; a fork leaves `events` above `numbers`.
    """

    events: int
    numbers: int
    last: int


@dataclass(frozen=True, slots=True)
class LostStore:
    """What a phone says of a store that it had before and that is gone with its key.

    Which device that was, the highest number it ever gave, and how many of its entries had no
    receipt. A statement of the phone that carries it, and nothing more.
    """

    device: bytes
    seq: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Contact:
    """What a hello said, to be remembered: when, with which nonce, how many entries wait, and
    which stores were lost on that phone."""

    device: bytes
    nonce: bytes
    at: int
    unsent: int
    lost: tuple[LostStore, ...] = ()


class EventStore(Protocol):
    """Keeps events once, in order, for ever; everything else here is small and replaceable."""

    def one_commit(self) -> AbstractContextManager[None]:
        """All that this thread writes inside becomes durable together, or not at all.

        Nests: an error that leaves an inner one undoes only what the inner one wrote.
        """

    def keep(self, arrivals: Sequence[Arrival], received_at: int) -> list[tuple[Row, bool]]:
        """Commit durably, in one transaction; per arrival its row and whether it is new.

        An id already held answers the row it was kept under, unchanged. LedgerBusy or
        LedgerFull when nothing could be kept.
        """

    def append(self, event: Event, received_at: int, seen: int | None = None) -> Row:
        """Keep one event of the record door.

        With `seen`, EntryMoved unless the last deciding event of its entry in the record lane
        stands at or before position `seen`; check and commit are one transaction. An id already
        held answers its row.
        """

    def erase(self, erasure: Event, received_at: int) -> tuple[Row, int]:
        """Keep an erasure of the record door and take away the payloads of its entry's rows before
        it, in one transaction; its row, and how many payloads went.

        Rows stay, so that the chain still holds. An erasure already held answers its row.
        """

    def head(self) -> Head:
        """Where the ledger ends now."""

    def digest_at(self, position: int) -> bytes | None:
        """The chain digest at a position; None past the head. Position 0 is 32 zero bytes."""

    def row(self, id: bytes) -> Row | None:
        """The row of an event id, or None."""

    def after(self, position: int, limit: int = 500) -> list[Row]:
        """Rows behind `position` in order, both lanes, at most `limit`; empty at the head."""

    def of_entry(self, entry: UUID) -> list[Row]:
        """All rows of an entry in order; empty when there are none."""

    def chain_of(self, device: bytes) -> Iterator[Row]:
        """All rows signed by a device, by seq then position."""

    def chains(self) -> dict[bytes, ChainLength]:
        """How long each phone's chain is, counted without reading it."""

    def held(self, ids: Sequence[bytes]) -> set[bytes]:
        """Which of these ids the ledger holds."""

    def changes(self) -> Callable[[], bool]:
        """A cheap question that answers True when the store may have changed since last asked."""

    def device(self, id: bytes) -> Device | None:
        """A device by id, or None."""

    def devices(self) -> list[Device]:
        """All devices, latest contact first."""

    def count_devices(self) -> tuple[int, int]:
        """How many devices there are, and how many of them were revoked; read from a few pages."""

    def met(self, contact: Contact) -> set[bytes]:
        """Remember a hello; ReplayedHello when this device used the nonce in the last 35 days.

        Which devices of its lost stores are remembered now: of each what this phone said first,
        and at most MOST_LOST of one phone.
        """

    def lost_stores(self) -> dict[bytes, list[LostStore]]:
        """What each phone said of lost stores, in the order in which it was said."""

    def offer_code(self, code_hash: bytes, person: UUID, expires_at: int) -> None:
        """Lay down a single-use enrolment code."""

    def enrol(self, code_hash: bytes, device: Device) -> Device:
        """Spend the code and register the device with the code's person, in one transaction.

        UnusableCode when it does not exist, was spent by another device, or has run out at
        `device.enrolled_at`; the device that spent it may ask again, its answer may be lost.
        A device already registered to that person stays as it is. One registered to somebody else
        is AnotherPersonsPhone: a signing key speaks for one person for ever. One that was revoked
        is RevokedPhone, and the code stays good for a new key.
        """

    def revoke(self, device: bytes, at: int) -> None:
        """From now on this device's events go to quarantine. Already so is fine."""

    def lay_out(self, name: str, content: bytes) -> None:
        """Put what the record says under `name` into `outgoing`, in place of what stood there."""

    def outgoing(self, name: str) -> bytes | None:
        """What the record says under this name, or None."""

    def announce(self, said: Sequence[tuple[bytes, bytes]]) -> None:
        """Lay out *opened* statements as (event id, statement bytes); the latest one stands."""

    def announced(self, ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """The *opened* statements that exist for these event ids."""

    def damage(self) -> str | None:
        """What the database finds wrong with its own files, in one line; None when nothing."""

    def close(self) -> None:
        """Let go of the files."""


def link(previous: bytes, position: int, lane: Lane, id: bytes, received_at: int) -> bytes:
    """The digest of a row. The chain covers ids, not payloads, so that a payload can be
    lawfully erased without breaking the chain around it."""
    body = _LINK.pack(position, lane, id, received_at)
    return hashlib.sha256(b"sharelog/1/chain" + previous + body).digest()
