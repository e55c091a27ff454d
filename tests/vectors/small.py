"""The small things of the vectors: spellings, frames, names, words and a chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from mnemonic import Mnemonic

from sync.event import Event, record_key_id
from sync.frames import P256Signer, join, to_text
from sync.store import Lane, link
from tests.vectors import seals
from tests.vectors.documents import DIGEST, NONCE, ROOT, STORED
from tests.vectors.events import PHONE
from tests.vectors.words import AT


def small(good: list[dict]) -> dict:
    return {
        "b64": {
            "good": [{"bytes": raw.hex(), "text": to_text(raw)} for raw in
                     (b"", b"\0\0\0", b"\xff\xfe\xfd", b"\xfb\xef\xbe", NONCE, DIGEST)],
            "bad": [{"text": text} for text in
                    ("____=", "AA==", "A", "AAA+", "AAA/", "AAA\n", " AAA", "AA", "AAB", "AAAAA",
                     "AAé", "")],
        },
        "frames": {
            "good": [
                {"body": join(parts).hex(), "parts": [part.hex() for part in parts]}
                for parts in ([], [b""], [b"one"], [b"one", b"", b"\0" * 300])
            ],
            "bad": [{"body": body} for body in
                    ("00", "000000", "00000001", "0000000200", "0000000041", "ffffffff00",
                     "00000001410000")],
        },
        "words": [eight_words(signer) for signer in (ROOT, STORED, PHONE)],
        "ids": [named(suite) for suite in (1, 2)],
        "chain": list(chain(good)),
    }  # fmt: skip


def named(suite: int) -> dict:
    public = seals.public_bytes(suite, seals.secret(f"record key {suite}"))
    return {"suite": suite, "public": public.hex(), "id": record_key_id(suite, public).hex()}


def eight_words(root: P256Signer) -> dict:
    fingerprint = hashlib.sha256(b"sharelog/1/root" + root.public).digest()
    bits = int.from_bytes(fingerprint[:11], "big")
    listed = Mnemonic("english").wordlist
    words = [listed[bits >> shift & 2047] for shift in range(77, -1, -11)]
    return {"root": root.public.hex(), "fingerprint": fingerprint.hex(), "words": " ".join(words)}


def chain(good: list[dict]) -> Iterator[dict]:
    digest = bytes(32)
    for position, case in enumerate(good[:3], start=1):
        event = Event.from_bytes(bytes.fromhex(case["event"]))
        lane, received_at = Lane(position % 2), AT + position
        digest = link(digest, position, lane, event.id, received_at)
        yield {
            "position": position, "lane": int(lane), "id": event.id.hex(),
            "received_at": received_at, "digest": digest.hex(),
        }  # fmt: skip
