"""Whoever means harm: garbage at the phone door, and lines that never come to an end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import Callable, Iterator

from bench.load.ground import Ground
from bench.load.line import PATIENCE_SECONDS, Tally, ask, at, request
from bench.load.phones import Phone
from sync.frames import MAX_BODY_BYTES, join
from sync.http import FRAMES

_DRIP_SECONDS = 1.0


class Garbage:
    """One bad request after another, each of another kind."""

    def __init__(self, ground: Ground, good: bytes):
        self._host = f"phone.localhost:{ground.instance.phone_port}"
        self._phone, self._good = ground.phones[0], good
        self._stranger = Phone.of(-1)
        self._spent = self._phone.body([])
        self._kinds: Iterator[Callable[[], bytes]] = itertools.cycle((
            self._noise, self._no_frames, self._flipped, self._nested, self._unknown_phone,
            self._replayed, self._largest, self._nowhere, self._no_http,
        ))  # fmt: skip

    def next(self) -> bytes:
        """The next one."""
        return next(self._kinds)()

    def _post(self, body: bytes, path: str = "/sync/events") -> bytes:
        return request(self._host, "POST", path, body, Content_Type=FRAMES)

    def _noise(self) -> bytes:
        return self._post(os.urandom(3_000))

    def _no_frames(self) -> bytes:
        return self._post(b"\xff\xff\xff\xff" + bytes(100))

    def _flipped(self) -> bytes:
        """An event of a real phone with one byte changed: the answer is 200, and it is refused."""
        changed = bytearray(self._good)
        changed[200] ^= 1
        return self._post(self._phone.body([bytes(changed)] * 20))

    def _nested(self) -> bytes:
        return self._post(join([b"[" * 100_000 + bytes(64)]))

    def _unknown_phone(self) -> bytes:
        return self._post(self._stranger.body([self._good] * 20))

    def _replayed(self) -> bytes:
        return self._post(self._spent)

    def _largest(self) -> bytes:
        return self._post(bytes(MAX_BODY_BYTES))

    def _nowhere(self) -> bytes:
        return request(self._host, "GET", f"/{os.urandom(8).hex()}/wp-login.php")

    def _no_http(self) -> bytes:
        return os.urandom(200) + b"\r\n\r\n"


async def pelt(ground: Ground, good: bytes, rate: float, seconds: float, tally: Tally) -> None:
    """So many bad requests a second; every answer is counted by its status."""
    garbage, port = Garbage(ground, good), ground.instance.phone_port
    tally.begun = time.monotonic()

    async def throw(raw: bytes) -> None:
        begun = time.monotonic()
        try:
            heard = await ask(port, raw)
        except (OSError, EOFError) as error:
            tally.otherwise[type(error).__name__] += 1
            return
        tally.took(time.monotonic() - begun)
        tally.otherwise[str(heard.status)] += 1

    async with asyncio.TaskGroup() as thrown:
        for number in range(int(rate * seconds)):
            await at(tally.begun + number / rate)
            thrown.create_task(throw(garbage.next()))


async def drip(ground: Ground, lines: int, until: float) -> None:
    """So many lines, each sending one byte of a header a second, opened again when hung up on."""
    await asyncio.gather(*(_drip_one(ground.instance.phone_port, until) for _ in range(lines)))


async def _drip_one(port: int, until: float) -> None:
    while time.monotonic() < until:
        # To be hung up on is what such a line has coming.
        with contextlib.suppress(OSError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                writer.write(b"POST /sync/events HTTP/1.1\r\nX-Slow: ")
                while time.monotonic() < until:
                    await asyncio.sleep(_DRIP_SECONDS)
                    writer.write(b"x")
                    await writer.drain()
