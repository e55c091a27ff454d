"""Seals and packs for the vectors, apart from the product's own code, which is tested by them."""

from __future__ import annotations

import hashlib
import struct
import zlib

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

from sync.frames import P256Signer

SUITES = {
    1: Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    2: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}


def secret(name: str) -> bytes:
    return hashlib.sha256(b"sharelog vector: " + name.encode()).digest()


def signer(name: str) -> P256Signer:
    return P256Signer.from_scalar(secret(name))


def private_key(suite: int, private: bytes):
    if suite == 1:
        return ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    expanded = hashlib.shake_256(private).digest(96)
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def public_bytes(suite: int, private: bytes) -> bytes:
    if suite == 0:
        return b""
    if suite == 1:
        return P256Signer.from_scalar(private).public
    expanded = hashlib.shake_256(private).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key()
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key()
    return mlkem.public_bytes_raw() + x25519.public_bytes_raw()


def seal(suite: int, private: bytes, info: bytes, packed: bytes) -> bytes:
    return SUITES[suite].encrypt(packed, private_key(suite, private).public_key(), info)


def seal_own(key: bytes, nonce: bytes, bound: bytes, packed: bytes) -> bytes:
    return nonce + AESGCM(key).encrypt(nonce, packed, bound)


def padded(length: int) -> int:
    step, limit = 64, 1024
    while length > limit:
        step, limit = step * 2, limit * 2
    return -(-length // step) * step


def deflate(text: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(text) + deflater.flush()


def pack(text: bytes) -> bytes:
    return lay(deflate(text))


def lay(deflated: bytes, length: int | None = None) -> bytes:
    """Frames what stands for a deflated text; `length` says something else than the truth."""
    plain = struct.pack(">I", len(deflated) if length is None else length) + deflated
    return plain.ljust(padded(len(plain)), b"\0")
