"""Slows down guessing: each wrong try costs more time, by account and by where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from logger.clock import Clock
from logger.desk import Desk
from logger.errors import LoggerError

_TRIES, _WAIT = "tries", "wait"
_REMEMBER = 60 * 60 * 1000
_LONGEST = 15 * 60 * 1000
_FIRST_WAIT = 5_000


class TooManyTries(LoggerError):
    """Too many wrong tries, for this account or from this place."""

    code = "sign_in.too_many"
    status = 429
    public_message = "Too many tries. Wait a few minutes, then try again."


@dataclass(frozen=True, slots=True)
class Subject:
    """What is slowed down, and how many tries are free."""

    name: str
    free: int

    @classmethod
    def account(cls, name: str) -> Subject:
        """An account, whether there is one of that name or not."""
        return cls(f"account {name}", 5)

    @classmethod
    def source(cls, address: str) -> Subject:
        """Where wrong tries come from; right ones are not counted, for a whole office has one."""
        return cls(f"source {address}", 100)


class Throttle:
    """Counters on the desk."""

    def __init__(self, desk: Desk, clock: Clock):
        self._desk, self._clock = desk, clock

    def begin(self, subject: Subject, *beside: Subject) -> None:
        """Count a try before it is looked at, so that many at once are counted too; TooManyTries
        while this subject, or one beside it, has to wait."""
        if any(self._waits(one) for one in (subject, *beside)):
            raise TooManyTries
        self.count(subject)

    def count(self, subject: Subject) -> None:
        """One more try; from where none is free any more, the next has to wait."""
        now = self._clock()
        tries = self._desk.count_up(_TRIES, subject.name, now + _REMEMBER)
        if tries >= subject.free:
            delay = min(_LONGEST, _FIRST_WAIT * 2 ** min(tries - subject.free, 20))
            self._desk.put(_WAIT, subject.name, b"", now + delay)

    def forgive(self, *subjects: Subject) -> None:
        """The try was right: begin again from nothing."""
        for subject in subjects:
            self._desk.drop(_TRIES, subject.name)
            self._desk.drop(_WAIT, subject.name)

    def _waits(self, subject: Subject) -> bool:
        return self._desk.get(_WAIT, subject.name) is not None
