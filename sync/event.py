"""One signed, sealed thing that happened: exact bytes, no options.

The layout is docs/protocol.md section 3. Parsing accepts one encoding of an event and refuses
every other, so that two readers can never disagree about what was signed.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field, replace
from uuid import UUID

from sync.errors import MalformedEvent

VERSION = 1
SIGNING_PREFIX = b"sharelog/1/event"
DEVICE_BYTES, ID_BYTES, SIGNATURE_BYTES = 32, 32, 64
MAX_EVENT_BYTES = 64 * 1024
FIRST_OF_DEVICE = bytes(ID_BYTES)

# version, kind, suite, reserved, device, entry, seq, prev, at, utc offset, record key id, length
_HEADER = struct.Struct(">BBBB32s16sI32sqh8sI")
HEADER_BYTES = _HEADER.size

SUITE_RECORD, SUITE_P256, SUITE_XWING = 0, 1, 2
# Nonce and tag of AES-256-GCM; encapsulated key of RFC 9180 section 7.1 and tag.
_LEAST_SEALED = {SUITE_RECORD: 12 + 16, SUITE_P256: 65 + 16, SUITE_XWING: 1120 + 16}

_MOST_SEALED = MAX_EVENT_BYTES - HEADER_BYTES - SIGNATURE_BYTES

CAPTURE, ADDITION = 1, 2
PHONE_KINDS = frozenset({CAPTURE, ADDITION})
DOCUMENTATION, SUBMISSION, DECISION, LOOK, ERASURE, LATER = 16, 17, 18, 19, 20, 21
STANDING_IN, INCIDENT, ADVICE, CHILD, ADMISSION = 22, 23, 24, 25, 26
PERSON, PHONE, DIRECTORY, LAW_PACK = 32, 33, 34, 35
RECORD_KINDS = frozenset({
    DOCUMENTATION, SUBMISSION, DECISION, LOOK, ERASURE, LATER, STANDING_IN, INCIDENT, ADVICE,
    CHILD, ADMISSION, PERSON, PHONE, DIRECTORY, LAW_PACK,
})  # fmt: skip
_KINDS = PHONE_KINDS | RECORD_KINDS
# The events after which an earlier view of the entry is out of date for whoever decides on it.
DECIDING_KINDS = frozenset({
    CAPTURE, ADDITION, DOCUMENTATION, SUBMISSION, DECISION, LATER, STANDING_IN, INCIDENT,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What anyone may know of an event. `at` in ms since 1970, `utc_offset` in minutes east."""

    kind: int
    suite: int
    device: bytes
    entry: UUID
    seq: int
    prev: bytes
    at: int
    utc_offset: int
    record_key: bytes
    sealed_length: int

    def __post_init__(self) -> None:
        if why := _wrong_with(self):
            raise MalformedEvent(why)

    def to_bytes(self) -> bytes:
        """The 110 header bytes."""
        return _HEADER.pack(
            VERSION, self.kind, self.suite, 0, self.device, self.entry.bytes, self.seq, self.prev,
            self.at, self.utc_offset, self.record_key, self.sealed_length,
        )  # fmt: skip

    @classmethod
    def from_bytes(cls, raw: bytes) -> Header:
        """Read 110 bytes; MalformedEvent when they are not a version 1 header."""
        if len(raw) != HEADER_BYTES:
            raise MalformedEvent("header is not 110 bytes")
        (version, kind, suite, reserved, device, entry, seq, prev, at, offset, key, length) = (
            _HEADER.unpack(raw)
        )
        if version != VERSION:
            raise MalformedEvent("unknown version")
        if reserved != 0:
            raise MalformedEvent("reserved byte is not zero")
        return cls(kind, suite, device, UUID(bytes=entry), seq, prev, at, offset, key, length)


