"""Classes 117 to 124: one field says what it cannot mean, in a capture and at every address of the
desk, as somebody who may go there."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator

from tests.inputs.bad import Bad, Group, Places, bad, in_parts
from tests.inputs.desk import EveryAddress

_OPENED, _NOT_OURS = "opened", "not-our-schema"
Change = tuple[str, object]

_DATES = (
    "0000-00-00", "0000-01-01", "9999-12-31", "10000-01-01", "2026-02-31", "2026-13-01",
    "2025-02-29",
    "2026-1-1", "2026-01-01T24:00", "2026-01-01T00:60", "٢٠٢٦-٠١-٠١", "2026-01-01\n", "-2026-01-01",
    "2026‐01‐01", "1e3-01-01", "2026-W01-1", "20260101", "01/02/2026", "31 February 2026", "now",
    "2026-01-01+15:00", "２０２６-01-01", "\x002026-01-01", "9" * 5_000,
)  # fmt: skip
_NUMBERS = (
    -1, -(2**31), -(2**63), -(2**63) - 1, 2**31, 2**53 + 1, 2**63, 2**64, 10**400, -0.5, 1e308, 1.5,
)  # fmt: skip
_NUMBER_WORDS = (
    *map(str, _NUMBERS[:9]), "-0", "+1", "0x10", "1_000", "１２", "٣", "1e9", "NaN", "inf", " 7 ",
    "7\n", "9" * 5_000,
)  # fmt: skip
_ENUMS = (
    "", "SHARED", "shared ", "other", "__all__", "null", "0", "approved\0", "ａpproved",
    "returned,approved",
    "shared;", "../shared", "x" * 65, "x" * 5_000,
)  # fmt: skip
_BOOLEANS = (
    "true",
    "false",
    "yes",
    "on",
    "1",
    1,
    0,
    "TRUE",
    "",
    [],
    None,
    "False",
    {},
    2,
    "null",
    -1,
    0.0,
    [True],
)
_PROTOTYPES = (
    "__proto__", "constructor", "prototype", "__class__", "__init__", "toString", "hasOwnProperty",
    "__dict__", "self", "__globals__", "valueOf", "__defineGetter__",
)  # fmt: skip
_ASSIGNED = (
    "role", "team", "team_id", "verified", "id", "person", "author", "is_admin", "admin", "status",
    "state",
    "reviewed_by", "created_at", "disabled", "joined", "entry_id", "outcome_by", "documenter",
    "roles[]",
)  # fmt: skip
_UUIDS = (
    "0", "x", "", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{01963f2e-0000-7000-8000-0000000000d1}", "urn:uuid:01963f2e-0000-7000-8000-0000000000d1",
    "01963F2E-0000-7000-8000-0000000000D1", "01963f2e00007000800000000000000d1", "g" * 36,
    "1" * 4_000,
    "01963f2e-0000-7000-8000-0000000000d1\0", "%2e%2e%2f", "..%2f..", "' OR 1=1--", "٠" * 32,
)  # fmt: skip


def _date(chance: random.Random) -> Change:
    value = chance.choice(_DATES)
    if chance.random() < 0.5:
        edge = chance.choice((-(2**53) - 1, 2**53 + 1, 2**63, -(2**63), 10**19, 10**400, 1.5, None))
        name = chance.choice(("when", "clock"))
        return name, {
            "at": edge,
            "utc_offset": 0,
            "about": False,
            "monotonic": 0,
            "last_server": None,
        }
    if chance.random() < 0.5:
        offset = chance.choice((2**15, -(2**15) - 1, 10**9, "+15:00", 1.5))
        return "when", {"at": 0, "utc_offset": offset, "about": False}
    return "review_on", value


def _enum(chance: random.Random) -> Change:
    name = chance.choice(("act", "attempt", "told_family", "language"))
    values = [one for one in _ENUMS if one or name in ("act", "language")]
    return name, chance.choice(values) + chance.choice(("", str(chance.getrandbits(30))))


def _boolean(chance: random.Random) -> Change:
    name = chance.choice(("offline", "danger", "called_999", "unfinished"))
    return name, chance.choice(_BOOLEANS)


def _theirs(chance: random.Random) -> Change:
    return "follows", chance.choice((str(uuid.UUID(int=chance.getrandbits(128))), *_UUIDS))


def _uuid(chance: random.Random) -> Change:
    return "follows", chance.choice(_UUIDS) or "-"


def _negative(chance: random.Random) -> Change:
    value = chance.choice(_NUMBERS)
    clock = {"at": 0, "utc_offset": 0, "monotonic": value, "last_server": value}
    return chance.choice((("clock", clock), ("v", value), ("recipients", value)))


def _prototype(chance: random.Random) -> Change:
    value = chance.choice(({"admin": True}, [], None, 1, "x", {"toString": 1}))
    return chance.choice(_PROTOTYPES) + chance.choice(("", str(chance.getrandbits(20)))), value


def _assigned(chance: random.Random) -> Change:
    value = chance.choice(
        ("administrator", True, 1, ["supervisor"], {"a": 1}, str(chance.getrandbits(40)))
    )
    return chance.choice(_ASSIGNED) + chance.choice(("", "_id", str(chance.getrandbits(20)))), value


CLASSES: dict[int, Bad] = {
    117: bad("dates and offsets that there are not", (_date, _DATES), _OPENED, _NOT_OURS, least=25),
    118: bad("a word that is none of those", (_enum, _ENUMS), _NOT_OURS, least=30),
    119: bad("booleans as something else", (_boolean, _BOOLEANS), _NOT_OURS, least=25),
    120: bad("names of what is other people's", (_theirs, ()), _OPENED, _NOT_OURS, least=20),
    121: bad("malformed identifiers", (_uuid, _UUIDS), _OPENED, _NOT_OURS, least=30),
    122: bad("numbers below zero and beyond all counting", (_negative, _NUMBER_WORDS), _OPENED,
    _NOT_OURS, least=30),
    123: bad("names that JavaScript and Python have", (_prototype, _PROTOTYPES), _OPENED, least=40),
    124: bad("names that nobody asked for", (_assigned, _ASSIGNED), _OPENED, least=40),
}  # fmt: skip


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """Half of them in captures, half at the desk, where nothing that was not asked for is taken."""
    yield from _captured(places, which, chance, many // 2)
    door = places.addresses
    before = door.people()
    for _ in range(many - many // 2):
        yield _asked(door, which, chance)
    assert door.people() == before, which.name


def _captured(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    both, (change, _) = places.both(2), which.make
    changes = [change(chance) for _ in range(many)]
    events = (both.event(both.content() | {name: value}) for name, value in changes)
    for batch in in_parts(events, lambda one: len(one.sealed), 900_000, 100):
        for event, said in zip(batch, both.sends(batch), strict=True):
            assert said.words in which.says, (which.name, said, changes)
            yield event.sealed[-200:]


def _asked(door: EveryAddress, which: Bad, chance: random.Random) -> bytes:
    """One request: a parameter, or a part of the address, says that."""
    change, words = which.make
    value = str(chance.choice(words)) if words else door.somebody_elses(chance)
    if change in (_prototype, _assigned):
        return door.sends_more(chance, value, str(change(chance)[1]))
    return door.asks(chance, value)


GROUPS = (
    Group("phone, then record; record", "a capture; every address of the desk", CLASSES, offer),
)
