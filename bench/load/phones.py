"""Phones by the thousand: each with its key and its chain, what they send sealed beforehand.

Their entries are what real phones send and the record opens; only the words are made up.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from uuid import UUID

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519

from bench import children
from sync.event import CAPTURE, FIRST_OF_DEVICE, SUITE_XWING, Event, Header, device_id, seal_info
from sync.frames import HELLO, P256Signer, document_bytes, join, to_text
from tests.events import a_signer
from tests.stranger_wire import a_share, now, packed, uuid7

_WAY = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_MLKEM_BYTES = 1184
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class RecordKey:
    """What phones seal to: the record's post-quantum key (1,216 bytes), and its name (8)."""

    id: bytes
    public: bytes

    def opened_by(self) -> hpke.MLKEM768X25519PublicKey:
        """The key as the library wants it."""
        post_quantum = mlkem.MLKEM768PublicKey.from_public_bytes(self.public[:_MLKEM_BYTES])
        classic = x25519.X25519PublicKey.from_public_bytes(self.public[_MLKEM_BYTES:])
        return hpke.MLKEM768X25519PublicKey(post_quantum, classic)


@dataclass(slots=True)
class Phone:
    """One phone; `seq` and `prev` say where its chain ends."""

    name: str
    signer: P256Signer
    device: bytes
    seq: int = 0
    prev: bytes = FIRST_OF_DEVICE

    @classmethod
    def of(cls, number: int) -> Phone:
        """The phone of this number; the same number gives the same key."""
        name = f"phone {number}"
        signer = a_signer(name)
        return cls(name, signer, device_id(signer.public))

    def hello(self) -> bytes:
        """A fresh one."""
        said = {
            "v": 1, "key": to_text(self.signer.public), "nonce": to_text(os.urandom(16)),
            "time": now(), "unsent": 0, "seen": None, "awaiting": [], "holds": [],
        }  # fmt: skip
        text = json.dumps(said).encode()
        return text + self.signer.sign(document_bytes(HELLO, text))

    def body(self, events: Sequence[bytes]) -> bytes:
        """One request with these events."""
        return join([self.hello(), *events])


def sealed(phones: Sequence[Phone], each: int, key: RecordKey) -> list[list[bytes]]:
    """So many new entries of each phone, as events on the wire; made by two processes."""
    places = [(phone.name, phone.seq, phone.prev) for phone in phones]
    parts = [places[start : start + _AT_ONCE] for start in range(0, len(places), _AT_ONCE)]
    with ProcessPoolExecutor(2) as makers:
        made = [one for part in makers.map(_make, parts, repeat(each), repeat(key)) for one in part]
    for phone, events in zip(phones, made, strict=True):
        phone.seq, phone.prev = phone.seq + each, Event.from_bytes(events[-1]).id
    return made


def _make(places: Sequence[tuple[str, int, bytes]], each: int, key: RecordKey) -> list[list[bytes]]:
    public, made = key.opened_by(), []
    for name, seq, prev in places:
        signer, events = a_signer(name), []
        device = device_id(signer.public)
        for number in range(seq + 1, seq + each + 1):
            entry, at = UUID(bytes=uuid7()), now()
            info = seal_info(SUITE_XWING, device, entry, key.id)
            part = _WAY.encrypt(packed(_words(f"{name} {number}", at)), public, info)
            header = Header(
                CAPTURE, SUITE_XWING, device, entry, number, prev, at, 0, key.id, len(part)
            )
            event = Event(header, part, bytes(64))
            event = event.signed_with(signer.sign(event.signed_bytes))
            events.append(event.to_bytes())
            prev = event.id
        made.append(events)
    return made


def _words(name: str, at: int) -> dict[str, object]:
    chance = random.Random(name)
    child = {"name": " ".join(children.name(chance)), "unknown": False}
    return a_share(at, shared=f"Bruising seen this morning, {name}.", children=[child])
