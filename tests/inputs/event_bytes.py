"""Classes 49 to 80: the bytes of an event, and what stands around it in a request.

What is no event, or is signed wrongly, is refused. What an enrolled phone signed is kept, however
strange: a number out of order is a finding, and what cannot be opened is set aside by the record.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from uuid import UUID

from sync.event import Event, device_id
from sync.frames import join, to_text
from tests.events import ORDER, mirrored
from tests.inputs.bad import Bad, Group, Places, bad, in_parts
from tests.inputs.both import BothDoors
from tests.inputs.mutator import FIELDS
from tests.phone_words import a_nonce

_MALFORMED, _WRONG = "event.malformed", "signature.wrong"


def _patched(raw: bytes, field: str, value: int) -> bytes:
    begin, end = FIELDS[field]
    return raw[:begin] + (value % 256 ** (end - begin)).to_bytes(end - begin, "big") + raw[end:]


def _resigned(both: BothDoors, raw: bytes) -> bytes:
    """With a signature of Dana's phone over what stands there now, whatever it is."""
    signed = b"sharelog/1/event" + raw[:110] + _sha256(raw[110:-64])
    return raw[:-64] + both.own.sign(signed)


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _few(both: BothDoors, chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 1, *range(2, 110))))


def _cut(both: BothDoors, chance: random.Random) -> bytes:
    raw = both.event().to_bytes()
    return raw[: chance.randrange(len(raw))]


def _longer(both: BothDoors, chance: random.Random) -> bytes:
    return both.event().to_bytes() + chance.randbytes(chance.randrange(1, 400))


def _with(field: str, *values: int) -> object:
    """One field says what it may not, and the signature is made anew over it."""

    def make(both: BothDoors, chance: random.Random) -> bytes:
        value = chance.choice(values)
        return _resigned(both, _patched(both.event().to_bytes(), field, value))

    return make


_SUITES, _KINDS = {1, 2}, {1, 2}
_version = _with("version", *(n for n in range(256) if n != 1))
_kind = _with("kind", *(n for n in range(256) if n not in _KINDS))
_suite = _with("suite", *(n for n in range(256) if n not in _SUITES))
_reserved = _with("reserved", *range(1, 256))
_short = _with("sealed length", *range(81))
_long = _with(
    "sealed length", 65_363, 65_364, 65_536, 2**24, 2**31, 2**32 - 1, *range(65_363, 65_460)
)


def _unknown_device(both: BothDoors, chance: random.Random) -> Event:
    device = chance.choice((bytes(32), b"\xff" * 32, chance.randbytes(32)))
    return both.event(device=device)


def _another_device(both: BothDoors, chance: random.Random) -> Event:
    return both.event(device=device_id(chance.choice((both.other, both.revoked)).public))


def _entry(both: BothDoors, chance: random.Random) -> bytes:
    number = chance.getrandbits(128)
    version = chance.choice((0, 1, 3, 4, 5, 6, 8, 15))
    wrong = UUID(int=number & ~(0xF << 76) | version << 76)
    nowhere = UUID(int=number & ~(0xF << 76) & ~(0xC << 60) | 7 << 76)
    entry = chance.choice((UUID(int=0), UUID(int=2**128 - 1), wrong, nowhere))
    return _resigned(both, _patched(both.event().to_bytes(), "entry", entry.int))


def _seq_none(both: BothDoors, chance: random.Random) -> bytes:
    return _resigned(both, _patched(both.event().to_bytes(), "seq", 0))


def _seq_again(both: BothDoors, chance: random.Random) -> Event:
    return both.event(seq=chance.choice((2, 3, 2**31, 2**32 - 1)), prev=chance.randbytes(32))


def _prev(both: BothDoors, chance: random.Random) -> Event:
    return both.event(prev=chance.choice((bytes(32), b"\xff" * 32, both.event().id)))


def _at(both: BothDoors, chance: random.Random) -> Event:
    edges = (0, -1, 1, -(2**63), 2**63 - 1, 253_402_300_800_000, -62_135_596_800_001, 2**53)
    return both.event(at=chance.choice(edges), entry=_an_entry(both, chance))


def _an_entry(both: BothDoors, chance: random.Random) -> UUID:
    raw = bytearray(chance.randbytes(16))
    raw[6], raw[8] = 0x70 | raw[6] & 0x0F, 0x80 | raw[8] & 0x3F
    return UUID(bytes=bytes(raw))


def _offset(both: BothDoors, chance: random.Random) -> Event:
    return both.event(utc_offset=chance.choice((-(2**15), 2**15 - 1, 841, -841, 1440, -1440)))


