"""The phone door as it is served, in this process: real addresses, a real ledger, and the oracle.

What is bad is refused with a reason, leaves nothing, and costs nobody else anything.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from logger.phone_door import create_app
from logger.settings import Settings
from sync.event import Event, device_id
from sync.frames import join
from sync.http import FRAMES, PROBLEM
from sync.receipt import write_stored_key
from sync.store import Device
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, SAM, a_device, a_signer, an_event
from tests.phone_words import a_body, a_hello, read_answer
from tests.vectors.events import PHONE as GOLDEN_PHONE

HOST = "phone.localhost:8000"
# All that a phone can be told of an event that is not kept.
REASONS = {"event.malformed", "signature.wrong", "event.kind"}
_PHONES = {"dana's phone": DANA, "sam's phone": SAM}


class PhoneDoor:
    """One instance's phone door; Dana's, Sam's and the vectors' phone are let in."""

    def __init__(self, folder: Path):
        settings = Settings(folder=folder, organisation="Flintshire", demo=True, demo_person=DANA)
        settings.keys.mkdir(parents=True)
        write_stored_key(settings.phone_door_key, a_signer("stored"))
        self.path = settings.ledger
        self.store = SqliteStore.create(settings.ledger, EPOCH)
        for name, person in _PHONES.items():
            self.store.offer_code(name.encode(), person, NOW + 1)
            self.store.enrol(name.encode(), a_device(name))
        public = GOLDEN_PHONE.public
        self.store.offer_code(b"golden", DANA, NOW + 1)
        self.store.enrol(b"golden", Device(device_id(public), public, DANA, "golden", NOW))
        self.client = create_app(settings, lambda: NOW, bytes).test_client()
        self._numbers = itertools.count(1)

    def ask(
        self, body: bytes, path: str = "/sync/events", source: str = "127.0.0.1", **headers: str
    ) -> Any:
        """POST these bytes as a phone does; whatever comes back is no 5xx and says itself."""
        response = self.client.post(
            path,
            data=body,
            headers={"Host": HOST, **headers},
            content_type=FRAMES,
            # The test client sends no length with an empty body, as browsers do.
            environ_overrides={"CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": source},
        )
        assert response.status_code < 500, (response.status_code, response.data[:200])
        if response.status_code != 200:
            assert response.content_type == PROBLEM
            assert response.json["code"]
        return response

    def good(self) -> Event:
        """An event that nobody has sent yet."""
        return an_event(seq=next(self._numbers))

    def refuses(self, bad: Sequence[bytes]) -> list[dict[str, Any]]:
        """One batch with a good event at either end: the bad are refused, the good are stored, and
        the ledger grows by these two; what was said of the bad ones."""
        first, last, before = self.good(), self.good(), self.store.head().position
        answer = read_answer(self.ask(a_body(first, *bad, last)).data)
        told = [one["outcome"] for one in answer["results"]]
        assert (told[0], told[-1], len(told)) == ("stored", "stored", len(bad) + 2)
        refused: list[dict[str, Any]] = answer["results"][1:-1]
        for raw, one in zip(bad, refused, strict=True):
            said = one["outcome"] == "not-enrolled" or (
                one["outcome"] == "refused" and one["why"] in REASONS
            )
            assert said, (raw.hex(), one)
            assert one["receipt"] is None, raw.hex()
        rows = self.store.after(before)
        assert [row.id for row in rows] == [first.id, last.id]
        return refused

    def refuses_all(self, hello: bytes, status: int, code: str) -> None:
        """A hello that is refused takes its event with it, and leaves nothing."""
        before = self.store.head()
        response = self.ask(join([hello, self.good().to_bytes()]))
        assert (response.status_code, response.json["code"]) == (status, code), hello[:300]
        assert self.store.head() == before

    def still_serves(self) -> None:
        """Whatever was done to it, the next phone is served."""
        assert self.refuses([]) == []

    def enrols(self, document: bytes) -> tuple[int, dict[str, Any]]:
        """What an enrolment is told."""
        response = self.ask(join([document]), "/sync/enrol")
        return response.status_code, response.json or {}

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()


def a_fresh_hello(**more: object) -> dict[str, Any]:
    """A hello's content, never said before."""
    said: dict[str, Any] = json.loads(a_hello(**more)[:-64])
    return said
