"""What a phone says and how its answers are read, for tests of the phone door."""

from __future__ import annotations

import itertools
import json

from sync.event import Event
from sync.frames import ANSWER, ENROL, HELLO, check_document, document_bytes, join, split, to_text
from tests.events import NOW, a_signer

_numbers = itertools.count()


def a_nonce() -> bytes:
    return next(_numbers).to_bytes(16, "big")


def a_hello(name: str = "dana's phone", **more: object) -> bytes:
    signer = a_signer(name)
    said = {
        "v": 1, "key": to_text(signer.public), "nonce": to_text(a_nonce()), "time": NOW,
        "unsent": 0, "seen": None, "awaiting": [], "holds": [],
    } | more  # fmt: skip
    return sign(HELLO, said, name)


def an_enrolment(code: str, name: str = "dana's phone", **more: object) -> bytes:
    said = {
        "v": 1, "key": to_text(a_signer(name).public), "nonce": to_text(a_nonce()), "time": NOW,
        "code": code, "label": name,
    } | more  # fmt: skip
    return sign(ENROL, said, name)


def sign(prefix: bytes, said: object, name: str) -> bytes:
    text = json.dumps(said).encode()
    return text + a_signer(name).sign(document_bytes(prefix, text))


def a_body(*events: Event | bytes, hello: bytes | None = None) -> bytes:
    parts = [event.to_bytes() if isinstance(event, Event) else event for event in events]
    return join([a_hello() if hello is None else hello, *parts])


def read_answer(body: bytes, signer: str = "stored") -> dict:
    (document,) = split(body)
    return read_document(document, signer)


def read_document(document: bytes, signer: str = "stored") -> dict:
    check_document(ANSWER, document, a_signer(signer).public)
    return json.loads(document[:-64])
