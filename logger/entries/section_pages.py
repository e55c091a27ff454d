"""One section of the documentation: its form, its drafts, and two windows that meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from logger.entries.documentation import Documentation, NotOpenForWriting, SectionMoved
from logger.entries.drafts import Draft, Drafts
from logger.entries.entry import Entry, Saved, State
from logger.entries.fields import OneOf, SectionForm, SomeOf
from logger.entries.forms.basis import relied_on
from logger.entries.forms.offer_pages import (
    captured_offers,
    earlier_offers,
    has_earlier_wording,
)
from logger.entries.happened import Documented, ReliedOn
from logger.entries.lists import WaitingEntry
from logger.entries.pages import own_line
from logger.entries.reading import Reading
from logger.entries.sections import SECTIONS, Section
from logger.entries.times import day_of_share
from logger.errors import NotFound, TooMuchText
from logger.law.editions import Editions
from logger.law.pack import Choices
from logger.people.guards import requires, room
from logger.people.permissions import completes
from logger.settings import Settings
from sync.errors import EntryMoved

blueprint = Blueprint("sections", __name__)


@dataclass(frozen=True)
class Asked:
    """What a request is about: the entry's line, the section, and the law of that day."""

    line: WaitingEntry
    section: Section
    law: Choices
    before: tuple[ReliedOn, ...] = ()

    def form(self, **values: object) -> SectionForm:
        """The section's form, with what the law offers."""
        form = self.section.questions(self.line.act, **values)
        form.offer(self.law, room(Settings).kind)
        return form

    def and_still(self, saved: Saved | None) -> Asked:
        """The same, with the law that was relied on before among the choices."""
        before = saved.relied_on if saved else ()
        return replace(self, law=self.law.and_still(one.as_row() for one in before), before=before)

    @property
    def place(self) -> tuple[UUID, UUID, str]:
        """Where this person's drafts of it lie."""
        return g.person.id, self.line.id, self.section.code


@blueprint.get("/entries/<uuid:entry_id>/<string:code>")
@requires(completes)
def section(entry_id: UUID, code: str) -> ResponseReturnValue:
    """The form, with the newest draft in it."""
    asked = _asked(entry_id, code)
    if asked.line.state not in {State.TO_COMPLETE, State.RETURNED}:
        return redirect(url_for("entries.entry", entry_id=entry_id), 303)
    entry = room(Reading).open(g.person, entry_id, "section")
    saved = entry.sections.get(code)
    asked = asked.and_still(saved)
    # What says the same as what was saved is no draft any more.
    drafts = room(Drafts).of(*asked.place)
    versions = tuple(one for one in drafts if saved is None or one.answers != saved.answers)
    chosen = request.args.get("version")
    draft = next((one for one in versions if one.window == chosen), next(iter(versions), None))
    answers = draft.answers if draft else saved.answers if saved else {}
    return _form_page(asked, entry, asked.form(data=answers), draft=draft, versions=versions)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>")
