"""The practitioner's pages: what is to complete, one entry as a task list, check and submit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_datetime, get_locale
from flask_babel import gettext as _

from logger.directory.recipients import Directory
from logger.entries.documentation import Documentation, NotComplete
from logger.entries.drafts import Drafts
from logger.entries.entry import Entry, State
from logger.entries.fields import shown
from logger.entries.happened import Submitted
from logger.entries.index import DONE, NOT_MINE, NOT_TOLD, REFERRED, TO_COMPLETE, TO_REVIEW, apart
from logger.entries.lists import Cursor, EntryList, Page, WaitingEntry
from logger.entries.reading import Reading
from logger.entries.sections import SECTIONS, Section, missing
from logger.entries.times import Timing, as_shown, skew
from logger.people.guards import requires, room
from logger.people.permissions import (
    check_document,
    completes,
    leads_allegations,
    may_document,
    reads_entries,
)
from logger.people.register import Register

blueprint = Blueprint("entries", __name__)

_OPEN = frozenset({State.TO_COMPLETE, State.RETURNED})
_MOST_ANSWER = 4_000


@blueprint.get("/to-complete")
@requires(completes)
def to_complete() -> ResponseReturnValue:
    """What this person still has to document, returned ones first with their question."""
    page = own_page(TO_COMPLETE, cursor())
    not_told = own_page(NOT_TOLD).entries if cursor() is None else ()
    handed = room(EntryList).handed_to(g.person.id) if cursor() is None else ()
    lines = (*page.entries, *handed)
    returned = [line.id for line in lines if line.state is State.RETURNED]
    asked = room(Reading).open_all(g.person, returned, "to-complete")
    return render_template(
        "entries/to_complete.html", page=page, asked=asked, not_told=not_told, handed=handed
    )


@blueprint.get("/submitted")
@requires(completes)
def submitted() -> ResponseReturnValue:
    """What this person handed to review, what is done, and what they said is not theirs: it
    could not be taken back otherwise."""
    begins = cursor() is None
    waiting = (*own_page(REFERRED).entries, *own_page(TO_REVIEW).entries) if begins else ()
    return render_template(
        "entries/submitted.html",
        waiting=waiting,
        disowned=own_page(NOT_MINE).entries if begins else (),
        page=own_page(DONE, cursor()),
    )


@blueprint.get("/entries/<uuid:entry_id>")
@requires(reads_entries)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry: the task list while it is being documented, all of it afterwards."""
    line = room(Reading).find(g.person, entry_id)
    if not room(Reading).documents(g.person, line):
        return redirect(url_for("review.entry", entry_id=entry_id), 303)
    found = room(Reading).open(g.person, entry_id, "entry")
    template = "entries/tasks.html" if line.state in _OPEN else "entries/whole.html"
    return render_template(
        template,
        line=line,
        entry=found,
        drafted=_drafted(found),
        missing=_missing(line, found),
        told_later=[one for one in room(EntryList).told_later(entry_id) if _own(one)],
    )


@blueprint.get("/entries/<uuid:entry_id>/check")
@requires(completes)
def check(entry_id: UUID) -> ResponseReturnValue:
    """All answers on one page before they are handed over."""
    return _check_page(own_line(entry_id))


@blueprint.post("/entries/<uuid:entry_id>/check")
@requires(completes)
def submit(entry_id: UUID) -> ResponseReturnValue:
    """*I made this share*: hand it to review."""
    line = own_line(entry_id)
    answer = request.form.get("answer", "").strip()
    problems = _problems(line, answer)
    if problems:
        return _check_page(line, problems, answer), 422
    made_by_me = author_of(line) == g.person.id
    content = Submitted(person=g.person.id, made_by_me=made_by_me, answer=answer)
    try:
        room(Documentation).submit(entry_id, content)
    except NotComplete:
        return redirect(url_for("entries.check", entry_id=entry_id), 303)
    return redirect(url_for("afterwards.next_steps", entry_id=entry_id), 303)


def own_line(entry_id: UUID) -> WaitingEntry:
    """An entry of the person who asks; NotFound for other teams, NotYourEntry for other people."""
    line = room(Reading).find(g.person, entry_id)
    check_document(g.person, author_of(line), line.documenter)
    return line


def author_of(line: WaitingEntry) -> UUID | None:
    """The id of whoever captured it."""
    author = room(Reading).author(line)
    return author.id if author else None


