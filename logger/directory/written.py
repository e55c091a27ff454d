"""A recipient as somebody writes it, in a form or in a row of a file, and what is wrong with it.

Pure. The same rules hold for both. Sentences are English until they are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from logger.directory.happened import Recipient
from logger.directory.own_file import Label
from logger.shell.words import N_

COLUMNS = (
    "code", "name", "name_cy", "kind", "number", "staff_number", "hours", "hours_cy",
    "secure_address", "favourite", "agreement_needed", "last_checked", "retired",
)  # fmt: skip
_CODE = re.compile(r"[a-z0-9-]{1,64}")
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,22}[0-9]")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https://\S+")
_YES, _NO = frozenset({"yes", "y", "true", "1", "ie"}), frozenset({"no", "n", "false", "0", "na"})
_MOST = {"secure_address": 254}
_MOST_LINE = 200

NOT_ONE_LINE = N_("Write this on one line.")
TOO_LONG = N_("This is too long. Shorten it.")
NO_NAME = N_("Enter a name.")
NO_CODE = N_("A code has up to 64 small letters, digits and hyphens.")
NO_KIND = N_("Choose one of the kinds of this directory.")
NO_NUMBER = N_("Enter a telephone number, such as 01632 960123.")
NO_ADDRESS = N_("Enter an email address, or an address that begins with https://.")
NO_ANSWER = N_("Write yes or no.")
NOT_A_DAY = N_("Enter a date, such as 2026-11-25 or 25/11/2026.")
NOT_YET = N_("This day has not come yet.")


def values_of(recipient: Recipient) -> dict[str, str]:
    """The recipient as it would be written."""
    hours = recipient.hours
    return {
        "code": recipient.code,
        "name": recipient.label.en,
        "name_cy": _welsh(recipient.label),
        "kind": recipient.kind,
        "number": recipient.number,
        "staff_number": recipient.direct,
        "hours": hours.en if hours else "",
        "hours_cy": _welsh(hours) if hours else "",
        "secure_address": recipient.secure,
        "favourite": _yes_or_no(recipient.favourite),
        "agreement_needed": _yes_or_no(recipient.needs_agreement),
        "last_checked": recipient.checked_on,
        "retired": _yes_or_no(recipient.retired),
    }


def read(
    written: Mapping[str, str], before: Recipient | None, kinds: Collection[str], today: date
) -> tuple[Recipient | None, dict[str, str]]:
    """The recipient that this says, or what is wrong with which column.

    A column that is not there stays as it was before.
    """
    usual = values_of(before) if before else _nothing()
    values = {name: written.get(name, usual[name]).strip() for name in COLUMNS}
    values["code"] = values["code"] or code_for(values["name"])
    problems = _problems(values, kinds)
    day = day_of(values["last_checked"])
    if day is None and values["last_checked"]:
        problems.setdefault("last_checked", NOT_A_DAY)
    elif day is not None and day > today:
        problems.setdefault("last_checked", NOT_YET)
    if problems:
        return None, problems
    hours = Label(values["hours"], values["hours_cy"]) if values["hours"] else None
    return Recipient(
        code=values["code"],
        label=Label(values["name"], values["name_cy"]),
        kind=values["kind"],
        number=values["number"],
        direct=values["staff_number"],
        hours=hours,
        secure=values["secure_address"],
        favourite=_answer(values["favourite"]) is True,
        needs_agreement=_answer(values["agreement_needed"]) is not False,
        checked_on=day.isoformat() if day else "",
        retired=_answer(values["retired"]) is True,
    ), {}


def code_for(name: str) -> str:
    """A code made of a name; empty where nothing of it can stand in one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:64].strip("-")


def _problems(values: Mapping[str, str], kinds: Collection[str]) -> dict[str, str]:
    found = {name: why for name, text in values.items() if (why := _unreadable(name, text))}
    judged = {
        "name": "" if values["name"] else NO_NAME,
        # Made of the name where none was given.
        "code": "" if not values["name"] or _CODE.fullmatch(values["code"]) else NO_CODE,
        "kind": "" if values["kind"] in kinds else NO_KIND,
    }
    for name, wrong in _FITTING.items():
        judged[name] = "" if not values[name] or wrong[0](values[name]) else wrong[1]
    return {name: why for name, why in judged.items() if why} | found


def _unreadable(name: str, text: str) -> str:
    if any(unicodedata.category(one) == "Cc" for one in text):
        return NOT_ONE_LINE
    return TOO_LONG if len(text) > _MOST.get(name, _MOST_LINE) else ""


def _nothing() -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "")


def _welsh(label: Label) -> str:
    # Where nothing was written in Welsh, the English stands for both, also after it is changed.
    return "" if label.cy == label.en else label.cy


def _yes_or_no(answer: bool) -> str:
    return "yes" if answer else "no"


def _answer(text: str) -> bool | None:
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None


def day_of(text: str) -> date | None:
    """The day that somebody wrote, or None."""
    # Spreadsheets of this country turn the first into the second by themselves.
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    return None


_FITTING: Mapping[str, tuple[Callable[[str], object], str]] = {
    "number": (_NUMBER.fullmatch, NO_NUMBER),
    "staff_number": (_NUMBER.fullmatch, NO_NUMBER),
    "secure_address": (_ADDRESS.fullmatch, NO_ADDRESS),
    **{
        name: (lambda text: _answer(text) is not None, NO_ANSWER)
        for name in ("favourite", "agreement_needed", "retired")
    },
}
