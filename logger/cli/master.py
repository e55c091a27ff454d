"""Finds the master key: given by hand, by systemd, in a file, or behind a passphrase."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from logger.guessable import check_hard_to_guess
from logger.keys.master import (
    NoMasterKey,
    check_passphrase,
    from_passphrase,
    read_credential,
    read_master_key,
    read_salt,
)
from logger.settings import Settings


def find_master_key(settings: Settings, given: Path | None) -> bytes:
    """The master key of an instance; NoMasterKey says where it was looked for."""
    if given is not None:
        return read_master_key(given)
    credential = read_credential(os.environ)
    if credential is not None:
        return credential
    if settings.master_key.exists():
        return read_master_key(settings.master_key)
    if settings.passphrase_salt.exists():
        passphrase = getpass.getpass("Passphrase of the keys: ")
        return from_passphrase(passphrase, read_salt(settings.passphrase_salt))
    raise NoMasterKey(f"It was looked for in {settings.master_key}.")


def ask_for_new_passphrase(organisation: str) -> str:
    """A passphrase typed twice; NoMasterKey when the two differ, EasilyGuessed when others would
    try it first."""
    first = getpass.getpass("A new passphrase for the keys: ")
    if getpass.getpass("The same again: ") != first:
        raise NoMasterKey("The two passphrases are not the same.")
    check_passphrase(first)
    check_hard_to_guess(first, [organisation])
    return first
