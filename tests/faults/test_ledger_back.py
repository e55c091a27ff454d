"""An older ledger stands in the place of the newer one: phones notice, and bring back the rest.

Put back by `restore`, which begins an epoch, or as a file behind everybody's back, which does not;
and phones that were copied or put back themselves.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.checkpoint import EarlierHead, verify
from sync.store_sqlite import SqliteStore
from tests.faults.carriers import Carrier
from tests.faults.conftest import MakeCarrier, MakePhone
from tests.faults.counts import Runs
from tests.faults.history import History
from tests.faults.near import NearInstance
from tests.faults.record import Record

Faults = Callable[..., Runs]


@pytest.fixture(scope="module")
def served(near: NearInstance) -> NearInstance:
    """An instance that can be shut and opened in a moment."""
    return near


def test_a_ledger_put_back_is_noticed_and_made_whole_again(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, history: History, tmp_path: Path
) -> None:
    phones = [carrier() for _ in range(3)]
    public = served.side().keyring.journal.public
    for chance in fault("D10", "the whole tail cut, with a new epoch or without", 5, 500):
        for phone in phones:
            phone.log(chance.randint(1, 3))
            phone.sync()
        older = served.copy(tmp_path / "older.db")
        head = _head(older)
        for phone in chance.sample(phones, chance.randint(1, 3)):
            phone.log(chance.randint(1, 4))
            phone.sync()
        newer = _head(served.settings.ledger)
        served.put_back(older, chance.randbytes(16) if chance.random() < 0.5 else None)
        history.goes_back("the server", head.position)
        if newer.position > head.position:
            assert _finds(served, public, newer)
        # Some meet it at once; others when it has grown past where they last saw it end.
        chance.shuffle(phones)
        for phone in phones:
            phone.log(chance.randint(0, 3))
            assert phone.sync() is not None
        for phone in phones:
            phone.sync()
    with _opened(served) as record:
        assert record.proves(history) == []


def test_the_apps_own_phones_bring_back_what_was_cut(
    fault: Faults, served: NearInstance, make_phone: MakePhone, history: History, tmp_path: Path
) -> None:
    phones = [make_phone() for _ in range(2)]
    for chance in fault("D10 app", "the whole tail cut under the app's own phones", 3, 200):
        for phone in phones:
            phone.log()
            assert phone.sync()["line"] == "reached"
        older = served.copy(tmp_path / "older.db")
        for phone in phones:
            phone.log()
            assert phone.sync()["line"] == "reached"
        served.put_back(older, chance.randbytes(16) if chance.random() < 0.5 else None)
        chance.shuffle(phones)
        for phone in phones:
            for _ in range(chance.randint(0, 3)):
                phone.log()
            assert phone.sync()["line"] == "reached"
            assert phone.sync()["line"] == "reached"
            phone.states()
    with _opened(served) as record:
        assert record.proves(history) == []


def test_more_than_one_question_can_name_comes_back_too(
    fault: Faults, served: NearInstance, make_phone: MakePhone, history: History, tmp_path: Path
) -> None:
    for chance in fault("D10 many", "more cut than one question of a phone can name", 1, 20):
        phone = make_phone()
        phone.log()
        assert phone.sync()["line"] == "reached"
        older = served.copy(tmp_path / "older.db")
        for _ in range(chance.randint(501, 1_100)):
            phone.log()
        assert phone.sync()["line"] == "reached"
        # Put back a second time, too, with what has come again in the meantime.
        for _ in range(chance.randint(1, 2)):
            served.put_back(older, chance.randbytes(16))
            assert phone.sync()["line"] == "reached"
        assert "waiting" not in phone.states().values()
    with _opened(served) as record:
        assert record.proves(history) == []


def _head(path: Path) -> EarlierHead:
    with contextlib.closing(SqliteStore.open(path)) as store:
        head = store.head()
    return EarlierHead(head.position, head.digest)


def _finds(served: NearInstance, public: bytes, newer: EarlierHead) -> bool:
    """Whether `verify` with the later head says that the tail is gone."""
    with contextlib.closing(SqliteStore.open(served.settings.ledger)) as store:
        return verify(store, [public], newer).broken is not None


@contextlib.contextmanager
def _opened(served: NearInstance) -> Iterator[Record]:
    """The record as it is now; the file may be another one than a moment ago."""
    record = Record(served.folder)
    yield record
    record.close()


def test_a_copy_made_while_phones_send_is_whole(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History,
    tmp_path: Path,
) -> None:  # fmt: skip
    phones, stop = [carrier() for _ in range(3)], threading.Event()
    public = served.side().keyring.journal.public

    def keep_sending(phone: Carrier) -> None:
        while not stop.is_set():
            phone.log(4)
            phone.sync()

    senders = [threading.Thread(target=keep_sending, args=(phone,)) for phone in phones]
    for sender in senders:
        sender.start()
    grown = 0
    try:
        for _ in fault("D12", "an online copy while phones send", 3, 200):
            before = _head(served.settings.ledger)
            copy = _head(served.copy(tmp_path / "copy.db"))
            with contextlib.closing(SqliteStore.open(tmp_path / "copy.db")) as store:
                assert verify(store, [public], before).broken is None
                assert [row.position for row in store.after(0, 10**6)] == list(
                    range(1, copy.position + 1)
                )
            with contextlib.closing(SqliteStore.open(served.settings.ledger)) as store:
                assert store.digest_at(copy.position) == copy.digest
            grown += copy.position - before.position
    finally:
        stop.set()
        for sender in senders:
            sender.join(30)
    assert record.proves(history) == []


def test_a_copied_phone_makes_a_fork_that_is_told_and_both_branches_stay(
    fault: Faults, carrier: MakeCarrier, record: Record, history: History
) -> None:
    forked: list[Carrier] = []
    for chance in fault("E01", "a phone copied, both send", 4, 200):
        phone = carrier()
        phone.log(chance.randint(0, 3))
        phone.sync()
        phone.log(chance.randint(0, 2))
        other = phone.copied()
        both = [phone, other]
        for _ in range(chance.randint(1, 3)):
            for one in chance.sample(both, 2):
                one.log(chance.randint(1, 2))
                one.sync()
        forked.append(phone)
    assert all(_forks(record, phone) for phone in forked)
    assert record.proves(history) == []


def test_a_phone_put_back_to_an_older_state_loses_and_hides_nothing(
    fault: Faults, carrier: MakeCarrier, record: Record, history: History
) -> None:
    forked: list[Carrier] = []
    for chance in fault("E02", "a phone restored from an older copy", 4, 200):
        phone = carrier()
        phone.log(chance.randint(1, 3))
        phone.sync()
        older = phone.copied()
        phone.log(chance.randint(1, 3))
        phone.sync()
        # From here on only the older one is used: the same numbers come a second time.
        older.log(chance.randint(1, 4))
        assert older.sync() is not None
        forked.append(phone)
    assert all(_forks(record, phone) for phone in forked)
    assert record.proves(history) == []


def test_a_copied_phone_and_a_ledger_that_was_put_back(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, history: History, tmp_path: Path
) -> None:
    forked: list[Carrier] = []
    for chance in fault("G03", "E01 with D10: a copied phone, and the tail cut", 3, 100):
        phone = carrier()
        phone.log(chance.randint(1, 3))
        phone.sync()
        other = phone.copied()
        older = served.copy(tmp_path / "older.db")
        position = _head(older).position
        for one in _shuffled(chance, [phone, other]):
            one.log(chance.randint(1, 3))
            one.sync()
        served.put_back(older, chance.randbytes(16) if chance.random() < 0.5 else None)
        history.goes_back("the server", position)
        for one in _shuffled(chance, [phone, other] * 2):
            one.log(chance.randint(0, 2))
            one.sync()
        forked.append(phone)
    with _opened(served) as record:
        assert all(_forks(record, phone) for phone in forked)
        assert record.proves(history) == []


def _shuffled(chance: random.Random, phones: list[Carrier]) -> list[Carrier]:
    return chance.sample(phones, len(phones))


def _forks(record: Record, phone: Carrier) -> int:
    found = record.verdict().findings
    return sum(one.what == "fork" and one.device == phone.phone.device for one in found)
