"""Whose phone it is, whether it is trusted, and which keys are in use: each entry keeps its author
and its place whatever becomes of these."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from logger.build import record as build
from logger.clock import system_clock
from logger.keys.key_files import read_keyring
from logger.keys.keyring import Keyring
from sync.enrolment import hash_code
from sync.store import Lane
from tests.faults.conftest import MakeCarrier, MakePhone
from tests.faults.counts import Runs
from tests.faults.history import History
from tests.faults.near import NearInstance
from tests.faults.record import Record
from tests.stranger_client import Door, Phone, ProblemError
from tests.stranger_wire import Event, b64, framed, now, sign_document

Faults = Callable[..., Runs]
DAY = 24 * 60 * 60 * 1000


@pytest.fixture(scope="module")
def served(near: NearInstance) -> NearInstance:
    """An instance whose keys can be changed in a moment."""
    return near


def _in_index(served: NearInstance, events: list[Event]) -> int:
    """How many of these entries can be worked with in the record."""
    db = served.side().index.read().conn
    asked = "SELECT count(*) FROM entries WHERE entry = ?"
    return sum(db.execute(asked, (one.header[36:52],)).fetchone()[0] for one in events)


def _set_aside(served: NearInstance, events: list[Event]) -> list[str]:
    db = served.side().index.read().conn
    why: dict[bytes, str] = dict(db.execute("SELECT id, why FROM set_aside").fetchall())
    return [why[one.id] for one in events if one.id in why]


def _lanes(record: Record, events: list[Event]) -> list[int]:
    lane = {one.id: one.lane for one in record.rows()}
    return [lane[b64(one.id)] for one in events]


def test_what_a_revoked_phone_still_has_is_set_aside_and_flagged(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History
) -> None:
    for chance in fault("E03", "a phone revoked with unsent entries", 6, 200):
        phone = carrier()
        before = phone.log(chance.randint(0, 2))
        phone.sync()
        late = phone.log(chance.randint(1, 4))
        record.revoke(phone.phone.device)
        answer = phone.sync()
        assert answer is not None
        assert set(answer.outcomes) <= {"set-aside"}
        assert {"code": "device.revoked", "count": 1} in answer.told["notices"]
        assert _lanes(record, before) == [Lane.RECORD] * len(before)
        assert _lanes(record, late) == [Lane.QUARANTINE] * len(late)
        served.follow()
        assert _set_aside(served, late) == ["revoked-phone"] * len(late)
        assert _in_index(served, late) == 0
    assert record.proves(history) == []


def test_a_phone_revoked_while_its_batch_is_on_its_way_is_one_thing_or_the_other(
    fault: Faults, carrier: MakeCarrier, record: Record, history: History
) -> None:
    for chance in fault("E04", "a phone revoked while batches are on their way", 8, 300):
        phone = carrier()
        phone.log(chance.randint(8, 24))
        batches = [phone.waiting[at : at + 4] for at in range(0, len(phone.waiting), 4)]
        revoking = threading.Thread(
            target=_revoke_later, args=(record, phone.phone.device, chance.random() * 0.04)
        )
        revoking.start()
        outcomes = [phone.phone.send(*batch).outcomes for batch in batches]
        revoking.join()
        # No batch is half the one and half the other, and after the first none is as before.
        kinds = [set(one) for one in outcomes]
        assert all(len(kind) == 1 for kind in kinds)
        line = [kind.pop() for kind in kinds]
        assert line == sorted(line, key=["stored", "set-aside"].index)
        lanes = _lanes(record, phone.waiting)
        said = [{"stored": 0, "set-aside": 1}[one] for batch in outcomes for one in batch]
        assert lanes == said
        phone.sync()
    assert record.proves(history) == []


def _revoke_later(record: Record, device: bytes, seconds: float) -> None:
    # At a moment by chance, so that it falls before, between or after the batches: whichever it is,
    # the test asks the same of them.
    time.sleep(seconds)
    record.revoke(device)


class Recording(Door):
    """The same door, and what was said to it."""

    def call(self, *words: Any, **more: Any) -> bytes:
        """Remember the body."""
        self.said = words[2] if len(words) > 2 else None
        return super().call(*words, **more)


def test_a_recorded_hello_is_refused_whoever_says_it_and_never_for_its_clock(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History
) -> None:
    phone, other = carrier(), carrier()
    phone.phone.door = door = Recording(served.phone_url)
    for chance in fault("E05", "a hello replayed, or said by another phone", 20, 500):
        phone.log()
        phone.sync()
        assert door.said is not None
        with pytest.raises(ProblemError) as refused:
            Door.call(door, "POST", "/sync/events", door.said)
        assert refused.value.code == "hello.replayed"
        # Another phone's key under the same words: the signature is not its own.
        said = phone.phone.hello(key=b64(other.phone.public))
        stolen = sign_document(phone.phone.key, "hello", said)
        with pytest.raises(ProblemError) as refused:
            Door.call(door, "POST", "/sync/events", framed([stolen]))
        assert refused.value.code == "signature.wrong"
        wild = phone.phone.hello(time=chance.choice([0, 1, 2**53 - 1, now() - 3_650 * DAY]))
        document = sign_document(phone.phone.key, "hello", wild)
        phone.phone.check(Door.call(door, "POST", "/sync/events", framed([document])), wild, [])
    assert record.proves(history) == []


def test_events_carried_by_another_phone_stay_their_authors_and_count_once(
    fault: Faults, carrier: MakeCarrier, record: Record, history: History
) -> None:
    thief = carrier()
    for chance in fault("E06", "events carried by another enrolled phone", 10, 500):
        phone = carrier()
        events = phone.log(chance.randint(1, 5))
        first = chance.random() < 0.5
        if first:
            phone.sync()
        carried = chance.sample(events, chance.randint(1, len(events)))
        outcomes = thief.phone.send(*carried).outcomes
        assert set(outcomes) == {"already-held" if first else "stored"}
        again = phone.sync()
        assert again is not None
        assert set(phone.state.values()) == {"received"}
    # The checker asks of every entry whether its author typed it, and whether it is there once.
    assert record.proves(history) == []


def test_entries_sealed_for_an_old_record_key_open_however_often_it_was_changed(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History
) -> None:
    phone = carrier()
    for chance in fault("E07", "the record key rotated while a phone is away", 3, 50):
        away = phone.log(chance.randint(1, 3))
        with served.away():
            for _ in range(chance.randint(1, 3)):
                assert served.command("keys", "rotate") == 0
        phone.sync()
        before = phone.phone.trusted.record_id
        served.follow()
        assert _in_index(served, away) == len(away)
        assert phone.phone.fetch_keys().record_id != before
    assert _fresh(served).proves(history) == []


def test_receipts_by_a_new_key_are_believed_once_the_root_has_said_so(
    fault: Faults, served: NearInstance, make_phone: MakePhone, history: History
) -> None:
    phone = make_phone()
    for chance in fault("E10", "the receipt key rotated while the app's phone is away", 3, 50):
        for _ in range(chance.randint(1, 3)):
            phone.log()
        with served.away():
            for _ in range(chance.randint(1, 3)):
                assert served.command("keys", "rotate", "--receipts") == 0
        # It asks the root's statement itself, and nobody is alarmed.
        assert phone.sync()["line"] == "reached"
        assert "waiting" not in phone.states().values()
        assert phone.tell("alarm") is None
    assert _fresh(served).proves(history) == []


def _fresh(served: NearInstance) -> Record:
    """The record with the keys as they are now."""
    return Record(served.folder)


def test_entries_whose_key_is_missing_wait_until_it_is_back(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, history: History,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    phone = carrier()
    for chance in fault("E09", "the record lacks the private key of one period", 3, 50):
        with served.away():
            assert served.command("keys", "rotate") == 0
        phone.phone.fetch_keys()
        sealed = phone.log(chance.randint(1, 4))
        phone.sync()
        key = phone.phone.trusted.record_id
        served.let_go()
        with monkeypatch.context() as patched:
            patched.setattr(build, "read_keyring", lambda *words, key=key: _without(key, *words))
            served.follow()
            assert _set_aside(served, sealed) == ["unknown-key"] * len(sealed)
            assert _in_index(served, sealed) == 0
            served.let_go()
        # The key is found again, from the recovery perhaps.
        assert served.command("rebuild") == 0
        assert _in_index(served, sealed) == len(sealed)
    assert _fresh(served).proves(history) == []


def _without(key: bytes, *words: Any) -> Keyring:
    keyring = read_keyring(*words)
    return replace(keyring, records=tuple(one for one in keyring.records if one.id != key))


def test_what_nobody_can_open_is_kept_set_aside_and_stays_on_its_phone(
    fault: Faults, served: NearInstance, carrier: MakeCarrier, record: Record, history: History
) -> None:
    phone = carrier()
    for chance in fault("E17", "a sealed part that cannot be opened", 20, 1_000):
        good = phone.log()
        phone.sync()
        bad = _harmed(chance, phone.phone)
        answer = phone.phone.send(bad, *phone.log())
        # *Stored*, as everything that an enrolled phone has signed; the others go on.
        assert answer.outcomes == ["stored", "stored"]
        served.follow()
        told = phone.phone.send(awaiting=[bad.id, good[0].id]).opened
        assert told[bad.id]["outcome"] == "set-aside"
        assert told[bad.id]["why"] == "cannot-be-opened"
        assert told[good[0].id]["outcome"] == "opened"
        assert (_in_index(served, [bad]), _in_index(served, good)) == (0, 1)
        phone.sync()
    assert _fresh(served).proves(history) == []


def _harmed(chance: random.Random, phone: Phone) -> Event:
    good = phone.capture()
    sealed = bytearray(good.sealed)
    # The key that was encapsulated, or what it opens.
    sealed[chance.choice([chance.randrange(65), chance.randrange(65, len(sealed))])] ^= (
        1 << chance.randrange(8)
    )
    event = phone.signed(good.header, bytes(sealed))
    phone.prev = event.id
    return event


def test_a_code_lets_one_phone_in_once_and_in_time(
    fault: Faults, served: NearInstance, record: Record
) -> None:
    assert record.demo_person is not None
    for chance in fault("E18", "an enrolment code reused, expired, raced for", 9, 300):
        with served.away():  # who tried in vain too often has to wait, and a door forgets
            pass
        how, code = chance.choice(["reused", "expired", "raced"]), record.code(record.demo_person)
        phones = [Phone(Door(served.phone_url)) for _ in range(2)]
        if how == "expired":
            past = system_clock() - chance.randint(1, 10 * DAY)
            record.offer(hash_code(code[::-1]), record.demo_person, past)
            assert _let_in(phones, code[::-1]) == 0
        elif how == "reused":
            assert _let_in(phones[:1], code) == 1
            assert _let_in(phones[1:], code) == 0
        else:
            assert _let_in(phones, code) == 1


def _let_in(phones: list[Phone], code: str) -> int:
    """How many of them, all at the same moment."""
    start, came = threading.Barrier(len(phones)), list[Phone]()

    def go(phone: Phone) -> None:
        phone.fetch_keys()
        start.wait(30)
        with contextlib.suppress(ProblemError):
            phone.enrol(code)
            came.append(phone)

    threads = [threading.Thread(target=go, args=(phone,)) for phone in phones]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return len(came)
