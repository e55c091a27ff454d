"""Intake judges each event alone, keeps what may be kept, and signs only what is committed."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading

import pytest

from sync.errors import (
    LedgerBusy,
    LedgerFull,
    MalformedDocument,
    ReplayedHello,
    UnusableCode,
    WrongSignature,
)
from sync.event import DOCUMENTATION
from sync.frames import from_text, to_text, verify
from sync.group_commit import GroupCommit
from sync.intake import Intake
from sync.receipt import Outcome, opened_statement, stored_bytes
from sync.store import Arrival, Contact, Lane
from sync.store_sqlite import SqliteStore
from tests.events import (
    EPOCH,
    NOW,
    a_chain,
    a_device,
    a_signer,
    an_event,
    mirrored,
    with_header,
)
from tests.phone_words import a_hello, a_nonce, read_document
from tests.sync_vectors import DOCUMENTS, named


def send(intake, *events, hello=None):
    raws = [event if isinstance(event, bytes) else event.to_bytes() for event in events]
    return read_document(intake.answer(hello or a_hello(), raws))


def outcomes(answer):
    return [(result["outcome"], result["why"]) for result in answer["results"]]


def test_a_batch_is_stored_and_receipted_in_the_order_sent(intake, store):
    chain = a_chain(length=3)
    answer = send(intake, *reversed(chain))
    assert outcomes(answer) == [("stored", "")] * 3
    assert [result["id"] for result in answer["results"]] == [
        to_text(event.id) for event in reversed(chain)
    ]
    head = store.head()
    assert answer["head"] == {"position": 3, "digest": to_text(head.digest)}
    assert answer["epoch"] == to_text(EPOCH)


def test_a_phone_that_saw_another_ledger_of_this_epoch_is_asked_for_what_it_holds(intake, store):
    send(intake, *a_chain(length=3))
    there = store.head()

    def told(position, digest=there.digest, epoch=EPOCH):
        seen = {"epoch": to_text(epoch), "position": position, "digest": to_text(digest)}
        return [one["code"] for one in send(intake, hello=a_hello(seen=seen))["notices"]]

    assert told(3) == told(0, bytes(32)) == told(3, bytes(32), bytes(16)) == []
    for contradicts in (told(3, bytes(32)), told(2), told(4), told(10**30), told(-1)):
        assert contradicts == ["ledger.another"]


def test_a_receipt_covers_the_committed_row(intake, store):
    receipt = send(intake, an_event())["results"][0]["receipt"]
    row = store.row(an_event().id)
    facts = stored_bytes(EPOCH, row.id, row.position, row.lane, row.received_at)
    verify(a_signer("stored").public, from_text(receipt["signature"], 64), facts)
    assert (receipt["position"], receipt["lane"], receipt["received_at"]) == (1, 0, NOW)


def test_an_event_sent_again_gets_the_same_receipt(intake):
    first = send(intake, an_event())["results"][0]
    again = send(intake, mirrored(an_event()), hello=a_hello("sam's phone"))["results"][0]
    assert (first["outcome"], again["outcome"]) == ("stored", "already-held")
    assert first["receipt"] == again["receipt"]


def test_every_bad_event_is_refused_alone_and_says_why(intake, store):
    good, before = a_chain(length=2)
    answer = send(
        intake,
        good,
        b"",
        good.to_bytes() + b"\0",
        with_header(an_event(seq=3), at=1),
        an_event("nobody's phone"),
        an_event(kind=DOCUMENTATION),
        before,
    )
    assert outcomes(answer) == [
        ("stored", ""),
        ("refused", "event.malformed"),
        ("refused", "event.malformed"),
        ("refused", "signature.wrong"),
        ("not-enrolled", ""),
        ("refused", "event.kind"),
        ("stored", ""),
    ]
    assert [result["id"] is None for result in answer["results"]] == [
        False, True, True, False, False, False, False,
    ]  # fmt: skip
    assert store.head().position == 2


def test_a_colleague_may_carry_an_event_and_it_stays_its_writers(intake, store):
    answer = send(intake, an_event("sam's phone"))
    assert outcomes(answer) == [("stored", "")]
    assert store.after(0)[0].header.device == a_device("sam's phone").id


def test_a_stranger_leaves_no_trace_and_learns_nothing(intake, store):
    send(intake, an_event())
    hello = a_hello("nobody's phone", holds=[to_text(an_event().id)])
    for _ in range(2):  # not even the nonce is remembered
        answer = send(intake, an_event(seq=2), b"noise", hello=hello)
        assert outcomes(answer) == [("not-enrolled", ""), ("refused", "event.malformed")]
        assert answer["head"]["position"] == 0
        assert (answer["missing"], answer["opened"]) == ([], [])
    assert store.head().position == 1


def test_a_revoked_phones_events_are_kept_in_quarantine_and_receipted(intake, store):
    send(intake, an_event(seq=1))
    store.revoke(a_device().id, NOW)
    answer = send(intake, an_event(seq=1), an_event(seq=2))
    assert outcomes(answer) == [("already-held", ""), ("set-aside", "")]
    assert [result["receipt"]["lane"] for result in answer["results"]] == [0, 1]
    assert answer["notices"] == [{"code": "device.revoked", "count": 1}]
    assert store.after(1)[0].lane is Lane.QUARANTINE
    # A lost answer must not turn quarantine into "received".
    assert outcomes(send(intake, an_event(seq=2))) == [("set-aside", "")]


def test_an_event_whose_words_were_erased_is_disposed(intake, store):
    send(intake, an_event())
    with store._ground.writing() as db:
        db.execute("DELETE FROM payloads")
    answer = send(intake, an_event())
    assert outcomes(answer) == [("disposed", "")]
    assert answer["results"][0]["receipt"] is None


def test_what_came_with_a_hello_waits_no_longer_and_what_was_carried_never_did(intake, store):
    own, carried = a_chain(length=2), an_event("sam's phone")
    send(intake, *own, carried, hello=a_hello(unsent=5))
    assert store.device(a_device().id).unsent == 3


def test_a_hello_is_taken_once(intake, store):
    hello = a_hello(unsent=7)
    send(intake, hello=hello)
    with pytest.raises(ReplayedHello):
        intake.answer(hello, [an_event().to_bytes()])
    assert store.head().position == 0
    assert store.device(a_device().id).unsent == 7


def test_no_clock_of_a_phone_is_a_reason_to_refuse(intake):
    for time in (0, -(2**62), 2**62):
        answer = send(intake, an_event(at=time), hello=a_hello(time=time))
        assert outcomes(answer)[0][0] == "stored"


def test_a_phone_is_told_what_is_missing_and_what_was_opened(intake, store):
    kept, lost = a_chain(length=2)
    send(intake, kept)
    said = opened_statement(kept.id, Outcome.OPENED, NOW, "", a_signer("opened"))
    store.announce([(kept.id, said)])
    ids = [to_text(kept.id), to_text(lost.id)]
    answer = send(intake, hello=a_hello(holds=ids, awaiting=ids))
    assert answer["missing"] == ids[1:]
    assert [each["id"] for each in answer["opened"]] == ids[:1]


def test_more_than_one_hello_can_name_is_named_in_several(intake):
    chain = a_chain(length=1_030)
    for kept in (chain[:15], chain[600:603]):
        send(intake, *kept)
    ids = [to_text(event.id) for event in reversed(chain)]
    told = []
    for begin in range(0, len(ids), 500):
        told += send(intake, hello=a_hello(holds=ids[begin : begin + 500]))["missing"]
    assert told == ids[:427] + ids[430:1_015]
    with pytest.raises(MalformedDocument):
        send(intake, hello=a_hello(holds=ids[:501]))


@pytest.mark.parametrize("case", named(DOCUMENTS["bad"]))
def test_a_bad_hello_is_refused_for_its_reason(intake, store, case):
    error = {"document.malformed": MalformedDocument, "signature.wrong": WrongSignature}
    with pytest.raises(error[case["reason"]]):
        intake.answer(bytes.fromhex(case["document"]), [an_event().to_bytes()])
    assert store.head().position == 0


def test_many_at_once_are_each_answered_for_their_own(intake, store):
    answers, ready = {}, threading.Barrier(8)

    def work(number):
        ready.wait()
        for step in range(5):
            event = an_event(seq=1 + number * 100 + step)
            answers[event.id] = send(intake, event)["results"][0]

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert store.head().position == 40
    for event_id, result in answers.items():
        assert result["id"] == to_text(event_id)
        assert result["receipt"]["position"] == store.row(event_id).position


class TakenByAnother(SqliteStore):
    """A store that another process writes to from the moment a commit is done."""

    depth, other = 0, None

    @contextlib.contextmanager
    def one_commit(self):
        self.depth += 1
        with super().one_commit():
            yield
        self.depth -= 1
        if self.depth == 0 and self.other:
            self.other.execute("BEGIN EXCLUSIVE")


def test_what_is_kept_is_answered_without_waiting_for_the_next_commit(store, path):
    busy = TakenByAnother.open(path)
    intake = Intake(busy, a_signer("stored"), lambda: NOW)
    send(intake, an_event(seq=1))
    with contextlib.closing(sqlite3.connect(path, check_same_thread=False)) as busy.other:
        answer = send(intake, an_event(seq=2))
        busy.other.rollback()
    assert outcomes(answer) == [("stored", "")]
    intake.close()
    busy.close()


# The writer behind it


@pytest.fixture
def writer(store):
    writer = GroupCommit(store)
    yield writer
    writer.close()


def together(writer, works):
    """Runs all these in one group: the first holds the thread until all others wait."""
    results, hold, begun = {}, threading.Event(), threading.Event()

    def run(name, do):
        try:
            results[name] = writer.run(do)
        except Exception as error:  # noqa: BLE001  compared by the test
            results[name] = error

    def first():
        begun.set()
        hold.wait()

    threads = [threading.Thread(target=run, args=("first", first))]
    threads[0].start()
    begun.wait()
    for name, do in works.items():
        threads.append(threading.Thread(target=run, args=(name, do)))
        threads[-1].start()
    while writer._waiting.qsize() < len(works):
        threading.Event().wait(0.001)
    hold.set()
    for thread in threads:
        thread.join()
    return results


def keeps(store, seq):
    return lambda: store.keep([Arrival(an_event(seq=seq))], NOW)[0][0].header.seq


def test_what_waits_together_is_one_commit(store, path, writer):
    watcher = SqliteStore.open(path)
    changed, seen = watcher.changes(), []
    changed()

    def keep_and_look(seq):
        def do():
            seen.append(changed())
            return keeps(store, seq)()

        return do

    results = together(writer, {seq: keep_and_look(seq) for seq in range(1, 6)})
    assert sorted(seq for seq in results.values() if seq) == [1, 2, 3, 4, 5]
    assert not any(seen)
    assert changed()
    watcher.close()


def test_a_request_that_fails_undoes_only_itself(store, writer):
    def bad():
        store.keep([Arrival(an_event(seq=9))], NOW)
        raise UnusableCode

    results = together(writer, {"one": keeps(store, 1), "bad": bad, "two": keeps(store, 2)})
    assert (results["one"], results["two"]) == (1, 2)
    assert isinstance(results["bad"], UnusableCode)
    assert sorted(row.header.seq for row in store.after(0)) == [1, 2]


@pytest.mark.parametrize("error", [LedgerFull, ZeroDivisionError])
def test_a_failure_of_the_store_falls_back_to_one_by_one(store, writer, error):
    def bad():
        raise error

    results = together(writer, {"one": keeps(store, 1), "bad": bad, "two": keeps(store, 2)})
    assert (results["one"], results["two"]) == (1, 2)
    assert isinstance(results["bad"], error)
    assert store.head().position == 2


def test_a_replayed_hello_in_a_group_harms_nobody(store, writer):
    contact = Contact(a_device().id, a_nonce(), NOW, 0)
    store.met(contact)
    again = lambda: store.met(contact)  # noqa: E731
    results = together(writer, {"one": keeps(store, 1), "again": again})
    assert results["one"] == 1
    assert isinstance(results["again"], ReplayedHello)


UNCLOSED = """
import sys
from pathlib import Path
from sync.group_commit import GroupCommit
from sync.store_sqlite import SqliteStore
print(GroupCommit(SqliteStore.open(Path(sys.argv[1]))).run(lambda: "kept"))
"""


def test_a_process_ends_although_nobody_closed_its_writer(path):
    done = subprocess.run(
        [sys.executable, "-c", UNCLOSED, str(path)], capture_output=True, timeout=120, check=True
    )
    assert done.stdout.strip() == b"kept"


def test_a_closed_writer_finishes_what_it_has_and_takes_no_more(store):
    writer = GroupCommit(store)
    assert writer.run(keeps(store, 1)) == 1
    writer.close()
    writer.close()
    with pytest.raises(LedgerBusy):
        writer.run(keeps(store, 2))
    assert store.head().position == 1
