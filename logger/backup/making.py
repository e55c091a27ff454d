"""Makes a backup while the doors are open, and believes in it only after opening it again.

Promises: what stands in the folder under the name of a backup was read back, piece by piece, and
its ledger walked from the first row to the head it names; only then are phones told. Backups older
than the stated number of days go, because what was erased lives on in them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from logger.backup import archive
from logger.backup.archive import Facts, NotABackup
from logger.clock import Clock, Randomness
from logger.keys.key_files import to_escrow
from logger.keys.keyring import Keyring
from logger.settings import Settings
from logger.sqlite_file import copy_file
from sync.checkpoint import Progress, verify
from sync.frames import to_text
from sync.reconcile import BACKUP, BackedUp
from sync.store import Head
from sync.store_sqlite import SqliteStore

_ENDING = ".sharelog-backup"
_DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was found whole, and those that were old enough to go."""

    path: Path
    facts: Facts
    gone: tuple[Path, ...]


def make(
    settings: Settings,
    keyring: Keyring,
    clock: Clock,
    randomness: Randomness,
    progress: Progress | None = None,
) -> Made:
    """One backup of everything that cannot be made again."""
    folder = settings.backups
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        contextlib.closing(SqliteStore.open(settings.ledger)) as store,
        _scratch(folder) as scratch,
    ):
        head = store.copy_to(scratch / archive.LEDGER)
        facts = Facts(clock(), head.epoch, head.position, head.digest)
        begun = scratch / "backup"
        with begun.open("xb") as file:
            key = archive.write(
                file, facts, _members(settings, keyring, scratch), keyring.recovery_public,
                randomness,
            )  # fmt: skip
            file.flush()
            os.fsync(file.fileno())
        _open_again(begun, key, head, keyring, scratch, progress)
        path = folder / _name(facts.made_at)
        begun.replace(path)
        announce(store, head)
    return Made(path, facts, tuple(_drop_old(settings, clock(), path)))


def announce(store: SqliteStore, head: Head) -> None:
    """Tell phones how far a backup of this epoch reaches."""
    said = BackedUp(to_text(store.head().epoch), head.position)
    store.lay_out(BACKUP, msgspec.json.encode(said))


def _members(settings: Settings, keyring: Keyring, scratch: Path) -> dict[str, Path | bytes]:
    members: dict[str, Path | bytes] = {archive.LEDGER: scratch / archive.LEDGER}
    if settings.desk.exists():
        copy_file(settings.desk, scratch / archive.DESK)
        members[archive.DESK] = scratch / archive.DESK
    for name in archive.TEXTS:
        if (settings.folder / name).exists():
            members[name] = (settings.folder / name).read_bytes()
    members[archive.KEYRING] = to_escrow(keyring)
    if keyring.root is not None:
        members[archive.ROOT] = keyring.root.scalar
    members[archive.STORED] = settings.phone_door_key.read_bytes()
    return members


def _open_again(
    path: Path, key: bytes, head: Head, keyring: Keyring, scratch: Path, progress: Progress | None
) -> None:
    again = scratch / "again.db"
    with (
        path.open("rb") as file,
        archive.opened(file, lambda _bound, _sealed: key) as (_facts, members),
    ):
        for name, content in members:
            if name == archive.LEDGER:
                with again.open("xb") as copy:
                    shutil.copyfileobj(content, copy)
    with contextlib.closing(SqliteStore.open(again)) as store:
        verdict = verify(store, [keyring.journal.public], progress=progress)
    if verdict.broken is not None:
        raise verdict.broken
    if (verdict.rows, verdict.digest) != (head.position, head.digest):
        raise NotABackup("What was written is not what is in the ledger.")


def _drop_old(settings: Settings, now: int, newest: Path) -> Iterator[Path]:
    for path in sorted(settings.backups.glob(f"*{_ENDING}")):
        with path.open("rb") as file, contextlib.suppress(NotABackup):
            old = archive.read_facts(file).made_at < now - settings.backup_days * _DAY
            if old and path != newest:
                path.unlink()
                yield path


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    # Beside the backups, so that what is whole is moved into place in one step.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as made:
        yield Path(made)


def _name(at: int) -> str:
    # To the millisecond: a second one in the same second must not take the place of the first.
    second = datetime.fromtimestamp(at // 1000, UTC)
    return f"{second:%Y%m%d-%H%M%S}.{at % 1000:03}Z{_ENDING}"