def _wrong_with(one: Header) -> str | None:
    """The first rule of docs/protocol.md section 3 that a header breaks."""
    # One expression and no call for each rule: every event that is taken in or read goes this way.
    from_phone = one.kind in PHONE_KINDS
    return (
        "unknown kind" if one.kind not in _KINDS
        else "unknown suite" if one.suite not in _LEAST_SEALED
        else "device is not 32 bytes" if len(one.device) != DEVICE_BYTES
        else "entry is not a UUID of version 7" if not _is_version_7(one.entry.int)
        else "seq out of range" if not 0 <= one.seq < 2**32
        else "prev is not 32 bytes" if len(one.prev) != ID_BYTES
        else "at out of range" if not -(2**63) <= one.at < 2**63
        else "utc offset out of range" if not -(2**15) <= one.utc_offset < 2**15
        else "record key id is not 8 bytes" if len(one.record_key) != 8
        else "sealed length out of range"
        if not _LEAST_SEALED[one.suite] <= one.sealed_length <= _MOST_SEALED
        else "suite does not go with kind" if from_phone == (one.suite == SUITE_RECORD)
        else "seq does not go with kind" if from_phone != (one.seq > 0)
        else "prev without a predecessor" if one.seq <= 1 and one.prev != FIRST_OF_DEVICE
        else None
    )  # fmt: skip


def _is_version_7(number: int) -> bool:
    """RFC 9562 sections 4.1 and 4.2: variant 10, version 7."""
    return number >> 62 & 0b11 == 0b10 and number >> 76 & 0b1111 == 7


@dataclass(frozen=True, slots=True)
class Event:
    """Header, sealed bytes and the 64-byte ES256 signature r||s."""

    header: Header
    sealed: bytes
    signature: bytes
    sealed_hash: bytes = field(init=False, repr=False, compare=False)
    # 32 bytes; never over the signature, because (r, n-s) verifies as well as (r, s).
    id: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once, because whoever takes an event in asks for both again and again.
        object.__setattr__(self, "sealed_hash", hashlib.sha256(self.sealed).digest())
        object.__setattr__(self, "id", hashlib.sha256(self.signed_bytes).digest())

    @property
    def signed_bytes(self) -> bytes:
        """What the signature covers; needs only the hash of the sealed part, so that it
        still verifies after that part was lawfully erased."""
        return signed_bytes(self.header, self.sealed_hash)

    def to_bytes(self) -> bytes:
        """The wire form."""
        return self.header.to_bytes() + self.sealed + self.signature

    def signed_with(self, signature: bytes) -> Event:
        """The same event carrying that signature."""
        return replace(self, signature=signature)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Event:
        """Read one whole event; MalformedEvent on anything short, long or not ours."""
        if len(raw) > MAX_EVENT_BYTES:
            raise MalformedEvent("larger than 64 KiB")
        if len(raw) < HEADER_BYTES:
            raise MalformedEvent("shorter than a header")
        header = Header.from_bytes(raw[:HEADER_BYTES])
        end = HEADER_BYTES + header.sealed_length
        if len(raw) != end + SIGNATURE_BYTES:
            raise MalformedEvent("length does not match the header")
        return cls(header, raw[HEADER_BYTES:end], raw[end:])


def signed_bytes(header: Header, sealed_hash: bytes) -> bytes:
    """The bytes under an event's signature and its id (docs/protocol.md section 3.4)."""
    return SIGNING_PREFIX + header.to_bytes() + sealed_hash


def seal_info(suite: int, device: bytes, entry: UUID, record_key: bytes) -> bytes:
    """The HPKE `info` of an event (RFC 9180 section 5.1); all known before anyone types."""
    return b"sharelog/1/seal" + bytes([VERSION, suite]) + device + entry.bytes + record_key


def record_key_id(suite: int, public: bytes) -> bytes:
    """8 bytes that name a record key."""
    return hashlib.sha256(b"sharelog/1/record-key" + bytes([suite]) + public).digest()[:8]


def device_id(public: bytes) -> bytes:
    """The device that signs with this key: SHA-256 of the raw uncompressed point (65 bytes)."""
    return hashlib.sha256(public).digest()
