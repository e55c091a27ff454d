"""The service worker with its list of files, and the web manifest.

Promises: the version changes exactly when a file of the shell does; every file in the list carries
the SHA-256 that the worker demands before it keeps it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from logger.shell.assets import Assets

PAGE, MANIFEST, WORKER = "/", "/manifest.webmanifest", "/service-worker.js"
MOST_PRECACHED = 12


@dataclass(frozen=True, slots=True)
class Screens:
    """The app in one language: the page with the form, and the practice page, which carries the
    rooms that come behind the form."""

    page: bytes
    practice: bytes


def practice_of(language: str) -> str:
    """Where the practice page in that language is."""
    return f"/{language}/practice"


def worker_script(
    assets: Assets, screens: Mapping[str, Screens], language: str, manifest: bytes
) -> bytes:
    """The built worker behind the list it works from: the page in the organisation's language
    stands first, in the others behind everything that is needed to log."""
    start = [_listed(PAGE, PAGE, screens[language].page), _listed(MANIFEST, MANIFEST, manifest)]
    start += [_built(assets, name) for name, _asset in assets.used("start")]
    others = {one: f"/{one}" for one in screens if one != language}
    behind = {url: screens[one].page for one, url in others.items()}
    behind |= {practice_of(one): both.practice for one, both in screens.items()}
    offline = [_listed(url, url, content) for url, content in behind.items()]
    offline += [_built(assets, name) for name, _asset in assets.used("offline")]
    later = [_built(assets, name) for name, _asset in assets.used("later")]
    if len(start) + len(offline) > MOST_PRECACHED:
        raise ValueError("the shell has more files than a slow link can fetch")
    code, _zipped = assets.content(assets.by_name["service-worker.js"], gzipped=False)
    languages = {language: PAGE, **others}
    files = {"languages": languages, "start": start, "offline": offline, "later": later}
    version = hashlib.sha256(json.dumps(files).encode() + code).hexdigest()[:16]
    listed = json.dumps({"version": version, **files}, separators=(",", ":"))
    return f"self.shell={listed};\n".encode() + code


def web_manifest(assets: Assets, language: str, words: dict[str, str]) -> bytes:
    """What makes the page installable; `words` are its texts in the organisation's language."""

    def icon(name: str, size: str, purpose: str = "any") -> dict[str, str]:
        asset = assets.by_name[name]
        kind = asset.content_type.partition(";")[0]
        return {"src": asset.url, "sizes": size, "type": kind, "purpose": purpose}

    manifest: dict[str, Any] = {
        "id": "/",
        "name": words["name"],
        "short_name": words["short_name"],
        "description": words["description"],
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "categories": ["productivity"],
        "icons": [
            icon("icon-192.png", "192x192"),
            icon("icon-512.png", "512x512"),
            icon("icon-maskable.png", "512x512", "maskable"),
            icon("icon.svg", "any"),
        ],
        "shortcuts": [
            {
                "name": words["shortcut"],
                "url": "/",
                "icons": [icon("icon-192.png", "192x192")],
            }
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _built(assets: Assets, name: str) -> dict[str, str]:
    asset = assets.by_name[name]
    return {"name": name, "url": asset.url, "sha256": asset.sha256}


def _listed(name: str, url: str, content: bytes) -> dict[str, str]:
    return {"name": name, "url": url, "sha256": hashlib.sha256(content).hexdigest()}
