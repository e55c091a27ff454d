"""The organisation of the tests behind a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.desk_world import World


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
def served(folder: Path, **settings: Any) -> Iterator[Served]:
    """An organisation in this folder, until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://record.localhost:{port}"
    world = Served(folder, record_origin=origin, **settings)
    world.origin = origin
    server = make_server("127.0.0.1", port, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
