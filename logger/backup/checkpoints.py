"""Where the ledger ended at a moment, signed, as a text that can leave the operator's hands.

Whoever holds one can prove later that nothing before it was changed or cut off. It names no entry.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from logger.clock import Clock
from logger.desk import Desk
from logger.errors import LoggerError
from logger.keys.keyring import Keyring
from logger.keys.master import replace_private
from logger.mail import CannotSend, Carrier, letter, words_in
from logger.settings import Settings
from logger.shell.words import N_
from sync.checkpoint import EarlierHead
from sync.errors import SyncError
from sync.frames import CHECKPOINT, check_document, from_text, read_document, sign_document, to_text
from sync.store import EventStore

log = structlog.get_logger()

_MAGIC = "sharelog-checkpoint/1"
_SHELF = "checkpoint"
_HOUR = 60 * 60 * 1000
_SUBJECT = N_("Sharelog: checkpoint of %(day)s")
_TEXT = N_(
    "Keep this message. It proves later that nothing before it was changed or cut off, with:\n"
    "sharelog verify --checkpoint FILE\n"
    "It says nothing of any entry.\n"
)


class NotACheckpoint(LoggerError):
    """The file is none of ours, or was changed."""

    code = "checkpoint.not_one"
    status = 422
    public_message = "This is not a checkpoint that this organisation has signed."


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed."""

    organisation: str
    at: int
    epoch: str
    position: int
    digest: str
    v: Literal[1] = 1


def write(store: EventStore, keyring: Keyring, organisation: str, now: int) -> str:
    """The text: a line for people, a line for `verify`. Fit for a file, a letter or a mail."""
    head = store.head()
    epoch, digest = to_text(head.epoch), to_text(head.digest)
    content = Checkpoint(organisation, now, epoch, head.position, digest)
    signed = base64.b64encode(sign_document(CHECKPOINT, content, keyring.publishing)).decode()
    when = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{_MAGIC}\n{organisation}, {when}: {head.position:,} events\n{signed}\n"


def read(text: str, keyring: Keyring) -> tuple[EarlierHead, Checkpoint]:
    """The head it speaks of; NotACheckpoint unless this keyring's publishing key signed it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        # A mail program may have put it among other lines, or broken the long one.
        start = lines.index(_MAGIC)
        raw = base64.b64decode("".join(lines[start + 2 :]), validate=True)
        check_document(CHECKPOINT, raw, keyring.publishing.public)
        said = read_document(raw, Checkpoint)
        return EarlierHead(said.position, from_text(said.digest, 32)), said
    except (ValueError, SyncError) as error:
        raise NotACheckpoint from error


class DailyCheckpoint:
    """Writes one a day into a folder that should not be this machine's own."""

    def __init__(self, store: EventStore, keyring: Keyring, settings: Settings, clock: Clock):
        self._store, self._keyring = store, keyring
        self._settings, self._clock = settings, clock

    def write_in_time(self) -> Path | None:
        """Today's, where it is not written yet; None when there is nothing to do."""
        folder, now = self._settings.checkpoint_folder, self._clock()
        if folder is None:
            return None
        path = folder / f"{datetime.fromtimestamp(now / 1000, UTC):checkpoint-%Y-%m-%d.txt}"
        if path.exists():
            return None
        text = write(self._store, self._keyring, self._settings.organisation, now)
        try:
            replace_private(path, text.encode())
        except OSError as error:
            # A share that is away today must not stop the record; tomorrow's proves as much.
            log.warning("checkpoint.not_written", error=type(error).__name__)
            return None
        return path


class MailedCheckpoint:
    """Sends one a day to somebody who does not run the server; tries again after an hour."""

    def __init__(
        self,
        store: EventStore,
        keyring: Keyring,
        settings: Settings,
        desk: Desk,
        carrier: Carrier,
        clock: Clock,
    ):
        self._store, self._keyring, self._settings = store, keyring, settings
        self._desk, self._carrier, self._clock = desk, carrier, clock

    def send_in_time(self) -> bool:
        """Today's, where it was not sent yet; whether the mail server took one."""
        now = self._clock()
        day = f"{datetime.fromtimestamp(now / 1000, UTC):%Y-%m-%d}"
        if not self._settings.checkpoint_mail or self._desk.get(_SHELF, day) is not None:
            return False
        try:
            self._carrier.send(self._letter(day, now))
        except CannotSend as error:
            log.warning("checkpoint.not_sent", why=error.why)
            self._desk.put(_SHELF, day, b"", now + _HOUR)
            return False
        self._desk.put(_SHELF, day, b"", now + 48 * _HOUR)
        return True

    def _letter(self, day: str, now: int) -> EmailMessage:
        settings, words = self._settings, words_in(self._settings.language)
        text = write(self._store, self._keyring, settings.organisation, now)
        subject = words.ugettext(_SUBJECT) % {"day": day}
        # The text last: whoever reads it back takes all lines after its first.
        body = f"{words.ugettext(_TEXT)}\n{text}"
        return letter(settings, settings.checkpoint_mail, subject, body, now)
