"""Following the ledger and making the index anew: the same file, and nobody held up."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from logger.clock import system_randomness
from logger.journal.follow import Announcer, Follower
from logger.journal.index import Index
from logger.journal.read import open_row
from logger.journal.rebuild import rebuild
from logger.journal.write import Journal
from logger.keys.keyring import make_keys
from logger.keys.sealing import CannotBeOpened
from logger.people.register import Register
from sync.event import CAPTURE, DOCUMENTATION
from sync.frames import to_text
from sync.receipt import check_opened
from sync.store import Arrival, Lane, Row
from tests.desk_world import World
from tests.events import an_event


class Later(msgspec.Struct):
    """What a later release might write."""

    v: int = 1


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def a_busy_day(world: World) -> None:
    first = world.submitted(world.dana)
    world.decide(world.sam, first, "signed-off")
    world.capture(world.nia)
    # Of a shape that this release does not know, as a later one might write.
    journal = Journal(world.rooms.store, world.rooms.keyring, lambda: world.now, system_randomness)
    journal.append(DOCUMENTATION, first, Later())
    world.arrive(world.dana, world.sam.id, CAPTURE, {"v": 1, "nonsense": True})
    world.rooms.store.keep([Arrival(an_event("a stranger's phone"))], world.now)
    world.rooms.store.keep([Arrival(an_event("revoked", 2), Lane.QUARANTINE)], world.now)
    world.rooms.follow()


def dump(path: Path) -> list[str]:
    index = Index(path)
    lines = list(index.read().conn.iterdump())
    index.let_go()
    return lines


def a_follower(world: World, path: Path) -> Follower:
    rooms = world.rooms
    announcer = Announcer(rooms.store, rooms.keyring, lambda: world.now)
    return Follower(rooms.store, Index(path), rooms.folding, announcer)


def test_the_index_made_anew_is_the_followed_one_byte_for_byte(world, tmp_path):
    a_busy_day(world)
    followed, seen = dump(world.rooms.index.path), []
    fresh = Index(tmp_path / "other.db")
    rebuild(
        world.rooms.store, world.rooms.folding, fresh, lambda _: None,
        lambda done, of: seen.append((done, of)),
    )  # fmt: skip
    assert dump(fresh.path) == followed
    assert seen[-1][0] == seen[-1][1] == world.rooms.store.head().position


def test_one_row_at_a_time_and_all_at_once_make_the_same_index(world, tmp_path, monkeypatch):
    a_busy_day(world)
    monkeypatch.setattr("logger.journal.follow.BATCH", 1)
    monkeypatch.setattr("logger.journal.rebuild.BATCH", 1)
    follower = a_follower(world, tmp_path / "slow.db")
    follower.catch_up()
    world.capture(world.dana)
    world.capture(world.dana)
    assert follower.catch_up() == 2
    assert dump(tmp_path / "slow.db") == dump(world.rooms.index.path)


def test_two_followers_of_one_file_fold_no_row_twice(world, tmp_path):
    path = tmp_path / "shared.db"
    followers = [a_follower(world, path) for _ in range(2)]
    followers[0].catch_up()
    for _ in range(30):
        world.capture(world.dana)
    threads = [threading.Thread(target=one.catch_up) for one in followers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dump(path) == dump(world.rooms.index.path)


def test_who_asks_does_not_wait_for_what_is_sent_meanwhile(world, tmp_path, monkeypatch):
    follower, store = a_follower(world, tmp_path / "live.db"), world.rooms.store
    follower.catch_up()
    monkeypatch.setattr("logger.journal.follow.BATCH", 1)
    found, numbers = store.after, iter(range(1, 9))

    def send() -> None:
        for number in itertools.islice(numbers, 1):
            store.keep([Arrival(an_event("a stranger's phone", number))], world.now)

    def after(position: int, limit: int) -> list[Row]:
        send()
        return found(position, limit)

    send()
    monkeypatch.setattr(store, "after", after)
    assert [follower.catch_up() for _ in range(4)] == [1, 1, 1, 1]


def test_what_cannot_go_into_the_record_is_set_aside_with_its_reason(world):
    a_busy_day(world)
    aside = {row.why for row in world.rooms.register.set_aside()}
    assert aside == {"not-our-schema", "unknown-key", "revoked-phone"}


def test_a_kind_that_has_no_shape_is_set_aside_as_unknown(world):
    entry = world.capture(world.dana)
    (row,) = world.rooms.store.of_entry(entry)
    with pytest.raises(CannotBeOpened, match="unknown-kind"):
        open_row(row, world.rooms.keyring, {})


def test_nothing_that_cannot_be_opened_holds_up_what_comes_after(world):
    a_busy_day(world)
    before = len(world.rooms.register.set_aside())
    entry = world.capture(world.dana)
    assert world.browser(world.dana).get(f"/entries/{entry}")
    assert len(world.rooms.register.set_aside()) == before


def test_a_phone_hears_opened_or_why_not_and_always_the_same(world):
    entry = world.capture(world.dana)
    world.arrive(world.dana, world.sam.id, CAPTURE, {"v": 1})
    store, public = world.rooms.store, world.rooms.keyring.opened.public
    good, bad = store.of_entry(entry)[0].id, store.of_entry(world.sam.id)[-1].id
    said = store.announced([good, bad])
    opened, aside = (check_opened(said[one], public) for one in (good, bad))
    assert (opened.outcome, opened.why, opened.id) == ("opened", "", to_text(good))
    assert (aside.outcome, aside.why) == ("set-aside", "not-our-schema")
    world.later(1000)
    world.rooms.index.path.unlink()
    world.rooms.follow()
    assert store.announced([good, bad]) == said


def test_a_phone_in_quarantine_hears_nothing_until_a_person_has_looked(world):
    event = an_event("revoked", 2)
    world.rooms.store.keep([Arrival(event, Lane.QUARANTINE)], world.now)
    world.rooms.follow()
    assert world.rooms.store.announced([event.id]) == {}


@pytest.mark.parametrize("harm", ["gone", "empty", "of another release"])
def test_an_index_that_is_not_ours_is_made_anew(world, harm):
    a_busy_day(world)
    path, before = world.rooms.index.path, dump(world.rooms.index.path)
    if harm == "of another release":
        from logger.sqlite_file import connect

        db = connect(path)
        db.conn.execute("UPDATE followed SET layout = x'00'")
        db.close()
    else:
        path.unlink()
        if harm == "empty":
            path.touch()
    world.rooms.follow()
    assert dump(path) == before
    assert world.rooms.register.everyone()


def test_an_index_of_a_ledger_that_has_lost_its_tail_is_made_anew(world, tmp_path):
    a_busy_day(world)
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    other.rooms.index.path.write_bytes(world.rooms.index.path.read_bytes())
    other.rooms.index.replaced()
    other.rooms.follow()
    assert other.rooms.register.set_aside() == []


def test_a_reader_cannot_write_to_the_index(world):
    with pytest.raises(Exception, match="readonly"):
        world.rooms.index.read().conn.execute("DELETE FROM people")


def test_a_projection_that_fails_leaves_no_half_batch(world, tmp_path):
    class Fails:
        def tables(self, db: object) -> None:
            pass

        def apply(self, db: object, opened: object) -> None:
            raise ZeroDivisionError

    path = tmp_path / "half.db"
    follower = a_follower(world, path)
    follower.catch_up()
    before = dump(path)
    world.capture(world.dana)
    world.rooms.folding._projections += (Fails(),)
    with pytest.raises(ZeroDivisionError):
        follower.catch_up()
    assert dump(path) == before


def test_the_thread_follows_what_another_connection_writes(world, tmp_path):
    follower, stop = a_follower(world, tmp_path / "live.db"), threading.Event()
    arrived = threading.Event()

    def caught_up() -> None:
        if Register(Index(tmp_path / "live.db")).set_aside():
            arrived.set()

    follower.catch_up()
    follower.beforehand.append(caught_up)
    thread = threading.Thread(target=follower.run, args=(stop,))
    thread.start()
    for number in range(50):
        world.rooms.store.keep([Arrival(an_event("stranger", number + 1))], world.now)
        if arrived.wait(0.3):
            break
    stop.set()
    thread.join(10)
    assert arrived.is_set()


def test_a_keyring_without_the_data_key_opens_nothing_and_drops_nothing(world, tmp_path):
    world.capture(world.dana)
    rooms = world.rooms
    other = make_keys(1, system_randomness).keyring
    poor = replace(rooms.keyring, data_keys=other.data_keys, records=other.records)
    from logger.build.shapes import SHAPES
    from logger.journal.folding import Folding
    from logger.people.register import PeopleIndex

    index = Index(tmp_path / "poor.db")
    rebuild(rooms.store, Folding(poor, (PeopleIndex(),), SHAPES), index, lambda _: None)
    aside = Register(index).set_aside()
    assert len(aside) == rooms.store.head().position
    assert {row.why for row in aside} == {"unknown-key"}
