"""The overview: figures of a team or of the organisation, drawn, as tables, and as CSV."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from babel.units import format_unit
from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, get_locale, to_user_timezone
from flask_babel import gettext as _

from logger.csv_file import Cell, to_csv
from logger.directory.recipients import Directory
from logger.entries.times import Timing
from logger.errors import NotFound
from logger.overview import plots
from logger.overview.figures import ANSWERS, BREAKDOWNS, INTERVALS, MOST_OVERDUE, Figures, Overview
from logger.overview.period import Period, chosen, latest, monday
from logger.overview.sheets import (
    ANSWER_WORDS,
    ANY_WORDS,
    INSECURE,
    INTERVAL_WORDS,
    OVERDUE_WORDS,
    SHEETS,
    Row,
    Sheet,
)
from logger.people.guards import requires, room
from logger.people.permissions import sees_all_figures, sees_figures
from logger.people.register import Register

blueprint = Blueprint("overview", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """The range somebody asked for, as typed, with what is wrong with it."""

    period: Period
    begins: str
    ends: str
    problems: dict[str, str]


@blueprint.get("/overview")
@requires(sees_figures)
def overview() -> ResponseReturnValue:
    """All figures of a range of weeks."""
    asked = _asked()
    figures = room(Overview).figures(asked.period, _team())
    headers = request.headers
    whole = not headers.get("HX-Request") or headers.get("HX-History-Restore-Request")
    return render_template(
        "overview/page.html" if whole else "overview/_overview.html",
        asked=asked,
        period=asked.period,
        figures=figures,
        late=_late(),
        rows={name: _rows(name, figures) for name in ("weeks", *BREAKDOWNS)},
        answers=ANSWERS,
        usual=[(weeks, latest(_today(), weeks)) for weeks in (12, 52)],
        whole_organisation=sees_all_figures(g.person),
    )


@blueprint.get("/overview/<name>.csv")
@requires(sees_figures)
def sheet(name: str) -> ResponseReturnValue:
    """One table as a file for a spreadsheet."""
    if name not in SHEETS:
        raise NotFound
    period = _asked().period
    head: list[list[Cell]] = [[_(word) for word in SHEETS[name].head]]
    body = to_csv(head + _cells(SHEETS[name], period))
    file = f"sharelog-{name}-{period.begins}-{period.ends}.csv"
    answer = Response(body, content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _cells(of: Sheet, period: Period) -> list[list[Cell]]:
    if of.name == "overdue":
        return [[_(OVERDUE_WORDS[name]), _number(count)] for name, count in _late()]
    figures = room(Overview).figures(period, _team())
    if of.name == "times":
        spreads = [(_(INTERVAL_WORDS[one]), figures.spreads[one]) for one in INTERVALS]
        return [[said, _number(one.median), _number(one.ninetieth)] for said, one in spreads]
    if figures.shares is None or _withheld(of.name, figures):
        return [["", _("not shown")]]
    return [[row.label, _number(row.count)] for row in _rows(of.name, figures)]


def _number(count: int | None) -> Cell:
    if count is None:
        return str(_("not shown"))
    return count


def _withheld(name: str, figures: Figures) -> bool:
    return (figures.weeks if name == "weeks" else figures.breakdowns[name].counts).withheld


def _rows(name: str, figures: Figures) -> list[Row]:
    if name == "weeks":
        begun = [str(format_date(monday(week), "d MMM y")) for week in figures.period.weeks]
        return [Row(*pair) for pair in zip(begun, figures.weeks.cells, strict=True)]
    found = figures.breakdowns[name]
    return [
        Row(_label(name, code), count, name == "how" and code in INSECURE)
        for code, count in zip(found.codes, found.counts.cells, strict=True)
    ]


def _label(figure: str, code: str) -> str:
    directory, language = room(Directory), str(get_locale())
    if said := ANSWER_WORDS.get((figure, code)) or ANY_WORDS.get(code):
        return str(_(said))
    label = {
        "recipient": directory.recipient,
        "why": directory.reason,
        "how": directory.way,
        "without": directory.recipient,
    }
    return label[figure](code, language)


def _late() -> list[tuple[str, int | None]]:
    found = room(Overview).overdue(room(Timing).now(), _devices())
    return [(name, getattr(found, name)) for name in OVERDUE_WORDS]


def _team() -> str | None:
    """The team this person sees figures of; None for everybody."""
    return None if sees_all_figures(g.person) else g.person.team


def _devices() -> Collection[bytes] | None:
    """The phones this person sees figures of; None for everybody's."""
    if sees_all_figures(g.person):
        return None
    register, team = room(Register), g.person.team
    people = register.team(team) if team else []
    return tuple(phone.device for phone in register.phones_of(people))


def _asked() -> Asked:
    usual, problems = latest(_today()), {}
    typed = {name: request.args.get(name, "").strip() for name in ("from", "to")}
    days = {"from": usual.begins, "to": min(usual.ends, _today())}
    for name, text in typed.items():
        try:
            days[name] = date.fromisoformat(text) if text else days[name]
        except ValueError:
            problems[name] = str(_("Enter a date like 2026-11-24."))
    period = usual if problems else chosen(days["from"], days["to"], _today())
    shown = {name: typed[name][:20] if problems else days[name].isoformat() for name in typed}
    return Asked(period, shown["from"], shown["to"], problems)


def _today() -> date:
    now = datetime.fromtimestamp(room(Timing).now() / 1000, UTC)
    today: date = to_user_timezone(now).date()
    return today


@blueprint.app_template_filter("duration")
def _duration(minutes: int) -> str:
    """A duration in the one unit that says it best."""
    if minutes < 60:
        return _in_words("minute", minutes)
    if minutes < 48 * 60:
        return _in_words("hour", round(minutes / 60, 1))
    if minutes < 21 * 1440 or minutes % 10_080:
        return _in_words("day", round(minutes / 1440, 1))
    return _in_words("week", minutes // 10_080)


def _in_words(unit: str, count: float) -> str:
    count = round(count) if count >= 10 or count == int(count) else count
    locale = get_locale()
    # Babel knows no long form of a Welsh hour or day; its short forms of them are the whole words.
    short = str(locale) == "cy" and unit in {"hour", "day"}
    length: Literal["short", "long"] = "short" if short else "long"
    return str(format_unit(count, f"duration-{unit}", length=length, locale=locale))


@blueprint.app_template_filter("number")
def _grouped(count: int) -> str:
    """A whole number as this language writes it."""
    return str(format_decimal(count))


@blueprint.app_template_filter("calendar_day")
def _calendar_day(day: date) -> str:
    """A day of the calendar."""
    return str(format_date(day, "d MMMM y"))


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """What templates of this room ask for."""
    return {
        "sheets": SHEETS,
        "plots": plots,
        "interval_words": INTERVAL_WORDS,
        "overdue_words": OVERDUE_WORDS,
        "most_overdue": MOST_OVERDUE,
    }
