"""The administrator's page of the law pack: what holds, and loading a newer edition.

A file is first compared with what holds; nothing changes until somebody says so. What was compared
waits on the desk, so that exactly that is loaded and nothing else.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.desk import Desk
from logger.errors import LoggerError
from logger.law.comparison import CALLED, compare
from logger.law.editions import MOST_BYTES, Editions, NameTaken
from logger.law.pack import Fault, LawPack, LawPackUnreadable
from logger.people.guards import freshly, requires, room
from logger.people.permissions import administers
from logger.people.register import Register
from logger.people.sessions import Sessions
from logger.shell.words import N_

blueprint = Blueprint("law", __name__)

_SHELF = "law-pack"
_TEN_MINUTES = 10 * 60 * 1000


class NothingWaits(LoggerError):
    """What was compared is not there any more."""

    code = "law.nothing_waits"
    status = 409
    public_message = "That took too long. Choose the file again."


@blueprint.get("/law")
@requires(administers)
def law() -> ResponseReturnValue:
    """What holds now, and what held before."""
    return _page()


@blueprint.get("/law/file")
@requires(administers)
def file() -> ResponseReturnValue:
    """The edition that holds, to be edited and loaded again."""
    name = f'attachment; filename="law-{room(Editions).current().name}.toml"'
    text = room(Editions).file()
    return Response(
        text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name}
    )


@blueprint.post("/law/compare")
@requires(administers)
def compared() -> ResponseReturnValue:
    """What would change; every bad row by its number where it cannot be loaded."""
    try:
        text = _uploaded()
        pack = room(Editions).checked(text)
    except LawPackUnreadable as error:
        return _page(error.faults), error.status
    except NameTaken as error:
        return _page([Fault(error.public_message)]), error.status
    room(Desk).put(_SHELF, str(g.person.id), text.encode(), room(Sessions).now() + _TEN_MINUTES)
    return render_template(
        "law/compare.html",
        before=room(Editions).current(),
        after=pack,
        found=compare(room(Editions).current(), pack),
        called=CALLED,
    )


@blueprint.post("/law")
@requires(administers)
@freshly(N_("Let this edition hold from now on"))
def adopt() -> ResponseReturnValue:
    """Let what was compared hold from now on."""
    waiting = room(Desk).take(_SHELF, str(g.person.id))
    if waiting is None:
        raise NothingWaits
    pack = room(Editions).adopt(g.person.id, waiting.decode())
    flash(_("Edition %(name)s holds now. Entries keep what they relied on.", name=pack.name))
    return redirect(url_for("law.law"), 303)


def _uploaded() -> str:
    brought = request.files.get("file")
    raw = brought.read(MOST_BYTES + 1) if brought else b""
    if not raw:
        raise LawPackUnreadable(faults=[Fault(N_("Choose a file."))])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LawPackUnreadable(
            faults=[Fault(N_("The file is not plain text in UTF-8."))]
        ) from error


def _page(faults: tuple[Fault, ...] | list[Fault] = ()) -> str:
    editions = room(Editions)
    current: LawPack = editions.current()
    names = {one.id: one.name for one in room(Register).everyone()}
    return render_template(
        "law/law.html",
        current=current,
        shipped=editions.shipped,
        loaded=editions.loaded(),
        names=names,
        faults=faults,
    )
