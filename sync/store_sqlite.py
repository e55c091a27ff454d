"""The EventStore in one SQLite file, which both doors may have open at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.errors import LedgerBusy, WeakStore
from sync.sqlite.ground import Ground, make_file
from sync.sqlite.ledger import LedgerTables
from sync.sqlite.registers import Registers
from sync.store import Head


class SqliteStore(LedgerTables, Registers):
    """See EventStore, whose docstrings are the contract."""

    def __init__(self, ground: Ground):
        LedgerTables.__init__(self, ground)
        Registers.__init__(self, ground)

    @classmethod
    def create(cls, path: Path, epoch: bytes) -> SqliteStore:
        """A new store at `path`; FileExistsError when something is there already."""
        make_file(path, epoch)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> SqliteStore:
        """The store at `path`; WeakStore unless it would survive a power cut."""
        if not path.is_file():
            raise WeakStore(f"there is no ledger at {path.name}")
        return cls(Ground(path))

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        """See EventStore."""
        with self._ground.writing():
            yield

    def changes(self) -> Callable[[], bool]:
        """See EventStore."""
        # `data_version` moves only for commits of other connections, so it has one to itself.
        db, lock = self._ground.connection(), threading.Lock()
        last: int | None = None

        def changed() -> bool:
            nonlocal last
            with lock:
                try:
                    now = self._ground.data_version(db)
                except LedgerBusy:
                    return True
                before, last = last, now
            return now != before

        return changed

    def copy_to(self, path: Path) -> Head:
        """A whole and consistent copy in a new file, while others go on writing; its head."""
        self._ground.copy_to(path)
        with contextlib.closing(SqliteStore.open(path)) as copy:
            return copy.head()

    def begin_epoch(self, epoch: bytes, at: int) -> None:
        """From now on this is another ledger than the one it was copied from."""
        self._ground.begin_epoch(epoch, at)
        self._epoch = epoch

    def close(self) -> None:
        """See EventStore."""
        self._ground.close()
