"""Classes 81 to 98: the sealed part. The phone door takes what is signed; the record opens it, or
says that it cannot, and goes on."""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Callable, Iterator

from sync.event import Event
from tests.inputs import documents
from tests.inputs.bad import Bad, Group, Places, bad, in_parts
from tests.inputs.both import BothDoors, length_of
from tests.vectors import seals

# A mark may stand inside a string.
_OPENED = "opened"
_CLOSED, _MALFORMED, _NOT_OURS = "cannot-be-opened", "event.malformed", "not-our-schema"
_ENC = {1: 65, 2: 1120}
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
# RFC 7748 section 6.1 and its twins beyond 2^255: with these X25519 agrees on nothing.
_LOW = [
    0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255, 2**255 + 1, 2**256 - 39, 2**256 - 38,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
]  # fmt: skip


Sealed = Callable[[BothDoors, random.Random, bytes], bytes]


def _sealed(change: Sealed) -> Callable[[BothDoors, random.Random], bytes]:
    """A capture whose sealed part was changed, signed anew by its phone."""

    def make(both: BothDoors, chance: random.Random) -> bytes:
        header = both.header()
        plain = seals.pack(json.dumps(both.content()).encode())
        return both.forged(header, change(both, chance, both.sealed(header, plain)))

    return make


def _plain(
    change: Callable[[BothDoors, random.Random], bytes],
) -> Callable[[BothDoors, random.Random], Event]:
    """A capture well sealed, in which something else was packed."""

    def make(both: BothDoors, chance: random.Random) -> Event:
        header = both.header()
        return both.lay(header, both.sealed(header, change(both, chance)))

    return make


def _text(make: Callable[[BothDoors, random.Random], bytes]) -> Callable[..., Event]:
    """Well packed too; what was packed is no capture."""
    return _plain(lambda both, chance: seals.pack(make(both, chance)[:65_536]))


