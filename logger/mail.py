"""Hands letters to the organisation's own mail server, as the settings name it.

Promises: a password is never sent in the clear to another machine; what was not taken is said in a
code, and whoever asked decides when to try again.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from babel.support import NullTranslations, Translations

from logger.settings import Settings, SettingsError, is_loopback
from logger.shell.places import TRANSLATIONS

CREDENTIAL = "sharelog-mail"
_SECONDS = 20.0


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


def letter(settings: Settings, to: str, subject: str, text: str, now: int) -> EmailMessage:
    """A letter of this organisation's, from the machine and not to be answered by one."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = settings.mail_from, to, subject
    made["Date"] = format_datetime(datetime.fromtimestamp(now / 1000, UTC))
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def words_in(language: str) -> NullTranslations:
    """The words of a letter, outside of any request."""
    return Translations.load(str(TRANSLATIONS), [language])
