"""The record door: sign-in, documentation, review and administration, for people at a desk.

Promises: answers only to its own host names; a page that names no permission is not shown; no
page runs a script that is not ours, is framed, or is kept by a cache; an error is a sentence.
"""

from __future__ import annotations

import hashlib
import hmac
import traceback
from collections.abc import Callable
from gettext import NullTranslations
from http import HTTPStatus

import structlog
from flask import Flask, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_translations
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from logger.account import pages as account_pages
from logger.account import prove_pages
from logger.advice import pages as advice_pages
from logger.agreements import pages as agreements_pages
from logger.build.record import Record
from logger.children import pages as children_pages
from logger.directory import import_pages
from logger.directory import pages as directory_pages
from logger.entries import pages as entries_pages
from logger.entries import section_pages
from logger.errors import LoggerError
from logger.later import afterwards_pages, receipt_pages, whose_pages
from logger.later import pages as later_pages
from logger.law import pages as law_pages
from logger.overview import pages as overview_pages
from logger.people import admin_pages, phone_pages
from logger.people import pages as people_pages
from logger.people.guards import DeskSessions, guard, public
from logger.people.sessions import Sessions
from logger.people.sign_in import ManyAreSigningIn
from logger.quarantine import pages as quarantine_pages
from logger.review import governance_pages, undocumented_pages
from logger.review import pages as review_pages
from logger.settings import Settings
from logger.shell.assets import Assets, NotBuilt
from logger.shell.headers import record_headers
from logger.shell.pages import send_asset
from logger.shell.places import BUILT, TEMPLATES, TRANSLATIONS
from logger.shell.security_txt import PATH, SecurityText
from logger.shell.words import check_words
from sync.errors import SyncError

log = structlog.get_logger()

MAX_FORM_BYTES = 1024 * 1024
# Asked by machines that know a server by its number alone.
_PROBES = frozenset({"/healthz", "/readyz"})
# Addresses that take a file, and how much of one.
_UPLOADS = {
    phone_pages.FILE_PATH: phone_pages.MOST_UPLOADED,
    import_pages.PATH: import_pages.MOST_UPLOADED,
}
MOST_UPLOADED = max(_UPLOADS.values())
_OURS = frozenset({"same-origin", "none"})
_MISDIRECTED = 421

# Where the hash of a password is worked out.
_WITH_PASSWORD = frozenset({"/sign-in", "/account/password", "/account/prove"})
# Set by whoever lets requests in, on one of `takes_long` when enough of them wait already.
TOO_MANY_WAIT = "sharelog.too_many_wait"


def takes_long(method: str, path: str) -> bool:
    """Whether a request needs the hash of a password, and should keep nobody else waiting."""
    return method == "POST" and (path in _WITH_PASSWORD or path.startswith("/join/"))


def create_app(record: Record, following: Callable[[], bool] = lambda: True) -> Flask:
    """The door of an open record; `following` says whether the ledger is still followed."""
    settings = record.settings
    https = settings.record_origin.startswith("https:")
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=hmac.digest(record.keyring.index_key, b"sharelog/1/forms", hashlib.sha256),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        # A form may stay open over a meeting; its token ends with the session.
        WTF_CSRF_TIME_LIMIT=None,
        # That check reads the Referer, which our pages never send. `_refuse_strangers` asks
        # the browser instead, and the token is bound to a SameSite=Strict session.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE="Europe/London",
    )
    app.extensions["rooms"] = record.rooms
    app.session_interface = DeskSessions(record.room(Sessions), https=https)
    _refuse_strangers(app, settings)
    _dress(app, https=https)
    CSRFProtect(app)
    guard(app)
    _answer_errors(app)
    for pages in (
        people_pages, account_pages, admin_pages, phone_pages, entries_pages, section_pages,
        review_pages, governance_pages, undocumented_pages, overview_pages, directory_pages,
        import_pages, agreements_pages, children_pages, later_pages, afterwards_pages,
        prove_pages, receipt_pages, whose_pages, law_pages, quarantine_pages, advice_pages,
    ):  # fmt: skip
        app.register_blueprint(pages.blueprint)
    _answer_probes(app, record, following)
    return app


