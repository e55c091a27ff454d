"""The addresses of the phone door, and the problems they answer with."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from flask import Flask, abort
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from sync.enrolment import Enrolments, hash_code
from sync.frames import HELLO, document_bytes, join, split, to_text
from sync.http import FRAMES, PROBLEM, SyncRoom, mount
from sync.reconcile import MAX_HELLO_BYTES
from tests.events import DANA, NOW, a_chain, a_signer, an_event
from tests.phone_words import a_body, a_hello, an_enrolment, read_answer

CODE = "0123456789ABCDEF"


@pytest.fixture
def client(store, intake):
    app = Flask(__name__, static_folder=None)
    enrolments = Enrolments(store, a_signer("stored"), lambda: NOW, "Flintshire")
    mount(app, SyncRoom(store, intake, enrolments))
    return app.test_client()


def post(client, body, path="/sync/events", **more):
    # The test client sends no length with an empty body, as browsers do.
    sent = {"content_type": FRAMES, "environ_overrides": {"CONTENT_LENGTH": str(len(body))}}
    return client.post(path, data=body, **(sent | more))


def is_problem(response, status, code):
    assert response.status_code == status
    assert response.content_type == PROBLEM
    assert response.headers["Cache-Control"] == "no-store"
    title = response.json["title"]
    said = {"type": f"urn:sharelog:problem:{code}", "title": title, "status": status, "code": code}
    assert response.json == said
    assert title
    return response


def test_events_are_answered_with_one_signed_frame(client):
    response = post(client, a_body(*a_chain(length=3)))
    assert (response.status_code, response.content_type) == (200, FRAMES)
    assert response.headers["Cache-Control"] == "no-store"
    answer = read_answer(response.data)
    assert [result["outcome"] for result in answer["results"]] == ["stored"] * 3


def test_the_most_that_one_request_may_carry_is_taken(client):
    chain = a_chain(length=250)
    assert post(client, a_body(*chain)).status_code == 200
    is_problem(post(client, a_body(*chain, chain[0])), 413, "sync.too_large")


def test_a_hello_alone_is_answered(client):
    assert read_answer(post(client, a_body()).data)["results"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "frames.malformed"),
        (b"\0\0\0", "frames.malformed"),
        (b"\0\0\0\x05abc", "frames.malformed"),
        (b"null", "frames.malformed"),
        (join([b""]), "document.malformed"),
        (join([b"{}" + bytes(64)]), "document.malformed"),
        (join([an_event().to_bytes()]), "document.malformed"),
    ],
)
def test_what_is_not_of_this_protocol_is_a_problem(client, body, code):
    is_problem(post(client, body), 400, code)


def test_a_hello_signed_wrongly_is_a_problem(client):
    is_problem(post(client, a_body(hello=a_hello()[:-64] + bytes(64))), 403, "signature.wrong")


def test_a_hello_said_twice_is_a_problem(client):
    body = a_body()
    assert post(client, body).status_code == 200
    is_problem(post(client, body), 409, "hello.replayed")


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "application/json"},
        {"content_type": "application/octet-stream"},
        {"content_type": ""},
        {"headers": {"Content-Encoding": "gzip"}},
    ],
)
def test_another_media_type_is_a_problem(client, headers):
    is_problem(post(client, a_body(), **headers), 415, "http.media_type")


def test_a_body_without_its_length_is_a_problem(client):
    refused = client.post(
        "/sync/events",
        content_type=FRAMES,
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    is_problem(refused, 411, "http.length")


def test_a_body_above_a_mebibyte_is_refused_before_it_is_read(client):
    refused = client.post(
        "/sync/events",
        content_type=FRAMES,
        environ_overrides={"CONTENT_LENGTH": str(1024 * 1024 + 1), "wsgi.input": None},
    )
    is_problem(refused, 413, "sync.too_large")


def test_a_hello_that_names_all_it_may_is_read(client):
    ids = [to_text(one.id) for one in a_chain(length=2)] * 250
    hello = a_hello(awaiting=ids, holds=ids)
    assert len(hello) < MAX_HELLO_BYTES
    assert read_answer(post(client, a_body(hello=hello)).data)["missing"] == ids


# One letter that needs four bytes makes all of a text need them.
@pytest.mark.parametrize("said", [{"a" * 1_040_000 + "😀": 1}, {"nonce": "a" * 1_040_000 + "😀"}])
def test_a_hello_longer_than_any_is_refused_and_costs_little(client, said):
    content = json.loads(a_hello()[:-64]) | said
    text = json.dumps(content, ensure_ascii=False).encode()
    body = join([text + a_signer().sign(document_bytes(HELLO, text))])
    tracemalloc.start()
    refused = post(client, body)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    is_problem(refused, 400, "document.malformed")
    assert most < 5_000_000, most


@pytest.mark.parametrize("more", [0, 1])
def test_a_hello_of_just_so_many_bytes_is_read_and_of_one_more_refused(client, more):
    room = MAX_HELLO_BYTES + more - len(a_hello(unknown=""))
    hello = a_hello(unknown="a" * room)
    assert len(hello) == MAX_HELLO_BYTES + more
    answered = post(client, a_body(hello=hello))
    if more:
        is_problem(answered, 400, "document.malformed")
    else:
        assert answered.status_code == 200


def test_a_body_shorter_than_it_says_is_a_problem(client):
    body = a_body()
    refused = post(client, body, environ_overrides={"CONTENT_LENGTH": str(len(body) + 7)})
    is_problem(refused, 400, "frames.malformed")


@pytest.mark.parametrize("address", ["/nothing", "/sync/none"])
def test_an_unknown_address_is_a_problem(client, address):
    is_problem(client.get(address), 404, "http.not_found")


def test_another_method_is_a_problem(client):
    refused = is_problem(client.get("/sync/events"), 405, "http.method")
    assert refused.headers["Allow"] == "OPTIONS, POST"
    is_problem(client.delete("/sync/keys"), 405, "http.method")


def test_what_nobody_foresaw_is_a_problem_without_a_trace(client, intake, monkeypatch, capsys):
    def fail(*_):
        raise ZeroDivisionError("a secret word")

    monkeypatch.setattr(intake, "answer", fail)
    with capture_logs() as logged:
        refused = is_problem(post(client, a_body()), 500, "http.failed")
    said = capsys.readouterr()
    place = f"fail:{fail.__code__.co_firstlineno + 1}"
    failed = {"event": "http.failed", "error": "ZeroDivisionError", "place": place}
    assert logged == [failed | {"log_level": "error"}]
    title = "Something went wrong here. Your phone keeps everything."
    assert refused.json["title"] == title
    assert b"secret" not in refused.data
    assert "secret" not in said.out + said.err


@pytest.mark.parametrize("name", ["keys", "directory"])
def test_what_the_record_laid_out_is_copied(client, store, name):
    refused = is_problem(client.get(f"/sync/{name}"), 503, "sync.not_ready")
    assert int(refused.headers["Retry-After"]) > 0
    store.lay_out(name, b"signed by the record's side")
    response = client.get(f"/sync/{name}")
    assert (response.status_code, response.content_type) == (200, FRAMES)
    assert split(response.data) == [b"signed by the record's side"]


def test_it_is_ready_when_the_record_has_laid_out_its_keys(client, store):
    alive = client.get("/healthz")
    assert (alive.data, alive.content_type) == (b"ok", "text/plain; charset=utf-8")
    is_problem(client.get("/readyz"), 503, "sync.not_ready")
    store.lay_out("keys", b"keys")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.data) == (200, b"ready")


def test_a_phone_is_let_in_over_http(client, store):
    store.offer_code(hash_code(CODE), DANA, NOW + 1)
    body = join([an_enrolment(CODE, "new phone")])
    answer = read_answer(post(client, body, "/sync/enrol").data)
    assert answer["outcome"] == "enrolled"


def test_a_wrong_code_is_a_problem_and_then_a_wait(client):
    for _ in range(10):
        body = join([an_enrolment("0" * 16, "guesser")])
        is_problem(post(client, body, "/sync/enrol"), 403, "enrol.code_unusable")
    refused = is_problem(post(client, body, "/sync/enrol"), 429, "sync.too_many")
    assert refused.headers["Retry-After"] == "601"
    assert refused.json["title"] == "Too many tries. Wait a little, then try again."
    elsewhere = {"CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.0.2.8"}
    refused = post(client, body, "/sync/enrol", environ_overrides=elsewhere)
    is_problem(refused, 403, "enrol.code_unusable")


def test_more_frames_than_a_request_may_carry_are_too_many_however_small(client):
    is_problem(post(client, a_body(*[b""] * 1500)), 413, "sync.too_large")
    # Nobody reads on to find that the rest is no frame.
    is_problem(post(client, a_body(*[b""] * 251) + b"\xff"), 413, "sync.too_large")
    is_problem(post(client, a_body(*[b""] * 250) + b"\xff"), 400, "frames.malformed")


def test_what_other_parts_of_a_door_refuse_is_a_problem_and_a_redirect_is_none(client):
    # As Flask puts it: a door may have more addresses than these.
    for status in (418, 502):
        client.application.add_url_rule(f"/{status}/", str(status), lambda at=status: abort(at))
    is_problem(client.get("/418/"), 418, "http.refused")
    is_problem(client.get("/502/"), 502, "http.failed")
    moved = client.get("/418")
    assert (moved.status_code, moved.headers["Location"]) == (308, "http://localhost/418/")


@pytest.mark.parametrize("frames", [[], [b"", b""]])
def test_an_enrolment_is_one_frame(client, frames):
    is_problem(post(client, join(frames), "/sync/enrol"), 400, "frames.malformed")


def test_a_long_enrolment_is_refused(client):
    is_problem(post(client, bytes(5000), "/sync/enrol"), 413, "sync.too_large")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400) | st.lists(st.binary(max_size=300), max_size=4).map(join))
def test_no_noise_is_ever_kept_or_breaks_the_door(client, store, body):
    for path in ("/sync/events", "/sync/enrol"):
        assert post(client, body, path).status_code == 400
    assert store.head().position == 0


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.lists(st.binary(max_size=300), max_size=6))
def test_noise_beside_an_event_never_costs_it_its_place(client, noise):
    answer = read_answer(post(client, a_body(*noise, an_event())).data)
    assert answer["results"][-1]["outcome"] in ("stored", "already-held")
    assert {result["outcome"] for result in answer["results"][:-1]} <= {"refused"}
