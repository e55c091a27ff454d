"""The root in a file of its own opens with its passphrase, and with nothing else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from logger.clock import system_randomness
from logger.errors import InstanceExists
from logger.keys.keyring import make_keys
from logger.keys.master import NoMasterKey
from logger.keys.root_file import WrongRootFile, read_root_file, write_root_file

WORDS = "correct horse battery staple"


@pytest.fixture(scope="module")
def root():
    return make_keys(1, system_randomness).keyring.root


@pytest.fixture(scope="module")
def taken(root, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root, taken away to a stick."""
    path = tmp_path_factory.mktemp("stick") / "root.key"
    write_root_file(path, root, WORDS, system_randomness)
    return path


def test_the_root_comes_back_with_its_passphrase(taken, root):
    assert read_root_file(taken, WORDS).scalar == root.scalar


def test_another_passphrase_does_not_open_the_root(taken):
    with pytest.raises(WrongRootFile) as refused:
        read_root_file(taken, WORDS + "r")
    assert str(refused.value) == f"{taken}."


def test_the_file_of_the_root_is_private_and_hides_it(taken, root):
    assert stat.S_IMODE(taken.stat().st_mode) == 0o600
    assert taken.read_bytes().endswith(b"}\n")
    assert root.scalar.hex().encode() not in taken.read_bytes()


def test_the_root_is_never_written_over_another(taken, root):
    with pytest.raises(InstanceExists):
        write_root_file(taken, root, WORDS, system_randomness)


def test_a_short_passphrase_writes_no_root(tmp_path, root):
    with pytest.raises(NoMasterKey):
        write_root_file(tmp_path / "root.key", root, "fifteen letters", system_randomness)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b'{"salt":{"salt":""},"sealed":"","v":2}'])
def test_another_kind_of_file_is_no_root(tmp_path, text):
    path = tmp_path / "root.key"
    path.touch(mode=0o600)
    path.write_bytes(text)
    with pytest.raises(WrongRootFile):
        read_root_file(path, WORDS)


def test_every_root_file_has_a_salt_and_a_nonce_of_its_own(tmp_path, root):
    asked = []

    def counted(count: int) -> bytes:
        asked.append(count)
        return system_randomness(count)

    write_root_file(tmp_path / "root.key", root, WORDS, counted)
    assert asked == [16, 12]
