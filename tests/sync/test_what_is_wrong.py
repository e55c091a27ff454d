"""What `verify` says of a ledger that was touched, in words that somebody can act on."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from sync.checkpoint import EarlierHead, verify
from sync.event import ERASURE
from sync.store import Arrival
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_chain, a_device, a_record_event, a_signer, an_event

JOURNAL = a_signer("journal").public
MINUTE = 60_000


def touched(path, *statements):
    """The file after these statements, by somebody whom no trigger and no check stops."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)


@pytest.mark.parametrize(
    ("done", "position", "why"),
    [
        ("DELETE FROM ledger WHERE position = 2", 2, "this row is missing"),
        ("UPDATE ledger SET id = zeroblob(32) WHERE position = 2", 2, "its id is not its own"),
        ("UPDATE ledger SET received_at = 1 WHERE position = 2", 2,
         "its digest does not follow from the one before"),
        ("UPDATE ledger SET signature = zeroblob(64) WHERE position = 3", 3,
         "its signature does not hold"),
        ("UPDATE payloads SET sealed = x'00' WHERE position = 3", 3,
         "its payload is not the one that was signed"),
        ("DELETE FROM payloads WHERE position IN (2, 3)", 2,
         "its payload is gone and no erasure says why"),
        ("DELETE FROM devices", 1, "nobody known has signed it"),
        ("UPDATE devices SET public = zeroblob(65)", 1,
         "the key of the phone that signed it has been changed"),
        ("UPDATE ledger SET epoch = x'00' WHERE position = 1", 3,
         "ledger 1 points at nothing in epochs"),
        ("UPDATE ledger SET lane = 9 WHERE position = 2", 2,
         "the row cannot be read: 9 is not a valid Lane"),
    ],
)  # fmt: skip
def test_the_first_thing_wrong_is_named_at_its_row(store, path, done, position, why):
    store.keep([Arrival(event) for event in a_chain()], NOW)
    touched(path, done)
    verdict = verify(store)
    assert verdict.broken is not None
    assert (verdict.broken.position, verdict.broken.why) == (position, why)
    assert str(verdict.broken) == f"position {position}: {why}"


def test_a_row_that_cannot_be_read_hides_no_earlier_fault(store, path):
    store.keep([Arrival(event) for event in a_chain()], NOW)
    touched(
        path,
        "UPDATE ledger SET header = zeroblob(110) WHERE position = 3",
        "UPDATE ledger SET signature = zeroblob(64) WHERE position = 2",
    )
    verdict = verify(store)
    assert (verdict.broken.position, verdict.broken.why) == (2, "its signature does not hold")
    assert (verdict.rows, verdict.digest) == (1, store.digest_at(1))


def test_a_cut_or_rewritten_ledger_says_what_the_earlier_head_says_of_it(store):
    store.keep([Arrival(event) for event in a_chain()], NOW)
    cut = verify(store, earlier=EarlierHead(7, bytes(32))).broken
    assert (cut.position, cut.why) == (3, "the ledger ends here and once reached 7")
    anew = verify(store, earlier=EarlierHead(2, bytes(32))).broken
    why = "the ledger up to here is not the one of the earlier head"
    assert (anew.position, anew.why) == (2, why)


def test_a_long_ledger_is_walked_page_by_page_and_says_how_far_it_is(store):
    store.keep([Arrival(event) for event in a_chain(length=450)], NOW)
    told = []
    verdict = verify(store, progress=lambda done, of: told.append((done, of)))
    assert told == [(200, 450), (400, 450), (450, 450)]
    assert (verdict.rows, verdict.broken, verdict.findings) == (450, None, ())


def test_a_clock_that_was_turned_back_is_shown_and_two_that_differ_a_little_are_not(store):
    for seq, at in enumerate([NOW, NOW - MINUTE, NOW, NOW - MINUTE - 1, NOW - MINUTE], start=1):
        store.keep([Arrival(an_event(seq=seq))], at)
    verdict = verify(store)
    assert (verdict.broken, verdict.turned_back) == (None, (4,))


def test_an_erasure_excuses_the_payloads_before_it_and_none_behind(store, path):
    entry = an_event().header.entry
    store.keep([Arrival(an_event())], NOW)
    store.append(a_record_event(7, ERASURE, entry), NOW)
    store.keep([Arrival(an_event(seq=2, entry=entry))], NOW)
    touched(path, "DELETE FROM payloads WHERE position = 1")
    assert verify(store, [JOURNAL]).broken is None
    touched(path, "DELETE FROM payloads WHERE position = 3")
    assert verify(store, [JOURNAL]).broken.position == 3


def test_of_several_entries_without_words_the_first_is_named(store, path):
    store.keep([Arrival(event) for event in a_chain(length=4)], NOW)
    touched(path, "DELETE FROM payloads WHERE position IN (4, 3)")
    assert verify(store).broken.position == 3


def test_a_gap_names_the_phone_the_number_and_where_it_stands(store):
    chain = a_chain("sam's phone", 5)
    store.keep([Arrival(event) for event in (chain[0], chain[3], chain[4])], NOW)
    (found,) = verify(store).findings
    assert (found.device, found.seq, found.position) == (a_device("sam's phone").id, 4, 2)
    assert found.what == "gap"


def test_a_phone_that_begins_with_another_number_leaves_a_gap_before_it(store):
    store.keep([Arrival(event) for event in a_chain(length=3)[1:]], NOW)
    assert [(found.seq, found.what) for found in verify(store).findings] == [(2, "gap")]


def test_a_broken_ledger_is_told_without_findings(store, path):
    store.keep([Arrival(a_chain(length=3)[2])], NOW)
    touched(path, "UPDATE ledger SET signature = zeroblob(64)")
    verdict = verify(store)
    assert (verdict.findings, verdict.turned_back) == ((), ())


def test_a_file_that_sqlite_finds_damaged_says_so(store, path):
    store.keep([Arrival(event) for event in a_chain(length=20)], NOW)
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_schema SET rootpage = 4 WHERE name = 'ledger_by_device'")
        db.commit()
    with contextlib.closing(SqliteStore.open(path)) as harmed:
        assert (harmed.damage() or "").startswith("the database file is damaged: ")
