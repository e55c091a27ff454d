"""The stored key's file is its owner's alone; a receipt is the same bytes for ever."""

from __future__ import annotations

import os

import pytest

from sync.errors import StoredKeyUnusable
from sync.receipt import read_stored_key, stored_receipt, write_stored_key
from sync.store import Arrival
from tests.events import NOW, a_signer, an_event


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "phone-door.key"
    write_stored_key(file, a_signer("stored"))
    return file


def test_the_key_is_read_as_it_was_written(key_file):
    assert read_stored_key(key_file).public == a_signer("stored").public


def test_a_key_is_never_written_over_another(key_file):
    with pytest.raises(FileExistsError):
        write_stored_key(key_file, a_signer("another"))


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(StoredKeyUnusable, match="chmod 600"):
        read_stored_key(key_file)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"v":1,"stored":"AA"}', b'{"v":2,"stored":"AA"}', b"\xff",
     b'{"v":1,"stored":"' + b"A" * 43 + b'"}', b'{"v":1,"stored":"' + b"_" * 42 + b'8"}'],
)  # fmt: skip
def test_a_file_that_is_no_key_is_refused(key_file, content):
    key_file.write_bytes(content)
    with pytest.raises(StoredKeyUnusable):
        read_stored_key(key_file)


def test_no_file_is_refused(tmp_path):
    with pytest.raises(StoredKeyUnusable, match="cannot be read"):
        read_stored_key(tmp_path / "none.key")


def test_one_row_has_one_receipt(store):
    ((row, _),) = store.keep([Arrival(an_event())], NOW)
    signer = a_signer("stored")
    assert stored_receipt(row, signer) == stored_receipt(store.row(row.id), signer)
