"""What runs beside the pages of the record door for as long as it is open."""

from __future__ import annotations

import threading
from collections.abc import Callable

from logger.journal.follow import Follower
from logger.review.post import Post


class Following:
    """The thread that follows the ledger, and the one that brings letters to people: a mail
    server that does not answer keeps nobody's entry waiting."""

    def __init__(self, follower: Follower, post: Post):
        self._stop = threading.Event()
        self._thread = self._begin(follower.run, "follower")
        self._post = self._begin(post.run, "post")

    def alive(self) -> bool:
        """Whether it still follows."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Finish the round it is in, and no more."""
        self._stop.set()
        self._thread.join(timeout=10)
        self._post.join(timeout=10)

    def _begin(self, run: Callable[[threading.Event], None], name: str) -> threading.Thread:
        thread = threading.Thread(target=run, args=(self._stop,), name=name, daemon=True)
        thread.start()
        return thread
