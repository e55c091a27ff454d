"""Unfinished answers, kept sealed on the desk until they are saved.

Promises: a draft follows its author to any machine; two windows never overwrite each other, each
has a version of its own; nothing runs out before 35 days.
"""

from __future__ import annotations

import threading
from uuid import UUID

import msgspec

from logger.clock import Clock, Randomness
from logger.desk import Desk
from logger.entries.happened import Answers
from logger.entries.times import DAY
from sync.frames import to_text

SHELF = "drafts"
KEPT_FOR = 35 * DAY
MOST_VERSIONS = 5


class Draft(msgspec.Struct, frozen=True):
    """One window's version. `based_on` is the saved version it began from, 0 for none."""

    window: str
    answers: Answers
    saved_at: int
    based_on: int


class Drafts:
    """All versions of one form's draft stand in one value, newest first. `form` is its name."""

    def __init__(self, desk: Desk, clock: Clock, randomness: Randomness):
        self._desk, self._clock, self._randomness = desk, clock, randomness
        # Reading, adding a version and writing back must not be interleaved.
        self._lock = threading.Lock()

    def new_window(self) -> str:
        """A name for one opened page."""
        return to_text(self._randomness(9))

    def of(self, person: UUID, entry: UUID, form: str) -> tuple[Draft, ...]:
        """All versions, newest first."""
        raw = self._desk.get(SHELF, _key(person, entry, form))
        return msgspec.json.decode(raw, type=tuple[Draft, ...]) if raw else ()

    def keep(
        self, person: UUID, entry: UUID, form: str, draft: Draft, instead_of: str = ""
    ) -> tuple[Draft, ...]:
        """Keep this window's version, and forget the one it went on from; the other versions."""
        draft = msgspec.structs.replace(draft, saved_at=self._clock())
        with self._lock:
            gone = {draft.window, instead_of}
            others = [one for one in self.of(person, entry, form) if one.window not in gone]
            self._put(person, entry, form, [draft, *others])
        return tuple(one for one in others if one.answers != draft.answers)

    def forget(
        self, person: UUID, entry: UUID, form: str, answers: Answers | None, *windows: str
    ) -> None:
        """Forget these windows' versions and whatever says the same as what was saved."""
        with self._lock:
            versions = self.of(person, entry, form)
            left = [one for one in versions if one.window not in windows and one.answers != answers]
            self._put(person, entry, form, left)

    def forget_entry(self, entry: UUID) -> None:
        """Forget all that anybody drafted about an entry."""
        with self._lock:
            self._desk.drop_all(SHELF, str(entry))

    def _put(self, person: UUID, entry: UUID, form: str, versions: list[Draft]) -> None:
        key = _key(person, entry, form)
        if not versions:
            return self._desk.drop(SHELF, key)
        raw = msgspec.json.encode(versions[:MOST_VERSIONS])
        return self._desk.put(SHELF, key, raw, self._clock() + KEPT_FOR)


def _key(person: UUID, entry: UUID, form: str) -> str:
    # The entry comes first: all of it goes at once when the entry is erased.
    return f"{entry}/{person}/{form}"
