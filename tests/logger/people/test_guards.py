"""A route without a named permission does not run; no page is had without signing in."""

from __future__ import annotations

import re

import pytest
from werkzeug.routing import Rule

from logger.people.guards import everyone, local_path, permission_of

PUBLIC = {
    "receipts.ask", "receipts.answer",
    "people.sign_in", "people.check_password", "people.demo", "people.code", "people.check_code",
    "people.join", "people.joined", "people.choose_language", "static_file",
    "say_alive", "say_ready", "security_txt",
}  # fmt: skip
VALUES = {"device": "ab" * 32, "name": "x.css", "token": "nothing"}


def address(rule: Rule) -> str:
    path = re.sub(r"<uuid:[^>]+>", "01963f2e-0000-7000-8000-0000000000d1", rule.rule)
    path = re.sub(r"<int:[^>]+>", "1", path)
    return re.sub(r"<(?:string:)?([^>]+)>", lambda it: VALUES.get(it[1], "objective"), path)


def test_every_route_names_its_permission(world):
    nameless = [
        rule.endpoint
        for rule in world.app.url_map.iter_rules()
        if permission_of(world.app.view_functions[rule.endpoint]) is None
    ]
    assert nameless == []


def test_public_is_what_is_listed_here_and_nothing_else(world):
    views = world.app.view_functions
    assert {name for name, view in views.items() if permission_of(view) is everyone} == PUBLIC


def test_a_route_that_names_no_permission_does_not_run(world):
    @world.app.get("/forgotten")
    def forgotten() -> str:
        raise AssertionError("it ran")

    assert world.browser(world.alex).get("/forgotten", status=403)


def test_every_other_page_sends_a_stranger_to_sign_in(world):
    client, asked = world.app.test_client(), 0
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in PUBLIC or "GET" not in rule.methods:
            continue
        answer = client.get(address(rule))
        assert (answer.status_code, answer.location) == (303, "/sign-in"), rule
        asked += 1
    assert asked > 10


@pytest.mark.parametrize("path", ["/people", "/people/invite", "/set-aside"])
def test_only_administrators_see_what_is_theirs(world, path):
    assert world.browser(world.alex).get(path)
    for person in (world.dana, world.sam, world.aled):
        world.browser(person).get(path, status=403)


def test_an_administrator_gets_no_entry(world):
    entry = world.submitted(world.dana)
    for path in ("/to-review", "/to-complete", f"/entries/{entry}", f"/review/{entry}"):
        world.browser(world.alex).get(path, status=403)


def test_after_signing_in_one_comes_to_the_page_that_was_asked_for(world):
    browser = world.browser(None)
    page = browser.get("/phones")
    assert page.title == "Sign in"
    form = {"person": str(world.dana.id), "csrf_token": token_of(page)}
    assert browser.client.post("/sign-in/demo", data=form).location == "/phones"


@pytest.mark.parametrize(
    "target", [None, "", "https://evil", "//evil", "/\\evil", "\\evil", "javascript:x", "/a\\b"]
)
def test_a_sign_in_never_sends_anyone_to_another_site(target):
    assert local_path(target) is None
    assert local_path("/phones?x=1") == "/phones?x=1"


def test_htmx_is_told_to_go_to_sign_in(world):
    answer = world.app.test_client().get("/to-review", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def token_of(page) -> str:
    return page.all("input", name="csrf_token")[0].attributes["value"]
