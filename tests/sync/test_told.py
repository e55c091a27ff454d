"""What a phone is told beside its results: of itself, of the ledger, of backups and of what came
from the record's side."""

from __future__ import annotations

import itertools
import json

import pytest
from structlog.testing import capture_logs

from sync.frames import to_text
from sync.intake import Intake
from sync.receipt import Outcome, opened_statement
from sync.reconcile import BACKUP, notices_name
from sync.store import Arrival
from tests.events import EPOCH, NOW, a_chain, a_device, a_signer, an_event
from tests.phone_words import a_hello, a_nonce, read_document

OTHER_EPOCH = to_text(bytes(16))


def told(intake, *events, hello=None):
    return read_document(intake.answer(hello or a_hello(), [one.to_bytes() for one in events]))


def test_an_answer_says_everything_that_the_protocol_names(intake, store):
    nonce = to_text(a_nonce())
    answer = told(intake, hello=a_hello(nonce=nonce))
    assert answer == {
        "v": 1,
        "nonce": nonce,
        "epoch": to_text(EPOCH),
        "head": {"position": 0, "digest": to_text(bytes(32))},
        "time": NOW,
        "backed_up_to": 0,
        "results": [],
        "missing": [],
        "opened": [],
        "notices": [],
        "noted": [],
    }


def test_a_stranger_is_told_the_epoch_and_the_time_and_nothing_of_the_ledger(intake, store):
    store.keep([Arrival(event) for event in a_chain()], NOW)
    store.lay_out(BACKUP, json.dumps({"epoch": to_text(EPOCH), "position": 2}).encode())
    nonce, event = to_text(a_nonce()), an_event(seq=9)
    raws = [event.to_bytes(), b"noise"]
    answer = read_document(intake.answer(a_hello("nobody's phone", nonce=nonce), raws))
    assert answer == {
        "v": 1,
        "nonce": nonce,
        "epoch": to_text(EPOCH),
        "head": {"position": 0, "digest": to_text(bytes(32))},
        "time": NOW,
        "backed_up_to": 0,
        "results": [
            {"id": to_text(event.id), "outcome": "not-enrolled", "receipt": None, "why": ""},
            {"id": None, "outcome": "refused", "receipt": None, "why": "event.malformed"},
        ],
        "missing": [],
        "opened": [],
        "notices": [],
        "noted": [],
    }


def test_more_that_is_sent_than_waits_leaves_nothing_waiting(intake, store):
    told(intake, *a_chain(length=3), hello=a_hello(unsent=1))
    assert store.device(a_device().id).unsent == 0


def test_the_time_that_is_told_is_that_of_the_answer_and_not_of_the_receipt(store):
    clock = itertools.count(NOW)
    intake = Intake(store, a_signer("stored"), lambda: next(clock))
    answer = told(intake, an_event())
    intake.close()
    assert answer["results"][0]["receipt"]["received_at"] == NOW
    assert answer["time"] == next(clock) - 1 > NOW


def test_the_head_that_is_told_is_the_one_behind_what_was_sent(intake, store):
    answer = told(intake, *a_chain(length=2))
    assert answer["head"] == {"position": 2, "digest": to_text(store.digest_at(2))}


@pytest.mark.parametrize(
    ("laid_out", "reaches"),
    [
        ({"epoch": to_text(EPOCH), "position": 2}, 2),
        ({"epoch": to_text(EPOCH), "position": 9}, 3),
        ({"epoch": OTHER_EPOCH, "position": 2}, 0),
        ({"epoch": to_text(EPOCH)}, 0),
    ],
    ids=["this ledger", "further than it goes", "another epoch", "of a later release"],
)
def test_a_backup_is_believed_for_its_own_epoch_and_as_far_as_the_ledger_goes(
    intake, store, laid_out, reaches
):
    store.keep([Arrival(event) for event in a_chain()], NOW)
    store.lay_out(BACKUP, json.dumps(laid_out).encode())
    assert told(intake)["backed_up_to"] == reaches


def test_a_phone_is_told_what_is_laid_out_for_it_alone(intake, store):
    said = [{"code": "chain.fork", "count": 2}]
    store.lay_out(notices_name(a_device().id), json.dumps(said).encode())
    assert told(intake)["notices"] == said
    assert told(intake, hello=a_hello("sam's phone"))["notices"] == []
    assert notices_name(b"\x0a\xff") == "notices/0aff"


def test_notices_of_a_later_release_cost_no_receipt(intake, store):
    store.lay_out(notices_name(a_device().id), b'[{"text":"new"}]')
    answer = told(intake, an_event())
    assert (answer["notices"], answer["results"][0]["outcome"]) == ([], "stored")


def test_a_revoked_phone_is_told_that_and_nothing_else_of_itself(intake, store):
    store.lay_out(notices_name(a_device().id), b'[{"code":"chain.fork","count":2}]')
    store.revoke(a_device().id, NOW)
    assert told(intake)["notices"] == [{"code": "device.revoked", "count": 1}]


def test_another_ledger_is_told_behind_what_a_phone_should_know_and_logged(intake, store):
    store.lay_out(notices_name(a_device().id), b'[{"code":"chain.fork","count":2}]')
    store.keep([Arrival(an_event())], NOW)
    seen = {"epoch": to_text(EPOCH), "position": 1, "digest": to_text(bytes(32))}
    with capture_logs() as logged:
        answer = told(intake, hello=a_hello(seen=seen))
    assert answer["notices"] == [
        {"code": "chain.fork", "count": 2},
        {"code": "ledger.another", "count": 1},
    ]
    assert logged == [{"event": "ledger.another", "log_level": "error", "position": 1}]
    with capture_logs() as logged:
        told(intake)
    assert logged == []


def test_an_opened_statement_is_told_byte_for_byte_and_only_to_who_waits(intake, store):
    kept, other = a_chain(length=2)
    store.keep([Arrival(kept), Arrival(other)], NOW)
    said = opened_statement(kept.id, Outcome.SET_ASIDE, NOW, "unknown-key", a_signer("opened"))
    store.announce([(kept.id, said)])
    waits = [to_text(other.id), to_text(kept.id)]
    raw = intake.answer(a_hello(awaiting=waits), [])
    assert b'"opened":[' + said + b"]" in raw
    assert told(intake)["opened"] == []


def test_what_a_ledger_lacks_is_named_in_the_order_it_was_asked(intake, store):
    chain = a_chain(length=4)
    store.keep([Arrival(chain[1])], NOW)
    asked = [to_text(event.id) for event in reversed(chain)]
    assert told(intake, hello=a_hello(holds=asked))["missing"] == [asked[0], asked[1], asked[3]]
