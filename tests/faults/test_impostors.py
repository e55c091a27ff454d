"""Somebody in the door's place: never a success, and the person is told; a bad line is not that."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from logger.settings import Settings
from sync.frames import ANSWER, KEYS, P256Signer, Signer, document_bytes, from_text, to_text
from sync.receipt import read_stored_key, stored_bytes
from tests.faults import bad_lines
from tests.faults.conftest import MakePhone
from tests.faults.counts import Runs
from tests.faults.history import History
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.record import Record
from tests.running import RunningInstance

Faults = Callable[..., Runs]

STRANGER = P256Signer(ec.generate_private_key(ec.SECP256R1()))


def _signed_anew(signer: Signer, change: Callable[[dict], None]) -> Fault:
    """The answer with something changed, signed again."""

    def forge(body: bytes) -> bytes:
        said = json.loads(body[4:-64])
        change(said)
        text = json.dumps(said).encode()
        document = text + signer.sign(document_bytes(ANSWER, text))
        return struct.pack(">I", len(document)) + document

    return bad_lines.changed(forge)


def test_an_answer_by_another_key_is_no_answer_and_is_told(fault: Faults, trial) -> None:
    trial(
        fault("C10", "answer signed by another key", 20, 200),
        lambda _: _signed_anew(STRANGER, len),
        got=False,
        told=("unsigned",),
    )


def _by_another(said: dict) -> None:
    """Every receipt right, but for who signed it."""
    for result in said["results"]:
        receipt = result["receipt"]
        at = (receipt["position"], receipt["lane"], receipt["received_at"])
        facts = stored_bytes(from_text(receipt["epoch"], 16), from_text(result["id"], 32), *at)
        receipt["signature"] = to_text(STRANGER.sign(facts))


def test_a_receipt_by_another_key_is_no_receipt_and_is_told(
    fault: Faults, trial, served: RunningInstance
) -> None:
    # Somebody who has the door's own place, yet not its receipts.
    door = read_stored_key(Settings.read(served.folder).phone_door_key)
    trial(
        fault("C10b", "receipt signed by another key", 20, 200),
        lambda _: _signed_anew(door, _by_another),
        got=False,
        told=("receipt",),
    )


def test_a_receipt_about_something_else_is_no_receipt_and_is_told(
    fault: Faults, trial, served: RunningInstance, line: FaultProxy
) -> None:
    door = read_stored_key(Settings.read(served.folder).phone_door_key)
    before: list[dict] = []

    def elsewhere(chance: random.Random) -> Fault:
        # Half of them are whole: a good result of an event that another phone sent.
        whole = chance.random() < 0.5

        def change(said: dict) -> None:
            kept = [dict(result) for result in said["results"]]
            for result in said["results"]:
                other = chance.choice(before) if before else {"id": to_text(chance.randbytes(32))}
                result |= other if whole else {"id": other["id"]}
            before.extend(kept)

        return _signed_anew(door, change)

    trial(
        fault("C11", "receipt of another event or phone", 30, 300),
        elsewhere,
        got=False,
        told=("receipt",),
    )


def test_keys_that_the_root_did_not_sign_are_refused_and_told(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    for chance in fault("E08", "key statement of another root", 3, 10):
        phone = make_phone()
        ids = {phone.log()["id"]}
        keys = json.loads(phone.tell("statement")[:-64])
        root = P256Signer(ec.generate_private_key(ec.SECP256R1()))
        # Named as its own root or not, it is not the one this phone pinned.
        keys |= {"root": to_text(root.public)} if chance.random() < 0.5 else {}
        text = json.dumps(keys | {"serial": keys["serial"] + 1}).encode()
        document = text + root.sign(document_bytes(KEYS, text))
        body = struct.pack(">I", len(document)) + document
        said = {"Content-Type": "application/vnd.sharelog.frames"}
        theirs = bad_lines.instead("200 OK", said, body)
        # Whoever took the address answers the questions too, with a key of that statement.
        line.plan = lambda request, theirs=theirs: {
            "/sync/keys": theirs, "/sync/events": _signed_anew(STRANGER, len),
        }.get(request.path)  # fmt: skip
        assert phone.sync()["line"] == "another-root"
        assert {phone.states()[one] for one in ids} == {"waiting"}
        assert phone.tell("alarm") == "root"
        line.heal()
        assert phone.sync()["line"] == "reached"
        phone.states()
    assert record.proves(history) == []
