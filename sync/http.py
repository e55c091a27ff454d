"""The four addresses of sync, the two of its health, and the one place where errors become
problems (RFC 9457). Size and type are checked before anything is read."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import msgspec
import structlog
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    LengthRequired,
    UnsupportedMediaType,
)

from sync.enrolment import Enrolments
from sync.errors import MalformedFrames, NotReady, SyncError, TooLarge
from sync.frames import MAX_BODY_BYTES, join, split
from sync.intake import Intake
from sync.store import EventStore

FRAMES = "application/vnd.sharelog.frames"
PROBLEM = "application/problem+json"
MAX_EVENTS = 250
MAX_ENROLMENT_BYTES = 4096
_CODES = {
    404: "http.not_found",
    405: "http.method",
    411: "http.length",
    413: "sync.too_large",
    415: "http.media_type",
    421: "http.wrong_host",
}
_EXTENSION = "sharelog-sync"

log = structlog.get_logger()
blueprint = Blueprint("sync", __name__)


@dataclass(frozen=True, slots=True)
class SyncRoom:
    """What the addresses work with."""

    store: EventStore
    intake: Intake
    enrolments: Enrolments


def mount(app: Flask, room: SyncRoom) -> None:
    """Give a door the addresses of sync, and its one handler for everything that goes wrong."""
    app.extensions[_EXTENSION] = room
    app.register_blueprint(blueprint)
    app.register_error_handler(Exception, answer_problem)


@blueprint.post("/sync/events")
def take_events() -> Response:
    """Keep events; answer with receipts."""
    # A megabyte can be a quarter of a million empty frames: nobody counts them to the end.
    frames = split(_body(MAX_BODY_BYTES), most=1 + MAX_EVENTS, beyond=TooLarge)
    if not frames:
        raise MalformedFrames
    return _framed(_room().intake.answer(frames[0], frames[1:]))


@blueprint.post("/sync/enrol")
def take_enrolment() -> Response:
    """Let a phone in."""
    frames = split(_body(MAX_ENROLMENT_BYTES))
    if len(frames) != 1:
        raise MalformedFrames
    return _framed(_room().enrolments.answer(frames[0], request.remote_addr or ""))


@blueprint.get("/sync/keys")
def give_keys() -> Response:
    """The key statement, as the root signed it."""
    return _laid_out("keys")


@blueprint.get("/sync/directory")
def give_directory() -> Response:
    """The directory, as the record's side published it."""
    return _laid_out("directory")


@blueprint.get("/healthz")
def say_alive() -> Response:
    """The process answers."""
    return _plain("ok")


@blueprint.get("/readyz")
def say_ready() -> Response:
    """The ledger can be read and the record's side has laid out its keys."""
    room = _room()
    room.store.head()
    if room.store.outgoing("keys") is None:
        raise NotReady
    return _plain("ready")


@blueprint.after_request
def _never_cached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_problem(error: Exception) -> Response:
    """Any error as a problem with a stable code; what was not foreseen is logged by its type."""
    if isinstance(error, SyncError):
        return _problem(error.status, error.code, error.public_message, error.retry_after)
    if isinstance(error, HTTPException) and error.code is not None:
        code = _CODES.get(error.code, "http.refused" if error.code < 500 else "http.failed")
        return _problem(error.code, code, error.name, allow=_allowed(error))
    # By its type and place alone: a message may quote what was sent.
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("http.failed", error=type(error).__name__, place=f"{place.name}:{place.lineno}")
    return _problem(500, "http.failed", "Something went wrong here. Your phone keeps everything.")


def _problem(
    status: int, code: str, title: str, retry_after: int | None = None, allow: str | None = None
) -> Response:
    said = {"type": f"urn:sharelog:problem:{code}", "title": title, "status": status, "code": code}
    response = Response(msgspec.json.encode(said), status=status, content_type=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if allow is not None:
        response.headers["Allow"] = allow
    return response


def _allowed(error: HTTPException) -> str | None:
    methods = getattr(error, "valid_methods", None)
    return ", ".join(sorted(methods)) if methods else None


def _body(most: int) -> bytes:
    if request.mimetype != FRAMES or "Content-Encoding" in request.headers:
        raise UnsupportedMediaType
    length = request.content_length
    if length is None:
        raise LengthRequired
    if length > most:
        raise TooLarge
    try:
        return request.get_data(cache=False)
    except ClientDisconnected as error:
        raise MalformedFrames from error


def _laid_out(name: str) -> Response:
    content = _room().store.outgoing(name)
    if content is None:
        raise NotReady
    return _framed(content)


def _framed(document: bytes) -> Response:
    return Response(join([document]), content_type=FRAMES)


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")


def _room() -> SyncRoom:
    room: SyncRoom = current_app.extensions[_EXTENSION]
    return room
