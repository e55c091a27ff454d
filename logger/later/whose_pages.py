"""*This was not me*: said by whoever carries the phone, found by those who look after both."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.entries.entry import OPEN_TO_AUTHOR
from logger.entries.lists import WaitingEntry
from logger.entries.pages import author_of, own_line
from logger.later.additions import Additions
from logger.later.whose import Findings, looks_into_findings
from logger.people.guards import requires, room
from logger.people.permissions import check_document, completes
from logger.people.register import Register

blueprint = Blueprint("whose", __name__)


@blueprint.get("/entries/<uuid:entry_id>/not-me")
@requires(completes)
def not_me(entry_id: UUID) -> ResponseReturnValue:
    """Ask once more, with what will happen."""
    line = _authors_line(entry_id)
    if line.state not in OPEN_TO_AUTHOR:
        return redirect(url_for("entries.entry", entry_id=entry_id), 303)
    phones = (one for one in room(Register).phones() if one.device == line.device)
    return render_template("later/not_me.html", line=line, phone=next(phones, None))


@blueprint.post("/entries/<uuid:entry_id>/not-me")
@requires(completes)
def disown(entry_id: UUID) -> ResponseReturnValue:
    """*This was not me*."""
    room(Additions).disown(g.person.id, _authors_line(entry_id).id)
    flash(_("Noted. It has left your list, and those who look after phones and reviews see it."))
    return redirect(url_for("entries.entry", entry_id=entry_id), 303)


@blueprint.post("/entries/<uuid:entry_id>/mine")
@requires(completes)
def own(entry_id: UUID) -> ResponseReturnValue:
    """*It was me after all*."""
    room(Additions).own(g.person.id, _authors_line(entry_id).id)
    flash(_("It is on your list again."))
    return redirect(url_for("entries.entry", entry_id=entry_id), 303)


@blueprint.get("/not-theirs")
@requires(looks_into_findings)
def findings() -> ResponseReturnValue:
    """Phone, person and times; nothing of what was logged."""
    return render_template("later/findings.html", found=room(Findings).of(g.person))


def _authors_line(entry_id: UUID) -> WaitingEntry:
    # Whoever was handed the documentation knows nothing of whose share it was.
    line = own_line(entry_id)
    check_document(g.person, author_of(line))
    return line
