"""A new version comes whole, and never under an entry that somebody is writing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask, abort, request
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from logger.settings import Settings
from logger.shell.pages import shell_blueprint
from tests.faults.releases import TRY_UPDATE

pytestmark = pytest.mark.browser

# How many files stand in the cache of a version.
KEPT = "(name) => caches.open(name).then((one) => one.keys()).then((all) => all.length)"
ACTIVE = "() => caches.keys().then((names) => names.filter((name) => /-[0-9a-f]{16}$/.test(name)))"
# Asked until found: the browser answers one that it had already begun with the older version.
LOOK_FOR_UPDATE = """() => navigator.serviceWorker.ready.then(async (one) => {
  while (!one.installing && !one.waiting) await one.update();
  const coming = one.waiting || one.installing;
  if (coming.state !== 'installing') return coming.state;
  return new Promise((resolve) =>
    coming.addEventListener('statechange', () => resolve(coming.state), { once: true }));
})"""


class Door:
    """A phone door that has the shell alone, in one of two versions."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._server: BaseWSGIServer | None = None
        self.port = 0

    def serve(self, *, new: bool, without: str = "") -> None:
        """This version, at the same address as the one before; one of its files may be lost."""
        self.stop()
        app = Flask("door", static_folder=None)
        app.before_request(lambda: abort(404) if request.path == without else None)
        settings = Settings(folder=self._folder, organisation="Northside", demo=new)
        app.register_blueprint(shell_blueprint(settings))
        self._server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _open(browser: Browser, door: Door) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"http://phone.localhost:{door.port}")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    return page


def test_a_new_version_waits_for_an_open_entry_and_comes_with_the_next_start(
    chromium: Browser, tmp_path: Path
) -> None:
    door = Door(tmp_path)
    door.serve(new=False)
    page = _open(chromium, door)
    before = page.evaluate(ACTIVE)
    field = page.get_by_role("textbox", name="What did you share?")
    field.fill("Words that must stay")
    door.serve(new=True)
    assert page.evaluate(LOOK_FOR_UPDATE) == "installed"
    page.wait_for_timeout(500)
    expect(field).to_have_value("Words that must stay")
    assert set(before) < set(page.evaluate(ACTIVE))
    expect(page.get_by_label("Demo", exact=True)).to_have_count(0)
    # The release is taken back, not whole at first: what runs on this phone is that very version.
    kept = page.evaluate(KEPT, before[0])
    door.serve(new=False, without="/manifest.webmanifest")
    assert page.evaluate(TRY_UPDATE) == "redundant"
    assert page.evaluate(KEPT, before[0]) == kept > 0
    door.serve(new=True)
    # The tab is closed with everything in it; the next start brings the new version.
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(f"http://phone.localhost:{door.port}")
    expect(page.get_by_label("Demo", exact=True)).to_be_visible()
    context.close()
    door.stop()


def test_a_new_version_takes_over_when_nobody_is_writing(chromium: Browser, tmp_path: Path) -> None:
    door = Door(tmp_path)
    door.serve(new=False)
    page = _open(chromium, door)
    expect(page.get_by_label("Demo", exact=True)).to_have_count(0)
    door.serve(new=True)
    page.evaluate("() => { navigator.serviceWorker.ready.then((one) => one.update()) }")
    expect(page.get_by_label("Demo", exact=True)).to_be_visible()
    page.context.close()
    door.stop()
