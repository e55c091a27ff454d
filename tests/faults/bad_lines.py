"""What can go wrong on a line, each as one small fault for the proxy."""

from __future__ import annotations

import asyncio
import gzip
import json
import struct
import zlib
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from sync.frames import ANSWER, P256Signer, document_bytes
from tests.faults.proxy import Exchange, Fault


async def swallowed(exchange: Exchange) -> None:
    """The door kept it; its answer never arrives."""
    await exchange.forward()
    exchange.reset()


async def silent(exchange: Exchange) -> None:
    """A connection that never answers."""
    await exchange.gone()


async def refused(exchange: Exchange) -> None:
    """Reset before anything was said."""
    exchange.reset()


def request_cut(part: float, *, politely: bool) -> Fault:
    """The door sees this part of the request."""

    async def fault(exchange: Exchange) -> None:
        length = len(exchange.request.raw)
        await exchange.forward(int(part * length), politely=politely)
        exchange.reset()

    return fault


def answer_cut(part: float, *, politely: bool) -> Fault:
    """The phone sees this part of the answer."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward()
        await exchange.answer(answer[: int(part * (len(answer) - 1))])
        if not politely:
            exchange.reset()

    return fault


def late(before: Fault, after: Callable[[], None] = lambda: None) -> Fault:
    """The phone gets `before`; the request reaches the door a moment later, behind the next one."""

    async def fault(exchange: Exchange) -> None:
        seen = len(exchange.proxy.requests)
        await before(exchange)
        for _ in range(500):
            if len(exchange.proxy.requests) > seen:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.02)
        await exchange.forward()
        after()

    return fault


def twice(first: bool) -> Fault:
    """The door hears it twice; the phone hears the first answer or the second."""

    async def fault(exchange: Exchange) -> None:
        answers = [await exchange.forward(), await exchange.forward()]
        await exchange.answer(answers[0 if first else 1])

    return fault


def throttled(bits: int, both: bool = True) -> Fault:
    """So many bits in a second, in pieces."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward()
        if both:
            await asyncio.sleep(len(exchange.request.raw) * 8 / bits)
        for start in range(0, len(answer), 64):
            await exchange.answer(answer[start : start + 64])
            await asyncio.sleep(512 / bits)

    return fault


def instead(status: str, headers: dict[str, str], body: bytes) -> Fault:
    """Somebody else answers; the door hears nothing."""

    async def fault(exchange: Exchange) -> None:
        told = {"Content-Length": str(len(body)), "Connection": "close"} | headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        await exchange.answer(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body)

    return fault


def from_port(port: int) -> Fault:
    """Another server of this machine answers."""

    async def fault(exchange: Exchange) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(exchange.request.raw)
        await exchange.answer(await reader.read(-1))
        writer.close()

    return fault


def changed(change: Callable[[bytes], bytes], headers: dict[str, str] | None = None) -> Fault:
    """The door kept it and answered; the body of its answer is changed on the way."""

    async def fault(exchange: Exchange) -> None:
        answer = await exchange.forward()
        body = change(answer.partition(b"\r\n\r\n")[2])
        told = {"Content-Type": "application/vnd.sharelog.frames"} | (headers or {})
        said = Exchange(exchange.proxy, exchange.request, exchange._writer)
        await instead("200 OK", told, body)(said)

    return fault


def _signed_by_another(body: bytes) -> bytes:
    text = body[4:-64]
    stranger = P256Signer(ec.generate_private_key(ec.SECP256R1()))
    document = text + stranger.sign(document_bytes(ANSWER, text))
    return struct.pack(">I", len(document)) + document


# The door's very answer, in its name, by somebody else.
FORGED = changed(_signed_by_another)


def flipped(part: float, bit: int) -> Fault:
    """One bit of the answer's body."""

    def flip(body: bytes) -> bytes:
        if not body:
            return body
        at = int(part * (len(body) - 1))
        return body[:at] + bytes([body[at] ^ (1 << bit)]) + body[at + 1 :]

    return changed(flip)


def replayed(older: bytes) -> Fault:
    """The door kept it; the phone gets an answer from before."""

    async def fault(exchange: Exchange) -> None:
        await exchange.forward()
        await exchange.answer(older)

    return fault


def when(holds: Callable[[bytes], bool], fault: Fault, otherwise: Fault) -> Fault:
    """One fault or another, by the body of the request."""

    async def either(exchange: Exchange) -> None:
        await (fault if holds(exchange.request.body) else otherwise)(exchange)

    return either


def problem(status: str, code: str, **headers: str) -> Fault:
    """The door, or something before it, says no."""
    body = json.dumps({"type": "about:blank", "title": "", "status": int(status[:3]), "code": code})
    told = {"Content-Type": "application/problem+json"}
    return instead(
        status, told | {k.replace("_", "-"): v for k, v in headers.items()}, body.encode()
    )


PAGE = b"<!doctype html><title>Free WiFi</title><h1>Sign in to use the Internet</h1>"

PORTALS = {
    "a page": instead("200 OK", {"Content-Type": "text/html"}, PAGE),
    "a page that calls itself ours": instead(
        "200 OK", {"Content-Type": "application/vnd.sharelog.frames"}, PAGE
    ),
    "a way elsewhere": instead("302 Found", {"Location": "http://portal.localhost/"}, b""),
    "a way to itself": instead("307 Temporary Redirect", {"Location": "/sync/events"}, b""),
    "511": instead("511 Network Authentication Required", {"Content-Type": "text/html"}, PAGE),
    "204": instead("204 No Content", {}, b""),
    "nothing at all": instead("200 OK", {}, b""),
}

# What a proxy does to a body that it thinks it may compress; the last two are lies or damaged.
SQUEEZED: dict[str, Fault] = {
    "gzip": changed(gzip.compress, {"Content-Encoding": "gzip"}),
    "deflate": changed(zlib.compress, {"Content-Encoding": "deflate"}),
    "half a gzip": changed(
        lambda body: gzip.compress(body)[: len(body) // 2], {"Content-Encoding": "gzip"}
    ),
    "called br": changed(lambda body: body, {"Content-Encoding": "br"}),
}


def events_in(body: bytes) -> int:
    """How many frames follow the hello."""
    count, at = 0, 0
    while at < len(body):
        at += 4 + struct.unpack_from(">I", body, at)[0]
        count += 1
    return count - 1