def _record_key(both: BothDoors, chance: random.Random) -> Event:
    return both.event(record_key=chance.choice((bytes(8), b"\xff" * 8, chance.randbytes(8))))


def _largest(both: BothDoors, chance: random.Random) -> bytes:
    least = 65_362
    header = both.header()
    if chance.random() < 0.5:
        return both.lay(header, chance.randbytes(least)).to_bytes()
    raw = both.lay(header, chance.randbytes(least)).to_bytes()
    return _resigned(both, _patched(raw[:-64], "sealed length", least + 1) + b"\0" + raw[-64:])


def _signature(both: BothDoors, chance: random.Random) -> Event:
    event = both.event()
    r, s = (int.from_bytes(half, "big") for half in (event.signature[:32], event.signature[32:]))
    edges = (
        0,
        1,
        r,
        s,
        ORDER - r,
        ORDER - 1,
        ORDER,
        ORDER + 1,
        2**256 - 1,
        chance.getrandbits(256),
    )
    pairs = [one for one in itertools.product(edges, edges) if one not in ((r, s), (r, ORDER - s))]
    one, other = chance.choice(pairs)
    return event.signed_with(one.to_bytes(32, "big") + other.to_bytes(32, "big"))


def _mirrored(both: BothDoors, chance: random.Random) -> list[Event]:
    event = both.event()
    return [event, mirrored(event)]


def _der(both: BothDoors, chance: random.Random) -> bytes:
    raw = both.event().to_bytes()
    r, s = raw[-64:-32], raw[-32:]
    two = b"\x02\x21\0" + r + b"\x02\x21\0" + s if chance.random() < 0.5 else (
        b"\x02\x20" + r + b"\x02\x20" + s
    )  # fmt: skip
    return raw[:-64] + b"\x30" + bytes([len(two)]) + two


def _by_another(both: BothDoors, chance: random.Random) -> Event:
    event = both.event()
    return event.signed_with(chance.choice((both.other, both.revoked)).sign(event.signed_bytes))


def _prefix(both: BothDoors, chance: random.Random) -> Event:
    event = both.event()
    names = ("hello", "answer", "enrol", "stored", "opened", "keys", "directory", "seal", "Event")
    prefix = f"sharelog/{chance.choice('123')}/{chance.choice(names)}".encode()
    rest = chance.choice((event.signed_bytes[16:], _sha256(event.to_bytes()), event.id))
    return event.signed_with(both.own.sign(prefix + rest))


def _under_another_header(both: BothDoors, chance: random.Random) -> Event:
    """The sealed part is of another device, entry, suite or record key than it says."""
    header = both.header()
    sealed = both.sealed(header, both.event().sealed)
    parts = {name: getattr(header, name) for name in header.__slots__}
    parts |= chance.choice(
        (
            {"entry": _an_entry(both, chance)},
            {"entry": _an_entry(both, chance), "kind": 2},
            {"suite": 3 - both.suite, "record_key": both.key.id},
        )
    )
    return both.lay(type(header)(**parts), sealed)


def _chain_changed(both: BothDoors, chance: random.Random) -> list[Event]:
    """The same sealed part again, signed under other numbers: another id, and another event."""
    event = both.event()
    head = {name: getattr(event.header, name) for name in event.header.__slots__}
    change: dict[str, object] = chance.choice(
        (
            {"seq": chance.randrange(2, 2**32)},
            {"prev": chance.randbytes(32)},
            {"at": chance.randrange(2**50)},
        )
    )
    return [event, both.lay(type(event.header)(**{**head, **change}), event.sealed)]


def _glued(both: BothDoors, chance: random.Random) -> bytes:
    return both.event().to_bytes() + both.event().to_bytes()


