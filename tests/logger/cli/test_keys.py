"""Keys grow old, the root lives elsewhere, the master key changes: phones and entries go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from logger.cli.looking_after.keys import reminder
from logger.clock import system_randomness
from logger.keys.key_files import read_keyring, wrap_for_both, wrap_for_one
from logger.keys.keyring import make_keys
from logger.keys.master import WrongMasterKey, read_master_key
from logger.settings import Settings
from tests.command import demo_code, sharelog
from tests.running import RunningInstance
from tests.stranger_client import Door, Event, Phone

ROOT_WORDS = "correct horse battery staple"
SECONDS = 20


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[RunningInstance]:
    made = RunningInstance(tmp_path / "demo", suite=1)
    made.start()
    yield made
    made.close()


def a_phone(instance: RunningInstance) -> Phone:
    phone = Phone(Door(instance.phone_url))
    phone.enrol(demo_code(instance))
    return phone


def said(folder: Path, *words: str, typed: str = "", code: int = 0) -> str:
    got, out, errors = sharelog(folder, *words, typed=typed)
    assert got == code, (out, errors)
    return out + errors


def in_the_record(phone: Phone, event: Event) -> bool:
    answer = phone.until(event, lambda told: event.id in told.opened, SECONDS)
    return answer.opened[event.id]["outcome"] == "opened"


def test_a_phone_that_was_away_seals_to_the_old_key_and_then_follows_to_the_new_one(
    instance: RunningInstance,
) -> None:
    phone = a_phone(instance)
    away = phone.capture()
    before = phone.trusted
    instance.stop()
    for _ in range(3):
        assert "Phones will seal to a new key" in said(instance.folder, "keys", "rotate")
    assert "Record keys: 4" in said(instance.folder, "keys", "show")
    instance.start()
    # Sealed ninety days ago or yesterday: what counts is that the key is still held.
    assert phone.send(away).outcomes == ["stored"]
    assert in_the_record(phone, away)
    after = phone.fetch_keys()
    assert after.serial > before.serial
    assert after.record_id != before.record_id
    late = phone.capture()
    assert phone.send(late).outcomes == ["stored"]
    assert in_the_record(phone, late)


def test_new_receipts_are_signed_by_a_key_that_the_root_has_certified(
    instance: RunningInstance,
) -> None:
    phone = a_phone(instance)
    first = phone.capture()
    phone.send(first)
    before = phone.trusted
    instance.stop()
    said(instance.folder, "keys", "rotate", "--receipts")
    instance.start()
    with pytest.raises(Exception, match="signature"):
        phone.send(first)
    after = phone.fetch_keys()
    assert after.stored[1:] == before.stored
    assert phone.send(first).outcomes == ["already-held"]


def test_a_root_that_lives_elsewhere_signs_a_request_that_was_carried_there(
    instance: RunningInstance, tmp_path: Path
) -> None:
    phone, folder = a_phone(instance), instance.folder
    before = phone.trusted
    instance.stop()
    root, paper = tmp_path / "root.key", tmp_path / "paper"
    said(folder, "keys", "take-root", str(root), typed=f"{ROOT_WORDS}\n{ROOT_WORDS}\n")
    assert not (folder / "keys" / "root.json").exists()
    assert "The root key is not here" in said(folder, "keys", "rotate", "--receipts")
    said(folder, "keys", "request", str(paper))
    # Until the root has signed, phones and the door go on as before.
    instance.start()
    assert phone.fetch_keys() == before
    assert phone.send(phone.capture()).outcomes == ["stored"]
    instance.stop()
    elsewhere = tmp_path / "elsewhere"
    asked = ("keys", "sign", str(paper), "--root", str(root))
    assert "another passphrase" in said(elsewhere, *asked, typed="not these words\n", code=1)
    assert "asked to certify" in said(elsewhere, *asked, typed=f"{ROOT_WORDS}\n")
    assert "new statement" in said(folder, "keys", "accept", str(paper))
    assert "not newer" in said(folder, "keys", "accept", str(paper), code=1)
    instance.start()
    assert phone.fetch_keys().stored[1:] == before.stored
    assert phone.send(phone.capture()).outcomes == ["stored"]


def test_what_is_not_a_statement_of_this_root_is_refused_in_a_sentence(
    instance: RunningInstance, tmp_path: Path
) -> None:
    instance.stop()
    folder, paper, root = instance.folder, tmp_path / "paper", tmp_path / "root.key"
    said(folder, "keys", "take-root", str(root), typed=f"{ROOT_WORDS}\n{ROOT_WORDS}\n")
    assert "taken away before" in said(folder, "keys", "take-root", str(root), code=1)
    said(folder, "keys", "request", str(paper))
    assert "not a signed statement" in said(folder, "keys", "accept", str(paper), code=1)
    said(folder, "keys", "sign", str(paper), "--root", str(root), typed=f"{ROOT_WORDS}\n")
    assert "not a request" in said(folder, "keys", "sign", str(paper), "--root", str(root), code=1)
    signed = paper.read_text()
    paper.write_text(signed[:60] + ("A" if signed[60] != "A" else "B") + signed[61:])
    assert "Nothing was changed" in said(folder, "keys", "accept", str(paper), code=1)
    paper.write_text(signed)
    said(folder, "keys", "rotate")
    assert "other keys than those in use" in said(folder, "keys", "accept", str(paper), code=1)


def test_keys_change_only_while_both_doors_are_closed(instance: RunningInstance) -> None:
    assert "already being served" in said(instance.folder, "keys", "rotate", code=1)


def test_a_record_key_of_more_than_a_quarter_asks_for_a_new_one() -> None:
    keyring = make_keys(1, system_randomness, now=1_000_000_000_000).keyring
    day = 24 * 60 * 60 * 1000
    assert reminder(keyring, 1_000_000_000_000 + 92 * day) == ""
    assert "93 days old" in reminder(keyring, 1_000_000_000_000 + 93 * day)
    assert reminder(replace(keyring, record_made_at=0), 2_000_000_000_000) == ""


def test_the_master_key_is_exchanged_and_the_one_of_before_opens_nothing(
    instance: RunningInstance, tmp_path: Path
) -> None:
    instance.stop()
    folder, old = instance.folder, tmp_path / "old.key"
    old.write_bytes((folder / "master.key").read_bytes())
    old.chmod(0o600)
    said(folder, "keys", "rewrap")
    assert "not the master key" in said(folder, "verify", "--master-key-file", str(old), code=1)
    assert "whole" in said(folder, "verify")
    elsewhere = tmp_path / "new.key"
    said(folder, "keys", "rewrap", "--to", str(elsewhere))
    assert "not the master key" in said(folder, "verify", code=1)
    assert "whole" in said(folder, "verify", "--master-key-file", str(elsewhere))
    words = f"{ROOT_WORDS}\n{ROOT_WORDS}\n"
    asked = ("keys", "rewrap", "--passphrase", "--master-key-file", str(elsewhere))
    said(folder, *asked, typed=words)
    assert "whole" in said(folder, "verify", typed=f"{ROOT_WORDS}\n")
    assert "Say with --to FILE" in said(folder, "keys", "rewrap", typed=f"{ROOT_WORDS}\n", code=1)


def test_a_power_cut_while_the_master_key_is_exchanged_leaves_one_that_opens(
    instance: RunningInstance,
) -> None:
    instance.stop()
    settings = Settings.read(instance.folder)
    old, new = read_master_key(settings.master_key), system_randomness(32)
    wrap_for_both(settings, old, new, system_randomness)
    for master in (old, new):
        assert read_keyring(settings, master).root is not None
    wrap_for_one(settings, new, system_randomness)
    assert read_keyring(settings, new).root is not None
    with pytest.raises(WrongMasterKey):
        read_keyring(settings, old)
