"""`sharelog init` and `sharelog demo`: make an instance, whole or not at all."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from logger.build.record import open_record
from logger.cli.master import ask_for_new_passphrase
from logger.clock import system_clock, system_randomness
from logger.errors import InstanceExists
from logger.keys.key_files import write_keys
from logger.keys.keyring import make_keys
from logger.keys.master import (
    from_passphrase,
    new_salt,
    read_credential,
    read_master_key,
    write_master_key,
    write_private,
)
from logger.people.invitations import Invitations
from logger.people.person import Role
from logger.settings import FILE, Settings
from sync.store_sqlite import SqliteStore

DEMO_PEOPLE = (
    ("Dana Price", Role.PRACTITIONER, "North"),
    ("Sam Okafor", Role.SUPERVISOR, "North"),
    ("Ruth Ellis", Role.SUPERVISOR, "North"),
    ("Aled Morgan", Role.ALTERNATE, ""),
    ("Carys Bevan", Role.ALLEGATIONS_LEAD, ""),
    ("Gwen Parry", Role.GOVERNANCE, ""),
    ("Priya Nair", Role.DATA_PROTECTION_OFFICER, ""),
    ("Alex Shaw", Role.ADMINISTRATOR, ""),
    # A role takes two of them.
    ("Bryn Tate", Role.ADMINISTRATOR, ""),
)
_MADE = """\
Made an instance in {folder}.

Take these away from this machine, and keep them where only two people can reach them:
  {recovery}  opens backups when everything else is lost
  {root}      certifies new keys; needed here only when keys change
Next:
  sharelog invite "YOUR NAME" you@example.org   prints the link for the first administrator
  sharelog serve                                opens the doors
"""
_DEMO = """\
Made a demo instance in {folder}. Anyone can sign in as anyone: never enter anything real.
Next: sharelog serve
"""


def init(asked: argparse.Namespace) -> int:
    """Make a real instance."""
    folder = asked.instance.absolute()
    _make(folder, lambda fresh: _fill(fresh, asked, demo=False))
    settings = Settings.read(folder)
    print(_MADE.format(folder=folder, recovery=settings.recovery_key, root=settings.root_key))
    return 0


def demo(asked: argparse.Namespace) -> int:
    """Make a demo instance with its people."""
    folder = asked.instance.absolute()
    _make(folder, lambda fresh: _fill(fresh, asked, demo=True))
    print(_DEMO.format(folder=folder))
    return 0


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside and move it into place, so that a half-made instance is never found."""
    if folder.exists() and any(folder.iterdir()):
        raise InstanceExists(f"{folder} is not empty.")
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    try:
        fill(fresh)
        fresh.replace(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _fill(folder: Path, asked: argparse.Namespace, *, demo: bool) -> None:
    settings = _settings(folder, asked, demo=demo)
    keys = make_keys(settings.suite, system_randomness, system_clock())
    master = _new_master(settings, asked)
    write_keys(settings, keys, master, system_randomness)
    SqliteStore.create(settings.ledger, system_randomness(16)).close()
    if demo:
        settings = replace(settings, demo_person=_add_demo_people(settings, master))
    record = open_record(settings, master, system_clock, system_randomness)
    record.prepare(system_clock())
    record.close()
    write_private(folder / FILE, settings.to_toml().encode())


def _settings(folder: Path, asked: argparse.Namespace, *, demo: bool) -> Settings:
    origins = {
        name: value.rstrip("/")
        for name in ("phone_origin", "record_origin")
        if (value := getattr(asked, name)) is not None
    }
    return Settings(
        folder=folder,
        organisation=asked.organisation,
        kind=asked.kind,
        nation=asked.nation,
        language=asked.language,
        suite=asked.suite,
        demo=demo,
        production=asked.production,
        master_key_file=asked.master_key_file and asked.master_key_file.absolute(),
        **origins,
    )


def _new_master(settings: Settings, asked: argparse.Namespace) -> bytes:
    if asked.passphrase:
        passphrase = ask_for_new_passphrase(settings.organisation)
        salt = new_salt(settings.passphrase_salt, passphrase, system_randomness)
        return from_passphrase(passphrase, salt)
    if settings.master_key.exists():
        return read_master_key(settings.master_key)
    credential = None if asked.master_key_file else read_credential(os.environ)
    return credential or write_master_key(settings.master_key, system_randomness)


def _add_demo_people(settings: Settings, master: bytes) -> UUID:
    """Everybody of the demo; the id of the practitioner whose phone anyone may be."""
    record = open_record(settings, master, system_clock, system_randomness)
    record.follower.catch_up()
    invitations = record.room(Invitations)
    people = [
        invitations.add(name, f"{name.split()[0].lower()}@demo.invalid", role, team, by=None)
        for name, role, team in DEMO_PEOPLE
    ]
    record.close()
    return people[0].id
