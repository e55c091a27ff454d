"""A header has one form: each field says why it is refused, and its ends are taken."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest

from sync.errors import MalformedEvent
from sync.event import (
    DOCUMENTATION,
    HEADER_BYTES,
    MAX_EVENT_BYTES,
    SUITE_P256,
    SUITE_RECORD,
    SUITE_XWING,
    Event,
    Header,
    record_key_id,
    seal_info,
)
from tests.events import a_record_event, an_event

PHONES, RECORDS = an_event(seq=2).header, a_record_event(1).header
VARIANT = UUID("01963f2e-0000-7000-c000-0000000000d1")
FOUR = UUID("01963f2e-0000-4000-8000-0000000000d1")
MOST = MAX_EVENT_BYTES - HEADER_BYTES - 64


@pytest.mark.parametrize(
    ("header", "changes", "why"),
    [
        (PHONES, {"kind": 3}, "unknown kind"),
        (PHONES, {"suite": 3}, "unknown suite"),
        (PHONES, {"device": bytes(31)}, "device is not 32 bytes"),
        (PHONES, {"entry": FOUR}, "entry is not a UUID of version 7"),
        (PHONES, {"entry": VARIANT}, "entry is not a UUID of version 7"),
        (PHONES, {"seq": 2**32}, "seq out of range"),
        (PHONES, {"seq": -1}, "seq out of range"),
        (PHONES, {"prev": bytes(33)}, "prev is not 32 bytes"),
        (PHONES, {"at": 2**63}, "at out of range"),
        (PHONES, {"at": -(2**63) - 1}, "at out of range"),
        (PHONES, {"utc_offset": 2**15}, "utc offset out of range"),
        (PHONES, {"utc_offset": -(2**15) - 1}, "utc offset out of range"),
        (PHONES, {"record_key": bytes(9)}, "record key id is not 8 bytes"),
        (PHONES, {"sealed_length": 65 + 15}, "sealed length out of range"),
        (PHONES, {"sealed_length": MOST + 1}, "sealed length out of range"),
        (PHONES, {"suite": SUITE_XWING, "sealed_length": 1135}, "sealed length out of range"),
        (RECORDS, {"sealed_length": 27}, "sealed length out of range"),
        (PHONES, {"kind": DOCUMENTATION}, "suite does not go with kind"),
        (PHONES, {"suite": SUITE_RECORD}, "suite does not go with kind"),
        (RECORDS, {"suite": SUITE_P256}, "suite does not go with kind"),
        (PHONES, {"seq": 0}, "seq does not go with kind"),
        (RECORDS, {"seq": 1}, "seq does not go with kind"),
        (PHONES, {"seq": 1}, "prev without a predecessor"),
        (RECORDS, {"prev": b"\1" * 32}, "prev without a predecessor"),
    ],
)
def test_a_header_out_of_form_says_which_field(header, changes, why):
    with pytest.raises(MalformedEvent) as refused:
        replace(header, **changes)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("header", "changes"),
    [
        (PHONES, {"at": -(2**63)}),
        (PHONES, {"at": 2**63 - 1}),
        (PHONES, {"utc_offset": -(2**15)}),
        (PHONES, {"utc_offset": 2**15 - 1}),
        (PHONES, {"seq": 2**32 - 1}),
        (PHONES, {"sealed_length": 65 + 16}),
        (PHONES, {"sealed_length": MOST}),
        (PHONES, {"suite": SUITE_XWING, "sealed_length": 1120 + 16}),
        (RECORDS, {"sealed_length": 12 + 16}),
    ],
)
def test_the_ends_of_what_a_header_may_say_are_taken(header, changes):
    changed = replace(header, **changes)
    assert Header.from_bytes(changed.to_bytes()) == changed


def without(raw: bytes, at: int, byte: int) -> bytes:
    return raw[:at] + bytes([byte]) + raw[at + 1 :]


WHOLE = an_event().to_bytes()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (bytes(MAX_EVENT_BYTES + 1), "larger than 64 KiB"),
        (WHOLE[: HEADER_BYTES - 1], "shorter than a header"),
        (WHOLE[:HEADER_BYTES], "length does not match the header"),
        (WHOLE[:-1], "length does not match the header"),
        (WHOLE + b"\0", "length does not match the header"),
        (without(WHOLE, 0, 2), "unknown version"),
        (without(WHOLE, 3, 1), "reserved byte is not zero"),
    ],
)
def test_bytes_that_are_no_event_say_why(raw, why):
    with pytest.raises(MalformedEvent) as refused:
        Event.from_bytes(raw)
    assert str(refused.value) == why


@pytest.mark.parametrize("size", [HEADER_BYTES - 1, HEADER_BYTES + 1])
def test_a_header_of_another_length_is_none(size):
    with pytest.raises(MalformedEvent, match=r"^header is not 110 bytes$"):
        Header.from_bytes(WHOLE[:size])


def test_an_event_as_large_as_one_may_be_is_read():
    event = an_event(sealed=bytes(MOST))
    assert len(event.to_bytes()) == MAX_EVENT_BYTES
    assert Event.from_bytes(event.to_bytes()) == event


def test_what_is_signed_is_named_by_prefix_header_and_hash_of_the_sealed_part():
    event = an_event()
    sealed_hash = hashlib.sha256(event.sealed).digest()
    covered = b"sharelog/1/event" + event.header.to_bytes() + sealed_hash
    assert event.signed_bytes == covered
    assert (event.id, event.sealed_hash) == (hashlib.sha256(covered).digest(), sealed_hash)


def test_what_is_sealed_is_bound_to_version_suite_device_entry_and_key():
    header = PHONES
    info = seal_info(2, header.device, header.entry, header.record_key)
    bound = header.device + header.entry.bytes + header.record_key
    assert info == b"sharelog/1/seal\1\2" + bound


def test_a_record_key_is_named_by_eight_bytes_of_a_hash_over_suite_and_key():
    hashed = hashlib.sha256(b"sharelog/1/record-key\1" + b"public").digest()
    assert record_key_id(1, b"public") == hashed[:8]
