"""What a golden event becomes when it is damaged: exhaustively, and by chance for the soak.

The changes are data: a name, and what it does to the bytes at one place.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator

from tests.sync_vectors import GOOD

# Of docs/protocol.md section 3.1: where each field of the header begins and ends.
FIELDS = {
    "version": (0, 1), "kind": (1, 2), "suite": (2, 3), "reserved": (3, 4), "device": (4, 36),
    "entry": (36, 52), "seq": (52, 56), "prev": (56, 88), "at": (88, 96),
    "utc offset": (96, 98), "record key": (98, 106), "sealed length": (106, 110),
}  # fmt: skip
# What a field of so many bytes may hold that somebody might not have thought of.
_EDGES = (0, 1, -1, 1 << 7, 1 << 15, 1 << 31, (1 << 31) - 1, 1 << 63, (1 << 63) - 1)

Change = Callable[[bytes, int], bytes]


def golden(suite: int) -> bytes:
    """The smallest event of the vectors that a phone wrote under this suite."""
    ours = (bytes.fromhex(case["event"]) for case in GOOD if case["suite"] == suite)
    return min(ours, key=len)


def _put(raw: bytes, at: int, *bytes_: int) -> bytes:
    return raw[:at] + bytes(bytes_) + raw[at + len(bytes_) :]


AT_EACH_BYTE: dict[str, Change] = {
    "lowest bit": lambda raw, at: _put(raw, at, raw[at] ^ 1),
    "highest bit": lambda raw, at: _put(raw, at, raw[at] ^ 0x80),
    "all bits": lambda raw, at: _put(raw, at, raw[at] ^ 0xFF),
    "one more": lambda raw, at: _put(raw, at, (raw[at] + 1) % 256),
    "one less": lambda raw, at: _put(raw, at, (raw[at] - 1) % 256),
    "halves changed": lambda raw, at: _put(raw, at, raw[at] >> 4 | raw[at] << 4 & 0xF0),
    "0x00": lambda raw, at: _put(raw, at, 0),
    "0xFF": lambda raw, at: _put(raw, at, 0xFF),
    "deleted": lambda raw, at: raw[:at] + raw[at + 1 :],
    "doubled": lambda raw, at: raw[:at] + raw[at : at + 1] + raw[at:],
    "a byte put in": lambda raw, at: raw[:at] + bytes([at % 255 + 1]) + raw[at:],
    "put in and its end cut": lambda raw, at: (raw[:at] + b"\xa5" + raw[at:])[: len(raw)],
    "deleted and its end filled": lambda raw, at: raw[:at] + raw[at + 1 :] + b"\0",
    "cut here": lambda raw, at: raw[:at],
    "begun here": lambda raw, at: raw[at + 1 :],
    "the next byte first": lambda raw, at: raw[:at] + raw[at : at + 2][::-1] + raw[at + 2 :],
}  # fmt: skip


def swapped(raw: bytes) -> Iterator[bytes]:
    """Every pair of header fields in each other's place."""
    for one, other in itertools.combinations(FIELDS, 2):
        parts = {name: raw[begin:end] for name, (begin, end) in FIELDS.items()}
        parts[one], parts[other] = parts[other], parts[one]
        yield b"".join(parts.values()) + raw[110:]


def damaged(raw: bytes) -> Iterator[bytes]:
    """Every change at every byte, and every pair of fields swapped; never the event itself."""
    for change in AT_EACH_BYTE.values():
        for at in range(len(raw)):
            if (other := change(raw, at)) != raw:
                yield other
    yield from (other for other in swapped(raw) if other != raw)
    yield raw + b"\0"
    yield raw + raw


def _edge(raw: bytes, chance: random.Random) -> bytes:
    begin, end = chance.choice(list(FIELDS.values()))
    value = chance.choice(_EDGES) % (1 << 8 * (end - begin))
    return raw[:begin] + value.to_bytes(end - begin, "big") + raw[end:]


def _span(raw: bytes, chance: random.Random) -> tuple[int, int]:
    begin = chance.randrange(len(raw) + 1)
    return begin, min(len(raw), begin + chance.choice((1, 2, 4, 8, 32, 64, 400)))


def _noise(raw: bytes, chance: random.Random) -> bytes:
    begin, end = _span(raw, chance)
    return raw[:begin] + chance.randbytes(end - begin) + raw[end:]


def _moved(raw: bytes, chance: random.Random) -> bytes:
    begin, end = _span(raw, chance)
    rest, to = raw[:begin] + raw[end:], chance.randrange(len(raw) + 1)
    return rest[:to] + raw[begin:end] + rest[to:]


def _repeated(raw: bytes, chance: random.Random) -> bytes:
    begin, end = _span(raw, chance)
    return raw[:end] + raw[begin:end] * chance.choice((1, 2, 7)) + raw[end:]


def _anywhere(raw: bytes, chance: random.Random) -> bytes:
    if not raw:
        return b"\0"
    return chance.choice(list(AT_EACH_BYTE.values()))(raw, chance.randrange(len(raw)))


def by_chance(raw: bytes, chance: random.Random) -> bytes:
    """Two to five changes, one on top of the other; never the event itself."""
    ways = (_edge, _noise, _moved, _repeated, _anywhere, _anywhere)
    other = raw
    while other == raw:
        for _ in range(chance.randint(2, 5)):
            other = chance.choice(ways)(other, chance)
    return other[:65_600]
