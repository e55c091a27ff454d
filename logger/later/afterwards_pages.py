"""What follows a submission: what happens next, and the entry as text to take along."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from logger.directory.recipients import Directory
from logger.entries.capture import Addition
from logger.entries.entry import Entry, State
from logger.entries.fields import N_, shown
from logger.entries.lists import WaitingEntry
from logger.entries.pages import own_line, phone_moment
from logger.entries.reading import Reading
from logger.entries.sections import SECTIONS
from logger.later.beside_pages import beside, label
from logger.later.paragraph import as_paragraph
from logger.later.standing import told
from logger.people.guards import requires, room
from logger.people.permissions import completes, may_review
from logger.people.person import Role
from logger.people.register import Register
from logger.settings import Settings

blueprint = Blueprint("afterwards", __name__)

_ACTS = {
    "shared": N_("%(time)s: %(author)s told %(whom)s"),
    "not-shared": N_("%(time)s: %(author)s decided not to share"),
    "refused": N_("%(time)s: %(author)s refused a request of %(whom)s"),
    "not-told": N_("%(time)s: %(author)s tried to reach %(whom)s and reached nobody"),
}


@blueprint.get("/entries/<uuid:entry_id>/next")
@requires(completes)
def next_steps(entry_id: UUID) -> ResponseReturnValue:
    """Who reads it, by when, and what can still be done. Nothing is opened for it."""
    line = own_line(entry_id)
    if line.state is not State.TO_REVIEW:
        return redirect(url_for("entries.entry", entry_id=entry_id), 303)
    return render_template("later/next.html", line=line, reviewers=_reviewers(line))


@blueprint.get("/entries/<uuid:entry_id>/paragraph")
@requires(completes)
def paragraph(entry_id: UUID) -> ResponseReturnValue:
    """Plain text for the case system in use."""
    line = own_line(entry_id)
    found = room(Reading).open(g.person, entry_id, "paragraph")
    return render_template(
        "later/paragraph.html",
        line=line,
        entry=found,
        text=_as_text(line, found),
        system=room(Settings).case_system,
    )


def _reviewers(line: WaitingEntry) -> list[str]:
    author = room(Reading).author(line)
    everyone = room(Register).everyone()
    people = [one for one in everyone if may_review(one, author, apart=line.allegation)]
    # The alternate stands in where there is nobody else.
    first = [one for one in people if one.role is not Role.ALTERNATE]
    return [one.name for one in first or people]


def _as_text(line: WaitingEntry, entry: Entry) -> str:
    capture = entry.captured.content
    # Whoever was told the same later is named among what was added.
    at_first = told(replace(entry, later=()), label)
    names = {
        "time": phone_moment(capture.when.at, capture.when.utc_offset),
        "author": _author(line),
        "whom": ", ".join(one.label for one in at_first) or _("Not said"),
    }
    opening = str(_(_ACTS[capture.act])) % names
    facts = [*_captured(line, entry), *_documented(line, entry), *_added(entry)]
    facts.append((_("Sharelog entry"), str(entry.id)))
    return as_paragraph(opening, facts)


def _author(line: WaitingEntry) -> str:
    """Whose share it was; a colleague may have completed it."""
    author = room(Reading).author(line)
    return author.name if author else g.person.name


def _captured(line: WaitingEntry, entry: Entry) -> list[tuple[str, str]]:
    capture, directory, language = entry.captured.content, room(Directory), str(get_locale())
    about = "; ".join(one.name or _("name not known") for one in capture.children)
    danger = _("Someone is in danger if this becomes known") if line.danger else ""
    return [
        (_("Danger"), danger),
        (_("How"), directory.way(capture.how, language) if capture.how else ""),
        (_("About"), about),
        (_("Shared") if capture.act == "shared" else _("Reason"), capture.shared),
        (_("Why"), ", ".join(directory.reason(code, language) for code in capture.why)),
        (_("Their name"), "; ".join(one.person for one in capture.recipients if one.person)),
        (
            _("Their reference"),
            "; ".join(one.reference for one in capture.recipients if one.reference),
        ),
        *_from_the_phone(entry),
    ]


def _from_the_phone(entry: Entry) -> list[tuple[str, str]]:
    """What a phone corrected, added or took back: no text goes out without it."""
    called = {"fix": _("Corrected from the phone"), "mistake": _("Logged by mistake")}
    found = []
    for added in entry.additions:
        content, said = added.content, _("Added from the phone")
        if isinstance(content, Addition):
            said = called.get(content.what, said)
        words = content.text if isinstance(content, Addition) else content.shared
        if added.other_phone:
            words = f"{words} ({_('not the phone that captured it')})"
        found.append((said, words.strip() or str(_("Yes"))))
    return found


def _documented(line: WaitingEntry, entry: Entry) -> list[tuple[str, str]]:
    language, found = str(get_locale()), []
    for code, section in SECTIONS.items():
        saved = entry.sections.get(code)
        if saved is None:
            continue
        lines = shown(section.questions(line.act), saved.answers, saved.relied_on, language)
        for one in lines:
            answer = _(one.answer) if one.translated else one.answer
            found.append((_(one.label), answer))
    return found


def _added(entry: Entry) -> list[tuple[str, str]]:
    """A correction must not be left behind by what it corrects."""
    found = []
    for one in beside(entry):
        said = [f"{_(answer.label)}: {answer.answer}" for answer in one.answers]
        if one.still_to_tell:
            names = ", ".join(someone.label for someone in one.still_to_tell)
            said.append(f"{_('Still to be told')}: {names}")
        found.append((_(one.called), "; ".join(said)))
    return found
