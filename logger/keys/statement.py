"""The key statement: what the root certifies, as every phone reads it (docs/protocol.md
section 6)."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from logger.keys.keyring import Keyring, RootIsOffline
from sync.frames import KEYS, SIGNATURE_BYTES, sign_document, to_text
from sync.store import EventStore

OUTGOING = "keys"


class _RecordPublic(msgspec.Struct, frozen=True):
    suite: int
    id: str
    public: str


class _KeyStatement(msgspec.Struct, frozen=True):
    v: Literal[1]
    serial: int
    issued_at: int
    organisation: str
    root: str
    record: _RecordPublic
    stored: list[str]
    opened: list[str]
    publishing: list[str]


class _Issued(msgspec.Struct, frozen=True):
    serial: int
    issued_at: int


def root_fingerprint(root_public: bytes) -> bytes:
    """The 32 bytes that a phone pins."""
    return hashlib.sha256(b"sharelog/1/root" + root_public).digest()


def key_statement(keyring: Keyring, organisation: str, serial: int, issued_at: int) -> bytes:
    """The signed document; RootIsOffline when the root is not here to sign."""
    if keyring.root is None:
        raise RootIsOffline
    record = keyring.record
    content = _KeyStatement(
        v=1,
        serial=serial,
        issued_at=issued_at,
        organisation=organisation,
        root=to_text(keyring.root_public),
        record=_RecordPublic(record.suite, to_text(record.id), to_text(record.public)),
        stored=[to_text(keyring.stored_public)],
        opened=[to_text(keyring.opened.public)],
        publishing=[to_text(keyring.publishing.public)],
    )
    return sign_document(KEYS, content, keyring.root)


def publish_keys(store: EventStore, keyring: Keyring, organisation: str, now: int) -> None:
    """Lay the statement out for phones when it differs from what stands there, under a serial
    above every earlier one. While the root is offline what stands there stays."""
    before = store.outgoing(OUTGOING)
    if before is None:
        store.lay_out(OUTGOING, key_statement(keyring, organisation, now // 1000, now))
        return
    last = msgspec.json.decode(before[:-SIGNATURE_BYTES], type=_Issued)
    # Signatures are deterministic: the same statement is the same bytes.
    if keyring.root is None or before == key_statement(
        keyring, organisation, last.serial, last.issued_at
    ):
        return
    # Seconds, not a count: a ledger restored from an old backup would count some numbers twice,
    # and phones refuse a serial below the highest they have seen.
    serial = max(last.serial + 1, now // 1000)
    store.lay_out(OUTGOING, key_statement(keyring, organisation, serial, now))