def _enc_cut(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    begin, rest = _ENC[both.suite], sealed[_ENC[both.suite] :]
    way = chance.randrange(3)
    if way == 0:
        return sealed[: chance.randrange(begin)] + rest
    return (chance.randbytes(begin) if way == 1 else chance.randbytes(chance.randrange(999))) + rest


def _small_order(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    point = chance.choice(_LOW).to_bytes(32, "little")
    return sealed[:1088] + point + sealed[1120:]


def _no_point(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    """Suite 1: off the curve, infinity, compressed, beyond the field."""
    x, y, rest = sealed[1:33], sealed[33:65], sealed[65:]
    others = (
        b"\x04" + x + chance.randbytes(32), b"\x04" + bytes(64), bytes(65), b"\x00" + sealed[1:65],
        bytes([2 + (y[31] & 1)]) + x + y, b"\x06" + x + y, b"\x05" + x + y, b"\x04" + y + x,
        b"\x04" + (_P).to_bytes(32, "big") + y, b"\x04" + b"\xff" * 64,
        bytes([2 + (y[31] & 1)]) + x,
    )  # fmt: skip
    return chance.choice(others) + rest


def _implicit(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    """ML-KEM gives another secret and no error: it must end as what cannot be opened."""
    at = chance.randrange(1088)
    return sealed[:at] + bytes([sealed[at] ^ 1 << chance.randrange(8)]) + sealed[at + 1 :]


def _other_suite(both: BothDoors, chance: random.Random) -> Event:
    """The record key is of one suite and the header, or the sealed part, of the other."""
    other = 3 - both.suite
    key = chance.choice((both.key.id, chance.randbytes(8)))
    header = both.header(suite=other, record_key=key)
    plain = seals.pack(json.dumps(both.content()).encode())
    return both.lay(header, seals.seal(other, seals.secret("another"), both.info(header), plain))


def _flipped(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    at = chance.randrange(_ENC[both.suite], len(sealed))
    return sealed[:at] + bytes([sealed[at] ^ 1 << chance.randrange(8)]) + sealed[at + 1 :]


def _cut(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    return sealed[: chance.randrange(_ENC[both.suite], len(sealed))]


def _maximal(both: BothDoors, chance: random.Random, sealed: bytes) -> bytes:
    most = 65_362 - len(sealed)
    return sealed + chance.randbytes(most - chance.randrange(60))


def _wrong_info(both: BothDoors, chance: random.Random) -> Event:
    header = both.header()
    info = bytearray(both.info(header))
    info[chance.randrange(len(info))] ^= 1 << chance.randrange(8)
    plain = seals.pack(json.dumps(both.content()).encode())
    return both.lay(header, seals.seal(both.suite, both.key.private, bytes(info), plain))


def _not_utf8(both: BothDoors, chance: random.Random) -> bytes:
    return documents.CLASSES[8](both.content(), chance)


def _not_json(both: BothDoors, chance: random.Random) -> bytes:
    number = chance.choice((1, 2, 3, 4, 5, 6, 7, 9, 10, 11))
    return documents.CLASSES[number](both.content(app=str(chance.random()), now=5), chance)


def _not_ours(both: BothDoors, chance: random.Random) -> bytes:
    content = both.content()
    name = chance.choice(list(content))
    if chance.random() < 0.3:
        del content[name]
    else:
        content[name] = chance.choice((None, -1, 2.5, [None], {"a": 1}, [[]], chance.random()))
    return json.dumps(content).encode()


def _padding(both: BothDoors, chance: random.Random) -> bytes:
    plain = seals.pack(json.dumps(both.content(shared="x" * chance.randrange(200))).encode())
    end = 4 + struct.unpack_from(">I", plain)[0]
    way = chance.randrange(3)
    if way == 0 and end < len(plain):
        at = chance.randrange(end, len(plain))
        return plain[:at] + bytes([chance.randrange(1, 256)]) + plain[at + 1 :]
    if way == 1:
        return plain + bytes(chance.choice((1, 63, 64, 128, 1024)))
    return length_of(plain, chance.choice((0, end - 5, end - 3, len(plain), 2**31, -1)))


def _bomb(both: BothDoors, chance: random.Random) -> bytes:
    """Some of 60 KB that would be 60 MB, some a byte beyond what is allowed."""
    size = chance.choice((65_537, 65_600, 10**6, 10**7, 6 * 10**7)) + chance.randrange(99)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = b"".join(deflater.compress(bytes([65]) * 65_536) for _ in range(size // 65_536))
    deflated += deflater.compress(bytes(size % 65_536)) + deflater.flush()
    return seals.lay(deflated[:60_000])


def _deep(both: BothDoors, chance: random.Random) -> bytes:
    depth = chance.choice((10_000, 5_000, 30_000)) + chance.randrange(99)
    begin, end = chance.choice((("[", "]"), ('{"a":', "}")))
    nested = begin * min(depth, 60_000 // (len(begin) + 1))
    nested += ("1" if begin != "[" else "") + end * nested.count(begin)
    if chance.random() < 0.5:
        return nested.encode()
    return json.dumps(both.content(shared="\ue000")).replace('"\\ue000"', nested).encode()


def _long(both: BothDoors, chance: random.Random) -> bytes:
    """Text of 16,385 characters and more: up to a megabyte, which does not even unpack."""
    letter = chance.choice("aé😀")
    text = letter * chance.choice((16_385, 16_386, 20_000, 60_000, 10**6))
    raw = json.dumps(both.content(shared=text + str(chance.random())), ensure_ascii=False).encode()
    return seals.lay(seals.deflate(raw))


def _name_twice(both: BothDoors, chance: random.Random) -> bytes:
    """The last of two counts: it is kept where that one fits."""
    return documents.CLASSES[15](both.content(now=1), chance)


def _behind(both: BothDoors, chance: random.Random) -> bytes:
    """Nothing at all, a stream that does not end, or something behind its end."""
    deflated = seals.deflate(json.dumps(both.content()).encode())
    others = (b"", deflated[: chance.randrange(1, len(deflated))], deflated + b"\0",
              deflated + chance.randbytes(9), deflated + deflated,
              chance.randbytes(300))  # fmt: skip
    return seals.lay(chance.choice(others))


POST_QUANTUM: dict[int, Bad] = {
    81: bad("an encapsulated key cut, or of noise", _sealed(_enc_cut), _CLOSED, _MALFORMED),
    82: bad("an X25519 point of small order", _sealed(_small_order), _CLOSED),
    84: bad("a flipped ML-KEM ciphertext", _sealed(_implicit), _CLOSED),
    85: bad("suite and record key disagree", _other_suite, "unknown-key"),
    86: bad("a flipped ciphertext", _sealed(_flipped), _CLOSED),
    87: bad("a ciphertext cut, or none", _sealed(_cut), _CLOSED, _MALFORMED),
    88: bad("a ciphertext as long as may be", _sealed(_maximal), _CLOSED),
    89: bad("the right key and another info", _wrong_info, _CLOSED),
    90: bad("plain text that is not UTF-8", _text(_not_utf8), _NOT_OURS),
    91: bad("plain text that is no JSON, or no object", _text(_not_json), _OPENED, _NOT_OURS),
    92: bad("JSON that is no capture", _text(_not_ours), _NOT_OURS),
    93: bad("padding that is not zeros, or of another length", _plain(_padding), _CLOSED),
    94: bad("what inflates beyond all bounds", _plain(_bomb), _CLOSED),
    95: bad("nested thousands of levels deep", _text(_deep), _NOT_OURS),
    96: bad("text of up to a megabyte", _plain(_long), _NOT_OURS, _CLOSED),
    97: bad("a name twice inside the seal", _text(_name_twice), _OPENED, _NOT_OURS),
    98: bad("a deflate stream without an end, or with more", _plain(_behind), _CLOSED),
}
CURVE = {83: bad("a point that is none of P-256", _sealed(_no_point), _CLOSED, least=40)}


def _offer(suite: int) -> Callable[..., Iterator[bytes]]:
    def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
        both = places.both(suite)
        made = (_raw(which.make(both, chance)) for _ in range(many))
        for events in in_parts(made, len, 900_000, 100):
            for event, said in zip(events, both.sends(events), strict=True):
                assert said.words in which.says, (which.name, said, event.hex()[:600])
                yield event[110:-64]

    return offer


def _raw(event: Event | bytes) -> bytes:
    return event.to_bytes() if isinstance(event, Event) else event


GROUPS = (
    Group("phone, then record", "POST /sync/events, suite 2", POST_QUANTUM, _offer(2)),
    Group("phone, then record", "POST /sync/events, suite 1", CURVE, _offer(1)),
)
