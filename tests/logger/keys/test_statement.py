"""A statement that the root signs elsewhere: asked for, signed and taken in, or refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from logger.clock import system_randomness
from logger.keys.keyring import Keyring, make_keys, with_new_record_key
from logger.keys.statement import (
    NotAStatement,
    accept_statement,
    key_statement,
    publish_keys,
    request_statement,
    root_fingerprint,
    sign_request,
)
from sync.frames import KEYS, P256Signer, check_document, to_text
from sync.store_sqlite import SqliteStore

NOW = 1_795_514_400_000
SECONDS = NOW // 1000
PAIR = make_keys(1, system_randomness).keyring


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore.create(tmp_path / "ledger.db", bytes(16))
    yield store
    store.close()


def root_of(keyring: Keyring) -> P256Signer:
    assert keyring.root is not None
    return keyring.root


def signed(store: SqliteStore, now: int = NOW, keyring: Keyring = PAIR) -> bytes:
    """A statement as it comes back from where the root is."""
    return sign_request(request_statement(store, keyring, "Northside", now), root_of(PAIR))


def serial_of(raw: bytes) -> int:
    said = msgspec.json.decode(raw)
    return int(said["serial"])


def test_the_first_statement_counts_in_seconds(store):
    publish_keys(store, PAIR, "Northside", NOW + 999)
    said = msgspec.json.decode((store.outgoing("keys") or b"")[:-64])
    assert (said["serial"], said["issued_at"]) == (SECONDS, NOW + 999)


def test_statements_within_one_second_still_rise_by_one(store):
    publish_keys(store, PAIR, "Northside", NOW)
    publish_keys(store, PAIR, "Southside", NOW)
    said = msgspec.json.decode((store.outgoing("keys") or b"")[:-64])
    assert (said["serial"], said["issued_at"]) == (SECONDS + 1, NOW)


def test_a_statement_after_a_while_counts_in_seconds_again(store):
    publish_keys(store, PAIR, "Northside", NOW)
    publish_keys(store, PAIR, "Southside", NOW + 60_000)
    assert serial_of((store.outgoing("keys") or b"")[:-64]) == SECONDS + 60


def test_a_request_says_everything_that_the_root_will_certify(store):
    said = msgspec.json.decode(request_statement(store, PAIR, "Northside", NOW))
    record = {"suite": 1, "id": to_text(PAIR.record.id), "public": to_text(PAIR.record.public)}
    assert said == {
        "v": 1,
        "serial": SECONDS,
        "issued_at": NOW,
        "organisation": "Northside",
        "root": to_text(PAIR.root_public),
        "record": record,
        "stored": [to_text(PAIR.stored_public)],
        "opened": [to_text(PAIR.opened.public)],
        "publishing": [to_text(PAIR.publishing.public)],
    }


def test_a_request_goes_one_above_the_statement_that_phones_have(store):
    store.lay_out("keys", key_statement(PAIR, "Northside", SECONDS + 5, NOW))
    assert serial_of(request_statement(store, PAIR, "Northside", NOW)) == SECONDS + 6
    assert serial_of(request_statement(store, PAIR, "Northside", NOW + 90_000)) == SECONDS + 90


def test_the_root_signs_the_request_and_nothing_else(store):
    asked = request_statement(store, PAIR, "Northside", NOW)
    raw = sign_request(asked, root_of(PAIR))
    check_document(KEYS, raw, PAIR.root_public)
    assert raw[:-64] == asked


def test_the_root_signs_nothing_that_is_no_request(store):
    with pytest.raises(NotAStatement) as refused:
        sign_request(b"{}", root_of(PAIR))
    assert str(refused.value) == "This is not a request."


def test_the_root_signs_no_request_for_another_root(store):
    asked = request_statement(store, PAIR, "Northside", NOW)
    with pytest.raises(NotAStatement) as refused:
        sign_request(asked, root_of(make_keys(1, system_randomness).keyring))
    assert str(refused.value) == "It is for another root key."


def test_a_statement_of_the_root_is_laid_out_for_phones_and_says_its_serial(store):
    raw = signed(store)
    assert accept_statement(store, PAIR, raw) == SECONDS
    assert store.outgoing("keys") == raw


def test_a_newer_statement_takes_the_place_of_the_one_before(store):
    accept_statement(store, PAIR, signed(store))
    newer = signed(store)
    assert accept_statement(store, PAIR, newer) == SECONDS + 1
    assert store.outgoing("keys") == newer


def refused(store: SqliteStore, raw: bytes, keyring: Keyring = PAIR) -> str:
    """What is said of a statement that is not taken in; what stood there stands."""
    before = store.outgoing("keys")
    with pytest.raises(NotAStatement) as why:
        accept_statement(store, keyring, raw)
    assert store.outgoing("keys") == before
    return str(why.value)


def test_a_statement_by_another_root_is_not_taken_in(store):
    other = make_keys(1, system_randomness).keyring
    raw = sign_request(request_statement(store, other, "Northside", NOW), root_of(other))
    assert refused(store, raw) == "The root key of this instance has not signed it."


def test_a_statement_that_names_an_older_record_key_is_not_taken_in(store):
    raw = signed(store)
    now = with_new_record_key(PAIR, 1, system_randomness, NOW)
    why = "It names other keys than those in use. Write a new request."
    assert refused(store, raw, now) == why


def test_a_statement_brought_twice_or_late_is_not_taken_in(store):
    first, second = signed(store), signed(store, NOW + 5000)
    accept_statement(store, PAIR, second)
    for raw in (first, second):
        assert refused(store, raw) == "It is not newer than the one that phones have."


def test_a_phone_pins_a_hash_over_a_prefix_and_the_root():
    hashed = hashlib.sha256(b"sharelog/1/root" + PAIR.root_public).digest()
    assert root_fingerprint(PAIR.root_public) == hashed


def test_while_the_root_is_away_what_stands_there_stays(store):
    publish_keys(store, PAIR, "Northside", NOW)
    before = store.outgoing("keys")
    publish_keys(store, replace(PAIR, root=None), "Southside", NOW + 90_000)
    assert store.outgoing("keys") == before
