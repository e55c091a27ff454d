"""Many phones at once: a steady stream, a herd after an outage, the backlog of a month away."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Iterable, Sequence

from bench.load.ground import Ground
from bench.load.line import Tally, at, deliver
from bench.load.phones import Phone, sealed

# The first request of a phone and the largest, in events (static/js/outbox/batch.js).
FIRST_BATCH, LARGEST_BATCH = 20, 250
# Whoever is not through by then is counted as lost.
LONGEST_SECONDS = 150.0
Waiting = list[tuple[Phone, list[bytes]]]


def waiting(ground: Ground, phones: int, each: int) -> Waiting:
    """So many phones with so many entries each that nobody has yet."""
    some = ground.phones[:phones]
    return list(zip(some, sealed(some, each, ground.key), strict=True))


async def steady(ground: Ground, those: Waiting, rate: float, tally: Tally) -> None:
    """One phone after another, `rate` a second, whether or not those before were answered."""
    dues = [number / rate for number in range(len(those))]
    await _come(ground, those, dues, tally)


async def herd(ground: Ground, those: Waiting, seconds: float, tally: Tally) -> None:
    """Each at a moment of its own within this time."""
    await _come(ground, those, sorted(random.random() * seconds for _ in those), tally)


async def backlog(ground: Ground, those: Waiting, tally: Tally) -> None:
    """All at once, each with request after request, larger while it goes well."""
    port = ground.instance.phone_port

    async def empty(phone: Phone, events: list[bytes]) -> None:
        size = FIRST_BATCH
        while events:
            now, events = events[:size], events[size:]
            await deliver(port, phone, now, tally, time.monotonic())
            size = min(LARGEST_BATCH, 2 * size)

    tally.begun = time.monotonic()
    await _within(tally, (empty(phone, events) for phone, events in those))


async def _come(ground: Ground, those: Waiting, dues: Sequence[float], tally: Tally) -> None:
    port, tally.begun = ground.instance.phone_port, time.monotonic()

    async def come(phone: Phone, events: list[bytes], due: float) -> None:
        await at(due)
        await deliver(port, phone, events, tally, due)

    begun = tally.begun
    pairs = zip(those, dues, strict=True)
    await _within(tally, (come(*one, begun + due) for one, due in pairs))


async def _within(tally: Tally, tasks: Iterable[Coroutine[None, None, None]]) -> None:
    """All of them, for so long as they may take."""
    running = [asyncio.ensure_future(task) for task in tasks]
    done, late = await asyncio.wait(running, timeout=LONGEST_SECONDS)
    for one in late:
        one.cancel()
        tally.otherwise["never through"] += 1
    for one in done:
        one.result()
