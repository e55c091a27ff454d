"""A ledger that was harmed at rest is refused, recovered or found by `verify`, never believed."""

from __future__ import annotations

import contextlib
import hashlib
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest

from sync.checkpoint import EarlierHead, Verdict, verify
from sync.errors import SyncError
from sync.sqlite import ground
from sync.store import Arrival, Lane, Row, link
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, SAM, a_chain, a_device, a_record_event, a_signer
from tests.faults.counts import Runs
from tests.faults.disk import Disk
from tests.faults.faulty_sqlite import module_over

Faults = Callable[..., Runs]
JOURNAL = a_signer("journal").public
NAMES = {"dana's phone": DANA, "sam's phone": SAM}
DANAS, SAMS = a_chain("dana's phone", 8), a_chain("sam's phone", 5)
REFUSED = (SyncError, sqlite3.Error)


def filled(path: Path) -> SqliteStore:
    """Thirteen entries of two phones and one event of the record, some set aside."""
    store = SqliteStore.create(path, EPOCH)
    for name, person in NAMES.items():
        store.offer_code(name.encode(), person, NOW + 1)
        store.enrol(name.encode(), a_device(name))
    store.keep([Arrival(event) for event in DANAS[:5]], NOW)
    store.append(a_record_event(1), NOW + 1)
    store.keep([Arrival(event, Lane.QUARANTINE) for event in DANAS[5:]], NOW + 2)
    store.keep([Arrival(event) for event in SAMS], NOW + 3)
    return store


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that nobody has touched."""
    path = tmp_path_factory.mktemp("sound") / "ledger.db"
    filled(path).close()
    return path


def rows_of(path: Path) -> list[Row]:
    """Everything in a ledger."""
    with contextlib.closing(SqliteStore.open(path)) as store:
        return store.after(0)


def judged(path: Path, earlier: EarlierHead | None = None) -> Verdict | None:
    """What `verify` says; None where the store does not even open."""
    try:
        with contextlib.closing(SqliteStore.open(path)) as store:
            return verify(store, [JOURNAL], earlier)
    except REFUSED:
        return None


def test_a_flipped_bit_of_the_file_is_found_or_changes_nothing(
    fault: Faults, sound: Path, tmp_path: Path
) -> None:
    raw, rows, copy = sound.read_bytes(), rows_of(sound), tmp_path / "flipped.db"
    found = 0
    for chance in fault("D08", "one bit of the database file flipped", 300, 20_000):
        flipped, at = bytearray(raw), chance.randrange(len(raw))
        flipped[at] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        verdict = judged(copy)
        if verdict is None or verdict.broken:
            found += 1
        else:
            # A byte that no row stands on, such as free room in a page.
            assert rows_of(copy) == rows, f"byte {at}"
    assert found > 0


def test_a_row_struck_out_exchanged_or_put_in_is_found_where_it_is(
    fault: Faults, sound: Path, tmp_path: Path
) -> None:
    ways = [_struck_out, _closed_up, _exchanged, _put_in, _changed, _words_exchanged]
    many = len(rows_of(sound))
    for n, chance in enumerate(
        fault("D09", "a row deleted, swapped or inserted by SQL", 60, 3_000)
    ):
        copy = tmp_path / "intruder.db"
        shutil.copyfile(sound, copy)
        with contextlib.closing(_as_intruder(copy)) as db:
            first = ways[n % len(ways)](db, chance, many)
        verdict = judged(copy)
        assert verdict is not None
        assert verdict.broken is not None, ways[n % len(ways)].__name__
        assert verdict.broken.position == first, ways[n % len(ways)].__name__


def _as_intruder(path: Path) -> sqlite3.Connection:
    """Whoever owns the file drops the triggers and the checks first."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    return db


def _struck_out(db: sqlite3.Connection, chance: random.Random, many: int) -> int:
    # Not the last: a tail that was cut needs an earlier head (D10).
    at = chance.randint(1, many - 1)
    for table in ("payloads", "ledger"):
        db.execute(f"DELETE FROM {table} WHERE position = ?", (at,))
    return at


def _closed_up(db: sqlite3.Connection, chance: random.Random, many: int) -> int:
    at = _struck_out(db, chance, many)
    _move(db, at, -1)
    return at


def _exchanged(db: sqlite3.Connection, chance: random.Random, many: int) -> int:
    one, other = sorted(chance.sample(range(1, many + 1), 2))
    for table in ("ledger", "payloads"):
        for old, new in ((one, 10_000), (other, one), (10_000, other)):
            db.execute(f"UPDATE {table} SET position = ? WHERE position = ?", (new, old))
    return one


def _words_exchanged(db: sqlite3.Connection, chance: random.Random, many: int) -> int:
    one, other = sorted(chance.sample(range(1, many + 1), 2))
    for old, new in ((one, 10_000), (other, one), (10_000, other)):
        db.execute("UPDATE payloads SET position = ? WHERE position = ?", (new, old))
    return one


