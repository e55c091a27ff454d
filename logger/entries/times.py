"""Clocks in words: when something is due, and how far a phone's own clock can be trusted. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Protocol

from logger.clock import Clock
from logger.entries.capture import PhoneClock
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
    """A phone's clock was off by so many minutes: found at `compared`, else at least so many."""

    fast: bool
    minutes: int
    compared: int | None = None

    @property
    def count(self) -> int:
        """How many of its unit."""
        return _span(self.minutes * MINUTE)[0]

    @property
    def unit(self) -> str:
        """Minutes, hours or days, as in a deadline."""
        return _span(self.minutes * MINUTE)[1]


class Timed(Protocol):
    """What a line of a list knows about its times."""

    @property
    def shared_at(self) -> int:
        """When the share happened."""

    @property
    def logged_at(self) -> int:
        """When it was logged, by the phone."""

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


def skew(clock: PhoneClock, received_at: int) -> Skew | None:
    """What is certain about the phone's clock; None when nothing speaks against it.

    An entry cannot be logged after it was received, nor before a server time the phone had
    already seen. Where that says no more, it counts what the phone found when it last compared.
    """
    found = _compared(clock)
    late, early = clock.at - received_at, (clock.last_server or clock.at) - clock.at
    for fast, least in ((True, late), (False, early)):
        same = found is not None and found.fast is fast and found.minutes >= least // MINUTE
        if least > TRUSTED and not same:
            return Skew(fast, least // MINUTE)
    return found


def _compared(clock: PhoneClock) -> Skew | None:
    """What the line may have taken, in either direction, is not the clock's."""
    if clock.ahead is None or clock.last_server is None:
        return None
    if abs(clock.ahead) - (clock.within or 0) <= TRUSTED:
        return None
    return Skew(clock.ahead > 0, round(abs(clock.ahead) / MINUTE), clock.last_server)


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
    count, unit = _span(abs(due - now))
    return Deadline(now >= due, count, unit, tone)


def _span(gap: int) -> tuple[int, str]:
    if gap < HOUR:
        return max(1, gap // MINUTE), "minutes"
    if gap < 2 * DAY:
        return gap // HOUR, "hours"
    return gap // DAY, "days"
