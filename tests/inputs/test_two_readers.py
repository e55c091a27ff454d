"""The same bytes for the Python and the JavaScript reader: both take the same and read the same in
them. What only one takes could mean one thing on a phone and another at the door."""

from __future__ import annotations

import base64
import itertools
import json
import random
import struct
import subprocess
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec
import pytest

from logger.errors import LoggerError
from logger.keys.sealing import unpack
from sync.errors import SyncError
from sync.event import Event
from sync.frames import from_text, join, read_document, split, to_text
from sync.parcel import MAGIC, read_parcel, write_parcel
from sync.receipt import check_opened
from tests.faults.counts import SEED, SOAK
from tests.faults.phones import NODE, ROOT
from tests.inputs import documents
from tests.inputs.conftest import Tried
from tests.inputs.mutator import by_chance, damaged, golden
from tests.sync_vectors import RECEIPTS, SMALL
from tests.vectors import seals
from tests.vectors.words import TEXTS

OPENED = bytes.fromhex(RECEIPTS["opened_public"])
_MANY, _ROUNDS = 3_000, 50 if SOAK else 1
# JavaScript cannot tell 1.0 from 1, nor a name that stands twice, and nests as deep as it likes;
# there Python refuses more, and what it takes is read the same.
_STRICTER = (14, 15, 19)
_SAME = sorted(set(documents.CLASSES) - set(_STRICTER))


class Versioned(msgspec.Struct):
    """What both sides ask of any document before they look at the rest."""

    v: Literal[1]


def _event(raw: bytes) -> str:
    head = Event.from_bytes(raw).header
    parts = (head.kind, head.suite, head.seq, head.at, head.utc_offset, head.sealed_length)
    return ",".join(map(str, parts))


def _lengths(parts: Iterable[bytes]) -> str:
    return ",".join(str(len(part)) for part in parts)


def _opened(raw: bytes) -> str:
    said = check_opened(raw, OPENED)
    return f"{said.id},{said.why}"


READERS: dict[str, Callable[[bytes], str]] = {
    "e": _event,
    "f": lambda raw: _lengths(split(raw, most=len(raw))),
    "t": lambda raw: from_text(raw[1:].decode(), raw[0]).hex(),
    "p": lambda raw: _lengths(read_parcel(raw)),
    "u": lambda raw: unpack(raw).decode(),
    "d": lambda raw: str(read_document(raw, Versioned).v),
    "o": _opened,
}


def in_python(reader: str, raw: bytes) -> tuple[int, str]:
    try:
        return 1, READERS[reader](raw)
    except (SyncError, LoggerError, UnicodeDecodeError):
        return 0, ""


def in_javascript(asked: list[tuple[str, bytes]]) -> list[tuple[int, str]]:
    told = b"".join(name.encode() + struct.pack(">I", len(raw)) + raw for name, raw in asked)
    command = [NODE, "tests/inputs/readers.js", to_text(OPENED)]
    said = subprocess.run(command, input=told, cwd=ROOT, capture_output=True, check=True).stdout
    answers, at = [], 0
    while at < len(said):
        read, length = struct.unpack_from(">BI", said, at)
        at += 5 + length
        answers.append((read, said[at - length : at].decode()))
    assert len(answers) == len(asked)
    return answers


def differences(asked: list[tuple[str, bytes]]) -> list[tuple[str, bytes, object, object]]:
    """Where the two do not read the same."""
    ours = [in_python(*one) for one in asked]
    theirs = in_javascript(asked)
    return [
        (*one, here, there)
        for one, here, there in zip(asked, ours, theirs, strict=True)
        if here != there
    ]


def headers() -> Iterator[bytes]:
    """Every kind and suite with the numbers at their edges: most are no header, some are."""
    base = golden(1)
    for kind, suite, seq, prev in itertools.product(range(256), range(4), (0, 1, 2), (0, 1)):
        least = {0: 28, 1: 81, 2: 1136}.get(suite, 28)
        for length in (least, least - 1, 65_362, 65_363) if kind in (1, 2, 16, 255) else (least,):
            head = bytearray(base[:110])
            head[1], head[2] = kind, suite
            struct.pack_into(">I32s", head, 52, seq, bytes([prev]))
            struct.pack_into(">I", head, 106, length)
            yield bytes(head) + bytes(length) + bytes(64)


def bodies(chance: random.Random) -> bytes:
    parts = (chance.randbytes(chance.randrange(9)) for _ in range(chance.randrange(5)))
    body = bytearray(join(parts))
    for _ in range(chance.choice((0, 0, 1, 2))):
        if body:
            body[chance.randrange(len(body))] = chance.choice((0, 1, 4, 255))
    return bytes(body[: chance.choice((None, None, -1, -2))])