def _put_in(db: sqlite3.Connection, chance: random.Random, many: int) -> int:
    """An event that a stranger signed, with a digest that follows from the row before."""
    at = chance.randint(1, many + 1)
    _move(db, at - 1, 1)
    event = a_chain(f"nobody's phone {chance.random()}", 1)[0]
    before = db.execute("SELECT digest FROM ledger WHERE position = ?", (at - 1,)).fetchone()
    digest = link(before[0] if before else bytes(32), at, Lane.RECORD, event.id, NOW)
    db.execute(
        "INSERT INTO ledger (position, lane, id, header, sealed_hash, signature, received_at,"
        " epoch, digest) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?)",
        (at, event.id, event.header.to_bytes(), hashlib.sha256(event.sealed).digest(),
         event.signature, NOW, EPOCH, digest),
    )  # fmt: skip
    db.execute("INSERT INTO payloads (position, sealed) VALUES (?, ?)", (at, event.sealed))
    return at


def _changed(db: sqlite3.Connection, chance: random.Random, many: int) -> int:
    at = chance.randint(1, many)
    table, column = chance.choice(
        [("ledger", "signature"), ("ledger", "id"), ("ledger", "digest"), ("payloads", "sealed")]
    )
    (value,) = db.execute(f"SELECT {column} FROM {table} WHERE position = ?", (at,)).fetchone()
    changed = bytearray(value)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    db.execute(f"UPDATE {table} SET {column} = ? WHERE position = ?", (bytes(changed), at))
    return at


def _move(db: sqlite3.Connection, above: int, by: int) -> None:
    for table in ("ledger", "payloads"):
        db.execute(f"UPDATE {table} SET position = -position WHERE position > ?", (above,))
        db.execute(f"UPDATE {table} SET position = -position + ? WHERE position < 0", (by,))


# --- the journal of a transaction that a power cut left behind (D07) ------------------------------


@pytest.fixture(params=["delete", "wal"])
def left_behind(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, list[Row], bool]]:
    """A ledger with its journal as a killed process leaves it, what was committed, and whether a
    part of that stands in the journal alone."""
    path = tmp_path / "made" / "ledger.db"
    path.parent.mkdir()
    if request.param == "delete":
        rows = _with_hot_journal(path, monkeypatch)
        yield path, rows, False
        return
    disk = Disk()
    module, vfs = module_over(disk)
    # A library with WAL, on the disk of this machine.
    module.sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    connection = module.connect
    module.connect = lambda address, **how: connection(address, vfs="", **how)
    monkeypatch.setattr(ground, "sqlite3", module)
    store = filled(path)
    rows = store.after(0)
    copy = tmp_path / "left"
    shutil.copytree(path.parent, copy)
    store.close()
    assert (copy / "ledger.db-wal").stat().st_size > 0
    yield copy / "ledger.db", rows, True
    vfs.unregister()


def _with_hot_journal(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Killed when all pages of a transaction are written and its journal is about to go."""
    filled(path).close()
    rows = rows_of(path)
    more = a_chain("dana's phone", 12)[8:]
    disk = Disk(fails=lambda _, what: apsw.IOError if what == "delete" else None)
    module, vfs = module_over(disk)
    with monkeypatch.context() as patched:
        patched.setattr(ground, "sqlite3", module)
        store = SqliteStore.open(path)
        kept = path.with_name("kept")
        # What fails here rolls back at once; the files as they stood then are what is wanted.
        disk.before_failure = lambda: shutil.copytree(path.parent, kept)
        with contextlib.suppress(*REFUSED):
            store.keep([Arrival(event) for event in more], NOW + 9)
        with contextlib.suppress(Exception):
            store.close()
    vfs.unregister()
    for name in ("ledger.db", "ledger.db-journal"):
        shutil.copyfile(kept / name, path.with_name(name))
    assert path.with_name("ledger.db-journal").stat().st_size > 512
    return rows


def test_a_harmed_journal_is_refused_recovered_or_found(
    fault: Faults, left_behind: tuple[Path, list[Row], bool], tmp_path: Path
) -> None:
    path, committed, in_journal = left_behind
    journal = next(one for one in path.parent.iterdir() if one.name.endswith(("-wal", "-journal")))
    raw, ends = journal.read_bytes(), SimpleNamespace(refused=0, prefix=0, found=0)
    head = EarlierHead(committed[-1].position, committed[-1].digest)
    mode = "WAL" if in_journal else "rollback journal"
    for n, chance in enumerate(fault(f"D07 {mode}", f"{mode} cut or flipped at rest", 60, 2_000)):
        copy = tmp_path / f"run-{n}" / "ledger.db"
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
        copy.with_name(journal.name).write_bytes(_harmed(raw, chance))
        verdict = judged(copy, head)
        if verdict is None:
            ends.refused += 1
        elif verdict.broken:
            ends.found += 1
        else:
            ends.prefix += 1
            # Whole, and with nothing less than what was committed.
            assert rows_of(copy)[: len(committed)] == committed
        shutil.rmtree(copy.parent)
    assert ends.found + ends.refused > 0, ends


def _harmed(raw: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return raw[: chance.randrange(len(raw))]
    flipped = bytearray(raw)
    flipped[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(flipped)
