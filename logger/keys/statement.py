"""The key statement: what the root certifies, as every phone reads it (docs/protocol.md
section 6)."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from logger.errors import LoggerError
from logger.keys.keyring import Keyring, RootIsOffline
from sync.errors import SyncError
from sync.frames import (
    KEYS,
    SIGNATURE_BYTES,
    P256Signer,
    check_document,
    read_document,
    sign_document,
    to_text,
)
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
    return sign_document(KEYS, _content(keyring, organisation, serial, issued_at), keyring.root)


def _content(keyring: Keyring, organisation: str, serial: int, issued_at: int) -> _KeyStatement:
    record = keyring.record
    return _KeyStatement(
        v=1,
        serial=serial,
        issued_at=issued_at,
        organisation=organisation,
        root=to_text(keyring.root_public),
        record=_RecordPublic(record.suite, to_text(record.id), to_text(record.public)),
        stored=[to_text(public) for public in keyring.stored_publics],
        opened=[to_text(keyring.opened.public)],
        publishing=[to_text(keyring.publishing.public)],
    )


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


class NotAStatement(LoggerError):
    """A file that should be a key statement, or a request for one, is not what it should be."""

    code = "keys.not_a_statement"
    status = 422
    public_message = "This key statement cannot be used. Nothing was changed."


def request_statement(store: EventStore, keyring: Keyring, organisation: str, now: int) -> bytes:
    """What the root is asked to certify, as JSON that a person can read before it is signed."""
    serial = max(_last_serial(store) + 1, now // 1000)
    return msgspec.json.encode(_content(keyring, organisation, serial, now))


def sign_request(text: bytes, root: P256Signer) -> bytes:
    """The statement, signed where the root is; NotAStatement when it is not for this root."""
    try:
        asked = msgspec.json.decode(text, type=_KeyStatement)
    except msgspec.MsgspecError as error:
        raise NotAStatement("This is not a request.") from error
    if asked.root != to_text(root.public):
        raise NotAStatement("It is for another root key.")
    return sign_document(KEYS, asked, root)


def accept_statement(store: EventStore, keyring: Keyring, raw: bytes) -> int:
    """Lay out a statement that was signed elsewhere; its serial.

    NotAStatement unless this root signed it, it names the keys that are in use now, and it is
    newer than the one that stands there.
    """
    try:
        check_document(KEYS, raw, keyring.root_public)
        said = read_document(raw, _KeyStatement)
    except SyncError as error:
        raise NotAStatement("The root key of this instance has not signed it.") from error
    if said != _content(keyring, said.organisation, said.serial, said.issued_at):
        raise NotAStatement("It names other keys than those in use. Write a new request.")
    before = store.outgoing(OUTGOING)
    if (
        before
        and said.serial <= msgspec.json.decode(before[:-SIGNATURE_BYTES], type=_Issued).serial
    ):
        raise NotAStatement("It is not newer than the one that phones have.")
    store.lay_out(OUTGOING, raw)
    return said.serial


def _last_serial(store: EventStore) -> int:
    before = store.outgoing(OUTGOING)
    return msgspec.json.decode(before[:-SIGNATURE_BYTES], type=_Issued).serial if before else 0