CLASSES: dict[int, Bad] = {
    49: bad("hardly any bytes", _few, _MALFORMED, least=40),
    50: bad("cut anywhere", _cut, _MALFORMED),
    51: bad("bytes behind its end", _longer, _MALFORMED),
    52: bad("another version", _version, _MALFORMED),
    53: bad("a kind of the record or of nobody", _kind, _MALFORMED),
    54: bad("an unknown suite, or the record's own", _suite, _MALFORMED),
    55: bad("the reserved byte is used", _reserved, _MALFORMED),
    56: bad("a device that nobody knows", _unknown_device, "not-enrolled"),
    57: bad("another device than the one that signed", _another_device, _WRONG),
    58: bad(
        "a device that was revoked",
        lambda both, chance: both.event(signer=both.revoked, prev=chance.randbytes(32)),
        "set-aside",
    ),
    59: bad("an entry that is no UUID of version 7", _entry, _MALFORMED),
    60: bad("seq 0", _seq_none, _MALFORMED),
    61: bad("seq said before, or the last there is", _seq_again, "opened"),
    62: bad("prev is zeros, or of another chain", _prev, "opened"),
    63: bad("a clock at the ends of time", _at, "opened"),
    64: bad("an offset beyond the Earth", _offset, "opened"),
    65: bad("a record key that is nobody's", _record_key, "unknown-key"),
    66: bad("a sealed length too small to be one", _short, _MALFORMED),
    67: bad("a sealed length beyond all bounds", _long, _MALFORMED),
    68: bad("as large as may be, and one more", _largest, "cannot-be-opened", _MALFORMED),
    69: bad("a signature of edges: 0, 1, n, n+1", _signature, _WRONG),
    70: bad("the mirrored signature: the same id", _mirrored, "opened"),
    71: bad("a signature as DER", _der, _MALFORMED),
    72: bad("signed by another device", _by_another, _WRONG),
    73: bad("signed as something else", _prefix, _WRONG),
    74: bad("a sealed part under another header", _under_another_header,
            "cannot-be-opened", "unknown-key", _MALFORMED),
    75: bad("the same sealed part under other numbers", _chain_changed, "opened"),
    76: bad("two events in one", _glued, _MALFORMED),
}  # fmt: skip


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """In batches between good events: each is answered as it must be, and harms no other."""
    both = places.both(2)

    def made() -> Iterator[list[Event | bytes]]:
        for _ in range(many):
            one = which.make(both, chance)
            yield one if isinstance(one, list) else [one]

    for batch in in_parts(made(), _weight, 900_000, 100):
        events = [event for some in batch for event in some]
        for event, said in zip(events, both.sends(events), strict=True):
            assert said.words in which.says, (which.name, said, _raw(event).hex()[:600])
            yield _raw(event)


def _raw(event: Event | bytes) -> bytes:
    return event.to_bytes() if isinstance(event, Event) else event


def _weight(events: list[Event | bytes]) -> int:
    return sum(len(_raw(event)) for event in events)


def _lying(both: BothDoors, chance: random.Random) -> tuple[bytes, str]:
    body = bytearray(join([both.hello(), both.event().to_bytes()]))
    lie = chance.choice((0, 1, 2**31, 2**32 - 1, len(body), chance.randrange(2**32)))
    body[:4] = lie.to_bytes(4, "big")
    return bytes(body), ""


def _no_hello(both: BothDoors, chance: random.Random) -> tuple[bytes, str]:
    events = [both.event().to_bytes() for _ in range(chance.randrange(1, 3))]
    return join(chance.choice((events, [b"", *events], [b"\0" * 64, *events]))), ""


def _two_hellos(both: BothDoors, chance: random.Random) -> tuple[bytes, str]:
    """The second one stands where an event should; or the hello is another device's."""
    if chance.random() < 0.5:
        return join([both.hello(), both.hello()]), "refused"
    hello = both.hello(key=to_text(both.other.public))
    return join([hello, both.event().to_bytes()]), ""


def _again(both: BothDoors, chance: random.Random) -> tuple[bytes, str]:
    """Replayed, which is refused; or by a clock of another century, which is not."""
    if chance.random() < 0.5:
        nonce = to_text(a_nonce())
        both.ask(join([both.hello(nonce=nonce)]))
        return join([both.hello(nonce=nonce), both.event().to_bytes()]), ""
    at = chance.choice((0, -1, 2**53, -(2**63), 2**63 - 1, chance.randrange(2**62)))
    return join([both.hello(time=at)]), "taken"


AROUND: dict[int, Bad] = {
    77: bad("a frame length that lies", _lying, "frames.malformed", "document.malformed"),
    78: bad("no hello", _no_hello, "document.malformed"),
    79: bad("two hellos, or one in another's name", _two_hellos, "refused", _WRONG),
    80: bad("a hello replayed, or by a wild clock", _again, "hello.replayed", "taken"),
}  # fmt: skip


def offer_whole(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """A whole request of its own: refused, it leaves nothing of what it carried."""
    both = places.both(2)
    for _ in range(many):
        body, wanted = which.make(both, chance)
        before = both.rooms.store.head().position
        response = both.ask(body)
        taken = wanted or "taken"
        said = taken if response.status_code == 200 else response.json["code"]
        assert said in which.says, (which.name, said)
        assert both.rooms.store.head().position == before, which.name
        yield body


GROUPS = (
    Group("phone, then record", "POST /sync/events, an event", CLASSES, offer),
    Group("phone", "POST /sync/events, the whole body", AROUND, offer_whole),
)
