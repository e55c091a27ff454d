"""What the phone door refuses a stranger, each in the shape and with the code that the page gives.

A refusal never costs a neighbour: the batch around a bad event is stored all the same.
"""

import struct
from collections.abc import Callable
from typing import Any

import pytest

from tests.stranger_client import Phone, ProblemError
from tests.stranger_wire import Event, b64, framed, sign_document

EVENTS = "/sync/events"


def refused(ask: Callable[[], Any]) -> tuple[int, str]:
    """Gives status and code of a problem; that it has the documented shape, the client checks."""
    with pytest.raises(ProblemError) as caught:
        ask()
    return caught.value.status, caught.value.code


def post(phone: Phone, *frames: bytes, hello: bytes | None = None, **headers: str) -> bytes:
    first = sign_document(phone.key, "hello", phone.hello()) if hello is None else hello
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return phone.door.call("POST", EVENTS, framed([first, *frames]), said)


def beside_a_neighbour(phone: Phone, bad: Event | bytes) -> tuple[str, str]:
    """Sends a bad event between two good ones; gives what became of the bad one."""
    answer = phone.send(phone.capture(), bad, phone.capture())
    assert [answer.outcomes[0], answer.outcomes[2]] == ["stored", "stored"]
    return answer.outcomes[1], answer.reasons[1]


# Enrolment


def test_a_code_cannot_be_used_twice(new_phone, demo_code) -> None:
    code = demo_code()
    new_phone().enrol(code)
    assert refused(lambda: new_phone().enrol(code)) == (403, "enrol.code_unusable")


def test_the_phone_that_used_a_code_may_ask_again_when_its_answer_was_lost(
    new_phone, demo_code
) -> None:
    phone, code = new_phone(), demo_code()
    assert phone.enrol(code)["device"] == phone.enrol(code)["device"]


def test_a_code_may_be_typed_small_and_with_hyphens(new_phone, demo_code) -> None:
    code = demo_code().replace("-", "").replace(" ", "").lower()
    assert len(code) == 16
    typed = "-".join(code[at : at + 4] for at in range(0, 16, 4)).replace("0", "o")
    new_phone().enrol(f" {typed.replace('1', 'l')} ")


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "", "short", "u" * 16, "é" * 16])
def test_a_code_that_nobody_gave_is_unusable(new_phone, code) -> None:
    assert refused(lambda: new_phone().enrol(code)) == (403, "enrol.code_unusable")


def test_an_enrolment_must_be_signed_by_the_key_it_names(phone, new_phone, demo_code) -> None:
    other = new_phone()
    asked = phone.hello() | {"code": demo_code(), "label": "mine"}
    document = sign_document(other.key, "enrol", {"v": 1} | asked)
    body = framed([document])
    assert refused(lambda: phone.door.call("POST", "/sync/enrol", body)) == (403, "signature.wrong")


def test_a_hello_is_no_enrolment(phone, demo_code) -> None:
    asked = phone.hello() | {"code": demo_code(), "label": "mine"}
    body = framed([sign_document(phone.key, "hello", asked)])
    assert refused(lambda: phone.door.call("POST", "/sync/enrol", body)) == (403, "signature.wrong")


# Hello


def test_a_hello_cannot_be_said_twice(phone) -> None:
    hello = sign_document(phone.key, "hello", phone.hello())
    post(phone, hello=hello)
    assert refused(lambda: post(phone, hello=hello)) == (409, "hello.replayed")


def test_a_hello_must_be_signed_by_the_key_it_names(phone, new_phone) -> None:
    hello = sign_document(new_phone().key, "hello", phone.hello())
    assert refused(lambda: post(phone, hello=hello)) == (403, "signature.wrong")


def test_a_wrong_clock_is_never_a_reason_to_refuse(phone) -> None:
    for wrong in (0, 4_102_444_800_000):
        post(phone, hello=sign_document(phone.key, "hello", phone.hello(time=wrong)))


@pytest.mark.parametrize(
    "instead",
    [
        {"v": 2},
        {"nonce": "AA"},
        {"nonce": "A" * 21 + "B"},
        {"awaiting": ["AA"]},
        {"holds": None},
        {"awaiting": [b64(bytes(32))] * 501},
    ],
)
def test_a_hello_of_another_shape_is_malformed(phone, instead) -> None:
    hello = sign_document(phone.key, "hello", phone.hello(**instead))
    assert refused(lambda: post(phone, hello=hello)) == (400, "document.malformed")


# Devices


def test_an_unknown_device_is_asked_to_enrol_and_nothing_is_kept(
    phone, new_phone, demo_code
) -> None:
    unknown = new_phone()
    event = unknown.capture()
    answer = phone.send(phone.capture(), event)
    assert answer.outcomes == ["stored", "not-enrolled"]
    unknown.enrol(demo_code())
    assert unknown.send(event).outcomes == ["stored"]


def test_an_unknown_carrier_is_asked_to_enrol_and_nothing_is_kept(phone, new_phone) -> None:
    event = phone.capture()
    assert new_phone().send(event).outcomes == ["not-enrolled"]
    assert phone.send(event).outcomes == ["stored"]


def test_an_unknown_carrier_learns_nothing_of_the_ledger(phone, new_phone) -> None:
    event = phone.capture()
    phone.send(event)
    answer = new_phone().send(event, holds=[event.id], awaiting=[event.id])
    assert answer.outcomes == ["not-enrolled"]
    assert (answer.opened, answer.missing) == ({}, [])
    assert (answer.position, answer.digest) == (0, bytes(32))


# Events


