"""The vectors as the record's side meets them: what opens, and why the rest does not."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from logger.entries.capture import Capture
from logger.keys.keyring import DataKey, Keyring, make_keys
from logger.keys.record_key import RecordKey
from logger.keys.sealing import CannotBeOpened, open_sealed, pack, unpack
from sync.event import Event
from tests.events import a_signer
from tests.sync_vectors import BAD, GOOD, named


def noise(count: int) -> bytes:
    return a_signer("noise").scalar[:count].ljust(count, b"\1")


@pytest.fixture(scope="module")
def keyring() -> Keyring:
    records, own = {}, None
    for case in GOOD:
        private, suite = bytes.fromhex(case["record_private"]), case["suite"]
        if suite:
            records[suite] = RecordKey.from_private(suite, private)
            assert records[suite].public.hex() == case["record_public"]
        else:
            own = DataKey(bytes.fromhex(case["header"]["record_key"]), private)
    assert own is not None
    made = make_keys(1, noise).keyring
    return replace(made, records=tuple(records.values()), data_keys=(own,))


@pytest.mark.parametrize("case", named(GOOD))
def test_a_good_event_opens_to_its_words(keyring, case):
    event = Event.from_bytes(bytes.fromhex(case["event"]))
    assert open_sealed(event, keyring).decode() == case["plain"]
    assert unpack(bytes.fromhex(case["packed"])).decode() == case["plain"]
    assert unpack(pack(case["plain"].encode())).decode() == case["plain"]
    if event.header.suite:
        msgspec.json.decode(case["plain"], type=Capture)


@pytest.mark.parametrize(
    "case", named([case for case in BAD if case["reason"] in ("unknown-key", "cannot-be-opened")])
)
def test_a_bad_seal_says_why_it_does_not_open(keyring, case):
    with pytest.raises(CannotBeOpened) as refused:
        open_sealed(Event.from_bytes(bytes.fromhex(case["event"])), keyring)
    assert refused.value.why == case["reason"]


@pytest.mark.parametrize(
    "case", named([case for case in BAD if case["reason"] == "not-our-schema"])
)
def test_a_bad_content_opens_and_is_no_capture(keyring, case):
    text = open_sealed(Event.from_bytes(bytes.fromhex(case["event"])), keyring)
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError, RecursionError)):
        msgspec.json.decode(text, type=Capture)
