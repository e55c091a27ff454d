"""Adding to one's own entry after the moment, and taking it along as one paragraph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.directory.recipients import Directory
from logger.entries.entry import AddedLater, Entry
from logger.entries.fields import Shown, shown
from logger.entries.lists import WaitingEntry
from logger.entries.pages import own_line
from logger.entries.reading import Reading
from logger.errors import NotFound
from logger.later.additions import Additions, NothingToAddTo, open_for_adding
from logger.later.forms import KINDS, AdditionForm, Kind
from logger.later.receipts import LIVES_DAYS, Receipts
from logger.later.standing import Correction, Told, called, confirmed, corrections, told
from logger.people.guards import requires, room
from logger.people.permissions import completes
from logger.people.phones import qr_path, qr_side
from logger.settings import Settings

blueprint = Blueprint("later", __name__)


@dataclass(frozen=True)
class Adding:
    """What a request is about: the entry, what is added, and the correction it is about, if any."""

    line: WaitingEntry
    entry: Entry
    kind: Kind
    correction: Correction | None

    @property
    def whom(self) -> tuple[Told, ...]:
        """The recipients it may speak of."""
        return self.correction.still_to_tell if self.correction else told(self.entry, _label)

    def form(self, **values: object) -> AdditionForm:
        """The form, with these recipients."""
        form = self.kind.form(**values)
        form.offer_recipients(self.whom)
        return form

    def left(self, form: AdditionForm) -> list[Told]:
        """Those of them who have still to be told, once this was added."""
        return [one for one in self.whom if one.name not in (form["told"].data or ())]


@blueprint.get("/entries/<uuid:entry_id>/later/<string:what>")
@requires(completes)
def add(entry_id: UUID, what: str) -> ResponseReturnValue:
    """The form of one addition."""
    adding = _adding(entry_id, what)
    return _form_page(adding, adding.form())


@blueprint.post("/entries/<uuid:entry_id>/later/<string:what>")
@requires(completes)
def added(entry_id: UUID, what: str) -> ResponseReturnValue:
    """Add it."""
    adding = _adding(entry_id, what)
    form = adding.form(formdata=request.form)
    if not form.validate():
        return _form_page(adding, form), 422
    answers = form.answers()
    if code := _code_of(answers.get("whom")) if what == "further" else "":
        answers["code"] = code
    if adding.correction:
        answers["correction"] = str(adding.correction.position)
    if what in {"correction", "told"}:
        answers["untold"] = str(len(adding.left(form)))
    room(Additions).add(g.person.id, entry_id, what, answers)  # type: ignore[arg-type]  # one of KINDS
    flash(_("Added. It stands beside the entry; nothing else was changed."))
    return redirect(url_for("entries.entry", entry_id=entry_id, _anchor="later"), 303)


@blueprint.post("/entries/<uuid:entry_id>/later/link")
@requires(completes)
def make_link(entry_id: UUID) -> ResponseReturnValue:
    """A one-time link for a recipient; shown this once."""
    adding = _adding(entry_id, "receipt")
    whom = request.form.get("whom", "")
    if whom not in {one.name for one in told(adding.entry, _label)}:
        form = adding.form(formdata=request.form)
        form.validate()
        return _form_page(adding, form), 422
    line = adding.line
    link = room(Receipts).offer(g.person.id, entry_id, whom, line.shared_at, line.shared_offset)
    start = room(Settings).record_origin + url_for("receipts.ask")
    address = f"{start}#{link.groups}"
    return render_template(
        "later/link.html", line=line, whom=called(whom, _label), link=link, start=start,
        address=address, drawing=qr_path(address), side=qr_side(address), days=LIVES_DAYS,
    )  # fmt: skip


def _adding(entry_id: UUID, what: str) -> Adding:
    line, kind = own_line(entry_id), KINDS.get(what)
    if kind is None or (kind.of_a_share and line.act != "shared"):
        raise NotFound
    if not open_for_adding(line):
        raise NothingToAddTo
    entry = room(Reading).open(g.person, entry_id, "later")
    if what != "told":
        return Adding(line, entry, kind, None)
    number = request.values.get("correction", "")
    found = (one for one in corrections(entry, _label) if str(one.position) == number)
    correction = next(found, None)
    if correction is None or not correction.still_to_tell:
        raise NotFound
    return Adding(line, entry, kind, correction)


def _form_page(adding: Adding, form: AdditionForm) -> str:
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
        told=told(adding.entry, _label),
        known=[listed.recipient(one.code, language) for one in listed.recipients],
    )


def _code_of(whom: object) -> str:
    """The code of whoever was typed by their name in the directory; empty where it is none."""
    typed = str(whom).strip().casefold()
    listed = room(Directory).recipients
    found = (
        one.code for one in listed if typed in {one.label.en.casefold(), one.label.cy.casefold()}
    )
    return next(found, "")


def _label(code: str) -> str:
    return room(Directory).recipient(code, str(get_locale()))


@dataclass(frozen=True)
class Beside:
    """One addition as it is read."""

    added: AddedLater
    called: str
    answers: list[Shown]
    still_to_tell: tuple[Told, ...] = ()


def beside(entry: Entry) -> list[Beside]:
    """All that was added, in the order it was."""
    left = {one.position: one.still_to_tell for one in corrections(entry, _label)}
    whom = told(entry, _label)
    return [
        Beside(one, KINDS[one.content.what].called, _read(one, whom), left.get(one.position, ()))
        for one in entry.later
        if one.content.what in KINDS
    ]


def _read(added: AddedLater, whom: Sequence[Told]) -> list[Shown]:
    form = KINDS[added.content.what].form()
    form.offer_recipients(whom)
    lines = shown(form, added.content.answers)
    # Names of recipients come from a list or a keyboard: no translation is looked up for them.
    return [replace(one, translated=False) for one in lines]


def _waiting_links(entry: Entry) -> list[tuple[str, int]]:
    """Recipients who have a link and did not use it, and until when they can."""
    known = confirmed(entry)
    latest: dict[str, int] = {}
    for one in entry.later:
        whom, until = one.content.answers.get("whom"), one.content.answers.get("until")
        if one.content.what == "link" and isinstance(whom, str) and isinstance(until, str):
            latest[whom] = int(until)
    return [(called(whom, _label), until) for whom, until in latest.items() if whom not in known]


@blueprint.app_context_processor
def _words() -> dict[str, Callable[..., object]]:
    """What templates of an entry ask for."""
    return {
        "added_later": beside,
        "waiting_links": _waiting_links,
        "additions_for": lambda line: (
            [
                kind
                for kind in KINDS.values()
                if kind.what != "told" and (line.act == "shared" or not kind.of_a_share)
            ]
            if open_for_adding(line)
            else []
        ),
    }
