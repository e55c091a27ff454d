"""The file of a backup: two lines that say what it is, then sealed pieces of a tar archive.

    sharelog-backup/1
    {"made_at":ms,"epoch":b64,"position":n,"digest":b64}     in clear, and bound to the seal
    base64 of the file's key, sealed to the recovery key
    pieces (logger/keys/sealed_file.py)

Promises: without the recovery key nothing in it can be read; what was changed, cut off or put
together from two backups does not open; nothing is unpacked but the names that belong in it.
"""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from logger.clock import Randomness
from logger.errors import LoggerError
from logger.keys.sealed_file import KEY_BYTES, OpeningReader, SealingWriter
from logger.keys.sealing import CannotBeOpened, seal_to_recovery

MAGIC = b"sharelog-backup/1\n"
LEDGER, DESK, KEYRING, ROOT, STORED = "ledger.db", "desk.db", "keyring", "root", "phone-door.key"
TEXTS = ("settings.toml", "directory.toml", "advice.toml")
_NAMES = frozenset({LEDGER, DESK, KEYRING, ROOT, STORED, *TEXTS})
_MOST_LINE = 16 * 1024
# What finds the key of a file: given what is bound to it, and the sealed key.
FindKey = Callable[[bytes, bytes], bytes]
Members = Iterator[tuple[str, BinaryIO]]


class NotABackup(LoggerError):
    """The file is no backup of this kind, or is not whole."""

    code = "backup.not_one"
    status = 422
    public_message = "This is not a backup that can be opened. Nothing was changed."


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on a backup in clear."""

    made_at: int
    epoch: bytes
    position: int
    digest: bytes


def write(
    file: BinaryIO,
    facts: Facts,
    members: Mapping[str, Path | bytes],
    recovery_public: bytes,
    randomness: Randomness,
) -> bytes:
    """Write a backup; the key of the file, so that whoever wrote it can open it once more."""
    key, said = randomness(KEY_BYTES), msgspec.json.encode(facts)
    file.write(MAGIC + said + b"\n")
    file.write(base64.b64encode(seal_to_recovery(recovery_public, MAGIC + said, key)) + b"\n")
    with (
        SealingWriter(file, key) as sealing,
        tarfile.open(fileobj=cast(BinaryIO, sealing), mode="w|") as tar,
    ):
        for name, content in members.items():
            _add(tar, name, content)
    return key


def read_facts(file: BinaryIO) -> Facts:
    """What stands on it in clear; NotABackup where that cannot be read."""
    return _read_front(file)[0]


@contextmanager
def opened(
    file: BinaryIO, find_key: FindKey
) -> Iterator[tuple[Facts, Iterator[tuple[str, BinaryIO]]]]:
    """What stands on it, and what is in it, to be read in order; NotABackup or what `find_key`
    raises."""
    facts, bound, sealed = _read_front(file)
    key = find_key(bound, sealed)
    reader = cast(BinaryIO, io.BufferedReader(OpeningReader(file, key)))
    try:
        with tarfile.open(fileobj=reader, mode="r|") as tar:
            yield facts, _members(tar)
        while reader.read(KEY_BYTES):
            pass  # to its end, whose seal is the last proof that nothing was cut off
    except (CannotBeOpened, tarfile.TarError) as error:
        raise NotABackup("It was changed or is not whole.") from error


def _read_front(file: BinaryIO) -> tuple[Facts, bytes, bytes]:
    try:
        if file.readline(len(MAGIC)) != MAGIC:
            raise NotABackup("It does not begin as one.")
        said = file.readline(_MOST_LINE).removesuffix(b"\n")
        sealed = base64.b64decode(file.readline(_MOST_LINE).strip(), validate=True)
        return msgspec.json.decode(said, type=Facts), MAGIC + said, sealed
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotABackup("Its first lines are damaged.") from error


def _add(tar: tarfile.TarFile, name: str, content: Path | bytes) -> None:
    entry = tarfile.TarInfo(name)
    if isinstance(content, bytes):
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
        return
    entry.size = content.stat().st_size
    with content.open("rb") as source:
        tar.addfile(entry, source)


def _members(tar: tarfile.TarFile) -> Members:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() and entry.name in _NAMES else None
        if content is None:
            raise NotABackup("Something is in it that does not belong there.")
        yield entry.name, cast(BinaryIO, content)
