"""The phone door in OpenAPI 3.1: its addresses from the door, its shapes from the classes that read
and write them, its problems from the table of docs/protocol.md section 9."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask

from logger.directory.publish import DirectoryDocument
from logger.keys.statement import _KeyStatement
from sync.enrolment import EnrolDocument, Enrolled
from sync.event import MAX_EVENT_BYTES
from sync.http import FRAMES, MAX_EVENTS, PROBLEM
from sync.receipt import OpenedStatement
from sync.reconcile import Answer, HelloDocument
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

FILE = FOLDER / "phone-door.json"
_PROTOCOL = Path(__file__).parent.parent.parent / "docs/protocol.md"
_WORDS = """What a phone says to the phone door, as docs/protocol.md has it; that page decides.

A body of frames is described as a list with an item for each frame: a signed document by its JSON
(its signature follows in the same frame), an event by its bytes in base64url."""
_DOCUMENTS = (HelloDocument, Answer, EnrolDocument, Enrolled, OpenedStatement, _KeyStatement,
              DirectoryDocument)  # fmt: skip
# How many bytes a name of a document holds, in base64url without padding.
_BYTES = {
    "HelloDocument": {"key": 65, "nonce": 16, "awaiting": 32, "holds": 32},
    "LostDocument": {"device": 32},
    "SeenHead": {"epoch": 16, "digest": 32},
    "EnrolDocument": {"key": 65, "nonce": 16},
    "Enrolled": {"nonce": 16, "device": 32},
    "Answer": {"nonce": 16, "epoch": 16, "missing": 32, "noted": 32},
    "ShownHead": {"digest": 32},
    "Result": {"id": 32},
    "StoredReceipt": {"epoch": 16, "signature": 64},
    "OpenedStatement": {"id": 32, "signature": 64},
    "KeyStatement": {"root": 65, "stored": 65, "opened": 65, "publishing": 65},
    "RecordPublic": {"id": 8},
}
# By the place that is left over in the last letter: 0, 2 or 4 bits that are nothing.
_LAST = {0: "[A-Za-z0-9_-]", 2: "[AEIMQUYcgkosw048]", 1: "[AQgw]"}
_NAMED = ("http.wrong_host", "http.failed")
_TAKEN = (*_NAMED, "http.length", "http.media_type", "sync.too_large", "frames.malformed",
          "document.malformed", "signature.wrong", "ledger.busy", "ledger.full")  # fmt: skip
# What each address answers with beside 200; where nothing is read, nothing of that is said.
PROBLEMS: dict[str, tuple[str, ...]] = {
    "sync.take_events": (*_TAKEN, "hello.replayed"),
    "sync.take_enrolment": (
        *_TAKEN, "enrol.code_unusable", "enrol.revoked", "enrol.another_person", "sync.too_many",
    ),
    "sync.give_keys": (*_NAMED, "sync.not_ready"),
    "sync.give_directory": (*_NAMED, "sync.not_ready"),
    "sync.say_alive": ("http.failed",),
    "sync.say_ready": ("http.failed", "sync.not_ready"),
    "security_txt": (*_NAMED, "http.not_found"),
    "offer_demo_code": (*_NAMED, "http.not_found", "ledger.busy", "ledger.full"),
    "shell.static_file": (*_NAMED, "http.not_found"),
    **dict.fromkeys(
        ("shell.page", "shell.english", "shell.welsh", "shell.english_practice",
         "shell.welsh_practice", "shell.manifest", "shell.worker"), _NAMED,
    ),
}  # fmt: skip
# A method that an address does not take is described by there being no such operation.
NOT_OF_AN_OPERATION = {"http.method"}
_REF = "#/components/responses/"
_HTML, _TEXT = content("text/html", {"type": "string"}), content("text/plain", {"type": "string"})


def _frames(first: str, more: str = "", most: int = 0) -> Described:
    one: Described = {"$ref": f"#/components/schemas/{first}"}
    shape: Described = {"type": "array", "minItems": 1, "maxItems": 1 + most}
    if not more:
        return content(FRAMES, {**shape, "items": one})
    behind = {"$ref": f"#/components/schemas/{more}"}
    return content(FRAMES, {**shape, "prefixItems": [one], "items": behind})


_EVENTS = _frames("HelloDocument", "Event", MAX_EVENTS)
_SAID: dict[str, tuple[Described | None, Described]] = {
    "sync.take_events": (_EVENTS, _frames("Answer")),
    "sync.take_enrolment": (_frames("EnrolDocument"), _frames("Enrolled")),
    "sync.give_keys": (None, _frames("KeyStatement")),
    "sync.give_directory": (None, _frames("DirectoryDocument")),
    "sync.say_alive": (None, _TEXT),
    "sync.say_ready": (None, _TEXT),
    "security_txt": (None, _TEXT),
    "offer_demo_code": (None, content("application/json", {
        "type": "object", "required": ["code"],
        "properties": {"code": {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{16}$"}},
    })),
    "shell.static_file": (None, content("*/*")),
    "shell.manifest": (None, content("application/manifest+json", {"type": "object"})),
    "shell.worker": (None, content("text/javascript", {"type": "string"})),
}  # fmt: skip
_SUMMARIES = {
    "shell.page": "The form, in the organisation's language.",
    "shell.english": "The form in English.", "shell.welsh": "The form in Welsh.",
    "shell.english_practice": "Practice in English.",
    "shell.welsh_practice": "Practice in Welsh.", "shell.manifest": "The web app manifest.",
    "shell.worker": "The service worker.", "security_txt": "Whom to tell (RFC 9116).",
    "offer_demo_code": "A code for this browser; in a demo and nowhere else.",
}  # fmt: skip


def statuses() -> dict[str, int]:
    """Every code of a problem and its status, as the protocol's own table has them."""
    section = _PROTOCOL.read_text().split("## 9. Problems")[1].split("\n## ")[0]
    found: dict[str, int] = {}
    for line in re.findall(r"^\| [\d, ]+ \| .* \|", section, re.MULTILINE):
        numbers = re.findall(r"\d{3}", line.split("|")[1])
        codes = re.findall(r"`([a-z_.]+)`", line.split("|")[2])
        # One number stands for all codes of its line; several for one code each.
        found |= dict(zip(codes, map(int, numbers * (len(codes) // len(numbers))), strict=True))
    return found


def describe(app: Flask) -> Described:
    """The description of a phone door; KeyError for an address that nobody described."""
    known = statuses()
    paths = by_path(
        (path_of(rule), method, _operation(app, rule, known)) for rule, method in operations(app)
    )
    told = {
        _name_of(codes): _problem(status, codes)
        for endpoint in PROBLEMS
        for status, codes in _by_status(endpoint, known).items()
    }
    parts = {"schemas": schemas(), "responses": dict(sorted(told.items()))}
    return document("Sharelog: the phone door", _WORDS, paths, parts)


def _by_status(endpoint: str, known: dict[str, int]) -> dict[int, list[str]]:
    """The codes that one address may answer with, together where they share a status."""
    problems: dict[int, list[str]] = {}
    for code in sorted(PROBLEMS[endpoint]):
        problems.setdefault(known[code], []).append(code)
    return problems


def _name_of(codes: Iterable[str]) -> str:
    return "-or-".join(sorted(codes))


def _operation(app: Flask, rule: Any, known: dict[str, int]) -> Described:
    asked, said = _SAID.get(rule.endpoint, (None, _HTML))
    problems = _by_status(rule.endpoint, known)
    each = [(200, {"description": "Done.", "content": said})]
    if rule.endpoint.startswith("shell.") and rule.endpoint != "shell.static_file":
        each.append((304, {"description": "It is held already."}))
    each += [(status, {"$ref": _REF + _name_of(codes)}) for status, codes in problems.items()]
    summary = _SUMMARIES.get(rule.endpoint) or summary_of(app, rule)
    operation: Described = {"operationId": rule.endpoint, "summary": summary}
    if parameters := path_parameters(rule):
        operation["parameters"] = parameters
    if asked:
        operation["requestBody"] = {"required": True, "content": asked}
    return operation | {"responses": answers(*each)}


def _problem(status: int, codes: Iterable[str]) -> Described:
    said = sorted(codes)
    names: Described = {
        "type": {"enum": [f"urn:sharelog:problem:{code}" for code in said]},
        "title": {"type": "string", "minLength": 1},
        "status": {"const": status},
        "code": {"enum": said},
    }
    shape = {"type": "object", "required": list(names), "properties": names}
    one: Described = {"description": ", ".join(said), "content": content(PROBLEM, shape)}
    if {"sync.too_many", "ledger.busy", "sync.not_ready"} & set(said):
        one["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    return one


def schemas() -> Described:
    """The shapes of all documents, as the classes have them that read and write them."""
    _, made = msgspec.json.schema_components(_DOCUMENTS, ref_template="#/components/schemas/{name}")
    # A class of one file alone has a mark in its name that is nobody else's business.
    text = re.sub(rb'(?<=[/"])_(?=[A-Z])', b"", msgspec.json.encode(made))
    named: Described = msgspec.json.decode(text)
    for name, lengths in _BYTES.items():
        for one, length in lengths.items():
            _say_bytes(named[name]["properties"][one], length)
    opened = {"$ref": "#/components/schemas/OpenedStatement"}
    named["Answer"]["properties"]["opened"] = {"type": "array", "items": opened}
    named["Event"] = {
        "title": "Event", "type": "string", "format": "sharelog-event",
        "contentEncoding": "base64url", "maxLength": -(-MAX_EVENT_BYTES * 4 // 3),
        "description": "docs/protocol.md section 3.1; one that is none is answered, not refused.",
    }  # fmt: skip
    return dict(sorted(named.items()))


def _say_bytes(shape: Described, length: int) -> None:
    """Which text stands for so many bytes, here or in the one place inside that is a text."""
    inside = [shape.get("items"), *shape.get("anyOf", ())]
    if shape.get("type") != "string":
        shape = next(one for one in inside if one and one.get("type") == "string")
    shape.pop("minLength", None), shape.pop("maxLength", None)
    letters = -(-length * 4 // 3)
    shape["pattern"] = f"^[A-Za-z0-9_-]{{{letters - 1}}}{_LAST[length % 3]}$"
