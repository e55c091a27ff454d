"""What was set aside, for administrators by its metadata, for information governance opened."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.entries.fields import N_
from logger.people.guards import requires, room
from logger.people.permissions import governs, sees_set_aside
from logger.people.person import Person
from logger.people.phones import Phones
from logger.people.register import Register
from logger.quarantine.waiting import CannotBeAdmitted, NoteMissing, Quarantine
from logger.ways import Way

blueprint = Blueprint("quarantine", __name__)


def way(person: Person) -> list[Way]:
    """The item of the navigation, with how many wait."""
    if not sees_set_aside(person):
        return []
    return [Way(N_("Set aside"), "/set-aside", str(room(Quarantine).count() or ""))]


@blueprint.get("/set-aside")
@requires(sees_set_aside)
def waiting() -> ResponseReturnValue:
    """What could not go into the record by itself: reason, time, phone, nothing else."""
    rows = room(Register).set_aside()
    return render_template(
        "quarantine/waiting.html", rows=rows, phones=_phones(), opens=governs(g.person)
    )


@blueprint.get("/set-aside/<int:position>")
@requires(governs)
def opened(position: int) -> ResponseReturnValue:
    """One of them, opened as far as it opens; the look is written first."""
    return _page(position)


@blueprint.post("/set-aside/<int:position>/admit")
@requires(governs)
def admit(position: int) -> ResponseReturnValue:
    """Put it into the record."""
    try:
        room(Quarantine).admit(g.person, position)
    except CannotBeAdmitted as error:
        return _page(position, _(error.public_message)), error.status
    flash(_("It is in the record now, on the list of the person whose phone it came from."))
    return redirect(url_for("quarantine.waiting"), 303)


@blueprint.post("/set-aside/<int:position>/note")
@requires(governs)
def note(position: int) -> ResponseReturnValue:
    """Leave it here, and say what was found."""
    try:
        room(Quarantine).note(g.person, position, request.form.get("words", ""))
    except NoteMissing as error:
        return _page(position, _(error.public_message)), error.status
    flash(_("Noted. It stays here."))
    return redirect(url_for("quarantine.waiting"), 303)


@blueprint.app_context_processor
def _counted() -> dict[str, Callable[[], object]]:
    """What the overview says of what waits here."""
    return {
        "set_aside_waiting": lambda: room(Quarantine).count(),
        "opens_set_aside": lambda: governs(g.person),
    }


def _page(position: int, problem: str = "") -> str:
    shown = room(Quarantine).open(g.person, position)
    return render_template(
        "quarantine/opened.html",
        shown=shown,
        phone=_phones().get(shown.line.device),
        problem=problem,
        words=request.form.get("words", ""),
    )


def _phones() -> dict[bytes, object]:
    return {line.device: line for line in room(Phones).lines()}