def test_an_altered_signature_is_refused(phone) -> None:
    event = phone.capture()
    wrong = Event(
        event.header, event.sealed, event.signature[:-1] + bytes([event.signature[-1] ^ 1])
    )
    assert beside_a_neighbour(phone, wrong) == ("refused", "signature.wrong")
    assert phone.send(event).outcomes == ["stored"]


def test_an_altered_event_is_refused(phone) -> None:
    event = phone.capture()
    sealed = event.sealed[:-1] + bytes([event.sealed[-1] ^ 1])
    wrong = Event(event.header, sealed, event.signature)
    assert beside_a_neighbour(phone, wrong) == ("refused", "signature.wrong")


def test_an_event_in_the_name_of_another_device_is_refused(phone, new_phone, demo_code) -> None:
    other = new_phone()
    other.enrol(demo_code())
    event = other.capture()
    assert beside_a_neighbour(phone, phone.signed(event.header, event.sealed)) == (
        "refused",
        "signature.wrong",
    )


@pytest.mark.parametrize("kind", [16, 17, 18, 19, 20, 32, 33])
def test_a_phone_cannot_write_what_only_the_record_door_writes(phone, kind) -> None:
    whole = phone.capture()
    front = bytes([1, kind, 0, 0]) + whole.header[4:52] + bytes(36)  # suite 0, seq 0, no prev
    event = phone.signed(front + whole.header[88:], whole.sealed)
    assert beside_a_neighbour(phone, event) == ("refused", "event.kind")


@pytest.mark.parametrize("kind", [0, 3, 16, 18, 33, 255])
def test_a_kind_that_does_not_go_with_its_suite_is_refused(phone, kind) -> None:
    raw = phone.capture(kind=kind).raw
    assert beside_a_neighbour(phone, raw) == ("refused", "event.malformed")


def headed(phone: Phone, at: int, field: bytes) -> Event:
    """Gives a signed event with some bytes of its header replaced."""
    event = phone.capture()
    return phone.signed(event.header[:at] + field + event.header[at + len(field) :], event.sealed)


@pytest.mark.parametrize(
    ("at", "field"),
    [
        pytest.param(0, b"\x02", id="a future version"),
        pytest.param(2, b"\x00", id="the record door's own suite"),
        pytest.param(2, b"\x03", id="an unknown suite"),
        pytest.param(3, b"\x01", id="the reserved byte"),
        pytest.param(52, bytes(4), id="seq 0"),
        pytest.param(42, b"\x40", id="an entry that is no UUID version 7"),
        pytest.param(106, struct.pack(">I", 7), id="a wrong length"),
    ],
)
def test_a_header_not_of_this_protocol_is_refused(phone, at, field) -> None:
    assert beside_a_neighbour(phone, headed(phone, at, field).raw) == ("refused", "event.malformed")


@pytest.mark.parametrize("cut", [0, 1, 109, 110, 174])
def test_a_cut_event_is_refused(phone, cut) -> None:
    assert beside_a_neighbour(phone, phone.capture().raw[:cut]) == ("refused", "event.malformed")


def test_nothing_may_follow_an_event(phone) -> None:
    raw = phone.capture().raw + b"\x00"
    assert beside_a_neighbour(phone, raw) == ("refused", "event.malformed")


def test_an_event_above_its_size_is_refused_and_its_neighbours_are_stored(phone) -> None:
    event = phone.capture(plain=bytes(65_536))
    assert beside_a_neighbour(phone, event.raw) == ("refused", "event.malformed")


# The request


def test_more_than_250_events_are_too_many_for_one_batch(phone) -> None:
    event = phone.capture().raw
    assert refused(lambda: post(phone, *[event] * 251)) == (413, "sync.too_large")


def test_a_body_above_a_mebibyte_is_too_large(phone) -> None:
    frames = [bytes(65_536)] * 16
    assert refused(lambda: post(phone, *frames)) == (413, "sync.too_large")


def test_a_body_that_does_not_say_its_length_is_not_read(phone) -> None:
    body = framed([sign_document(phone.key, "hello", phone.hello())])
    chunked = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    said = {"Transfer-Encoding": "chunked"}
    assert refused(lambda: phone.door.call("POST", EVENTS, chunked, said)) == (411, "http.length")


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x00\x00\x00\x05abcd", b"\xff\xff\xff\xffabcd"])
def test_a_body_that_is_not_frames_is_malformed(phone, body) -> None:
    assert refused(lambda: phone.door.call("POST", EVENTS, body)) == (400, "frames.malformed")


def test_another_media_type_is_not_taken(phone) -> None:
    wrong = {"Content_Type": "application/json"}
    assert refused(lambda: post(phone, **wrong)) == (415, "http.media_type")


@pytest.mark.parametrize("host", ["elsewhere.example", "phone.localhost.evil.example"])
@pytest.mark.parametrize("path", ["/sync/keys", "/sync/directory"])
def test_another_host_name_is_not_answered(phone, host, path) -> None:
    found = refused(lambda: phone.door.call("GET", path, headers={"Host": host}))
    assert found == (421, "http.wrong_host")


def test_events_sent_to_another_host_name_are_not_taken(phone) -> None:
    assert refused(lambda: post(phone, Host="elsewhere.example")) == (421, "http.wrong_host")


def test_what_is_not_there_and_what_is_not_offered_are_problems_too(phone) -> None:
    assert refused(lambda: phone.door.call("GET", "/sync/nothing")) == (404, "http.not_found")
    assert refused(lambda: phone.door.call("GET", EVENTS)) == (405, "http.method")
    assert refused(lambda: phone.door.call("PUT", "/sync/keys", b"")) == (405, "http.method")
