"""Children: search, what may be the same child, and one child's chronology on one page.

Promises: names are searched by a form that is posted, so that none stands in an address; a name is
shown only behind a look, and not where somebody is in danger if it becomes known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from logger.children import drawing
from logger.children.chronology import NOBODY, Chronologies, Chronology, Share
from logger.children.finding import Finding, Found
from logger.children.happened import Asked, Mention
from logger.children.matching import REASON_WORDS, STRENGTH_WORDS, Match
from logger.children.saying import NothingAsked, OneEntry, Saying
from logger.children.usual import OTHERS, Usual
from logger.directory.recipients import Directory
from logger.entries.capture import Child
from logger.entries.entry import State
from logger.entries.reading import Reading
from logger.errors import NotFound
from logger.people.guards import requires, room
from logger.people.permissions import supervises

blueprint = Blueprint("children", __name__)

_MOST_TYPED = 200
_PLACE = re.compile(r"[0-9]{1,2}")


@blueprint.get("/children")
@requires(supervises)
def children() -> ResponseReturnValue:
    """Search, and what among the newest entries may be about the same child."""
    return _search_page()


@blueprint.post("/children")
@requires(supervises)
def search() -> ResponseReturnValue:
    """What may be meant, as lines of the index."""
    typed = {name: request.form.get(name, "").strip() for name in Asked.__struct_fields__}
    if any(len(text) > _MOST_TYPED for text in typed.values()):
        return _search_page(typed, _("Shorten this to 200 characters or fewer.")), 422
    asked = Asked(**typed)
    try:
        found = room(Saying).search(g.person, asked)
    except NothingAsked as error:
        return _search_page(typed, _(error.public_message)), error.status
    return _search_page(typed, found=found)


@blueprint.get("/children/<uuid:entry_id>/<ordinal>")
@requires(supervises)
def chronology(entry_id: UUID, ordinal: str) -> ResponseReturnValue:
    """One child's chronology."""
    mention = _mention(entry_id, ordinal)
    found = room(Chronologies).of(g.person, mention, max(0, _number("before")))
    proposals = room(Finding).proposals(g.person, mention)
    named, picture = _named(found, proposals), drawing.draw(found, _few_words)
    return render_template(
        "children/chronology.html",
        chronology=found,
        picture=picture,
        printed=drawing.shrunk(picture, *_in_words(found)),
        proposals=proposals,
        children=named,
        child=None if found.danger else next((named[one] for one in _ours(found, named)), None),
    )


@blueprint.post("/children/<uuid:entry_id>/<ordinal>/said")
@requires(supervises)
def say(entry_id: UUID, ordinal: str) -> ResponseReturnValue:
    """*Same child*, *Not the same child*, *Another child*: said of two, or of one and the rest."""
    mention, other = _mention(entry_id, ordinal), _other()
    saying, said = room(Saying), request.form.get("said")
    if said == "joined":
        try:
            saying.join(g.person, mention, other)
        except OneEntry as error:
            flash(_(error.public_message))
            return _to(mention)
        flash(_("Joined. Both entries now stand in one chronology."))
    elif said == "not-the-same":
        saying.rule_out(g.person, mention, other)
        flash(_("Noted. Nobody is asked about these two again."))
    elif said == "separated":
        return _separate(mention, other)
    else:
        raise NotFound
    return _to(mention)


def _separate(mention: Mention, other: Mention) -> Response:
    together = list(room(Finding).together(g.person, mention))
    if other not in together:
        raise NotFound
    room(Saying).separate(g.person, other)
    flash(_("Separated. That entry is about another child now."))
    # Whoever separates the entry they came by stays with the rest.
    left = [one for one in together if one != other]
    return _to(mention if mention != other or not left else left[0])


def _search_page(
    typed: dict[str, str] | None = None, problem: str = "", found: list[Found] | None = None
) -> str:
    return render_template(
        "children/search.html",
        typed=typed or dict.fromkeys(Asked.__struct_fields__, ""),
        problem=problem,
        found=found,
        newest=room(Finding).newest_proposals(g.person) if typed is None else [],
    )


