"""The events of the vectors, good and bad."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from sync import event as kinds
from sync.event import Event, Header, device_id, record_key_id, seal_info
from sync.frames import P256Signer
from tests.vectors import seals
from tests.vectors.words import AT, CAPTURES, TEXTS, capture

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = {suite: seals.secret(f"record key {suite}") for suite in (0, 1, 2)}
PHONE, JOURNAL, STRANGER = (seals.signer(name) for name in ("phone", "journal", "stranger"))
# Kept sealed bytes by (case, what they were made of); see make.py.
Kept = Callable[[str, bytes, Callable[[], bytes]], bytes]


def key_id(suite: int) -> bytes:
    public = seals.public_bytes(suite, RECORD[suite]) or seals.secret("data key id")
    return record_key_id(suite, public)


def entry(number: int) -> UUID:
    return UUID(bytes=AT.to_bytes(6, "big") + b"\x70\x00\x80" + number.to_bytes(7, "big"))


def make_header(suite: int, number: int, length: int, **changes) -> Header:
    fields = {
        "kind": kinds.CAPTURE, "suite": suite, "device": device_id(PHONE.public),
        "entry": entry(number), "seq": number, "prev": bytes(32), "at": AT + number,
        "utc_offset": 0, "record_key": key_id(suite), "sealed_length": length,
    }  # fmt: skip
    return Header(**(fields | changes))


def sign(header: Header, sealed: bytes, signer: P256Signer = PHONE) -> Event:
    event = Event(header, sealed, bytes(64))
    return event.signed_with(signer.sign(event.signed_bytes))


def good(kept: Kept) -> Iterator[dict]:
    number, prev = 0, bytes(32)
    for suite in (2, 1):
        for name, text in TEXTS.items():
            number += 1
            changes = {"prev": prev}
            if name == "welsh":
                changes |= {"utc_offset": 60}
            if name == "emoji":
                changes |= {"at": -1, "utc_offset": -720}
            if name == "markup":
                changes |= {"kind": kinds.ADDITION, "entry": entry(1)}
            case = phone_case(kept, f"suite {suite}, {name}", suite, number, text, changes)
            prev = bytes.fromhex(case["id"])
            yield case
    for number, kind in enumerate((kinds.DOCUMENTATION, kinds.LOOK), start=1):
        yield record_case(number, kind, '{"v":1,"necessity":"Nobody else could be reached."}')


def phone_case(kept: Kept, name: str, suite: int, number: int, text: str, changes: dict) -> dict:
    packed = kept(name + "/packed", text.encode(), lambda: seals.pack(text.encode()))
    device, about = device_id(PHONE.public), changes.get("entry", entry(number))
    info = seal_info(suite, device, about, key_id(suite))
    sealed = kept(name, info + packed, lambda: seals.seal(suite, RECORD[suite], info, packed))
    event = sign(make_header(suite, number, len(sealed), **changes), sealed)
    return case_of(name, event, PHONE, text, packed, info)


def record_case(number: int, kind: int, text: str) -> dict:
    packed = seals.lay(seals.deflate(text.encode()))
    device, length = device_id(JOURNAL.public), 12 + len(packed) + 16
    header = make_header(0, number, length, kind=kind, device=device, seq=0)
    nonce = seals.secret(f"nonce {number}")[:12]
    sealed = seals.seal_own(RECORD[0], nonce, header.to_bytes()[:106], packed)
    return case_of(
        f"suite 0, kind {kind}", sign(header, sealed, JOURNAL), JOURNAL, text, packed, b""
    )


def case_of(
    name: str, event: Event, who: P256Signer, text: str, packed: bytes, info: bytes
) -> dict:
    header = event.header
    return {
        "name": name,
        "suite": header.suite,
        "record_private": RECORD[header.suite].hex(),
        "record_public": seals.public_bytes(header.suite, RECORD[header.suite]).hex(),
        "device_private": who.scalar.hex(),
        "device_public": who.public.hex(),
        "header": {
            "kind": header.kind,
            "suite": header.suite,
            "device": header.device.hex(),
            "entry": str(header.entry),
            "seq": header.seq,
            "prev": header.prev.hex(),
            "at": header.at,
            "utc_offset": header.utc_offset,
            "record_key": header.record_key.hex(),
            "sealed_length": header.sealed_length,
        },
        "plain": text,
        "packed": packed.hex(),
        "info": info.hex(),
        "sealed": event.sealed.hex(),
        "signature": event.signature.hex(),
        "id": event.id.hex(),
        "event": event.to_bytes().hex(),
    }


def bad(kept: Kept) -> Iterator[dict]:
    base = bytes.fromhex(phone_case(kept, "bad base", 1, 1, TEXTS["plain"], {})["event"])
    xwing = bytes.fromhex(phone_case(kept, "bad base 2", 2, 1, TEXTS["plain"], {})["event"])
    for name, raw in malformed(base):
        yield wrong(name, "event.malformed", raw)
    for name, raw in badly_signed(Event.from_bytes(base)):
        yield wrong(name, "signature.wrong", raw)
    record = bytes.fromhex(record_case(1, kinds.DOCUMENTATION, "{}")["event"])
    yield wrong("a documentation", "event.kind", record, JOURNAL)
    for suite, event in ((1, Event.from_bytes(base)), (2, Event.from_bytes(xwing))):
        for name, reason, changed, who in not_opening(event):
            yield wrong(f"suite {suite}: {name}", reason, changed.to_bytes(), who)
    for name, reason, packed in badly_packed():
        yield wrong(name, reason, sealed_anew(kept, name, packed).to_bytes())


def wrong(name: str, reason: str, raw: bytes, who: P256Signer = PHONE) -> dict:
    suite = raw[2] if len(raw) > 2 and raw[2] in RECORD else 1
    return {
        "name": name,
        "reason": reason,
        "suite": suite,
        "record_private": RECORD[suite].hex(),
        "device_public": who.public.hex(),
        "event": raw.hex(),
    }


def at(raw: bytes, offset: int, *put: int) -> bytes:
    return raw[:offset] + bytes(put) + raw[offset + len(put) :]


def malformed(base: bytes) -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "one byte", base[:1]
    for end in (4, 36, 109, 110, 111, len(base) - 65, len(base) - 64, len(base) - 1):
        yield f"cut to {end}", base[:end]
    yield "a byte behind", base + b"\0"
    yield "two glued", base + base
    for version in (0, 2, 255):
        yield f"version {version}", at(base, 0, version)
    for kind in (0, 3, 15, 21, 31, 34, 255):
        yield f"kind {kind}", at(base, 1, kind)
    yield "a record door's kind under a phone's suite", at(base, 1, 16)
    for suite in (0, 3, 255):
        yield f"suite {suite}", at(base, 2, suite)
    yield "suite 2 with too few bytes for it", at(base[:110] + base[-64:], 2, 2)
    yield "reserved 1", at(base, 3, 1)
    yield "entry nil", at(base, 36, *bytes(16))
    yield "entry of version 4", at(base, 42, 0x40)
    yield "entry of another variant", at(base, 44, 0xC0)
    yield "seq 0", at(base, 52, 0, 0, 0, 0)
    yield "a predecessor of seq 1", at(base, 56, 1)
    length = int.from_bytes(base[106:110], "big")
    for other in (0, 80, length - 1, length + 1, 2**16, 2**31, 2**32 - 1):
        yield f"sealed length {other}", at(base, 106, *struct.pack(">I", other))
    most = 65_536 - 110 - 64
    yield (
        "one byte above 64 KiB",
        at(base, 106, *struct.pack(">I", most + 1))[:110] + bytes(most + 65),
    )
    der = bytes.fromhex("3006020101020101")
    yield "a DER signature", base[:-64] + der


def badly_signed(event: Event) -> Iterator[tuple[str, bytes]]:
    raw, r, s = event.to_bytes(), event.signature[:32], event.signature[32:]
    order, zero = ORDER.to_bytes(32, "big"), bytes(32)
    for name, signature in {
        "all zero": zero + zero, "r = 0": zero + s, "s = 0": r + zero, "r = n": order + s,
        "s = n": r + order, "r and s exchanged": s + r, "all ones": b"\xff" * 64,
    }.items():  # fmt: skip
        yield f"signature: {name}", event.signed_with(signature).to_bytes()
    fields = {4: "device", 51: "entry", 55: "seq", 88: "at", 97: "utc offset", 98: "record key"}
    for offset, what in (fields | {120: "sealed", len(raw) - 1: "signature"}).items():
        yield f"a bit of {what} flipped", at(raw, offset, raw[offset] ^ 2)
    yield "signed by another", sign(event.header, event.sealed, STRANGER).to_bytes()
    for prefix in (b"sharelog/1/hello", b"sharelog/1/stored", b""):
        message = prefix + event.signed_bytes.removeprefix(b"sharelog/1/event")
        signature = PHONE.sign(message)
        yield f"signed under prefix {prefix.decode()!r}", event.signed_with(signature).to_bytes()


def not_opening(event: Event) -> Iterator[tuple[str, str, Event, P256Signer]]:
    def moved(who: P256Signer = PHONE, **changes) -> Event:
        return sign(replace(event.header, **changes), event.sealed, who)

    def with_sealed(sealed: bytes) -> Event:
        return sign(replace(event.header, sealed_length=len(sealed)), sealed)

    closed, sealed, key = "cannot-be-opened", event.sealed, {1: 65, 2: 1120}[event.header.suite]
    stranger = device_id(STRANGER.public)
    yield "of a key the record never had", "unknown-key", moved(record_key=b"\xee" * 8), PHONE
    yield "moved to another entry", closed, moved(entry=entry(77)), PHONE
    yield "moved to another phone", closed, moved(STRANGER, device=stranger), STRANGER
    yield "encapsulated key flipped", closed, with_sealed(at(sealed, 7, sealed[7] ^ 1)), PHONE
    yield "encapsulated key zero", closed, with_sealed(bytes(key) + sealed[key:]), PHONE
    yield "ciphertext flipped", closed, with_sealed(at(sealed, key, sealed[key] ^ 1)), PHONE
    yield "tag flipped", closed, with_sealed(at(sealed, len(sealed) - 1, sealed[-1] ^ 1)), PHONE
    yield "ciphertext cut", closed, with_sealed(sealed[:-1]), PHONE
    yield "ciphertext of nothing", closed, with_sealed(sealed[:key] + bytes(16)), PHONE
    if event.header.suite == 2:
        for point in (bytes(32), b"\x01" + bytes(31)):
            low = sealed[:1088] + point + sealed[1120:]
            yield f"X25519 point of low order {point[0]}", closed, with_sealed(low), PHONE


def badly_packed() -> Iterator[tuple[str, str, bytes]]:
    text, closed, ours = TEXTS["plain"].encode(), "cannot-be-opened", "not-our-schema"
    packed, deflated = seals.pack(text), seals.deflate(text)
    yield "packed: padding not zero", closed, packed[:-1] + b"\1"
    yield "packed: 64 zeros too many", closed, packed + bytes(64)
    yield "packed: not padded", closed, packed.rstrip(b"\0")
    yield "packed: nothing", closed, bytes(0)
    yield "packed: length 0", closed, seals.lay(b"")
    yield "packed: length past the end", closed, seals.lay(deflated, 2**32 - 1)
    yield "packed: length one short", closed, seals.lay(deflated, len(deflated) - 1)
    yield "packed: something behind the deflate stream", closed, seals.lay(deflated + b"\0")
    yield "packed: deflate stream cut", closed, seals.lay(deflated[:-3])
    yield "packed: not deflate", closed, seals.lay(b"\xff" * 40)
    yield "packed: inflates above 64 KiB", closed, seals.pack(b" " * 65_537)
    yield "content: not UTF-8", ours, seals.pack(b'{"v":1,"shared":"\xff"}')
    yield "content: byte order mark", ours, seals.pack(b"\xef\xbb\xbf" + text)
    yield "content: not JSON", ours, seals.pack(b"{")
    yield "content: a second document", ours, seals.pack(text + b"{}")
    yield "content: deep", ours, seals.pack(b"[" * 20_000 + b"]" * 20_000)
    for name, content in bad_contents().items():
        raw = json.dumps(content, ensure_ascii=False).encode()
        yield f"content: {name}", ours, seals.pack(raw)


def bad_contents() -> dict:
    without = dict(CAPTURES["plain"])
    del without["shared"]
    recipient = CAPTURES["plain"]["recipients"][0]
    return {
        "a list": [],
        "null": None,
        "version 2": capture("x", v=2),
        "no answer to what": without,
        "nobody told": capture("x", recipients=[]),
        "21 told": capture("x", recipients=[recipient] * 21),
        "about nobody": capture("x", children=[]),
        "a number for words": capture(7),  # type: ignore[arg-type]
        "16,385 characters": capture("x" * 16_385),
        "a label of 201": capture("x", who="x" * 201),
        "a language we lack": capture("x", language="xx"),
        "a truth in words": capture("x", offline="yes"),
    }


def sealed_anew(kept: Kept, name: str, packed: bytes) -> Event:
    info = seal_info(1, device_id(PHONE.public), entry(1), key_id(1))
    sealed = kept(name, info + packed, lambda: seals.seal(1, RECORD[1], info, packed))
    return sign(make_header(1, 1, len(sealed)), sealed)
