"""The reviewer's pages: the queue, an entry beside it, the decision; and every page's frame."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.directory.recipients import Directory
from logger.entries.entry import Entry, State
from logger.entries.happened import Outcome
from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.pages import cursor
from logger.entries.reading import Reading
from logger.errors import LoggerError
from logger.people.guards import requires, room
from logger.people.permissions import advises, governs, oversees, signed_in, supervises
from logger.people.register import Register
from logger.review.decision import (
    AlreadyMoved,
    Decisions,
    TooManyWords,
    UnknownOutcome,
    WordsMissing,
    may_undo,
)
from logger.review.facets import FLAGS, Chosen
from logger.review.incidents import Incidents
from logger.review.navigation import home_of, ways
from logger.review.queue import Queue
from logger.settings import Settings
from logger.ways import Ways

blueprint = Blueprint("review", __name__)

_SAID_AGAIN = (AlreadyMoved, WordsMissing, TooManyWords, UnknownOutcome)


@blueprint.get("/")
@requires(signed_in)
def home() -> ResponseReturnValue:
    """Where this person's work begins."""
    return redirect(home_of(g.person), 303)


@blueprint.get("/to-review")
@requires(supervises)
def waiting() -> ResponseReturnValue:
    """What waits, most urgent first, as far as it was chosen."""
    chosen, queue = Chosen.of(request.args), room(Queue)
    page = queue.waiting(g.person, cursor(), chosen)
    if _fragment():
        return render_template("review/_queue.html", page=page, chosen=None, filters=chosen)
    begins = cursor() is None and not chosen.args
    return render_template(
        "review/to_review.html",
        page=page,
        not_told=queue.not_told(g.person).entries if begins else (),
        breaches=room(Incidents).running(g.person) if begins else (),
        filters=chosen,
        offered=_offered(chosen),
    )


@blueprint.get("/reviewed")
@requires(supervises)
def reviewed() -> ResponseReturnValue:
    """What was signed off, newest first; above it what is with information governance."""
    referred = room(Queue).referred(g.person).entries if cursor() is None else ()
    page = room(Queue).done(g.person, cursor())
    return render_template("review/reviewed.html", page=page, referred=referred)


@blueprint.get("/review/<uuid:entry_id>")
@requires(oversees)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry on one page, the queue beside it where there is room."""
    line = room(Reading).find(g.person, entry_id)
    if room(Reading).is_closed(g.person, line):
        return redirect(url_for("undocumented.entry", entry_id=entry_id), 303)
    return _entry_page(entry_id)


@blueprint.post("/review/<uuid:entry_id>/decision")
@requires(supervises)
def decide(entry_id: UUID) -> ResponseReturnValue:
    """Decide; a conflict or a missing word shows the entry again with the words still there."""
    line = room(Reading).find(g.person, entry_id)
    outcome, words = request.form.get("outcome", ""), request.form.get("words", "")
    try:
        decided = room(Decisions).decide(g.person, line.id, outcome, words, _seen())
    except _SAID_AGAIN as error:
        return _again(entry_id, error)
    flash(_said(decided))
    after = "whose.findings" if decided is Outcome.NOT_THEIRS else "review.waiting"
    return redirect(url_for(after), 303)


@blueprint.post("/review/<uuid:entry_id>/answer")
@requires(advises)
def answer(entry_id: UUID) -> ResponseReturnValue:
    """Information governance answers what was referred to it."""
    line = room(Reading).find(g.person, entry_id)
    outcome, words = request.form.get("outcome", ""), request.form.get("words", "")
    try:
        decided = room(Decisions).answer(g.person, line.id, outcome, words, _seen())
    except _SAID_AGAIN as error:
        return _again(entry_id, error)
    flash(_said(decided))
    return redirect(url_for("governance.waiting"), 303)


@blueprint.post("/review/<uuid:entry_id>/undo")
@requires(oversees)
def undo(entry_id: UUID) -> ResponseReturnValue:
    """Take one's own last decision back."""
    line = room(Reading).find(g.person, entry_id)
    try:
        room(Decisions).undo(g.person, line.id)
    except AlreadyMoved as error:
        return _again(entry_id, error)
    flash(_said(Outcome.UNDONE))
    return redirect(url_for("review.entry", entry_id=entry_id), 303)


def _again(entry_id: UUID, error: LoggerError) -> tuple[str, int]:
    moved_since = _seen() if isinstance(error, AlreadyMoved) else None
    return _entry_page(entry_id, error, moved_since), error.status


def _entry_page(
    entry_id: UUID, problem: LoggerError | None = None, moved_since: int | None = None
) -> str:
    line = room(Reading).find(g.person, entry_id)
    found = room(Reading).open(g.person, entry_id, "review")
    fragment = _fragment()
    beside = supervises(g.person) and not fragment
    return render_template(
        "review/_entry.html" if fragment else "review/entry.html",
        page=room(Queue).waiting(g.person) if beside else None,
        chosen=entry_id,
        filters=Chosen(),
        line=line,
        entry=found,
        author=room(Reading).author(line),
        may=_may(line),
        problem=problem,
        since=_since(found, moved_since),
        outcome=request.form.get("outcome", ""),
        words=request.form.get("words", ""),
    )


def _may(line: WaitingEntry) -> SimpleNamespace:
    """What whoever reads this entry can do with it."""
    reading, person = room(Reading), g.person
    own = reading.wrote(person, line)
    asked = advises(person) and line.state is State.REFERRED and not own
    return SimpleNamespace(
        own=own,
        decide=reading.reviews(person, line) and line.state is State.TO_REVIEW,
        find_out=reading.reviews(person, line) and line.state is State.NOT_MINE,
        answer=asked,
        close=asked and governs(person),
        undo=may_undo(person, line),
        end_breach=line.breach_open and room(Incidents).may_end(person, line),
    )


def _since(entry: Entry, position: int | None) -> list[object]:
    return [step for step in entry.history if step.position > (position or entry.position)]


def _offered(chosen: Chosen) -> SimpleNamespace:
    """What the queue can be filtered by, in words, with what has been counted."""
    directory, language, queue = room(Directory), str(get_locale()), room(Queue)
    told, why = directory.recipients, directory.why
    return SimpleNamespace(
        teams=queue.teams(g.person),
        told=[(one.code, directory.recipient(one.code, language)) for one in told],
        why=[(one.code, directory.reason(one.code, language)) for one in why],
        flags=FLAGS,
        counts=queue.counts(g.person, chosen.team),
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
        Outcome.REFERRED: _("Referred to information governance."),
        Outcome.ADVISED: _("Answered. It is with the reviewer again."),
        Outcome.CLOSED: _("Closed."),
        Outcome.NOT_THEIRS: _("Closed. What you found out stands in its history."),
        Outcome.UNDONE: _("Undone. The entry stands where it stood before."),
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