def own_page(which: int, after: Cursor | None = None) -> Page:
    """A list of the person who asks, with what only they and the allegations lead see."""
    phones = [phone.device for phone in room(Register).phones_of([g.person])]
    return room(EntryList).page((which, apart(which)), phones, after)


def cursor() -> Cursor | None:
    """Where in a list this page begins."""
    return Cursor.from_text(request.args.get("after", ""))


def _missing(line: WaitingEntry, entry: Entry) -> tuple[Section, ...]:
    # About what was logged by mistake there is nothing to say.
    return () if line.mistake else tuple(missing(entry.sections, line.act))


def _own(entry: UUID) -> bool:
    line = room(EntryList).find(entry)
    return line is not None and may_document(g.person, author_of(line))


def _drafted(entry: Entry) -> set[str]:
    """The sections of which something stands in a draft and not in the entry."""
    return {code for code in SECTIONS if _unsaved(entry, code)}


def _unsaved(entry: Entry, code: str) -> bool:
    saved = entry.sections.get(code)
    drafts = room(Drafts).of(g.person.id, entry.id, code)
    return any(saved is None or draft.answers != saved.answers for draft in drafts)


def _check_page(
    line: WaitingEntry, problems: dict[str, str] | None = None, answer: str = ""
) -> str:
    found = room(Reading).open(g.person, line.id, "check")
    return render_template(
        "entries/check.html",
        line=line,
        entry=found,
        missing=_missing(line, found),
        drafted=_drafted(found),
        problems=problems or {},
        answer=answer,
        confirmed=bool(request.form.get("made_by_me")),
        made_by=room(Reading).author(line),
    )


def _problems(line: WaitingEntry, answer: str) -> dict[str, str]:
    problems = {}
    if line.state is State.RETURNED and not answer:
        problems["answer"] = _("Answer the reviewer's question.")
    if len(answer) > _MOST_ANSWER:
        problems["answer"] = _("Shorten this to 4,000 characters or fewer.")
    if request.form.get("made_by_me") != "yes" and line.documenter == g.person.id:
        problems["made_by_me"] = _("Confirm that you completed this for the author.")
    elif request.form.get("made_by_me") != "yes":
        shared = line.act == "shared" and not line.mistake
        problems["made_by_me"] = (
            _("Confirm that you made this share.") if shared else _("Confirm that this is yours.")
        )
    return problems


@blueprint.app_context_processor
def _words() -> dict[str, Callable[..., object] | str]:
    """What templates of entries and reviews ask for."""
    directory, language, timing = room(Directory), str(get_locale()), room(Timing)

    def told(code: str) -> str:
        known = code != "someone-else"
        return directory.recipient(code, language) if known else _("someone else")

    return {
        "told_label": told,
        "why_label": lambda code: directory.reason(code, language),
        "how_label": lambda code: directory.way(code, language) if code else "",
        "timing": lambda: timing,
        "phone_clock": skew,
        "sections": lambda: SECTIONS,
        "shown": lambda section, answers, law, act: shown(
            section.questions(act), answers, law, language
        ),
        "language": language,
        "colleague": room(Reading).name,
        "whose_phone": room(Reading).whose_phone,
        "has_allegations_lead": lambda: any(map(leads_allegations, room(Register).everyone())),
    }


@blueprint.app_template_filter("moment")
def _moment(at: int) -> str:
    """A time of the record, in the organisation's time zone."""
    then = datetime.fromtimestamp(at / 1000, UTC)
    now = datetime.fromtimestamp(room(Timing).now() / 1000, UTC)
    return str(format_datetime(then, _pattern(then.year == now.year)))


@blueprint.app_template_filter("clock_time")
def _clock_time(at: int) -> str:
    """Only the time of day, in the organisation's time zone."""
    return str(format_datetime(datetime.fromtimestamp(at / 1000, UTC), "HH:mm"))


@blueprint.app_template_filter("phone_moment")
def phone_moment(at: int, utc_offset: int) -> str:
    """A time as the phone showed it."""
    then = as_shown(at, utc_offset)
    now = datetime.fromtimestamp(room(Timing).now() / 1000, UTC)
    pattern = _pattern(then.year == now.year)
    return str(format_datetime(then.replace(tzinfo=None), pattern, rebase=False))


@blueprint.app_template_filter("day")
def _day(on: date) -> str:
    """A day of the calendar."""
    return str(format_date(on, "d MMMM y"))


def _pattern(this_year: bool) -> str:
    return "d MMMM, HH:mm" if this_year else "d MMMM y, HH:mm"
