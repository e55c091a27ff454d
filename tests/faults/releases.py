"""Releases of the app one after the other, whole or not, behind a line."""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from logger.settings import Settings
from logger.shell.pages import shell_blueprint
from logger.shell.places import BUILT
from tests.faults import bad_lines
from tests.faults.proxy import FaultProxy

VERSIONS = """() => caches.keys().then((names) =>
  names.filter((name) => /-[0-9a-f]{16}$/.test(name)))"""
# The new worker was fetched, tried to install and gave up, or could not even be fetched. The
# browser asks by itself too, a second after a page was opened: what it has begun is looked on, and
# where that ended unseen, it is asked once more.
TRY_UPDATE = """async () => {
  const one = await navigator.serviceWorker.ready;
  const ended = (worker) => new Promise((resolve) => {
    // One that gave up before anybody looked is gone.
    const tell = () => {
      if (worker?.state !== 'installing') resolve(worker?.state ?? 'redundant');
    };
    worker?.addEventListener('statechange', tell);
    tell();
  });
  for (let asked = 0; asked < 10; asked++) {
    if (one.installing) return ended(one.installing);
    const coming = new Promise((resolve) => one.addEventListener('updatefound',
      () => resolve(ended(one.installing ?? one.waiting)), { once: true }));
    try { await one.update(); } catch (error) { return error.name; }
    const late = new Promise((resolve) => setTimeout(resolve, 2_000));
    const state = await Promise.race([coming, late]);
    if (state ?? one.waiting) return state ?? one.waiting.state;
  }
  return 'nothing came';
}"""

# The worker that waits, if one does, is told to take over, and *Log it* is pressed, each at its
# moment.
AT_ONCE = """async ([words, takes, presses]) => {
  const { waiting } = await navigator.serviceWorker.ready;
  window.logging = words;
  setTimeout(() => waiting?.postMessage({ activate: true }), takes);
  setTimeout(() => document.querySelector('#log [type=submit]').click(), presses);
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

    def __init__(
        self, folder: Path, line: FaultProxy, patch: pytest.MonkeyPatch, *, alone: bool = True
    ):
        self._folder, self.line, self._patch, self._alone = folder, line, patch, alone
        self.port = 0
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
        self.port = self._server.server_port
        if self._alone:
            self.line.forward_to(self.port)
        files = msgspec.json.decode((built / "files.json").read_bytes())
        kept = [one["file"] for one in files.values() if one["use"] in {"start", "offline"}]
        return ["/", "/manifest.webmanifest", *(f"/static/{name}" for name in kept)]

    def between(self) -> None:
        """The shell comes from here, everything else from the door behind the line."""
        shell = bad_lines.from_port(self.port)
        self.line.plan = lambda request: (
            None if request.path.startswith(("/sync", "/demo")) else shell
        )

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
