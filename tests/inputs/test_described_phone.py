"""The phone door answers as docs/openapi/phone-door.json says, whatever comes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st

from sync.errors import SyncError
from sync.frames import ENROL, HELLO, document_bytes, from_text, join, split, to_text
from sync.http import FRAMES
from tests.contracts import phone_door
from tests.contracts.described import text_of
from tests.desk_world import World
from tests.events import a_signer, an_event
from tests.faults.counts import SEED, SOAK
from tests.inputs.conftest import Tried
from tests.inputs.described import (
    AS_DESCRIBED,
    Case,
    asks_anything,
    bytes_of,
    modes,
    operations,
    tried_on,
)
from tests.inputs.doors import HOST, PhoneDoor
from tests.phone_words import a_nonce

OPERATIONS = operations(phone_door.FILE)
# What it takes as described; what is otherwise has often more than 250 events, and takes longer.
_MANY = {True: 2_000, False: 200} if SOAK else {True: 60, False: 8}
_KEY = re.compile(r"[A-Za-z0-9_-]{86}[AEIMQUYcgkosw048]")


def _an_event(number: int, at: int) -> str:
    """A good one, or one with a bit of it turned."""
    raw = bytearray(an_event(seq=number).to_bytes())
    if at < len(raw):
        raw[at] ^= 1 << number % 8
    return to_text(bytes(raw))


# Not the first numbers: those are of the events that the door is asked with afterwards.
schemathesis.openapi.format(
    "sharelog-event", st.builds(_an_event, st.integers(2**20, 2**31 - 1), st.integers(0, 1_000))
)


@schemathesis.serializer(FRAMES)
def framed(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A list as frames: documents signed, events as they are; anything else as it comes."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, list):
        return json.dumps(value).encode()
    prefix = ENROL if context.case.path.endswith("enrol") else HELLO
    return join(_frame(one, prefix) for one in value)


def _frame(one: Any, prefix: bytes) -> bytes:
    if isinstance(one, str):
        try:
            return from_text(one, len(one) * 3 // 4)
        except (SyncError, UnicodeError):
            return one.encode("utf-8", "surrogatepass")
    # No schema can make a key that belongs to a phone: what has the form of one becomes Dana's.
    if isinstance(one, dict) and _KEY.fullmatch(str(one.get("key"))):
        one = {**one, "key": to_text(a_signer().public), "nonce": to_text(a_nonce())}
    text = json.dumps(one, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return text + a_signer().sign(document_bytes(prefix, text))


@schemathesis.deserializer(FRAMES)
def unframed(context: schemathesis.DeserializationContext, response: Any) -> list[Any]:
    """The documents of an answer."""
    return [json.loads(one[:-64]) for one in split(response.content)]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, door: PhoneDoor) -> PhoneDoor:
    """With the documents that the record's side lays out for phones."""
    record = World(tmp_path_factory.mktemp("record"), suite=1).rooms.store
    for name in ("keys", "directory"):
        door.store.lay_out(name, record.outgoing(name) or b"")
    return door


def test_the_description_is_up_to_date(door: PhoneDoor) -> None:
    described = phone_door.describe(door.client.application)
    assert phone_door.FILE.read_text() == text_of(described), "run: python -m bench.openapi"


def test_each_problem_of_the_protocol_is_an_answer_somewhere() -> None:
    said = {code for codes in phone_door.PROBLEMS.values() for code in codes}
    assert said == phone_door.statuses().keys() - phone_door.NOT_OF_AN_OPERATION


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_asked_the_answer_is_described(
    door: PhoneDoor, tried: Callable[[str], Tried], name: str
) -> None:
    operation, counted = OPERATIONS[name], tried(f"described phone {name}")
    statuses: set[int] = set()

    def ask(case: Case) -> Any:
        counted(bytes_of(case))
        source = f"10.8.{len(counted) >> 8 & 255}.{len(counted) & 255}"
        answer = case.call(
            app=door.client.application,
            headers={"Host": HOST, "Accept-Encoding": "identity"},
            environ_overrides={"REMOTE_ADDR": source},
        )
        statuses.add(answer.status_code)
        return answer

    print(f"FAULT_SEED={SEED}")
    for mode in modes(operation):
        # An address that asks nothing has nothing to be asked twice.
        many = _MANY[mode is AS_DESCRIBED] if asks_anything(operation) else 1
        tried_on(operation, mode, many, ask)
    assert statuses & {200, 403, 404}, statuses
    door.still_serves()
