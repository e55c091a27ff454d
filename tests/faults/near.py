"""One instance whose phone door stands in this process: shut, harmed and opened again in a moment.

The door is the real one, over HTTP and a real ledger; the record's side follows only when it is
told to, so that each test decides when it is away (D17).
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from logger.build.record import Record as RecordSide
from logger.build.record import open_record
from logger.cli.main import main
from logger.clock import system_clock, system_randomness
from logger.keys.master import read_master_key
from logger.phone_door import create_app
from logger.settings import Settings
from sync.http import SyncRoom
from sync.store_sqlite import SqliteStore


class Quiet(WSGIRequestHandler):
    """Says nothing of what went well."""

    def log(self, *_: object) -> None:
        """Nothing."""


class NearInstance:
    """Made by the command; `folder` and `phone_port` are those of a served one."""

    def __init__(self, folder: Path):
        assert main(["demo", "--suite", "1", "--instance", str(folder)]) == 0
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as asked:
            self.phone_port: int = asked.getsockname()[1]
        self.phone_url = f"http://phone.localhost:{self.phone_port}"
        self.settings = Settings.read(folder).at_ports(self.phone_port, None)
        self._server: BaseWSGIServer | None = None
        self._room: SyncRoom | None = None
        self._side: RecordSide | None = None

    def open(self) -> None:
        """The phone door answers from here on."""
        app = create_app(self.settings, system_clock, system_randomness)
        self._room = next(r for r in app.extensions.values() if isinstance(r, SyncRoom))
        server = make_server(
            "127.0.0.1", self.phone_port, app, threaded=True, request_handler=Quiet
        )
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def shut(self) -> None:
        """Nobody has the ledger open any more."""
        if self._server is not None and self._room is not None:
            self._server.shutdown()
            self._server.server_close()
            self._room.intake.close()
            self._room.store.close()
            self._server = self._room = None
        self.let_go()

    @contextlib.contextmanager
    def away(self) -> Iterator[Path]:
        """The door is shut meanwhile; gives the ledger's file."""
        self.shut()
        yield self.settings.ledger
        self.open()

    def side(self) -> RecordSide:
        """The record's side, opened when first asked for."""
        if self._side is None:
            master = read_master_key(self.folder / "master.key")
            self._side = open_record(self.settings, master, system_clock, system_randomness)
            self._side.prepare(system_clock())
        return self._side

    def follow(self) -> None:
        """The record opens whatever is new, and tells phones."""
        self.side().follower.catch_up()

    def let_go(self) -> None:
        """The record's side is gone."""
        if self._side is not None:
            self._side.close()
            self._side = None

    def command(self, *words: str) -> int:
        """`sharelog` in this process, on this instance."""
        return main([*words, "--instance", str(self.folder)])

    def copy(self, to: Path) -> Path:
        """The ledger as it is now, as a consistent backup would have it."""
        to.unlink(missing_ok=True)
        with contextlib.closing(SqliteStore.open(self.settings.ledger)) as store:
            store.copy_to(to)
        return to

    def put_back(self, older: Path, epoch: bytes | None = None) -> None:
        """The ledger is that copy again; with an epoch as `restore` does it."""
        with self.away() as ledger:
            shutil.copyfile(older, ledger)
            if epoch is not None:
                with contextlib.closing(SqliteStore.open(ledger)) as store:
                    store.begin_epoch(epoch, system_clock())

    def close(self) -> None:
        """Shut it for good."""
        self.shut()
