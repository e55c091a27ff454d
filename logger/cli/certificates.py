"""A small certificate authority of the instance's own, so that a real phone can try it in minutes.

Promises: it can vouch for nothing but a local network: its certificate names private addresses and
.local and .localhost names as the only ones it may ever sign for (RFC 5280 section 4.2.1.10), so
that a phone that trusts it gives nobody power over other sites; its key and the doors' key stay on
this machine, mode 0600.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from logger.keys.master import write_private

PRIVATE_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
)
PRIVATE_NAMES = ("local", "localhost")
_MINUTE_OF_GRACE = datetime.timedelta(minutes=5)
_AUTHORITY_DAYS, _DOOR_DAYS = 365, 30


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM: what the doors show, its key, and the authority that a phone has to trust."""

    chain: Path
    key: Path
    authority: Path


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def certify(
    folder: Path, address: IPv4Address, names: Sequence[str], now: datetime.datetime
) -> Certificates:
    """A fresh certificate for `address` and `names`, by the authority in `folder` or a new one."""
    folder.mkdir(mode=0o700, exist_ok=True)
    authority = _standing_authority(folder, now) or _new_authority(folder, now)
    key = generate_private_key(SECP256R1())
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    certificate = (
        _blank(f"Sharelog at {address}", key, authority.certificate.subject, now, _DOOR_DAYS)
        .add_extension(x509.SubjectAlternativeName([*alternatives, x509.IPAddress(address)]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False
        )
        .sign(authority.key, hashes.SHA256())
    )
    made = Certificates(folder / "doors.crt", folder / "doors.key", folder / "authority.crt")
    _write(made.chain, certificate.public_bytes(Encoding.PEM))
    _write(made.key, _key_bytes(key))
    return made


def _standing_authority(folder: Path, now: datetime.datetime) -> _Authority | None:
    """The one that phones trust already, unless it ends before a door's certificate would."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
        key = load_pem_private_key((folder / "authority.key").read_bytes(), None)
    except FileNotFoundError:
        return None
    outlives = certificate.not_valid_after_utc > now + datetime.timedelta(days=_DOOR_DAYS)
    if not outlives or not isinstance(key, EllipticCurvePrivateKey):
        return None
    return _Authority(certificate, key)


def _new_authority(folder: Path, now: datetime.datetime) -> _Authority:
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sharelog on this network only")])
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in PRIVATE_NAMES]
    permitted += [x509.IPAddress(ip_network(one)) for one in PRIVATE_NETWORKS]
    certificate = (
        _blank("Sharelog on this network only", key, name, now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(_may_only_sign_certificates(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "authority.key", _key_bytes(key))
    _write(folder / "authority.crt", certificate.public_bytes(Encoding.PEM))
    return _Authority(certificate, key)


def _blank(
    name: str, key: EllipticCurvePrivateKey, issuer: x509.Name, now: datetime.datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A phone's clock may be a little behind.
        .not_valid_before(now - _MINUTE_OF_GRACE)
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _may_only_sign_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _key_bytes(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    write_private(path, content)
