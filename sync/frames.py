"""Bodies of the phone door: frames of `u32 length || bytes`, and signed documents.

A signed document is UTF-8 JSON followed by a 64-byte ES256 signature over
`prefix || SHA-256(JSON)`. Each kind of document has its own prefix, so that none can be
offered as another.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from sync.errors import MalformedDocument, MalformedFrames, SyncError, WrongSignature

SIGNATURE_BYTES = 64
MAX_BODY_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")
_ES256_OF_DIGEST = ec.ECDSA(Prehashed(hashes.SHA256()))
_ES256_REPEATABLE = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

HELLO, ANSWER, ENROL = b"sharelog/1/hello", b"sharelog/1/answer", b"sharelog/1/enrol"
KEYS, DIRECTORY = b"sharelog/1/keys", b"sharelog/1/directory"
STORED, OPENED = b"sharelog/1/stored", b"sharelog/1/opened"
CHECKPOINT = b"sharelog/1/checkpoint"

T = TypeVar("T")


class Signer(Protocol):
    """Something that signs: a 64-byte r||s, the same for the same bytes (RFC 6979)."""

    @property
    def public(self) -> bytes:
        """The raw uncompressed P-256 point, 65 bytes."""

    def sign(self, message: bytes) -> bytes:
        """ES256 over `message`."""


def join(parts: Iterable[bytes]) -> bytes:
    """Frames one after another."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def split(body: bytes, most: int = 1000, beyond: type[SyncError] = MalformedFrames) -> list[bytes]:
    """The frames of a body; MalformedFrames when they do not fill it exactly, `beyond` as soon as
    there are more than `most`, whatever comes behind them."""
    parts: list[bytes] = []
    offset = 0
    while offset < len(body):
        if len(body) - offset < _LENGTH.size:
            raise MalformedFrames
        if len(parts) == most:
            raise beyond
        (length,) = _LENGTH.unpack_from(body, offset)
        offset += _LENGTH.size
        if length > len(body) - offset:
            raise MalformedFrames
        parts.append(body[offset : offset + length])
        offset += length
    return parts


def sign_document(prefix: bytes, content: msgspec.Struct, signer: Signer) -> bytes:
    """JSON || signature."""
    text = msgspec.json.encode(content)
    return text + signer.sign(document_bytes(prefix, text))


def document_bytes(prefix: bytes, text: bytes) -> bytes:
    """What the signature of a document covers."""
    return prefix + hashlib.sha256(text).digest()


def read_document(raw: bytes, shape: type[T]) -> T:
    """The content, its signature not yet checked (the key may stand inside)."""
    try:
        # As text, because of what it passes over the reader of JSON does not ask if it is UTF-8.
        return msgspec.json.decode(raw[:-SIGNATURE_BYTES].decode(), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedDocument from error


def check_document(prefix: bytes, raw: bytes, public: bytes) -> None:
    """WrongSignature unless `raw` was signed with this key under this prefix."""
    text, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    verify(public, signature, document_bytes(prefix, text))


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Check a 64-byte ES256 signature under a raw point; WrongSignature when it fails."""
    verify_digest(public, signature, hashlib.sha256(message).digest())


def verify_digest(public: bytes, signature: bytes, digest: bytes) -> None:
    """The same, where the SHA-256 of the message is known already."""
    if len(signature) != SIGNATURE_BYTES:
        raise WrongSignature
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        _key(public).verify(encode_dss_signature(r, s), digest, _ES256_OF_DIGEST)
    except (ValueError, InvalidSignature) as error:
        raise WrongSignature from error


# A phone signs a hello and each event it sends: its key is read once for all of them.
@lru_cache(maxsize=256)
def _key(public: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)


class P256Signer:
    """An ES256 key that signs deterministically (RFC 6979), so that a repeat is the same bytes."""

    def __init__(self, key: ec.EllipticCurvePrivateKey):
        self._key = key
        self._public = raw_point(key.public_key())

    @property
    def public(self) -> bytes:
        """The raw uncompressed point, 65 bytes."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """64 bytes r||s."""
        der = self._key.sign(message, _ES256_REPEATABLE)
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    @property
    def scalar(self) -> bytes:
        """The 32-byte private value, for the file that keeps it."""
        return self._key.private_numbers().private_value.to_bytes(32, "big")

    @classmethod
    def from_scalar(cls, scalar: bytes) -> P256Signer:
        """From the 32-byte private value."""
        return cls(ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1()))


def raw_point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point of SEC 1 section 2.3.3, 65 bytes."""
    numbers = key.public_numbers()
    return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def to_text(raw: bytes) -> str:
    """Bytes as base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str, length: int) -> bytes:
    """Exactly `length` bytes from their one base64url form; MalformedDocument otherwise."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise MalformedDocument from error
    if len(raw) != length or to_text(raw) != text:
        raise MalformedDocument
    return raw