def spellings(chance: random.Random) -> bytes:
    text = base64.urlsafe_b64encode(chance.randbytes(chance.randrange(5))).decode()
    text = text.rstrip("=") if chance.random() < 0.8 else text
    for _ in range(chance.choice((0, 0, 1, 2))):
        at, put = chance.randrange(len(text) + 1), chance.choice("+/=-_ \n\0AZaz09é🙂")
        text = text[:at] + put + text[at + chance.choice((0, 1)) :]
    return bytes([chance.randrange(5)]) + text.encode()


_BLANKS = (b" ", b"\r\n", b"\t", b"=", b"+", b"\0", b"\xc2\xa0", b"\x0b", b"A", b"")


def parcels(chance: random.Random) -> bytes:
    count = chance.randrange(4)
    raw = write_parcel([chance.randbytes(chance.randrange(1, 40)) for _ in range(count)])
    if chance.random() < 0.5:
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + chance.choice(_BLANKS) + raw[at + chance.choice((0, 1)) :]
    return raw if chance.random() < 0.9 else MAGIC + chance.choice((b"", b"\n", b"\r\n", b"\n\n="))


def packings(chance: random.Random) -> bytes:
    text = chance.choice(list(TEXTS.values())).encode()[: chance.choice((None, 10, 90))]
    if chance.random() < 0.1:
        text += chance.choice(documents.NOT_UTF8)
    deflated = seals.deflate(text)
    if chance.random() < 0.3:
        deflated += chance.choice((b"\0", b"\x03\0", seals.deflate(b"x")))
    lengths = (None, None, None, len(deflated) - 1, len(deflated) + 1, 0, 2**32 - 1)
    raw = bytearray(seals.lay(deflated, chance.choice(lengths)))
    if chance.random() < 0.3:
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw) + (bytes(64) if chance.random() < 0.1 else b"")


def versioned(chance: random.Random) -> bytes:
    content = {"v": 1, "time": 5, "key": "a", "seen": None, "more": ["b", 2]}
    text = documents.CLASSES[chance.choice(_SAME)](content, chance)
    return text + bytes(chance.choice((64, 64, 64, 63, 65)))


def statements(chance: random.Random) -> bytes:
    said = dict(chance.choice(RECEIPTS["opened"]["good"]))
    said.pop("name", None)
    if chance.random() < 0.6:
        return documents.CLASSES[chance.choice(_SAME)](said, chance)
    values = (None, 1, 1.5, "", "é", [], True, said["id"], str(said["at"]), -1)
    return json.dumps({**said, chance.choice(list(said)): chance.choice(values)}).encode()


CHANCES: dict[str, Callable[[random.Random], bytes]] = {
    "e": lambda chance: by_chance(golden(chance.choice((1, 2))), chance),
    "f": bodies,
    "t": spellings,
    "p": parcels,
    "u": packings,
    "d": versioned,
    "o": statements,
}


@pytest.mark.parametrize("reader", CHANCES)
def test_both_readers_take_the_same_and_read_the_same(
    tried: Callable[[str], Tried], reader: str
) -> None:
    counted, chance = tried(f"two readers, {reader}"), random.Random(f"{SEED} two {reader}")
    # By rounds, because some of these are a megabyte.
    for _ in range(_ROUNDS):
        raws = (CHANCES[reader](chance) for _ in range(_MANY))
        assert differences([(reader, raw) for raw in raws if counted(raw)]) == []


def test_what_python_takes_of_a_document_javascript_reads_the_same(
    tried: Callable[[str], Tried],
) -> None:
    counted, chance = tried("two readers, stricter"), random.Random(f"{SEED} stricter")
    content = {"v": 1, "time": 5, "key": "a", "more": ["b", 2]}
    ways = (documents.CLASSES[chance.choice(_STRICTER)] for _ in range(_MANY))
    raws = [raw for way in ways if counted(raw := way(content, chance) + bytes(64))]
    wrong = differences([("d", raw) for raw in raws])
    assert {(one[2], one[3]) for one in wrong} == {((0, ""), (1, "1"))}
    assert len(wrong) < len(raws) / 2


def test_both_readers_know_the_same_headers(tried: Callable[[str], Tried]) -> None:
    counted = tried("two readers, headers")
    raws = itertools.chain(headers(), damaged(golden(1)), (golden(1), golden(2)))
    asked = [("e", raw) for raw in raws if counted(raw)]
    asked += [("t", bytes([3]) + case["text"].encode()) for case in SMALL["b64"]["bad"]]
    assert differences(asked) == []
