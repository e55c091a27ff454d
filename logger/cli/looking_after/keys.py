"""`sharelog keys`: new keys for old, a root that lives elsewhere, another master key.

Promises: whatever fails, the instance opens as before; no key is printed; a key that is no longer
used to seal or sign is kept, because something was sealed or signed with it.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from logger.cli.lock import PHONE, RECORD, holding
from logger.cli.master import ask_for_new_passphrase, find_master_key
from logger.clock import system_clock, system_randomness
from logger.errors import LoggerError
from logger.keys.key_files import read_keyring, rewrite_keyring
from logger.keys.keyring import (
    Keyring,
    days_overdue,
    with_new_record_key,
    with_new_stored_key,
)
from logger.keys.master import read_private, replace_private, write_private
from logger.keys.root_file import read_root_file, write_root_file
from logger.keys.statement import (
    NotAStatement,
    accept_statement,
    publish_keys,
    request_statement,
    sign_request,
)
from logger.settings import Settings
from sync.frames import to_text
from sync.receipt import read_stored_key, stored_key_file
from sync.store_sqlite import SqliteStore

_UNSIGNED, _SIGNED = b"sharelog-key-request/1\n", b"sharelog-key-statement/1\n"
_ASK_ROOT = """\
The root key is not here, so phones go on with the keys they have. Next:
  sharelog keys request FILE                     here
  sharelog keys sign FILE --root ROOTFILE        where the root is
  sharelog keys accept FILE                      here again
