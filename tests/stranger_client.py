"""A phone written by a stranger, from docs/protocol.md alone.

It promises to use nothing of this project: only the standard library and `cryptography`. Where this
phone and the phone door disagree, either the page or the door is wrong. It believes nothing that it
has not checked: an answer that it hands out was signed, and so was every receipt inside.
"""

import http.client
import json
import secrets
import struct
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.stranger_wire import (
    FRAMES,
    ZEROS,
    Event,
    Keys,
    a_share,
    b64,
    expect,
    framed,
    is_signed,
    link,
    now,
    packed,
    read_document,
    seal,
    sha256,
    sign_document,
    signed_by,
    unb64,
    uuid7,
)

WITH_RECEIPT = {"stored", "already-held", "set-aside"}
OUTCOMES = WITH_RECEIPT | {"disposed", "not-enrolled", "refused"}
SET_ASIDE_WHY = {"cannot-be-opened", "not-our-schema", "unknown-kind", "unknown-key"}


class ProblemError(Exception):
    """The door said no, in the shape of section 9."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__(f"{status}: {body[:300]!r}")
        self.status, self.headers = status, headers
        expect(headers.get("content-type") == "application/problem+json", f"no problem: {self}")
        self.document: dict[str, Any] = json.loads(body)
        wanted = {"type": str, "title": str, "status": int, "code": str}
        fits = all(isinstance(self.document.get(n), t) for n, t in wanted.items())
        expect(fits and self.document["status"] == status, f"no problem: {self}")
        self.code: str = self.document["code"]


class Door:
    """The phone door, spoken to in plain HTTP."""

    def __init__(self, origin: str) -> None:
        self.address = urllib.parse.urlsplit(origin)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """Gives the body of a 200 in frames; raises ProblemError or NotAnAnswerError."""
        name = self.address.hostname or ""
        # Every name below .localhost is this machine (RFC 6761); not every resolver knows it.
        machine = "127.0.0.1" if name.endswith(".localhost") else name
        line = http.client.HTTPConnection(machine, self.address.port or 80, timeout=30)
        said = {"Host": self.address.netloc, "Content-Type": FRAMES} if body is not None else {}
        line.request(method, path, body, {"Host": self.address.netloc} | said | (headers or {}))
        reply = line.getresponse()
        data, told = reply.read(), {n.lower(): v for n, v in reply.getheaders()}
        line.close()
        if reply.status != 200:
            raise ProblemError(reply.status, told, data)
        expect(told.get("content-type") == FRAMES, f"content type {told.get('content-type')}")
        return data


@dataclass(frozen=True)
class Answer:
    epoch: bytes
    position: int
    digest: bytes
    results: list[dict[str, Any]]
    missing: list[bytes]
    opened: dict[bytes, dict[str, Any]]
    told: dict[str, Any]
    link_recomputed: bool

    @property
    def outcomes(self) -> list[str]:
        return [result["outcome"] for result in self.results]

    @property
    def reasons(self) -> list[str]:
        return [result["why"] for result in self.results]


@dataclass
class Phone:
    """One device: its key, its chain, what it pinned and what it last saw of the ledger."""

    door: Door
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    seq: int = 0
    prev: bytes = ZEROS
    keys: Keys | None = None
    seen: tuple[bytes, int, bytes] | None = None

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def device(self) -> bytes:
        return sha256(self.public)

    @property
    def trusted(self) -> Keys:
        return self.keys or self.fetch_keys()

    def fetch_keys(self) -> Keys:
        """Fetches the key statement; pins the root the first time and holds to it afterwards."""
        told = Keys.read(self.door.call("GET", "/sync/keys"))
        if self.keys is not None:
            expect(told.root == self.keys.root, "another root than the one pinned")
            expect(told.serial >= self.keys.serial, "an older key statement")
        self.keys = told
        return told

    def fetch_directory(self) -> dict[str, Any]:
        body = self.door.call("GET", "/sync/directory")
        return read_document(body, "directory", self.trusted.publishing)

    def enrol(self, code: str, label: str = "A stranger's phone") -> dict[str, Any]:
        nonce = b64(secrets.token_bytes(16))
        asked = {"v": 1, "key": b64(self.public), "nonce": nonce, "time": now()}
        document = sign_document(self.key, "enrol", asked | {"code": code, "label": label})
        body = self.door.call("POST", "/sync/enrol", framed([document]))
        told = read_document(body, "answer", self.trusted.stored)
        expect(told["nonce"] == nonce, "an answer to another enrolment")
        expect(told["outcome"] == "enrolled", f"outcome {told['outcome']}")
        expect(told["device"] == b64(self.device), "another device was enrolled")
        expect(told["organisation"] == self.trusted.organisation, "another organisation")
        return told

    def capture(
        self,
        content: dict[str, Any] | None = None,
        *,
        version: int = 1,
        kind: int = 1,
        suite: int | None = None,
        plain: bytes | None = None,
        entry: bytes | None = None,
    ) -> Event:
        """Seals and signs the next event of this device's chain."""
        keys, entry, at = self.trusted, entry or uuid7(), now()
        plain = packed(content or a_share(at)) if plain is None else plain
        named = keys.suite if suite is None else suite
        info = b"sharelog/1/seal" + bytes([version, named]) + self.device + entry + keys.record_id
        sealed = seal(keys.suite, keys.record_public, info, plain)
        self.seq += 1
        front = bytes([version, kind, named, 0]) + self.device + entry
        header = front + struct.pack(
            ">I32sqh8sI", self.seq, self.prev, at, 60, keys.record_id, len(sealed)
        )
        event = self.signed(header, sealed)
        self.prev = event.id
        return event

    def signed(self, header: bytes, sealed: bytes) -> Event:
        signature = signed_by(self.key, b"sharelog/1/event" + header + sha256(sealed))
        return Event(header, sealed, signature)

    def hello(self, **instead: Any) -> dict[str, Any]:
        """Gives the content of a fresh hello, with some of it said otherwise."""
        seen = None
        if self.seen:
            epoch, position, digest = self.seen
            seen = {"epoch": b64(epoch), "position": position, "digest": b64(digest)}
        content: dict[str, Any] = {"v": 1, "key": b64(self.public), "time": now(), "unsent": 0}
        content |= {"nonce": b64(secrets.token_bytes(16)), "seen": seen}
        return content | {"awaiting": [], "holds": []} | instead

    def send(
        self, *events: Event | bytes, awaiting: Sequence[bytes] = (), holds: Sequence[bytes] = ()
    ) -> "Answer":
        """Sends one batch and checks all of the answer before giving it out."""
        raw = [event.raw if isinstance(event, Event) else event for event in events]
        hello = self.hello(
            unsent=len(raw), awaiting=[b64(i) for i in awaiting], holds=[b64(i) for i in holds]
        )
        document = sign_document(self.key, "hello", hello)
        body = self.door.call("POST", "/sync/events", framed([document, *raw]))
        answer = self.check(body, hello, [e.id if isinstance(e, Event) else None for e in events])
        self.seen = (answer.epoch, answer.position, answer.digest)
        return answer

    def check(self, body: bytes, hello: dict[str, Any], ids: Sequence[bytes | None]) -> "Answer":
        told = read_document(body, "answer", self.trusted.stored)
        expect(told["nonce"] == hello["nonce"], "an answer to another hello")
        expect(isinstance(told["time"], int), "no time")
        epoch, head = unb64(told["epoch"], 16), told["head"]
        digest, results = unb64(head["digest"], 32), told["results"]
        expect(len(results) == len(ids), "not one result for each event")
        rows = [self.check_result(*pair, epoch) for pair in zip(results, ids, strict=True)]
        missing = [unb64(one, 32) for one in told["missing"]]
        expect(set(told["missing"]) <= set(hello["holds"]), "missing what was never asked")
        opened = {}
        for statement in told["opened"]:
            expect(statement["id"] in hello["awaiting"], "a statement that was not awaited")
            self.check_opened(statement)
            opened[unb64(statement["id"])] = statement
        expect(all({"code", "count"} <= set(notice) for notice in told["notices"]), "notices")
        lost = {one["device"] for one in hello.get("lost", ())}
        expect(set(told["noted"]) <= lost, "noted what was never told")
        expect(0 <= told["backed_up_to"] <= head["position"], "backed up beyond the head")
        relinked = self.relink(epoch, head["position"], digest, [row for row in rows if row])
        return Answer(epoch, head["position"], digest, results, missing, opened, told, relinked)

    def check_result(
        self, result: dict[str, Any], event_id: bytes | None, epoch: bytes
    ) -> tuple[int, int, bytes, int] | None:
        """Checks one result; gives its row of the ledger if it was kept in this epoch."""
        expect(result["outcome"] in OUTCOMES, f"outcome {result['outcome']}")
        if event_id is not None:  # bytes that may be no event have an id, or none
            expect(result["id"] == b64(event_id), "a result for another event")
        expect((result["why"] == "") == (result["outcome"] != "refused"), f"why {result}")
        expect((result["receipt"] is None) == (result["outcome"] not in WITH_RECEIPT), "receipt")
        if event_id is None or result["receipt"] is None:
            return None
        told = result["receipt"]
        position, lane, received_at = told["position"], told["lane"], told["received_at"]
        expect(result["outcome"] != "set-aside" or lane == 1, "set aside, but not in lane 1")
        its_epoch = unb64(told["epoch"], 16)
        place = struct.pack(">QBq", position, lane, received_at)
        message = b"sharelog/1/stored" + its_epoch + event_id + place
        signature = unb64(told["signature"], 64)
        good = any(is_signed(key, message, signature) for key in self.trusted.stored)
        expect(good, "a receipt with a bad signature")
        return (position, lane, event_id, received_at) if its_epoch == epoch else None

    def check_opened(self, told: dict[str, Any]) -> None:
        outcome, why = {"opened": 1, "set-aside": 2}[told["outcome"]], told["why"]
        expect(why in SET_ASIDE_WHY if outcome == 2 else why == "", f"why {told}")
        message = b"sharelog/1/opened" + unb64(told["id"], 32)
        message += struct.pack(">Bq", outcome, told["at"]) + why.encode("ascii")
        signature = unb64(told["signature"], 64)
        good = any(is_signed(key, message, signature) for key in self.trusted.opened)
        expect(good, "an opened statement with a bad signature")

    def relink(
        self, epoch: bytes, head: int, digest: bytes, rows: list[tuple[int, int, bytes, int]]
    ) -> bool:
        """Follows the chain from the head last seen; tells whether the rows reached all the way."""
        if self.seen is None or self.seen[0] != epoch:
            return False
        _, position, value = self.seen
        expect(head >= position, "the ledger has grown shorter within an epoch")
        for at, lane, event_id, received_at in sorted(set(rows)):
            if at == position + 1:
                position, value = at, link(value, at, lane, event_id, received_at)
        expect(position != head or value == digest, "the head does not follow from the receipts")
        return position == head

    def until(self, event: Event, holds_of: Callable[["Answer"], bool], seconds: float) -> "Answer":
        """Says hello again and again, awaiting one event, until the answer is as wished."""
        end = time.monotonic() + seconds
        while not holds_of(answer := self.send(awaiting=[event.id])):
            if time.monotonic() > end:
                raise TimeoutError(f"still not, after {seconds} s: {answer.told}")
            time.sleep(0.2)
        return answer
