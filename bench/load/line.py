"""Lines to a door, by the thousand in one thread: HTTP/1.1, a new line for each request.

As behind the proxy that docs/running.md asks for, which takes a request in and passes it on by a
line of its own. A phone's patience and its pauses are those of static/js/outbox.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.load.phones import Phone
from sync.http import FRAMES, PROBLEM

PATIENCE_SECONDS = 15.0
_LONGEST_PAUSE = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Tally:
    """What was asked in one row: seconds of each answered request, what went otherwise, answers."""

    seconds: list[float] = field(default_factory=list)
    otherwise: Counter[str] = field(default_factory=Counter)
    offered: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    # When the first began and the last was answered, by time.monotonic().
    begun: float = 0.0
    ended: float = 0.0

    def took(self, seconds: float) -> None:
        """One more was answered as it should be."""
        self.seconds.append(seconds)
        self.ended = time.monotonic()

    def part(self, share: float) -> float:
        """Milliseconds within which this share of all was answered; 0 where nothing was."""
        ordered = sorted(self.seconds)
        return 1_000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


async def ask(port: int, raw: bytes) -> Heard:
    """Send a request, read one whole answer. OSError or EOFError where none comes."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(raw)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            lines = (line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): value for name, value in lines}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            return Heard(int(head[0].split()[1]), headers, body)
        finally:
            writer.close()


def request(host: str, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of a request; an underscore in the name of a header stands for a dash."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def deliver(port: int, phone: Phone, events: list[bytes], tally: Tally, due: float) -> None:
    """What a phone does with what waits: asks until it is answered. The first try is counted from
    when it was due, so that whoever comes late because others waited is counted as waiting."""
    host, failures = f"phone.localhost:{port}", 0
    tally.offered.extend(events)
    while True:
        body = phone.body(events)
        begun = time.monotonic() if failures else due
        pause = 0.0
        try:
            heard = await ask(
                port, request(host, "POST", "/sync/events", body, Content_Type=FRAMES)
            )
        except (OSError, EOFError) as error:
            tally.otherwise[type(error).__name__] += 1
        else:
            if heard.status == 200:
                tally.took(time.monotonic() - begun)
                tally.answers.append(heard.body)
                return
            tally.otherwise[f"{heard.status} {_code(heard)}".strip()] += 1
            pause = float(heard.headers.get("retry-after", "0"))
        failures += 1
        window = min(_LONGEST_PAUSE, 2.0**failures)
        await asyncio.sleep(max(pause, random.random() * window))


def _code(heard: Heard) -> str:
    """What a problem calls itself; nothing where it is none of ours."""
    problem = heard.headers.get("content-type") == PROBLEM
    return str(json.loads(heard.body)["code"]) if problem else ""


async def at(due: float) -> None:
    """Until then, by time.monotonic()."""
    await asyncio.sleep(max(0.0, due - time.monotonic()))
