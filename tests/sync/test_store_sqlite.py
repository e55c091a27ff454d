"""The SQLite store keeps the contract, and refuses a file that a power cut could empty."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys

import pytest

from sync.errors import LedgerBusy, LedgerFull, WeakStore
from sync.event import DECIDING_KINDS
from sync.sqlite import ground, statements
from sync.store import Arrival, Contact, EventStore, LostStore
from sync.store_sqlite import SqliteStore
from tests.contracts.erasing import ErasingContract
from tests.contracts.event_store import EventStoreContract, arrivals
from tests.contracts.losing import LosingContract
from tests.events import EPOCH, NOW, a_chain, a_device, an_event


class TestSqliteStore(EventStoreContract, ErasingContract, LosingContract):
    @pytest.fixture(autouse=True)
    def _two_openings(self, tmp_path):
        self.store: EventStore = SqliteStore.create(tmp_path / "ledger.db", EPOCH)
        self.another: EventStore = SqliteStore.open(tmp_path / "ledger.db")
        yield
        self.store.close()
        self.another.close()


def pragma(store, name):
    with store._ground.reading() as db:
        return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_file_is_made_with_settings_that_survive_a_power_cut(path):
    store = SqliteStore.open(path)
    safe_wal = sqlite3.sqlite_version_info >= (3, 51, 3)
    assert pragma(store, "journal_mode") == ("wal" if safe_wal else "delete")
    assert pragma(store, "synchronous") == (2 if safe_wal else 3)
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "trusted_schema") == 0
    assert pragma(store, "secure_delete") == 1
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_the_file_is_for_its_owner_alone(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_store_is_never_made_over_another(path):
    with pytest.raises(FileExistsError):
        SqliteStore.create(path, EPOCH)


def test_a_store_that_could_not_be_made_leaves_no_file(tmp_path):
    with pytest.raises(sqlite3.IntegrityError):
        SqliteStore.create(tmp_path / "ledger.db", b"short")
    assert list(tmp_path.iterdir()) == []


def test_opening_nothing_makes_nothing(tmp_path):
    with pytest.raises(WeakStore, match="no ledger"):
        SqliteStore.open(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []


def test_another_kind_of_database_is_refused(tmp_path):
    path = tmp_path / "other.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(WeakStore, match="not a ledger"):
        SqliteStore.open(path)


def as_the_first_release_made_it(path):
    """The same file without what came later, and with something in it."""
    store = SqliteStore.open(path)
    store.keep(arrivals(*a_chain(length=3)), NOW)
    store.met(Contact(a_device().id, b"n" * 16, NOW, 5))
    store.close()
    db = sqlite3.connect(path)
    for name in statements.ADDED:
        db.execute(f"DROP TABLE {name}")
    db.commit()
    db.close()


def everything_in(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def test_a_file_of_the_first_release_gets_what_came_later_and_keeps_the_rest(path):
    as_the_first_release_made_it(path)
    before = everything_in(path)
    assert not any("losses" in line for line in before)
    store = SqliteStore.open(path)
    lost = LostStore(b"1" * 32, 14, 2)
    assert store.met(Contact(a_device().id, b"m" * 16, NOW, 5, (lost,))) == {lost.device}
    assert SqliteStore.open(path).lost_stores() == {a_device().id: [lost]}
    assert store.damage() is None
    store.close()
    # The version stays: a release that does not know the table goes on with the file.
    new = {line.split()[2] for line in set(everything_in(path)) - set(before)}
    assert new == {"losses", '"losses"', '"nonces"'}
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_file_that_has_all_is_opened_without_writing(path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = SqliteStore.open(path)
    assert store.lost_stores() == {}
    store.close()
    other.close()


def test_both_doors_may_open_a_file_of_the_first_release_at_once(path):
    as_the_first_release_made_it(path)
    opener = "import sys; from pathlib import Path; from sync.store_sqlite import SqliteStore\n"
    opener += "print(SqliteStore.open(Path(sys.argv[1])).lost_stores())"
    doors = [
        subprocess.Popen([sys.executable, "-c", opener, str(path)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [door.communicate(timeout=60)[0].strip() for door in doors] == [b"{}"] * 4


@pytest.mark.skipif(
    sqlite3.sqlite_version_info >= ground.WAL_IS_SAFE_FROM, reason="WAL is safe with this SQLite"
)
def test_a_file_turned_to_wal_is_refused_where_wal_can_corrupt_it(path):
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    with pytest.raises(WeakStore, match="WAL"):
        SqliteStore.open(path)


@pytest.mark.parametrize(
    "weaker", ["synchronous = NORMAL", "foreign_keys = OFF", "secure_delete = OFF"]
)
def test_a_connection_with_weaker_settings_is_refused(path, weaker):
    db = ground._connect(path)
    db.execute(f"PRAGMA {weaker}").fetchall()
    with pytest.raises(WeakStore, match=weaker.split()[0]):
        ground._refuse_weaker(db)
    db.close()


def test_a_locked_ledger_is_busy_and_kept_nothing(path, monkeypatch):
    monkeypatch.setattr(ground, "WAIT_SECONDS", 0.05)
    store = SqliteStore.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerBusy):
        store.keep(arrivals(an_event()), NOW)
    with pytest.raises(LedgerBusy):
        store.head()
    other.execute("ROLLBACK")
    assert store.head().position == 0
    store.close()
    other.close()


def test_a_full_disk_keeps_nothing_and_recovers_when_there_is_room(path):
    store = SqliteStore.open(path)
    db = store._ground._write
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone()
    large = [an_event(seq=seq, sealed=bytes([seq]) * 60_000) for seq in range(1, 4)]
    with pytest.raises(LedgerFull):
        store.keep(arrivals(*large), NOW)
    assert store.head().position == 0
    db.execute("PRAGMA max_page_count = 1000000").fetchone()
    store.keep(arrivals(*large), NOW)
    assert store.head().position == 3
    store.close()


def test_a_group_that_lost_its_transaction_writes_nothing_more(path):
    store = SqliteStore.open(path)

    def lose_it_and_go_on():
        with store.one_commit():
            store._ground._write.conn.execute("ROLLBACK")
            store.keep(arrivals(an_event()), NOW)

    with pytest.raises(LedgerBusy):
        lose_it_and_go_on()
    assert store.head().position == 0
    store.close()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM ledger", "UPDATE ledger SET received_at = 0", "UPDATE payloads SET sealed = x''"],
)
def test_a_slip_cannot_edit_the_ledger(path, statement):
    store = SqliteStore.open(path)
    store.keep(arrivals(*a_chain()), NOW)
    with pytest.raises(sqlite3.IntegrityError), store._ground.writing() as db:
        db.execute(statement)
    store.close()


def test_the_statement_names_every_deciding_kind():
    named = {f"x'{kind:02x}'" for kind in DECIDING_KINDS}
    listed = statements.LAST_DECIDING.split("kind IN (")[1].split(")")[0]
    assert set(listed.split(", ")) == named


WRITER = """
import sys
from pathlib import Path
from sync.store import Arrival
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_chain
store = SqliteStore.open(Path(sys.argv[1]))
for event in a_chain(sys.argv[2], 40):
    store.keep([Arrival(event)], NOW)
store.close()
"""


def test_two_processes_write_one_chain(path):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    store = SqliteStore.open(path)
    rows = store.after(0)
    assert [row.position for row in rows] == list(range(1, 81))
    assert store.keep([Arrival(rows[7].event)], NOW)[0] == (rows[7], False)
    store.close()
