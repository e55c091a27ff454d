"""The bytes of the protocol, written by a stranger from docs/protocol.md alone.

It promises to use nothing of this project: only the standard library and `cryptography`. What it
reads it has checked: a document that it hands out carried a good signature.
"""

import base64
import hashlib
import json
import secrets
import struct
import time
import uuid
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

FRAMES = "application/vnd.sharelog.frames"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ZEROS = bytes(32)


class NotAnAnswerError(Exception):
    """What came back is not of this protocol; a phone keeps everything and tries again."""


def expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise NotAnAnswerError(otherwise)


# Sections 1 and 2: bytes, frames and signatures


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str, length: int | None = None) -> bytes:
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    expect(b64(data) == text, f"another spelling of base64url: {text}")
    expect(length in (None, len(data)), f"{text} is not {length} bytes")
    return data


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def framed(frames: Iterable[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(frame)) + frame for frame in frames)


def unframed(body: bytes) -> list[bytes]:
    frames, at = [], 0
    while at < len(body):
        expect(at + 4 <= len(body), "a cut frame length")
        (length,) = struct.unpack_from(">I", body, at)
        expect(at + 4 + length <= len(body), "a cut frame")
        frames.append(body[at + 4 : at + 4 + length])
        at += 4 + length
    return frames


def signed_by(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def mirrored(signature: bytes) -> bytes:
    """Gives the other valid signature of the same message: (r, n - s)."""
    return signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return len(signature) == 64


def sign_document(key: ec.EllipticCurvePrivateKey, name: str, content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False).encode()
    return text + signed_by(key, f"sharelog/1/{name}".encode() + sha256(text))


def read_document(body: bytes, name: str, keys: Sequence[bytes] | None = None) -> dict[str, Any]:
    """Reads one frame with one signed document; without keys, it must be the root's own."""
    frames = unframed(body)
    expect(len(frames) == 1 and len(frames[0]) > 64, f"{name}: not one signed document")
    text, signature = frames[0][:-64], frames[0][-64:]
    content: dict[str, Any] = json.loads(text)
    expect(content.get("v") == 1, f"{name}: another version")
    message = f"sharelog/1/{name}".encode() + sha256(text)
    signers = [unb64(content["root"], 65)] if keys is None else keys
    expect(any(is_signed(key, message, signature) for key in signers), f"{name}: bad signature")
    return content


# Section 10


def link(before: bytes, position: int, lane: int, event_id: bytes, received_at: int) -> bytes:
    numbers = struct.pack(">QB", position, lane)
    return sha256(b"sharelog/1/chain", before, numbers, event_id, struct.pack(">q", received_at))


# Section 3: the event


def packed(content: dict[str, Any]) -> bytes:
    """Deflates and pads the content, so that its length says little."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = json.dumps(content, ensure_ascii=False).encode()
    deflated = squeeze.compress(text) + squeeze.flush()
    plain = struct.pack(">I", len(deflated)) + deflated
    step, limit = 64, 1024
    while len(plain) > limit:
        step, limit = step * 2, limit * 2
    return plain + bytes(-len(plain) % step)


def seal(suite: int, public: bytes, info: bytes, plain: bytes) -> bytes:
    if suite == 2:
        post_quantum = mlkem.MLKEM768PublicKey.from_public_bytes(public[:1184])
        classic = x25519.X25519PublicKey.from_public_bytes(public[1184:])
        both = hpke.MLKEM768X25519PublicKey(post_quantum, classic)
        way = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
        return way.encrypt(plain, both, info)
    expect(suite == 1, f"no such suite: {suite}")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    way = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    return way.encrypt(plain, point, info)


@dataclass(frozen=True)
class Event:
    header: bytes
    sealed: bytes
    signature: bytes

    @property
    def raw(self) -> bytes:
        return self.header + self.sealed + self.signature

    @property
    def id(self) -> bytes:
        return sha256(b"sharelog/1/event", self.header, sha256(self.sealed))


@dataclass(frozen=True)
class Keys:
    """The root-signed key statement, checked (section 6)."""

    serial: int
    organisation: str
    root: bytes
    suite: int
    record_id: bytes
    record_public: bytes
    stored: list[bytes]
    opened: list[bytes]
    publishing: list[bytes]

    @classmethod
    def read(cls, body: bytes) -> "Keys":
        told = read_document(body, "keys")
        record = told["record"]
        suite, public = record["suite"], unb64(record["public"], {1: 65, 2: 1216}[record["suite"]])
        record_id = unb64(record["id"], 8)
        made = sha256(b"sharelog/1/record-key", bytes([suite]), public)[:8]
        expect(record_id == made, "the record key id does not belong to the record key")
        lists = [[unb64(key, 65) for key in told[n]] for n in ("stored", "opened", "publishing")]
        root = unb64(told["root"], 65)
        return cls(told["serial"], told["organisation"], root, suite, record_id, public, *lists)

    @property
    def fingerprint(self) -> bytes:
        return sha256(b"sharelog/1/root", self.root)

    def words(self, words: Sequence[str]) -> list[str]:
        number = int.from_bytes(self.fingerprint[:11], "big")
        return [words[number >> (77 - 11 * n) & 0x7FF] for n in range(8)]


def now() -> int:
    return time.time_ns() // 1_000_000


def uuid7() -> bytes:
    """Makes a UUID version 7 of RFC 9562."""
    value = bytearray(now().to_bytes(6, "big") + secrets.token_bytes(10))
    value[6] = 0x70 | value[6] & 0x0F
    value[8] = 0x80 | value[8] & 0x3F
    return uuid.UUID(bytes=bytes(value)).bytes


def a_share(at: int, **instead: Any) -> dict[str, Any]:
    """Gives the content of a whole capture (section 3.6), with some of it said otherwise."""
    someone = {"code": None, "label": "A nurse", "person": "Jo Nash", "reference": ""}
    clock = {"at": at, "utc_offset": 60, "monotonic": 41_000, "last_server": None}
    return {
        "v": 1,
        "recipients": [someone],
        "children": [{"name": "Robin Example", "unknown": False}],
        "shared": "Bruising seen this morning. Zażółć gęślą jaźń.",
        "why": [],
        "how": "phone",
        "when": {"at": at, "utc_offset": 60, "about": True},
        "clock": clock,
        "offline": False,
        "app": "stranger 1",
        "language": "en",
    } | instead
