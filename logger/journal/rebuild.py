"""Makes the index anew from the ledger, beside the old one, and swaps it in when it is whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from logger.journal.folding import Folded, Folding
from logger.journal.index import Index
from logger.sqlite_file import connect, writing
from sync.store import EventStore

BATCH = 500

Announce = Callable[[Sequence[Folded]], None]
Progress = Callable[[int, int], None]


def quietly(done: int, of: int) -> None:
    """The progress that nobody watches."""


def rebuild(
    store: EventStore,
    folding: Folding,
    index: Index,
    announce: Announce,
    progress: Progress = quietly,
) -> int:
    """Fold the whole ledger into a new index file; its last position.

    The same bytes come out as by following. `progress` hears (done, of) after every batch. The old
    index stays in use until the new one is complete, and for good when this fails.
    """
    fresh = index.path.with_name(index.path.name + ".new")
    with _alone(index.path.with_name(index.path.name + ".making")):
        _remove(fresh)
        db = connect(fresh)
        position, end = 0, store.head().position
        try:
            folding.lay_out(db)
            while rows := store.after(position, BATCH):
                with writing(db):
                    announce(folding.fold(db, rows, erased_before=end))
                position = rows[-1].position
                progress(position, max(end, position))
        finally:
            db.close()
        fresh.replace(index.path)
    index.replaced()
    return position


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """The command may find the same reason for a new index as the door that is open beside it."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    for name in (path.name, path.name + "-journal"):
        path.with_name(name).unlink(missing_ok=True)
