"""Files that were looked at and not taken yet, sealed on the desk, one for each person."""

from __future__ import annotations

from logger.clock import Clock, Randomness
from logger.desk import Desk
from sync.frames import to_text

_SHELF, _HOUR = "directory-import", 60 * 60 * 1000


class Waiting:
    """Lays a file down and finds it again by a token."""

    def __init__(self, desk: Desk, clock: Clock, randomness: Randomness):
        self._desk, self._clock, self._randomness = desk, clock, randomness

    def lay_down(self, owner: str, raw: bytes) -> str:
        """Keep it for an hour in place of the one before; its token."""
        token = to_text(self._randomness(18))
        self._desk.drop_all(_SHELF, owner)
        until = self._clock() + _HOUR
        self._desk.put(_SHELF, f"{owner}/{token}", raw, until)
        return token

    def find(self, owner: str, token: str) -> bytes | None:
        """The file, or None when it ran out, was taken, or another took its place."""
        return self._desk.get(_SHELF, f"{owner}/{token}")

    def drop(self, owner: str) -> None:
        """It was taken."""
        self._desk.drop_all(_SHELF, owner)