"""


class RootIsHereNoMore(LoggerError):
    """The root was to be taken away and is not here."""

    code = "keys.root_gone"
    public_message = "The root key is not in this instance. It was taken away before."


def show(asked: argparse.Namespace) -> int:
    """What keys there are, by name and age; never a key."""
    settings = Settings.read(asked.instance.absolute())
    keyring = read_keyring(settings, find_master_key(settings, asked.master_key_file))
    print(f"Record keys: {len(keyring.records)}. Phones are to seal to {_named(keyring)}.")
    print(f"Receipt keys: {len(keyring.stored_publics)}. Root: {_root_place(keyring)}.")
    with contextlib.closing(SqliteStore.open(settings.ledger)) as store:
        print(_standing(store, keyring))
    if words := reminder(keyring, system_clock()):
        print(words)
    return 0


def rotate(asked: argparse.Namespace) -> int:
    """A fresh record key, or with --receipts a fresh key for the phone door."""
    with changing(asked) as (settings, keyring, master, store):
        if asked.receipts:
            keyring, stored = with_new_stored_key(keyring, system_randomness)
            replace_private(_waiting(settings), stored_key_file(stored))
            rewrite_keyring(settings, keyring, master, system_randomness)
            # The statement first: phones must know a key before they meet what it signed.
            _publish(store, keyring, settings)
            if keyring.root is not None:
                _begin_to_sign(settings, keyring)
            print("There is a new key for receipts.")
        else:
            now = system_clock()
            keyring = with_new_record_key(keyring, settings.suite, system_randomness, now)
            rewrite_keyring(settings, keyring, master, system_randomness)
            _publish(store, keyring, settings)
            print(f"Phones will seal to a new key: {_named(keyring)}.")
            print("What was sealed to the keys before opens as it did.")
        print(_ASK_ROOT if keyring.root is None else "Open the doors again: sharelog serve")
    return 0


def request(asked: argparse.Namespace) -> int:
    """Write what the root is to certify into a file."""
    with changing(asked) as (settings, keyring, _master, store):
        text = request_statement(store, keyring, settings.organisation, system_clock())
        write_private(asked.file, _UNSIGNED + text + b"\n")
    print(f"Take {asked.file} to where the root is, and sign it there with sharelog keys sign.")
    return 0


def sign(asked: argparse.Namespace) -> int:
    """Sign a request where the root is: a machine that needs nothing else of the instance."""
    raw = read_private(asked.file)
    if not raw.startswith(_UNSIGNED):
        raise NotAStatement("This is not a request.")
    text = raw.removeprefix(_UNSIGNED).strip()
    print("The root is asked to certify:\n" + text.decode("utf-8", "replace"))
    root = read_root_file(asked.root, getpass.getpass("Passphrase of the root: "))
    signed = base64.b64encode(sign_request(text, root))
    replace_private(asked.file, _SIGNED + signed + b"\n")
    print(f"Signed. Bring {asked.file} back, and use it with sharelog keys accept.")
    return 0


def accept(asked: argparse.Namespace) -> int:
    """Take in a statement that was signed elsewhere."""
    raw = read_private(asked.file)
    if not raw.startswith(_SIGNED):
        raise NotAStatement("This is not a signed statement.")
    try:
        document = base64.b64decode(raw.removeprefix(_SIGNED).strip(), validate=True)
    except ValueError as error:
        raise NotAStatement("This file was changed on its way.") from error
    with changing(asked) as (settings, keyring, _master, store):
        serial = accept_statement(store, keyring, document)
        _begin_to_sign(settings, keyring)
    print(f"Phones get the new statement, number {serial}. Open the doors again: sharelog serve")
    return 0


def take_root(asked: argparse.Namespace) -> int:
    """Move the root into a file under a passphrase of its own."""
    with changing(asked) as (settings, keyring, _master, _store):
        if keyring.root is None:
            raise RootIsHereNoMore
        passphrase = ask_for_new_passphrase(settings.organisation)
        write_root_file(asked.file, keyring.root, passphrase, system_randomness)
        read_root_file(asked.file, passphrase)
        settings.root_key.unlink()
    print(f"The root key is in {asked.file} and nowhere else. Take it away from this machine.")
    return 0


def reminder(keyring: Keyring, now: int) -> str:
    """A sentence when the record key has served for a quarter, else nothing."""
    days = days_overdue(keyring, now)
    if days is None:
        return ""
    return f"The record key is {days} days old. Make a new one: sharelog keys rotate"


@contextmanager
def changing(
    asked: argparse.Namespace,
) -> Iterator[tuple[Settings, Keyring, bytes, SqliteStore]]:
    """Both doors are closed, so that none goes on with keys from before."""
    settings = Settings.read(asked.instance.absolute())
    with holding(settings.lock, [PHONE, RECORD]):
        master = find_master_key(settings, asked.master_key_file)
        keyring = read_keyring(settings, master)
        with contextlib.closing(SqliteStore.open(settings.ledger)) as store:
            yield settings, keyring, master, store


def _publish(store: SqliteStore, keyring: Keyring, settings: Settings) -> None:
    publish_keys(store, keyring, settings.organisation, system_clock())


def _waiting(settings: Settings) -> Path:
    """A receipt key that the root has not certified yet: nothing is signed with it before."""
    return settings.keys / "phone-door.next"


def _begin_to_sign(settings: Settings, keyring: Keyring) -> None:
    """The phone door signs with the key that waited, if the keyring names it."""
    waiting = _waiting(settings)
    if waiting.exists() and read_stored_key(waiting).public == keyring.stored_public:
        waiting.replace(settings.phone_door_key)


def _named(keyring: Keyring) -> str:
    made = keyring.record_made_at
    since = datetime.fromtimestamp(made / 1000, UTC).date().isoformat() if made else "unknown"
    return f"{to_text(keyring.record.id)} (suite {keyring.record.suite}, since {since})"


def _root_place(keyring: Keyring) -> str:
    return "here; take it away with sharelog keys take-root" if keyring.root else "not here"


def _standing(store: SqliteStore, keyring: Keyring) -> str:
    published = store.outgoing("keys")
    if published and to_text(keyring.record.id).encode() in published:
        return "Phones are told so."
    return _ASK_ROOT
