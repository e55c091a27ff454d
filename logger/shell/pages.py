"""The pages of the phone app's shell: form, practice, manifest, service worker, files.

Promises: everything is rendered once, when the door opens, in every language, and is the same for
everybody; no answer of this room depends on who asks.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import cast

from flask import Blueprint, Flask, Response, abort, request
from flask.blueprints import BlueprintSetupState
from flask_babel import Babel, force_locale
from flask_babel import gettext as _
from jinja2 import FileSystemLoader

from logger.settings import Settings
from logger.shell.assets import Assets
from logger.shell.headers import practice_policy
from logger.shell.places import BUILT, TEMPLATES, TRANSLATIONS
from logger.shell.words import LANGUAGES, calendar, check_words, plural_forms
from logger.shell.worker import (
    MANIFEST,
    PAGE,
    WORKER,
    Screens,
    practice_of,
    web_manifest,
    worker_script,
)

# Not a module: it is there for browsers that know none.
OLD_BROWSER = "old-browser.js"
_HTML = "text/html; charset=utf-8"
_INDENT = re.compile(r"\n\s+")
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One answer made in advance."""

    content: bytes
    content_type: str
    # Its own Content-Security-Policy, where it has one.
    policy: str = ""

    def answer(self) -> Response:
        """To whoever asks; nothing at all when they hold it already."""
        response = Response(self.content, content_type=self.content_type)
        response.headers["Cache-Control"] = "no-cache"
        if self.policy:
            response.headers["Content-Security-Policy"] = self.policy
        response.set_etag(hashlib.sha256(self.content).hexdigest()[:32])
        response.make_conditional(request)
        if response.status_code == 200 and _takes_gzip():
            response.set_data(gzip.compress(self.content, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return response


def init_words(app: Flask, settings: Settings) -> None:
    """Templates and languages, where the app has none of its own yet."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", settings.language)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/London")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    app.jinja_loader = FileSystemLoader(TEMPLATES)
    check_words()
    Babel(app)


def shell_blueprint(settings: Settings) -> Blueprint:
    """The shell of this instance, made when the blueprint is registered."""
    blueprint = Blueprint("shell", __name__)
    assets = Assets.read(BUILT)
    made: dict[str, Rendered] = {}

    @blueprint.record_once
    def render_all(state: BlueprintSetupState) -> None:
        app = cast(Flask, state.app)
        if "babel" not in app.extensions:
            init_words(app, settings)
        made.update(_render(app, settings, assets))

    @blueprint.get(PAGE, endpoint="page")
    @blueprint.get("/en", endpoint="english")
    @blueprint.get("/cy", endpoint="welsh")
    @blueprint.get(practice_of("en"), endpoint="english_practice")
    @blueprint.get(practice_of("cy"), endpoint="welsh_practice")
    @blueprint.get(MANIFEST, endpoint="manifest")
    @blueprint.get(WORKER, endpoint="worker")
    def show() -> Response:
        return made[request.path].answer()

    @blueprint.get("/static/<name>")
    def static_file(name: str) -> Response:
        return send_asset(assets, name)

    return blueprint


def send_asset(assets: Assets, name: str) -> Response:
    """A built file by its hashed name, to be kept for ever; 404 for anything not listed."""
    asset = assets.find(name)
    if asset is None or asset.use == "worker":
        abort(404)
    content, zipped = assets.content(asset, gzipped=_takes_gzip())
    response = Response(content, content_type=asset.content_type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _FOR_EVER
    response.vary.add("Accept-Encoding")
    return response


def _render(app: Flask, settings: Settings, assets: Assets) -> dict[str, Rendered]:
    screens = {language: _screens(app, settings, assets, language) for language in LANGUAGES}
    with app.app_context(), force_locale(settings.language):
        words = {
            "name": _("Sharelog"),
            "short_name": _("Sharelog"),
            "description": _("Log in seconds what you shared to protect a child."),
            "shortcut": _("Log a share"),
        }
        manifest = web_manifest(assets, settings.language, words)
    script = worker_script(assets, screens, settings.language, manifest)
    made = {f"/{language}": Rendered(both.page, _HTML) for language, both in screens.items()}
    policy = practice_policy()
    for one, both in screens.items():
        made[practice_of(one)] = Rendered(both.practice, _HTML, policy)
    return made | {
        PAGE: made[f"/{settings.language}"],
        MANIFEST: Rendered(manifest, "application/manifest+json"),
        WORKER: Rendered(script, "text/javascript; charset=utf-8"),
    }


def _screens(app: Flask, settings: Settings, assets: Assets, language: str) -> Screens:
    """The whole app in one language."""
    with app.app_context(), force_locale(language):
        app.jinja_env.globals.setdefault("asset", assets.url)
        known = {
            "language": language,
            "languages": LANGUAGES,
            "plural_forms": plural_forms(language),
            "calendar": calendar(language),
            "demo": settings.demo,
            "nation": settings.nation,
            "browsers": assets.browsers(),
            "version": f"{_release()}+{assets.by_name['app.js'].sha256[:8]}",
            "scripts": [
                asset.url
                for name, asset in assets.used("start")
                if name.endswith(".js") and name != OLD_BROWSER
            ],
        }
        page, practice = (
            _unindented(app.jinja_env.get_template(name).render(known, practice=practises))
            for name, practises in (("shell/page.html", False), ("shell/practice.html", True))
        )
    return Screens(page, practice)


def _unindented(page: str) -> bytes:
    # How a template is set out is not worth a phone's time; nothing on these pages keeps blanks.
    return _INDENT.sub("\n", page).encode()


def _release() -> str:
    try:
        return version("sharelog")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "checkout"


def _takes_gzip() -> bool:
    return bool(request.accept_encodings["gzip"])
