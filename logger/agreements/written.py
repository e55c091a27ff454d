"""An agreement as somebody writes it in the form: what is wrong with it, in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from logger.directory.happened import Agreement
from logger.directory.written import NOT_A_DAY, TOO_LONG, day_of
from logger.shell.words import N_

NO_TITLE = N_("Enter what the agreement is called.")
NO_PARTY = N_("Choose with whom it was agreed.")
NO_SCOPE = N_("Say what may be shared under it, and for what.")
NO_DAY = N_("Enter the day on which it was signed.")
BACKWARDS = N_("It cannot end before it was signed.")
_MOST = {"title": 200, "reference": 200, "scope": 2_000}


def values_of(agreement: Agreement) -> dict[str, Any]:
    """The agreement as the form shows it."""
    names = ("title", "scope", "signed_on", "ends_on", "review_on", "reference")
    values: dict[str, Any] = {name: getattr(agreement, name) for name in names}
    return values | {"parties": list(agreement.parties)}


def read(
    values: Mapping[str, Any], id: UUID, offered: Collection[str], ended_on: str = ""
) -> tuple[Agreement | None, dict[str, str]]:
    """The agreement that this says, or what is wrong with which field."""
    words = {name: str(values.get(name, "")).strip() for name in _MOST}
    problems = {name: TOO_LONG for name, text in words.items() if len(text) > _MOST[name]}
    for name, why in (("title", NO_TITLE), ("scope", NO_SCOPE)):
        if not words[name]:
            problems[name] = why
    parties = [code for code in dict.fromkeys(values.get("parties", ())) if code in offered]
    if not parties:
        problems["parties"] = NO_PARTY
    days, wrong = _days(values)
    problems |= wrong
    if problems:
        return None, problems
    return Agreement(
        id=id, parties=parties, ended_on=ended_on, **words,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    ), {}  # fmt: skip


def read_day(text: str) -> tuple[date | None, str]:
    """The day, or what is wrong with it; nothing written is no day and nothing wrong."""
    day = day_of(text.strip())
    return day, NOT_A_DAY if text.strip() and day is None else ""


def _days(values: Mapping[str, Any]) -> tuple[dict[str, date | None], dict[str, str]]:
    days: dict[str, date | None] = {}
    problems: dict[str, str] = {}
    for name in ("signed_on", "ends_on", "review_on"):
        days[name], why = read_day(str(values.get(name, "")))
        if why:
            problems[name] = why
    signed, ends = days["signed_on"], days["ends_on"]
    if signed is None:
        problems.setdefault("signed_on", NO_DAY)
    elif ends is not None and ends < signed:
        problems["ends_on"] = BACKWARDS
    return days, problems
