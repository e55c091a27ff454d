"""Classes 21 to 34: HTTP itself, at real sockets of the server that the command starts.

What is bad is answered with a status of its own or hung up on; nothing inside a body is ever taken
for a request; and meanwhile the door serves everybody else.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import random
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.inputs.bad import Bad, Group, Places, bad
from tests.running import RunningInstance

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
# Would be answered with 200 where somebody took it for a request.
_HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: phone.localhost\r\n\r\n"
_FRAMES = b"application/vnd.sharelog.frames"
_HANGS_UP = "hangs up"


@dataclass(frozen=True)
class Sent:
    """What is sent to which door, and whether anything in it may be answered with 200."""

    door: str
    raw: bytes
    may_be_good: bool = False


def _head(door: str, first: bytes, *lines: bytes) -> bytes:
    host = b"Host: %s.localhost" % door.encode()
    return b"\r\n".join((first, host, *lines, b"", b""))


def _post(chance: random.Random, *lines: bytes, body: bytes = b"") -> Sent:
    door = chance.choice(("phone", "phone", "record"))
    path = b"/sync/events" if door == "phone" else b"/sign-in"
    return Sent(door, _head(door, b"POST %s HTTP/1.1" % path, *lines) + body)


def _kind(chance: random.Random) -> bytes:
    return b"Content-Type: " + _FRAMES


def _length(number: object) -> bytes:
    return f"Content-Length: {number}".encode()


def _media_type(chance: random.Random) -> Sent:
    body = b"\0\0\0\4abcd"
    kinds = (
        b"text/html", b"application/json", b"multipart/form-data",
        b"multipart/form-data; boundary=a", b"",
        b"application/x-www-form-urlencoded; charset=utf-7", b"text/plain; charset=utf-16", b"*/*",
        _FRAMES + b"; charset=utf-16", _FRAMES + b"\t;x", b"x" * 3_000, _FRAMES[:-1], b"\xff\xfe",
        b",",
    )  # fmt: skip
    lines = [b"Content-Type: " + chance.choice(kinds)] * chance.choice((0, 1, 1, 1, 2))
    lines.append(b"X-N: %d" % chance.getrandbits(30))
    return _post(chance, *lines, _length(len(body)), body=body)


def _wrong_length(chance: random.Random) -> Sent:
    """Too small, and what is left over looks like a request; too large, and the line ends."""
    body = chance.randbytes(chance.randrange(4, 80)) + _HIDDEN
    size = chance.choice(
        (
            0,
            1,
            4,
            len(body) - len(_HIDDEN),
            len(body) + 1,
            len(body) * 9,
            2**20,
            2**20 + 1,
            2**31,
            10**18,
        )
    )
    # What follows a request that was complete may well be the next one: so it is cut short.
    return _post(
        chance, _kind(chance), _length(size), body=body[: size or 1] if size < len(body) else body
    )


def _no_length(chance: random.Random) -> Sent:
    number = chance.choice(
        (
            "-1",
            "+5",
            "0x10",
            "5 5",
            "5,5",
            "1e3",
            "٣",
            "",
            " ",
            "5;",
            "9" * 5_000,
            "-0",
            "5\0",
            "५",
            "1_0",
        )
    )
    lines = [
        _kind(chance),
        f"Content-Length: {number}{chance.choice(('', ' x', chr(9) + 'y'))}".encode(),
    ]
    if chance.random() < 0.4:
        lines = [_kind(chance), _length(chance.randrange(9)), _length(chance.randrange(10, 99))]
    return _post(chance, *lines, body=chance.randbytes(5) + _HIDDEN)


def _chunks(chance: random.Random, *more: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    parts = (chance.randbytes(chance.randrange(1, 300)) for _ in range(chance.randrange(1, 40)))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"".join(more) + end


_TE = b"Transfer-Encoding: chunked"


def _endless(chance: random.Random) -> Sent:
    """Chunks without a last one, until somebody hangs up."""
    part = chance.randbytes(1_000)
    body = b"".join(
        b"%x\r\n%b\r\n" % (len(part), part) for _ in range(chance.choice((10, 100, 1_500)))
    )
    return _post(chance, _kind(chance), _TE, body=body)


def _bad_chunks(chance: random.Random) -> Sent:
    size = chance.choice(
        (
            b"-1",
            b"0x5",
            b"g",
            b"",
            b" 5",
            b"5;" + b"a" * 9_000,
            b"f" * 40,
            b"5\n",
            b"+5",
            b"5\0",
            b"0\r\n\r\n0",
            b"FFFFFFFFFFFFFFFF",
        )
    )
    return _post(chance, _kind(chance), _TE, body=_chunks(chance, size + b"\r\n" + _HIDDEN))


def _both_lengths(chance: random.Random) -> Sent:
    """Two lengths for one body: whoever believes the other one would see a request in it."""
    others = (
        _TE, b"Transfer-Encoding: Chunked", b"Transfer-Encoding:\tchunked",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: identity, chunked", b"Transfer-Encoding: chunked, identity",
        b"Transfer_Encoding: chunked",
        b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        b"X: y\r\n " + _TE,
    )  # fmt: skip
    body = b"0\r\n\r\n" + _HIDDEN
    size = len(body) + chance.choice((0, 0, 1, 10))
    lines = [_length(size), chance.choice(others)]
    chance.shuffle(lines)
    return _post(chance, _kind(chance), *lines, b"X-N: %d" % chance.getrandbits(30), body=body)


@functools.cache
def _bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


def _squeezed(chance: random.Random) -> Sent:
    """Compressed bodies, some that would be a gigabyte: none is ever inflated."""
    body = _bomb(chance.choice((10, 10**6, 3 * 10**7))) + chance.randbytes(9)
    way = chance.choice(
        (b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"gzip, gzip", b"identity, gzip", b"GZIP")
    )
    return _post(chance, _kind(chance), b"Content-Encoding: " + way, _length(len(body)), body=body)


def _expects(chance: random.Random) -> Sent:
    expects = chance.choice(
        (b"100-continue", b"100-Continue", b"200-ok", b"", b"100-continue, x", b"x" * 3_000)
    )
    body = chance.randbytes(chance.randrange(40))
    return _post(chance, _kind(chance), b"Expect: " + expects, _length(len(body)), body=body)


def _many_headers(chance: random.Random) -> Sent:
    size = chance.choice((7_000, 8_190, 8_192, 9_000, 65_536))
    lines = chance.choice(
        ([b"X-A: " + b"a" * size], [b"X-%d: %d" % (n, n) for n in range(chance.choice((90, 101,
        1_000)))],
         [b"X" * size + b": a"], [b"X-A: " + b"a" * 400] * (size // 400),
         [b"Cookie: " + b"a=b; " * (size // 5)])
    )  # fmt: skip
    door = chance.choice(("phone", "record"))
    query = b"/healthz?%d" % chance.getrandbits(30)
    if chance.random() < 0.2:
        query += b"a" * size
    return Sent(door, _head(door, b"GET %s HTTP/1.1" % query, *lines, b"Connection: close"), True)


def _split_header(chance: random.Random) -> Sent:
    """An end of line, or what some take for one, inside a name or a value."""
    odd = chance.choice(
        (b"\r", b"\n", b"\0", b"\x0b", b"\x0c", b"\x85", b"\r\r", b"\x1b", b"\x7f", b"\n\r")
    )
    lines = chance.choice(
        (b"X-A: a" + odd + b"X-B: b", b"X" + odd + b"A: b", b"X-A:" + odd + b"b", odd + b"X-A: b",
        b"X-A" + odd + b": b",
         b": b", b"X A: b", b"X-A b", b"X-A: a\r\n b", b"X\xc3\xa9: b", b"\"X\": b",
         b"X-A: b" + odd)
    )  # fmt: skip
    path = b"/healthz" if chance.random() < 0.7 else b"/healthz%0d%0aSet-Cookie:%20a=b"
    first = b"GET %s?%d HTTP/1.1" % (path, chance.getrandbits(30))
    return Sent("phone", _head("phone", first, lines, b"Connection: close"), True)


def _request_line(chance: random.Random) -> Sent:
    number = b"%d" % chance.getrandbits(30)
    firsts = (
        b"FOO /sign-in?%b HTTP/1.1", b"get /healthz?%b HTTP/1.1", b"GET  /healthz?%b HTTP/1.1",
        b"GET /healthz?%b",
        b"GET /healthz?%b HTTP/9.9", b"GET /healthz?%b HTTP/1.10", b"GET /healthz?%b http/1.1",
        b"CONNECT a:%b HTTP/1.1",
        b"TRACE /healthz?%b HTTP/1.1", b"GET http://evil.example/%b HTTP/1.1",
        b"GET //evil.example/%b HTTP/1.1",
        b"OPTIONS * HTTP/1.1\r\nX: %b", b"\x16\x03\x01\x02\0\x01%b", b"PRI * HTTP/2.0\r\n\r\nSM%b",
        b"GET\t/healthz?%b\tHTTP/1.1",
        b"GET /%%00%b HTTP/1.1", b"GET /../../etc/passwd?%b HTTP/1.1",
        b"GET /\xff\xfe?%b HTTP/1.1", b"PUT /sync/events?%b HTTP/1.1",
        b"A" * 9_000 + b" /%b HTTP/1.1", b"GET /%%2e%%2e/%%2e%%2e?%b HTTP/1.1",
        b"\r\n\r\nGET /nothing?%b HTTP/1.1", b"DELETE /sync/keys?%b HTTP/1.1",
    )  # fmt: skip
    door = chance.choice(("phone", "record"))
    return Sent(door, _head(door, chance.choice(firsts) % number, b"Connection: close"), True)


def _override(chance: random.Random) -> Sent:
    """Headers that would make another request of it, where somebody believed them."""
    believed = (
        b"X-HTTP-Method-Override: %b", b"X-HTTP-Method: %b", b"X-Method-Override: %b",
        b"X-Original-URL: /healthz?%b",
        b"X-Rewrite-URL: /healthz?%b", b"X-Forwarded-Host: phone.localhost?%b",
        b"X-Forwarded-Prefix: /healthz?%b",
        b"Forwarded: host=phone.localhost;by=%b", b"X-Forwarded-Path: /healthz?%b",
        b"X-Host: phone.localhost%b",
    )  # fmt: skip
    word = chance.choice((b"GET", b"HEAD", b"DELETE")) + b"%d" % chance.getrandbits(30)
    line = chance.choice(believed) % word
    other = chance.choice((b"Host: evil.example", b"Host: phone.localhost"))
    path = b"/nothing" if other.endswith(b"phone.localhost") else b"/sync/keys"
    body = b"_method=GET&x=%d" % chance.getrandbits(30)
    raw = b"\r\n".join(
        (
            b"POST %b HTTP/1.1" % path,
            other,
            line,
            b"Connection: close",
            _length(len(body)),
            b"",
            body,
        )
    )
    return Sent("phone", raw)


def _slow(body: bool) -> Callable[[random.Random], Sent]:
    def make(chance: random.Random) -> Sent:
        number = b"X-N: %d" % chance.getrandbits(30)
        if body:
            return _post(
                chance, _kind(chance), number, _length(1_000), body=b"a" * chance.randrange(1, 900)
            )
        whole = _post(chance, number, b"X-A: " + b"a" * 200).raw
        return Sent(
            chance.choice(("phone", "record")), whole[: chance.randrange(1, len(whole) - 4)]
        )

    return make


CLASSES: dict[int, Bad] = {
    21: bad("another media type, none, or a charset", _media_type, "415", "400", "405"),
    22: bad("a length too small or too large", _wrong_length, "400", "413", "405", _HANGS_UP),
    23: bad("a length that is none, or two of them", _no_length, "400", _HANGS_UP),
    24: bad("chunks without end", _endless, "411", "400", "413", _HANGS_UP, least=40),
    25: bad("chunks of bad sizes", _bad_chunks, "411", "400", "413", _HANGS_UP),
    26: bad("two lengths that contradict each other", _both_lengths, "400", "411", "415", "501",
    _HANGS_UP),
    27: bad("compressed bodies, and bombs", _squeezed, "415", "400", "413"),
    28: bad("expectations", _expects, "100", "400", "417", "413"),
    31: bad("headers too long and too many", _many_headers, "200", "400", "414", "431"),
    32: bad("ends of lines inside headers", _split_header, "200", "400", "404"),
    33: bad("request lines of other worlds", _request_line, "200", "308", "400", "404", "405",
    "414", "421", "501", "505", _HANGS_UP),
    34: bad("headers that would make another request of it", _override, "404", "405", "421"),
}  # fmt: skip
SLOW: dict[int, Bad] = {
    29: bad("headers that never end", _slow(body=False), least=40),
    30: bad("bodies that never end", _slow(body=True), least=45),
}


def _addressed(served: RunningInstance, sent: Sent) -> tuple[int, bytes]:
    """The port of its door, and the bytes with that door's whole name in them."""
    port = served.phone_port if sent.door == "phone" else served.record_port
    host = b"\r\nHost: %s.localhost" % sent.door.encode()
    return port, sent.raw.replace(host + b"\r\n", host + b":%d\r\n" % port)


