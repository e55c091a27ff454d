"""The record door in OpenAPI 3.1: addresses and who may go there from the door, fields of its forms
from the pages that show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from logger.entries.sections import SECTIONS
from logger.later.forms import KINDS
from logger.people.guards import everyone, permission_of
from logger.people.person import Person, Role
from tests.contracts.described import (
    FOLDER,
    Described,
    answers,
    by_path,
    content,
    document,
    operations,
    path_of,
    path_parameters,
    summary_of,
)
from tests.logger.test_route_table import Door
from tests.page_inspector import Element, Page

FILE = FOLDER / "record-door.json"
_WORDS = """Pages and forms for people at a desk. Every form needs the token of its page, and is
sent from this site alone. `x-roles` says who may ask at all; whose entry it is comes on top."""
_FORM, _FILES = "application/x-www-form-urlencoded", "multipart/form-data"
_ID = UUID(int=1)
# More values than these are somebody's own list, not words of ours.
_MOST_WORDS = 12
_OUR_WORD = re.compile(r"[a-z][a-z0-9-]*|")
_HTML = content("text/html", {"type": "string"})
_TEXT = content("text/plain", {"type": "string"})
_TABLE = content("text/csv", {"type": "string"})
_OTHERWISE = {
    "say_alive": _TEXT, "say_ready": _TEXT, "security_txt": _TEXT, "law.file": _TEXT,
    "directory.export": _TABLE, "overview.sheet": _TABLE, "static_file": content("*/*"),
}  # fmt: skip
# Buttons that send the form they stand in to an address of their own, and what htmx sends there.
_SAME = {
    "sections.draft": "sections.save", "sections.take": "sections.save",
    "sections.earlier": "sections.save", "later.draft": "later.added",
    "later.make_link": "later.added", "advice.quote": "advice.ask",
}  # fmt: skip
# What is sent from pages that come only in the middle of something.
_BETWEEN: dict[str, tuple[str, ...]] = {
    "sections.bin_version": ("version",), "sections.take": ("take",),
    "later.bin_version": ("version", "correction"), "later.added": ("correction",),
    "later.draft": ("correction",), "later.make_link": ("whom",), "advice.quote": ("position",),
    "advice.write_general": ("title", "words"), "directory_import.apply": ("token", "revision"),
    "governance.end": ("found", "told", "told_at", "words"),
    "people.check_code": ("code",), "people.joined": ("name", "password", "code"),
    "prove.answer": ("password", "code"),
    "receipts.answer": ("received",), "review.answer": ("outcome", "words", "seen"),
    "undocumented.answer": ("answer", "ask"),
    "administration.confirm": ("ask",), "administration.decline": ("ask",),
}  # fmt: skip
# Who tries often has to wait there.
_WAITS = frozenset(
    {
        "people.check_password",
        "people.check_code",
        "receipts.answer",
        "account.change_password",
        "prove.answer",
    }
)
# No part of the address names what may be missing.
_NOTHING_THERE = frozenset({"security_txt", "receipts.answer", "people.demo"})
_SENTENCES = {
    400: "The form has no token, or an old one.", 401: "To htmx: sign in first.",
    403: "Not for this person, or sent from another site.", 404: "Nothing there for this person.",
    409: "Somebody else was first, or it is done already; nothing typed is lost.",
    413: "Too long.", 421: "Not a name of ours.", 422: "An answer is missing or wrong.",
    429: "Too many tries.", 503: "Not ready.",
}  # fmt: skip


class Forms:
    """What pages ask for: fields of forms by the endpoint they are sent to."""

    def __init__(self, app: Flask):
        self._urls = app.url_map.bind("localhost")
        self.fields: dict[str, dict[str, Described]] = {}
        self.asked: dict[str, set[str]] = {}

    def read(self, page: Page) -> None:
        """Note the forms and the links of one page."""
        form: Element | None = None
        for one in page.elements:
            if one.tag == "form":
                form = one
                self._note_target(one)
            elif one.tag == "a" and "?" in one.attributes.get("href", ""):
                self._note_query(one.attributes["href"])
            if form and "form" in one.parents:
                self._note_field(form, one, page)

    def _note_target(self, form: Element) -> None:
        if endpoint := self._endpoint(form):
            self.fields.setdefault(endpoint, {})

    def _note_query(self, href: str) -> None:
        parts = urlsplit(href)
        if not parts.netloc and (endpoint := self._match(parts.path, "GET")):
            names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
            self.asked.setdefault(endpoint, set()).update(names)

    def _note_field(self, form: Element, one: Element, page: Page) -> None:
        name = one.attributes.get("name")
        action = one.attributes.get("formaction") or form.attributes["action"]
        method = form.attributes.get("method", "get").upper()
        endpoint = self._match(urlsplit(action).path, method)
        if not name or endpoint is None:
            return
        if method == "GET":
            self.asked.setdefault(endpoint, set()).add(name)
            return
        kinds = self.fields.setdefault(endpoint, {})
        kinds[name] = _merged(kinds.get(name), _kind_of(one, page))

    def _endpoint(self, form: Element) -> str | None:
        if form.attributes.get("method", "get").lower() != "post":
            return None
        return self._match(urlsplit(form.attributes["action"]).path, "POST")

    def _match(self, path: str, method: str) -> str | None:
        try:
            endpoint, _ = self._urls.match(path, method)
        except HTTPException:
            return None
        return endpoint


def _kind_of(one: Element, page: Page) -> Described:
    kind = one.attributes.get("type", "text")
    if kind == "file":
        return {"type": "string", "contentMediaType": "application/octet-stream"}
    if one.tag == "select" or kind in ("radio", "checkbox", "submit"):
        return {"enum": [one.attributes["value"]] if one.tag != "select" else _options(one, page)}
    return {"type": "string"}


def _options(select: Element, page: Page) -> list[str]:
    at = page.elements.index(select)
    found = []
    for one in page.elements[at + 1 :]:
        if "select" not in one.parents:
            break
        if one.tag == "option":
            found.append(one.attributes.get("value", ""))
    return found


def _merged(before: Described | None, now: Described) -> Described:
    if before is None or "enum" not in before or "enum" not in now:
        return before or now
    return {"enum": sorted({*before["enum"], *now["enum"]})}


def _shown(kind: Described) -> Described:
    """A list of choices as it is worth writing down: words of ours, and not too many."""
    words = kind.get("enum")
    if words is None:
        return kind
    if len(words) > _MOST_WORDS or not all(map(_OUR_WORD.fullmatch, words)):
        return {"type": "string"}
    return {"type": "string", "enum": words}


def pages(door: Door) -> Iterator[Page]:
    """One page of each address for each kind of entry, as somebody who may see it."""
    for rule in door.rules:
        if "GET" not in (rule.methods or ()):
            continue
        seen: set[str] = set()
        for name, path, said in _addresses(door, rule):
            if said != "+" or path in seen:
                continue
            answer = door.browsers[name].client.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                seen.add(path)
                yield Page(answer.text)


def _addresses(door: Door, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Those of the route table, and each section and each addition beside the one it has."""
    yield from door.expected(rule)
    entry = f"/entries/{door.entries['north']}"
    if rule.endpoint == "sections.section":
        yield from (("dana", f"/entries/{door.entries['open']}/{one}", "+") for one in SECTIONS)
    elif rule.endpoint == "later.add":
        yield from (("dana", f"{entry}/later/{one}", "+") for one in KINDS)


