"""One bad line on loopback: whatever can happen between a phone and its door, on purpose.

Every connection carries one exchange. What happens to it is a small coroutine chosen by `plan`,
which sees the request; without a plan everything passes. The door is spoken to under its own name,
so that phones may call it by any.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.listening import Listening

_LINGER_NOT = struct.pack("ii", 1, 0)
PIECE = 65536


@dataclass(frozen=True)
class Request:
    """What a phone asked, whole."""

    method: str
    path: str
    raw: bytes

    @property
    def body(self) -> bytes:
        """All behind the head."""
        return self.raw.partition(b"\r\n\r\n")[2]


class Exchange:
    """One request, and the two lines on which it can go wrong."""

    def __init__(self, proxy: FaultProxy, request: Request, writer: asyncio.StreamWriter):
        self.proxy, self.request, self._writer = proxy, request, writer

    async def forward(self, first: int | None = None, *, politely: bool = True) -> bytes:
        """Bring the request, or its first bytes, to the door; its raw answer, or nothing."""
        raw = self.request.raw[:first]
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.proxy.target)
        except OSError:
            return b""
        try:
            writer.write(raw)
            await writer.drain()
            if first is not None and first < len(self.request.raw):
                if not politely:
                    _break(writer)
                return b""
            answer = await reader.read(-1)
        except OSError:
            return b""
        finally:
            writer.close()
        self.proxy.answers.append(answer)
        return answer

    async def answer(self, raw: bytes) -> None:
        """Give the phone these bytes and hang up."""
        self._writer.write(raw)
        await self._writer.drain()

    def reset(self) -> None:
        """Break the phone's connection in the middle."""
        _break(self._writer)

    async def gone(self) -> None:
        """Until the phone has lost patience."""
        while not self._writer.transport.is_closing():
            await asyncio.sleep(0.02)


Fault = Callable[[Exchange], Awaitable[None]]
Plan = Callable[[Request], Fault | None]


class FaultProxy(Listening):
    """Listens on a free port at once; forwards once it is told where to."""

    def __init__(self, target: int = 0) -> None:
        super().__init__()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.target = target
        self.plan: Plan = lambda _: None
        self.requests: list[Request] = []
        self.answers: list[bytes] = []

    def forward_to(self, port: int) -> None:
        """From now on connections go to this loopback port."""
        self.target = port

    def recorded(self) -> bytes:
        """Everything that passed, both ways."""
        return b"".join([*(one.raw for one in self.requests), *self.answers])

    def on_sync(self, *faults: Fault) -> None:
        """These happen to the next requests that bring entries, one each; then the line is good."""
        left = list(faults)
        self.plan = lambda request: left.pop(0) if left and request.path == "/sync/events" else None

    def always(self, fault: Fault, path: str = "/sync/events") -> None:
        """This happens to every request for that path."""
        self.plan = lambda request: fault if request.path == path else None

    def heal(self) -> None:
        """A good line again."""
        self.plan = lambda _: None

    async def _serve(self) -> None:
        self._servers.append(await asyncio.start_server(self._exchange, sock=self._socket))

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._read(reader)
            if request is None:
                return
            self.requests.append(request)
            fault = self.plan(request) or passed
            await fault(Exchange(self, request, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side went away, or the test is over
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None  # a browser keeps connections ready and may never use them
        method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        host = b"\r\nHost: phone.localhost:%d" % self.target
        head = re.sub(rb"(?i)\r\nhost: [^\r\n]*", host, head)
        head = re.sub(rb"(?i)\r\nconnection: [^\r\n]*", b"", head)
        head = head[:-4] + b"\r\nConnection: close\r\n\r\n"
        return Request(method, path, head + body)


def _break(writer: asyncio.StreamWriter) -> None:
    line = writer.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    writer.transport.abort()


async def passed(exchange: Exchange) -> None:
    """Nothing goes wrong."""
    await exchange.answer(await exchange.forward())
