"""Makes an instance from a backup: into an empty place, checked before it is believed.

Promises: nothing is written over; the ledger is walked to the head that the backup names; what was
erased since is erased again before anybody can read it; it begins a new epoch, so that phones say
by themselves what they hold and bring what is missing.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from logger.backup import archive
from logger.backup.archive import Facts, FindKey, Members, NotABackup
from logger.clock import Randomness
from logger.keys.key_files import from_escrow, write_restored_keys
from logger.keys.keyring import Keyring
from logger.keys.master import write_private
from logger.settings import FILE, Settings
from sync.checkpoint import Progress, verify
from sync.frames import P256Signer
from sync.store import Head
from sync.store_sqlite import SqliteStore

_FILES = frozenset({archive.LEDGER, archive.DESK, *archive.TEXTS})
_MOST_SMALL = 1024 * 1024
# Where the new master key stands or is to stand, and the key itself.
MakeMaster = Callable[[Settings], bytes]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a backup, in a folder that nobody uses yet."""

    settings: Settings
    keyring: Keyring
    facts: Facts
    master: bytes


def unpack(
    backup: Path, folder: Path, find_key: FindKey, make_master: MakeMaster, randomness: Randomness
) -> Unpacked:
    """Lay everything out in an empty folder, its keys wrapped under a new master key."""
    with backup.open("rb") as file, archive.opened(file, find_key) as (facts, members):
        small = dict(_lay_out(folder, members))
    if not {archive.KEYRING, archive.STORED} <= set(small):
        raise NotABackup("Its keys are missing.")
    settings = _settings(folder)
    master = make_master(settings)
    root = P256Signer.from_scalar(small[archive.ROOT]) if archive.ROOT in small else None
    try:
        keyring = from_escrow(small[archive.KEYRING], root)
    except msgspec.MsgspecError as error:
        raise NotABackup("Its keys cannot be read.") from error
    write_restored_keys(settings, keyring, small[archive.STORED], master, randomness)
    return Unpacked(settings, keyring, facts, master)


def check(unpacked: Unpacked, progress: Progress | None = None) -> None:
    """Walk the ledger; NotABackup unless it is whole and ends where the backup says."""
    facts, keyring = unpacked.facts, unpacked.keyring
    with contextlib.closing(SqliteStore.open(unpacked.settings.ledger)) as store:
        verdict = verify(store, [keyring.journal.public], progress=progress)
    if verdict.broken is not None:
        raise verdict.broken
    if (verdict.rows, verdict.digest) != (facts.position, facts.digest):
        raise NotABackup("Its ledger does not end where it says.")


def begin_again(store: SqliteStore, randomness: Randomness, now: int) -> Head:
    """A new epoch; where the ledger stood when it began."""
    store.begin_epoch(randomness(16), now)
    return store.head()


def _lay_out(folder: Path, members: Members) -> Iterator[tuple[str, bytes]]:
    """Files go to the folder; keys stay in memory until they are wrapped."""
    for name, content in members:
        if name not in _FILES:
            yield name, content.read(_MOST_SMALL)
            continue
        path = folder / name
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)


def _settings(folder: Path) -> Settings:
    """The settings of then, without places of a machine that may be gone."""
    then = Settings.read(folder)
    here = replace(then, master_key_file=None, backup_folder=None)
    if here != then:
        (folder / FILE).unlink()
        write_private(folder / FILE, here.to_toml().encode())
    return here
