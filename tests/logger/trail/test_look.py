"""Whoever reads is written down first; when that fails nothing is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from logger.trail.look import Trail
from logger.trail.looks import Looks
from sync.errors import LedgerFull
from sync.event import CAPTURE, LOOK
from tests.desk_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_look_stands_in_the_ledger_before_the_words_are_opened(world):
    entry, store = world.capture(world.dana), world.rooms.store
    before = store.head().position
    found = world.rooms.rooms[Trail].read(world.sam, [entry], "review")
    looks = store.after(before)
    assert [row.header.kind for row in looks] == [LOOK]
    assert [opened.row.header.kind for opened in found[entry]] == [CAPTURE]
    (look,) = world.rooms.rooms[Looks].of_entry(entry)
    assert (look.person, look.page, look.at) == (world.sam.id, "review", world.now)


def test_one_look_covers_a_page_of_entries(world):
    entries, store = [world.capture(world.dana) for _ in range(3)], world.rooms.store
    before = store.head().position
    assert set(world.rooms.rooms[Trail].read(world.sam, entries, "to-review")) == set(entries)
    assert store.head().position == before + 1
    assert all(world.rooms.rooms[Looks].of_entry(entry) for entry in entries)


def test_reading_nothing_writes_nothing(world):
    before = world.rooms.store.head()
    assert world.rooms.rooms[Trail].read(world.sam, [], "to-review") == {}
    assert world.rooms.store.head() == before


def test_a_look_that_cannot_be_written_shows_nothing(world, monkeypatch):
    entry, opened = world.capture(world.dana), []

    def full(*_: object) -> None:
        raise LedgerFull

    monkeypatch.setattr(world.rooms.store, "append", full)
    monkeypatch.setattr("logger.trail.look.open_row", lambda *_: opened.append(1))
    with pytest.raises(LedgerFull):
        world.rooms.rooms[Trail].read(world.sam, [entry], "review")
    assert opened == []


def test_the_page_of_an_entry_is_refused_when_the_look_cannot_be_written(world, monkeypatch):
    entry = world.submitted(world.dana, shared="a canary in the words")
    browser = world.browser(world.sam)

    def full(*_: object) -> None:
        raise LedgerFull

    monkeypatch.setattr(world.rooms.store, "append", full)
    page = browser.get(f"/review/{entry}", status=507)
    assert "canary" not in page.text


def test_looking_disturbs_nobody_who_is_deciding(world):
    entry = world.submitted(world.dana)
    page = world.browser(world.sam)
    shown = page.get(f"/review/{entry}")
    world.browser(world.ruth).get(f"/review/{entry}")
    path = f"/review/{entry}/decision"
    assert page.post(shown, path, outcome="signed-off")


def test_a_look_holds_ids_and_no_word(world):
    entry = world.capture(world.dana, shared="a canary in the words")
    world.browser(world.dana).get(f"/entries/{entry}")
    assert "canary" not in world.dump_index()
