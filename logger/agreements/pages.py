"""The register of agreements: what there is, what is due, with whom there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.agreements.due import Due
from logger.agreements.register import AgreementMoved, Agreements
from logger.agreements.written import read, read_day, values_of
from logger.directory.happened import Agreement
from logger.directory.kinds import KINDS
from logger.directory.pages import today
from logger.directory.recipients import Directory
from logger.directory.register import Recipients
from logger.entries.index import SOMEONE_ELSE
from logger.people.guards import requires, room
from logger.people.permissions import keeps_agreements, sees_agreements
from logger.people.register import Register
from logger.shell.words import N_

blueprint = Blueprint("agreements", __name__)

_ORDER = [*Due, None]
_YEAR = 365


@blueprint.get("/agreements")
@requires(sees_agreements)
def agreements() -> ResponseReturnValue:
    """All agreements, those first that somebody has to look at; and who has none."""
    register, now = room(Agreements), today()
    due, everything = register.due(now), register.everything()
    everything.sort(key=lambda one: (_ORDER.index(due.get(one.id)), one.title.casefold()))
    return render_template(
        "agreements/agreements.html",
        agreements=everything,
        due=due,
        without=register.repeated(date.fromordinal(now.toordinal() - _YEAR), now),
        now=now,
        keeps=keeps_agreements(g.person),
    )


@blueprint.get("/agreements/add")
@requires(keeps_agreements)
def add() -> ResponseReturnValue:
    """The form for a new agreement."""
    return _form_page({"parties": request.args.getlist("with")}, {}, None)


@blueprint.post("/agreements/add")
@requires(keeps_agreements)
def added() -> ResponseReturnValue:
    """A new agreement, which counts for every share on its days."""
    values = _posted()
    agreement, problems = read(values, room(Agreements).new_id(), _offered())
    if agreement is None:
        return _form_page(values, problems, None), 422
    room(Agreements).keep("added", agreement, g.person.id)
    flash(_("Added. Shares on its days are no longer flagged."))
    return redirect(url_for("agreements.agreements"), 303)


@blueprint.get("/agreements/<uuid:id>")
@requires(sees_agreements)
def agreement(id: UUID) -> ResponseReturnValue:
    """One agreement."""
    found, version = room(Agreements).find(id)
    return _form_page(values_of(found), {}, found, version)


@blueprint.post("/agreements/<uuid:id>")
@requires(keeps_agreements)
def change(id: UUID) -> ResponseReturnValue:
    """Other parties, days or words."""
    before, _version = room(Agreements).find(id)
    values = _posted()
    after, problems = read(values, id, _offered() | set(before.parties), before.ended_on)
    if after is None:
        return _form_page(values, problems, before, _based_on()), 422
    try:
        room(Agreements).keep("changed", after, g.person.id, _based_on())
    except AgreementMoved as error:
        _found, version = room(Agreements).find(id)
        return _form_page(values, {"title": error.public_message}, before, version), error.status
    flash(_("Saved."))
    return redirect(url_for("agreements.agreement", id=id), 303)


@blueprint.post("/agreements/<uuid:id>/reviewed")
@requires(keeps_agreements)
def reviewed(id: UUID) -> ResponseReturnValue:
    """Somebody looked at it; when to look again."""
    before, version = room(Agreements).find(id)
    again, problem = read_day(request.form.get("next_review", ""))
    if again is None or again <= today():
        problem = problem or N_("Enter a day that is still to come.")
        return _form_page(values_of(before), {"next_review": problem}, before, version), 422
    after = msgspec.structs.replace(before, review_on=again.isoformat())
    room(Agreements).keep("reviewed", after, g.person.id)
    flash(_("Reviewed."))
    return redirect(url_for("agreements.agreement", id=id), 303)


@blueprint.post("/agreements/<uuid:id>/end")
@requires(keeps_agreements)
def end(id: UUID) -> ResponseReturnValue:
    """From today on it covers nothing; what it covered before stays covered."""
    before, _version = room(Agreements).find(id)
    if not before.ended_on:
        after = msgspec.structs.replace(before, ended_on=today().isoformat())
        room(Agreements).keep("ended", after, g.person.id)
    flash(_("Ended. Shares from today on are flagged; earlier ones stay covered."))
    return redirect(url_for("agreements.agreement", id=id), 303)


def _posted() -> dict[str, Any]:
    names = ("title", "scope", "signed_on", "ends_on", "review_on", "reference")
    values: dict[str, Any] = {name: request.form.get(name, "") for name in names}
    return values | {"parties": request.form.getlist("parties")}


def _offered() -> set[str]:
    return {one.code for one in room(Recipients).everyone() if not one.retired}


def _based_on() -> int:
    try:
        return int(request.form.get("based_on", "0"))
    except ValueError:
        return -1


def _form_page(
    values: Mapping[str, Any],
    problems: Mapping[str, str],
    one: Agreement | None,
    version: int = 0,
) -> str:
    register = room(Agreements)
    return render_template(
        "agreements/agreement.html",
        one=one,
        values=values,
        problems={name: _(why) for name, why in problems.items()},
        based_on=version,
        offered=_by_kind(set(values.get("parties", ()))),
        history=register.history(one.id) if one else [],
        due=register.due(today()).get(one.id) if one else None,
        keeps=keeps_agreements(g.person),
        person_name=_name,
    )


def _by_kind(chosen: set[str]) -> dict[str, list[tuple[str, str]]]:
    """The recipients that can be party to an agreement, under the names of their kinds."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in room(Recipients).everyone():
        if not one.retired or one.code in chosen:
            kind = str(_(KINDS[one.kind])) if one.kind in KINDS else one.kind
            found.setdefault(kind, []).append((one.code, _told_name(one.code)))
    return found


def _name(person: UUID | None) -> str:
    found = room(Register).person(person) if person else None
    return found.name if found else ""


@blueprint.app_template_filter("told_name")
def _told_name(code: str) -> str:
    """The name of a recipient in the language that is shown."""
    if code == SOMEONE_ELSE:
        return str(_("someone else"))
    return room(Directory).recipient(code, str(get_locale()))


@blueprint.app_context_processor
def _words() -> dict[str, Callable[[UUID], list[str]]]:
    """What the entry's pages ask: with whom there was no agreement that day."""
    return {"without_agreement": lambda entry: room(Agreements).without(entry)}
