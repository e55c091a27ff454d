"""The pages of advice: asked from an entry, answered by the data protection team, found by all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from logger.advice.desk import AdviceDesk, NothingSaid, NoTitle, TooMuchSaid, checked, checked_title
from logger.advice.index import Line, Questions
from logger.advice.thread import Said, Thread
from logger.entries.drafts import Draft, Drafts
from logger.entries.entry import OPEN_TO_AUTHOR, Entry
from logger.entries.fields import MOST_LINE, MOST_TEXT
from logger.entries.pages import own_line
from logger.entries.sections import SECTIONS
from logger.entries.times import Deadline, Timing, to_document
from logger.errors import LoggerError, NotFound
from logger.people.guards import requires, room
from logger.people.permissions import advises, asks_or_advises, completes
from logger.people.register import Register
from logger.settings import Settings

blueprint = Blueprint("advice", __name__)

_ADVICE = "advice"
_REFUSED = (NothingSaid, TooMuchSaid, NoTitle)


@blueprint.get("/advice")
@requires(asks_or_advises)
def questions() -> ResponseReturnValue:
    """The questions asked of this person, or by them."""
    found = room(Questions)
    if advises(g.person):
        lists = {"waiting": found.waiting(), "answered": found.answered()}
        return render_template("advice/asked_of_us.html", **lists)
    return render_template("advice/own.html", lines=found.of_asker(g.person.id))


@blueprint.get("/entries/<uuid:entry_id>/ask")
@requires(completes)
def asking(entry_id: UUID) -> ResponseReturnValue:
    """What was asked and answered about an entry of one's own, and the form for more."""
    return _own_page(entry_id)


@blueprint.post("/entries/<uuid:entry_id>/ask")
@requires(completes)
def ask(entry_id: UUID) -> ResponseReturnValue:
    """Ask, or ask again."""
    line, words = own_line(entry_id), request.form.get("words", "")
    try:
        room(AdviceDesk).ask(g.person, line.id, _section(), words, _thread())
    except _REFUSED as error:
        return _own_page(entry_id, error, words), error.status
    flash(_("Asked. The answer comes here; go on with the rest meanwhile."))
    return redirect(url_for("advice.asking", entry_id=entry_id, section=_section()), 303)


@blueprint.post("/entries/<uuid:entry_id>/ask/quote")
@requires(completes)
def quote(entry_id: UUID) -> ResponseReturnValue:
    """Put an answer into the draft of *Advice and agreement*, for its author to save."""
    line = own_line(entry_id)
    entry, threads = room(AdviceDesk).own(g.person, line.id)
    said = _answer_at(threads, request.form.get("position", ""))
    if line.state not in OPEN_TO_AUTHOR:
        return redirect(url_for("advice.asking", entry_id=entry_id), 303)
    _keep_quote(entry, said)
    return redirect(url_for("sections.section", entry_id=entry_id, code=_ADVICE), 303)


@blueprint.get("/advice/questions/<uuid:thread>")
@requires(advises)
def question(thread: UUID) -> ResponseReturnValue:
    """One question, with the entry as far as it was asked about."""
    return _question_page(thread)


@blueprint.post("/advice/questions/<uuid:thread>")
@requires(advises)
def answer(thread: UUID) -> ResponseReturnValue:
    """Answer; and write it again for everybody, where that helps."""
    line, form = room(Questions).find(thread), request.form
    if line is None:
        raise NotFound
    title, general = form.get("title", ""), form.get("general", "")
    try:
        words = checked(form.get("words", ""))
        if wanted := bool(title.strip() or general.strip()):
            checked_title(title), checked(general)
        room(AdviceDesk).answer(g.person, line, words)
        if wanted:
            room(AdviceDesk).write_general(g.person, title, general)
    except _REFUSED as error:
        return _question_page(thread, error), error.status
    flash(_("Answered."))
    return redirect(url_for("advice.questions"), 303)


@blueprint.get("/advice/general")
@requires(asks_or_advises)
def general() -> ResponseReturnValue:
    """General advice, searched by its words."""
    return _general_page()


