"""`verify` finds what was done to a ledger behind its back, and says where first.

The intruder here owns the file: triggers are dropped, checks are switched off.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3

import pytest

from sync.checkpoint import EarlierHead, verify
from sync.event import ERASURE
from sync.store import Arrival, Lane, link
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_chain, a_record_event, a_signer, an_event

JOURNAL = a_signer("journal").public
LENGTH = 8


@pytest.fixture
def ledger(store):
    """Three rows of Dana, one of the record, one set aside, three of Sam."""
    dana, sam = a_chain("dana's phone", 4), a_chain("sam's phone", 3)
    store.keep([Arrival(event) for event in dana[:3]], NOW)
    store.append(a_record_event(1), NOW + 1)
    store.keep([Arrival(dana[3], Lane.QUARANTINE)], NOW + 2)
    store.keep([Arrival(event) for event in sam], NOW + 3)
    return store


def look(store, earlier=None):
    return verify(store, [JOURNAL], earlier)


def tampered(path, *statements):
    """What is found in a copy of the ledger after these statements."""
    copy = path.with_name("tampered.db")
    shutil.copy(path, copy)
    db = sqlite3.connect(copy, isolation_level=None)
    db.execute("PRAGMA ignore_check_constraints = ON")
    for (trigger,) in db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.execute(*statement if isinstance(statement, tuple) else (statement,))
    db.close()
    store = SqliteStore.open(copy)
    try:
        return look(store)
    finally:
        store.close()
        copy.unlink()


def test_a_ledger_that_nobody_touched_is_whole(ledger):
    seen = []
    verdict = verify(ledger, [JOURNAL], progress=lambda done, of: seen.append((done, of)))
    assert (verdict.rows, verdict.broken, verdict.findings) == (LENGTH, None, ())
    assert verdict.digest == ledger.head().digest
    assert seen == [(LENGTH, LENGTH)]


def test_an_empty_ledger_is_whole(store):
    assert look(store).broken is None


@pytest.mark.parametrize(
    "column",
    ["id", "header", "sealed_hash", "signature", "digest", "epoch", "received_at", "lane"],
)
@pytest.mark.parametrize("position", [1, 4, LENGTH])
def test_a_changed_column_is_found_at_its_row(ledger, path, column, position):
    (value,) = (
        sqlite3.connect(path)
        .execute(f"SELECT {column} FROM ledger WHERE position = ?", (position,))
        .fetchone()
    )
    if isinstance(value, int):
        changes = [value ^ 1]
    else:
        changes = [
            value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] for at in range(len(value))
        ]
    for changed in changes:
        update = (f"UPDATE ledger SET {column} = ? WHERE position = ?", (changed, position))
        broken = tampered(path, update).broken
        assert broken is not None
        # An epoch stands outside the chain; its loose end is found when all rows were walked.
        assert broken.position == (LENGTH if column == "epoch" else position)


def test_a_changed_epoch_itself_is_found(ledger, path):
    assert tampered(path, "UPDATE epochs SET epoch = zeroblob(16)").broken is not None


@pytest.mark.parametrize("position", [1, 5, LENGTH])
def test_a_flipped_byte_of_a_payload_is_found_at_its_row(ledger, path, position):
    sealed = ledger.after(position - 1, 1)[0].sealed
    for at in (0, len(sealed) // 2, len(sealed) - 1):
        flipped = sealed[:at] + bytes([sealed[at] ^ 0x10]) + sealed[at + 1 :]
        for other in (flipped, sealed + b"\0", sealed[:-1], b""):
            update = ("UPDATE payloads SET sealed = ? WHERE position = ?", (other, position))
            broken = tampered(path, update).broken
            assert broken is not None
            assert broken.position == position


@pytest.mark.parametrize("position", [1, 2, 5, LENGTH - 1])
def test_a_deleted_row_is_found_where_it_stood(ledger, path, position):
    broken = tampered(
        path,
        f"DELETE FROM payloads WHERE position = {position}",
        f"DELETE FROM ledger WHERE position = {position}",
    ).broken
    assert broken.position == position


def test_a_deleted_row_with_the_rest_moved_up_is_found(ledger, path):
    broken = tampered(
        path,
        "DELETE FROM payloads WHERE position = 3",
        "DELETE FROM ledger WHERE position = 3",
        "UPDATE ledger SET position = -position WHERE position > 3",
        "UPDATE ledger SET position = -position - 1 WHERE position < 0",
        "UPDATE payloads SET position = -position WHERE position > 3",
        "UPDATE payloads SET position = -position - 1 WHERE position < 0",
    ).broken
    assert broken.position == 3


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 6), (4, 5), (7, 8)])
def test_exchanged_rows_are_found_at_the_first(ledger, path, one, other):
    broken = tampered(
        path,
        *(
            statement
            for table in ("ledger", "payloads")
            for statement in (
                f"UPDATE {table} SET position = 100 WHERE position = {one}",
                f"UPDATE {table} SET position = {one} WHERE position = {other}",
                f"UPDATE {table} SET position = {other} WHERE position = 100",
            )
        ),
    ).broken
    assert broken.position == one


def test_exchanged_payloads_are_found(ledger, path):
    broken = tampered(
        path,
        "UPDATE payloads SET position = 100 WHERE position = 2",
        "UPDATE payloads SET position = 2 WHERE position = 6",
        "UPDATE payloads SET position = 6 WHERE position = 100",
    ).broken
    assert broken.position == 2


def inserted(ledger, event, position, digest=None):
    """The statements by which an intruder puts a row at the end of the chain."""
    head = ledger.head()
    if digest is None:
        digest = link(head.digest, position, Lane.RECORD, event.id, NOW)
    sealed_hash = hashlib.sha256(event.sealed).digest()
    values = (
        position, event.id, event.header.to_bytes(), sealed_hash, event.signature, NOW, head.epoch,
        digest,
    )  # fmt: skip
    return [
        (
            "INSERT INTO ledger (position, lane, id, header, sealed_hash, signature, received_at,"
            " epoch, digest) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?)",
            values,
        ),
        ("INSERT INTO payloads (position, sealed) VALUES (?, ?)", (position, event.sealed)),
    ]


def test_an_inserted_row_with_a_good_digest_is_found_by_its_signature(ledger, path):
    forged = an_event("dana's phone", 5).signed_with(bytes(64))
    for event in (forged, an_event("nobody's phone")):
        assert tampered(path, *inserted(ledger, event, LENGTH + 1)).broken.position == LENGTH + 1


def test_the_records_own_events_need_the_records_own_key(ledger):
    assert verify(ledger, []).broken.position == 4
    assert verify(ledger, [a_signer("another").public]).broken.position == 4


def test_a_row_inserted_in_between_is_found(ledger, path):
    event = an_event("sam's phone", 9)
    moved = [
        f"UPDATE {table} SET position = {new} WHERE {where}"
        for table in ("ledger", "payloads")
        for new, where in (("-position", "position > 3"), ("-position + 1", "position < 0"))
    ]
    broken = tampered(path, *moved, *inserted(ledger, event, 4)).broken
    assert broken.position == 4


def test_a_row_inserted_behind_a_hole_is_found(ledger, path):
    rows = inserted(ledger, an_event("sam's phone", 9), LENGTH + 5)
    assert tampered(path, *rows).broken.position == LENGTH + 1


def test_a_changed_key_of_a_phone_is_found(ledger, path):
    other = a_signer("another").public
    assert tampered(path, ("UPDATE devices SET public = ?", (other,))).broken.position == 1


def test_a_phone_struck_from_the_register_is_found(ledger, path):
    assert tampered(path, "DELETE FROM devices").broken.position == 1


def test_a_payload_gone_without_an_erasure_is_found(ledger, path):
    broken = tampered(path, "DELETE FROM payloads WHERE position IN (2, 6)").broken
    assert broken.position == 2
    assert "erasure" in broken.why


def test_a_payload_lawfully_erased_leaves_the_ledger_whole(ledger):
    entry = ledger.after(1, 1)[0].header.entry
    ledger.append(a_record_event(7, ERASURE, entry), NOW)
    with ledger._ground.writing() as db:
        db.execute("DELETE FROM payloads WHERE position = 2")
    assert look(ledger).broken is None


def test_an_erasure_of_another_entry_excuses_nothing(ledger):
    ledger.append(a_record_event(7, ERASURE, ledger.after(0, 1)[0].header.entry), NOW)
    with ledger._ground.writing() as db:
        db.execute("DELETE FROM payloads WHERE position = 2")
    assert look(ledger).broken.position == 2


def test_a_ledger_that_grew_since_an_earlier_head_is_whole(ledger):
    earlier = EarlierHead(5, ledger.digest_at(5))
    assert look(ledger, earlier).broken is None
    assert look(ledger, EarlierHead(LENGTH, ledger.head().digest)).broken is None
    assert look(ledger, EarlierHead(0, bytes(32))).broken is None


def test_a_cut_tail_is_found_only_with_an_earlier_head(ledger):
    earlier = EarlierHead(LENGTH, ledger.head().digest)
    with ledger._ground.writing() as db:
        db.execute("DROP TRIGGER ledger_rows_stay")
        db.execute("DELETE FROM payloads WHERE position > 5")
        db.execute("DELETE FROM ledger WHERE position > 5")
    assert look(ledger).broken is None
    broken = look(ledger, earlier).broken
    assert (broken.position, str(LENGTH) in broken.why) == (5, True)


def test_a_history_written_anew_is_found_with_an_earlier_head(ledger, tmp_path, path):
    earlier = EarlierHead(LENGTH, ledger.head().digest)
    other = SqliteStore.create(tmp_path / "anew.db", ledger.head().epoch)
    for device in ledger.devices():
        other.offer_code(device.id, device.person, NOW + 1)
        other.enrol(device.id, device)
    other.keep([Arrival(row.event) for row in ledger.after(0) if row.position != 3], NOW)
    other.append(a_record_event(99), NOW)
    assert look(other).broken is None
    assert look(other, earlier).broken.position == LENGTH
    other.close()
