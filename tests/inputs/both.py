"""Both doors of one organisation, in this process: what a phone sends, what the record makes of it,
and what its people are shown of that."""

from __future__ import annotations

import hashlib
import itertools
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logger.clock import uuid7
from logger.phone_door import create_app
from logger.settings import Settings
from sync.event import FIRST_OF_DEVICE, Event, Header, device_id, seal_info
from sync.frames import HELLO, P256Signer, document_bytes, join, to_text
from sync.http import FRAMES, PROBLEM
from sync.receipt import write_stored_key
from tests.desk_world import World
from tests.events import a_signer
from tests.phone_words import a_nonce, read_answer
from tests.vectors import seals

HOST = "phone.localhost:8000"
KEPT = ("stored", "set-aside", "already-held")


@dataclass(frozen=True)
class Said:
    """What both doors said of one event: the phone door at once, the record once it followed."""

    outcome: str
    why: str
    record: str

    @property
    def words(self) -> str:
        """The most that is known."""
        return self.record or self.why or self.outcome


class BothDoors(World):
    """Dana's and Nia's phones are let in; a third was, and is not any more."""

    def __init__(self, folder: Path, suite: int):
        super().__init__(folder, suite=suite)
        settings = self.rooms.rooms[Settings]
        assert isinstance(settings, Settings)
        settings.keys.mkdir(parents=True, exist_ok=True)
        write_stored_key(settings.phone_door_key, a_signer("stored"))
        self.door = create_app(settings, lambda: self.now, self.randomness).test_client()
        self.own, self.other = self._phone(self.dana), self._phone(self.nia)
        self.revoked = self._phone(self.owen)
        self.rooms.store.revoke(device_id(self.revoked.public), self.now)
        self._numbers = itertools.count(1)
        self.suite = suite

    @property
    def key(self) -> Any:
        """The record key that phones seal for."""
        return self.rooms.keyring.record

    def header(self, signer: P256Signer | None = None, **instead: Any) -> Header:
        """One of Dana's phone, or of this one, never used before; some of it said otherwise."""
        number = next(self._numbers)
        parts = {
            "kind": 1, "suite": self.suite, "device": device_id((signer or self.own).public),
            "entry": uuid7(self.now, self.randomness), "seq": number,
            "prev": FIRST_OF_DEVICE if number == 1 else self.randomness(32), "at": self.now,
            "utc_offset": 0, "record_key": self.key.id, "sealed_length": 0,
        }  # fmt: skip
        return Header(**{**parts, "sealed_length": 1_200, **instead})

    def info(self, header: Header) -> bytes:
        """What its seal is bound to."""
        return seal_info(header.suite, header.device, header.entry, header.record_key)

    def sealed(self, header: Header, plain: bytes) -> bytes:
        """Sealed for the record as that header says."""
        return seals.seal(self.suite, self.key.private, self.info(header), plain)

    def lay(self, header: Header, sealed: bytes, signer: P256Signer | None = None) -> Event:
        """Header, sealed part and a good signature."""
        parts = {name: getattr(header, name) for name in header.__slots__}
        whole = Header(**{**parts, "sealed_length": len(sealed)})
        event = Event(whole, sealed, bytes(64))
        return event.signed_with((signer or self.own).sign(event.signed_bytes))

    def forged(self, header: Header, sealed: bytes) -> bytes:
        """The same as bytes, whatever length that is."""
        raw = header.to_bytes()[:-4] + struct.pack(">I", len(sealed))
        digest = hashlib.sha256(sealed).digest()
        return raw + sealed + self.own.sign(b"sharelog/1/event" + raw + digest)

    def event(
        self, content: object = None, signer: P256Signer | None = None, **instead: Any
    ) -> Event:
        """A whole capture, of ordinary content where none is given."""
        header = self.header(signer, **instead)
        plain = seals.pack(json.dumps(content or self.content(), ensure_ascii=True).encode())
        return self.lay(header, self.sealed(header, plain), signer)

    def content(self, **instead: Any) -> dict[str, Any]:
        """What an ordinary capture says."""
        when = {"at": self.now, "utc_offset": 0, "about": False}
        clock = {"at": self.now, "utc_offset": 0, "monotonic": 1000, "last_server": None}
        someone = {"code": "police-999", "label": "", "person": "PC 4410", "reference": ""}
        return {
            "v": 1, "recipients": [someone], "children": [{"name": "Jo", "unknown": False}],
            "shared": "Words.", "why": [], "how": "phone", "when": when, "clock": clock,
            "offline": False, "app": "1", "language": "en", **instead,
        }  # fmt: skip

    def hello(self, signer: P256Signer | None = None, **instead: Any) -> bytes:
        """A hello of Dana's phone, or of this one."""
        signer = signer or self.own
        said = {
            "v": 1, "key": to_text(signer.public), "nonce": to_text(a_nonce()), "time": self.now,
            "unsent": 0, "seen": None, "awaiting": [], "holds": [], **instead,
        }  # fmt: skip
        text = json.dumps(said).encode()
        return text + signer.sign(document_bytes(HELLO, text))

    def ask(self, body: bytes) -> Any:
        """POST these bytes as a phone does; whatever comes back is no 5xx and says itself."""
        response = self.door.post(
            "/sync/events", data=body, headers={"Host": HOST}, content_type=FRAMES,
            environ_overrides={"CONTENT_LENGTH": str(len(body))},
        )  # fmt: skip
        assert response.status_code < 500, (response.status_code, response.data[:200])
        if response.status_code != 200:
            assert response.content_type == PROBLEM
            assert response.json["code"]
        return response

    def sends(self, events: Sequence[Event | bytes], hello: bytes | None = None) -> list[Said]:
        """One request with an ordinary event at either end, and a second one to hear what the
        record made of it: the two are kept and opened, what is not kept leaves nothing."""
        first, last, before = self.event(), self.event(), self.rooms.store.head().position
        raws = [one.to_bytes() if isinstance(one, Event) else one for one in (first, *events, last)]
        answer = read_answer(self.ask(join([hello or self.hello(), *raws])).data)
        results = answer["results"]
        assert len(results) == len(raws)
        self.rooms.follow()
        ids = [to_text(row.id) for row in self.rooms.store.after(before) if row.header.seq]
        new = {one["id"] for one in results if one["outcome"] in ("stored", "set-aside")}
        # What was held already is held once.
        assert set(ids) <= new
        assert len(ids) == len(set(ids))
        record = self._record([one["id"] for one in results if one["id"]])
        said = [
            Said(one["outcome"], one["why"], record.get(one["id"] or "", "")) for one in results
        ]
        assert said[0] == said[-1] == Said("stored", "", "opened"), said
        for one, result in zip(said, results, strict=True):
            assert (result["receipt"] is not None) == (one.outcome in KEPT), one
        return said[1:-1]

    def _record(self, ids: Sequence[str]) -> dict[str, str]:
        answer = read_answer(self.ask(join([self.hello(awaiting=list(ids))])).data)
        return {one["id"]: one["why"] or one["outcome"] for one in answer["opened"]}


def length_of(plain: bytes, length: int) -> bytes:
    """The packing whose first number says this length."""
    return struct.pack(">I", length % 2**32) + plain[4:]