def _mention(entry: UUID, ordinal: str) -> Mention:
    """Whom an entry is about; NotFound where the person may not see it, or there is none."""
    room(Reading).find(g.person, entry)
    mention = Mention(entry, int(ordinal) if _PLACE.fullmatch(ordinal) else -1)
    if room(Finding).somebody(mention) is None:
        raise NotFound
    return mention


def _other() -> Mention:
    try:
        entry, _dot, ordinal = request.form.get("other", "").partition(".")
        return _mention(UUID(entry), ordinal)
    except ValueError as error:
        raise NotFound from error


def _named(found: Chronology, proposals: Sequence[Found]) -> dict[Mention, Child]:
    """The newest of them and those proposed, as they are named in their entries."""
    lines = {share.mention: share.line for share in found.shares[:1]}
    lines |= {one.mention: one.line for one in proposals}
    # Where a name endangers, it is not even opened: the entry itself has it.
    wanted = [one for one, line in lines.items() if not line.danger and not found.danger]
    entries = list(dict.fromkeys(one.entry for one in wanted))
    about = room(Reading).about(g.person, entries, "chronology")
    return {one: about[one.entry][one.ordinal] for one in wanted if one.entry in about}


def _ours(found: Chronology, named: dict[Mention, Child]) -> list[Mention]:
    return [share.mention for share in found.shares if share.mention in named]


def _few_words(share: Share) -> str:
    if share.line.state is State.NOT_TOLD:
        return str(_("not yet told"))
    if not share.line.why:
        return ""
    language = str(get_locale())
    first = room(Directory).reason(share.line.why[0], language)
    more = len(share.line.why) - 1
    return f"{first} +{more}" if more else first


def _in_words(found: Chronology) -> tuple[list[tuple[str, str]], list[str]]:
    """The longest cells of the table, and what stands out, about as long as they are shown."""
    directory, language = room(Directory), str(get_locale())

    def reasons(codes: Sequence[str]) -> str:
        return ", ".join(directory.reason(code, language) for code in codes)

    def told(share: Share) -> str:
        names = [directory.recipient(code, language) for code in share.line.recipients]
        return ", ".join(names if share.shared else ["", "", *names])

    rows = [(told(share), reasons(share.line.why)) for share in found.shares]
    again = [
        f"{reasons([one.why])} {', '.join(map(_kind_label, one.kinds))}" for one in found.repeated
    ]
    return rows, [f"{one:60}" for one in (*again, *found.not_logged)]


def _to(mention: Mention) -> Response:
    address = url_for("children.chronology", entry_id=mention.entry, ordinal=mention.ordinal)
    return redirect(address, 303)


def _number(name: str) -> int:
    try:
        return int(request.args.get(name, "0"))
    except ValueError:
        return 0


def _kind_label(kind: str) -> str:
    if kind == NOBODY:
        return str(_("Nobody"))
    if kind == OTHERS:
        return str(_("Others"))
    return room(Usual).label(kind, str(get_locale()))


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """What templates of this room ask for."""
    return {
        "timeline": drawing,
        "kind_label": _kind_label,
        "author_of_line": room(Reading).author,
        "same_child": lambda entry: room(Finding).beside(g.person, entry),
    }


@blueprint.app_template_filter("match_words")
def _match_words(match: Match) -> str:
    """How much speaks for it, and what."""
    reasons = ", ".join(_(REASON_WORDS[reason]) for reason in match.reasons)
    strength = _(STRENGTH_WORDS[match.strength])
    return f"{strength}: {reasons}" if reasons else strength


@blueprint.app_template_filter("scale_day")
def _scale_day(tick: drawing.Tick) -> str:
    """A day on a scale, as short as it can be."""
    pattern = "MMM y" if tick.by_month else "d MMM"
    return str(format_date(tick.on, pattern))
