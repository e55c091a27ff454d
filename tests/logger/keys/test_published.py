"""Published vectors, put to the functions that seal and open here: a library that was changed, or
called in another way than its standard says, would show."""

from __future__ import annotations

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from logger.keys import record_key, sealing
from logger.keys.record_key import RecordKey
from logger.keys.sealing import CannotBeOpened, open_small, seal_small
from tests.sync_vectors import PUBLISHED, named
from tests.vectors import seals

# No published vector has AES-256-GCM under either KEM: it is tried by itself, below.
_AEADS = {1: AEAD.AES_128_GCM, 3: AEAD.CHACHA20_POLY1305}
_KEMS = {1: KEM.P256, 2: KEM.MLKEM768_X25519}


def parts(case, *names):
    return [bytes.fromhex(case[name]) for name in names]


@pytest.mark.parametrize("case", named(PUBLISHED["hpke"]["cases"]))
def test_a_seal_of_the_standard_opens_with_our_key(case):
    enc, sealed, private, public = parts(case, "enc", "sealed", "private", "public")
    key = RecordKey.from_private(case["suite"], private)
    assert key.public == public
    suite = Suite(_KEMS[case["suite"]], KDF.HKDF_SHA256, _AEADS[case["aead"]])
    # The library's own way to these vectors: all of them bind something, which our seals never do.
    plain = openssl.hpke._decrypt_with_aad(
        suite, enc + sealed, sealing._private(key), *parts(case, "info", "aad")
    )
    assert plain.hex() == case["plain"]


@pytest.mark.parametrize("case", named(PUBLISHED["aes_256_gcm"]["cases"]))
def test_a_small_value_is_sealed_as_nist_says(case):
    key, nonce, bound, sealed = parts(case, "key", "nonce", "bound", "sealed")
    if case["plain"] is None:
        with pytest.raises(CannotBeOpened):
            open_small(key, bound, nonce + sealed)
        return
    plain = bytes.fromhex(case["plain"])
    assert open_small(key, bound, nonce + sealed) == plain
    assert seal_small(key, lambda count: nonce[:count], bound, plain) == nonce + sealed


@pytest.mark.parametrize("case", named(PUBLISHED["ml_kem_768"]["cases"]))
def test_a_seed_gives_the_ml_kem_key_of_the_standard(case, monkeypatch):
    seed, public, shared, other = parts(case, "seed", "public", "shared", "other_shared")
    # An X-Wing seed is stretched before it is halved: here by what the vector begins with.
    monkeypatch.setattr(record_key.hashlib, "shake_256", lambda _: Stretched(seed + bytes(32)))
    mlkem, _ = record_key.expand_xwing(bytes(32))
    assert mlkem.public_key().public_bytes_raw() == public
    assert mlkem.decapsulate(bytes.fromhex(case["ciphertext"])) == shared
    # One that was made for nobody gives another secret and no error.
    assert mlkem.decapsulate(bytes.fromhex(case["other_ciphertext"])) == other


class Stretched:
    def __init__(self, said: bytes):
        self.said = said

    def digest(self, length: int) -> bytes:
        assert length == len(self.said)
        return self.said


@pytest.mark.parametrize("case", named(PUBLISHED["x25519"]["cases"]))
def test_x25519_agrees_as_the_standard_says(case):
    scalar, other = parts(case, "scalar", "u")
    key = X25519PrivateKey.from_private_bytes(scalar)
    assert key.exchange(X25519PublicKey.from_public_bytes(other)).hex() == case["shared"]


# RFC 7748 section 6.1: points of small order, with which everybody agrees on nothing.
_SMALL_ORDER = (
    0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
)  # fmt: skip


@pytest.mark.parametrize("point", _SMALL_ORDER)
def test_a_seal_under_a_point_of_small_order_is_not_opened(point):
    key = RecordKey.from_private(2, seals.secret("small order"))
    sealed = bytearray(seals.seal(2, key.private, b"bound", b"plain"))
    sealed[1088:1120] = point.to_bytes(32, "little")
    with pytest.raises(CannotBeOpened):
        sealing.open_by_recovery(key, b"bound", bytes(sealed))
