"""An entry is erased: its words are gone everywhere, and everybody can see that they are."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from logger.entries.drafts import Draft, Drafts
from logger.errors import NotFound
from logger.retention import erased_list
from logger.retention.erasing import Erasing
from sync.checkpoint import verify
from sync.judging.judge import outcome_of
from sync.store import Arrival
from tests.desk_world import OBJECTIVE, World

WHY = "Logged about the wrong family; confirmed by the information governance lead."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def erasing(world: World) -> Erasing:
    found = world.rooms.rooms[Erasing]
    assert isinstance(found, Erasing)
    return found


def drafts(world: World, entry: UUID) -> tuple[Draft, ...]:
    found = world.rooms.rooms[Drafts]
    assert isinstance(found, Drafts)
    forms = ("objective", "later-outcome")
    return tuple(one for form in forms for one in found.of(world.dana.id, entry, form))


def test_the_words_are_gone_and_a_signed_event_says_why(world: World) -> None:
    kept, gone = world.submitted(world.dana), world.submitted(world.dana)
    before = len(world.rooms.store.of_entry(gone))
    parts = erasing(world).erase(gone, WHY, world.alex)
    rows = world.rooms.store.of_entry(gone)
    assert parts == before == len(rows) - 1
    assert [row.sealed is None for row in rows] == [True] * before + [False]
    assert all(row.sealed for row in world.rooms.store.of_entry(kept))
    verdict = verify(world.rooms.store, [world.rooms.keyring.journal.public])
    assert verdict.broken is None


def test_pages_know_the_entry_no_longer_and_others_stand_as_they_did(world: World) -> None:
    kept, gone = world.submitted(world.dana), world.submitted(world.dana)
    erasing(world).erase(gone, WHY, None)
    sam = world.browser(world.sam)
    assert str(gone) not in sam.get("/to-review").html
    assert str(kept) in sam.get("/to-review").html
    sam.get(f"/review/{gone}", 404)
    assert gone.bytes.hex() not in world.dump_index()


def test_an_index_that_followed_is_the_one_that_is_made_anew(world: World) -> None:
    for entry in [world.submitted(world.dana) for _ in range(3)][:2]:
        erasing(world).erase(entry, WHY, None)
    world.capture(world.nia)
    followed = world.dump_index()
    world.rooms.index.path.unlink()
    world.rooms.follow()
    assert world.dump_index() == followed


def test_unsaved_drafts_of_it_are_gone_too(world: World) -> None:
    entry, dana = world.capture(world.dana), world.browser(world.dana)
    for form, answers in (("objective", OBJECTIVE), ("later/outcome", {"outcome": "Attended"})):
        action = f"/entries/{entry}/{form}"
        dana.autosave(dana.get(action), action, **answers)
    assert len(drafts(world, entry)) == 2
    erasing(world).erase(entry, WHY, None)
    assert not drafts(world, entry)


def test_what_is_no_entry_cannot_be_erased(world: World) -> None:
    with pytest.raises(NotFound):
        erasing(world).erase(world.dana.id, WHY, None)
    with pytest.raises(NotFound):
        erasing(world).erase(uuid4(), WHY, None)


def test_a_phone_that_brings_it_again_is_told_that_it_was_disposed_of(world: World) -> None:
    entry = world.capture(world.dana)
    event = world.rooms.store.of_entry(entry)[0].event
    assert event is not None
    erasing(world).erase(entry, WHY, None)
    ((row, new),) = world.rooms.store.keep([Arrival(event)], world.now)
    assert (outcome_of(row, new), new) == ("disposed", False)


def test_the_list_beside_the_backups_names_it_and_can_be_followed_again(
    world: World, tmp_path: Path
) -> None:
    one, two = world.capture(world.dana), world.capture(world.dana)
    erasing(world).erase(one, WHY, None)
    listed = tmp_path / "backups" / erased_list.NAME
    assert erased_list.read(listed) == [one]
    erased_list.add(listed.parent, two, world.now)
    assert erasing(world).erase_again(listed) == 1
    assert all(row.sealed is None for row in world.rooms.store.of_entry(two)[:-1])
    listed.write_text("not an entry\n")
    with pytest.raises(erased_list.UnreadableErasedList, match="line 1"):
        erased_list.read(listed)
