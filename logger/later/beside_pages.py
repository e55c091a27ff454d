"""What was added at the desk as it is read beside an entry, and what can still be added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import g
from flask_babel import get_locale

from logger.directory.recipients import Directory
from logger.entries.entry import AddedLater, Entry
from logger.entries.fields import Shown, shown
from logger.entries.forms.draft_pages import Place
from logger.entries.happened import Answers
from logger.later.additions import open_for_adding
from logger.later.forms import KINDS, Kind
from logger.later.standing import Told, called, confirmed, corrections, told
from logger.people.guards import room


def label(code: str) -> str:
    """What a recipient of the directory is called."""
    return room(Directory).recipient(code, str(get_locale()))


@dataclass(frozen=True)
class Beside:
    """One addition as it is read."""

    added: AddedLater
    called: str
    answers: list[Shown]
    still_to_tell: tuple[Told, ...] = ()


def beside(entry: Entry) -> list[Beside]:
    """All that was added, in the order it was."""
    left = {one.position: one.still_to_tell for one in corrections(entry, label)}
    whom = told(entry, label)
    kinds = ((one, KINDS.get(one.content.what)) for one in entry.later)
    return [
        Beside(
            one,
            kind.called,
            shown_addition(kind, one.content.answers, whom),
            left.get(one.position, ()),
        )
        for one, kind in kinds
        if kind
    ]


def shown_addition(kind: Kind, answers: Answers, whom: Sequence[Told]) -> list[Shown]:
    """The answers of one addition; `whom` are the recipients it may speak of."""
    form = kind.form()
    form.offer_recipients(whom)
    lines = shown(form, answers)
    # Names of recipients come from a list or a keyboard: no translation is looked up for them.
    return [replace(one, translated=False) for one in lines]


def drafts_of(entry: UUID, what: str, about: str = "") -> Place:
    """Where drafts of an addition lie, of whoever is signed in."""
    return Place(g.person.id, entry, f"later-{what}{about}")


def _waiting_links(entry: Entry) -> list[tuple[str, int]]:
    """Recipients who have a link and did not use it, and until when they can."""
    known = confirmed(entry)
    latest: dict[str, int] = {}
    for one in entry.later:
        whom, until = one.content.answers.get("whom"), one.content.answers.get("until")
        if one.content.what == "link" and isinstance(whom, str) and isinstance(until, str):
            latest[whom] = int(until)
    return [(called(whom, label), until) for whom, until in latest.items() if whom not in known]


def words() -> dict[str, Callable[..., object]]:
    """What templates of an entry ask for."""
    return {
        "added_later": beside,
        "waiting_links": _waiting_links,
        "addition_drafted": lambda entry, kind: drafts_of(entry, kind.what).versions(),
        "additions_for": lambda line: (
            [
                kind
                for kind in KINDS.values()
                if kind.what != "told" and (line.act == "shared" or not kind.of_a_share)
            ]
            if open_for_adding(line)
            else []
        ),
    }
