"""The server's disk loses power, fails or fills up: nothing that was receipted is lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import apsw
import pytest

from sync.checkpoint import verify
from sync.errors import LedgerBusy, LedgerFull, SyncError
from sync.sqlite import ground
from sync.store import Arrival
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, a_chain, a_device, a_record_event, a_signer
from tests.faults.counts import Runs
from tests.faults.disk import Disk
from tests.faults.faulty_sqlite import over

Faults = Callable[..., Runs]
JOURNAL = a_signer("journal").public
EVENTS = a_chain(length=12)
OWN = [a_record_event(number) for number in range(100, 103)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A new store with one phone in it, made on a sound disk."""
    path = tmp_path_factory.mktemp("empty") / "ledger.db"
    store = SqliteStore.create(path, EPOCH)
    store.offer_code(b"c" * 32, DANA, NOW + 1)
    store.enrol(b"c" * 32, a_device())
    store.close()
    return path.read_bytes()


def work(path: Path, acknowledged: list[bytes]) -> None:
    """What the doors do: batches of phones, events of the record; ids go down once it returned."""
    store = SqliteStore.open(path)
    try:
        for start in range(0, len(EVENTS), 4):
            batch = EVENTS[start : start + 4]
            store.keep([Arrival(event) for event in batch], NOW)
            acknowledged += [event.id for event in batch]
            own = OWN[start // 4]
            store.append(own, NOW)
            acknowledged.append(own.id)
    finally:
        with suppress(Exception):
            store.close()


def lost(path: Path, acknowledged: list[bytes]) -> set[bytes]:
    """What was receipted and is not there, once the machine stands again, on a sound disk."""
    store = SqliteStore.open(path)
    try:
        verdict = verify(store, [JOURNAL])
        assert verdict.broken is None, verdict.broken
        return set(acknowledged) - store.held(acknowledged)
    finally:
        store.close()


def calls_of_all_work(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    disk, done = Disk(), list[bytes]()
    with over(disk, monkeypatch):
        work(path, done)
    assert len(done) == len(EVENTS) + len(OWN)
    return disk.calls


def a_power_cut(
    path: Path, chance: random.Random, last: int, patch: pytest.MonkeyPatch
) -> list[bytes]:
    """Work until the power goes at some call; what was acknowledged until then."""
    at, done = chance.randint(1, last), list[bytes]()
    disk = Disk(fails=lambda n, _what: apsw.IOError if n >= at else None)
    with over(disk, patch), suppress(SyncError, ground.sqlite3.Error):
        work(path, done)
    disk.cut(chance)
    return done


def test_no_power_cut_loses_what_was_receipted(
    fault: Faults, empty: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = count()
    path = fresh(tmp_path, empty, number)
    last, receipted = calls_of_all_work(path, monkeypatch), 0
    for chance in fault("D04", "power cut under the ledger, unsynced writes lost", 60, 2_000):
        path = fresh(tmp_path, empty, number)
        acknowledged = a_power_cut(path, chance, last, monkeypatch)
        receipted += len(acknowledged)
        assert lost(path, acknowledged) == set()
        path.unlink()
    assert receipted > 0


def test_the_same_cuts_do_harm_where_nothing_is_synced(
    fault: Faults, empty: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Shows that the test above can fail: without syncs, cuts lose entries or tear the file.
    number, harmed = count(), 0
    last = calls_of_all_work(fresh(tmp_path, empty, number), monkeypatch)
    monkeypatch.setattr(ground, "_SYNCHRONOUS", {"delete": 0})
    for chance in fault("D04-", "the same with synchronous=OFF, which must be seen", 20, 60):
        path = fresh(tmp_path, empty, number)
        acknowledged = a_power_cut(path, chance, last, monkeypatch)
        try:
            harmed += bool(lost(path, acknowledged))
        except (AssertionError, SyncError):
            harmed += 1
    assert harmed > 0


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for-ever"])
def test_an_error_at_any_call_costs_no_receipt(
    fault: Faults, empty: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, for_ever: bool
) -> None:
    number = count()
    last = calls_of_all_work(fresh(tmp_path, empty, number), monkeypatch)
    calls = iter(random.Random(last).sample(range(1, last + 1), last))
    title = f"I/O error at the n-th call, {'for ever' if for_ever else 'once'}"
    for _ in fault("D05", title, min(last, 100), last):
        at, path, done = next(calls), fresh(tmp_path, empty, number), list[bytes]()

        def fails(n: int, _what: str, at: int = at) -> type[Exception] | None:
            return apsw.IOError if n == at or (for_ever and n > at) else None

        with over(Disk(fails=fails), monkeypatch), suppress(SyncError, ground.sqlite3.Error):
            work(path, done)
        assert lost(path, done) == set()


def test_a_full_disk_is_said_so_costs_nothing_and_is_over_when_there_is_room(
    fault: Faults, empty: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = count()
    last = calls_of_all_work(fresh(tmp_path, empty, number), monkeypatch)
    full_seen = 0
    for chance in fault("D06", "disk full at any write, then room again", 50, 400):
        path, at, room = fresh(tmp_path, empty, number), chance.randint(1, last), [False]

        def fails(n: int, what: str, at: int = at, room: list[bool] = room):  # type: ignore[no-untyped-def]
            full = n >= at and not room[0] and what == "grow"
            return apsw.FullError if full else None

        with over(Disk(fails=fails), monkeypatch):
            store = SqliteStore.open(path)
            kept: list[bytes] = []
            for event in EVENTS:
                try:
                    store.keep([Arrival(event)], NOW)
                except (LedgerFull, LedgerBusy):
                    full_seen += 1
                    # What was kept before can still be read.
                    assert store.held(kept) == set(kept)
                    room[0] = True
                    store.keep([Arrival(event)], NOW)
                kept.append(event.id)
            assert store.held(kept) == {event.id for event in EVENTS}
            store.close()
        assert lost(path, kept) == set()
    assert full_seen > 0


def fresh(folder: Path, content: bytes, number: Iterator[int]) -> Path:
    """The empty store again, in a file of its own."""
    path = folder / f"ledger-{next(number)}.db"
    path.write_bytes(content)
    path.chmod(0o600)
    return path
