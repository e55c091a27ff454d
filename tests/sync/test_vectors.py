"""The vectors of the protocol, run in Python; the phone's own tests run the same files."""

from __future__ import annotations

import struct
from uuid import UUID

import msgspec
import pytest

from sync import event as kinds
from sync.errors import MalformedDocument, MalformedEvent, MalformedFrames, WrongSignature
from sync.event import Event, Header, device_id, record_key_id, seal_info
from sync.frames import P256Signer, check_document, from_text, join, split, to_text, verify
from sync.receipt import check_opened, stored_bytes
from sync.store import Lane, link
from tests.sync_vectors import BAD, DOCUMENTS, FOLDER, GOOD, RECEIPTS, SMALL, named
from tests.vectors import make


def judged(case):
    """How far the blind side gets with an event: the reason it stops for, or None."""
    try:
        event = Event.from_bytes(bytes.fromhex(case["event"]))
        verify(bytes.fromhex(case["device_public"]), event.signature, event.signed_bytes)
    except (MalformedEvent, WrongSignature) as error:
        return error.code
    return None if event.header.kind in kinds.PHONE_KINDS else "event.kind"


def test_the_generator_makes_the_files_that_are_kept():
    kept = make.Kept(make.known_seals())
    for name, content in make.vectors(kept).items():
        assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == make.to_file_text(content)


@pytest.mark.parametrize("case", named(GOOD))
def test_a_good_event_is_made_of_its_parts_and_read_back(case):
    signer = P256Signer.from_scalar(bytes.fromhex(case["device_private"]))
    parts = dict(case["header"])
    for name in ("device", "prev", "record_key"):
        parts[name] = bytes.fromhex(parts[name])
    header = Header(**(parts | {"entry": UUID(parts["entry"])}))
    event = Event(header, bytes.fromhex(case["sealed"]), bytes.fromhex(case["signature"]))
    assert event.to_bytes().hex() == case["event"]
    assert Event.from_bytes(bytes.fromhex(case["event"])) == event
    assert event.id.hex() == case["id"]
    assert signer.sign(event.signed_bytes) == event.signature
    assert signer.public.hex() == case["device_public"]
    assert device_id(signer.public) == header.device
    assert judged(case) == (None if header.suite else "event.kind")


def test_the_good_events_of_the_phone_are_one_chain():
    chain = [case for case in GOOD if case["suite"]]
    assert [case["header"]["seq"] for case in chain] == list(range(1, len(chain) + 1))
    before = [bytes(32).hex(), *(case["id"] for case in chain)]
    assert [case["header"]["prev"] for case in chain] == before[:-1]


@pytest.mark.parametrize("case", named([case for case in GOOD if case["suite"]]))
def test_the_info_of_a_seal_is_known_from_the_header(case):
    header = Header.from_bytes(bytes.fromhex(case["event"])[:110])
    info = seal_info(header.suite, header.device, header.entry, header.record_key)
    assert info.hex() == case["info"]
    public = bytes.fromhex(case["record_public"])
    assert record_key_id(header.suite, public) == header.record_key


@pytest.mark.parametrize("case", named(BAD))
def test_a_bad_event_is_refused_for_its_reason_or_left_to_the_record(case):
    on_this_side = case["reason"].partition(".")[0] in ("event", "signature")
    assert judged(case) == (case["reason"] if on_this_side else None)


@pytest.mark.parametrize("case", named(DOCUMENTS["good"]))
def test_a_good_document_holds_and_is_signed_the_same_again(case):
    raw = bytes.fromhex(case["document"])
    check_document(case["prefix"].encode(), raw, bytes.fromhex(case["public"]))
    assert raw[:-64].decode() == case["text"]


@pytest.mark.parametrize(
    "case", named([case for case in DOCUMENTS["bad"] if case["reason"] == "signature.wrong"])
)
def test_a_document_signed_wrongly_is_refused(case):
    with pytest.raises(WrongSignature):
        check_document(
            case["prefix"].encode(),
            bytes.fromhex(case["document"]),
            bytes.fromhex(case["public"]),
        )


def stored_facts(case):
    epoch, event_id = from_text(case["epoch"], 16), from_text(case["id"], 32)
    return stored_bytes(epoch, event_id, case["position"], case["lane"], case["received_at"])


@pytest.mark.parametrize("case", named(RECEIPTS["stored"]["good"]))
def test_a_good_stored_receipt_holds(case):
    public = bytes.fromhex(RECEIPTS["stored_public"])
    verify(public, from_text(case["signature"], 64), stored_facts(case))


@pytest.mark.parametrize("case", named(RECEIPTS["stored"]["bad"]))
def test_a_bad_stored_receipt_does_not(case):
    public = bytes.fromhex(RECEIPTS["stored_public"])
    with pytest.raises(WrongSignature):
        verify(public, from_text(case["signature"], 64), stored_facts(case))


@pytest.mark.parametrize("case", named(RECEIPTS["opened"]["good"]))
def test_a_good_opened_statement_holds(case):
    said = check_opened(msgspec.json.encode(case), bytes.fromhex(RECEIPTS["opened_public"]))
    assert said.why == case["why"]


@pytest.mark.parametrize("case", named(RECEIPTS["opened"]["bad"]))
def test_a_bad_opened_statement_does_not(case):
    with pytest.raises(WrongSignature):
        check_opened(msgspec.json.encode(case), bytes.fromhex(RECEIPTS["opened_public"]))


@pytest.mark.parametrize("case", SMALL["b64"]["good"])
def test_bytes_have_one_spelling(case):
    raw = bytes.fromhex(case["bytes"])
    assert to_text(raw) == case["text"]
    assert from_text(case["text"], len(raw)) == raw


@pytest.mark.parametrize("case", SMALL["b64"]["bad"])
def test_another_spelling_is_refused(case):
    with pytest.raises(MalformedDocument):
        from_text(case["text"], 3)


def test_frames_fill_their_body_or_are_refused():
    for case in SMALL["frames"]["good"]:
        parts = [bytes.fromhex(part) for part in case["parts"]]
        assert join(parts).hex() == case["body"]
        assert split(bytes.fromhex(case["body"])) == parts
    for case in SMALL["frames"]["bad"]:
        with pytest.raises(MalformedFrames):
            split(bytes.fromhex(case["body"]))


def test_the_chain_of_the_vectors_holds():
    digest = bytes(32)
    for row in SMALL["chain"]:
        lane, event_id = Lane(row["lane"]), bytes.fromhex(row["id"])
        digest = link(digest, row["position"], lane, event_id, row["received_at"])
        assert digest.hex() == row["digest"]


# What becomes of a golden event that is damaged stands in tests/inputs.

SMALLEST = min((case for case in GOOD if case["suite"] == 1), key=lambda case: len(case["event"]))
GOLDEN = bytes.fromhex(SMALLEST["event"])


def test_the_other_valid_signature_is_the_same_event():
    event = Event.from_bytes(GOLDEN)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = order - int.from_bytes(event.signature[32:], "big")
    other = event.signed_with(event.signature[:32] + s.to_bytes(32, "big"))
    for raw in (GOLDEN, other.to_bytes()):
        assert judged({"event": raw.hex(), "device_public": SMALLEST["device_public"]}) is None
    assert other.id == event.id


def test_packed_texts_of_the_vectors_are_padded_as_the_protocol_says():
    for case in GOOD:
        packed = bytes.fromhex(case["packed"])
        (length,) = struct.unpack_from(">I", packed)
        assert not packed[4 + length :].strip(b"\0")
        assert len(packed) % 64 == 0
