"""Seals and opens: HPKE for what phones send, AES-256-GCM for what the record door keeps.

Promises: the only module of this side that touches HPKE; what it opens is exactly what
docs/protocol.md section 3 allows, and inflates to at most 64 KiB whatever the bytes say.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from logger.clock import Randomness
from logger.errors import LoggerError, TooMuchText
from logger.keys.keyring import Keyring, UnknownKey
from logger.keys.record_key import RecordKey, expand_xwing
from sync.event import (
    FIRST_OF_DEVICE,
    HEADER_BYTES,
    MAX_EVENT_BYTES,
    SIGNATURE_BYTES,
    SUITE_P256,
    SUITE_RECORD,
    SUITE_XWING,
    Event,
    Header,
    seal_info,
)

if TYPE_CHECKING:
    # Only the type: the module of HPKE has no common parent for its private keys.
    PrivateKey = ec.EllipticCurvePrivateKey | MLKEM768X25519PrivateKey

MAX_INFLATED = 64 * 1024
_LENGTH = struct.Struct(">I")
_NONCE_BYTES, _TAG_BYTES = 12, 16
_MLKEM_PUBLIC_BYTES = 1184
# All of the header but the length, which is only known once the words are sealed.
_BOUND = HEADER_BYTES - 4
_MAX_SEALED = MAX_EVENT_BYTES - HEADER_BYTES - SIGNATURE_BYTES
_SUITES = {
    SUITE_P256: Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    SUITE_XWING: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}


class CannotBeOpened(LoggerError):
    """A sealed part that gives no content; `why` is a code of docs/protocol.md section 5."""

    code = "event.cannot_be_opened"
    status = 500
    public_message = "This part of the record cannot be opened."

    def __init__(self, why: str):
        self.why = why
        super().__init__(why)


def pack(text: bytes) -> bytes:
    """Length, raw deflate and zeros of section 3.3, so that the length tells little."""
    if len(text) > MAX_INFLATED:
        raise TooMuchText
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = deflater.compress(text) + deflater.flush()
    plain = _LENGTH.pack(len(deflated)) + deflated
    return plain.ljust(_padded(len(plain)), b"\0")


def unpack(plain: bytes) -> bytes:
    """The JSON bytes inside; CannotBeOpened when they are not laid out to the letter."""
    if len(plain) < _LENGTH.size:
        raise CannotBeOpened("cannot-be-opened")
    (length,) = _LENGTH.unpack_from(plain)
    end = _LENGTH.size + length
    if len(plain) != _padded(end) or plain[end:].strip(b"\0"):
        raise CannotBeOpened("cannot-be-opened")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # One byte more than allowed is asked for, so that a bomb shows itself without going off.
        text = inflater.decompress(plain[_LENGTH.size : end], MAX_INFLATED + 1)
    except zlib.error as error:
        raise CannotBeOpened("cannot-be-opened") from error
    if len(text) > MAX_INFLATED or not inflater.eof or inflater.unused_data:
        raise CannotBeOpened("cannot-be-opened")
    return text


def open_sealed(event: Event, keyring: Keyring) -> bytes:
    """The JSON inside an event; CannotBeOpened("unknown-key" or "cannot-be-opened")."""
    header = event.header
    try:
        if header.suite == SUITE_RECORD:
            return unpack(_open_own(event, keyring))
        key = keyring.record_key(header.record_key, header.suite)
    except UnknownKey as error:
        raise CannotBeOpened("unknown-key") from error
    info = seal_info(header.suite, header.device, header.entry, header.record_key)
    try:
        plain = _SUITES[header.suite].decrypt(event.sealed, _private(key), info)
    except (InvalidTag, ValueError) as error:
        raise CannotBeOpened("cannot-be-opened") from error
    return unpack(plain)


def seal_record_event(
    keyring: Keyring, randomness: Randomness, kind: int, entry: UUID, at: int, text: bytes
) -> Event:
    """An event of the record door: suite 0, signed by the journal key; TooMuchText above 64 KiB."""
    data_key, plain, nonce = keyring.data_keys[0], pack(text), randomness(_NONCE_BYTES)
    length = _NONCE_BYTES + len(plain) + _TAG_BYTES
    if length > _MAX_SEALED:
        raise TooMuchText
    header = Header(
        kind=kind, suite=SUITE_RECORD, device=keyring.device, entry=entry, seq=0,
        prev=FIRST_OF_DEVICE, at=at, utc_offset=0, record_key=data_key.id, sealed_length=length,
    )  # fmt: skip
    bound = header.to_bytes()[:_BOUND]
    sealed = nonce + AESGCM(data_key.key).encrypt(nonce, plain, bound)
    event = Event(header, sealed, bytes(SIGNATURE_BYTES))
    return event.signed_with(keyring.journal.sign(event.signed_bytes))


def seal_small(key: bytes, randomness: Randomness, bound: bytes, value: bytes) -> bytes:
    """Nonce, ciphertext and tag of a small value; `bound` says what it is and is not secret."""
    nonce = randomness(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, bound)


def open_small(key: bytes, bound: bytes, sealed: bytes) -> bytes:
    """What `seal_small` sealed; CannotBeOpened when key, bytes or `bound` differ."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise CannotBeOpened("cannot-be-opened") from error


def seal_to_recovery(recovery_public: bytes, bound: bytes, key: bytes) -> bytes:
    """A file's key, for whoever holds the recovery key (suite 2); `bound` is not secret."""
    return _SUITES[SUITE_XWING].encrypt(key, _xwing_public(recovery_public), bound)


def open_by_recovery(recovery: RecordKey, bound: bytes, sealed: bytes) -> bytes:
    """What `seal_to_recovery` sealed; CannotBeOpened when key, bytes or `bound` differ."""
    try:
        return _SUITES[SUITE_XWING].decrypt(sealed, _private(recovery), bound)
    except (InvalidTag, ValueError) as error:
        raise CannotBeOpened("cannot-be-opened") from error


def _xwing_public(raw: bytes) -> MLKEM768X25519PublicKey:
    mlkem, x25519 = raw[:_MLKEM_PUBLIC_BYTES], raw[_MLKEM_PUBLIC_BYTES:]
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(mlkem), X25519PublicKey.from_public_bytes(x25519)
    )


def _open_own(event: Event, keyring: Keyring) -> bytes:
    # Only holders of the data key can have made a tag that holds, and the phone door is none:
    # so the tag says who wrote it, and the signature is left to `verify`.
    key = keyring.data_key(event.header.record_key)
    return open_small(key.key, event.header.to_bytes()[:_BOUND], event.sealed)


def _padded(length: int) -> int:
    step = 64
    while length > step * 16:
        step *= 2
    return -(-length // step) * step


# Making the key objects costs more than opening with them.
@lru_cache(maxsize=64)
def _private(key: RecordKey) -> PrivateKey:
    if key.suite == SUITE_XWING:
        return MLKEM768X25519PrivateKey(*expand_xwing(key.private))
    return ec.derive_private_key(int.from_bytes(key.private, "big"), ec.SECP256R1())
