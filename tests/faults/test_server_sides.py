"""One side of the server is locked, away, served twice, without its key or half-way: the other goes
on, and nothing is lost."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from logger.cli.lock import PHONE, RECORD
from sync.sqlite import ground
from tests.faults import dying
from tests.faults.carriers import Carrier
from tests.faults.conftest import MakeCarrier
from tests.faults.counts import SOAK, Runs
from tests.faults.history import History
from tests.faults.near import NearInstance
from tests.faults.record import Record

Faults = Callable[..., Runs]


@pytest.fixture(scope="module")
def served(near: NearInstance) -> NearInstance:
    """An instance whose sides are opened and shut one by one."""
    return near


def test_a_ledger_that_somebody_holds_locked_is_busy_and_says_when_to_come_again(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, history: History, record: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if not SOAK:
        # The door's own patience is five seconds; what comes of it is the same.
        monkeypatch.setattr(ground, "WAIT_SECONDS", 0.2)
    with served.away():
        pass
    phones = [carrier() for _ in range(4)]
    for _ in fault("D14", "the ledger's lock held by another", 2, 10):
        refused = 0
        with _locked(served.settings.ledger):
            until = time.monotonic() + (40 if SOAK else 0)
            while refused < len(phones) or time.monotonic() < until:
                refused += _all_at_once(phones)
        assert _all_at_once(phones) == 0
    assert record.proves(history) == []


@contextmanager
def _locked(ledger: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield
        db.execute("ROLLBACK")


def _all_at_once(phones: list[Carrier]) -> int:
    """Each logs and sends; how many were told to come again, and when."""

    def go(phone: Carrier) -> None:
        phone.log()
        phone.sync()

    threads = [threading.Thread(target=go, args=(phone,)) for phone in phones]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    problems = [phone.problem for phone in phones if phone.problem]
    for problem in problems:
        assert (problem.status, problem.code) == (503, "ledger.busy")
        assert int(problem.headers["retry-after"]) > 0
    return len(problems)


def test_without_the_records_side_phones_get_their_receipts_and_the_rest_later(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History
) -> None:
    phone = carrier()
    for chance in fault("D17", "the record is down, the phone door is up", 4, 100):
        served.let_go()
        phone.log(chance.randint(1, 4))
        assert phone.sync() is not None
        assert set(phone.state.values()) <= {"received", "in-record"}
        served.follow()
        assert phone.sync() is not None
        assert set(phone.state.values()) == {"in-record"}
    assert record.proves(history) == []


def _missing(key: Path, _chance: random.Random) -> None:
    key.unlink()


def _another(key: Path, chance: random.Random) -> None:
    key.write_text(chance.randbytes(32).hex())


def _cut(key: Path, chance: random.Random) -> None:
    key.write_text(key.read_text()[: chance.randrange(64)])


def _noise(key: Path, chance: random.Random) -> None:
    key.write_bytes(chance.randbytes(64))


def _open_to_others(key: Path, _chance: random.Random) -> None:
    key.chmod(0o644)


def test_without_the_master_key_the_record_stays_shut_in_a_sentence_and_phones_go_on(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    key, phone = served.folder / "master.key", carrier()
    served.let_go()
    right = key.read_bytes()
    harms = [_missing, _another, _cut, _noise, _open_to_others]
    for n, chance in enumerate(fault("D18", "master key missing, wrong, cut or open", 5, 50)):
        harms[n % len(harms)](key, chance)
        for command in ("rebuild", "verify"):
            assert served.command(command) == 1
            said = capsys.readouterr()
            assert said.out == ""
            assert len(said.err.splitlines()) == 1, said.err
        if n == 0:
            assert dying.serving(served.folder) == 1
        phone.log()
        assert phone.sync() is not None
        key.unlink(missing_ok=True)
        key.write_bytes(right)
        key.chmod(0o600)
    served.follow()
    phone.sync()
    assert set(phone.state.values()) == {"in-record"}
    assert record.proves(history) == []


def test_an_instance_is_not_served_twice(
    fault: Faults, served: NearInstance, carrier: MakeCarrier
) -> None:
    for chance in fault("D13", "a second server on the same file", 2, 20):
        with dying.lock_held(served.settings.lock, chance.choice([PHONE, RECORD])):
            assert dying.serving(served.folder) == 1


def test_an_index_that_died_while_it_was_made_is_made_again(
    fault: Faults, served: NearInstance, carrier: MakeCarrier
) -> None:
    phone, died = carrier(), 0
    phone.log(30)
    assert phone.sync() is not None
    served.let_go()
    # At its start the record notes new phones, which is an event; there is none the second time.
    served.follow()
    before = _dump(served.settings.index)
    served.let_go()
    for chance in fault("D16 index", "SIGKILL while the index is made anew", 3, 100):
        died += dying.rebuilding_dies(served.folder, chance.randint(1, 400))
        # The old one was in use all the while; the new one is the same.
        assert _dump(served.settings.index) == before
        if chance.random() < 0.5:
            served.settings.index.unlink()
        served.follow()
        assert _dump(served.settings.index) == before
        served.let_go()
    assert died > 0


def _dump(index: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(index)) as db:
        return list(db.iterdump())


def test_noise_never_makes_the_door_large(
    fault: Faults, served: NearInstance, record: Record
) -> None:
    many = 20_000 if SOAK else 60
    for chance in fault("D19", f"{many:,} malformed requests in 200 MB more", 1, 20):
        answered = dying.under_noise(served.settings, chance.randrange(2**32), many)
        assert sum(answered.values()) == many
        assert {status // 100 for status in answered} <= {2, 4}, answered
