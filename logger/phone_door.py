"""The phone door: serves the phone app's shell and takes in what phones send.

Promises: no cookie, no session, no key that opens anything. What the record has to say to phones
it copies byte for byte.
"""

from __future__ import annotations

from flask import Flask, Response, abort, jsonify, request
from werkzeug.middleware.proxy_fix import ProxyFix

from logger.clock import Clock, Randomness
from logger.settings import Settings
from logger.shell.headers import phone_headers
from logger.shell.pages import shell_blueprint
from logger.shell.security_txt import PATH, SecurityText
from sync.enrolment import CODE_LIVES_MS, Enrolments, hash_code, make_code
from sync.frames import MAX_BODY_BYTES
from sync.http import SyncRoom, mount
from sync.intake import Intake
from sync.receipt import read_stored_key
from sync.store import EventStore
from sync.store_sqlite import SqliteStore

# Asked by machines that know a server by its number alone.
_PROBES = frozenset({"/healthz", "/readyz"})


def create_app(settings: Settings, clock: Clock, randomness: Randomness) -> Flask:
    """The door of one instance; refuses to open on a weak store or an unsafe key file."""
    stored_key = read_stored_key(settings.phone_door_key)
    store: EventStore = SqliteStore.open(settings.ledger)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    _guard(app, settings)
    enrolments = Enrolments(store, stored_key, clock, settings.organisation)
    mount(app, SyncRoom(store, Intake(store, stored_key, clock), enrolments))
    app.register_blueprint(shell_blueprint(settings))
    _say_whom_to_tell(app, settings, SecurityText(settings, clock))
    if settings.demo:
        _offer_demo_codes(app, settings, store, clock, randomness)
    return app


def _guard(app: Flask, settings: Settings) -> None:
    """Answer for our own names only, and send the security headers with everything."""
    hosts = settings.phone_hosts
    headers = phone_headers(https=settings.phone_origin.startswith("https:"))
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it

    @app.before_request
    def refuse_other_hosts() -> None:
        if request.host.lower() not in hosts and request.path not in _PROBES:
            abort(421)

    @app.after_request
    def send_headers(response: Response) -> Response:
        for name, value in headers.items():
            # The practice page brings a stricter policy of its own.
            response.headers.setdefault(name, value)
        return response


def _say_whom_to_tell(app: Flask, settings: Settings, text: SecurityText) -> None:
    @app.get(PATH)
    def security_txt() -> Response:
        said = text.at(settings.phone_origin) or abort(404)
        response = Response(said, content_type="text/plain; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        return response


def _offer_demo_codes(
    app: Flask, settings: Settings, store: EventStore, clock: Clock, randomness: Randomness
) -> None:
    """In a demo, and only there, the page may ask for a code itself."""

    @app.post("/demo/code")
    def offer_demo_code() -> Response:
        if settings.demo_person is None:
            abort(404)
        code = make_code(randomness)
        store.offer_code(hash_code(code), settings.demo_person, clock() + CODE_LIVES_MS)
        response = jsonify(code=code)
        response.headers["Cache-Control"] = "no-store"
        return response
