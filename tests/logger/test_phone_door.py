"""The phone door answers for its own names, with its headers, and opens only when it is safe to."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from flask import request

from logger.phone_door import create_app
from logger.settings import Settings
from sync.errors import StoredKeyUnusable, WeakStore
from sync.frames import join
from sync.http import FRAMES, PROBLEM
from sync.receipt import write_stored_key
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, a_device, a_signer, an_event
from tests.phone_words import a_body, an_enrolment, read_answer

HOST = "phone.localhost:8000"


@pytest.fixture
def instance(tmp_path):
    settings = Settings(folder=tmp_path, organisation="Flintshire", demo=True, demo_person=DANA)
    settings.keys.mkdir()
    write_stored_key(settings.phone_door_key, a_signer("stored"))
    SqliteStore.create(settings.ledger, EPOCH).close()
    return settings


@pytest.fixture
def door(instance):
    return open_door(instance)


def open_door(settings):
    app = create_app(settings, lambda: NOW, lambda count: bytes(range(count)))
    return app.test_client()


def ask(client, path="/healthz", method="GET", host=HOST, **more):
    return client.open(path, method=method, headers={"Host": host}, **more)


@pytest.mark.parametrize("host", [HOST, "PHONE.localhost:8000", "localhost:8000"])
def test_it_answers_for_its_own_names(door, host):
    assert ask(door, "/sync/nothing", host=host).status_code == 404


@pytest.mark.parametrize(
    "host",
    ["record.localhost:8001", "localhost:8001", "phone.localhost", "evil.example", "127.0.0.1:8000",
     "phone.localhost:8000.evil.example"],
)  # fmt: skip
def test_it_answers_for_no_other_name(door, host):
    for path in ("/", "/sync/keys", "/sync/nothing", "/service-worker.js"):
        refused = ask(door, path, host=host)
        assert (refused.status_code, refused.content_type) == (421, PROBLEM)
        assert refused.json["code"] == "http.wrong_host"


def test_it_answers_for_its_aliases(instance):
    door = open_door(replace(instance, phone_aliases=("share.example",)))
    assert ask(door, "/sync/nothing", host="share.example").status_code == 404


@pytest.mark.parametrize(("hops", "status"), [(0, 421), (1, 404)])
def test_nobody_speaks_for_a_proxy_that_is_not_there(instance, hops, status):
    door = open_door(replace(instance, trusted_proxies=hops))
    said = {"X-Forwarded-Host": HOST, "X-Forwarded-For": "10.9.8.7", "Host": "evil.example"}
    assert door.get("/sync/nothing", headers=said).status_code == status
    seen = []
    door.application.before_request_funcs[None].append(lambda: seen.append(request.remote_addr))
    door.get("/healthz", headers=said)
    assert seen == ["127.0.0.1" if hops == 0 else "10.9.8.7"]


def test_probes_need_no_name(door):
    assert ask(door, "/healthz", host="10.0.0.7").status_code == 200
    assert ask(door, "/readyz", host="10.0.0.7").status_code == 503


@pytest.mark.parametrize(
    ("path", "method", "host"),
    [
        ("/healthz", "GET", HOST),
        ("/sync/keys", "GET", HOST),
        ("/nothing", "GET", HOST),
        ("/sync/events", "GET", HOST),
        ("/sync/events", "POST", HOST),
        ("/demo/code", "POST", HOST),
        ("/", "GET", "evil.example"),
    ],
)
def test_the_security_headers_are_on_every_response(door, path, method, host):
    headers = ask(door, path, method, host).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


def test_with_https_it_says_so_for_a_year(instance):
    door = open_door(replace(instance, phone_origin="https://share.example"))
    headers = ask(door, host="share.example").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_demo_phone_gets_a_code_and_is_let_in(door, instance):
    code = ask(door, "/demo/code", "POST").json["code"]
    body = join([an_enrolment(code)])
    enrolled = ask(door, "/sync/enrol", "POST", data=body, content_type=FRAMES)
    assert read_answer(enrolled.data)["organisation"] == "Flintshire"
    stored = ask(door, "/sync/events", "POST", data=a_body(an_event()), content_type=FRAMES)
    assert read_answer(stored.data)["results"][0]["outcome"] == "stored"
    store = SqliteStore.open(instance.ledger)
    assert store.device(a_device().id).person == DANA
    store.close()


def test_a_real_instance_gives_no_codes_away(instance):
    door = open_door(replace(instance, demo=False, demo_person=None))
    assert ask(door, "/demo/code", "POST").status_code in (404, 405)
    door = open_door(replace(instance, demo=False, demo_person=UUID(int=1)))
    assert ask(door, "/demo/code", "POST").status_code in (404, 405)


def test_it_does_not_open_without_its_key_or_its_ledger(instance):
    instance.phone_door_key.chmod(0o644)
    with pytest.raises(StoredKeyUnusable):
        open_door(instance)
    instance.phone_door_key.chmod(0o600)
    instance.ledger.unlink()
    with pytest.raises(WeakStore):
        open_door(instance)
