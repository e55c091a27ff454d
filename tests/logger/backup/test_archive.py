"""A backup's file: opened whole by its key, and not at all when anything was done to it."""

from __future__ import annotations

import io
import tarfile
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.backup import archive
from logger.backup.archive import Facts, NotABackup
from logger.clock import system_randomness
from logger.keys.record_key import RecordKey
from logger.keys.sealed_file import PIECE, OpeningReader, SealingWriter
from logger.keys.sealing import CannotBeOpened, open_by_recovery

FACTS = Facts(1_795_000_000_000, bytes(16), 7, bytes(32))
RECOVERY = RecordKey.make(2, system_randomness)
KEY = bytes(range(32))
MEMBERS = {"settings.toml": b"organisation = 'Northside'\n", "keyring": b"{}" * 50_000}


def sealed(content: bytes) -> bytes:
    file = io.BytesIO()
    with SealingWriter(file, KEY) as sealing:
        sealing.write(content)
    return file.getvalue()


def opened(raw: bytes) -> bytes:
    return io.BufferedReader(OpeningReader(io.BytesIO(raw), KEY)).read()


def find(bound: bytes, key: bytes) -> bytes:
    return open_by_recovery(RECOVERY, bound, key)


def a_backup() -> bytes:
    file = io.BytesIO()
    archive.write(file, FACTS, MEMBERS, RECOVERY.public, system_randomness)
    return file.getvalue()


def unpacked(raw: bytes) -> dict[str, bytes]:
    with archive.opened(io.BytesIO(raw), find) as (facts, members):
        assert facts == FACTS
        return {name: content.read() for name, content in members}


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_every_length_comes_back(length: int) -> None:
    content = bytes(index % 251 for index in range(length))
    raw = sealed(content)
    assert opened(raw) == content
    assert content[:32] not in raw or length < 32


def test_a_piece_is_written_as_soon_as_another_begins_and_the_last_one_once() -> None:
    file = io.BytesIO()
    sealing, size = SealingWriter(file, KEY), PIECE + 16
    assert (sealing.writable(), OpeningReader(io.BytesIO(), KEY).readable()) == (True, True)
    lengths = []
    for content in (bytes(PIECE), b"x", bytes(2 * PIECE)):
        assert sealing.write(content) == len(content)
        lengths.append(len(file.getvalue()))
    assert lengths == [0, size, 3 * size]
    for _ in range(2):
        sealing.close()
        assert len(file.getvalue()) == 3 * size + 1 + 16
    assert not file.closed


def test_pieces_cannot_be_cut_off_exchanged_repeated_or_dropped() -> None:
    size = PIECE + 16
    raw = sealed(bytes(3 * PIECE))
    one, two, last = raw[:size], raw[size : 2 * size], raw[2 * size :]
    for wrong in (one + two, two + one + last, one + one + two + last, one + last, last, b""):
        with pytest.raises(CannotBeOpened):
            opened(wrong)


@given(st.integers(0, 2 * (PIECE + 16) - 1), st.integers(1, 255))
def test_a_flipped_byte_of_any_piece_is_found(at: int, flip: int) -> None:
    raw = bytearray(sealed(bytes(PIECE + 100)))
    raw[at % len(raw)] ^= flip
    with pytest.raises(CannotBeOpened):
        opened(bytes(raw))


def test_a_backup_opens_with_the_recovery_key_alone() -> None:
    raw = a_backup()
    assert unpacked(raw) == MEMBERS
    assert archive.read_facts(io.BytesIO(raw)) == FACTS
    other = RecordKey.make(2, system_randomness)
    with (
        pytest.raises(CannotBeOpened),
        archive.opened(io.BytesIO(raw), lambda bound, key: open_by_recovery(other, bound, key)),
    ):
        pass


@pytest.mark.parametrize("what", ["magic", "facts", "key", "cut", "longer", "piece"])
def test_a_backup_that_was_changed_is_refused(what: str) -> None:
    raw = a_backup()
    first, facts, key, rest = raw.split(b"\n", 3)
    wrong = {
        "magic": raw[1:],
        "facts": b"\n".join([first, facts.replace(b'"position":7', b'"position":8'), key, rest]),
        "key": b"\n".join(
            [first, facts, b"A" + key[1:] if key[:1] != b"A" else b"B" + key[1:], rest]
        ),
        "cut": raw[:-20],
        "longer": raw + b"more",
        "piece": raw[:-3000] + bytes([raw[-3000] ^ 1]) + raw[-2999:],
    }[what]
    with pytest.raises((NotABackup, CannotBeOpened)):
        unpacked(wrong)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "other", "keys/keyring.json"])
def test_nothing_is_unpacked_that_does_not_belong_in_it(name: str) -> None:
    file = io.BytesIO()
    archive.write(file, FACTS, {name: b"x"}, RECOVERY.public, system_randomness)
    with pytest.raises(NotABackup, match="does not belong"):
        unpacked(file.getvalue())


def test_a_link_in_it_is_refused() -> None:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        link = tarfile.TarInfo("settings.toml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    front = a_backup().split(b"\n", 3)
    key = find(archive.MAGIC + front[1], __import__("base64").b64decode(front[2]))
    file = io.BytesIO()
    with SealingWriter(cast(BinaryIO, file), key) as sealing:
        sealing.write(plain.getvalue())
    with pytest.raises(NotABackup, match="does not belong"):
        unpacked(b"\n".join([*front[:3], file.getvalue()]))
