"""Both doors as they really open: every view names who may see it, every answer is guarded."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from logger import phone_door, record_door
from logger.build.record import open_record
from logger.cli.main import main
from logger.clock import system_clock, system_randomness
from logger.keys.master import read_master_key
from logger.people.guards import everyone, permission_of
from logger.settings import Settings
from tests.contracts import phone_door as phone_description
from tests.contracts import record_door as record_description
from tests.contracts.described import operations, path_of

# Anyone may ask for these at the record door, and each says so with `@public`.
PUBLIC = {
    "people.sign_in", "people.check_password", "people.demo", "people.code", "people.check_code",
    "people.join", "people.joined", "people.choose_language", "static_file",
    "receipts.ask", "receipts.answer", "say_alive", "say_ready", "security_txt",
}  # fmt: skip
UUID = "01900000-0000-7000-8000-000000000000"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("house") / "instance"
    assert main(["demo", "--instance", str(folder)]) == 0
    return Settings.read(folder)


@pytest.fixture(scope="module")
def record(settings: Settings) -> Iterator[Flask]:
    master = read_master_key(settings.master_key)
    with contextlib.closing(
        open_record(settings, master, system_clock, system_randomness)
    ) as opened:
        yield record_door.create_app(opened)


@pytest.fixture(scope="module")
def phone(settings: Settings) -> Flask:
    return phone_door.create_app(settings, system_clock, system_randomness)


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Each method and path that a door answers, made up where the path has a variable."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<uuid:[^>]+>", UUID, rule.rule)
        path = re.sub(r"<[^>]+>", "x", path)
        for method in sorted(rule.methods or ()):
            yield method, path


def answers(app: Flask, host: str) -> Iterator[tuple[str, Any]]:
    """What a stranger gets for every address, for none of ours, and under a name not ours."""
    client = app.test_client()
    asked = [*addresses(app), ("GET", "/nothing"), ("DELETE", "/"), ("POST", "/")]
    for method, path in asked:
        yield f"{method} {path}", client.open(path, method=method, headers={"Host": host})
    yield "another host", client.get("/", headers={"Host": "elsewhere.example"})


@pytest.mark.parametrize("door", [phone_description, record_description])
def test_each_address_stands_in_the_description_of_its_door(
    door: ModuleType, phone: Flask, record: Flask
) -> None:
    app = phone if door is phone_description else record
    paths = json.loads(door.FILE.read_text())["paths"]
    written = {(path, method) for path, by_method in paths.items() for method in by_method}
    there = {(path_of(rule), method) for rule, method in operations(app)}
    assert written == there, "run: python -m bench.openapi"


def test_every_view_of_the_record_names_a_permission(record: Flask) -> None:
    unmarked = {name for name, view in record.view_functions.items() if not permission_of(view)}
    assert unmarked == set()


def test_only_these_views_of_the_record_are_for_anyone(record: Flask) -> None:
    public = {n for n, view in record.view_functions.items() if permission_of(view) is everyone}
    assert public == PUBLIC


def test_a_view_without_a_mark_is_refused(record: Flask) -> None:
    view = record.view_functions["people.sign_in"]
    record.view_functions["people.sign_in"] = lambda: "never"
    try:
        answer = record.test_client().get("/sign-in", headers={"Host": "record.localhost:8001"})
    finally:
        record.view_functions["people.sign_in"] = view
    assert answer.status_code == 403


def test_a_stranger_gets_no_page_of_the_record_but_the_public_ones(record: Flask) -> None:
    client = record.test_client()
    for rule in record.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in PUBLIC:
            continue
        path = re.sub(r"<uuid:[^>]+>", UUID, re.sub(r"<int:[^>]+>", "1", rule.rule))
        path = re.sub(r"<[^>]+>", "x", path)
        answer = client.get(path, headers={"Host": "record.localhost:8001"})
        assert (answer.status_code, answer.location) == (303, "/sign-in"), path


def test_every_answer_of_the_phone_door_carries_the_security_headers(phone: Flask) -> None:
    for what, answer in answers(phone, "phone.localhost:8000"):
        assert ALWAYS.items() <= dict(answer.headers).items(), what
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), what
        assert "Permissions-Policy" in answer.headers, what
        assert "Set-Cookie" not in answer.headers, what


def test_practice_may_connect_to_nothing(phone: Flask) -> None:
    for path in ("/en/practice", "/cy/practice"):
        answer = phone.test_client().get(path, headers={"Host": "phone.localhost:8000"})
        (policy,) = answer.headers.getlist("Content-Security-Policy")
        allowed = dict(rule.split(" ", 1) for rule in policy.split("; "))
        for way_out in ("connect-src", "form-action", "worker-src", "default-src"):
            assert allowed[way_out] == "'none'", path


def test_every_answer_of_the_record_door_carries_the_security_headers(record: Flask) -> None:
    for what, answer in answers(record, "record.localhost:8001"):
        assert ALWAYS.items() <= dict(answer.headers).items(), what
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), what
        assert "Permissions-Policy" in answer.headers, what
        if not what.startswith(("GET /static", "HEAD /static", "OPTIONS /static")):
            assert answer.headers["Cache-Control"] == "no-store", what


def test_no_policy_allows_anything_inline_or_from_elsewhere(phone: Flask, record: Flask) -> None:
    for app, host in ((phone, "phone.localhost:8000"), (record, "record.localhost:8001")):
        answer = app.test_client().get("/healthz", headers={"Host": host})
        policy = answer.headers["Content-Security-Policy"]
        for weak in ("unsafe", "nonce-", "http:", "https:", "*", "blob:"):
            assert weak not in policy
