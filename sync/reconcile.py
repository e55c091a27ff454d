"""What a phone says of itself, and what it is told beside the results.

Told are: which of the events it holds the ledger lacks, what became of those it waits for, and
what it should know about itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from sync.errors import MalformedDocument
from sync.frames import HELLO, check_document, from_text, read_document, to_text
from sync.receipt import StoredReceipt
from sync.store import MOST_LOST, EventStore, Head, LostStore

# Under this name the record's side lays out how far the last backup reaches.
BACKUP = "backup"
# The notice that asks a phone to offer again what it holds.
ANOTHER = "ledger.another"
# One that names all the events it may takes 47 KB.
MAX_HELLO_BYTES = 64 * 1024
_Id = Annotated[str, msgspec.Meta(min_length=43, max_length=43)]


class SeenHead(msgspec.Struct, frozen=True):
    """The head of the last answer a phone got: what it can bear witness to."""

    epoch: str
    position: int
    digest: str


class LostDocument(msgspec.Struct, frozen=True):
    """A store that the phone had before and that is gone with its key."""

    device: _Id
    seq: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
    waiting: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class HelloDocument(msgspec.Struct, frozen=True):
    """A hello as it is sent (docs/protocol.md section 4)."""

    v: Literal[1]
    key: str
    nonce: str
    time: int
    unsent: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
    seen: SeenHead | None
    awaiting: Annotated[list[_Id], msgspec.Meta(max_length=500)]
    holds: Annotated[list[_Id], msgspec.Meta(max_length=500)]
    # Missing in what earlier phones say.
    lost: Annotated[list[LostDocument], msgspec.Meta(max_length=MOST_LOST)] = []


class Hello(msgspec.Struct, frozen=True):
    """What the carrier said, its signature checked."""

    public: bytes
    nonce: bytes
    unsent: int
    seen: SeenHead | None
    awaiting: tuple[bytes, ...]
    holds: tuple[bytes, ...]
    lost: tuple[LostStore, ...]


class Result(msgspec.Struct, frozen=True):
    """What became of one event that was sent."""

    id: str | None
    outcome: str
    receipt: StoredReceipt | None = None
    why: str = ""


class ShownHead(msgspec.Struct, frozen=True):
    """Where the ledger ends; the epoch stands beside it."""

    position: int
    digest: str


class BackedUp(msgspec.Struct, frozen=True):
    """A backup that was opened again and found whole. It speaks of its own epoch alone."""

    epoch: str
    position: int


class Notice(msgspec.Struct, frozen=True):
    """Something a phone should know about itself."""

    code: str
    count: int


class Answer(msgspec.Struct, frozen=True):
    """The whole answer to a hello."""

    v: Literal[1]
    nonce: str
    epoch: str
    head: ShownHead
    time: int
    backed_up_to: int
    results: list[Result]
    missing: list[str]
    opened: list[msgspec.Raw]
    notices: list[Notice]
    noted: list[str]


def read_hello(raw: bytes) -> Hello:
    """A hello signed by the key it names; MalformedDocument or WrongSignature otherwise."""
    # Text takes up to four times its bytes, and JSON as much again: so not of a whole request.
    if len(raw) > MAX_HELLO_BYTES:
        raise MalformedDocument
    said = read_document(raw, HelloDocument)
    hello = Hello(
        public=from_text(said.key, 65),
        nonce=from_text(said.nonce, 16),
        unsent=said.unsent,
        seen=said.seen,
        awaiting=tuple(from_text(each, 32) for each in said.awaiting),
        holds=tuple(from_text(each, 32) for each in said.holds),
        lost=tuple(LostStore(from_text(x.device, 32), x.seq, x.waiting) for x in said.lost),
    )
    check_document(HELLO, raw, hello.public)
    return hello


def missing(store: EventStore, hello: Hello) -> list[str]:
    """Which of the events the phone holds are not in the ledger."""
    held = store.held(hello.holds) if hello.holds else set()
    return [to_text(each) for each in hello.holds if each not in held]


def opened(store: EventStore, hello: Hello) -> list[msgspec.Raw]:
    """The statements about the events the phone waits for, as the record's side made them."""
    said = store.announced(hello.awaiting) if hello.awaiting else {}
    return [msgspec.Raw(said[each]) for each in hello.awaiting if each in said]


def backed_up_to(store: EventStore, head: Head) -> int:
    """How far an announced backup of this ledger reaches; 0 where there is none."""
    laid_out = store.outgoing(BACKUP)
    try:
        said = msgspec.json.decode(laid_out, type=BackedUp) if laid_out else None
    except msgspec.MsgspecError:
        return 0  # of a later release: then phones keep their copies for longer
    if said is None or said.epoch != to_text(head.epoch):
        return 0
    return min(said.position, head.position)


def is_another(store: EventStore, head: Head, seen: SeenHead | None) -> bool:
    """Whether a phone was once told of a ledger of this very epoch that is not this one.

    An older file was put in its place, or history was written anew: a restore begins an epoch.
    """
    if seen is None or seen.epoch != to_text(head.epoch):
        return False
    if not 0 <= seen.position <= head.position:
        return True
    there = store.digest_at(seen.position)
    return there is None or to_text(there) != seen.digest


def notices_name(device: bytes) -> str:
    """Under which name the record's side lays out what this phone should know."""
    return f"notices/{device.hex()}"


def notices(store: EventStore, carrier: bytes, revoked: bool) -> list[Notice]:
    """What the phone should know: counts and codes, as the record's side laid them out."""
    if revoked:
        return [Notice("device.revoked", 1)]
    laid_out = store.outgoing(notices_name(carrier))
    try:
        return msgspec.json.decode(laid_out or b"[]", type=list[Notice])
    except msgspec.MsgspecError:
        # Of a later release: what this door cannot read is not worth an entry's receipt.
        return []


def shown(head: Head) -> ShownHead:
    """The head as it stands in an answer."""
    return ShownHead(head.position, to_text(head.digest))