@requires(completes)
def save(entry_id: UUID, code: str) -> ResponseReturnValue:
    """*Save and continue*."""
    asked = _asked_again(entry_id, code)
    form = asked.form(formdata=request.form)
    if not form.validate():
        return _again(asked, form), 422
    law = relied_on(form, asked.law, room(Editions).current().name, asked.before)
    answers = form.answers()
    content = Documented(person=g.person.id, section=code, answers=answers, relied_on=law)
    try:
        room(Documentation).save(entry_id, content, _number("based_on"))
    except (SectionMoved, NotOpenForWriting, EntryMoved) as error:
        _keep_draft(asked, form)
        return _again(asked, form, problem=error.code), 409
    except TooMuchText as error:
        return _again(asked, form, problem=error.code), 413
    windows = (request.form.get("window", ""), request.form.get("took", ""))
    room(Drafts).forget(*asked.place, answers, *windows)
    return redirect(url_for("entries.entry", entry_id=entry_id), 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/draft")
@requires(completes)
def draft(entry_id: UUID, code: str) -> ResponseReturnValue:
    """Keep what is typed so far: at every pause, and by the button where there is no JavaScript."""
    asked = _asked(entry_id, code)
    others = _keep_draft(asked, asked.form(formdata=request.form))
    if request.headers.get("HX-Request"):
        at = room(Drafts).of(*asked.place)[0].saved_at
        return render_template("entries/_draft_status.html", saved_at=at, others=others)
    flash(_("Draft saved. It waits here until you come back to it."))
    return redirect(url_for("entries.entry", entry_id=entry_id), 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/take")
@requires(completes)
def take(entry_id: UUID, code: str) -> ResponseReturnValue:
    """Take over what was offered: into the draft, with everything else that was typed."""
    asked = _asked_again(entry_id, code)
    form = asked.form(formdata=request.form)
    name, _colon, value = request.form.get("take", "").partition(":")
    if name in form and value:
        _take_over(form[name], value)
    _keep_draft(asked, form)
    kept = room(Drafts).of(*asked.place)[0].window
    here = url_for("sections.section", entry_id=entry_id, code=code, version=kept, _anchor=name)
    return redirect(here, 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/earlier")
@requires(completes)
def earlier(entry_id: UUID, code: str) -> ResponseReturnValue:
    """The same page again, with one's own earlier wording beside the questions."""
    asked = _asked_again(entry_id, code)
    _keep_draft(asked, asked.form(formdata=request.form))
    kept = room(Drafts).of(*asked.place)[0].window
    here = url_for("sections.section", entry_id=entry_id, code=code, version=kept, earlier="yes")
    return redirect(here, 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/bin")
@requires(completes)
def bin_version(entry_id: UUID, code: str) -> ResponseReturnValue:
    """Bin one unsaved version."""
    asked = _asked(entry_id, code)
    room(Drafts).forget(*asked.place, None, request.form.get("version", ""))
    return redirect(url_for("sections.section", entry_id=entry_id, code=code), 303)


def _asked(entry_id: UUID, code: str) -> Asked:
    line = own_line(entry_id)
    found = SECTIONS.get(code)
    if found is None:
        raise NotFound
    settings = room(Settings)
    on = day_of_share(line.shared_at, line.shared_offset)
    return Asked(line, found, room(Editions).current().offered(on, settings.kind, settings.nation))


def _asked_again(entry_id: UUID, code: str) -> Asked:
    """The same for a form that comes back: law of a newer pack may have taken its choices away."""
    asked = _asked(entry_id, code)
    if code != "basis" or _number("based_on") == 0:
        return asked
    entry = room(Reading).open(g.person, entry_id, "section")
    return asked.and_still(entry.sections.get(code))


def _take_over(field: Field, value: str) -> None:
    # What is written already stays in front of what is taken over.
    if isinstance(field, OneOf | SomeOf) or not (field.data or "").strip():
        field.data = value
    elif value not in field.data:
        field.data = f"{field.data.rstrip()} {value}"


def _number(name: str) -> int:
    try:
        return int(request.form.get(name, "0"))
    except ValueError:
        return -1


def _keep_draft(asked: Asked, form: SectionForm) -> tuple[Draft, ...]:
    window = request.form.get("window", "")[:64] or room(Drafts).new_window()
    kept = Draft(window, form.answers(), 0, _number("based_on"))
    return room(Drafts).keep(*asked.place, kept, request.form.get("took", "")[:64])


def _again(asked: Asked, form: SectionForm, problem: str = "") -> str:
    """The form once more, with everything that was typed still in it."""
    entry = room(Reading).open(g.person, asked.line.id, "section")
    return _form_page(asked, entry, form, problem=problem)


def _form_page(
    asked: Asked,
    entry: Entry,
    form: SectionForm,
    draft: Draft | None = None,
    versions: tuple[Draft, ...] = (),
    problem: str = "",
) -> str:
    code = asked.section.code
    saved = entry.sections.get(code)
    began = draft.based_on if draft else _number("based_on") if problem else None
    current = saved.position if saved else 0
    again = request.method == "POST"
    # Whoever is shown the other version may go on from there: it is no longer unseen.
    seen_now = draft is not None or problem == SectionMoved.code or not again
    asked_for = not again and request.args.get("earlier") == "yes"
    return render_template(
        "entries/section.html",
        line=asked.line,
        entry=entry,
        section=asked.section,
        form=form,
        law=asked.law,
        captured_offers=captured_offers(entry),
        earlier_offers=earlier_offers(entry, form) if asked_for else {},
        may_ask_earlier=has_earlier_wording(form) and not asked_for,
        asked_earlier=asked_for,
        saved=saved,
        moved=began is not None and began != current,
        problem=problem,
        draft=draft,
        others=[one for one in versions if one is not draft],
        based_on=current if seen_now else _number("based_on"),
        window=request.form.get("window", "")[:64] if again else room(Drafts).new_window(),
        took=request.form.get("took", "")[:64] if again else draft.window if draft else "",
    )
