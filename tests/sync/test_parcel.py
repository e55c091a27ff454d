"""A file of waiting entries: exact in form, judged like a request, harmless twice."""

from __future__ import annotations

import pytest

from sync.errors import LedgerFull, NotAParcel, ParcelTooLarge
from sync.event import DOCUMENTATION
from sync.frames import to_text
from sync.parcel import (
    MAGIC,
    MAX_PARCEL_BYTES,
    MAX_PARCEL_EVENTS,
    Delivery,
    read_parcel,
    write_parcel,
)
from sync.store import Lane
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_chain, a_device, an_event, with_header
from tests.sync.test_intake import outcomes, send


@pytest.fixture
def delivery(store):
    return Delivery(store, lambda: NOW + 7)


def raws(*events):
    return [event.to_bytes() for event in events]


def said(results):
    return [(result.outcome, result.why) for result in results]


def test_what_is_written_is_read_in_its_order():
    events = raws(*a_chain(length=3))
    assert read_parcel(write_parcel(events)) == events


def test_a_mail_program_may_break_the_lines_anew():
    raw = write_parcel(raws(an_event()))
    first, body, _ = raw.split(b"\n")
    lines = [body[start : start + 76] for start in range(0, len(body), 76)]
    assert read_parcel(first + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n") == raws(an_event())


WHOLE = write_parcel([b"something", b"more"])


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\n", MAGIC, MAGIC + b"\n", b" " + WHOLE, WHOLE.replace(b"/1", b"/2"), WHOLE[:-3],
        WHOLE.replace(b"\n", b" \n", 1), WHOLE.replace(b"\n", b"\t\n", 1),
        WHOLE + b"A", WHOLE + b"=", WHOLE + b"\x00", WHOLE.replace(b"A", b"+", 1), WHOLE[1:],
        b"\xef\xbb\xbf" + WHOLE, b"PK\x03\x04" + bytes(200), b"%PDF-1.7\n%\xff", b"\n" + WHOLE,
        MAGIC + b"\n" + b"A" * 5000, MAGIC + b"\n<script>alert(1)</script>",
        MAGIC + b"\n" + b"A" * (MAX_PARCEL_BYTES - 100),
    ],
)  # fmt: skip
def test_anything_else_is_no_such_file(raw):
    with pytest.raises(NotAParcel):
        read_parcel(raw)


def test_a_file_has_an_end_to_its_size_and_number():
    with pytest.raises(ParcelTooLarge):
        read_parcel(MAGIC + b"\n" + b"A" * MAX_PARCEL_BYTES)
    with pytest.raises(ParcelTooLarge):
        read_parcel(write_parcel([b"x"] * (MAX_PARCEL_EVENTS + 1)))
    assert len(read_parcel(write_parcel([b"x"] * MAX_PARCEL_EVENTS))) == MAX_PARCEL_EVENTS


def test_bringing_a_file_twice_changes_nothing(delivery, store):
    events = raws(*a_chain(length=3))
    assert said(delivery.take(events)) == [("stored", "")] * 3
    before = store.head()
    assert said(delivery.take(events)) == [("already-held", "")] * 3
    assert store.head() == before


def test_each_event_is_judged_alone_and_as_from_the_wire(delivery, intake, store):
    store.revoke(a_device("sam's phone").id, NOW)
    good, of_revoked = an_event(), an_event("sam's phone")
    forged = with_header(an_event(seq=2), at=NOW + 1)
    from_record = an_event("dana's phone", kind=DOCUMENTATION)
    brought = [
        b"nothing of ours",
        *raws(good, of_revoked, forged, from_record, an_event("a stranger")),
    ]
    results = delivery.take(brought)
    assert said(results) == [
        ("refused", "event.malformed"), ("stored", ""), ("set-aside", ""),
        ("refused", "signature.wrong"), ("refused", "event.kind"), ("not-enrolled", ""),
    ]  # fmt: skip
    assert [result.receipt for result in results] == [None] * 6
    assert store.head().position == 2
    assert store.row(of_revoked.id).lane is Lane.QUARANTINE
    assert outcomes(send(intake, good)) == [("already-held", "")]


def test_the_phone_gets_its_receipt_later_for_what_was_brought_by_hand(delivery, intake, store):
    event = an_event()
    delivery.take(raws(event))
    result = send(intake, event)["results"][0]
    assert (result["id"], result["receipt"]["received_at"]) == (to_text(event.id), NOW + 7)


def test_a_large_file_is_kept_whole(delivery, store):
    chain = a_chain(length=600)
    assert said(delivery.take(raws(*chain))) == [("stored", "")] * 600
    assert store.head().position == 600


def test_a_file_is_one_line_that_says_what_it_is_and_one_of_base64url():
    assert write_parcel([b"\xff\xfe"]) == b"sharelog-entries/1\nAAAAAv_-\n"


def test_a_file_is_as_large_as_a_file_may_be_and_no_byte_larger():
    blank = MAGIC + b"\n" + write_parcel([b"x"]).split(b"\n")[1]
    filled = blank.ljust(MAX_PARCEL_BYTES, b"\n")
    assert read_parcel(filled) == [b"x"]
    with pytest.raises(ParcelTooLarge):
        read_parcel(filled + b"\n")


class FullSoon(SqliteStore):
    """A store whose disk is full once it holds what it may."""

    def keep(self, arrivals, received_at):
        if self.head().position + len(arrivals) > 300:
            raise LedgerFull
        return super().keep(arrivals, received_at)


def test_what_came_before_the_disk_was_full_stays_and_the_file_may_be_brought_again(store, path):
    events = raws(*a_chain(length=400))
    full = FullSoon.open(path)
    with pytest.raises(LedgerFull):
        Delivery(full, lambda: NOW).take(events)
    full.close()
    assert store.head().position == 250
    brought = said(Delivery(store, lambda: NOW).take(events))
    assert brought == [("already-held", "")] * 250 + [("stored", "")] * 150


def test_each_result_names_its_event(delivery):
    chain = a_chain(length=2)
    results = delivery.take([b"noise", *raws(*chain)])
    assert [result.id for result in results] == [None, *(to_text(event.id) for event in chain)]
