"""Who is signed in: kept on the desk, never in a cookie.

Promises: a session ends after 15 minutes without a request and after 10 hours in any case; signing
in makes a new one; disabling a person ends all of theirs; what has ended is not brought back by a
request that was still under way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from logger.clock import Clock, Randomness
from logger.desk import Desk
from sync.frames import to_text

IDLE = 15 * 60 * 1000
LONGEST = 10 * 60 * 60 * 1000
_SHELF = "session"
_NOBODY = "0"
# Writing at every request would cost a commit each; the idle limit is this much shorter at worst.
_REFRESH = 60 * 1000


class _Kept(msgspec.Struct, frozen=True):
    person: UUID | None
    began_at: int
    seen_at: int
    values: dict[str, Any]
    # Sessions from before this was kept are none that was proved lately.
    proved_at: int = 0


@dataclass(slots=True)
class Session:
    """One browser's session; `values` are small texts that forms need. `proved_at` is when its
    person last gave both proofs."""

    token: str
    person: UUID | None
    began_at: int
    seen_at: int
    proved_at: int
    values: dict[str, Any] = field(default_factory=dict)
    begun: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its own person sees it. `name` is no token: nobody is let in by it."""

    name: str
    began_at: int
    seen_at: int


class Sessions:
    """All sessions, by the token in the browser's cookie."""

    def __init__(self, desk: Desk, clock: Clock, randomness: Randomness):
        self._desk, self._clock, self._randomness = desk, clock, randomness

    def now(self) -> int:
        """The time by which sessions are kept."""
        return self._clock()

    def begin(self, person: UUID | None) -> Session:
        """A fresh session; it is on the desk once it was kept."""
        now = self._clock()
        # The name of its owner stands in front, so that all of a person's sessions can be ended.
        token = f"{person or _NOBODY}/{to_text(self._randomness(32))}"
        return Session(token, person, now, now, now, begun=True)

    def find(self, token: str) -> Session | None:
        """The session of this token, or None when it ended."""
        raw = self._desk.get(_SHELF, token)
        if raw is None:
            return None
        kept = msgspec.json.decode(raw, type=_Kept)
        return Session(token, kept.person, kept.began_at, kept.seen_at, kept.proved_at, kept.values)

    def keep(self, session: Session) -> None:
        """Remember the session as it is now, and that it was seen."""
        now = self._clock()
        session.seen_at = now
        kept = _Kept(session.person, session.began_at, now, session.values, session.proved_at)
        expires_at = min(now + IDLE, session.began_at + LONGEST)
        write = self._desk.put if session.begun else self._desk.replace
        write(_SHELF, session.token, msgspec.json.encode(kept), expires_at)
        session.begun = False

    def stale(self, session: Session) -> bool:
        """Whether it is worth writing down that the session was seen again."""
        return self._clock() - session.seen_at >= _REFRESH

    def end(self, session: Session) -> None:
        """This session is over."""
        self._desk.drop(_SHELF, session.token)

    def renewed(self, session: Session, *, proved: bool) -> Session:
        """The same session under a fresh token; it ends when the one before would have. `proved`
        where its person has just given both proofs."""
        fresh = self.begin(session.person)
        fresh.began_at = session.began_at
        if not proved:
            fresh.proved_at = session.proved_at
        return fresh

    def of(self, person: UUID) -> list[OpenSession]:
        """The sessions of this person, the one seen last first."""
        kept = self._desk.of_owner(_SHELF, str(person)).items()
        found = [(mark.hex(), msgspec.json.decode(raw, type=_Kept)) for mark, raw in kept]
        lines = [OpenSession(name, one.began_at, one.seen_at) for name, one in found]
        return sorted(lines, key=lambda line: (line.seen_at, line.name), reverse=True)

    def name(self, session: Session) -> str:
        """What `of` calls this session."""
        return self._desk.mark(_SHELF, session.token).hex()

    def end_named(self, person: UUID, name: str) -> None:
        """The session of this person that `of` calls so is over."""
        self._desk.drop_marked(_SHELF, str(person), bytes.fromhex(name))

    def end_others(self, session: Session) -> None:
        """Every session of this one's person but this one is over."""
        self._desk.drop_others(_SHELF, session.token)

    def end_all(self, person: UUID) -> None:
        """Every session of this person is over."""
        self._desk.drop_all(_SHELF, str(person))
