"""The command as people use it: in a process of its own, on a folder of its own."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from logger.build.record import open_record
from logger.clock import system_clock, system_randomness
from logger.keys.master import read_master_key
from logger.people.invitations import Invitations
from logger.people.person import Role
from logger.people.register import Register
from logger.settings import Settings
from sync.store_sqlite import SqliteStore
from tests.command import sharelog

COMMANDS = (
    "init",
    "demo",
    "serve",
    "verify",
    "rebuild",
    "invite",
    "confirm",
    "erase",
    "keys",
    "backup",
    "restore",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern") / "instance"
    assert sharelog(folder, "init", "--organisation", "Northside")[0] == 0
    return folder


@pytest.fixture
def made(pattern: Path, folder: Path) -> Path:
    """An instance of one's own, copied from one that was made once."""
    return Path(shutil.copytree(pattern, folder))


def test_help_is_complete(folder):
    code, whole, _ = sharelog(folder, "--help")
    assert code == 0
    for command in COMMANDS:
        assert re.search(rf"^ +{command} +\S", whole, re.MULTILINE)
        code, text, _ = sharelog(folder, command, "--help")
        assert code == 0
        assert "--instance FOLDER" in text or command == "keys"
    for command in ("show", "rotate", "request", "accept", "take-root", "rewrap"):
        code, text, _ = sharelog(folder, "keys", command, "--help")
        assert (code, "--instance FOLDER" in text) == (0, True)


def test_a_wrong_command_line_is_refused(folder):
    assert sharelog(folder, "initialise")[0] == 2
    assert sharelog(folder)[0] == 2
    assert sharelog(folder, "init")[0] == 2


def test_init_makes_everything_private_and_says_what_to_take_away(folder):
    code, said, errors = sharelog(folder, "init", "--organisation", 'Ysgol "Ŵyn" 👶')
    assert (code, errors) == (0, "")
    assert str(folder / "keys" / "recovery.key") in said
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert sharelog(folder, "verify")[0] == 0


def test_init_never_writes_over_what_is_there(made):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    for command in (("init", "--organisation", "Other"), ("demo",)):
        code, _, errors = sharelog(made, *command)
        assert (code, "Nothing was changed" in errors) == (1, True)
    assert before == {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}


def test_an_init_that_fails_leaves_nothing_behind(folder):
    code, _, errors = sharelog(
        folder, "init", "--organisation", "N", "--record-origin", "http://example.org"
    )
    assert (code, "needs https" in errors) == (1, True)
    assert list(folder.parent.iterdir()) == []


def test_where_nothing_was_made_every_command_says_so(folder):
    for command in (["serve"], ["verify"], ["rebuild"], ["invite", "A", "a@example.org"]):
        code, _, errors = sharelog(folder, *command)
        assert (code, "There is no instance in" in errors) == (1, True), command


def test_a_wrong_master_key_fails_closed_with_a_sentence(made):
    (made / "master.key").write_text("00" * 32)
    for command in (["serve"], ["verify"], ["rebuild"], ["invite", "A", "a@example.org"]):
        code, said, errors = sharelog(made, *command)
        assert (code, said) == (1, "")
        assert errors == "This is not the master key of this instance. Nothing was opened.\n"


def test_a_missing_master_key_is_said_with_where_it_was_looked_for(made):
    (made / "master.key").unlink()
    code, _, errors = sharelog(made, "serve")
    assert code == 1
    assert "The master key is missing." in errors
    assert str(made / "master.key") in errors


def test_a_master_key_that_others_can_read_is_refused(made):
    (made / "master.key").chmod(0o644)
    code, _, errors = sharelog(made, "rebuild")
    assert (code, "chmod 600" in errors) == (1, True)


def test_the_master_key_may_be_kept_elsewhere(folder, tmp_path):
    elsewhere = tmp_path / "safe" / "master.key"
    words = ["init", "--organisation", "N", "--master-key-file", str(elsewhere)]
    assert sharelog(folder, *words)[0] == 0
    assert not (folder / "master.key").exists()
    assert sharelog(folder, "rebuild")[0] == 0
    moved = elsewhere.rename(tmp_path / "moved.key")
    assert sharelog(folder, "rebuild")[0] == 1
    assert sharelog(folder, "rebuild", "--master-key-file", str(moved))[0] == 0


def test_systemd_may_hand_the_master_key_over(made, tmp_path):
    (made / "master.key").rename(tmp_path / "sharelog-master")
    assert sharelog(made, "rebuild", CREDENTIALS_DIRECTORY=str(tmp_path))[0] == 0
    assert sharelog(made, "rebuild")[0] == 1


