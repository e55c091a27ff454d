"""The master key that wraps every other key: from a file, a systemd credential or a passphrase.

Promises: fails closed with one plain sentence; never writes a key over another; what it writes is
readable by its owner alone and complete or not there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from logger.clock import Randomness
from logger.errors import InstanceExists, LoggerError

MASTER_BYTES = 32
CREDENTIAL = "sharelog-master"
PASSPHRASE_LEAST = 16


class NoMasterKey(LoggerError):
    """The master key is not where it should be, or is not one."""

    code = "keys.no_master"
    status = 500
    public_message = "The master key is missing."


class WrongMasterKey(LoggerError):
    """A key file does not open under this master key."""

    code = "keys.wrong_master"
    status = 500
    public_message = "This is not the master key of this instance. Nothing was opened."


class OpenToOthers(LoggerError):
    """A file of keys can be read by others on this machine."""

    code = "keys.open_to_others"
    status = 500
    public_message = "A key file can be read by others. Take that right away first."


class PassphraseSalt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What turns the passphrase into the master key; not secret."""

    salt: bytes
    memory_kib: int = 262_144
    iterations: int = 3
    lanes: int = 2
    v: Literal[1] = 1


def read_master_key(path: Path) -> bytes:
    """The 32 bytes in a file of 64 hexadecimal digits, mode 0600."""
    return _from_hex(read_private(path), path)


def read_credential(environment: Mapping[str, str]) -> bytes | None:
    """The master key that systemd handed over (LoadCredential=), or None when it did not."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, CREDENTIAL) if folder else None
    if path is None or not path.exists():
        return None
    # systemd keeps these in a folder of its own that only the service can reach.
    return _from_hex(path.read_bytes(), path)


def write_master_key(path: Path, randomness: Randomness) -> bytes:
    """A fresh master key in a new file."""
    key = randomness(MASTER_BYTES)
    write_private(path, key.hex().encode() + b"\n")
    return key


def from_passphrase(passphrase: str, salt: PassphraseSalt) -> bytes:
    """The master key behind a passphrase (Argon2id, RFC 9106)."""
    derive = Argon2id(
        salt=salt.salt,
        length=MASTER_BYTES,
        iterations=salt.iterations,
        lanes=salt.lanes,
        memory_cost=salt.memory_kib,
    )
    return derive.derive(passphrase.encode())


def check_passphrase(passphrase: str) -> None:
    """NoMasterKey for a passphrase that could be guessed."""
    if len(passphrase) < PASSPHRASE_LEAST:
        raise NoMasterKey(f"Choose a passphrase of at least {PASSPHRASE_LEAST} characters.")


def new_salt(path: Path, passphrase: str, randomness: Randomness) -> PassphraseSalt:
    """A fresh salt in a new file; refuses a passphrase that could be guessed."""
    check_passphrase(passphrase)
    salt = PassphraseSalt(salt=randomness(16))
    write_private(path, salt_file(salt))
    return salt


def salt_file(salt: PassphraseSalt) -> bytes:
    """What stands in the file of a salt."""
    return msgspec.json.encode(salt)


def read_salt(path: Path) -> PassphraseSalt:
    """The salt of this instance's passphrase."""
    try:
        return msgspec.json.decode(read_private(path), type=PassphraseSalt)
    except msgspec.MsgspecError as error:
        raise NoMasterKey(f"{path} is not a file of this program.") from error


def read_private(path: Path) -> bytes:
    """The bytes of a file that only its owner may read; OpenToOthers when others may, too."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            raw = file.read(1024 * 1024)
    except OSError as error:
        raise NoMasterKey(f"{path} cannot be read: {error.strerror}.") from error
    # Windows has no such bits; there the folder's access list protects the file.
    if os.name == "posix" and mode & 0o077:
        raise OpenToOthers(f"{path} can be read by others. Run: chmod 600 {path}")
    return raw


def write_private(path: Path, content: bytes) -> None:
    """A new file, mode 0600, whole and on the disk when this returns; never over another."""
    beside = _written_beside(path, content)
    try:
        # A link, unlike a rename, fails when the name is taken.
        os.link(beside, path)
    except FileExistsError as error:
        raise InstanceExists(f"{path} is there already. Nothing was changed.") from error
    finally:
        beside.unlink()
    _sync_folder(path.parent)


def replace_private(path: Path, content: bytes) -> None:
    """The same in place of what stands there: one or the other, whenever the power fails."""
    _written_beside(path, content).replace(path)
    _sync_folder(path.parent)


def _written_beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink()
        raise
    return beside


def _from_hex(raw: bytes, path: Path) -> bytes:
    try:
        key = bytes.fromhex(raw.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != MASTER_BYTES:
        raise NoMasterKey(f"{path} is not a master key: it must hold 64 hexadecimal digits.")
    return key


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
