"""The bad line, the record behind it and the history, for every test of a fault."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from tests.faults.counts import TALLY, Runs, runs
from tests.faults.history import History
from tests.faults.phones import ManyPhone
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record
from tests.running import RunningInstance


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstance]:
    """One instance for the faults of a file; of the suite that Node has no need to calculate."""
    instance = RunningInstance(tmp_path_factory.mktemp("instance") / "demo", suite=1)
    instance.start()
    yield instance
    instance.close()


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


MakePhone = Callable[..., ManyPhone]


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
