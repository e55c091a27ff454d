"""The directory's pages: the list, one recipient, what is changed about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, to_user_timezone
from flask_babel import gettext as _

from logger.directory.changes import Changes, CodeTaken, RecipientMoved, TooManyRecipients
from logger.directory.happened import Recipient
from logger.directory.kinds import KINDS
from logger.directory.register import Recipients
from logger.directory.table import written
from logger.directory.written import code_for, read, values_of
from logger.errors import NotFound
from logger.people.guards import requires, room
from logger.people.permissions import keeps_directory
from logger.people.register import Register
from logger.people.sessions import Sessions
from logger.settings import Settings

blueprint = Blueprint("directory", __name__)

_TICKED = ("favourite", "agreement_needed")
_SHOWN = ("offered", "unchecked", "retired")


@blueprint.get("/directory")
@requires(keeps_directory)
def directory() -> ResponseReturnValue:
    """Everybody who can be told, or those that were asked for."""
    everyone, asked = room(Recipients).everyone(), _asked()
    unchecked = [one for one in everyone if is_due(one)]
    found = [one for one in everyone if _fits(one, asked)]
    return render_template(
        "directory/directory.html",
        found=found,
        asked=asked,
        kinds=kinds_of(everyone),
        total=sum(not one.retired for one in everyone),
        unchecked=len(unchecked),
    )


@blueprint.get("/directory/export.csv")
@requires(keeps_directory)
def export() -> ResponseReturnValue:
    """All of it as a file for a spreadsheet."""
    body = written(room(Recipients).everyone())
    answer = Response(body, content_type="text/csv; charset=utf-8; header=present")
    name = f"sharelog-directory-{today()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/directory/add")
@requires(keeps_directory)
def add() -> ResponseReturnValue:
    """The form for somebody new."""
    return _form_page({"agreement_needed": "yes"}, {}, None)


@blueprint.post("/directory/add")
@requires(keeps_directory)
def added() -> ResponseReturnValue:
    """Somebody new, from now on on every phone."""
    values = _posted()
    values["code"] = _free_code(values["name"])
    recipient, problems = read(values, None, kinds_of(room(Recipients).everyone()), today())
    if recipient is None:
        return _form_page(values, _said(problems), None), 422
    try:
        room(Changes).add(recipient, g.person.id)
    except (CodeTaken, TooManyRecipients) as error:
        return _form_page(values, {"name": _(error.public_message)}, None), error.status
    flash(_("Added. Phones have it with their next contact."))
    return redirect(url_for("directory.directory"), 303)


@blueprint.get("/directory/recipients/<code>")
@requires(keeps_directory)
def recipient(code: str) -> ResponseReturnValue:
    """One recipient, and what can be changed about it."""
    found = _find(code)
    return _form_page(values_of(found), {}, found)


@blueprint.post("/directory/recipients/<code>")
@requires(keeps_directory)
def change(code: str) -> ResponseReturnValue:
    """Another name, number or address."""
    before, values = _find(code), _posted() | {"code": code}
    after, problems = read(values, before, kinds_of(room(Recipients).everyone()), today())
    if after is None:
        return _form_page(values, _said(problems), before, _based_on()), 422
    try:
        room(Changes).change(after, _based_on(), g.person.id)
    except (RecipientMoved, TooManyRecipients) as error:
        return _form_page(values, {"name": _(error.public_message)}, before), error.status
    flash(_("Saved. Phones have it with their next contact."))
    return redirect(url_for("directory.recipient", code=code), 303)


@blueprint.post("/directory/recipients/<code>/checked")
@requires(keeps_directory)
def checked(code: str) -> ResponseReturnValue:
    """Number and address were looked at today and are right."""
    room(Changes).mark_checked(code, today(), g.person.id)
    flash(_("Marked as checked today."))
    return redirect(url_for("directory.recipient", code=code), 303)


@blueprint.post("/directory/recipients/<code>/retire")
@requires(keeps_directory)
def retire(code: str) -> ResponseReturnValue:
    """Offer it to nobody any more."""
    room(Changes).retire(code, g.person.id)
    flash(_("Retired. Phones stop offering it; entries keep its name."))
    return redirect(url_for("directory.recipient", code=code), 303)


@blueprint.post("/directory/recipients/<code>/restore")
@requires(keeps_directory)
def restore(code: str) -> ResponseReturnValue:
    """Offer it again."""
    try:
        room(Changes).restore(code, g.person.id)
    except TooManyRecipients as error:
        flash(_(error.public_message))
    else:
        flash(_("Offered again on phones."))
    return redirect(url_for("directory.recipient", code=code), 303)


@blueprint.app_template_filter("iso_day")
def iso_day(day: str) -> str:
    """A day of the calendar that is kept as text."""
    return str(format_date(date.fromisoformat(day), "d MMMM y"))


def today() -> date:
    """The day it is where the organisation is."""
    now = datetime.fromtimestamp(room(Sessions).now() / 1000, UTC)
    day: date = to_user_timezone(now).date()
    return day


def is_due(one: Recipient) -> bool:
    """Whether nobody has made sure of its number and address for long."""
    since = today() - timedelta(days=room(Settings).check_recipients_days)
    return not one.retired and one.checked_on < since.isoformat()


def kinds_of(everyone: list[Recipient]) -> dict[str, str]:
    """All kinds there are, and what they are called."""
    others = {one.kind: one.kind for one in everyone if one.kind not in KINDS}
    return {code: str(_(name)) for code, name in KINDS.items()} | others


def _asked() -> dict[str, str]:
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "kind", "show")}
    return asked | {"show": asked["show"] if asked["show"] in _SHOWN else _SHOWN[0]}


def _fits(one: Recipient, asked: Mapping[str, str]) -> bool:
    shown = {"offered": not one.retired, "unchecked": is_due(one), "retired": one.retired}
    searched = " ".join((one.label.en, one.label.cy, one.code, one.number, one.direct)).casefold()
    return (
        shown[asked["show"]]
        and asked["kind"] in ("", one.kind)
        and all(word in searched for word in asked["q"].casefold().split())
    )


def _find(code: str) -> Recipient:
    found = room(Recipients).find(code)
    if found is None:
        raise NotFound
    return found


def _posted() -> dict[str, str]:
    names = ("name", "name_cy", "kind", "number", "staff_number", "hours", "hours_cy")
    values = {name: request.form.get(name, "") for name in (*names, "secure_address")}
    return values | {name: request.form.get(name, "no") for name in _TICKED}


def _free_code(name: str) -> str:
    wanted, number = code_for(name), 2
    code = wanted or "recipient"
    while room(Recipients).find(code) is not None:
        code, number = f"{(wanted or 'recipient')[:60]}-{number}", number + 1
    return code


def _said(problems: Mapping[str, str]) -> dict[str, str]:
    return {name: str(_(why)) for name, why in problems.items()}


def _based_on() -> int:
    try:
        return int(request.form.get("based_on", "0"))
    except ValueError:
        return -1


def _form_page(
    values: Mapping[str, str],
    problems: Mapping[str, str],
    one: Recipient | None,
    based_on: int | None = None,
) -> str:
    found: dict[str, Any] = {"history": [], "based_on": 0, "due": False}
    if one is not None:
        version = room(Recipients).version(one.code) if based_on is None else based_on
        history = room(Recipients).history(one.code)
        found = {"history": history, "based_on": version, "due": is_due(one)}
    return render_template(
        "directory/recipient.html",
        one=one,
        values=values,
        problems=problems,
        kinds=kinds_of(room(Recipients).everyone()),
        person_name=_name,
        **found,
    )


def _name(person: Any) -> str:
    found = room(Register).person(person) if person else None
    return found.name if found else ""
