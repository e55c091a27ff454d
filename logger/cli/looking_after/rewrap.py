"""`sharelog keys rewrap`: another master key, or a passphrase in its place.

Promises: at every moment either the master key of before or the new one opens, so that a power cut
costs nothing; afterwards the one of before opens nothing any more.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from logger.cli.looking_after.keys import changing
from logger.cli.master import ask_for_new_passphrase
from logger.clock import system_randomness
from logger.errors import LoggerError
from logger.keys.key_files import wrap_for_both, wrap_for_one
from logger.keys.master import (
    MASTER_BYTES,
    PassphraseSalt,
    from_passphrase,
    replace_private,
    salt_file,
    write_master_key,
)
from logger.settings import Settings


class WhereTo(LoggerError):
    """The master key comes from outside, and nobody said where the new one should go."""

    code = "keys.where_to"
    public_message = (
        "The master key does not stand in this instance. Say with --to FILE where to write the "
        "new one, then put it where the old one comes from."
    )


def rewrap(asked: argparse.Namespace) -> int:
    """Exchange the master key."""
    with changing(asked) as (settings, _keyring, master, _store):
        following, put_in_place = _following(settings, asked)
        wrap_for_both(settings, master, following, system_randomness)
        put_in_place()
        wrap_for_one(settings, following, system_randomness)
    print("The keys are wrapped anew. What the master key of before opened, it opens no longer:")
    print("copies of the keys folder from before still open with it, so destroy both.")
    return 0


def _following(settings: Settings, asked: argparse.Namespace) -> tuple[bytes, Callable[[], None]]:
    """The next master key, and what puts it where it will be looked for."""
    if asked.passphrase:
        passphrase = ask_for_new_passphrase(settings.organisation)
        salt = PassphraseSalt(salt=system_randomness(16))

        def put_salt() -> None:
            replace_private(settings.passphrase_salt, salt_file(salt))
            # A file would be found before anybody is asked for the passphrase.
            settings.master_key.unlink(missing_ok=True)

        return from_passphrase(passphrase, salt), put_salt
    if asked.to is not None:
        to: Path = asked.to
        return write_master_key(to, system_randomness), lambda: None
    if not settings.master_key.exists():
        raise WhereTo
    fresh = system_randomness(MASTER_BYTES)
    return fresh, lambda: replace_private(settings.master_key, fresh.hex().encode() + b"\n")
