"""A phone's store that lost or changed a row: the rest goes on, and what is odd is seen."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.faults.conftest import MakePhone
from tests.faults.counts import SOAK, Runs
from tests.faults.history import History
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record

Faults = Callable[..., Runs]
GOOD = {"received", "in-record"}


def _damage(chance: random.Random) -> dict[str, object]:
    return chance.choice(
        [
            {"at": chance.randrange(65_536)},
            {"cut": chance.randrange(400)},
            {"cut": 0},
            {"gone": "bytes"},
        ]
    )


def test_a_damaged_entry_is_parked_and_shown_and_the_others_are_sent(
    fault: Faults, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("A13", "one entry's bytes changed at rest", 60, 1_000):
        phone = make_phone() if chance.random() < 0.05 else phone
        entries = [phone.log() for _ in range(chance.randint(1, 4))]
        hit = chance.choice(entries)
        history.destroys(phone.name, hit["words"])
        phone.tell("harm", n=hit["n"], **_damage(chance))
        assert phone.sync()["line"] == "reached"
        states = phone.states()
        assert states[hit["id"]] == "parked"
        assert {states[one["id"]] for one in entries if one is not hit} <= GOOD
    # The record reports that a number is missing.
    assert record.proves(history) == []


def test_a_lost_head_of_the_chain_is_found_again(
    fault: Faults, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("A14", "head of the chain lost", 20, 200):
        for _ in range(chance.randint(1, 3)):
            phone.log()
        phone.tell("head")
        phone.log()
        assert phone.sync()["line"] == "reached"
    phone.states()
    assert record.proves(history) == []


def test_a_head_ahead_of_the_entries_leaves_a_gap_that_the_record_reports(
    fault: Faults, make_phone: MakePhone, history: History, record: Record
) -> None:
    for chance in fault("A15", "head ahead of the entries", 5, 50):
        phone = make_phone()
        for _ in range(chance.randint(1, 3)):
            phone.log()
        ahead = chance.randint(1, 3)
        at = phone.tell("head", ahead=ahead)
        assert phone.log()["seq"] == at + ahead + 1
        assert phone.sync()["line"] == "reached"
        phone.states()
    # The history counts gaps in the record and wants each one reported.
    assert record.proves(history) == []


def test_a_disk_full_while_an_answer_is_written_down_asks_again(
    fault: Faults, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("A07", "disk full while an answer is written down", 30, 300):
        entries = [phone.log()["id"] for _ in range(chance.randint(1, 6))]
        phone.tell("full", k=chance.randrange(len(entries) + 1), thrown=chance.random() < 0.5)
        assert phone.sync()["line"] != "reached"
        # Whatever was not written down whole is still waiting; nothing is said that is not kept.
        phone.states()
        assert record.proves(history) == []
        assert phone.sync()["line"] == "reached"
        assert {phone.states()[one] for one in entries} <= GOOD
    assert record.proves(history) == []


def test_thousands_of_waiting_entries_go_in_their_order(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    many = 5_000 if SOAK else 1_000
    for _ in fault("A24", f"{many:,} waiting entries", 1, 3):
        phone = make_phone()
        for _ in range(many):
            phone.log()
        assert phone.sync()["line"] == "reached"
        assert set(phone.states().values()) <= GOOD
        rows = [row for row in record.rows() if row.device == phone.device]
        assert [row.seq for row in rows] == list(range(1, many + 1))
    assert record.proves(history) == []
