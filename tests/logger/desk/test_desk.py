"""The small mutable things: sealed, expiring, and taken by one taker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from logger.clock import system_randomness
from logger.desk import Desk
from logger.keys.keyring import make_keys

KEYRING = make_keys(1, system_randomness).keyring


class Time:
    def __init__(self) -> None:
        self.now = 1_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def desk(tmp_path: Path, time: Time) -> Desk:
    return Desk(tmp_path / "desk.db", KEYRING, time, system_randomness)


def test_a_value_is_there_until_it_runs_out(desk, time):
    desk.put("draft", "entry", b"words", 2_000)
    assert desk.get("draft", "entry") == b"words"
    assert desk.get("session", "entry") is None
    time.now = 2_000
    assert desk.get("draft", "entry") is None
    assert desk.take("draft", "entry") is None


def test_what_never_runs_out_survives_a_sweep_and_the_rest_does_not(desk, time):
    desk.put("kept", "a", b"1", None)
    desk.put("kept", "b", b"2", 1_500)
    time.now = 1_500
    desk.sweep()
    time.now = 1_000
    assert desk.get("kept", "a") == b"1"
    assert desk.get("kept", "b") is None


def test_only_what_still_lies_there_can_be_replaced(desk, time):
    assert not desk.replace("draft", "entry", b"one", 2_000)
    assert desk.get("draft", "entry") is None
    desk.put("draft", "entry", b"one", 2_000)
    assert desk.replace("draft", "entry", b"two", 3_000)
    assert desk.get("draft", "entry") == b"two"
    time.now = 3_000
    assert not desk.replace("draft", "entry", b"three", None)
    assert desk.get("draft", "entry") is None


def test_a_second_value_takes_the_place_of_the_first(desk):
    desk.put("draft", "entry", b"one", 2_000)
    desk.put("draft", "entry", b"two", None)
    assert desk.get("draft", "entry") == b"two"
    desk.drop("draft", "entry")
    desk.drop("draft", "entry")
    assert desk.get("draft", "entry") is None


def test_of_many_takers_one_gets_it(desk):
    desk.put("code", "once", b"x", None)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: desk.take("code", "once"), range(16)))
    assert (taken.count(b"x"), taken.count(None)) == (1, 15)


def test_counting_from_many_sides_at_once_misses_nothing(desk):
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: desk.count_up("tries", "who", 9_000), range(40)))
    assert sorted(counts) == list(range(1, 41))


def test_a_counter_begins_again_after_it_ran_out(desk, time):
    assert [desk.count_up("tries", "who", 2_000) for _ in range(3)] == [1, 2, 3]
    time.now = 2_000
    assert desk.count_up("tries", "who", 3_000) == 1


def test_everything_of_one_owner_goes_and_nothing_of_another(desk):
    for key in ("dana/1", "dana/2", "dana", "danai/1"):
        desk.put("session", key, b"x", None)
    desk.put("draft", "dana/1", b"x", None)
    desk.drop_all("session", "dana")
    left = [desk.get("session", key) for key in ("dana/1", "dana/2", "dana", "danai/1")]
    assert left == [None, None, None, b"x"]
    assert desk.get("draft", "dana/1") == b"x"


def test_neither_keys_nor_values_stand_in_the_file(desk, tmp_path):
    desk.put("draft", "canary-key", b"canary-value", None)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in raw
    assert (tmp_path / "desk.db").stat().st_mode & 0o077 == 0


def test_a_value_moved_to_another_place_of_the_file_does_not_open(desk, tmp_path):
    from logger.keys.sealing import CannotBeOpened
    from logger.sqlite_file import connect

    desk.put("session", "dana/1", b"dana", None)
    desk.put("session", "sam/1", b"sam", None)
    db = connect(tmp_path / "desk.db")
    (one, two) = db.execute("SELECT sealed FROM desk").fetchall()
    db.execute("UPDATE desk SET sealed = ? WHERE sealed = ?", (one[0], two[0]))
    db.close()
    values = []
    for key in ("dana/1", "sam/1"):
        try:
            values.append(desk.get("session", key))
        except CannotBeOpened:
            values.append("refused")
    assert "refused" in values
