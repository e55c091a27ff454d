"""Codes let a phone in once, however they are typed, and failed tries run out."""

from __future__ import annotations

import json

import pytest

from sync.enrolment import CODE_LIVES_MS, Enrolments, Throttle, hash_code, make_code
from sync.errors import (
    AnotherPersonsPhone,
    MalformedDocument,
    TooManyAttempts,
    UnusableCode,
    WrongSignature,
)
from sync.frames import ENROL, to_text
from tests.events import DANA, NOW, SAM, a_device, a_signer
from tests.phone_words import a_nonce, an_enrolment, read_document, sign

CODE = "7K3M9QXV0ABC1EFG"
SOURCE = "192.0.2.7"


@pytest.fixture
def enrolments(store):
    store.offer_code(hash_code(CODE), DANA, NOW + CODE_LIVES_MS)
    return Enrolments(store, a_signer("stored"), lambda: NOW, "Flintshire")


def test_a_code_is_sixteen_symbols_of_eighty_random_bits():
    assert make_code(bytes) == "0" * 16
    assert make_code(lambda count: b"\xff" * count) == "Z" * 16
    assert make_code(lambda count: bytes([1] * count)) == "040G2081" * 2


@pytest.mark.parametrize(
    "typed",
    ["7k3m9qxv0abc1efg", "7K3M-9QXV-0ABC-1EFG", " 7K3M 9QXV OABC IEFG ", "7K3M9QXVoABClEFG"],
)
def test_a_code_is_read_however_it_was_typed(typed):
    assert hash_code(typed) == hash_code(CODE)


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "0", "U" * 16, "7K3M9QXV0ABC1EF\u0660"])
def test_what_is_no_code_cannot_be_used(typed):
    with pytest.raises(UnusableCode):
        hash_code(typed)


def test_a_phone_is_let_in_with_its_code(store, enrolments):
    nonce = to_text(a_nonce())
    document = an_enrolment("7k3m-9qxv-oabc-lefg", "new phone", nonce=nonce, label="Ffôn Siân")
    answer = read_document(enrolments.answer(document, SOURCE))
    device = store.device(a_device("new phone").id)
    assert answer == {
        "v": 1,
        "nonce": nonce,
        "outcome": "enrolled",
        "device": to_text(device.id),
        "organisation": "Flintshire",
    }
    assert (device.person, device.label, device.enrolled_at) == (DANA, "Ffôn Siân", NOW)


def test_a_code_lets_one_phone_in(enrolments):
    enrolments.answer(an_enrolment(CODE, "one"), SOURCE)
    with pytest.raises(UnusableCode):
        enrolments.answer(an_enrolment(CODE, "two"), SOURCE)
    enrolments.answer(an_enrolment(CODE, "one"), SOURCE)  # its first answer may have been lost


def test_a_key_enrolled_for_another_person_is_refused_and_the_code_unspent(store, enrolments):
    store.offer_code(hash_code("0" * 16), SAM, NOW + 1)
    with pytest.raises(AnotherPersonsPhone):
        enrolments.answer(an_enrolment("0" * 16, "dana's phone"), SOURCE)
    enrolments.answer(an_enrolment("0" * 16, "another"), SOURCE)


def test_an_enrolment_not_signed_by_the_key_it_names_is_refused(enrolments):
    said = json.loads(an_enrolment(CODE, "new phone")[:-64])
    with pytest.raises(WrongSignature):
        enrolments.answer(sign(ENROL, said, "another"), SOURCE)
    with pytest.raises(WrongSignature):
        enrolments.answer(sign(b"sharelog/1/hello", said, "new phone"), SOURCE)


@pytest.mark.parametrize("more", [{"label": "x" * 81}, {"key": "AA"}, {"v": 2}, {"time": "now"}])
def test_an_enrolment_of_another_shape_is_refused(enrolments, more):
    with pytest.raises(MalformedDocument):
        enrolments.answer(an_enrolment(CODE, **more), SOURCE)


def test_too_many_wrong_codes_from_one_source_must_wait(enrolments):
    for _ in range(10):
        with pytest.raises(UnusableCode):
            enrolments.answer(an_enrolment("0" * 16, "guesser"), SOURCE)
    with pytest.raises(TooManyAttempts) as refused:
        enrolments.answer(an_enrolment(CODE, "guesser"), SOURCE)
    assert refused.value.retry_after == 601
    enrolments.answer(an_enrolment(CODE, "new phone"), "192.0.2.8")


def test_failures_are_forgotten_with_time_and_never_grow_without_end():
    throttle = Throttle(most=2, window_ms=1000, sources=3)
    throttle.failed("a", 0)
    throttle.failed("a", 500)
    with pytest.raises(TooManyAttempts):
        throttle.check("a", 999)
    throttle.check("a", 1000)
    for source in "bcde":
        throttle.failed(source, 1000)
    assert len(throttle._failed) == 3


def test_a_code_takes_ten_bytes_of_chance():
    asked = []
    make_code(lambda count: asked.append(count) or bytes(count))
    assert asked == [10]


def test_ten_failures_within_ten_minutes_are_the_most_of_one_source():
    throttle = Throttle()
    for at in range(10):
        throttle.check("a", at)
        throttle.failed("a", at)
    with pytest.raises(TooManyAttempts) as refused:
        throttle.check("a", 599_999)
    assert refused.value.retry_after == 1
    assert str(refused.value) == "try again in 1 s"
    throttle.check("a", 600_000)


def test_of_ten_thousand_sources_the_one_that_failed_longest_ago_is_forgotten():
    throttle = Throttle(most=1)
    for source in range(10_000):
        throttle.failed(str(source), 0)
    throttle.failed("0", 1)
    throttle.failed("one more", 1)
    throttle.check("1", 2)
    for source in ("0", "2", "one more"):
        with pytest.raises(TooManyAttempts):
            throttle.check(source, 2)


def test_a_clock_that_was_set_back_locks_nobody_out():
    throttle = Throttle(most=1, window_ms=1000)
    throttle.failed("a", 5000)
    throttle.check("a", 4999)
    with pytest.raises(TooManyAttempts):
        throttle.check("a", 5000)


@pytest.mark.parametrize("nonce", [bytes(15), bytes(17)])
def test_a_nonce_of_another_length_is_refused_and_the_code_stays_good(enrolments, nonce):
    with pytest.raises(MalformedDocument):
        enrolments.answer(an_enrolment(CODE, nonce=to_text(nonce)), SOURCE)
    enrolments.answer(an_enrolment(CODE), SOURCE)


def test_only_a_wrong_code_counts_as_a_failed_try(store, enrolments):
    said = json.loads(an_enrolment(CODE, "new phone")[:-64])
    for _ in range(12):
        with pytest.raises(WrongSignature):
            enrolments.answer(sign(ENROL, said, "another"), SOURCE)
    enrolments.answer(an_enrolment(CODE, "new phone"), SOURCE)
