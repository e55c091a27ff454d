"""Near misses and breaches, what was referred to information governance, and who read an entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import to_utc

from logger.entries.index import REFERRED, apart
from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.reading import Reading
from logger.errors import LoggerError
from logger.people.guards import requires, room
from logger.people.permissions import advises, meets_entries, oversees
from logger.review.decision import AlreadyMoved
from logger.review.incidents import (
    Ending,
    Incidents,
    NotThatTime,
    SayWhatHappened,
    SayWhatWasFound,
)
from logger.review.openings import Openings, may_answer
from logger.trail.looks import Looks

blueprint = Blueprint("governance", __name__)

_SAID_AGAIN = (NotThatTime, SayWhatHappened, SayWhatWasFound, AlreadyMoved)
# No time at all, which no clock ever passes.
_NO_TIME = -1


@blueprint.get("/governance")
@requires(advises)
def waiting() -> ResponseReturnValue:
    """What information governance is asked, and the clocks that run."""
    lists = (REFERRED, apart(REFERRED))
    return render_template(
        "review/governance.html",
        page=room(EntryList).page(lists, None),
        breaches=room(Incidents).running(g.person),
        openings=asked_of_me(),
    )


@blueprint.get("/incidents/<uuid:entry_id>")
@requires(meets_entries)
def incident(entry_id: UUID) -> ResponseReturnValue:
    """Report a near miss or breach, or see how it stands."""
    return _page(room(Reading).find(g.person, entry_id))


@blueprint.post("/incidents/<uuid:entry_id>")
@requires(meets_entries)
def report(entry_id: UUID) -> ResponseReturnValue:
    """The tap that starts the clock."""
    line, form = room(Reading).find(g.person, entry_id), request.form
    try:
        room(Incidents).report(
            g.person,
            line.id,
            form.get("words", ""),
            wrong_person=form.get("wrong_person") == "yes",
            aware_at=_moment(form.get("aware_at", "")),
        )
    except _SAID_AGAIN as error:
        return _page(line, error), error.status
    flash(_("Reported. The clock runs, and information governance sees it."))
    return redirect(url_for("governance.incident", entry_id=entry_id), 303)


@blueprint.post("/incidents/<uuid:entry_id>/end")
@requires(oversees)
def end(entry_id: UUID) -> ResponseReturnValue:
    """Close it, with what was found and whether the regulator was told."""
    line, form = room(Reading).find(g.person, entry_id), request.form
    told = {"yes": True, "no": False}.get(form.get("told", ""))
    ending = Ending(
        found=form.get("found", ""),
        told=told,
        told_at=_moment(form.get("told_at", "")),
        words=form.get("words", ""),
    )
    try:
        room(Incidents).end(g.person, line.id, ending)
    except _SAID_AGAIN as error:
        return _page(line, error), error.status
    flash(_("Closed. The clock has stopped."))
    return redirect(url_for("governance.incident", entry_id=entry_id), 303)


@blueprint.get("/review/<uuid:entry_id>/seen-by")
@requires(oversees)
def seen_by(entry_id: UUID) -> ResponseReturnValue:
    """Who has looked at an entry, the last first; nothing is opened for it."""
    line = room(Reading).find(g.person, entry_id)
    looks = list(reversed(room(Looks).of_entry(entry_id)))
    return render_template("review/seen_by.html", line=line, looks=looks)


@blueprint.app_context_processor
def _running() -> dict[str, Callable[[], list[WaitingEntry]]]:
    """What templates of other rooms show on top: the clocks that run."""
    return {"breaches_running": lambda: room(Incidents).running(g.person)}


def asked_of_me() -> list[SimpleNamespace]:
    """The openings that this person could be the second person for."""
    found = []
    for asked in room(Openings).asked():
        line = room(EntryList).find(asked.entry)
        if line and may_answer(g.person, room(Reading).author(line), line, asked):
            author = room(Reading).author(line)
            found.append(SimpleNamespace(asked=asked, line=line, author=author))
    return found


def _page(line: WaitingEntry, problem: LoggerError | None = None) -> str:
    closed = room(Reading).is_closed(g.person, line)
    entry = None if closed else room(Reading).open(g.person, line.id, "incident")
    steps = [] if entry is None else [one for one in entry.history if "breach" in one.what]
    return render_template(
        "review/incident.html",
        line=line,
        closed=closed,
        steps=steps[::-1],
        may_end=line.breach_open and room(Incidents).may_end(g.person, line),
        documents=room(Reading).documents(g.person, line),
        problem=problem,
        form=request.form,
    )


def _moment(text: str) -> int | None:
    """A day and a time of the organisation's clock; None where nothing was written."""
    if not text.strip():
        return None
    try:
        return int(to_utc(datetime.fromisoformat(text.strip())).timestamp() * 1000)
    except (ValueError, OverflowError):
        return _NO_TIME
