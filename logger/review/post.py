"""Brings reminders to people by e-mail, through the organisation's own mail server.

Promises: a letter holds the address of the record and never a word, a name or a code of an entry;
what could not be sent is tried again for days, also after a restart, and is seen; a password is
never sent in the clear to another machine. A crash may send a letter twice, never none.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Literal
from uuid import UUID

import msgspec
import structlog

from logger.clock import Clock
from logger.desk import Desk
from logger.entries.times import DAY, MINUTE
from logger.mail import CannotSend, Carrier, letter, words_in
from logger.people.person import Person
from logger.people.register import Register
from logger.review.reminders import Reminder, Reminders
from logger.settings import Settings
from logger.shell.words import N_
from sync.errors import SyncError

log = structlog.get_logger()

SHELF = "mail"
GIVE_UP_AFTER = 3 * DAY
POLL_SECONDS = 5.0
# How long to wait after the first, second, … try that failed.
_WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)
_KEPT = 400 * DAY
_SUBJECT = N_("Sharelog: something waits for you")
_TEXT = N_(
    "Something in Sharelog has not been documented yet.\n"
    "Sign in to complete it:\n\n%(address)s\n\n"
    "This message says nothing of what it is about, and neither should an answer to it.\n"
)


class State(msgspec.Struct, frozen=True):
    """What became of one reminder's letter."""

    state: Literal["sent", "failed"]
    tries: int
    at: int
    why: str = ""


class Post:
    """The queue of letters: the reminders of the ledger that the desk does not know as sent."""

    def __init__(
        self,
        reminders: Reminders,
        register: Register,
        desk: Desk,
        settings: Settings,
        carrier: Carrier,
        clock: Clock,
    ):
        self._reminders, self._register, self._desk = reminders, register, desk
        self._settings, self._carrier, self._clock = settings, carrier, clock
        self._done: set[int] = set()
        # What else goes out by mail, in this thread too: a slow server must delay nothing else.
        self.beside: list[Callable[[], object]] = []

    def run(self, stop: threading.Event) -> None:
        """Remind and deliver until `stop` is set; what is busy is tried again at the next round."""
        while not stop.wait(POLL_SECONDS):
            try:
                self._reminders.remind_by_itself()
                self.deliver()
                for send in self.beside:
                    send()
            except (SyncError, sqlite3.Error) as error:
                log.warning("post.waits", error=type(error).__name__)

    def deliver(self) -> int:
        """Send what is due, one letter a person; how many letters were taken."""
        if not self._reminders.possible():
            return 0
        due: dict[UUID, list[Reminder]] = defaultdict(list)
        for reminder in self._waiting():
            due[reminder.person].append(reminder)
        return sum(self._send(person, reminders) for person, reminders in due.items())

    def state(self, reminder: Reminder) -> State | None:
        """What became of a reminder's letter; None while it waits for its first try."""
        kept = self._desk.get(SHELF, str(reminder.position))
        return msgspec.json.decode(kept, type=State) if kept else None

    def failing(self) -> int:
        """How many of the reminders of these days could not be sent so far."""
        recent = self._reminders.since(self._clock() - GIVE_UP_AFTER)
        states = (self.state(one) for one in recent if one.position not in self._done)
        return sum(state is not None and state.state == "failed" for state in states)

    def _waiting(self) -> list[Reminder]:
        now, found = self._clock(), []
        for reminder in self._reminders.since(now - GIVE_UP_AFTER):
            if reminder.position in self._done:
                continue
            state = self.state(reminder)
            if state is not None and state.state == "sent":
                self._done.add(reminder.position)
            elif state is None or now >= state.at + _WAITS[min(state.tries, len(_WAITS)) - 1]:
                found.append(reminder)
        return found

    def _send(self, id: UUID, reminders: Sequence[Reminder]) -> bool:
        person, why = self._register.person(id), ""
        if person is None or person.disabled:
            why = "address"
        else:
            try:
                self._carrier.send(self._letter(person))
            except CannotSend as error:
                why = error.why
        for reminder in reminders:
            self._note(reminder, why)
        if why:
            log.warning("mail.not_sent", why=why, reminders=len(reminders))
        return not why

    def _note(self, reminder: Reminder, why: str) -> None:
        before, now = self.state(reminder), self._clock()
        tries = before.tries + 1 if before else 1
        state = State("failed" if why else "sent", tries, now, why)
        key = str(reminder.position)
        self._desk.put(SHELF, key, msgspec.json.encode(state), now + _KEPT)

    def _letter(self, person: Person) -> EmailMessage:
        words = words_in(self._settings.language)
        text = words.ugettext(_TEXT) % {"address": f"{self._settings.record_origin}/to-complete"}
        subject = words.ugettext(_SUBJECT)
        return letter(self._settings, person.email, subject, text, self._clock())
