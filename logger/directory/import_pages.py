"""A list brought in as a file: first what would happen, row by row, then one step that does it.

What was looked at waits on the desk, so that exactly that is taken, with or without JavaScript.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from logger.directory.changes import Changes, RecipientMoved, TooManyRecipients
from logger.directory.pages import kinds_of, today
from logger.directory.register import Recipients
from logger.directory.table import MOST_BYTES, Bad, NotATable, Plan, plan, rows_of
from logger.directory.waiting import Waiting
from logger.directory.written import COLUMNS
from logger.people.guards import requires, room
from logger.people.permissions import keeps_directory

blueprint = Blueprint("directory_import", __name__)

PATH = "/directory/import"
# The file, and what a form puts around it: a file that is too large is still answered in words.
MOST_UPLOADED = 2 * MOST_BYTES


@blueprint.get(PATH)
@requires(keeps_directory)
def choose() -> ResponseReturnValue:
    """The form for a file."""
    return _form_page("")


@blueprint.post(PATH)
@requires(keeps_directory)
def look() -> ResponseReturnValue:
    """What this file would do; nothing is changed yet."""
    brought = request.files.get("file")
    if not brought or not brought.filename:
        return _form_page(_("Choose a file.")), 422
    raw, revision = brought.read(MOST_BYTES + 1), room(Recipients).revision
    try:
        found = _plan(raw)
    except NotATable as error:
        bad = [Bad(error.line, "", error.public_message, error.given)]
        return _form_page(_("This file cannot be taken. Nothing was changed."), bad), error.status
    if found.bad:
        problem = ngettext(
            "%(num)d row cannot be taken. Nothing was changed.",
            "%(num)d rows cannot be taken. Nothing was changed.",
            len({one.line for one in found.bad}),
        )
        return _form_page(problem, found.bad), 422
    token = room(Waiting).lay_down(str(g.person.id), raw)
    return render_template("directory/preview.html", plan=found, token=token, revision=revision)


@blueprint.post(f"{PATH}/apply")
@requires(keeps_directory)
def apply() -> ResponseReturnValue:
    """Take the file that was looked at, whole."""
    owner, token = str(g.person.id), request.form.get("token", "")
    raw = room(Waiting).find(owner, token)
    if raw is None:
        return _form_page(
            _("That took too long, or the file was taken already. Choose it again.")
        ), 409
    found = _plan(raw)
    # A row that has become bad meanwhile is a directory that has moved.
    revision = -1 if found.bad else _seen()
    try:
        room(Changes).bring_in(found.recipients, revision, g.person.id)
    except RecipientMoved:
        problem = _("The directory changed since you looked. Look at the file again, then take it.")
        return _form_page(problem), RecipientMoved.status
    except TooManyRecipients as error:
        return _form_page(_(error.public_message)), error.status
    room(Waiting).drop(owner)
    flash(_("Imported. Phones have it with their next contact."))
    return redirect(url_for("directory.directory"), 303)


def _plan(raw: bytes) -> Plan:
    everyone = room(Recipients).everyone()
    return plan(rows_of(raw), everyone, kinds_of(everyone), today())


def _seen() -> int:
    try:
        return int(request.form.get("revision", "-1"))
    except ValueError:
        return -1


def _form_page(problem: str, bad: Sequence[Bad] = ()) -> str:
    kinds = list(kinds_of(room(Recipients).everyone()))
    return render_template(
        "directory/import.html", bad=bad, problem=problem, kinds=kinds, columns=COLUMNS
    )
