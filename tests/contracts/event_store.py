"""What every EventStore promises. An adapter's test inherits this and gives it `store` and
`another`, two openings of one place, as the two doors have them."""

from __future__ import annotations

import threading

import pytest

from sync.errors import (
    AnotherPersonsPhone,
    EntryMoved,
    ReplayedHello,
    RevokedPhone,
    UnusableCode,
)
from sync.event import ADDITION, DECISION, DOCUMENTATION, LOOK
from sync.store import Arrival, ChainLength, Contact, EventStore, Lane, link
from tests.events import (
    DANA,
    EPOCH,
    NOW,
    SAM,
    a_chain,
    a_device,
    a_record_event,
    an_entry,
    an_event,
    mirrored,
)

DAY = 24 * 60 * 60 * 1000
CODE = b"c" * 32


def arrivals(*events, lane=Lane.RECORD):
    return [Arrival(event, lane) for event in events]


class EventStoreContract:
    store: EventStore
    another: EventStore

    # The ledger

    def keep_and_fail(self, event):
        def kept_then_failed():
            with self.store.one_commit():
                self.store.keep(arrivals(event), NOW)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            kept_then_failed()

    def test_an_empty_ledger_has_position_0_and_a_zero_digest(self):
        head = self.store.head()
        assert (head.epoch, head.position, head.digest) == (EPOCH, 0, bytes(32))
        assert self.store.digest_at(0) == bytes(32)
        assert self.store.digest_at(1) is None
        assert self.store.after(0) == []

    def test_kept_events_come_back_as_they_were_in_the_order_they_were_kept(self):
        events = a_chain(length=3)
        kept = self.store.keep(arrivals(*events), NOW)
        assert [(row.position, new) for row, new in kept] == [(1, True), (2, True), (3, True)]
        rows = self.another.after(0)
        assert [row.event for row in rows] == events
        assert rows == [row for row, _ in kept]
        assert {row.epoch for row in rows} == {EPOCH}

    def test_every_digest_covers_the_one_before(self):
        self.store.keep(arrivals(*a_chain(length=4)), NOW)
        digest = bytes(32)
        for row in self.store.after(0):
            digest = link(digest, row.position, row.lane, row.id, row.received_at)
            assert row.digest == digest == self.store.digest_at(row.position)
        assert self.store.head().digest == digest

    def test_an_event_offered_twice_is_kept_once_and_answers_its_first_row(self):
        ((first, _),) = self.store.keep(arrivals(an_event()), NOW)
        ((again, new),) = self.another.keep(arrivals(an_event(), lane=Lane.QUARANTINE), NOW + 1)
        assert (again, new) == (first, False)
        assert self.store.head().position == 1

    def test_an_event_twice_in_one_batch_is_kept_once(self):
        self.store.keep(arrivals(held := an_event(seq=2)), NOW)
        batch = [an_event(), held, mirrored(an_event()), an_event(seq=3)]
        kept = [(row.position, new) for row, new in self.store.keep(arrivals(*batch), NOW)]
        assert kept == [(2, True), (1, False), (2, False), (3, True)]
        assert [row.event for row in self.store.after(0)] == [held, batch[0], batch[3]]

    def test_the_mirrored_signature_makes_no_second_event(self):
        ((first, _),) = self.store.keep(arrivals(an_event()), NOW)
        assert self.store.keep(arrivals(mirrored(an_event())), NOW) == [(first, False)]

    def test_two_different_events_with_one_sequence_number_are_both_kept(self):
        self.store.keep(arrivals(an_event(seq=4), an_event(seq=4, at=NOW + 1)), NOW)
        assert self.store.head().position == 2

    def test_quarantine_is_a_lane_of_the_same_ledger(self):
        self.store.keep(arrivals(an_event(), lane=Lane.QUARANTINE), NOW)
        assert [row.lane for row in self.store.after(0)] == [Lane.QUARANTINE]

    def test_rows_are_read_in_pages_from_a_position(self):
        self.store.keep(arrivals(*a_chain(length=5)), NOW)
        assert [row.position for row in self.store.after(1, limit=2)] == [2, 3]
        assert [row.position for row in self.store.after(4)] == [5]
        assert self.store.after(5) == []
        assert self.store.after(99) == []

    def test_a_row_is_found_by_id_and_by_entry_and_nothing_is_none(self):
        (_, second, _) = a_chain(length=3)
        assert self.store.row(second.id) is None
        assert self.store.of_entry(second.header.entry) == []
        self.store.keep(arrivals(*a_chain(length=3)), NOW)
        found = self.store.row(second.id)
        assert found is not None
        assert found.event == second
        assert self.store.of_entry(second.header.entry) == [found]

    def test_a_phones_chain_is_read_by_sequence_whatever_the_order_of_arrival(self):
        chain = a_chain(length=450)
        self.store.keep(arrivals(*reversed(chain)), NOW)
        self.store.keep(arrivals(an_event("sam's phone")), NOW)
        assert [row.event for row in self.store.chain_of(chain[0].header.device)] == chain
        assert list(self.store.chain_of(bytes(32))) == []

    def test_a_fork_stands_in_the_chain_by_position(self):
        left, right = an_event(seq=2, at=NOW + 5), an_event(seq=2, at=NOW + 4)
        self.store.keep(arrivals(left, an_event(seq=1), right), NOW)
        rows = list(self.store.chain_of(left.header.device))
        assert [(row.header.seq, row.position) for row in rows] == [(1, 2), (2, 1), (2, 3)]

    def test_chains_are_counted_with_their_gaps_and_forks(self):
        fork = an_event("sam's phone", 2, at=NOW + 9)
        whole, torn = a_chain("dana's phone", 3), a_chain("sam's phone", 4)
        self.store.keep(arrivals(*whole, torn[1], torn[3], fork, a_record_event(1)), NOW)
        assert self.store.chains() == {
            whole[0].header.device: ChainLength(events=3, numbers=3, last=3),
            torn[0].header.device: ChainLength(events=3, numbers=2, last=4),
        }

    def test_it_says_which_ids_it_holds(self):
        first, second = a_chain(length=2)
        self.store.keep(arrivals(first), NOW)
        assert self.store.held([second.id, first.id, bytes(32)]) == {first.id}
        assert self.store.held([]) == set()

    def test_what_is_written_in_one_commit_is_there_for_others_only_after_it(self):
        with self.store.one_commit():
            self.store.keep(arrivals(an_event()), NOW)
            self.store.met(Contact(a_device().id, b"n" * 16, NOW, 0))
            assert self.store.head().position == 1
            assert self.another.head().position == 0
        assert self.another.head().position == 1

    def test_a_commit_that_fails_leaves_nothing(self):
        self.keep_and_fail(an_event())
        assert self.store.head().position == 0
        self.store.keep(arrivals(an_event()), NOW)
        assert self.store.head().position == 1

    def test_an_inner_failure_undoes_only_the_inner_part(self):
        with self.store.one_commit():
            self.store.keep(arrivals(an_event(seq=1)), NOW)
            self.keep_and_fail(an_event(seq=2))
            self.store.keep(arrivals(an_event(seq=3)), NOW)
        assert [row.header.seq for row in self.another.after(0)] == [1, 3]

    def test_two_openings_that_write_at_once_make_one_chain(self):
        def write(store, name):
            for event in a_chain(name, 25):
                store.keep(arrivals(event), NOW)

        writers = [
            threading.Thread(target=write, args=(store, name))
            for store, name in [(self.store, "one"), (self.another, "two"), (self.store, "three")]
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        rows = self.store.after(0)
        assert [row.position for row in rows] == list(range(1, 76))
        digest = bytes(32)
        for row in rows:
            digest = link(digest, row.position, row.lane, row.id, row.received_at)
        assert digest == self.another.head().digest

    # Appending for the record door

    def test_an_append_that_had_seen_everything_is_kept(self):
        entry = an_entry()
        self.store.keep(arrivals(an_event(entry=entry)), NOW)
        row = self.store.append(a_record_event(1, entry=entry), NOW, seen=1)
        assert (row.position, row.lane) == (2, Lane.RECORD)

    @pytest.mark.parametrize("kind", [DOCUMENTATION, DECISION])
    def test_an_append_behind_a_deciding_event_is_a_conflict_and_loses_nothing(self, kind):
        entry = an_entry()
        self.store.keep(arrivals(an_event(entry=entry)), NOW)
        self.another.append(a_record_event(1, kind, entry), NOW, seen=1)
        with pytest.raises(EntryMoved):
            self.store.append(a_record_event(2, DECISION, entry), NOW, seen=1)
        assert self.store.head().position == 2

    def test_an_addition_from_a_phone_is_a_conflict_too(self):
        entry = an_entry()
        self.store.keep(arrivals(an_event(entry=entry)), NOW)
        self.store.keep(arrivals(an_event(seq=2, entry=entry, kind=ADDITION)), NOW)
        with pytest.raises(EntryMoved):
            self.store.append(a_record_event(1, DECISION, entry), NOW, seen=1)

    def test_a_look_disturbs_nobody(self):
        entry = an_entry()
        self.store.keep(arrivals(an_event(entry=entry)), NOW)
        self.store.append(a_record_event(1, LOOK, entry), NOW)
        assert self.store.append(a_record_event(2, DECISION, entry), NOW, seen=1).position == 3

    def test_other_entries_and_quarantine_disturb_nobody(self):
        entry = an_entry()
        self.store.keep(arrivals(an_event(entry=entry)), NOW)
        self.store.keep(arrivals(an_event(seq=2, entry=an_entry(9))), NOW)
        self.store.keep(arrivals(an_event(seq=3, entry=entry), lane=Lane.QUARANTINE), NOW)
        assert self.store.append(a_record_event(2, DECISION, entry), NOW, seen=1).position == 4

    def test_an_append_repeated_answers_its_first_row(self):
        first = self.store.append(a_record_event(1), NOW, seen=0)
        assert self.store.append(a_record_event(1), NOW + 1, seen=0) == first

    def test_two_who_decide_at_once_get_one_decision(self):
        entry, outcomes = an_entry(), []
        self.store.keep(arrivals(an_event(entry=entry)), NOW)
        ready = threading.Barrier(2)

        def decide(store, number):
            ready.wait()
            try:
                store.append(a_record_event(number, DECISION, entry), NOW, seen=1)
                outcomes.append("decided")
            except EntryMoved:
                outcomes.append("conflict")

        deciders = [
            threading.Thread(target=decide, args=(store, number))
            for number, store in enumerate([self.store, self.another], start=1)
        ]
        for decider in deciders:
            decider.start()
        for decider in deciders:
            decider.join()
        assert sorted(outcomes) == ["conflict", "decided"]

    def test_a_follower_is_told_of_changes_by_either_door(self):
        changed = self.store.changes()
        assert changed()
        assert not changed()
        self.store.keep(arrivals(an_event(seq=1)), NOW)
        assert changed()
        self.another.keep(arrivals(an_event(seq=2)), NOW)
        assert changed()
        assert not changed()

    # Phones

    def enrolled(self, name="dana's phone", person=DANA, at=NOW):
        self.store.offer_code(CODE + name.encode(), person, at + 600_000)
        return self.store.enrol(CODE + name.encode(), a_device(name, at=at))

    def test_enrolling_takes_the_person_from_the_code_not_from_the_phone(self):
        self.store.offer_code(CODE, SAM, NOW + 1)
        device = self.store.enrol(CODE, a_device(person=DANA))
        assert device.person == SAM
        assert self.another.device(device.id) == device

    @pytest.mark.parametrize("late", [0, 1])
    def test_a_code_runs_out(self, late):
        self.store.offer_code(CODE, DANA, NOW)
        with pytest.raises(UnusableCode):
            self.store.enrol(CODE, a_device(at=NOW + late))
        assert self.store.devices() == []

    def test_an_unknown_code_cannot_be_used(self):
        with pytest.raises(UnusableCode):
            self.store.enrol(CODE, a_device())

    def test_a_code_can_be_used_by_one_phone_only(self):
        self.store.offer_code(CODE, DANA, NOW + 1)
        self.store.enrol(CODE, a_device("dana's phone"))
        with pytest.raises(UnusableCode):
            self.another.enrol(CODE, a_device("another phone"))

    def test_a_phone_whose_answer_was_lost_may_offer_its_code_again(self):
        self.store.offer_code(CODE, DANA, NOW + 1)
        first = self.store.enrol(CODE, a_device())
        assert self.store.enrol(CODE, a_device()) == first

    def test_a_known_phone_of_the_same_person_stays_as_it_is(self):
        first = self.enrolled()
        self.store.offer_code(b"second", DANA, NOW + 600_000)
        again = self.store.enrol(b"second", a_device(at=NOW + 10))
        assert again == self.store.device(first.id) == first

    def test_a_revoked_phone_is_not_let_in_again_and_spends_no_code(self):
        first = self.enrolled()
        self.store.revoke(first.id, NOW + 5)
        self.store.offer_code(b"second", DANA, NOW + 600_000)
        with pytest.raises(RevokedPhone):
            self.store.enrol(b"second", a_device(at=NOW + 10))
        assert self.store.enrol(b"second", a_device("made new", at=NOW + 11)).person == DANA

    def test_a_signing_key_speaks_for_one_person_for_ever(self):
        self.enrolled()
        self.store.offer_code(b"sam", SAM, NOW + 600_000)
        with pytest.raises(AnotherPersonsPhone):
            self.store.enrol(b"sam", a_device())
        # The code was not spent on the attempt.
        assert self.store.enrol(b"sam", a_device("sam's phone")).person == SAM

    def test_one_code_raced_by_two_phones_enrols_one(self):
        self.store.offer_code(CODE, DANA, NOW + 1)
        outcomes, ready = [], threading.Barrier(2)

        def race(store, name):
            ready.wait()
            try:
                outcomes.append(store.enrol(CODE, a_device(name)).label)
            except UnusableCode:
                outcomes.append("")

        racers = [
            threading.Thread(target=race, args=pair)
            for pair in [(self.store, "one"), (self.another, "two")]
        ]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert len(self.store.devices()) == 1
        assert sum(map(bool, outcomes)) == 1

    def test_a_phone_once_revoked_stays_revoked_since_the_first_time(self):
        device = self.enrolled()
        self.store.revoke(device.id, NOW + 1)
        self.store.revoke(device.id, NOW + 2)
        found = self.another.device(device.id)
        assert found is not None
        assert found.revoked_at == NOW + 1
        assert self.another.count_devices() == (1, 1)

    def test_revoking_a_phone_nobody_knows_changes_nothing(self):
        self.store.revoke(bytes(32), NOW)
        assert self.store.device(bytes(32)) is None

    def test_phones_are_listed_by_latest_contact(self):
        for number, name in enumerate(["one", "two", "three"]):
            self.enrolled(name, at=NOW + number)
        self.store.met(Contact(a_device("two").id, b"n" * 16, NOW + 9, 4))
        self.store.met(Contact(a_device("one").id, b"n" * 16, NOW + 8, 0))
        listed = self.store.devices()
        assert [(device.label, device.unsent) for device in listed] == [
            ("two", 4),
            ("one", 0),
            ("three", None),
        ]
        assert [device.last_contact for device in listed] == [NOW + 9, NOW + 8, None]
        assert self.store.count_devices() == (3, 0)

    def test_a_hello_can_be_said_once(self):
        device = self.enrolled()
        self.store.met(Contact(device.id, b"n" * 16, NOW, 0))
        with pytest.raises(ReplayedHello):
            self.another.met(Contact(device.id, b"n" * 16, NOW + 35 * DAY, 7))
        found = self.store.device(device.id)
        assert found is not None
        assert found.unsent == 0

    def test_a_nonce_is_forgotten_after_35_days_and_belongs_to_one_phone(self):
        one, two = self.enrolled("one"), self.enrolled("two")
        self.store.met(Contact(one.id, b"n" * 16, NOW, 0))
        self.store.met(Contact(two.id, b"n" * 16, NOW, 0))
        self.store.met(Contact(one.id, b"n" * 16, NOW + 35 * DAY + 1, 0))

    # What goes out to phones

    def test_what_is_laid_out_replaces_what_stood_there(self):
        assert self.store.outgoing("keys") is None
        self.store.lay_out("keys", b"old")
        self.store.lay_out("keys", b"new")
        assert self.another.outgoing("keys") == b"new"

    def test_statements_are_found_by_event(self):
        self.store.announce([(b"a" * 32, b"first"), (b"b" * 32, b"second")])
        self.store.announce([(b"b" * 32, b"third")])
        said = self.another.announced([b"a" * 32, b"b" * 32, b"c" * 32])
        assert said == {b"a" * 32: b"first", b"b" * 32: b"third"}

    def test_a_sound_store_has_no_damage(self):
        self.store.keep(arrivals(*a_chain()), NOW)
        assert self.store.damage() is None
