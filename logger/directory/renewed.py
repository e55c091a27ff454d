"""Gives rooms and phones another directory when it was changed, here or on another host."""

from __future__ import annotations

import threading
from collections.abc import Callable

from logger.directory.register import Recipients


class Renewed:
    """Calls `renew` whenever the index has another revision than the last time."""

    def __init__(self, recipients: Recipients, renew: Callable[[], None]):
        self._recipients, self._renew = recipients, renew
        self._revision = -1
        # Two at once could give phones the older one last.
        self._lock = threading.Lock()

    def look(self) -> None:
        """Renew what is older than the index."""
        with self._lock:
            if (revision := self._recipients.revision) != self._revision:
                self._renew()
                self._revision = revision
