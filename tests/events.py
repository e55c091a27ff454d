"""Phones and their events for tests: keys from fixed seeds, so that a failure can be repeated."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

from sync import event as kinds
from sync.event import FIRST_OF_DEVICE, Event, Header, device_id
from sync.frames import P256Signer
from sync.store import Device

NOW = 1_795_000_000_000
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DANA = UUID("01963f2e-0000-7000-8000-0000000000d1")
SAM = UUID("01963f2e-0000-7000-8000-0000000000d2")
EPOCH = hashlib.sha256(b"a test's epoch").digest()[:16]


def a_signer(name: str = "dana's phone") -> P256Signer:
    """A signing key made of a name; the same name gives the same key."""
    return P256Signer.from_scalar(hashlib.sha256(b"test key: " + name.encode()).digest())


def a_device(name: str = "dana's phone", person: UUID = DANA, at: int = NOW) -> Device:
    public = a_signer(name).public
    return Device(device_id(public), public, person, name, at)


def an_entry(number: int = 1) -> UUID:
    return UUID(bytes=NOW.to_bytes(6, "big") + b"\x70\x00\x80" + number.to_bytes(7, "big"))


def an_event(
    name: str = "dana's phone",
    seq: int = 1,
    *,
    entry: UUID | None = None,
    kind: int = kinds.CAPTURE,
    prev: bytes | None = None,
    sealed: bytes | None = None,
    at: int = NOW,
) -> Event:
    """A signed event that nobody can open: its sealed part is noise."""
    signer = a_signer(name)
    from_phone = kind in kinds.PHONE_KINDS
    if sealed is None:
        sealed = hashlib.shake_256(f"{name} {seq} {kind} {at}".encode()).digest(300)
    if prev is None:
        prev = hashlib.sha256(f"{name} before {seq}".encode()).digest()
    header = Header(
        kind=kind,
        suite=kinds.SUITE_P256 if from_phone else kinds.SUITE_RECORD,
        device=device_id(signer.public),
        entry=an_entry(seq) if entry is None else entry,
        seq=seq if from_phone else 0,
        prev=prev if from_phone and seq > 1 else FIRST_OF_DEVICE,
        at=at,
        utc_offset=0,
        record_key=b"\x01" * 8,
        sealed_length=len(sealed),
    )
    return signed(Event(header, sealed, bytes(64)), signer)


def a_chain(name: str = "dana's phone", length: int = 3) -> list[Event]:
    """Events of one phone, each naming the one before."""
    events = [an_event(name, 1)]
    for seq in range(2, length + 1):
        events.append(an_event(name, seq, prev=events[-1].id))
    return events


def a_record_event(
    number: int, kind: int = kinds.DOCUMENTATION, entry: UUID | None = None
) -> Event:
    """An event as the record door writes it, under the key named `journal`."""
    sealed = hashlib.shake_256(f"record {number}".encode()).digest(100)
    return an_event("journal", number, kind=kind, entry=entry or an_entry(number), sealed=sealed)


def signed(event: Event, signer: P256Signer) -> Event:
    return event.signed_with(signer.sign(event.signed_bytes))


def mirrored(event: Event) -> Event:
    """The same event under the other valid signature, (r, n - s)."""
    r, s = event.signature[:32], int.from_bytes(event.signature[32:], "big")
    return event.signed_with(r + (ORDER - s).to_bytes(32, "big"))


def with_header(event: Event, **changes: object) -> Event:
    """The event with other header fields and its old signature."""
    return replace(event, header=replace(event.header, **changes))
