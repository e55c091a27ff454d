"""Brings reminders to people by e-mail, through the organisation's own mail server.

Promises: a letter holds the address of the record and never a word, a name or a code of an entry;
what could not be sent is tried again for days, also after a restart, and is seen; a password is
never sent in the clear to another machine. A crash may send a letter twice, never none.
"""

from __future__ import annotations

import os
import smtplib
import sqlite3
import ssl
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID

import msgspec
import structlog
from babel.support import NullTranslations, Translations

from logger.clock import Clock
from logger.desk import Desk
from logger.entries.times import DAY, MINUTE
from logger.people.person import Person
from logger.people.register import Register
from logger.review.reminders import Reminder, Reminders
from logger.settings import Settings, SettingsError, is_loopback
from logger.shell.places import TRANSLATIONS
from logger.shell.words import N_
from sync.errors import SyncError

log = structlog.get_logger()

SHELF = "mail"
CREDENTIAL = "sharelog-mail"
GIVE_UP_AFTER = 3 * DAY
POLL_SECONDS = 5.0
_SECONDS = 20.0
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


class CannotSend(Exception):
    """The mail server could not be reached, or did not take it; `why` is a code."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class Carrier(Protocol):
    """Whatever takes letters away."""

    def send(self, letter: EmailMessage) -> None:
        """CannotSend unless the server has taken it."""


class Smtp:
    """One mail server, as the settings name it; SettingsError where they are not safe."""

    def __init__(self, settings: Settings, environment: Mapping[str, str] = os.environ):
        if settings.mail_host and "@" not in settings.mail_from:
            raise SettingsError("mail_from must be an address, because mail_host is set.")
        if settings.mail_security == "none" and not is_loopback(settings.mail_host or "localhost"):
            raise SettingsError("mail_security can be none only for a server on this machine.")
        self._settings, self._environment = settings, environment

    def send(self, letter: EmailMessage) -> None:
        """Hand a letter to the server; CannotSend says in a code why it was not taken."""
        try:
            with self._connect() as server:
                if self._settings.mail_user:
                    server.login(self._settings.mail_user, self._password())
                server.send_message(letter)
        except smtplib.SMTPAuthenticationError as error:
            raise CannotSend("sign-in") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise CannotSend("address") from error
        except smtplib.SMTPException as error:
            raise CannotSend("refused") from error
        except ssl.SSLError as error:
            raise CannotSend("not-secure") from error
        except OSError as error:
            raise CannotSend("unreachable") from error

    def _connect(self) -> smtplib.SMTP:
        host, port = self._settings.mail_host, self._settings.mail_port
        if self._settings.mail_security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        server = smtplib.SMTP(host, port, timeout=_SECONDS)
        if self._settings.mail_security == "starttls":
            try:
                # Never goes on in the clear where the server does not offer it.
                server.starttls(context=ssl.create_default_context())
            except smtplib.SMTPNotSupportedError as error:
                server.close()
                raise CannotSend("not-secure") from error
        return server

    def _password(self) -> str:
        folder = self._environment.get("CREDENTIALS_DIRECTORY")
        credential = Path(folder) / CREDENTIAL if folder else None
        path = credential if credential and credential.exists() else None
        path = path or self._settings.mail_password_file
        if path is None:
            raise CannotSend("no-password")
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CannotSend("no-password") from error


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

    def run(self, stop: threading.Event) -> None:
        """Remind and deliver until `stop` is set; what is busy is tried again at the next round."""
        while not stop.wait(POLL_SECONDS):
            try:
                self._reminders.remind_by_itself()
                self.deliver()
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
        words = _words(self._settings.language)
        address = f"{self._settings.record_origin}/to-complete"
        letter = EmailMessage()
        letter["From"], letter["To"] = self._settings.mail_from, person.email
        letter["Subject"] = words.ugettext(_SUBJECT)
        letter["Date"] = format_datetime(datetime.fromtimestamp(self._clock() / 1000, UTC))
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(words.ugettext(_TEXT) % {"address": address})
        return letter


def _words(language: str) -> NullTranslations:
    return Translations.load(str(TRANSLATIONS), [language])
