"""Signed documents, answers, receipts and the small things of the vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sync.event import record_key_id
from sync.frames import P256Signer, document_bytes, join, to_text
from sync.receipt import Outcome, opened_bytes, stored_bytes
from tests.vectors import seals
from tests.vectors.events import PHONE, STRANGER
from tests.vectors.words import AT

ROOT, STORED, OPENED, PUBLISHING = (
    seals.signer(name) for name in ("root", "stored", "opened", "publishing")
)
OLD_STORED = seals.signer("stored, last year")
EPOCH, NONCE = seals.secret("epoch")[:16], seals.secret("nonce")[:16]
DIGEST = seals.secret("digest")
LOST = {"device": to_text(seals.secret("lost device")), "seq": 14, "waiting": 2}


def signed(prefix: str, content: dict | bytes, who: P256Signer) -> bytes:
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return content + who.sign(document_bytes(b"sharelog/1/" + prefix.encode(), content))


def hello(**more) -> dict:
    return {
        "v": 1, "key": to_text(PHONE.public), "nonce": to_text(NONCE), "time": AT, "unsent": 2,
        "seen": {"epoch": to_text(EPOCH), "position": 41, "digest": to_text(DIGEST)},
        "awaiting": [to_text(seals.secret("awaited"))], "holds": [],
    } | more  # fmt: skip


def statement() -> dict:
    private = seals.secret("record key 2")
    public = seals.public_bytes(2, private)
    return {
        "v": 1, "serial": 3, "issued_at": AT, "organisation": "Sir y Fflint / Flintshire",
        "root": to_text(ROOT.public),
        "record": {
            "suite": 2, "id": to_text(record_key_id(2, public)), "public": to_text(public),
        },
        "stored": [to_text(STORED.public), to_text(OLD_STORED.public)],
        "opened": [to_text(OPENED.public)], "publishing": [to_text(PUBLISHING.public)],
    }  # fmt: skip


def directory() -> dict:
    both = {"en": "Children's social care", "cy": "Gofal cymdeithasol plant"}
    reason = {"code": "danger-now", "label": {"en": "Danger now", "cy": "Perygl nawr"}}
    way = {"code": "phone", "label": {"en": "By phone", "cy": "Dros y ffôn"}}
    return {
        "v": 1, "serial": 9, "organisation": "Sir y Fflint / Flintshire", "language": "en",
        "document_within_hours": 24, "demo": False,
        "recipients": [
            {"code": "social-care", "label": both, "kind": "social-care", "number": "01632 960001"}
        ],
        "why": [reason], "how": [way],
    }  # fmt: skip


def enrolment() -> dict:
    return {
        "v": 1, "key": to_text(PHONE.public), "nonce": to_text(NONCE), "time": AT,
        "code": "7K3M-9QXV-0ABC-DEFG", "label": "Siân, ffôn 1",
    }  # fmt: skip


def documents() -> dict:
    good = [
        ("hello", "hello", hello(), PHONE),
        ("hello of a first visit", "hello", hello(seen=None, unsent=0, awaiting=[]), PHONE),
        ("hello that tells of a lost store", "hello", hello(lost=[LOST]), PHONE),
        ("hello with a name of tomorrow", "hello", hello(later={"x": 1}), PHONE),
        ("enrolment", "enrol", enrolment(), PHONE),
        ("key statement", "keys", statement(), ROOT),
        ("directory", "directory", directory(), PUBLISHING),
    ]
    return {
        "keys": {"root": ROOT.public.hex(), "publishing": PUBLISHING.public.hex()},
        "good": [good_document(*case) for case in good],
        "bad": list(bad_documents()),
    }


def good_document(name: str, prefix: str, content: dict, who: P256Signer) -> dict:
    raw = signed(prefix, content, who)
    return {
        "name": name,
        "prefix": f"sharelog/1/{prefix}",
        "public": who.public.hex(),
        "text": raw[:-64].decode(),
        "document": raw.hex(),
    }


def bad_documents() -> Iterator[dict]:
    raw = signed("hello", hello(), PHONE)
    text, malformed, wrong = raw[:-64], "document.malformed", "signature.wrong"
    flipped = text.replace(b'"unsent":2', b'"unsent":3')
    short = json.dumps(hello(nonce=to_text(NONCE[:15]))).encode()
    cases = {
        "nothing": (malformed, b""),
        "a signature alone": (malformed, raw[-64:]),
        "63 bytes": (malformed, raw[:63]),
        "byte order mark": (malformed, signed("hello", b"\xef\xbb\xbf" + text, PHONE)),
        "UTF-16": (malformed, signed("hello", text.decode().encode("utf-16"), PHONE)),
        "not UTF-8": (malformed, signed("hello", text.replace(b"41", b'"\xc0\xaf"'), PHONE)),
        "a second document": (malformed, signed("hello", text + text, PHONE)),
        "a list": (malformed, signed("hello", b"[" + text + b"]", PHONE)),
        "null": (malformed, signed("hello", b"null", PHONE)),
        "version 2": (malformed, signed("hello", hello(v=2), PHONE)),
        "no nonce": (malformed, signed("hello", text.replace(b"nonce", b"once"), PHONE)),
        "a nonce of 15 bytes": (malformed, signed("hello", short, PHONE)),
        "a padded nonce": (malformed, signed("hello", hello(nonce=to_text(NONCE) + "=="), PHONE)),
        "time in words": (malformed, signed("hello", hello(time="now"), PHONE)),
        "time not a whole number": (malformed, signed("hello", hello(time=1.5), PHONE)),
        "unsent below none": (malformed, signed("hello", hello(unsent=-1), PHONE)),
        "501 held": (malformed, signed("hello", hello(holds=[to_text(DIGEST)] * 501), PHONE)),
        "an id of 31 bytes": (malformed, signed("hello", hello(holds=["A" * 42]), PHONE)),
        "17 lost": (malformed, signed("hello", hello(lost=[LOST] * 17), PHONE)),
        "lost without a number": (
            malformed,
            signed("hello", hello(lost=[{**LOST, "seq": None}]), PHONE),
        ),
        "deep": (malformed, signed("hello", b"[" * 5_000 + b"]" * 5_000, PHONE)),
        "changed after signing": (wrong, flipped + raw[-64:]),
        "a space behind": (wrong, text + b" " + raw[-64:]),
        "signed by another": (wrong, signed("hello", hello(), STRANGER)),
        "signed as an enrolment": (wrong, signed("enrol", hello(), PHONE)),
        "signed as an answer": (wrong, signed("answer", hello(), PHONE)),
        "signature zero": (wrong, text + bytes(64)),
        "signature cut": (malformed, raw[:-1]),
    }
    for name, (reason, document) in cases.items():
        yield {
            "name": name,
            "reason": reason,
            "prefix": "sharelog/1/hello",
            "public": PHONE.public.hex(),
            "document": document.hex(),
        }


def stored(event_id: bytes, position: int, who: P256Signer = STORED, lane: int = 0) -> dict:
    facts = stored_bytes(EPOCH, event_id, position, lane, AT + 5_000)
    return {
        "epoch": to_text(EPOCH), "position": position, "lane": lane, "received_at": AT + 5_000,
        "signature": to_text(who.sign(facts)),
    }  # fmt: skip


def opened(event_id: bytes, why: str = "", who: P256Signer = OPENED) -> dict:
    outcome = Outcome.SET_ASIDE if why else Outcome.OPENED
    facts = opened_bytes(event_id, outcome, AT + 9_000, why)
    return {
        "id": to_text(event_id), "outcome": "set-aside" if why else "opened", "why": why,
        "at": AT + 9_000, "signature": to_text(who.sign(facts)),
    }  # fmt: skip


def answer(ids: list[bytes], **more) -> dict:
    outcomes = [
        {"id": to_text(ids[0]), "outcome": "stored", "receipt": stored(ids[0], 42), "why": ""},
        {"id": to_text(ids[1]), "outcome": "already-held", "receipt": stored(ids[1], 7, OLD_STORED),
         "why": ""},
        {"id": to_text(ids[2]), "outcome": "set-aside", "receipt": stored(ids[2], 43, lane=1),
         "why": ""},
        {"id": to_text(ids[3]), "outcome": "disposed", "receipt": None, "why": ""},
        {"id": to_text(ids[4]), "outcome": "not-enrolled", "receipt": None, "why": ""},
        {"id": None, "outcome": "refused", "receipt": None, "why": "event.malformed"},
    ]  # fmt: skip
    return {
        "v": 1, "nonce": to_text(NONCE), "epoch": to_text(EPOCH),
        "head": {"position": 43, "digest": to_text(DIGEST)}, "time": AT + 5_001,
        "backed_up_to": 12, "results": outcomes, "missing": [to_text(seals.secret("missing"))],
        "opened": [opened(seals.secret("awaited"))],
        "notices": [{"code": "device.revoked", "count": 1}],
    } | more  # fmt: skip


def answers(good: list[dict]) -> dict:
    ids = [bytes.fromhex(case["id"]) for case in good[:5]]
    sent = [to_text(each) for each in ids] + [None]
    body = join([signed("answer", answer(ids), STORED)])
    bad = {
        "nothing": b"",
        "a portal's page": b"<!doctype html><title>Sign in to the Wi-Fi</title>",
        "JSON without a frame or a signature": json.dumps(answer(ids)).encode(),
        "cut by one byte": body[:-1],
        "a byte behind": body + b"\0",
        "two documents": body + body,
        "signed by a stranger": join([signed("answer", answer(ids), STRANGER)]),
        "signed as a key statement": join([signed("keys", answer(ids), STORED)]),
        "an older answer": join(
            [signed("answer", answer(ids, nonce=to_text(DIGEST[:16])), STORED)]
        ),
        "version 2": join([signed("answer", answer(ids, v=2), STORED)]),
        "one result too few": join(
            [signed("answer", answer(ids, results=answer(ids)["results"][:-1]), STORED)]
        ),
        "results of other events": join([signed("answer", answer(ids[::-1]), STORED)]),
        "a changed byte": body.replace(b'"backed_up_to":12', b'"backed_up_to":99'),
    }
    return {
        "stored": [STORED.public.hex(), OLD_STORED.public.hex()],
        "opened": [OPENED.public.hex()],
        "nonce": to_text(NONCE),
        "sent": sent,
        "good": [{"name": "one of every outcome", "body": body.hex()}],
        "bad": [
            {"name": name, "reason": "not-an-answer", "body": body.hex()}
            for name, body in bad.items()
        ],
    }


def receipts(good: list[dict]) -> dict:
    event_id = bytes.fromhex(good[0]["id"])
    base = {"id": to_text(event_id)} | stored(event_id, 42)
    said = opened(event_id)
    wrong = "signature.wrong"
    return {
        "stored_public": STORED.public.hex(),
        "opened_public": OPENED.public.hex(),
        "stored": {
            "good": [
                {"name": "in the record"} | base,
                {"name": "set aside"} | {"id": to_text(event_id)} | stored(event_id, 43, lane=1),
                {"name": "far along"} | {"id": to_text(event_id)} | stored(event_id, 2**40),
            ],
            "bad": [
                {"name": name, "reason": wrong} | base | change
                for name, change in {
                    "another event": {"id": to_text(DIGEST)},
                    "another epoch": {"epoch": to_text(NONCE)},
                    "another position": {"position": 41},
                    "another lane": {"lane": 1},
                    "another time": {"received_at": AT},
                    "signed by a stranger": {
                        "signature": stored(event_id, 42, STRANGER)["signature"]
                    },
                    "an opened signature": {"signature": said["signature"]},
                    "no signature": {"signature": to_text(bytes(64))},
                }.items()
            ],
        },
        "opened": {
            "good": [
                {"name": "opened"} | said,
                *(
                    {"name": why} | opened(event_id, why)
                    for why in (
                        "cannot-be-opened", "not-our-schema", "unknown-kind", "unknown-key",
                    )
                ),
            ],
            "bad": [
                {"name": name, "reason": wrong} | said | change
                for name, change in {
                    "another event": {"id": to_text(DIGEST)},
                    "another outcome": {"outcome": "set-aside"},
                    "another time": {"at": AT},
                    "another why": {"why": "unknown-kind"},
                    "signed by a stranger": {
                        "signature": opened(event_id, who=STRANGER)["signature"]
                    },
                }.items()
            ],
        },
    }  # fmt: skip
