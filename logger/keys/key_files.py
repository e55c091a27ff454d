"""The key files of an instance: the keyring and the root, wrapped under the master key.

The root has a file of its own, so that it can be taken offline without touching the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from logger.clock import Randomness
from logger.keys.keyring import DataKey, Keyring, NewKeys
from logger.keys.master import WrongMasterKey, read_private, write_private
from logger.keys.record_key import RecordKey
from logger.keys.sealing import CannotBeOpened, open_small, seal_small
from logger.settings import Settings
from sync.frames import P256Signer, to_text
from sync.receipt import write_stored_key

_KEYRING, _ROOT = b"sharelog/1/keyring", b"sharelog/1/root-key"


class _Wrapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sealed: bytes
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
    v: Literal[1] = 1


class _Recovery(msgspec.Struct, frozen=True):
    suite: int
    public: str
    private: str
    v: Literal[1] = 1


def write_keys(settings: Settings, keys: NewKeys, master: bytes, randomness: Randomness) -> None:
    """Lay down every key file of a new instance; InstanceExists before anything is changed."""
    keyring = keys.keyring
    text = msgspec.json.encode(_plain(keyring))
    write_private(settings.keyring, _wrap(master, randomness, _KEYRING, text))
    if keyring.root is not None:
        root = _wrap(master, randomness, _ROOT, keyring.root.scalar)
        write_private(settings.root_key, root)
    recovery = _Recovery(
        keys.recovery.suite, to_text(keys.recovery.public), to_text(keys.recovery.private)
    )
    write_private(settings.recovery_key, msgspec.json.encode(recovery) + b"\n")
    write_stored_key(settings.phone_door_key, keys.stored)


def read_keyring(settings: Settings, master: bytes) -> Keyring:
    """The keyring, with the root when its file is there; WrongMasterKey when it does not open."""
    plain = _unwrap(settings.keyring, master, _KEYRING)
    try:
        stored = msgspec.json.decode(plain, type=_Keyring)
    except msgspec.MsgspecError as error:
        raise WrongMasterKey(f"{settings.keyring} is damaged.") from error
    root = None
    if settings.root_key.exists():
        root = P256Signer.from_scalar(_unwrap(settings.root_key, master, _ROOT))
    return Keyring(
        root_public=stored.root_public,
        root=root,
        records=tuple(RecordKey.from_private(key.suite, key.private) for key in stored.records),
        opened=P256Signer.from_scalar(stored.opened),
        publishing=P256Signer.from_scalar(stored.publishing),
        journal=P256Signer.from_scalar(stored.journal),
        stored_public=stored.stored_public,
        index_key=stored.index_key,
        data_keys=tuple(DataKey(key.id, key.key) for key in stored.data_keys),
        recovery_public=stored.recovery_public,
    )


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
    )


def _suite(key: RecordKey) -> Literal[1, 2]:
    return 1 if key.suite == 1 else 2


def _wrap(master: bytes, randomness: Randomness, what: bytes, plain: bytes) -> bytes:
    return msgspec.json.encode(_Wrapped(seal_small(master, randomness, what, plain))) + b"\n"


def _unwrap(path: Path, master: bytes, what: bytes) -> bytes:
    raw = read_private(path)
    try:
        return open_small(master, what, msgspec.json.decode(raw, type=_Wrapped).sealed)
    except (CannotBeOpened, msgspec.MsgspecError) as error:
        raise WrongMasterKey from error
