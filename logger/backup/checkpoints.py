"""Where the ledger ended at a moment, signed, as a text that can leave the operator's hands.

Whoever holds one can prove later that nothing before it was changed or cut off. It names no entry.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from logger.clock import Clock
from logger.errors import LoggerError
from logger.keys.keyring import Keyring
from logger.keys.master import replace_private
from logger.settings import Settings
from sync.checkpoint import EarlierHead
from sync.errors import SyncError
from sync.frames import CHECKPOINT, check_document, from_text, read_document, sign_document, to_text
from sync.store import EventStore

log = structlog.get_logger()

_MAGIC = "sharelog-checkpoint/1"


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
