"""HPKE key pairs as bytes: the record's own, and the recovery pair."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from logger.clock import Randomness
from sync.event import SUITE_P256, SUITE_XWING, record_key_id
from sync.frames import P256Signer

# Order of the group of P-256 (SEC 2 section 2.4.2); a private scalar is from 1 to one below it.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class RecordKey:
    """One HPKE pair. `private` is 32 bytes: the scalar (suite 1) or the X-Wing seed (suite 2)."""

    suite: int
    public: bytes = field(repr=False)
    private: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """The 8 bytes that name this key in an event."""
        return record_key_id(self.suite, self.public)

    @classmethod
    def make(cls, suite: int, randomness: Randomness) -> RecordKey:
        """A fresh pair for suite 1 or 2."""
        private = randomness(32) if suite == SUITE_XWING else make_scalar(randomness)
        return cls.from_private(suite, private)

    @classmethod
    def from_private(cls, suite: int, private: bytes) -> RecordKey:
        """The pair with this private half."""
        if suite == SUITE_P256:
            return cls(suite, P256Signer.from_scalar(private).public, private)
        mlkem, x25519 = expand_xwing(private)
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(suite, public, private)


def expand_xwing(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """The two private keys behind an X-Wing seed (draft-connolly-cfrg-xwing-kem section 5.2)."""
    if len(seed) != 32:
        raise ValueError("an X-Wing seed has 32 bytes")
    expanded = hashlib.shake_256(seed).digest(96)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def make_scalar(randomness: Randomness) -> bytes:
    """A private value of P-256, 32 bytes; draws again for the one in 2**32 out of range."""
    while True:
        scalar = randomness(32)
        if 0 < int.from_bytes(scalar, "big") < _P256_ORDER:
            return scalar
