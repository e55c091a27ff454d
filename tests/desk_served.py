"""The organisation of the tests behind a real socket, and a look over what browsers show of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.desk_world import World

AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Served(World):
    """The organisation, behind a real socket."""

    origin: str

    def open(self, context: BrowserContext, name: str, path: str) -> Page:
        """Sign in and go there."""
        page = context.new_page()
        page.goto(f"{self.origin}/sign-in")
        page.get_by_role("button", name=f"Sign in as {name}").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.goto(self.origin + path)
        return page


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """An organisation in this folder, until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://record.localhost:{port}"
    world = Served(folder, record_origin=origin)
    world.origin = origin
    server = make_server("127.0.0.1", port, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()


def check_page(page: Page, where: str) -> None:
    """No violation of accessibility, and no wider than the screen."""
    for details in page.locator("main details").all():
        details.evaluate("one => { one.open = true }")
    page.evaluate(AXE.read_text())
    run = "rules => axe.run(document, {runOnly: rules}).then(found => found.violations)"
    found = page.evaluate(run, RULES)
    said = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
    assert not said, f"{where}: {said}"
    across = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(across) <= 0, f"{where} is wider than the screen"