def describe(door: Door) -> Described:
    """The description of the record door of a record with something at every address."""
    app, forms = door.world.app, Forms(door.world.app)
    for page in pages(door):
        forms.read(page)
    paths = by_path(
        (path_of(rule), method, _operation(app, rule, method, forms))
        for rule, method in operations(app)
    )
    return document("Sharelog: the record door", _WORDS, paths, {"responses": _responses()})


def _operation(app: Flask, rule: Rule, method: str, forms: Forms) -> Described:
    endpoint = rule.endpoint
    permission = permission_of(app.view_functions[endpoint])
    assert permission, f"{endpoint} names no permission"
    public = permission is everyone
    parameters = path_parameters(rule)
    if method == "get":
        names = sorted(forms.asked.get(endpoint, ()))
        parameters += [{"name": one, "in": "query", "schema": {"type": "string"}} for one in names]
    if not public:
        true = {"type": "string", "enum": ["true"]}
        parameters.append({"name": "HX-Request", "in": "header", "schema": true})
    operation: Described = {"operationId": endpoint, "summary": summary_of(app, rule)}
    if not public:
        operation["x-roles"] = [
            role.value for role in Role if permission(Person(_ID, "", "", role, ""))
        ]
    if parameters:
        operation["parameters"] = parameters
    if method == "post":
        operation["requestBody"] = _body(_fields(endpoint, forms))
    return operation | {"responses": _answers(rule, method, public=public)}


def named() -> set[str]:
    """The addresses that this module says something of by their names."""
    return {*_SAME, *_SAME.values(), *_BETWEEN, *_WAITS, *_NOTHING_THERE, *_OTHERWISE}


def _fields(endpoint: str, forms: Forms) -> dict[str, Described]:
    plain: dict[str, Described] = {name: {"type": "string"} for name in _BETWEEN.get(endpoint, ())}
    same = forms.fields.get(_SAME.get(endpoint, ""), {})
    return {"csrf_token": {"type": "string"}} | plain | same | forms.fields.get(endpoint, {})


def _body(fields: dict[str, Described]) -> Described:
    kind = _FILES if any("contentMediaType" in one for one in fields.values()) else _FORM
    named = {name: _shown(one) for name, one in sorted(fields.items())}
    shape = {"type": "object", "required": ["csrf_token"], "properties": named}
    return {"required": True, "content": content(kind, shape)}


def _answers(rule: Rule, method: str, *, public: bool) -> Described:
    statuses = set()
    if not public:
        statuses |= {401, 403}
    if rule.arguments or rule.endpoint in _NOTHING_THERE:
        statuses.add(404)
    if method == "post":
        statuses |= {400, 403, 409, 413, 422}
    if rule.endpoint in _WAITS:
        statuses.add(429)
    if rule.endpoint == "say_ready":
        statuses.add(503)
    if rule.endpoint not in ("say_alive", "say_ready"):
        statuses.add(421)
    each = [(one, {"$ref": f"#/components/responses/{one}"}) for one in sorted(statuses)]
    shown = {"description": "The page.", "content": _OTHERWISE.get(rule.endpoint, _HTML)}
    away = (303, {"$ref": "#/components/responses/303"})
    return answers((200, shown), away, *each)


def _responses() -> Described:
    """Every answer that is no page of its own: a sentence on a page."""
    plain = {421: _TEXT, 503: _TEXT}
    said: Described = {
        str(status): {"description": words, "content": plain.get(status, _HTML)}
        for status, words in _SENTENCES.items()
    }
    place = {"Location": {"required": True, "schema": {"type": "string", "pattern": "^/"}}}
    htmx = {"HX-Redirect": {"required": True, "schema": {"type": "string", "pattern": "^/"}}}
    said["303"] = {"description": "Done, or sign in first.", "headers": place, "content": _HTML}
    said["401"]["headers"] = htmx
    return said
