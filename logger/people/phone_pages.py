"""The pages about phones: which are trusted, what their chains say, what came or was brought.

A file of waiting entries goes the way of every event of a phone: this door cannot append anything
that a phone could not, and sees no more of it than when and from which phone it came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.errors import NotFound
from logger.people.guards import freshly, requires, room
from logger.people.permissions import administers, signed_in
from logger.people.phones import PhoneLine, Phones
from logger.settings import Settings
from logger.shell.words import N_
from sync.errors import NotAParcel, ParcelTooLarge
from sync.parcel import MAX_PARCEL_BYTES, Delivery, read_parcel

blueprint = Blueprint("phones", __name__)

FILE_PATH = "/phones/file"
# The file, and what a form puts around it.
MOST_UPLOADED = MAX_PARCEL_BYTES + 16 * 1024


@blueprint.get("/phones")
@requires(signed_in)
def phones() -> ResponseReturnValue:
    """One's own phones; everybody's for an administrator."""
    return render_template("people/phones.html", lines=_lines())


@blueprint.get("/phones/add")
@requires(signed_in)
def add_phone() -> ResponseReturnValue:
    """A fresh code for a phone of whoever is signed in."""
    offer = room(Phones).offer(g.person, room(Settings).phone_origin)
    return render_template("people/add_phone.html", offer=offer)


@blueprint.get("/phones/<device>/revoke")
@requires(signed_in)
def confirm_revoke(device: str) -> ResponseReturnValue:
    """Ask once more, with what will happen."""
    return render_template("people/revoke.html", line=_line(device))


@blueprint.post("/phones/<device>/revoke")
@requires(signed_in)
@freshly(N_("Revoke this phone"))
def revoke(device: str) -> ResponseReturnValue:
    """No longer trust a phone."""
    room(Phones).revoke(_line(device).device, g.person.id)
    flash(_("Revoked. What this phone sends from now on is set aside."))
    return redirect(url_for("phones.phones"), 303)


@blueprint.get(FILE_PATH)
@requires(signed_in)
def file() -> ResponseReturnValue:
    """The form for a file of waiting entries."""
    return render_template("people/bring_file.html", problem="")


@blueprint.post(FILE_PATH)
@requires(signed_in)
def bring_file() -> ResponseReturnValue:
    """Take in what a phone could not send itself; what became of each event."""
    brought = request.files.get("file")
    try:
        events = read_parcel(brought.read(MAX_PARCEL_BYTES + 1) if brought else b"")
    except (NotAParcel, ParcelTooLarge) as error:
        problem = _(error.public_message) if brought else _("Choose a file.")
        return render_template("people/bring_file.html", problem=problem), error.status
    results = room(Delivery).take(events)
    words = Counter((result.outcome, result.why) for result in results)
    return render_template("people/file_brought.html", words=words, total=len(results))


def _lines() -> list[PhoneLine]:
    lines = room(Phones).lines()
    if administers(g.person):
        return lines
    # How many entries somebody else has logged is for administrators to see.
    return [
        replace(line, lost=tuple(lost for lost in line.lost if lost.theirs))
        for line in lines
        if line.person_id == g.person.id
    ]


def _line(device: str) -> PhoneLine:
    for line in _lines():
        if line.device.hex() == device:
            return line
    raise NotFound
