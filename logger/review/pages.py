"""The reviewer's pages: the queue, an entry beside it, the decision; and every page's frame."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.entries.entry import State
from logger.entries.happened import Outcome
from logger.entries.lists import EntryList
from logger.entries.pages import author_of, cursor
from logger.entries.reading import Reading
from logger.errors import LoggerError
from logger.people.guards import requires, room
from logger.people.permissions import signed_in, supervises
from logger.people.register import Register
from logger.review.decision import (
    AlreadyMoved,
    Decisions,
    TooManyWords,
    UnknownOutcome,
    WordsMissing,
)
from logger.review.navigation import home_of, ways
from logger.review.queue import Queue
from logger.settings import Settings
from logger.ways import Ways

blueprint = Blueprint("review", __name__)


@blueprint.get("/")
@requires(signed_in)
def home() -> ResponseReturnValue:
    """Where this person's work begins."""
    return redirect(home_of(g.person), 303)


@blueprint.get("/to-review")
@requires(supervises)
def waiting() -> ResponseReturnValue:
    """What waits, most urgent first."""
    page = room(Queue).waiting(g.person, cursor())
    if _fragment():
        return render_template("review/_queue.html", page=page, chosen=None)
    not_told = room(Queue).not_told(g.person).entries if cursor() is None else ()
    return render_template("review/to_review.html", page=page, not_told=not_told)


@blueprint.get("/reviewed")
@requires(supervises)
def reviewed() -> ResponseReturnValue:
    """What was signed off, newest first."""
    return render_template("review/reviewed.html", page=room(Queue).done(g.person, cursor()))


@blueprint.get("/review/<uuid:entry_id>")
@requires(supervises)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry on one page, the queue beside it where there is room."""
    return _entry_page(entry_id)


@blueprint.post("/review/<uuid:entry_id>/decision")
@requires(supervises)
def decide(entry_id: UUID) -> ResponseReturnValue:
    """Decide; a conflict or a missing word shows the entry again with the words still there."""
    line = room(Reading).find(g.person, entry_id)
    outcome, words = request.form.get("outcome", ""), request.form.get("words", "")
    try:
        decided = room(Decisions).decide(g.person, line.id, outcome, words, _seen())
    except AlreadyMoved as error:
        return _entry_page(entry_id, error, moved_since=_seen()), error.status
    except (WordsMissing, TooManyWords, UnknownOutcome) as error:
        return _entry_page(entry_id, error), error.status
    flash(_said(decided))
    return redirect(url_for("review.waiting"), 303)


def _entry_page(
    entry_id: UUID, problem: LoggerError | None = None, moved_since: int | None = None
) -> str:
    line = room(Reading).find(g.person, entry_id)
    own = author_of(line) == g.person.id
    found = room(Reading).open(g.person, entry_id, "review")
    fragment = _fragment()
    return render_template(
        "review/_entry.html" if fragment else "review/entry.html",
        page=None if fragment else room(Queue).waiting(g.person),
        chosen=entry_id,
        line=line,
        entry=found,
        author=room(Reading).author(line),
        can_decide=not own and line.state is State.TO_REVIEW,
        own=own,
        problem=problem,
        since=[step for step in found.history if step.position > (moved_since or found.position)],
        outcome=request.form.get("outcome", ""),
        words=request.form.get("words", ""),
    )


def _fragment() -> bool:
    # A restored page of the browser's history must be a whole page again.
    headers = request.headers
    return bool(headers.get("HX-Request")) and not headers.get("HX-History-Restore-Request")


def _seen() -> int:
    try:
        return int(request.form.get("seen", "-1"))
    except ValueError:
        return -1


def _said(outcome: Outcome) -> str:
    said = {
        Outcome.SIGNED_OFF: _("Signed off."),
        Outcome.SIGNED_OFF_WITH_LEARNING: _("Signed off with learning."),
        Outcome.RETURNED: _("Returned with your question."),
    }
    return str(said[outcome])


@blueprint.app_context_processor
def _frame() -> dict[str, SimpleNamespace]:
    """What templates/base.html shows around every page."""
    settings, person = room(Settings), g.get("person")
    rooms = room(EntryList), room(Register), room(Queue), room(Ways)
    found = ways(person, *rooms) if person else []
    navigation = [
        {"text": _(way.text), "href": way.href, "count": way.count, "current": _stands_at(way.href)}
        for way in found
    ]
    return {
        "frame": SimpleNamespace(
            organisation=settings.organisation,
            language=str(get_locale()),
            demo=settings.demo,
            person=person,
            navigation=navigation,
        )
    }


def _stands_at(href: str) -> bool:
    inside = {"/to-review": "/review/", "/to-complete": "/entries/"}.get(href, f"{href}/")
    return request.path == href or request.path.startswith(inside)
