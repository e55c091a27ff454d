"""Phones and a server in any order that there is: hypothesis draws what happens next, and shortens
whatever breaks an oracle to the few steps that do.

The phones are strangers of docs/protocol.md, the door is the real one over HTTP and a real ledger.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sync.store_sqlite import SqliteStore
from tests.faults.carriers import Carrier
from tests.faults.counts import SEED, SOAK
from tests.faults.history import History
from tests.faults.near import NearInstance
from tests.faults.record import Record
from tests.stranger_client import Door, ProblemError

_RUNS, _STEPS = (150, 30) if SOAK else (5, 12)
# Shortening what failed takes long: worth it in the soak, where somebody reads the result.
_PHASES = (Phase.generate, Phase.shrink) if SOAK else (Phase.generate,)


@pytest.fixture(scope="module")
def served(near: NearInstance) -> NearInstance:
    """An instance that can be shut and opened in a moment."""
    return near


class Remembering(Door):
    """The same door; remembers what was said to it, and can lose what it answers."""

    said: bytes | None = None
    loses = False

    def call(self, *words: Any, **more: Any) -> bytes:
        """The answer, unless it is lost on its way."""
        if len(words) > 2:
            self.said = words[2]
        heard = super().call(*words, **more)
        if self.loses:
            raise ConnectionResetError("the answer was lost")
        return heard


class AnyOrder(RuleBasedStateMachine):
    """Up to a few phones of one person, one server, and a copy of its ledger."""

    server: NearInstance
    folder: Path

    phones = Bundle("phones")

    def __init__(self) -> None:
        super().__init__()
        self.history, self.all = History(), list[Carrier]()
        self.copy = 0

    @initialize(target=phones)
    def one_is_there(self) -> Carrier:
        """At least one phone."""
        return self._joined()

    @precondition(lambda self: len(self.all) < 3)
    @rule(target=phones)
    def another_joins(self) -> Carrier:
        """A new phone."""
        return self._joined()

    @rule(phone=phones, count=st.integers(1, 3))
    def logs(self, phone: Carrier, count: int) -> None:
        """Entries, with or without signal."""
        phone.log(count)

    @rule(phone=phones)
    def sends(self, phone: Carrier) -> None:
        """Over a good line: nothing waits afterwards."""
        assert phone.sync() is not None
        assert phone.waiting == []

    @rule(phone=phones)
    def loses_the_answer(self, phone: Carrier) -> None:
        """Kept there, and not known here."""
        phone.phone.door.loses = True
        assert phone.sync() is None
        phone.phone.door.loses = False

    @rule(phone=phones)
    def replays(self, phone: Carrier) -> None:
        """Somebody says again what was said: nothing is kept twice, nor under another name."""
        door = phone.phone.door
        if door.said is not None:
            with contextlib.suppress(ProblemError):
                Door.call(door, "POST", "/sync/events", door.said)

    @precondition(lambda self: len(self.all) < 5)
    @rule(target=phones, phone=phones)
    def is_copied(self, phone: Carrier) -> Carrier:
        """Two of one key, from here on apart."""
        other = phone.copied()
        other.phone.door = Remembering(self.server.phone_url)
        self.all.append(other)
        return other

    @rule(phone=phones)
    def is_revoked(self, phone: Carrier) -> None:
        """What it still sends is set aside."""
        with self._record() as record:
            record.revoke(phone.phone.device)

    @rule()
    def the_ledger_is_copied(self) -> None:
        """As a backup does it."""
        with contextlib.closing(SqliteStore.open(self.server.copy(self.folder / "copy.db"))) as it:
            self.copy = it.head().position

    @rule(phone=phones, restored=st.booleans())
    def the_ledger_is_put_back(self, phone: Carrier, restored: bool) -> None:
        """By `restore`, or behind everybody's back; with that goes what was received just now."""
        self.logs(phone, 1)
        self.sends(phone)
        # Never one that was there before, as hypothesis would like to have it.
        self.server.put_back(self.folder / "copy.db", os.urandom(16) if restored else None)
        self.history.goes_back("the server", self.copy)

    @rule()
    def the_server_starts_again(self) -> None:
        """Shut, and opened."""
        with self.server.away():
            pass

    def teardown(self) -> None:
        """Once everybody has met the server again, every oracle holds."""
        for _ in range(2):
            for phone in self.all:
                assert phone.sync() is not None
        with self._record() as record:
            assert record.proves(self.history) == [], self.history.log[-40:]

    def _joined(self) -> Carrier:
        with self._record() as record:
            phone = Carrier(self.server.phone_url, self.history, record)
            phone.phone.door = Remembering(self.server.phone_url)
            assert record.demo_person
            self.all.append(phone.join(record.demo_person))
        # A phone that joined after the copy was made would be a stranger to it.
        self.the_ledger_is_copied()
        return phone

    @contextlib.contextmanager
    def _record(self) -> Iterator[Record]:
        # Opened anew each time: the file may be another one than a moment ago.
        record = Record(self.server.folder)
        yield record
        record.close()


def test_in_whatever_order_it_comes_every_oracle_holds(
    served: NearInstance, tmp_path: Path
) -> None:
    class Here(AnyOrder):
        server, folder = served, tmp_path

    # The same seed gives the same orders.
    Here._hypothesis_internal_use_seed = SEED
    how = settings(
        max_examples=_RUNS, stateful_step_count=_STEPS, deadline=None, database=None,
        phases=_PHASES, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Here, settings=how)