def test_a_passphrase_opens_the_keys_and_a_wrong_one_does_not(folder):
    right = "correct horse battery\n"
    words = ["init", "--organisation", "N", "--passphrase"]
    assert sharelog(folder, *words, typed=right + "another one, longer\n")[0] == 1
    assert sharelog(folder, *words, typed=right * 2)[0] == 0
    assert not (folder / "master.key").exists()
    assert sharelog(folder, "rebuild", typed=right)[0] == 0
    code, _, errors = sharelog(folder, "rebuild", typed="correct horse batterz\n")
    assert (code, "not the master key" in errors) == (1, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("too short", "at least 16 characters"),
        ("passwordpassword1", "easy to guess"),
        ("the boats of Northside", "the name of your organisation"),
    ],
)
def test_a_passphrase_that_would_be_tried_first_makes_no_instance(folder, typed, said):
    words = ["init", "--organisation", "Northside", "--passphrase"]
    code, _, errors = sharelog(folder, *words, typed=f"{typed}\n" * 2)
    assert (code, said in errors, typed in errors) == (1, True, False)
    assert not folder.exists()


def test_invite_prints_a_link_and_refuses_the_same_address_again(made):
    code, said, errors = sharelog(made, "invite", "Alex Shaw", "alex@example.org")
    assert (code, errors) == (0, "")
    assert re.search(r"^http://record\.localhost:8001/join/[\w-]{43}$", said, re.MULTILINE)
    code, _, errors = sharelog(made, "invite", "Other", "Alex@Example.org")
    assert (code, "already here" in errors) == (1, True)


def test_where_there_is_one_administrator_the_machine_is_the_second(made):
    sharelog(made, "invite", "Alex Shaw", "alex@example.org")
    assert sharelog(made, "confirm", "alex@example.org", "--yes")[0] == 1
    settings = Settings.read(made)
    record = open_record(
        settings, read_master_key(settings.master_key), system_clock, system_randomness
    )
    record.follower.catch_up()
    alex = record.room(Register).by_email("alex@example.org")
    add = record.room(Invitations).add
    add("Sam Okafor", "sam@example.org", Role.SUPERVISOR, "North", alex.id)
    assert record.room(Register).by_email("sam@example.org").role is Role.PRACTITIONER
    code, said, _ = sharelog(made, "confirm", "sam@example.org", typed="no\n")
    assert (code, "Alex Shaw asked for Sam Okafor: supervisor, team North." in said) == (1, True)
    code, said, _ = sharelog(made, "confirm", "sam@example.org", typed="yes\n")
    assert (code, said.endswith("Confirmed.\n")) == (0, True)
    record.follower.catch_up()
    assert record.room(Register).by_email("sam@example.org").role is Role.SUPERVISOR
    record.close()


def test_rebuild_shows_its_progress_and_makes_the_same_index(made):
    sharelog(made, "invite", "Alex Shaw", "alex@example.org")
    before = dump(made)
    (made / "index.db").unlink()
    code, said, errors = sharelog(made, "rebuild")
    assert (code, said) == (0, "The index is new: 2 events.\n")
    assert "##] 2 of 2" in errors
    assert dump(made) == before


def dump(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "index.db")
    lines = list(connection.iterdump())
    connection.close()
    return lines


def test_verify_gives_a_head_and_knows_it_again(made):
    sharelog(made, "invite", "Alex Shaw", "alex@example.org")
    code, said, _ = sharelog(made, "verify")
    head = said.split()[-1]
    assert code == 0
    assert re.fullmatch(r"2:[0-9a-f]{64}", head)
    sharelog(made, "invite", "Sam Okafor", "sam@example.org")
    assert sharelog(made, "verify", "--head", head)[0] == 0
    code, _, errors = sharelog(made, "verify", "--head", "9" + head)
    assert (code, "The ledger has been altered." in errors) == (3, True)
    assert sharelog(made, "verify", "--head", "nonsense")[0] == 1


def test_verify_finds_a_changed_ledger(made):
    sharelog(made, "invite", "Alex Shaw", "alex@example.org")
    raw = bytearray((made / "ledger.db").read_bytes())
    sealed = first_sealed(made)
    raw[raw.index(sealed) + 20] ^= 1
    (made / "ledger.db").write_bytes(raw)
    code, _, errors = sharelog(made, "verify")
    assert (code, "\nThe ledger has been altered. position" in errors) == (3, True)


def first_sealed(folder: Path) -> bytes:
    store = SqliteStore.open(folder / "ledger.db")
    (row,) = store.after(0, 1)
    store.close()
    assert row.sealed
    return row.sealed[:64]


def test_settings_that_cannot_be_used_are_refused_with_the_reason(made):
    path = made / "settings.toml"
    path.write_text(path.read_text() + "colour = 'red'")
    code, _, errors = sharelog(made, "rebuild")
    assert (code, "has a line nobody knows: colour." in errors) == (1, True)


def test_a_demo_cannot_be_production(folder):
    assert sharelog(folder, "demo")[0] == 0
    path = folder / "settings.toml"
    path.write_text(path.read_text().replace("production = false", "production = true"))
    code, _, errors = sharelog(folder, "serve")
    assert (code, "A demo instance cannot be a production instance." in errors) == (1, True)
