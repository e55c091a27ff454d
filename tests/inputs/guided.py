"""What bytes from outside go through first, each with its own refusal and what must hold of what
it takes: for whoever looks for bytes that do something else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from logger.keys.sealing import CannotBeOpened, pack, unpack
from sync.errors import (
    MalformedDocument,
    MalformedEvent,
    MalformedFrames,
    NotAParcel,
    ParcelTooLarge,
    WrongSignature,
)
from sync.event import Event
from sync.frames import join, split
from sync.parcel import read_parcel, write_parcel
from sync.reconcile import read_hello
from tests.sync_vectors import BAD, DOCUMENTS, GOOD

# Of the processor, not of the clock: another program may have the machine. What is read is at most
# a few megabytes, and the largest bomb is stopped at 64 KiB.
MOST_SECONDS = 1.0


class Broken(Exception):
    """A parser did something else than read or refuse."""


def _event(raw: bytes) -> None:
    if Event.from_bytes(raw).to_bytes() != raw:
        raise Broken("another event than was read")


def _body(raw: bytes) -> None:
    if join(split(raw)) != raw:
        raise Broken("other frames than were read")


def _parcel(raw: bytes) -> None:
    events = read_parcel(raw)
    if read_parcel(write_parcel(events)) != events:
        raise Broken("another file than was read")


def _hello(raw: bytes) -> None:
    said = read_hello(raw)
    if read_hello(raw) != said:
        raise Broken("another hello than was read")


def _plain(raw: bytes) -> None:
    text = unpack(raw)
    if unpack(pack(text)) != text:
        raise Broken("another text than was unpacked")


@dataclass(frozen=True)
class Parser:
    """One of them: how it reads and checks, the refusals that are its own, and where to begin."""

    read: Callable[[bytes], None]
    refusals: tuple[type[Exception], ...]
    corpus: Callable[[], Iterator[bytes]]


def _events() -> Iterator[bytes]:
    yield from (bytes.fromhex(case["event"]) for case in GOOD + BAD)


def _bodies() -> Iterator[bytes]:
    events = [bytes.fromhex(case["event"]) for case in GOOD]
    yield from (b"", join([b""]), join(events[:1]), join(events))


def _parcels() -> Iterator[bytes]:
    events = [bytes.fromhex(case["event"]) for case in GOOD]
    yield from (write_parcel(events[:n]) for n in (1, 3))


def _documents() -> Iterator[bytes]:
    cases = DOCUMENTS["good"] + DOCUMENTS["bad"]
    yield from (bytes.fromhex(case["document"]) for case in cases)


def _plains() -> Iterator[bytes]:
    yield from (bytes.fromhex(case["packed"]) for case in GOOD)


PARSERS = {
    "event": Parser(_event, (MalformedEvent,), _events),
    "body": Parser(_body, (MalformedFrames,), _bodies),
    "parcel": Parser(_parcel, (NotAParcel, ParcelTooLarge), _parcels),
    "hello": Parser(_hello, (MalformedDocument, WrongSignature), _documents),
    "plain": Parser(_plain, (CannotBeOpened,), _plains),
}


def offer(parser: Parser, raw: bytes) -> bool:
    """Whether it was taken; whatever is neither that nor its own refusal is raised."""
    begun = time.thread_time()
    try:
        parser.read(raw)
        taken = True
    except parser.refusals:
        taken = False
    if time.thread_time() - begun > MOST_SECONDS:
        raise Broken("slow")
    return taken
