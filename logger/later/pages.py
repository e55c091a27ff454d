"""Adding to one's own entry after the moment, and taking it along as one paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.directory.recipients import Directory
from logger.entries.drafts import Draft
from logger.entries.entry import AddedLater, Entry
from logger.entries.fields import Shown
from logger.entries.forms.draft_pages import Place, based_on, chosen, drafting
from logger.entries.lists import WaitingEntry
from logger.entries.pages import own_line
from logger.entries.reading import Reading
from logger.errors import NotFound, TooMuchText
from logger.later.additions import AddedElsewhere, Additions, NothingToAddTo, open_for_adding
from logger.later.beside_pages import drafts_of, label, shown_addition, words
from logger.later.forms import KINDS, AdditionForm, Kind
from logger.later.receipts import LIVES_DAYS, Receipts
from logger.later.standing import Correction, Told, called, corrections, told
from logger.people.guards import requires, room
from logger.people.permissions import completes
from logger.people.phones import qr_path, qr_side
from logger.settings import Settings

blueprint = Blueprint("later", __name__)
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Asked:
    """What a request is about, before anything is opened: the entry's line, what is added, and
    the number of the correction that somebody was told of."""

    line: WaitingEntry
    kind: Kind
    about: str

    @property
    def place(self) -> Place:
        """Where this person's drafts of it lie."""
        return drafts_of(self.line.id, self.kind.what, self.about)

    def address(self, view: str = "add", version: str | None = None) -> str:
        """A page of it."""
        entry, what, about = self.line.id, self.kind.what, self.about or None
        return url_for(
            f"later.{view}", entry_id=entry, what=what, correction=about, version=version
        )


@dataclass(frozen=True)
class Adding(Asked):
    """The same with the entry, and the correction itself."""

    entry: Entry
    correction: Correction | None

    @property
    def whom(self) -> tuple[Told, ...]:
        """The recipients it may speak of."""
        return self.correction.still_to_tell if self.correction else told(self.entry, label)

    def form(self, **values: object) -> AdditionForm:
        """The form, with these recipients."""
        form = self.kind.form(**values)
        form.offer_recipients(self.whom)
        return form

    @property
    def latest(self) -> AddedLater | None:
        """The latest addition of this kind."""
        added = (one for one in self.entry.later if one.content.what == self.kind.what)
        return max(added, key=lambda one: one.position, default=None)

    def read(self, version: AddedLater | Draft) -> list[Shown]:
        """A version of its answers as it is read."""
        answers = version.answers if isinstance(version, Draft) else version.content.answers
        return shown_addition(self.kind, answers, told(self.entry, label))

    def left(self, form: AdditionForm) -> list[Told]:
        """Those of them who have still to be told, once this was added."""
        return [one for one in self.whom if one.name not in (form["told"].data or ())]


@blueprint.get("/entries/<uuid:entry_id>/later/<string:what>")
@requires(completes)
def add(entry_id: UUID, what: str) -> ResponseReturnValue:
    """The form of one addition."""
    adding = _adding(entry_id, what)
    versions = adding.place.versions()
    draft = chosen(versions)
    form = adding.form(data=draft.answers if draft else {})
    return _form_page(adding, form, draft=draft, versions=versions)


@blueprint.post("/entries/<uuid:entry_id>/later/<string:what>")
@requires(completes)
def added(entry_id: UUID, what: str) -> ResponseReturnValue:
    """Add it."""
    adding = _adding(entry_id, what)
    form = adding.form(formdata=request.form)
    if not form.validate():
        return _form_page(adding, form), 422
    try:
        _add(adding, form)
    except AddedElsewhere as error:
        adding.place.keep(form)
        return _form_page(_adding(entry_id, what), form, problem=error.code), 409
    except TooMuchText as error:
        return _form_page(adding, form, problem=error.code), 413
    adding.place.settle(form.answers())
    flash(_("Added. It stands beside the entry; nothing else was changed."))
    return redirect(url_for("entries.entry", entry_id=entry_id, _anchor="later"), 303)


