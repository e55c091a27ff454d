"""A line over TLS that goes wrong as those of the world do: certificates, handshakes, the way.

It stands in front of something that speaks HTTP in clear. Certificates are the command's own: who
trusts `authority` has to find one of them good and each of the others wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import hashlib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from logger.cli.certificates import certify
from tests.faults.listening import Listening
from tests.faults.proxy import PIECE, Exchange, Fault

Kind = Literal["good", "expired", "not yet valid", "another name", "unknown authority"]
BAD: tuple[Kind, ...] = ("expired", "not yet valid", "another name", "unknown authority")
# What becomes of all that passes from now on.
Way = Literal["whole", "silent", "garbled", "reset"]
NAME = "phone.localhost"
_TWO_MONTHS = datetime.timedelta(days=60)


class SecureLine(Listening):
    """Listens on a free port of one address; what comes is brought to the door at `door`."""

    def __init__(self, folder: Path, door: int, address: str = "127.0.0.1"):
        super().__init__()
        self._door = door
        self._front = socket.create_server((address, 0))
        self.origin = f"https://{address}:{self._front.getsockname()[1]}"
        self.url = f"https://{NAME}:{self._front.getsockname()[1]}"
        self.authority = folder / "ours" / "authority.crt"
        self._contexts = _contexts(folder, address)
        # For a browser that is told by its command line what to believe.
        self.good_key = _key_digest(folder / "ours" / "doors.crt")
        self._inner: dict[Kind, int] = {}
        self.heal()

    def heal(self) -> None:
        """A good line again."""
        self.shows: Kind = "good"
        self.way: Way = "whole"
        # So many bytes of what is said to a phone pass before the line breaks.
        self.breaks_after: int | None = None

    async def _serve(self) -> None:
        for kind, context in self._contexts.items():
            server = await asyncio.start_server(self._speak, "127.0.0.1", 0, ssl=context)
            self._inner[kind] = server.sockets[0].getsockname()[1]
            self._servers.append(server)
        self._servers.append(await asyncio.start_server(self._carry, sock=self._front))

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Inside TLS: bring it to the door as it is."""
        with _until_gone(writer):
            door = await asyncio.open_connection("127.0.0.1", self._door)
            with _until_gone(door[1]):
                await asyncio.gather(_pour(reader, door[1]), _pour(door[0], writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Outside TLS: what passes is not understood, and may not pass."""
        with _until_gone(writer):
            inner = await asyncio.open_connection("127.0.0.1", self._inner[self.shows])
            with _until_gone(inner[1]):
                await asyncio.gather(
                    self._pass(reader, inner[1], None),
                    self._pass(inner[0], writer, self.breaks_after),
                )

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None
    ) -> None:
        while piece := await reader.read(PIECE):
            if left is not None:
                piece, left = piece[:left], left - len(piece)
            if self.way == "silent":
                continue
            if self.way == "garbled":
                piece = _with_a_wrong_bit(piece)
            if self.way != "reset":
                writer.write(piece)
                await writer.drain()
            if self.way == "reset" or (left is not None and left <= 0):
                raise ConnectionResetError
        writer.close()


def mid_way(line: SecureLine, way: Way, *, heard: bool) -> Fault:
    """The line goes wrong once the whole request is there, before the door hears it or after."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward() if heard else b""
        line.way = way
        await exchange.answer(answer or b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        if way == "silent":
            await exchange.gone()

    return fault


def _with_a_wrong_bit(piece: bytes) -> bytes:
    """Behind the head of its first record: in the last one it could hurt nothing but a farewell."""
    at = min(10, len(piece) - 1)
    return piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1 :]


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()
    writer.close()


@contextlib.contextmanager
def _until_gone(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Whichever side goes away, or the test being over, ends the other."""
    try:
        yield
    except (OSError, asyncio.CancelledError):
        writer.transport.abort()
    finally:
        writer.close()


def _contexts(folder: Path, address: str) -> dict[Kind, ssl.SSLContext]:
    now = datetime.datetime.now(datetime.UTC)
    folder.mkdir(exist_ok=True)
    ours, strange = folder / "ours", folder / "strange"
    return {
        "unknown authority": _context(strange, address, NAME, now),
        # The authority itself is to be one that holds today.
        "another name": _context(ours, "127.9.9.9", "other.localhost", now),
        "expired": _context(ours, address, NAME, now - _TWO_MONTHS),
        "not yet valid": _context(ours, address, NAME, now + _TWO_MONTHS),
        "good": _context(ours, address, NAME, now),
    }


def _context(folder: Path, address: str, name: str, now: datetime.datetime) -> ssl.SSLContext:
    made = certify(folder, IPv4Address(address), [name], now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    return context


def _key_digest(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(hashlib.sha256(public).digest()).decode()