def _heard(port: int, raw: bytes) -> bytes:
    """All that comes back until the door hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        with contextlib.suppress(ConnectionError):
            line.sendall(raw)
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_WR)
        said = bytearray()
        with contextlib.suppress(ConnectionError):
            while piece := line.recv(65_536):
                said += piece
    return bytes(said)


def _serves(served: RunningInstance) -> None:
    for port in (served.phone_port, served.record_port):
        raw = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert _heard(port, raw).startswith(b"HTTP/1.1 200")


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """Each over a line of its own."""
    served = places.served
    for _ in range(many):
        sent: Sent = which.make(chance)
        said = [one.decode() for one in _STATUS.findall(_heard(*_addressed(served, sent)))]
        assert set(said or [_HANGS_UP]) <= which.says, (which.name, said, sent.raw[:400])
        assert sent.may_be_good or "200" not in said, (which.name, sent.raw[:400])
        yield sent.raw
    _serves(served)


def offer_slowly(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """All at once, and none ever ends: meanwhile everybody else is served."""
    served = places.served
    with contextlib.ExitStack() as lines:
        for _ in range(many):
            port, raw = _addressed(served, which.make(chance))
            line = socket.create_connection(("127.0.0.1", port), timeout=10)
            lines.enter_context(line).sendall(raw)
            yield raw
        _serves(served)
    _serves(served)


GROUPS = (
    Group("phone and record, served", "a socket", CLASSES, offer, soak=500),
    Group("phone and record, served", "a socket that stays open", SLOW, offer_slowly, soak=500),
)
