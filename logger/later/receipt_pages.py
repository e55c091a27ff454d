"""Where a recipient confirms that something arrived: for anyone who has a code.

The code comes typed, or in the fragment of a link, which no browser sends; in no address of ours.
A page that was only opened confirms nothing: programs that look into links change nothing here.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from logger.later.receipts import Asked, CodeUnusable, Receipts
from logger.people.guards import public, room
from logger.people.throttle import Subject, Throttle

blueprint = Blueprint("receipts", __name__)

_FREE_TRIES = 30
_MOST_CODE = 100


@blueprint.get("/received")
@public
def ask() -> ResponseReturnValue:
    """The page that asks for the code."""
    return _code_page()


@blueprint.post("/received")
@public
def answer() -> ResponseReturnValue:
    """First show what would be confirmed, then confirm it."""
    source = Subject(f"received {request.remote_addr or 'unknown'}", _FREE_TRIES)
    room(Throttle).begin(source)
    code = request.form.get("code", "")[:_MOST_CODE]
    sure = request.form.get("received") == "yes"
    try:
        asked = room(Receipts).confirm(code) if sure else room(Receipts).asked(code)
    except CodeUnusable as error:
        return _code_page(_(error.public_message), code), error.status
    room(Throttle).forgive(source)
    return _done_page(asked) if sure else _question_page(asked, code)


def _code_page(problem: str = "", code: str = "") -> str:
    return render_template("later/received.html", step="code", problem=problem, code=code)


def _question_page(asked: Asked, code: str) -> str:
    return render_template("later/received.html", step="question", asked=asked, code=code)


def _done_page(asked: Asked) -> str:
    return render_template("later/received.html", step="done", asked=asked)
