"""Published vectors of ECDSA, put to the functions that sign and check here."""

from __future__ import annotations

import pytest

from sync.errors import WrongSignature
from sync.frames import P256Signer, verify
from tests.sync_vectors import PUBLISHED, named

_SIGN, _VERIFY = PUBLISHED["ecdsa_p256_sign"], PUBLISHED["ecdsa_p256_verify"]
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        verify(public, signature, message)
    except WrongSignature:
        return False
    return True


@pytest.mark.parametrize("case", named(_VERIFY["cases"]))
def test_a_signature_holds_as_nist_says(case):
    parts = (bytes.fromhex(case[name]) for name in ("public", "signature", "message"))
    assert holds(*parts) == case["good"]


@pytest.mark.parametrize("case", named(_SIGN["cases"]))
def test_we_sign_as_rfc_6979_says(case):
    signer = P256Signer.from_scalar(bytes.fromhex(_SIGN["private"]))
    assert signer.public.hex() == _SIGN["public"]
    assert signer.sign(bytes.fromhex(case["message"])).hex() == case["signature"]


def test_only_the_numbers_of_a_signature_and_their_mirror_hold():
    case = _SIGN["cases"][0]
    public, message = bytes.fromhex(_SIGN["public"]), bytes.fromhex(case["message"])
    r, s = (int(half, 16) for half in (case["signature"][:64], case["signature"][64:]))
    edges = (0, 1, r, s, _N - r, _N - s, _N - 1, _N, _N + 1, _P % 2**256, 2**256 - 1)
    good = {
        (one, other)
        for one in edges
        for other in edges
        if holds(public, one.to_bytes(32, "big") + other.to_bytes(32, "big"), message)
    }
    # The second is why an event's id is never over its signature.
    assert good == {(r, s), (r, _N - s)}


def test_a_signature_of_another_length_or_form_does_not_hold():
    case = _SIGN["cases"][0]
    public, message = bytes.fromhex(_SIGN["public"]), bytes.fromhex(case["message"])
    signature = bytes.fromhex(case["signature"])
    der = b"\x30\x46\x02\x21\0" + signature[:32] + b"\x02\x21\0" + signature[32:]
    for other in (b"", signature[:-1], signature + b"\0", der, signature * 2):
        assert not holds(public, other, message)


def test_nobody_signs_with_what_is_no_point():
    case = _SIGN["cases"][0]
    signature, message = (bytes.fromhex(case[name]) for name in ("signature", "message"))
    x, y = _SIGN["public"][2:66], _SIGN["public"][66:]
    none = (
        "", "00", "04" + x, "04" + x + "0" * 64, "04" + "0" * 128, "04" + "f" * 128,
        "04" + f"{_P:064x}" + y, "05" + x + y, "04" + y + x, "04" + x + y + "00",
    )  # fmt: skip
    for public in none:
        assert not holds(bytes.fromhex(public), signature, message), public
