"""A phone door of its own process that dies by SIGKILL at a named point of its second commit.

Started by test_killed_between.py with: ledger, key file, port file, `before` or `after`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask

from sync.enrolment import Enrolments
from sync.http import SyncRoom, mount
from sync.intake import Intake
from sync.receipt import read_stored_key
from sync.store_sqlite import SqliteStore
from tests.events import NOW


class DyingStore(SqliteStore):
    """A store whose process is killed around the outermost COMMIT of the one batch of events."""

    when, depth = "", 0

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        before = self.head().position if self.depth == 0 else 0
        type(self).depth += 1
        with super().one_commit():
            yield
            if self.depth == 1 and self.when == "before" and self.head().position > before:
                os.kill(os.getpid(), signal.SIGKILL)
        type(self).depth -= 1
        if self.depth == 0 and self.when == "after" and self.head().position > before:
            os.kill(os.getpid(), signal.SIGKILL)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def main(ledger: str, key: str, port_file: str, when: str) -> None:
    DyingStore.when = when
    store, signer = DyingStore.open(Path(ledger)), read_stored_key(Path(key))
    app = Flask("door", static_folder=None)
    enrolments = Enrolments(store, signer, lambda: NOW, "Flintshire")
    mount(app, SyncRoom(store, Intake(store, signer, lambda: NOW), enrolments))
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    fresh = Path(port_file + ".new")
    fresh.write_text(str(server.server_port), encoding="ascii")
    fresh.replace(port_file)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
