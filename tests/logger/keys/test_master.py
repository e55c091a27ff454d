"""The master key comes from one place, is refused in a sentence, and is written whole or not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest
from argon2.low_level import Type, hash_secret_raw

from logger.clock import system_randomness
from logger.errors import InstanceExists
from logger.keys import master
from logger.keys.master import NoMasterKey, OpenToOthers

WORDS = "pymtheg llythyren â tho"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The files and folders that were put on the disk, by number, as it goes on."""
    seen: list[int] = []

    def seen_and_done(handle: int, fsync=os.fsync) -> None:
        seen.append(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", seen_and_done)
    return seen


def private(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.touch(mode=0o600)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def sentence(do, *words, error=NoMasterKey) -> str:
    with pytest.raises(error) as refused:
        do(*words)
    return str(refused.value)


def test_a_file_of_keys_is_refused_in_these_words(tmp_path):
    none, short = tmp_path / "none", private(tmp_path / "short", b"00")
    why = f"{none} cannot be read: No such file or directory."
    assert sentence(master.read_master_key, none) == why
    why = f"{short} is not a master key: it must hold 64 hexadecimal digits."
    assert sentence(master.read_master_key, short) == why
    assert sentence(master.read_salt, short) == f"{short} is not a file of this program."


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601])
def test_a_file_that_others_may_use_in_any_way_is_refused(tmp_path, mode):
    path = private(tmp_path / "master.key", b"00" * 32, mode)
    why = f"{path} can be read by others. Run: chmod 600 {path}"
    assert sentence(master.read_master_key, path, error=OpenToOthers) == why


def test_a_master_key_file_is_sixty_four_digits_and_the_end_of_a_line(tmp_path):
    path = tmp_path / "master.key"
    assert master.write_master_key(path, lambda count: b"\xab" * count) == b"\xab" * 32
    assert path.read_bytes() == b"ab" * 32 + b"\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_credential_of_systemd_may_be_readable_by_its_group(tmp_path):
    private(tmp_path / "sharelog-master", b"cd" * 32 + b"\n", 0o440)
    assert master.read_credential({"CREDENTIALS_DIRECTORY": str(tmp_path)}) == b"\xcd" * 32


def test_a_credential_that_is_no_key_is_refused_by_its_path(tmp_path):
    path = private(tmp_path / "sharelog-master", b"cd")
    why = f"{path} is not a master key: it must hold 64 hexadecimal digits."
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert sentence(master.read_credential, environment) == why


def test_a_passphrase_is_stretched_as_argon2id_says():
    salt = master.PassphraseSalt(salt=b"s" * 16, memory_kib=64, iterations=2, lanes=1)
    expected = hash_secret_raw(WORDS.encode(), b"s" * 16, 2, 64, 1, 32, Type.ID)
    assert master.from_passphrase(WORDS, salt) == expected


def test_a_passphrase_of_sixteen_letters_is_taken_and_one_of_fifteen_is_not():
    master.check_passphrase("a" * 16)
    why = "Choose a passphrase of at least 16 characters."
    assert sentence(master.check_passphrase, "a" * 15) == why


def test_a_salt_is_sixteen_bytes_of_chance_in_a_file_that_says_how_it_is_used(tmp_path):
    path = tmp_path / "passphrase.json"
    salt = master.new_salt(path, WORDS, lambda count: b"\1" * count)
    assert salt == master.PassphraseSalt(salt=b"\1" * 16)
    assert msgspec.json.decode(path.read_bytes()) == {
        "salt": "AQEBAQEBAQEBAQEBAQEBAQ==", "memory_kib": 262_144, "iterations": 3, "lanes": 2,
        "v": 1,
    }  # fmt: skip


def test_a_key_file_is_on_the_disk_with_its_folder_when_it_is_written(tmp_path, synced):
    path = tmp_path / "deep" / "keys" / "one.key"
    master.write_private(path, b"content")
    assert path.read_bytes() == b"content"
    assert synced == [path.stat().st_ino, path.parent.stat().st_ino]
    assert [one.name for one in path.parent.iterdir()] == ["one.key"]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    master.replace_private(path, b"other")
    assert path.read_bytes() == b"other"
    assert synced[2:] == [path.stat().st_ino, path.parent.stat().st_ino]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["one.key"]


def test_a_key_is_not_written_over_another_and_says_so(tmp_path):
    path = private(tmp_path / "one.key", b"before")
    why = f"{path} is there already. Nothing was changed."
    assert sentence(master.write_private, path, b"after", error=InstanceExists) == why
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("one.key", b"before")]


def test_what_a_power_cut_left_half_written_is_in_nobodys_way(tmp_path):
    private(tmp_path / ".one.key.new", b"hal")
    master.write_private(tmp_path / "one.key", b"whole")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("one.key", b"whole")]


def test_a_disk_that_fails_leaves_the_key_of_before_and_no_rest(tmp_path, monkeypatch):
    path = private(tmp_path / "one.key", b"before")

    def fails(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space left"):
        master.replace_private(path, b"after")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("one.key", b"before")]


def test_what_was_written_is_what_is_read(tmp_path):
    large = system_randomness(1024 * 1024)
    master.write_private(tmp_path / "large", large)
    assert master.read_private(tmp_path / "large") == large
