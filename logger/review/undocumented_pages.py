"""What colleagues have not documented yet: remind, hand over, and open it with a second person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.entries.lists import EntryList, WaitingEntry
from logger.entries.pages import cursor
from logger.entries.reading import Reading
from logger.entries.times import Timing
from logger.errors import LoggerError, NotFound
from logger.people.guards import requires, room
from logger.people.permissions import completes, oversees, supervises
from logger.people.person import Person
from logger.people.register import Register
from logger.review.governance_pages import asked_of_me
from logger.review.openings import (
    AnsweredAlready,
    ChooseSomeone,
    NotToYourself,
    Opening,
    Openings,
    ReasonMissing,
    StandingIn,
    may_answer,
)
from logger.review.post import Post
from logger.review.queue import Queue
from logger.review.reminders import NobodyToRemind, RemindedAlready, Reminders
from logger.review.undocumented import Undocumented

blueprint = Blueprint("undocumented", __name__)

_SAID_AGAIN = (AnsweredAlready, ChooseSomeone, NotToYourself, ReasonMissing)


@blueprint.get("/undocumented")
@requires(supervises)
def waiting() -> ResponseReturnValue:
    """Counts and ages, by colleague and by entry; nothing of what an entry says."""
    begins = cursor() is None
    return render_template(
        "review/undocumented.html",
        page=room(Queue).undocumented(g.person, cursor()),
        people=room(Undocumented).by_person(g.person) if begins else (),
        openings=asked_of_me() if begins else (),
        author_of=room(Reading).author,
        can_mail=room(Reminders).possible(),
        failing=room(Post).failing(),
    )


@blueprint.get("/undocumented/<uuid:entry_id>")
@requires(oversees)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry from outside, and what can be done when its author is away."""
    return _page(_line(entry_id))


@blueprint.post("/undocumented/<uuid:entry_id>/remind")
@requires(supervises)
def remind(entry_id: UUID) -> ResponseReturnValue:
    """An e-mail without content to whoever has to complete it."""
    line = _line(entry_id)
    try:
        room(Reminders).remind(g.person, line)
    except (NobodyToRemind, RemindedAlready) as error:
        return _page(line, error), error.status
    flash(_("The reminder is on its way."))
    return redirect(url_for("undocumented.entry", entry_id=entry_id), 303)


@blueprint.post("/undocumented/<uuid:entry_id>/hand-over")
@requires(supervises)
def hand_over(entry_id: UUID) -> ResponseReturnValue:
    """Somebody else completes it."""
    line, reason = _line(entry_id), request.form.get("reason", "")
    to = next(
        (one for one in _colleagues(line) if str(one.id) == request.form.get("colleague")), None
    )
    try:
        room(StandingIn).hand_over(g.person, line.id, to, reason)
    except _SAID_AGAIN as error:
        return _page(line, error, "hand-over"), error.status
    flash(_("Handed over. The author stays the author."))
    return redirect(url_for("undocumented.entry", entry_id=entry_id), 303)


@blueprint.post("/undocumented/<uuid:entry_id>/opening")
@requires(supervises)
def ask(entry_id: UUID) -> ResponseReturnValue:
    """Ask a second person to open it."""
    line = _line(entry_id)
    try:
        room(StandingIn).ask(g.person, line.id, request.form.get("reason", ""))
    except _SAID_AGAIN as error:
        return _page(line, error, "opening"), error.status
    flash(_("Asked. It opens when a second person agrees."))
    return redirect(url_for("undocumented.entry", entry_id=entry_id), 303)


@blueprint.post("/undocumented/<uuid:entry_id>/answer")
@requires(oversees)
def answer(entry_id: UUID) -> ResponseReturnValue:
    """Be the second person."""
    line, approve = _line(entry_id), request.form.get("answer") == "approve"
    asked = request.form.get("ask", "")
    ask = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else -1
    try:
        room(StandingIn).answer(g.person, line.id, ask, approve=approve)
    except _SAID_AGAIN as error:
        return _page(line, error), error.status
    flash(_("You agreed. It is open for a day.") if approve else _("You did not agree."))
    home = "undocumented.waiting" if supervises(g.person) else "governance.waiting"
    return redirect(url_for(home), 303)


def _line(entry_id: UUID) -> WaitingEntry:
    """An entry that this person may know of: one they could review, or are asked to open."""
    line = room(EntryList).find(entry_id)
    if line is None:
        raise NotFound
    asked = room(Openings).latest(entry_id)
    second = asked is not None and _can_answer(line, asked)
    if not second and not room(Queue).reaches(g.person, line):
        raise NotFound
    return line


def _can_answer(line: WaitingEntry, asked: Opening) -> bool:
    author = room(Reading).author(line)
    return not asked.answer and may_answer(g.person, author, line, asked)


def _colleagues(line: WaitingEntry) -> list[Person]:
    """Who could complete it instead: the author's team, or where they have none, everybody; the
    author too, once it was handed to another."""
    author = room(Reading).author(line)
    known = room(Register)
    people = known.team(author.team) if author and author.team else known.everyone()
    mine = {g.person.id, line.documenter or (author.id if author else None)}
    return [one for one in people if completes(one) and one.id not in mine]


def _page(line: WaitingEntry, problem: LoggerError | None = None, form: str = "") -> str:
    asked, reading = room(Openings).latest(line.id), room(Reading)
    second = asked is not None and _can_answer(line, asked)
    author, now = reading.author(line), room(Timing).now()
    return render_template(
        "review/waiting.html",
        line=line,
        author=author,
        reaches=room(Queue).reaches(g.person, line),
        colleagues=_colleagues(line),
        asked=asked,
        reason=reading.asked(g.person, line.id) if second else None,
        second=second,
        is_open=asked is not None and asked.holds(g.person, now),
        reminders=[(one, room(Post).state(one)) for one in room(Reminders).of_entry(line.id)],
        can_mail=room(Reminders).possible(),
        whom=room(Reminders).whom(line),
        problem=problem,
        wrong=form,
        form=request.form,
    )