def _refuse_strangers(app: Flask, settings: Settings) -> None:
    """Answer for our own names only, and to no form that stands on another site."""
    hosts = settings.record_hosts
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it

    @app.before_request
    def refuse() -> None:
        if request.host.lower() not in hosts and request.path not in _PROBES:
            abort(_MISDIRECTED)
        if request.environ.get(TOO_MANY_WAIT):
            raise ManyAreSigningIn
        if (most := _UPLOADS.get(request.path)) is not None:
            request.max_content_length = most
        site = request.headers.get("Sec-Fetch-Site", "none")
        if request.method not in ("GET", "HEAD") and site not in _OURS:
            abort(HTTPStatus.FORBIDDEN)


def _as_error(text: str) -> dict[str, str]:
    """What components take; by themselves they say in English what is read out before it."""
    return {"text": text, "visuallyHiddenText": str(_("Error:")).removesuffix(":")}


def _dress(app: Flask, *, https: bool) -> None:
    """Templates, assets, languages, and the headers of every response."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), components])
    assets = Assets.read(BUILT)
    app.jinja_env.globals["asset"] = assets.url
    app.jinja_env.filters["as_error"] = _as_error
    check_words()
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=people_pages.chosen_language,
    )
    _look_up_once(app)
    headers = record_headers(https=https)

    @app.get("/static/<name>")
    @public
    def static_file(name: str) -> Response:
        return send_asset(assets, name)

    @app.after_request
    def send_headers(response: Response) -> Response:
        response.headers.update(headers)
        if request.endpoint != "static_file":
            response.headers["Cache-Control"] = "no-store"
        return response


def _look_up_once(app: Flask) -> None:
    """Let templates ask once a request which language it is in, not for each of hundreds of words:
    that took a third of what a page costs."""

    def words() -> NullTranslations:
        if "words" not in g:
            g.words = get_translations()
        found: NullTranslations = g.words
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # made by Jinja's i18n
        lambda text: words().gettext(text),
        lambda one, many, number: words().ngettext(one, many, number),
        newstyle=True,
    )


def _answer_probes(app: Flask, record: Record, following: Callable[[], bool]) -> None:
    @app.get("/healthz")
    @public
    def say_alive() -> ResponseReturnValue:
        return _plain("ok", HTTPStatus.OK)

    @app.get("/readyz")
    @public
    def say_ready() -> ResponseReturnValue:
        record.store.head()
        if not following():
            return _plain("not following", HTTPStatus.SERVICE_UNAVAILABLE)
        return _plain("ready", HTTPStatus.OK)

    @app.get(PATH)
    @public
    def security_txt() -> ResponseReturnValue:
        text = record.room(SecurityText).at(record.settings.record_origin)
        return _plain(text or abort(HTTPStatus.NOT_FOUND), HTTPStatus.OK)


def _answer_errors(app: Flask) -> None:
    """Whatever goes wrong is said in a sentence: what happened, what is safe, what to do."""

    @app.errorhandler(LoggerError)
    @app.errorhandler(SyncError)
    def known(error: LoggerError | SyncError) -> ResponseReturnValue:
        # Before the guard has run nobody is known yet.
        who = g.get("person")
        log.info(
            "record.refused", code=error.code, endpoint=request.endpoint,
            person=str(who.id) if who else None,
        )  # fmt: skip
        page, status = _problem(_(error.public_message), error.status)
        again = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        return page, status, again

    @app.errorhandler(CSRFError)
    def unasked(error: CSRFError) -> ResponseReturnValue:
        return _problem(_("This page was open too long. Go back, reload it and try again."), 400)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        if code < HTTPStatus.BAD_REQUEST:
            return error
        # A stranger's name gets no page of ours.
        if code == _MISDIRECTED:
            return _plain("This server does not answer for that name.", code)
        return _problem(_sentence(code), code)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> ResponseReturnValue:
        # By its type and place alone: a message may quote what somebody wrote.
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error("record.failed", error=type(error).__name__, place=f"{place.name}:{place.lineno}")
        return _problem(_("Something went wrong here. Try again in a moment."), 500)


def _sentence(code: int) -> str:
    said = {
        HTTPStatus.FORBIDDEN: _("This is not allowed."),
        HTTPStatus.NOT_FOUND: _("There is nothing at this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This address does not take that."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("This is too long. Shorten it, then try again."),
    }
    return str(said.get(HTTPStatus(code), _("That could not be done. Try again in a moment.")))


def _problem(message: str, status: int) -> tuple[str | Response, int]:
    try:
        return render_template("errors/problem.html", message=message, title=None), status
    except NotBuilt as error:
        # Without its assets not even this page can be shown; the sentence still can.
        return _plain(f"{message} {error.public_message}", status), status


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
