"""The stored key's file is its owner's alone; a receipt is the same bytes for ever."""

from __future__ import annotations

import os
import stat
import struct

import msgspec
import pytest

from sync.errors import MalformedDocument, StoredKeyUnusable, WrongSignature
from sync.frames import from_text, to_text, verify
from sync.receipt import (
    Outcome,
    check_opened,
    opened_statement,
    read_stored_key,
    stored_receipt,
    write_stored_key,
)
from sync.store import Arrival, Lane
from tests.events import EPOCH, NOW, a_signer, an_event


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "phone-door.key"
    write_stored_key(file, a_signer("stored"))
    return file


def test_the_key_is_read_as_it_was_written(key_file):
    assert read_stored_key(key_file).public == a_signer("stored").public


def test_a_key_is_never_written_over_another(key_file):
    with pytest.raises(FileExistsError):
        write_stored_key(key_file, a_signer("another"))


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(StoredKeyUnusable) as refused:
        read_stored_key(key_file)
    assert str(refused.value) == "phone-door.key can be read by others: run chmod 600 on it"


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"v":1,"stored":"AA"}', b'{"v":2,"stored":"AA"}', b"\xff",
     b'{"v":1,"stored":"' + b"A" * 43 + b'"}', b'{"v":1,"stored":"' + b"_" * 42 + b'8"}'],
)  # fmt: skip
def test_a_file_that_is_no_key_is_refused(key_file, content):
    key_file.write_bytes(content)
    with pytest.raises(StoredKeyUnusable) as refused:
        read_stored_key(key_file)
    assert str(refused.value) == "phone-door.key is not a stored key file"


def test_no_file_is_refused(tmp_path):
    with pytest.raises(StoredKeyUnusable) as refused:
        read_stored_key(tmp_path / "none.key")
    assert str(refused.value) == "none.key cannot be read: No such file or directory"


def test_the_file_of_the_key_is_exact_and_for_its_owner_alone(key_file):
    text = to_text(a_signer("stored").scalar)
    assert key_file.read_bytes() == b'{"v":1,"stored":"' + text.encode() + b'"}'
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_one_row_has_one_receipt(store):
    ((row, _),) = store.keep([Arrival(an_event())], NOW)
    signer = a_signer("stored")
    assert stored_receipt(row, signer) == stored_receipt(store.row(row.id), signer)


def test_a_receipt_says_where_when_and_in_which_lane_and_signs_just_that(store):
    ((row, _),) = store.keep([Arrival(an_event(), Lane.QUARANTINE)], NOW)
    receipt = stored_receipt(row, a_signer("stored"))
    assert (receipt.epoch, receipt.position, receipt.lane) == (to_text(EPOCH), 1, 1)
    assert receipt.received_at == NOW
    covered = b"sharelog/1/stored" + struct.pack(">16s32sQBq", EPOCH, row.id, 1, 1, NOW)
    verify(a_signer("stored").public, from_text(receipt.signature, 64), covered)


OPENED = a_signer("opened")
ID = bytes(range(32))


@pytest.mark.parametrize(
    ("outcome", "said", "why"),
    [(Outcome.OPENED, "opened", ""), (Outcome.SET_ASIDE, "set-aside", "unknown-key")],
)
def test_an_opened_statement_names_event_outcome_reason_and_time(outcome, said, why):
    raw = opened_statement(ID, outcome, NOW, why, OPENED)
    statement = check_opened(raw, OPENED.public)
    assert (statement.id, statement.outcome, statement.why) == (to_text(ID), said, why)
    assert statement.at == NOW
    covered = b"sharelog/1/opened" + struct.pack(">32sBq", ID, outcome, NOW) + why.encode()
    verify(OPENED.public, from_text(statement.signature, 64), covered)


@pytest.mark.parametrize(
    "changes",
    [{"outcome": "opened"}, {"why": "other"}, {"at": NOW + 1}, {"id": to_text(bytes(32))}],
)
def test_an_opened_statement_that_was_changed_is_refused(changes):
    raw = opened_statement(ID, Outcome.SET_ASIDE, NOW, "unknown-key", OPENED)
    with pytest.raises(WrongSignature):
        check_opened(msgspec.json.encode(msgspec.json.decode(raw) | changes), OPENED.public)


@pytest.mark.parametrize(
    "changes",
    [{"why": "\u0175"}, {"at": 2**63}, {"outcome": "lost"}, {"id": "AA"}, {"signature": "AA"}],
)
def test_what_is_no_opened_statement_is_refused(changes):
    raw = opened_statement(ID, Outcome.OPENED, NOW, "", OPENED)
    with pytest.raises(MalformedDocument):
        check_opened(msgspec.json.encode(msgspec.json.decode(raw) | changes), OPENED.public)


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[" * 100_000])
def test_noise_is_no_opened_statement(raw):
    with pytest.raises(MalformedDocument):
        check_opened(raw, OPENED.public)
