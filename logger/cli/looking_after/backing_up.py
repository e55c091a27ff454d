"""`sharelog backup` and `sharelog restore`: one sealed file out, an instance back."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from logger.backup import making, restored, restoring
from logger.backup.archive import FindKey, NotABackup
from logger.backup.restored import Restored
from logger.build.record import open_record
from logger.cli.looking_after.keeping import earlier_head, progress_of
from logger.cli.master import find_master_key
from logger.clock import system_clock, system_randomness
from logger.errors import InstanceExists, LoggerError
from logger.keys.key_files import read_keyring, read_recovery_key
from logger.keys.master import read_master_key, write_master_key, write_private
from logger.keys.sealing import CannotBeOpened, open_by_recovery
from logger.retention import erased_list
from logger.retention.erasing import Erasing
from logger.settings import Settings
from sync.store_sqlite import SqliteStore

_DRILL = """\
The drill went well: the backup opens with this recovery key, its ledger is whole, and an instance
was made of it. That instance has been removed again. Nothing here has changed.
"""
_NEXT = """\
Next: read settings.toml, then open the doors: sharelog serve
Phones bring back by themselves what they still hold. sharelog verify says what has come back.
Take the backup and the recovery key away again.
"""


class WrongRecoveryKey(LoggerError):
    """A backup was sealed for another recovery key."""

    code = "backup.wrong_recovery_key"
    status = 500
    public_message = "This recovery key does not open this backup. Nothing was changed."


def backup(asked: argparse.Namespace) -> int:
    """Make one; the doors may be open meanwhile."""
    settings = Settings.read(asked.instance.absolute())
    keyring = read_keyring(settings, find_master_key(settings, asked.master_key_file))
    show = progress_of("Reading it back")
    made = making.make(settings, keyring, system_clock, system_randomness, show)
    print(f"{made.path}")
    print(f"It holds {made.facts.position:,} events, was opened again and found whole.")
    print("Only the recovery key opens it. Copy it to another machine.")
    for path in made.gone:
        print(f"Removed, older than {settings.backup_days} days: {path.name}")
    return 0


def restore(asked: argparse.Namespace) -> int:
    """Make an instance of a backup, or with --drill only see that it could be made."""
    if asked.drill:
        with tempfile.TemporaryDirectory() as place:
            _restore(asked, Path(place) / "drill")
        print(_DRILL, end="")
        return 0
    folder = asked.instance.absolute()
    if folder.exists() and any(folder.iterdir()):
        raise InstanceExists(f"{folder} is not empty.")
    lines = _restore(asked, folder)
    print(f"Made an instance in {folder}.")
    print("\n".join(lines))
    print(_NEXT, end="")
    return 0


def _restore(asked: argparse.Namespace, folder: Path) -> list[str]:
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    try:
        lines = _fill(asked, fresh)
        fresh.replace(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return lines


def _fill(asked: argparse.Namespace, fresh: Path) -> list[str]:
    find_key = _finding_key(asked.recovery_key)
    made = _making_master(asked.master_key_file)
    if not asked.backup.is_file():
        raise NotABackup(f"There is no file {asked.backup}.")
    unpacked = restoring.unpack(asked.backup, fresh, find_key, made, system_randomness)
    restoring.check(unpacked, progress_of("Checking"))
    settings, now = unpacked.settings, system_clock()
    with contextlib.closing(SqliteStore.open(settings.ledger)) as store:
        making.announce(store, restoring.begin_again(store, system_randomness, now))
    lost = earlier_head(asked.head).position if asked.head else None
    facts = unpacked.facts
    said = Restored(now, facts.made_at, facts.position, lost)
    write_private(settings.restored, restored.note(settings, said))
    record = open_record(settings, unpacked.master, system_clock, system_randomness)
    with contextlib.closing(record):
        listed = asked.erased or asked.backup.parent / erased_list.NAME
        again = record.room(Erasing).erase_again(listed)
        record.prepare(system_clock())
        return [f"Erased again: {again} entries.", *restored.report(record.store, said)]


def _finding_key(path: Path) -> FindKey:
    recovery = read_recovery_key(path)

    def find(bound: bytes, sealed: bytes) -> bytes:
        try:
            return open_by_recovery(recovery, bound, sealed)
        except CannotBeOpened as error:
            raise WrongRecoveryKey from error

    return find


def _making_master(given: Path | None) -> Callable[[Settings], bytes]:
    def make(settings: Settings) -> bytes:
        if given is None:
            return write_master_key(settings.master_key, system_randomness)
        if given.exists():
            return read_master_key(given)
        return write_master_key(given.absolute(), system_randomness)

    return make
