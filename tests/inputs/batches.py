"""Classes 35 to 48: how many events a request carries, whose, in which order and which version."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.event import FIRST_OF_DEVICE, Event
from sync.frames import join, to_text
from tests.events import mirrored
from tests.inputs.bad import Bad, Group, Places, bad
from tests.inputs.both import BothDoors
from tests.phone_words import read_answer

_WRONG, _MALFORMED = "signature.wrong", "event.malformed"
_FRAMES, _LARGE = "frames.malformed", "sync.too_large"


@dataclass(frozen=True)
class Batch:
    """A request's body and what must come back: a code, or the outcome of each event."""

    body: bytes
    code: str = ""
    outcomes: list[str] = field(default_factory=list)


def _batch(both: BothDoors, events: list[Event | bytes], outcomes: list[str]) -> Batch:
    raws = [one.to_bytes() if isinstance(one, Event) else one for one in events]
    return Batch(join([both.hello(), *raws]), "", outcomes)


def _nothing(both: BothDoors, chance: random.Random) -> Batch:
    """No frame at all, or frames of nothing where the hello should be."""
    empty = join([b""] * chance.randrange(1, 60))
    if chance.random() < 0.2:
        return Batch(b"", _FRAMES)
    return Batch(empty, "document.malformed")


def _one(both: BothDoors, chance: random.Random) -> Batch:
    many = chance.choice((1, 1, 2))
    return _batch(both, [both.event() for _ in range(many)], ["stored"] * many)


def _noise(chance: random.Random, many: int) -> list[Event | bytes]:
    return [chance.randbytes(chance.randrange(30)) for _ in range(many)]


def _most(both: BothDoors, chance: random.Random) -> Batch:
    return _batch(
        both, [both.event(), *_noise(chance, 249)], ["stored", *[f"refused {_MALFORMED}"] * 249]
    )


def _one_more(both: BothDoors, chance: random.Random) -> Batch:
    raws = [both.event().to_bytes(), *(bytes(n % 7) for n in range(250))]
    return Batch(join([both.hello(), *raws]), _LARGE)


def _far_more(both: BothDoors, chance: random.Random) -> Batch:
    many = chance.choice((251, 1_000, 10_000, 100_000, 250_000))
    return Batch(join([both.hello()]) + bytes(4 * many), _LARGE)


def _twice(both: BothDoors, chance: random.Random) -> Batch:
    event, times = both.event(), chance.randrange(2, 9)
    return _batch(both, [event] * times, ["stored", *["already-held"] * (times - 1)])


def _same_id(both: BothDoors, chance: random.Random) -> Batch:
    """Good under either signature, and one event; the third signature is nobody's."""
    event = both.event()
    other = event.signed_with(chance.randbytes(64))
    events: list[tuple[Event, str]] = [(event, ""), (mirrored(event), ""), (other, _WRONG)]
    chance.shuffle(events)
    said, held = [], False
    for _, wrong in events:
        said.append(f"refused {wrong}" if wrong else "already-held" if held else "stored")
        held = held or not wrong
    return _batch(both, [one for one, _ in events], said)


def _several(both: BothDoors, chance: random.Random) -> Batch:
    def of(kind: int) -> tuple[Event, str]:
        if kind == 0:
            return both.event(), "stored"
        if kind == 1:
            return both.event(signer=both.other), "stored"
        if kind == 2:
            return both.event(signer=both.revoked), "set-aside"
        return both.event(device=chance.randbytes(32)), "not-enrolled"

    made = [of(chance.randrange(4)) for _ in range(chance.randrange(2, 6))]
    return _batch(both, [one for one, _ in made], [said for _, said in made])


def _disordered(both: BothDoors, chance: random.Random) -> Batch:
    """A chain with holes, its links in any order: all of it is kept."""
    before, events = FIRST_OF_DEVICE, []
    for seq in range(1, chance.randrange(4, 8)):
        event = both.event(seq=seq, prev=before if seq > 1 else FIRST_OF_DEVICE)
        before = event.id
        events.append(event)
    left: list[Event | bytes] = chance.sample(events, chance.randrange(2, len(events)))
    return _batch(both, left, ["stored"] * len(left))


def _half(both: BothDoors, chance: random.Random) -> Batch:
    """Good and bad ones in any order, each with its own answer."""
    events: list[tuple[Event | bytes, str]] = []
    for _ in range(chance.randrange(1, 4)):
        good, forged = both.event(), both.event()
        events += [(good, "stored"), (chance.randbytes(300), f"refused {_MALFORMED}")]
        events.append((forged.signed_with(bytes(64)), f"refused {_WRONG}"))
    chance.shuffle(events)
    return _batch(both, [one for one, _ in events], [said for _, said in events])


def _version(both: BothDoors, chance: random.Random) -> Batch:
    version = chance.choice((0, 2, 3, -1, 2**31, 2**64, "1", 1.5, None, True, [1], chance.random()))
    return Batch(join([both.hello(v=version), both.event().to_bytes()]), "document.malformed")


def _hello_only(both: BothDoors, chance: random.Random) -> Batch:
    return _batch(both, [], [])


def _too_many_ids(both: BothDoors, chance: random.Random) -> Batch:
    name, many = chance.choice(("holds", "awaiting")), chance.choice((501, 502, 1_000, 5_000))
    ids = [to_text(chance.randbytes(32))] * many
    return Batch(join([both.hello(**{name: ids}), both.event().to_bytes()]), "document.malformed")


def _overlapping(both: BothDoors, chance: random.Random) -> Batch:
    """The frame of an event says more or less than is there."""
    hello, event = join([both.hello()]), both.event().to_bytes()
    by = chance.choice((1, 4, 64, len(event), 2**31, chance.randrange(1, 2**31)))
    if chance.random() < 0.3:
        # Less than is there: what is left over begins no frame that fits.
        return Batch(hello + (len(event) - 1).to_bytes(4, "big") + event, _FRAMES)
    return Batch(hello + (len(event) + by).to_bytes(4, "big") + event, _FRAMES)


CLASSES: dict[int, Bad] = {
    35: bad("no events and no hello", _nothing, least=20),
    36: bad("one event, two events", _one),
    37: bad("as many as may be, nearly all noise", _most),
    38: bad("one more than may be", _one_more),
    39: bad("thousands", _far_more),
    40: bad("the same event again and again", _twice),
    41: bad("one id under several signatures", _same_id),
    42: bad("events of several devices, strangers among them", _several),
    43: bad("a chain in disorder and with holes", _disordered),
    44: bad("half of it good", _half),
    45: bad("another version of the protocol", _version),
    46: bad("a hello alone", _hello_only),
    47: bad("more ids than may be named", _too_many_ids),
    48: bad("frames that overlap or run past the end", _overlapping),
}


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """Each in a request of its own; the ledger grows by what was stored, and by nothing else."""
    both = places.both(2)
    for _ in range(many):
        batch: Batch = which.make(both, chance)
        before = both.rooms.store.head().position
        response = both.ask(batch.body)
        grown = both.rooms.store.head().position - before
        if batch.code:
            assert response.status_code in (400, 413), which.name
            assert (response.json["code"], grown) == (batch.code, 0), which.name
        else:
            results = read_answer(response.data)["results"]
            said = [f"{one['outcome']} {one['why']}".strip() for one in results]
            assert said == batch.outcomes, which.name
            kept = sum(one["outcome"] in ("stored", "set-aside") for one in results)
            assert grown == kept, which.name
        yield batch.body
    both.rooms.follow()


GROUPS = (
    Group("phone, then record", "POST /sync/events, how much of it", CLASSES, offer, soak=500),
)
