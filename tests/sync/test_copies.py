"""A copy of a ledger in use is whole, and from its own epoch on another ledger."""

from __future__ import annotations

import contextlib
import os
import stat

import pytest

from sync.store import Arrival
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, SAM, a_chain, a_device, an_event

LATER = b"another epoch !!"


@pytest.fixture
def copied(store, tmp_path):
    """A ledger of three, copied while it is open, and the head that the copy was said to have."""
    store.keep([Arrival(event) for event in a_chain()], NOW)
    path = tmp_path / "copy.db"
    head = store.copy_to(path)
    with contextlib.closing(SqliteStore.open(path)) as copy:
        yield copy, head


def test_a_copy_has_every_row_and_phone_and_says_its_head(store, copied):
    copy, head = copied
    assert copy.after(0) == store.after(0)
    assert copy.devices() == store.devices()
    assert {device.person for device in copy.devices()} == {DANA, SAM}
    assert head == copy.head() == store.head()
    assert copy.damage() is None


def test_what_is_kept_after_the_copy_is_not_in_it(store, copied):
    store.keep([Arrival(an_event(seq=9))], NOW)
    assert (store.head().position, copied[0].head().position) == (4, 3)


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_a_copy_is_for_its_owner_alone(copied, tmp_path):
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_copy_is_never_made_over_another_file(store, tmp_path):
    (tmp_path / "copy.db").write_bytes(b"something")
    with pytest.raises(FileExistsError):
        store.copy_to(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == b"something"


def test_what_is_kept_in_another_epoch_says_so_and_the_chain_goes_on(copied):
    copy, before = copied
    copy.begin_epoch(LATER, NOW)
    assert copy.head() == type(before)(LATER, 3, before.digest)
    ((row, _),) = copy.keep([Arrival(an_event(seq=9))], NOW)
    assert (row.position, row.epoch) == (4, LATER)
    assert [row.epoch for row in copy.after(0)] == [EPOCH] * 3 + [LATER]


def test_the_last_epoch_stands_when_it_is_opened_again_whatever_the_clock_says(store, path):
    store.begin_epoch(LATER, NOW)
    store.begin_epoch(b"the third epoch!", NOW - 1000)
    with contextlib.closing(SqliteStore.open(path)) as again:
        assert again.head().epoch == b"the third epoch!"
    with store._ground.reading() as db:
        since = db.execute("SELECT since FROM epochs ORDER BY since").fetchall()
    assert since == [(1,), (NOW,), (NOW + 1,)]


def test_a_phone_is_known_in_the_copy(copied):
    copy, _ = copied
    assert copy.device(a_device().id) == a_device()
