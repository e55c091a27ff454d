"""Forms that keep drafts of themselves: at every pause, from any window, read on any machine.

Promises: two windows' versions stand beside each other; whatever was written since a form was
opened is shown before anything is built upon it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.entries.drafts import Draft, Drafts
from logger.entries.fields import SectionForm
from logger.entries.happened import Answers
from logger.people.guards import room


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person's drafts of one form lie."""

    person: UUID
    entry: UUID
    form: str

    def versions(self, *known: Answers) -> tuple[Draft, ...]:
        """All versions, newest first; what says the same as what is `known` is none any more."""
        return tuple(one for one in self._all() if one.answers not in known)

    def keep(self, form: SectionForm) -> tuple[Draft, ...]:
        """Keep what this window says; the other versions."""
        window = request.form.get("window", "")[:64] or room(Drafts).new_window()
        kept = Draft(window, form.answers(), 0, based_on())
        took = request.form.get("took", "")[:64]
        return room(Drafts).keep(self.person, self.entry, self.form, kept, took)

    def keep_and_say(self, form: SectionForm, back: str) -> ResponseReturnValue:
        """Keep it, and answer: with what became of it, or where there is no JavaScript with the
        way `back`."""
        others = self.keep(form)
        if request.headers.get("HX-Request"):
            at = self.newest().saved_at
            return render_template("entries/_draft_status.html", saved_at=at, others=others)
        flash(_("Draft saved. It waits here until you come back to it."))
        return redirect(back, 303)

    def newest(self) -> Draft:
        """The version that was kept last."""
        return self._all()[0]

    def settle(self, answers: Answers) -> None:
        """These answers were written down: this window's version of them is no draft any more."""
        windows = (request.form.get("window", ""), request.form.get("took", ""))
        room(Drafts).forget(self.person, self.entry, self.form, answers, *windows)

    def bin_version(self) -> None:
        """Forget the version that was named."""
        named = request.form.get("version", "")
        room(Drafts).forget(self.person, self.entry, self.form, None, named)

    def _all(self) -> tuple[Draft, ...]:
        return room(Drafts).of(self.person, self.entry, self.form)


def chosen(versions: tuple[Draft, ...]) -> Draft | None:
    """The version that was asked for, else the newest."""
    asked = request.args.get("version")
    return next((one for one in versions if one.window == asked), next(iter(versions), None))


def based_on() -> int:
    """The version of what is written down that the window began from."""
    try:
        return int(request.form.get("based_on", "0"))
    except ValueError:
        return -1


def drafting(
    current: int,
    draft: Draft | None = None,
    versions: tuple[Draft, ...] = (),
    problem: str = "",
    *,
    shown: bool = False,
) -> dict[str, object]:
    """What the page of such a form says of its drafts. `current` is the version that is written
    down, `shown` where that is on the page."""
    again = request.method == "POST"
    began = draft.based_on if draft else based_on() if problem else None
    # Whoever is shown the other version may go on from there: it is no longer unseen.
    seen_now = draft is not None or shown or not again
    return {
        "problem": problem,
        "draft": draft,
        "others": [one for one in versions if one is not draft],
        "moved": began is not None and began != current,
        "based_on": current if seen_now else based_on(),
        "window": request.form.get("window", "")[:64] if again else room(Drafts).new_window(),
        "took": request.form.get("took", "")[:64] if again else draft.window if draft else "",
    }