@blueprint.post("/entries/<uuid:entry_id>/later/<string:what>/draft")
@requires(completes)
def draft(entry_id: UUID, what: str) -> ResponseReturnValue:
    """Keep what is typed so far; nothing is opened for it."""
    asked = _asked(entry_id, what)
    back = url_for("entries.entry", entry_id=entry_id, _anchor="add-later")
    return asked.place.keep_and_say(asked.kind.form(formdata=request.form), back)


@blueprint.post("/entries/<uuid:entry_id>/later/<string:what>/bin")
@requires(completes)
def bin_version(entry_id: UUID, what: str) -> ResponseReturnValue:
    """Bin one unsaved version."""
    asked = _asked(entry_id, what)
    asked.place.bin_version()
    return redirect(asked.address(), 303)


@blueprint.post("/entries/<uuid:entry_id>/later/link")
@requires(completes)
def make_link(entry_id: UUID) -> ResponseReturnValue:
    """A one-time link for a recipient; shown this once."""
    adding = _adding(entry_id, "receipt")
    whom = request.form.get("whom", "")
    if whom not in {one.name for one in told(adding.entry, label)}:
        form = adding.form(formdata=request.form)
        form.validate()
        return _form_page(adding, form), 422
    line = adding.line
    link = room(Receipts).offer(g.person.id, entry_id, whom, line.shared_at, line.shared_offset)
    start = room(Settings).record_origin + url_for("receipts.ask")
    address = f"{start}#{link.groups}"
    return render_template(
        "later/link.html", line=line, whom=called(whom, label), link=link, start=start,
        address=address, drawing=qr_path(address), side=qr_side(address), days=LIVES_DAYS,
    )  # fmt: skip


def _asked(entry_id: UUID, what: str) -> Asked:
    line, kind = own_line(entry_id), KINDS.get(what)
    if kind is None or (kind.of_a_share and line.act != "shared"):
        raise NotFound
    if not open_for_adding(line):
        raise NothingToAddTo
    about = request.values.get("correction", "") if what == "told" else ""
    if (what == "told") != bool(_NUMBER.fullmatch(about)):
        raise NotFound
    return Asked(line, kind, about)


def _adding(entry_id: UUID, what: str) -> Adding:
    asked = _asked(entry_id, what)
    entry = room(Reading).open(g.person, entry_id, "later")
    found = (one for one in corrections(entry, label) if str(one.position) == asked.about)
    correction = next(found, None)
    if asked.about and (correction is None or not correction.still_to_tell):
        raise NotFound
    return Adding(asked.line, asked.kind, asked.about, entry, correction)


def _add(adding: Adding, form: AdditionForm) -> None:
    what, answers = adding.kind.what, form.answers()
    if code := _code_of(answers.get("whom")) if what == "further" else "":
        answers["code"] = code
    if adding.correction:
        answers["correction"] = str(adding.correction.position)
    if what in {"correction", "told"}:
        answers["untold"] = str(len(adding.left(form)))
    # Only a word of KINDS leads to this page, which the checker of types cannot see.
    room(Additions).add(g.person.id, adding.line.id, what, answers, based_on())  # type: ignore[arg-type]


def _form_page(
    adding: Adding,
    form: AdditionForm,
    draft: Draft | None = None,
    versions: tuple[Draft, ...] = (),
    problem: str = "",
) -> str:
    latest = adding.latest
    listed = room(Directory)
    language = str(get_locale())
    return render_template(
        "later/add.html",
        line=adding.line,
        entry=adding.entry,
        kind=adding.kind,
        correction=adding.correction,
        form=form,
        law=None,
        told=told(adding.entry, label),
        known=[listed.recipient(one.code, language) for one in listed.recipients],
        saved=latest,
        read=adding.read,
        address=adding.address,
        **drafting(
            latest.position if latest else 0,
            draft,
            versions,
            problem,
            shown=problem == AddedElsewhere.code,
        ),
    )


def _code_of(whom: object) -> str:
    """The code of whoever was typed by their name in the directory; empty where it is none."""
    typed = str(whom).strip().casefold()
    listed = room(Directory).recipients
    found = (
        one.code for one in listed if typed in {one.label.en.casefold(), one.label.cy.casefold()}
    )
    return next(found, "")


blueprint.app_context_processor(words)
