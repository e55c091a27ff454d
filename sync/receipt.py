"""What the organisation signs about one event: that it is stored, and that it was opened.

Both are the same bytes for the same facts for ever (RFC 6979), so that a phone which asks twice
gets one answer. The phone door signs *stored* with a key of its own; *opened* is signed on the
record's side and only passed on here.
"""

from __future__ import annotations

import os
import stat
import struct
from enum import IntEnum
from pathlib import Path
from typing import Literal

import msgspec

from sync.errors import MalformedDocument, StoredKeyUnusable
from sync.frames import OPENED, STORED, P256Signer, Signer, from_text, to_text, verify
from sync.store import Row

_STORED_FACTS = struct.Struct(">16s32sQBq")
_OPENED_FACTS = struct.Struct(">32sBq")


class StoredReceipt(msgspec.Struct, frozen=True):
    """As it stands in an answer (docs/protocol.md section 5)."""

    epoch: str
    position: int
    lane: int
    received_at: int
    signature: str


class Outcome(IntEnum):
    """What became of an event on the record's side."""

    OPENED = 1
    SET_ASIDE = 2


class OpenedStatement(msgspec.Struct, frozen=True):
    """As it stands in an answer; made on the record's side, copied by the phone door."""

    id: str
    outcome: Literal["opened", "set-aside"]
    why: str
    at: int
    signature: str


class _StoredKeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Literal[1]
    stored: str


def stored_bytes(epoch: bytes, id: bytes, position: int, lane: int, received_at: int) -> bytes:
    """What a *stored* signature covers."""
    return STORED + _STORED_FACTS.pack(epoch, id, position, lane, received_at)


def stored_receipt(row: Row, signer: Signer) -> StoredReceipt:
    """The receipt of a committed row. Only ever call this after COMMIT returned."""
    facts = stored_bytes(row.epoch, row.id, row.position, row.lane, row.received_at)
    return StoredReceipt(
        epoch=to_text(row.epoch),
        position=row.position,
        lane=int(row.lane),
        received_at=row.received_at,
        signature=to_text(signer.sign(facts)),
    )


def opened_bytes(id: bytes, outcome: Outcome, at: int, why: str) -> bytes:
    """What an *opened* signature covers."""
    return OPENED + _OPENED_FACTS.pack(id, outcome, at) + why.encode("ascii")


def opened_statement(id: bytes, outcome: Outcome, at: int, why: str, signer: Signer) -> bytes:
    """The statement as the bytes to announce; `why` is empty when the event was opened."""
    statement = OpenedStatement(
        id=to_text(id),
        outcome="opened" if outcome is Outcome.OPENED else "set-aside",
        why=why,
        at=at,
        signature=to_text(signer.sign(opened_bytes(id, outcome, at, why))),
    )
    return msgspec.json.encode(statement)


def check_opened(raw: bytes, public: bytes) -> OpenedStatement:
    """Read a statement and check its signature; MalformedDocument or WrongSignature otherwise."""
    try:
        statement = msgspec.json.decode(raw.decode(), type=OpenedStatement)
        outcome = Outcome.OPENED if statement.outcome == "opened" else Outcome.SET_ASIDE
        facts = opened_bytes(from_text(statement.id, 32), outcome, statement.at, statement.why)
    except (msgspec.MsgspecError, UnicodeError, struct.error, RecursionError) as error:
        raise MalformedDocument from error
    verify(public, from_text(statement.signature, 64), facts)
    return statement


def stored_key_file(signer: P256Signer) -> bytes:
    """What stands in the file of the phone door's one key."""
    return msgspec.json.encode(_StoredKeyFile(v=1, stored=to_text(signer.scalar)))


def write_stored_key(path: Path, signer: P256Signer) -> None:
    """Lay down the phone door's one key, readable by its owner alone; never over another."""
    text = stored_key_file(signer)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_stored_key(path: Path) -> P256Signer:
    """The phone door's key; StoredKeyUnusable says in a sentence what is wrong with the file."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            raw = file.read(4096)
    except OSError as error:
        raise StoredKeyUnusable(f"{path.name} cannot be read: {error.strerror}") from error
    # Windows has no such bits; there the folder's access list is what protects the file.
    if os.name == "posix" and mode & 0o077:
        raise StoredKeyUnusable(f"{path.name} can be read by others: run chmod 600 on it")
    try:
        content = msgspec.json.decode(raw, type=_StoredKeyFile)
        return P256Signer.from_scalar(from_text(content.stored, 32))
    except (msgspec.MsgspecError, MalformedDocument, UnicodeDecodeError, ValueError) as error:
        raise StoredKeyUnusable(f"{path.name} is not a stored key file") from error
