"""The instance lock: a door is served once, and the index is not swapped under a running one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from logger.errors import InstanceBusy

PHONE, RECORD = "phone", "record"
_BYTES = {PHONE: 0, RECORD: 1}


@contextmanager
def holding(lock: Path, doors: Sequence[str]) -> Iterator[None]:
    """Hold the lock of these doors until the block ends or this process dies; InstanceBusy."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    with ExitStack() as stack:
        stack.callback(os.close, handle)
        for door in doors:
            try:
                # One byte a door: each may be served by a process of its own.
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _BYTES[door])
            except OSError as error:
                raise InstanceBusy from error
        yield
