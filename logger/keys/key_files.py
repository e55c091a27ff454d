"""The key files of an instance: the keyring and the root, wrapped under the master key.

The root has a file of its own, so that it can be taken offline without touching the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from logger.clock import Randomness
from logger.keys.keyring import DataKey, Keyring, NewKeys
from logger.keys.master import (
    NoMasterKey,
    WrongMasterKey,
    read_private,
    replace_private,
    write_private,
)
from logger.keys.record_key import RecordKey
from logger.keys.sealing import CannotBeOpened, open_small, seal_small
from logger.settings import Settings
from sync.errors import SyncError
from sync.frames import P256Signer, from_text, to_text
from sync.receipt import write_stored_key

_KEYRING, _ROOT = b"sharelog/1/keyring", b"sharelog/1/root-key"


class _Wrapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    sealed: bytes
    # Under the next master key, while one is being exchanged for another.
    also: bytes | None = None
    v: Literal[1] = 1


class _Record(msgspec.Struct, frozen=True):
    suite: Literal[1, 2]
    private: bytes


class _Data(msgspec.Struct, frozen=True):
    id: bytes
    key: bytes


class _Keyring(msgspec.Struct, frozen=True):
    root_public: bytes
    records: list[_Record]
    opened: bytes
    publishing: bytes
    journal: bytes
    stored_public: bytes
    index_key: bytes
    data_keys: list[_Data]
    recovery_public: bytes
    stored_before: list[bytes] = []
    record_made_at: int = 0
    v: Literal[1] = 1


class _Recovery(msgspec.Struct, frozen=True):
    suite: int
    public: str
    private: str
    v: Literal[1] = 1


def write_keys(settings: Settings, keys: NewKeys, master: bytes, randomness: Randomness) -> None:
    """Lay down every key file of a new instance; InstanceExists before anything is changed."""
    keyring = keys.keyring
    _write_record_keys(settings, keyring, master, randomness)
    recovery = _Recovery(
        keys.recovery.suite, to_text(keys.recovery.public), to_text(keys.recovery.private)
    )
    write_private(settings.recovery_key, msgspec.json.encode(recovery) + b"\n")
    write_stored_key(settings.phone_door_key, keys.stored)


def read_keyring(settings: Settings, master: bytes) -> Keyring:
    """The keyring, with the root when its file is there; WrongMasterKey when it does not open."""
    plain = _unwrap(settings.keyring, master, _KEYRING)
    root = None
    if settings.root_key.exists():
        root = P256Signer.from_scalar(_unwrap(settings.root_key, master, _ROOT))
    try:
        return from_escrow(plain, root)
    except msgspec.MsgspecError as error:
        raise WrongMasterKey(f"{settings.keyring} is damaged.") from error


def write_restored_keys(
    settings: Settings, keyring: Keyring, stored_file: bytes, master: bytes, randomness: Randomness
) -> None:
    """Lay down the key files of a restored instance; InstanceExists where one stands already."""
    _write_record_keys(settings, keyring, master, randomness)
    write_private(settings.phone_door_key, stored_file)


def _write_record_keys(
    settings: Settings, keyring: Keyring, master: bytes, randomness: Randomness
) -> None:
    write_private(settings.keyring, _wrap(master, randomness, _KEYRING, to_escrow(keyring)))
    if keyring.root is not None:
        root = _wrap(master, randomness, _ROOT, keyring.root.scalar)
        write_private(settings.root_key, root)


def read_recovery_key(path: Path) -> RecordKey:
    """The recovery pair from the file that was taken away; NoMasterKey when it is none."""
    try:
        said = msgspec.json.decode(read_private(path), type=_Recovery)
        return RecordKey.from_private(said.suite, from_text(said.private, 32))
    except (msgspec.MsgspecError, SyncError, ValueError) as error:
        raise NoMasterKey(f"{path} is not a recovery key.") from error


def rewrite_keyring(
    settings: Settings, keyring: Keyring, master: bytes, randomness: Randomness
) -> None:
    """Put a changed keyring in the place of the one before; the file of the root stays."""
    sealed = _wrap(master, randomness, _KEYRING, to_escrow(keyring))
    replace_private(settings.keyring, sealed)


def wrap_for_both(
    settings: Settings, master: bytes, following: bytes, randomness: Randomness
) -> None:
    """From here on both master keys open: whichever is in its place when the power fails."""
    for path, what in _wrapped_files(settings):
        plain = _unwrap(path, master, what)
        now, then = (seal_small(key, randomness, what, plain) for key in (master, following))
        replace_private(path, msgspec.json.encode(_Wrapped(now, then)) + b"\n")


def wrap_for_one(settings: Settings, master: bytes, randomness: Randomness) -> None:
    """From here on this master key alone opens."""
    for path, what in _wrapped_files(settings):
        plain = _unwrap(path, master, what)
        replace_private(path, _wrap(master, randomness, what, plain))


def _wrapped_files(settings: Settings) -> list[tuple[Path, bytes]]:
    files = [(settings.keyring, _KEYRING), (settings.root_key, _ROOT)]
    return [(path, what) for path, what in files if path.exists()]


def from_escrow(plain: bytes, root: P256Signer | None) -> Keyring:
    """The keyring of these bytes; msgspec.MsgspecError when they are none."""
    stored = msgspec.json.decode(plain, type=_Keyring)
    return Keyring(
        root_public=stored.root_public,
        root=root,
        records=tuple(RecordKey.from_private(key.suite, key.private) for key in stored.records),
        opened=P256Signer.from_scalar(stored.opened),
        publishing=P256Signer.from_scalar(stored.publishing),
        journal=P256Signer.from_scalar(stored.journal),
        stored_publics=(stored.stored_public, *stored.stored_before),
        index_key=stored.index_key,
        data_keys=tuple(DataKey(key.id, key.key) for key in stored.data_keys),
        recovery_public=stored.recovery_public,
        record_made_at=stored.record_made_at,
    )


def to_escrow(keyring: Keyring) -> bytes:
    """The keyring without the root, unwrapped: only ever into something that is sealed."""
    return msgspec.json.encode(_plain(keyring))


def _plain(keyring: Keyring) -> _Keyring:
    return _Keyring(
        root_public=keyring.root_public,
        records=[_Record(_suite(key), key.private) for key in keyring.records],
        opened=keyring.opened.scalar,
        publishing=keyring.publishing.scalar,
        journal=keyring.journal.scalar,
        stored_public=keyring.stored_public,
        index_key=keyring.index_key,
        data_keys=[_Data(key.id, key.key) for key in keyring.data_keys],
        recovery_public=keyring.recovery_public,
        stored_before=list(keyring.stored_publics[1:]),
        record_made_at=keyring.record_made_at,
    )


def _suite(key: RecordKey) -> Literal[1, 2]:
    return 1 if key.suite == 1 else 2


def _wrap(master: bytes, randomness: Randomness, what: bytes, plain: bytes) -> bytes:
    return msgspec.json.encode(_Wrapped(seal_small(master, randomness, what, plain))) + b"\n"


def _unwrap(path: Path, master: bytes, what: bytes) -> bytes:
    raw = read_private(path)
    try:
        wrapped = msgspec.json.decode(raw, type=_Wrapped)
        try:
            return open_small(master, what, wrapped.sealed)
        except CannotBeOpened:
            return open_small(master, what, wrapped.also or b"")
    except (CannotBeOpened, msgspec.MsgspecError) as error:
        raise WrongMasterKey from error
