"""Key files are changed in one step: another master key, a further record key, a restore."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from logger.clock import system_randomness
from logger.errors import InstanceExists
from logger.keys.key_files import (
    from_escrow,
    read_keyring,
    read_recovery_key,
    rewrite_keyring,
    to_escrow,
    wrap_for_both,
    wrap_for_one,
    write_keys,
    write_restored_keys,
)
from logger.keys.keyring import NewKeys, make_keys, with_new_record_key, with_new_stored_key
from logger.keys.master import NoMasterKey, WrongMasterKey
from logger.keys.sealing import seal_small
from logger.settings import Settings
from sync.receipt import stored_key_file

NOW = 1_795_514_400_000
MASTER, FOLLOWING = bytes(range(32)), bytes(range(32, 64))


def kept(folder: Path) -> Settings:
    return Settings(folder=folder, organisation="Northside")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return kept(tmp_path / "instance")


@pytest.fixture
def keys(settings: Settings) -> NewKeys:
    made = make_keys(2, system_randomness, NOW)
    write_keys(settings, made, MASTER, system_randomness)
    return made


def test_a_changed_keyring_takes_the_place_of_the_one_before(settings, keys):
    changed = with_new_record_key(keys.keyring, 1, system_randomness, NOW + 5)
    changed, _ = with_new_stored_key(changed, system_randomness)
    root = settings.root_key.read_bytes()
    rewrite_keyring(settings, changed, MASTER, system_randomness)
    found = read_keyring(settings, MASTER)
    assert to_escrow(found) == to_escrow(changed)
    assert (found.records, found.record_made_at) == (changed.records, NOW + 5)
    assert found.stored_publics == changed.stored_publics
    assert settings.root_key.read_bytes() == root
    assert stat.S_IMODE(settings.keyring.stat().st_mode) == 0o600


def opening(settings: Settings) -> list[bool]:
    """Whether the master key of before opens, and the next one."""
    opened = []
    for master in (MASTER, FOLLOWING):
        try:
            opened.append(read_keyring(settings, master).root is not None)
        except WrongMasterKey:
            opened.append(False)
    return opened


def test_in_between_both_master_keys_open_and_then_the_next_alone(settings, keys):
    assert opening(settings) == [True, False]
    wrap_for_both(settings, MASTER, FOLLOWING, system_randomness)
    assert opening(settings) == [True, True]
    wrap_for_one(settings, FOLLOWING, system_randomness)
    assert opening(settings) == [False, True]
    assert read_keyring(settings, FOLLOWING).root.scalar == keys.keyring.root.scalar


def test_a_master_key_is_exchanged_while_the_root_is_away(settings, keys):
    settings.root_key.unlink()
    wrap_for_both(settings, MASTER, FOLLOWING, system_randomness)
    wrap_for_one(settings, FOLLOWING, system_randomness)
    assert to_escrow(read_keyring(settings, FOLLOWING)) == to_escrow(keys.keyring)
    assert not settings.root_key.exists()


def test_only_in_between_is_a_key_file_wrapped_twice(settings, keys):
    def lines() -> list[tuple[list[str], bytes]]:
        files = (settings.keyring.read_bytes(), settings.root_key.read_bytes())
        return [(sorted(msgspec.json.decode(raw)), raw[-1:]) for raw in files]

    assert lines() == [(["sealed"], b"\n")] * 2
    wrap_for_both(settings, MASTER, FOLLOWING, system_randomness)
    assert lines() == [(["also", "sealed"], b"\n")] * 2
    wrap_for_one(settings, MASTER, system_randomness)
    assert lines() == [(["sealed"], b"\n")] * 2


def test_a_key_cannot_be_exchanged_with_the_wrong_one(settings, keys):
    before = settings.keyring.read_bytes(), settings.root_key.read_bytes()
    with pytest.raises(WrongMasterKey):
        wrap_for_both(settings, FOLLOWING, MASTER, system_randomness)
    with pytest.raises(WrongMasterKey):
        wrap_for_one(settings, FOLLOWING, system_randomness)
    assert before == (settings.keyring.read_bytes(), settings.root_key.read_bytes())


def test_the_keyring_comes_back_out_of_escrow_with_all_but_the_root(keys):
    several = with_new_record_key(keys.keyring, 1, system_randomness, NOW + 5)
    several, _ = with_new_stored_key(several, system_randomness)
    back = from_escrow(to_escrow(several), None)
    assert to_escrow(back) == to_escrow(several)
    assert [key.suite for key in back.records] == [1, 2]
    assert back.records == several.records
    assert (back.root, back.root_public) == (None, several.root_public)
    assert back.stored_publics == several.stored_publics
    assert back.data_keys == several.data_keys
    assert back.recovery_public == keys.recovery.public


def test_the_recovery_key_comes_back_from_the_file_that_was_taken_away(settings, keys):
    assert read_recovery_key(settings.recovery_key) == keys.recovery
    assert settings.recovery_key.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize(
    "text",
    [b"{}", b"\xff", b'{"suite":2,"public":"","private":"AA"}',
     b'{"suite":1,"public":"","private":"' + b"A" * 43 + b'"}'],
)  # fmt: skip
def test_another_file_is_no_recovery_key(settings, keys, text):
    settings.recovery_key.write_bytes(text)
    with pytest.raises(NoMasterKey) as refused:
        read_recovery_key(settings.recovery_key)
    assert str(refused.value) == f"{settings.recovery_key} is not a recovery key."


def test_a_restored_instance_has_its_keys_again_under_a_new_master_key(tmp_path, keys):
    restored = kept(tmp_path / "restored")
    file = stored_key_file(keys.stored)
    write_restored_keys(restored, keys.keyring, file, FOLLOWING, system_randomness)
    found = read_keyring(restored, FOLLOWING)
    assert to_escrow(found) == to_escrow(keys.keyring)
    assert found.root.scalar == keys.keyring.root.scalar
    assert restored.phone_door_key.read_bytes() == file
    assert not restored.recovery_key.exists()


def test_a_restore_without_the_root_writes_none(tmp_path, keys):
    restored = kept(tmp_path / "restored")
    write_restored_keys(
        restored, replace(keys.keyring, root=None), b"{}", FOLLOWING, system_randomness
    )
    assert read_keyring(restored, FOLLOWING).root is None
    assert not restored.root_key.exists()


def test_a_restore_never_writes_over_keys(settings, keys):
    with pytest.raises(InstanceExists):
        write_restored_keys(settings, keys.keyring, b"{}", FOLLOWING, system_randomness)
    assert opening(settings) == [True, False]


def test_a_keyring_that_opens_and_is_none_says_which_file_is_damaged(settings, keys):
    sealed = seal_small(MASTER, system_randomness, b"sharelog/1/keyring", b"{}")
    settings.keyring.write_bytes(msgspec.json.encode({"sealed": sealed}))
    with pytest.raises(WrongMasterKey) as refused:
        read_keyring(settings, MASTER)
    assert str(refused.value) == f"{settings.keyring} is damaged."
