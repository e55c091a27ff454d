"""The root key in a file of its own, under a passphrase of its own, to be kept off the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from logger.clock import Randomness
from logger.errors import LoggerError
from logger.keys.master import (
    PassphraseSalt,
    check_passphrase,
    from_passphrase,
    read_private,
    write_private,
)
from logger.keys.sealing import CannotBeOpened, open_small, seal_small
from sync.frames import P256Signer

_TAKEN = b"sharelog/1/root-taken"


class WrongRootFile(LoggerError):
    """The file does not open under this passphrase, or is no such file."""

    code = "keys.wrong_root_file"
    status = 500
    public_message = "The root key cannot be read: another passphrase, or another kind of file."


class _Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    salt: PassphraseSalt
    sealed: bytes
    v: Literal[1] = 1


def write_root_file(path: Path, root: P256Signer, passphrase: str, randomness: Randomness) -> None:
    """A new file that opens with the passphrase alone; InstanceExists when there is one."""
    check_passphrase(passphrase)
    salt = PassphraseSalt(salt=randomness(16))
    key = from_passphrase(passphrase, salt)
    taken = _Taken(salt, seal_small(key, randomness, _TAKEN, root.scalar))
    write_private(path, msgspec.json.encode(taken) + b"\n")


def read_root_file(path: Path, passphrase: str) -> P256Signer:
    """The root; WrongRootFile when the passphrase or the file is another."""
    try:
        taken = msgspec.json.decode(read_private(path), type=_Taken)
        key = from_passphrase(passphrase, taken.salt)
        return P256Signer.from_scalar(open_small(key, _TAKEN, taken.sealed))
    except (CannotBeOpened, msgspec.MsgspecError, ValueError) as error:
        raise WrongRootFile(f"{path}.") from error
