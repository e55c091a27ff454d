"""The keys at rest: wrapped, private, never written over, and refused in a plain sentence."""

from __future__ import annotations

import secrets
import stat
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from logger.clock import system_randomness
from logger.errors import InstanceExists
from logger.keys import master
from logger.keys.key_files import read_keyring, write_keys
from logger.keys.keyring import NewKeys, RootIsOffline, make_keys
from logger.keys.master import NoMasterKey, OpenToOthers, WrongMasterKey
from logger.keys.statement import key_statement, publish_keys, root_fingerprint
from logger.settings import Settings
from sync.frames import KEYS, check_document, from_text
from sync.receipt import read_stored_key
from sync.store_sqlite import SqliteStore

NOW = 1_795_514_400_000
MASTER = bytes(range(32))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "instance", organisation="Northside")


@pytest.fixture(params=[1, 2])
def keys(request: pytest.FixtureRequest, settings: Settings) -> NewKeys:
    made = make_keys(request.param, system_randomness)
    write_keys(settings, made, MASTER, system_randomness)
    return made


def test_the_keyring_comes_back_as_it_was_written(settings, keys):
    found = read_keyring(settings, MASTER)
    assert found.root.scalar == keys.keyring.root.scalar
    assert found.records == keys.keyring.records
    assert found.record.suite in (1, 2)
    assert [found.opened.scalar, found.publishing.scalar, found.journal.scalar] == [
        keys.keyring.opened.scalar, keys.keyring.publishing.scalar, keys.keyring.journal.scalar,
    ]  # fmt: skip
    assert (found.data_keys, found.index_key) == (keys.keyring.data_keys, keys.keyring.index_key)
    assert found.recovery_public == keys.recovery.public
    assert read_stored_key(settings.phone_door_key).public == found.stored_public


def test_another_master_key_opens_nothing_and_says_so(settings, keys):
    with pytest.raises(WrongMasterKey, match="not the master key"):
        read_keyring(settings, secrets.token_bytes(32))


def test_a_damaged_keyring_is_refused(settings, keys):
    raw = bytearray(settings.keyring.read_bytes())
    raw[40] ^= 1
    settings.keyring.write_bytes(raw)
    with pytest.raises(WrongMasterKey):
        read_keyring(settings, MASTER)


def test_the_file_of_the_root_is_not_the_file_of_the_keyring(settings, keys):
    settings.root_key.write_bytes(settings.keyring.read_bytes())
    with pytest.raises(WrongMasterKey):
        read_keyring(settings, MASTER)


def test_no_private_key_stands_in_clear_in_any_wrapped_file(settings, keys):
    text = settings.keyring.read_bytes() + settings.root_key.read_bytes()
    assert keys.keyring.record.private not in text
    assert b"index_key" not in text


def test_every_key_file_is_for_its_owner_alone(settings, keys):
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o700
    files = list(settings.keys.iterdir())
    assert len(files) == 4
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_keys_are_never_written_over_others(settings, keys):
    before = settings.keyring.read_bytes()
    with pytest.raises(InstanceExists):
        write_keys(settings, make_keys(1, system_randomness), MASTER, system_randomness)
    assert settings.keyring.read_bytes() == before
    assert len(list(settings.keys.iterdir())) == 4


def test_a_keyring_that_others_may_read_is_refused(settings, keys):
    settings.keyring.chmod(0o640)
    with pytest.raises(OpenToOthers, match="chmod 600"):
        read_keyring(settings, MASTER)


def test_without_the_root_everything_but_signing_new_statements_works(settings, keys):
    settings.root_key.unlink()
    found = read_keyring(settings, MASTER)
    assert found.root is None
    assert found.root_public == keys.keyring.root_public
    with pytest.raises(RootIsOffline):
        key_statement(found, "Northside", 1, NOW)


def test_the_statement_names_the_keys_and_is_signed_by_the_root(keys):
    keyring = keys.keyring
    raw = key_statement(keyring, "Ysgol Ŵyn", 7, NOW)
    check_document(KEYS, raw, keyring.root_public)
    said = msgspec.json.decode(raw[:-64])
    assert (said["serial"], said["organisation"]) == (7, "Ysgol Ŵyn")
    public = from_text(said["record"]["public"], len(keyring.record.public))
    assert public == keyring.record.public
    assert len(root_fingerprint(from_text(said["root"], 65))) == 32


def test_a_statement_is_laid_out_anew_only_when_it_changed_and_then_under_a_higher_serial(
    tmp_path, keys
):
    store = SqliteStore.create(tmp_path / "ledger.db", bytes(16))

    def standing(organisation: str, now: int) -> bytes:
        publish_keys(store, keys.keyring, organisation, now)
        return store.outgoing("keys") or b""

    first = standing("Northside", NOW)
    assert standing("Northside", NOW + 1000) == first
    changed = standing("Southside", NOW)
    serials = [msgspec.json.decode(raw[:-64])["serial"] for raw in (first, changed)]
    assert serials[0] < serials[1]
    offline = replace(keys.keyring, root=None)
    publish_keys(store, offline, "Elsewhere", NOW)
    assert store.outgoing("keys") == changed
    store.close()


def test_a_master_key_file_is_read_back(tmp_path):
    path = tmp_path / "master.key"
    made = master.write_master_key(path, system_randomness)
    assert master.read_master_key(path) == made
    with pytest.raises(InstanceExists):
        master.write_master_key(path, system_randomness)


@pytest.mark.parametrize("text", [b"", b"00" * 31, b"zz" * 32, b"\xff" * 32, b"00" * 33])
def test_what_is_no_master_key_is_refused(tmp_path, text):
    path = tmp_path / "master.key"
    path.touch(mode=0o600)
    path.write_bytes(text)
    with pytest.raises(NoMasterKey, match="64 hexadecimal digits"):
        master.read_master_key(path)


def test_a_missing_master_key_is_a_sentence(tmp_path):
    with pytest.raises(NoMasterKey, match="cannot be read"):
        master.read_master_key(tmp_path / "nowhere")


def test_systemd_hands_over_a_credential(tmp_path):
    (tmp_path / "sharelog-master").write_text("ab" * 32)
    assert master.read_credential({"CREDENTIALS_DIRECTORY": str(tmp_path)}) == b"\xab" * 32
    assert master.read_credential({}) is None
    assert master.read_credential({"CREDENTIALS_DIRECTORY": str(tmp_path / "other")}) is None


def test_a_passphrase_gives_the_same_key_again_and_another_gives_another(tmp_path):
    path = tmp_path / "passphrase.json"
    salt = master.new_salt(path, "correct horse battery", system_randomness)
    assert master.read_salt(path) == salt
    quick = msgspec.structs.replace(salt, memory_kib=64, iterations=1, lanes=1)
    key = master.from_passphrase("correct horse battery", quick)
    assert key == master.from_passphrase("correct horse battery", quick)
    assert key != master.from_passphrase("correct horse batterz", quick)
    with pytest.raises(NoMasterKey, match="at least 16"):
        master.new_salt(tmp_path / "other", "short", system_randomness)
