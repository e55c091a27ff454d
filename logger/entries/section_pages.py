"""One section of the documentation: its form, its drafts, and two windows that meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from wtforms import Field

from logger.entries.documentation import Documentation, NotOpenForWriting, SectionMoved
from logger.entries.drafts import Draft
from logger.entries.entry import Entry, Saved, State
from logger.entries.fields import OneOf, SectionForm, Shown, SomeOf, shown
from logger.entries.forms.basis import relied_on
from logger.entries.forms.draft_pages import Place, based_on, chosen, drafting
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

    def read(self, version: Saved | Draft) -> list[Shown]:
        """A version of its answers as it is read."""
        law = (version.relied_on if isinstance(version, Saved) else ()) or self.law.rows
        questions = self.section.questions(self.line.act)
        return shown(questions, version.answers, law, str(get_locale()))

    def address(self, view: str = "section", version: str | None = None) -> str:
        """A page of it."""
        entry, code = self.line.id, self.section.code
        return url_for(f"sections.{view}", entry_id=entry, code=code, version=version)

    @property
    def place(self) -> Place:
        """Where this person's drafts of it lie."""
        return Place(g.person.id, self.line.id, self.section.code)


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
    versions = asked.place.versions(*([saved.answers] if saved else []))
    draft = chosen(versions)
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
        room(Documentation).save(entry_id, content, based_on())
    except (SectionMoved, NotOpenForWriting, EntryMoved) as error:
        asked.place.keep(form)
        return _again(asked, form, problem=error.code), 409
    except TooMuchText as error:
        return _again(asked, form, problem=error.code), 413
    asked.place.settle(answers)
    return redirect(url_for("entries.entry", entry_id=entry_id), 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/draft")
@requires(completes)
def draft(entry_id: UUID, code: str) -> ResponseReturnValue:
    """Keep what is typed so far: at every pause, and by the button where there is no JavaScript."""
    asked = _asked(entry_id, code)
    back = url_for("entries.entry", entry_id=entry_id)
    return asked.place.keep_and_say(asked.form(formdata=request.form), back)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/take")
@requires(completes)
def take(entry_id: UUID, code: str) -> ResponseReturnValue:
    """Take over what was offered: into the draft, with everything else that was typed."""
    asked = _asked_again(entry_id, code)
    form = asked.form(formdata=request.form)
    name, _colon, value = request.form.get("take", "").partition(":")
    if name in form and value:
        _take_over(form[name], value)
    asked.place.keep(form)
    kept = asked.place.newest().window
    here = url_for("sections.section", entry_id=entry_id, code=code, version=kept, _anchor=name)
    return redirect(here, 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/earlier")
@requires(completes)
def earlier(entry_id: UUID, code: str) -> ResponseReturnValue:
    """The same page again, with one's own earlier wording beside the questions."""
    asked = _asked_again(entry_id, code)
    asked.place.keep(asked.form(formdata=request.form))
    kept = asked.place.newest().window
    here = url_for("sections.section", entry_id=entry_id, code=code, version=kept, earlier="yes")
    return redirect(here, 303)


@blueprint.post("/entries/<uuid:entry_id>/<string:code>/bin")
@requires(completes)
def bin_version(entry_id: UUID, code: str) -> ResponseReturnValue:
    """Bin one unsaved version."""
    asked = _asked(entry_id, code)
    asked.place.bin_version()
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
    if code != "basis" or based_on() == 0:
        return asked
    entry = room(Reading).open(g.person, entry_id, "section")
    return asked.and_still(entry.sections.get(code))


def _take_over(field: Field, value: str) -> None:
    # What is written already stays in front of what is taken over.
    if isinstance(field, OneOf | SomeOf) or not (field.data or "").strip():
        field.data = value
    elif value not in field.data:
        field.data = f"{field.data.rstrip()} {value}"


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
    saved = entry.sections.get(asked.section.code)
    asked_for = request.method == "GET" and request.args.get("earlier") == "yes"
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
        read=asked.read,
        address=asked.address,
        **drafting(
            saved.position if saved else 0,
            draft,
            versions,
            problem,
            shown=problem == SectionMoved.code,
        ),
    )
