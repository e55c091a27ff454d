"""The bad line, the record behind it and the history, for every test of a fault."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from tests.faults.carriers import Carrier
from tests.faults.counts import TALLY, Runs, runs
from tests.faults.hands import HandledPhone
from tests.faults.history import History
from tests.faults.near import NearInstance
from tests.faults.phones import ManyPhone
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.record import Record
from tests.running import RunningInstance


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstance]:
    """One instance for the faults of a file; of the suite that Node has no need to calculate."""
    instance = RunningInstance(tmp_path_factory.mktemp("instance") / "demo", suite=1)
    instance.start()
    yield instance
    instance.close()


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NearInstance]:
    """One that can be shut, harmed and opened in a moment; a file says that it is `served`."""
    made = NearInstance(tmp_path_factory.mktemp("near") / "demo")
    made.open()
    yield made
    made.close()


@pytest.fixture
def carrier(served: RunningInstance, history: History, record: Record) -> Callable[[], Carrier]:
    """Makes cheap phones that have joined, straight at the door."""

    def make() -> Carrier:
        assert record.demo_person is not None
        return Carrier(served.phone_url, history, record).join(record.demo_person)

    return make


@pytest.fixture
def line(served: RunningInstance) -> Iterator[FaultProxy]:
    """A line to its phone door that can go wrong."""
    with FaultProxy(served.phone_port) as proxy:
        yield proxy


@pytest.fixture
def history() -> History:
    """Nothing has happened yet."""
    return History()


@pytest.fixture
def record(served: RunningInstance) -> Iterator[Record]:
    """What the instance really has."""
    opened = Record(served.folder)
    yield opened
    opened.close()


@pytest.fixture
def phone(
    playwright: Playwright, tmp_path: Path, line: FaultProxy, history: History, record: Record
) -> Iterator[HandledPhone]:
    """One phone that has joined."""
    made = HandledPhone(
        playwright, tmp_path / "profile", f"http://phone.localhost:{line.port}", history, record
    )
    made.open()
    assert record.demo_person is not None
    made.join(record.demo_person)
    yield made
    made.close()


MakePhone = Callable[..., ManyPhone]
MakeCarrier = Callable[[], Carrier]
Choose = Callable[[random.Random], Fault]


@pytest.fixture
def make_phone(line: FaultProxy, history: History, record: Record) -> Iterator[MakePhone]:
    """Phones that have joined through the line."""
    made: list[ManyPhone] = []

    def make(name: str = "", **environment: str) -> ManyPhone:
        assert record.demo_person is not None
        # Words must differ from those of the tests before, which are in the same record.
        name = name or f"phone {os.urandom(3).hex()}"
        made.append(ManyPhone(name, history, record, {**os.environ, **environment}))
        made[-1].join(f"http://127.0.0.1:{line.port}", record.demo_person)
        return made[-1]

    yield make
    for phone in made:
        phone.close()


@pytest.fixture
def trial(
    line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> Callable[..., None]:
    """Log, send over the bad line, send over a good one; nothing lost, nothing twice, each time."""

    def go(
        runs: Runs, choose: Choose, *, patience: int = 15_000, got: bool | None = None,
        told: tuple[str | None, ...] = (None,),
    ) -> None:  # fmt: skip
        phone = make_phone()
        for chance in runs:
            # A phone that has logged for weeks is tried elsewhere; here it costs time.
            phone = make_phone() if runs.so_far % 50 == 49 else phone
            ids = {phone.log()["id"] for _ in range(chance.choice([1, 1, 2, 5]))}
            line.on_sync(choose(chance))
            phone.tell("set", patience=patience)
            tried = phone.sync()
            phone.tell("set", patience=15_000)
            after = phone.states()
            # It says *received* only of what it heard, whatever the record already has.
            if got is not None:
                assert (tried["line"] == "reached") == got
                assert all((after[one] != "waiting") == got for one in ids), history.log[-5:]
            # Of a line that is only bad nobody is alarmed; of somebody in the door's place one is.
            assert phone.tell("alarm") in told
            line.heal()
            assert phone.sync()["line"] == "reached"
            assert "waiting" not in phone.states().values()
        assert record.proves(history) == []

    return go


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> Iterator[Callable[..., Runs]]:
    """Runs of one fault; says how it ended in the table."""
    begun: list[Runs] = []

    def begin(*words: Any) -> Runs:
        begun.append(runs(*words))
        return begun[-1]

    yield begin
    # Set by the hook below once the test itself has run.
    passed = getattr(request.node, "passed", False)
    for one in begun:
        one.tally.outcome = "held" if passed else "FAILED"
        # A report carries these to the process that prints the table.
        request.node.user_properties.append((TALLY, asdict(one.tally)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.passed = report.passed  # type: ignore[attr-defined]
    return report
