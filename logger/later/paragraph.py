"""An entry as one paragraph of plain text, for the case system that is in use. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# What a line of text must not bring along: a case system's own field would break at it.
_BLANKS = str.maketrans(dict.fromkeys("\r\n\t\x0b\x0c\u2028\u2029", " "))
_ENDS = (".", "!", "?", "…")


def as_paragraph(opening: str, facts: Iterable[tuple[str, str]]) -> str:
    """`opening`, then each fact under its name; what is empty is left out."""
    told = [opening, *(f"{name}: {answer}" for name, answer in facts if answer.strip())]
    return " ".join(_ended(_flat(one)) for one in told)


def _flat(text: str) -> str:
    return " ".join(text.translate(_BLANKS).split())


def _ended(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."