@blueprint.post("/advice/general")
@requires(advises)
def write_general() -> ResponseReturnValue:
    """General advice that began with no question."""
    title, words = request.form.get("title", ""), request.form.get("words", "")
    try:
        room(AdviceDesk).write_general(g.person, title, words)
    except _REFUSED as error:
        return _general_page(error), error.status
    flash(_("Written. Everybody who logs shares can find it."))
    return redirect(url_for("advice.general"), 303)


@blueprint.post("/advice/general/<uuid:id>/withdraw")
@requires(advises)
def withdraw(id: UUID) -> ResponseReturnValue:
    """Take general advice back."""
    room(AdviceDesk).withdraw(g.person, id)
    flash(_("Withdrawn. It is found no more."))
    return redirect(url_for("advice.general"), 303)


def _own_page(entry_id: UUID, problem: LoggerError | None = None, words: str = "") -> str:
    line = own_line(entry_id)
    entry, threads = room(AdviceDesk).own(g.person, line.id)
    return render_template(
        "advice/ask.html", line=line, entry=entry, threads=threads, section=_section(),
        problem=problem, words=words, follows=_thread() if problem else None,
        quotable=line.state in OPEN_TO_AUTHOR,
    )  # fmt: skip


def _question_page(thread: UUID, problem: LoggerError | None = None) -> str:
    asked = room(AdviceDesk).asked(g.person, thread)
    section = SECTIONS.get(asked.line.section)
    saved = asked.entry.sections.get(asked.line.section) if asked.entry else None
    return render_template(
        "advice/question.html", asked=asked, thread=asked.thread, entry=asked.entry,
        line=asked.waiting, section=section, saved=saved, problem=problem,
        words=request.form.get("words", ""), title=request.form.get("title", ""),
        general=request.form.get("general", ""),
    )  # fmt: skip


def _general_page(problem: LoggerError | None = None) -> str:
    asked = request.args.get("q", "").strip()[:100]
    return render_template(
        "advice/general.html", found=room(AdviceDesk).search(asked), q=asked, problem=problem,
        advises=advises(g.person), title=request.form.get("title", ""),
        words=request.form.get("words", ""),
    )  # fmt: skip


def _section() -> str:
    asked = request.values.get("section", "")
    return asked if asked in SECTIONS else ""


def _thread() -> UUID | None:
    try:
        return UUID(request.form["thread"]) if request.form.get("thread") else None
    except ValueError as error:
        raise NotFound from error


def _answer_at(threads: tuple[Thread, ...], position: str) -> Said:
    for one in (said for thread in threads for said in thread.said):
        if one.answer and str(one.position) == position:
            return one
    raise NotFound


def _keep_quote(entry: Entry, said: Said) -> None:
    """A version of the draft beside any other: nothing that was typed is lost."""
    drafts, place = room(Drafts), (g.person.id, entry.id, _ADVICE)
    saved = entry.sections.get(_ADVICE)
    newest = next(iter(drafts.of(*place)), None)
    answers = dict(newest.answers if newest else saved.answers if saved else {})
    by = room(Register).person(said.person)
    day = format_date(datetime.fromtimestamp(said.at / 1000, UTC), "d MMMM y")
    whom = f"{by.name if by else ''}, {_('data protection team')}, {day}".lstrip(", ")
    before = str(answers.get("advice_what", ""))
    what = said.words if said.words in before or not before else f"{before}\n\n{said.words}"
    answers |= {
        "advice": "yes",
        "advice_from": whom[:MOST_LINE],
        "advice_what": (before if said.words in before else what)[:MOST_TEXT],
    }
    based_on = newest.based_on if newest else saved.position if saved else 0
    drafts.keep(*place, Draft(drafts.new_window(), answers, 0, based_on))


def _clock(line: Line) -> Deadline:
    within = room(Settings).advice_within_hours
    return to_document(line.since, room(Timing).now(), within, 2 * within)


def _asked_on(entry: UUID) -> list[Line]:
    return room(Questions).of_entry(entry, g.person.id)


@blueprint.app_context_processor
def _words() -> dict[str, Callable[..., Any]]:
    """What templates ask: how long a question may wait, and what was asked about an entry."""
    return {"advice_due": _clock, "advice_on": _asked_on}
