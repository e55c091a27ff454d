"""A release that does not arrive whole never takes the place of one that works."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from logger.settings import Settings
from logger.shell.pages import shell_blueprint
from logger.shell.places import BUILT
from tests.faults import bad_lines
from tests.faults.counts import Runs
from tests.faults.proxy import Fault, FaultProxy

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]
VERSIONS = """() => caches.keys().then((names) =>
  names.filter((name) => /-[0-9a-f]{16}$/.test(name)))"""
# The new worker was fetched, tried to install and gave up, or could not even be fetched.
TRY_UPDATE = """async () => {
  const one = await navigator.serviceWorker.ready;
  const coming = new Promise((resolve) => one.addEventListener('updatefound', () => {
    const worker = one.installing;
    worker.addEventListener('statechange', () => {
      if (worker.state !== 'installing') resolve(worker.state);
    });
  }, { once: true }));
  try { await one.update(); } catch (error) { return error.name; }
  return coming;
}"""


def _next_release(folder: Path) -> Path:
    """The built files under other names and with other bytes, pointing to each other."""
    files = msgspec.json.decode((BUILT / "files.json").read_bytes())
    names = {one["file"] for one in files.values() if one["use"] != "worker"}
    renamed = {name: re.sub(r"(\.\w+)$", r"x\1", name) for name in names}
    folder.mkdir()
    for one in files.values():
        content = (BUILT / one["file"]).read_bytes()
        if not one["file"].endswith(".png"):
            for name in names:
                content = content.replace(name.encode(), renamed[name].encode())
            content += b"<!-- 2 -->" if one["file"].endswith(".svg") else b"\n/* 2 */"
        one["file"] = renamed.get(one["file"], one["file"])
        one["sha256"] = hashlib.sha256(content).hexdigest()
        (folder / one["file"]).write_bytes(content)
    (folder / "browsers.json").write_bytes((BUILT / "browsers.json").read_bytes())
    (folder / "files.json").write_bytes(msgspec.json.encode(files))
    return folder


class Releases:
    """A door that has the shell alone, of one release or the next, behind a line."""

    def __init__(self, folder: Path, line: FaultProxy, patch: pytest.MonkeyPatch):
        self._folder, self.line, self._patch = folder, line, patch
        self._server: BaseWSGIServer | None = None
        self.next = _next_release(folder / "next")

    def serve(self, built: Path) -> list[str]:
        """This release from now on; the addresses that a phone fetches for it."""
        self.stop()
        self._patch.setattr("logger.shell.pages.BUILT", built)
        app = Flask("door", static_folder=None)
        app.register_blueprint(shell_blueprint(Settings(folder=self._folder, organisation="N")))
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.line.forward_to(self._server.server_port)
        files = msgspec.json.decode((built / "files.json").read_bytes())
        kept = [one["file"] for one in files.values() if one["use"] in {"start", "offline"}]
        return ["/", "/manifest.webmanifest", *(f"/static/{name}" for name in kept)]

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Releases]:
    """Two releases behind one line."""
    with FaultProxy() as line:
        made = Releases(tmp_path, line, monkeypatch)
        yield made
        made.stop()


def _installed(browser: Browser, line: FaultProxy) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"http://phone.localhost:{line.port}")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    return page


def _cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


ASSET_FAULTS: dict[str, tuple[str, Fault]] = {
    "B01": ("404", bad_lines.instead("404 Not Found", {}, b"")),
    "B02": ("200 HTML", bad_lines.PORTALS["a page"]),
    "B03": ("truncated", bad_lines.changed(_cut, {"Content-Type": "text/javascript"})),
}


@pytest.mark.parametrize("name", sorted(ASSET_FAULTS))
def test_one_asset_that_does_not_come_leaves_the_old_version_running(
    fault: Faults, chromium: Browser, releases: Releases, name: str
) -> None:
    line = releases.line
    releases.serve(BUILT)
    page = _installed(chromium, line)
    before = page.evaluate(VERSIONS)
    assets = releases.serve(releases.next)
    what, harm = ASSET_FAULTS[name]
    runs = fault(name, f"an asset of the new release: {what}", 3, len(assets))
    for n, chance in enumerate(runs):
        # Each of them in turn in the soak, some of them otherwise.
        asset = assets[n] if runs.tally.wanted == len(assets) else chance.choice(assets)
        line.always(harm, asset)
        # What came well the last time would be taken from the browser's own cache, and rightly.
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        assert page.evaluate(TRY_UPDATE) == "redundant", asset
        assert page.evaluate(VERSIONS) == before
        page.reload()
        expect(page.get_by_role("button", name="Log it")).to_be_visible()
    line.heal()
    assert page.evaluate(TRY_UPDATE) in {"installed", "activating", "activated"}
    page.context.close()


def test_a_worker_script_that_is_none_leaves_the_old_version_running(
    fault: Faults, chromium: Browser, releases: Releases
) -> None:
    line = releases.line
    releases.serve(BUILT)
    page = _installed(chromium, line)
    before = page.evaluate(VERSIONS)
    releases.serve(releases.next)
    harms = [
        bad_lines.instead("500 Internal Server Error", {}, b""),
        bad_lines.instead("200 OK", {"Content-Type": "text/plain"}, b"self.x = 1"),
        bad_lines.PORTALS["a page"],
        bad_lines.instead("200 OK", {"Content-Type": "text/javascript"}, b"syntax("),
    ]
    for n, _ in enumerate(fault("B08", "worker script: 500, wrong type, a page, cut", 4, 20)):
        line.always(harms[n % len(harms)], "/service-worker.js")
        assert page.evaluate(TRY_UPDATE) in {"TypeError", "SecurityError", "redundant"}
        assert page.evaluate(VERSIONS) == before
        page.reload()
        expect(page.get_by_role("button", name="Log it")).to_be_visible()
    page.context.close()


def test_a_worker_killed_while_it_answers_answers_the_next_time(
    fault: Faults, chromium: Browser, releases: Releases
) -> None:
    line = releases.line
    releases.serve(BUILT)
    page = _installed(chromium, line)
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    releases.stop()  # nobody but the worker can answer
    for chance in fault("B09", "worker killed while the page starts", 5, 50):
        page.evaluate("() => setTimeout(() => location.reload(), 0)")
        page.wait_for_timeout(chance.random() * 60)
        session.send("ServiceWorker.stopAllWorkers")
        # The navigation that was under way may end with its worker; whoever tries again gets in.
        for _ in range(2):
            with contextlib.suppress(Error):
                page.goto(f"http://phone.localhost:{line.port}")
                break
        expect(page.get_by_role("button", name="Log it")).to_be_visible()
    page.context.close()
