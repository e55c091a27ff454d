"""Clocks in words: when something is due, and how far a phone's own clock can be trusted. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Protocol

from logger.clock import Clock
from logger.settings import Settings

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Below this a difference says more about the network than about the phone's clock.
TRUSTED = MINUTE
# UK GDPR Article 33(1): from becoming aware.
BREACH_HOURS = 72
_MOST_OFFSET = 18 * 60
_FRIDAY = 4


class Tone(StrEnum):
    """How pressing a deadline is."""

    CALM = "calm"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Deadline:
    """`count` `unit`s until something is due, or since it was."""

    overdue: bool
    count: int
    unit: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Skew:
    """A phone's clock was off by at least so many minutes."""

    fast: bool
    minutes: int


class Timed(Protocol):
    """What a line of a list knows about its times."""

    @property
    def shared_at(self) -> int:
        """When the share happened."""

    @property
    def logged_at(self) -> int:
        """When it was logged, by the phone."""

    @property
    def last_server(self) -> int | None:
        """The last server time the phone had seen."""

    @property
    def received_at(self) -> int:
        """When it arrived."""

    @property
    def submitted_at(self) -> int | None:
        """When it was last submitted."""


class Timing:
    """The organisation's clocks, now."""

    def __init__(self, settings: Settings, clock: Clock):
        self._settings, self._clock = settings, clock

    def now(self) -> int:
        """The time of this machine."""
        return self._clock()

    def to_document(self, line: Timed) -> Deadline:
        """How long there is to document."""
        settings = self._settings
        within, late = settings.document_within_hours, settings.document_late_hours
        return to_document(line.shared_at, self._clock(), within, late)

    def to_review(self, line: Timed) -> Deadline:
        """How long there is to review."""
        submitted = line.submitted_at or line.received_at
        return to_review(submitted, self._clock(), self._settings.review_within_days)

    def review_overdue_before(self) -> int:
        """What was submitted before this moment is overdue for review."""
        return review_overdue_before(self._clock(), self._settings.review_within_days)

    def document_overdue_before(self) -> int:
        """What was shared before this moment should have been documented."""
        return self._clock() - self._settings.document_within_hours * HOUR

    def breach_due(self, aware_at: int) -> Deadline:
        """How long there is to tell the regulator of a breach."""
        return breach_due(aware_at, self._clock())

    def since(self, moment: int) -> Deadline:
        """How long ago something was."""
        return since(moment, self._clock())

    def skew(self, line: Timed) -> Skew | None:
        """What is certain about the phone's clock."""
        return skew(line.logged_at, line.last_server, line.received_at)


def to_document(shared_at: int, now: int, within_hours: int, late_hours: int) -> Deadline:
    """How long there is to document a share."""
    due = shared_at + within_hours * HOUR
    late = shared_at + late_hours * HOUR
    tone = Tone.RED if now >= late else Tone.AMBER if now >= due else Tone.CALM
    return _deadline(due, now, tone)


def to_review(submitted_at: int, now: int, within_days: int) -> Deadline:
    """How long there is to review a submission, in working days."""
    due = after_working_days(submitted_at, within_days)
    return _deadline(due, now, Tone.RED if now >= due else Tone.CALM)


def breach_due(aware_at: int, now: int) -> Deadline:
    """How long there is to tell the regulator, from becoming aware; red in the last day."""
    due = aware_at + BREACH_HOURS * HOUR
    tone = Tone.RED if now >= due - DAY else Tone.AMBER
    return _deadline(due, now, tone)


def since(moment: int, now: int) -> Deadline:
    """How long ago something was."""
    return _deadline(moment, max(now, moment), Tone.CALM)


def after_working_days(moment: int, days: int) -> int:
    """The same time of day that many working days later; Saturdays and Sundays do not count.

    What comes at a weekend counts from Monday on, so that what came later is never due before it.
    """
    at = datetime.fromtimestamp(moment / 1000, UTC)
    if at.weekday() > _FRIDAY:
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
        at += timedelta(days=7 - at.weekday())
    while days:
        at += timedelta(days=1)
        days -= at.weekday() <= _FRIDAY
    return int(at.timestamp() * 1000)


def review_overdue_before(now: int, within_days: int) -> int:
    """What was submitted before this moment is overdue for review, and nothing else is."""
    first, last = now - (3 * within_days + 7) * DAY, now + 1
    while last - first > 1:
        middle = (first + last) // 2
        if after_working_days(middle, within_days) <= now:
            first = middle
        else:
            last = middle
    return last


def skew(logged_at: int, last_server: int | None, received_at: int) -> Skew | None:
    """What is certain about the phone's clock; None when nothing speaks against it.

    An entry cannot be logged after it was received, nor before a server time the phone had
    already seen.
    """
    if logged_at - received_at > TRUSTED:
        return Skew(True, (logged_at - received_at) // MINUTE)
    if last_server is not None and last_server - logged_at > TRUSTED:
        return Skew(False, (last_server - logged_at) // MINUTE)
    return None


def as_shown(moment: int, utc_offset: int) -> datetime:
    """The time as the phone showed it; the ends of the calendar where a phone is far off."""
    offset = timezone(timedelta(minutes=max(-_MOST_OFFSET, min(_MOST_OFFSET, utc_offset))))
    try:
        return datetime.fromtimestamp(moment / 1000, UTC).astimezone(offset)
    except (ValueError, OverflowError, OSError):
        year = 9998 if moment > 0 else 2
        return datetime(year, 1, 1, tzinfo=UTC)


def day_of_share(moment: int, utc_offset: int) -> date:
    """The day whose law counts for a share."""
    return as_shown(moment, utc_offset).date()


def _deadline(due: int, now: int, tone: Tone) -> Deadline:
    gap = abs(due - now)
    if gap < HOUR:
        count, unit = max(1, gap // MINUTE), "minutes"
    elif gap < 2 * DAY:
        count, unit = gap // HOUR, "hours"
    else:
        count, unit = gap // DAY, "days"
    return Deadline(now >= due, count, unit, tone)
