"""How an entry stands with all that was added later. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logger.entries.entry import AddedLater, Entry

Label = Callable[[str], str]
# How an answer names somebody: by code, which each language says in its own words, or as typed.
_LISTED, _TYPED = "+", "="


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was told: how answers name them, and what they are called on a page."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that was wrong, and who still has to be told."""

    position: int
    still_to_tell: tuple[Told, ...]


def told(entry: Entry, label: Label) -> tuple[Told, ...]:
    """Everybody who was told, in the moment or later, each once. `label` says a code in words."""
    captured = (
        f"{_LISTED}{one.code}" if one.code else f"{_TYPED}{one.label}"
        for one in entry.captured.content.recipients
        if one.code or one.label
    )
    later = (_heard(one) for one in entry.later if one.content.what == "further")
    return tuple(Told(name, called(name, label)) for name in dict.fromkeys((*captured, *later)))


def called(name: str, label: Label) -> str:
    """What somebody is called on a page."""
    return label(name[1:]) if name.startswith(_LISTED) else name[1:]


def corrections(entry: Entry, label: Label) -> tuple[Correction, ...]:
    """Every correction with those who have not been told of it.

    Whoever was told the same after the correction is not among them: they heard it right.
    """
    found = []
    for one in entry.later:
        if one.content.what != "correction":
            continue
        before = [other for other in entry.later if other.position < one.position]
        heard = told(_with_later(entry, before), label)
        knows = set(_list(one, "told"))
        for other in entry.later:
            if other.content.what == "told" and _text(other, "correction") == str(one.position):
                knows.update(_list(other, "told"))
        left = tuple(someone for someone in heard if someone.name not in knows)
        found.append(Correction(one.position, left))
    return tuple(found)


def confirmed(entry: Entry) -> frozenset[str]:
    """Who confirmed that they received it."""
    return frozenset(_text(one, "whom") for one in entry.later if one.content.what == "receipt")


def _heard(one: AddedLater) -> str:
    code = _text(one, "code")
    return f"{_LISTED}{code}" if code else f"{_TYPED}{_text(one, 'whom')}"


def _with_later(entry: Entry, later: list[AddedLater]) -> Entry:
    return Entry(entry.id, entry.captured, later=tuple(later))


def _text(one: AddedLater, name: str) -> str:
    answer = one.content.answers.get(name, "")
    return answer if isinstance(answer, str) else ""


def _list(one: AddedLater, name: str) -> list[str]:
    answer = one.content.answers.get(name, [])
    return [answer] if isinstance(answer, str) else answer
