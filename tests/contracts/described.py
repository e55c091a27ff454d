"""What both descriptions in OpenAPI 3.1 have in common, and where they are kept.

Paths, methods, parameters and summaries come from the door itself, so that they cannot say
otherwise; what a door does not know of itself stands in the module of that door.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

FOLDER = Path(__file__).parent.parent.parent / "docs/openapi"
Described = dict[str, Any]
_SCHEMAS = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    "default": {"type": "string", "minLength": 1},
    "string": {"type": "string", "minLength": 1},
}
_VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")


def operations(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule of a door with its method; HEAD and OPTIONS go with them."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method.lower()


def path_of(rule: Rule) -> str:
    """The rule as OpenAPI writes it."""
    return _VARIABLE.sub(r"{\2}", rule.rule)


def path_parameters(rule: Rule) -> list[Described]:
    """What stands in the address."""
    return [
        {"name": name, "in": "path", "required": True, "schema": _SCHEMAS[kind or "default"]}
        for kind, name in _VARIABLE.findall(rule.rule)
    ]


def summary_of(app: Flask, rule: Rule) -> str:
    """The first sentence that the view says of itself."""
    said = (app.view_functions[rule.endpoint].__doc__ or "").strip()
    return " ".join(said.split("\n\n")[0].split())


def document(title: str, words: str, paths: Described, components: Described) -> Described:
    """A whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version("sharelog"),
            "description": words,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": components,
    }


def content(kind: str, schema: Described | None = None) -> Described:
    """A body of this media type."""
    return {kind: {"schema": schema} if schema else {}}


def answers(*each: tuple[int, Described]) -> Described:
    """Answers by their status, in order."""
    return {str(status): said for status, said in sorted(each, key=lambda one: one[0])}


def by_path(each: Iterable[tuple[str, str, Described]]) -> Described:
    """Operations by path and method."""
    paths: Described = {}
    for path, method, said in each:
        paths.setdefault(path, {})[method] = said
    return paths


def text_of(description: Described) -> str:
    """As it stands in its file."""
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"
