"""The file under the ledger: every setting it is opened with, and each reason to refuse it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading

import pytest
from sqlite_utils import hookimpl
from sqlite_utils.plugins import pm

from sync.errors import BrokenChain, LedgerBusy, LedgerFull, WeakStore
from sync.sqlite import ground
from sync.store import Arrival, Contact
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, a_chain, a_device, an_event

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def synced(monkeypatch):
    """The files and folders that were put on the disk, by number, as it goes on."""
    seen = []

    def seen_and_done(handle, fsync=os.fsync):
        seen.append(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", seen_and_done)
    return seen


def test_a_new_ledger_stands_in_its_folder_when_it_is_made(tmp_path, synced):
    SqliteStore.create(tmp_path / "ledger.db", EPOCH).close()
    assert synced == [tmp_path.stat().st_ino]


def test_a_copy_is_on_the_disk_when_it_is_made(store, tmp_path, synced):
    store.copy_to(tmp_path / "copy.db")
    assert synced == [(tmp_path / "copy.db").stat().st_ino]


@pytest.mark.parametrize(
    ("name", "value"),
    [("cell_size_check", 1), ("fullfsync", 1), ("foreign_keys", 1), ("trusted_schema", 0),
     ("secure_delete", 1), ("application_id", 0x53686172), ("user_version", 1)],
)  # fmt: skip
def test_every_connection_has_every_setting(store, name, value):
    for db in (store._ground._write, store._ground.connection()):
        assert db.execute(f"PRAGMA {name}").fetchone() == (value,)


def test_what_is_installed_beside_the_library_never_meets_the_ledger(path):
    met = []

    class Curious:
        @hookimpl
        def prepare_connection(self, conn):
            met.append(conn)

    plugin = Curious()
    pm.register(plugin)
    try:
        SqliteStore.open(path).close()
    finally:
        pm.unregister(plugin)
    assert met == []


def test_whoever_waits_for_the_ledger_waits_five_seconds(store):
    assert store._ground._write.execute("PRAGMA busy_timeout").fetchone() == (5000,)


@pytest.mark.parametrize(
    ("pragma", "why"),
    [
        ("application_id = 7", "this file is not a ledger of Sharelog"),
        ("user_version = 2", "this ledger is of another version"),
    ],
)
def test_a_file_of_another_kind_or_version_is_refused(path, pragma, why):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA {pragma}")
    with pytest.raises(WeakStore) as refused:
        SqliteStore.open(path)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("weaker", "why"),
    [
        ("journal_mode = MEMORY", "journal_mode=memory does not survive a power cut"),
        ("journal_mode = OFF", "journal_mode=off does not survive a power cut"),
        ("foreign_keys = OFF", "foreign_keys should be 1, and is 0"),
        ("trusted_schema = ON", "trusted_schema should be 0, and is 1"),
        ("secure_delete = OFF", "secure_delete should be 1, and is 0"),
        ("synchronous = NORMAL", "synchronous should be {}, and is 1"),
    ],
)
def test_a_weaker_setting_is_named(path, weaker, why):
    db = ground._connect(path)
    (mode,) = db.execute("PRAGMA journal_mode").fetchone()
    db.execute(f"PRAGMA {weaker}").fetchall()
    with pytest.raises(WeakStore) as refused:
        ground._refuse_weaker(db)
    assert str(refused.value) == why.format({"wal": 2, "delete": 3}[mode])
    db.close()


def test_a_ledger_that_is_not_there_is_named_and_not_made(tmp_path):
    with pytest.raises(WeakStore) as refused:
        SqliteStore.open(tmp_path / "ledger.db")
    assert str(refused.value) == "there is no ledger at ledger.db"


def test_a_file_that_is_no_database_is_a_damaged_ledger(path):
    path.write_bytes(b"something else".ljust(4096, b"!"))
    with pytest.raises(BrokenChain) as refused:
        SqliteStore.open(path)
    assert (refused.value.position, refused.value.why) == (0, "the database file is damaged")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (sqlite3.SQLITE_BUSY, LedgerBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, LedgerBusy),
        (sqlite3.SQLITE_LOCKED, LedgerBusy),
        (sqlite3.SQLITE_FULL, LedgerFull),
        (sqlite3.SQLITE_CORRUPT, BrokenChain),
        (sqlite3.SQLITE_CORRUPT_INDEX, BrokenChain),
        (sqlite3.SQLITE_NOTADB, BrokenChain),
        (sqlite3.SQLITE_IOERR, sqlite3.OperationalError),
        (None, sqlite3.OperationalError),
    ],
)
def test_what_sqlite_says_is_told_in_the_words_of_the_ledger(code, error):
    said = sqlite3.OperationalError("said")
    if code is not None:
        said.sqlite_errorcode = code
    with pytest.raises(error) as told, ground._translated():
        raise said
    if error is BrokenChain:
        assert (told.value.position, told.value.why) == (0, "the database file is damaged")


def test_damage_that_cannot_even_be_quoted_is_damage():
    with pytest.raises(BrokenChain) as told, ground._translated():
        b"\xff".decode()
    assert (told.value.position, told.value.why) == (0, "the database file is damaged")


def test_a_thread_that_cannot_have_its_turn_is_told_that_the_ledger_is_busy(store, monkeypatch):
    monkeypatch.setattr(ground, "WAIT_SECONDS", 0.01)
    told = []

    def keep():
        try:
            store.keep([Arrival(an_event())], NOW)
        except LedgerBusy as error:
            told.append(error)

    with store.one_commit():
        other = threading.Thread(target=keep)
        other.start()
        other.join()
    assert len(told) == 1
    assert store.head().position == 0


def test_a_reader_beside_a_writer_does_not_see_what_is_not_committed(store):
    seen = []
    with store.one_commit():
        store.keep([Arrival(an_event())], NOW)
        reader = threading.Thread(target=lambda: seen.append(store.head().position))
        reader.start()
        reader.join()
    assert seen == [0]


def test_connections_to_read_from_are_used_again(store):
    for _ in range(3):
        store.head()
    assert len(store._ground._all) == 2


def test_a_closed_store_has_closed_every_connection(store):
    store.head()
    connections = list(store._ground._all)
    store.close()
    for db in connections:
        with pytest.raises(sqlite3.ProgrammingError):
            db.execute("SELECT 1")


def test_a_follower_that_cannot_look_asks_again(store, monkeypatch):
    changed = store.changes()
    assert (changed(), changed()) == (True, False)

    def busy(_db):
        raise LedgerBusy

    with monkeypatch.context() as patched:
        patched.setattr(store._ground, "data_version", busy)
        assert changed()
    assert not changed()


def test_rows_are_read_five_hundred_at_a_time(store):
    store.keep([Arrival(event) for event in a_chain(length=501)], NOW)
    assert len(store.after(0)) == 500


# What stands beside the ledger


def test_an_enrolment_does_not_say_how_a_phone_was_met_or_revoked(store):
    store.offer_code(b"c" * 32, DANA, NOW + 1)
    claims = a_device("another phone")
    claims = type(claims)(
        claims.id, claims.public, claims.person, claims.label, NOW, revoked_at=1, last_contact=2,
        unsent=3,
    )  # fmt: skip
    device = store.enrol(b"c" * 32, claims)
    assert (device.revoked_at, device.last_contact, device.unsent) == (None, None, None)
    assert device == store.device(claims.id)


def test_codes_are_forgotten_a_day_after_they_ran_out(store):
    for code, expires_at in ((b"old", NOW - DAY - 1), (b"late", NOW - DAY), (b"new", NOW + 1)):
        store.offer_code(code, DANA, expires_at)
    store.enrol(b"new", a_device("another phone"))
    with store._ground.reading() as db:
        left = {code for (code,) in db.execute("SELECT hash FROM codes").fetchall()}
    assert b"old" not in left
    assert {b"late", b"new"} <= left


def test_a_hello_is_noted_with_its_time_and_what_waits(store):
    store.met(Contact(a_device().id, b"n" * 16, NOW + 7, 3))
    device = store.device(a_device().id)
    assert (device.last_contact, device.unsent) == (NOW + 7, 3)
    assert store.device(a_device("sam's phone").id).last_contact is None
