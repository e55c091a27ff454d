"""A ledger with two phones in it."""

from __future__ import annotations

import pytest

from sync.intake import Intake
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, SAM, a_device, a_signer
from tests.stranger_visit import (  # noqa: F401  # pytest finds fixtures by their name here
    demo_code,
    new_phone,
    phone,
    stranger_door,
    suite,
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.db"
    SqliteStore.create(path, EPOCH).close()
    return path


@pytest.fixture
def store(path):
    store = SqliteStore.open(path)
    for name, person in (("dana's phone", DANA), ("sam's phone", SAM)):
        store.offer_code(name.encode(), person, NOW + 1)
        store.enrol(name.encode(), a_device(name))
    yield store
    store.close()


@pytest.fixture
def intake(store):
    intake = Intake(store, a_signer("stored"), lambda: NOW)
    yield intake
    intake.close()
