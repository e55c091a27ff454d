"""What refusing costs: time and memory of each bad document, event and sealed part.

    python -m bench.inputs [how many of each class] [seed]

Everything runs in this process: the phone door as it is served, on a ledger on disk, and what the
record opens with. Half of all requests are timed and half weighed, since weighing takes time. Time
is that of the processor: a request that is answered waits for the disk as well, and how long says
nothing of what came. At most 50 ms and 5 MB is what one refusal may cost.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from logger.keys.sealing import CannotBeOpened, open_sealed
from sync.errors import MalformedEvent
from sync.event import Event
from sync.frames import HELLO, document_bytes, join
from tests.events import a_signer
from tests.inputs import bad_documents, event_bytes, sealed_parts
from tests.inputs.bad import Bad, Places
from tests.inputs.doors import a_fresh_hello

MOST_MS, MOST_MB = 50, 5
Act = Callable[[], object]


def documents(places: Places, which: Bad, chance: random.Random) -> Act:
    """A hello that says this."""
    text = which.make(a_fresh_hello(), chance)
    body = join([text + a_signer().sign(document_bytes(HELLO, text))])
    return lambda: places.phone.ask(body)


def events(places: Places, which: Bad, chance: random.Random) -> Act:
    """A request with this event alone."""
    both = places.both(2)
    made = which.make(both, chance)
    one = made[-1] if isinstance(made, list) else made
    raw = one.to_bytes() if isinstance(one, Event) else one
    body = join([both.hello(), raw])
    return lambda: both.ask(body)


def sealed(places: Places, which: Bad, chance: random.Random) -> Act:
    """What the record does with this sealed part, once it is in the ledger."""
    both = places.both(1 if which in sealed_parts.CURVE.values() else 2)
    one = which.make(both, chance)

    def opens() -> None:
        with suppress(CannotBeOpened, MalformedEvent):
            event = one if isinstance(one, Event) else Event.from_bytes(one)
            open_sealed(event, both.rooms.keyring)

    return opens


ROOMS: list[tuple[str, dict[int, Bad], Callable[..., Act]]] = [
    ("a hello", bad_documents.CLASSES, documents),
    ("an event", event_bytes.CLASSES, events),
    ("a sealed part", sealed_parts.POST_QUANTUM | sealed_parts.CURVE, sealed),
]


def timed(act: Act) -> float:
    """Milliseconds of all threads."""
    began = time.process_time()
    act()
    return 1_000 * (time.process_time() - began)


def weighed(act: Act) -> float:
    """Megabytes above what there was before, at the worst moment."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1] / 1_000_000
    finally:
        tracemalloc.stop()


def rows(places: Places, many: int, seed: str) -> Iterator[tuple[str, int, list[float], float]]:
    """For each class: where it goes, its number, all times and the greatest weight."""
    for room, classes, put in ROOMS:
        for number, which in sorted(classes.items()):
            chance = random.Random(f"{seed} {number}")
            acts: list[Any] = [put(places, which, chance) for _ in range(many)]
            acts[0]()
            times = sorted(timed(act) for act in acts[1 : many // 2])
            yield room, number, times, max(weighed(act) for act in acts[many // 2 :])


def main(many: int = 100, seed: str = "20261126") -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp())
    places = Places(lambda name: Path(tempfile.mkdtemp(prefix=name, dir=folder)))
    print(f"\nrefusing, {many} of each class, seed {seed}\n")
    print("| what comes | class | p50 ms | p99 ms | most ms | most MB |\n|---|--:|--:|--:|--:|--:|")
    worst: dict[str, tuple[float, float]] = {}
    for room, number, times, weight in rows(places, many, seed):
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        print(f"| {room} | {number} | {p50:.2f} | {p99:.2f} | {times[-1]:.2f} | {weight:.2f} |")
        slow, heavy = worst.get(room, (0.0, 0.0))
        worst[room] = max(slow, times[-1]), max(heavy, weight)
    for room, (slow, heavy) in worst.items():
        print(f"{room}: at most {slow:.1f} ms of {MOST_MS}, {heavy:.2f} MB of {MOST_MB}")
    places.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, *sys.argv[2:3])
