"""One thread that writes for many: what waits together becomes durable in one commit.

Promises: a piece of work is answered only after its commit returned; one that fails undoes only
itself, and never costs another its place.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sync.errors import LedgerBusy, SyncError
from sync.store import EventStore

T = TypeVar("T")
_MOST = 64
# An error from here on is of the store, not of the one request it happened in.
_OF_THE_STORE = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    do: Callable[[], Any]
    answer: Future[Any] = field(default_factory=Future)


class GroupCommit:
    """Runs work inside shared transactions of `store`, on one thread of its own."""

    def __init__(self, store: EventStore):
        self._store = store
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def run(self, do: Callable[[], T]) -> T:
        """What `do` returned, once it is durable; LedgerBusy when closed."""
        work = _Work(do)
        with self._lock:
            if self._closed:
                raise LedgerBusy
            self._waiting.put(work)
            if self._thread is None:
                # Begun with the first work, so that a server may fork after making this.
                self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)
                self._thread.start()
        result: T = work.answer.result()
        return result

    def close(self) -> None:
        """Finish what was handed in, then take no more."""
        with self._lock:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _write(self) -> None:
        while group := self._gather():
            self._commit(group)

    def _gather(self) -> list[_Work]:
        """What waits now, waiting for the first; empty at the end."""
        group: list[_Work] = []
        first = self._waiting.get()
        while first is not None:
            group.append(first)
            if len(group) == _MOST or self._waiting.empty():
                return group
            first = self._waiting.get()
        if group:
            self._waiting.put(None)  # the end, to be found again after this group
        return group

    def _commit(self, group: list[_Work]) -> None:
        try:
            with self._store.one_commit():
                done = [(work, self._attempt(work)) for work in group]
        except LedgerBusy as error:
            # Each alone would wait as long again; the phones try again by themselves.
            for work in group:
                work.answer.set_exception(error)
        except Exception as error:  # noqa: BLE001  raised again in the thread that waits for it
            if len(group) == 1:
                group[0].answer.set_exception(error)
                return
            for work in group:
                self._commit([work])
        else:
            for work, (value, refusal) in done:
                if refusal is None:
                    work.answer.set_result(value)
                else:
                    work.answer.set_exception(refusal)

    def _attempt(self, work: _Work) -> tuple[Any, SyncError | None]:
        try:
            with self._store.one_commit():
                return work.do(), None
        except SyncError as error:
            if error.status >= _OF_THE_STORE:
                raise
            return None, error
