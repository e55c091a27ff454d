"""Finds the words in Python files: what is marked, and what an error says to people.

An error's `public_message` is shown translated but is not marked: `sync` knows no languages.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from babel.messages.extract import extract_python

Found = tuple[int, str | None, Any, list[str]]


def python_words(
    fileobj: IO[bytes], keywords: Mapping[str, Any], tags: Sequence[str], options: Any
) -> Iterator[Found]:
    """An extraction method of Babel."""
    yield from extract_python(fileobj, keywords, tags, options)
    fileobj.seek(0)
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Assign) and _says(node):
            yield node.lineno, None, ast.literal_eval(node.value), []


def _says(node: ast.Assign) -> bool:
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    return "public_message" in names
