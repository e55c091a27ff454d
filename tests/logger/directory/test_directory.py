"""The directory in both languages, and what phones get of it, signed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from logger.directory.advice import Advice
from logger.directory.own_file import DirectoryUnreadable
from logger.directory.publish import NAME, DirectoryDocument, publish
from logger.directory.recipients import Directory
from logger.settings import Settings
from sync.frames import DIRECTORY, check_document, read_document
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_signer

ALL = Directory.read()
NONE = Advice()
KEY = a_signer("publishing")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore.create(tmp_path / "ledger.db", bytes(16))


def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, "Northside")


def standing(store: SqliteStore) -> DirectoryDocument:
    raw = store.outgoing(NAME)
    assert raw is not None
    check_document(DIRECTORY, raw, KEY.public)
    return read_document(raw, DirectoryDocument)


def test_every_word_is_there_in_both_languages_under_one_code() -> None:
    for words in (ALL.recipients, ALL.why, ALL.how):
        assert len({word.code for word in words}) == len(words)
        for word in words:
            assert word.label.en
            assert word.label.cy
            assert len(word.code) <= 64


def test_a_code_reads_as_its_label_and_an_unknown_one_as_itself() -> None:
    assert ALL.recipient("police-999", "en") == "Police (999)"
    assert ALL.way("phone", "cy") == "Ffôn"
    assert ALL.reason("no-longer-listed", "en") == "no-longer-listed"


def test_phones_get_the_directory_signed_by_the_publishing_key(
    tmp_path: Path, store: SqliteStore
) -> None:
    publish(store, settings(tmp_path), ALL, NONE, KEY, NOW)
    document = standing(store)
    assert document.organisation == "Northside"
    assert document.document_within_hours == 24
    assert document.read_back_days == 7
    assert {one.number for one in document.recipients} == {"", "999", "101", "0808 800 5000"}


def test_the_serial_rises_with_a_change_and_only_then(tmp_path: Path, store: SqliteStore) -> None:
    here = settings(tmp_path)
    first = publish(store, here, ALL, NONE, KEY, NOW)
    before = store.outgoing(NAME)
    assert publish(store, here, ALL, NONE, KEY, NOW + 60_000) == first
    assert store.outgoing(NAME) == before
    second = publish(store, replace(here, organisation="Southside"), ALL, NONE, KEY, NOW)
    assert second.serial == first.serial + 1
    third = publish(store, here, replace(ALL, how=()), NONE, KEY, NOW + 3_600_000)
    assert third.serial > second.serial
    assert standing(store).how == ()


def test_another_publishing_key_takes_over_above_the_serial(
    tmp_path: Path, store: SqliteStore
) -> None:
    first = publish(store, settings(tmp_path), ALL, NONE, a_signer("the one before"), NOW)
    assert publish(store, settings(tmp_path), ALL, NONE, KEY, NOW).serial == first.serial + 1
    assert standing(store).organisation == "Northside"


@pytest.mark.parametrize("text", ["recipients = 1", "nonsense", "receivers = []"])
def test_a_directory_of_another_shape_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "recipients.toml"
    path.write_text(text)
    with pytest.raises(DirectoryUnreadable):
        Directory.read(path)


def test_a_code_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recipients.toml"
    word = '[[why]]\ncode = "a"\nlabel = { en = "A", cy = "A" }\n'
    path.write_text(f"recipients = []\nhow = []\n{word}{word}")
    with pytest.raises(DirectoryUnreadable, match="twice"):
        Directory.read(path)
