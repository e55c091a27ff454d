"""The served phone door is killed while phones send, and everything at once goes wrong for a while.

Oracles as everywhere: no receipt without its event, nothing saved is lost, nothing stands twice.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.store_sqlite import SqliteStore
from tests.faults import bad_lines
from tests.faults.carriers import AT_ONCE, Carrier
from tests.faults.counts import SOAK, Runs, parts_of
from tests.faults.history import History
from tests.faults.killed_server import KilledServer
from tests.faults.near import NearInstance
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.record import Record
from tests.stranger_wire import NotAnAnswerError

Faults = Callable[..., Runs]
WALK_SECONDS, EVERY = (600, 2.0) if SOAK else (4, 0.3)
# Between two tries of one phone, in seconds: in the soak many walks go beside each other.
OFTEN, NOW_AND_THEN = 0.01, 0.5 if SOAK else 0.01


@pytest.fixture
def server(tmp_path: Path) -> Iterator[KilledServer]:
    """Each part of a fault has its own, with a ledger that stays short."""
    made = KilledServer(NearInstance(tmp_path / "demo"))
    made.open()
    yield made
    made.close()


class Sender:
    """A phone that logs and sends in a thread of its own until it is told to rest."""

    def __init__(
        self, phone: Carrier, history: History, seed: float, line: FaultProxy | None = None,
        pause: float = OFTEN,
    ):  # fmt: skip
        self.phone, self.history, self.line, self._pause = phone, history, line, pause
        self.between = threading.Lock()
        self._chance, self._stop = random.Random(seed), threading.Event()
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._go)
        self._thread.start()

    def _go(self) -> None:
        try:
            while not self._stop.is_set():
                with self.between:
                    self._once()
                time.sleep(self._pause)  # so that whoever waits for `between` gets it
        except BaseException as error:  # noqa: BLE001  told by `rest`, in the test's own thread
            self._failed.append(error)

    def _once(self) -> None:
        if len(self.phone.waiting) < AT_ONCE:
            self.phone.log(self._chance.randint(0, 3))
        try:
            self.phone.sync()
        except (NotAnAnswerError, ValueError) as error:
            # No answer, or a damaged problem: nothing is believed of it, and once the line is good
            # the test itself asks again.
            self.history.happens(self.phone.name, f"no answer: {error}")

    def rest(self) -> None:
        """Finish what is under way; whatever went wrong in the thread is raised here."""
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self._failed:
            raise self._failed[0]


def some(server: KilledServer, history: History, lines: list[FaultProxy]) -> list[Carrier]:
    """Phones that have joined, each through its line, or straight where there is none."""
    with contextlib.closing(Record(server.near.folder)) as record:
        assert record.demo_person is not None
        made = []
        for line in lines or [None] * 3:
            origin = f"http://phone.localhost:{line.port}" if line else server.near.phone_url
            made.append(Carrier(origin, history, record).join(record.demo_person))
        return made


def proves(server: KilledServer, history: History) -> list[str]:
    """What does not go together, by the ledger as it is now."""
    with contextlib.closing(Record(server.near.folder)) as record:
        return record.proves(history)


@pytest.mark.parametrize("part", parts_of(20))
def test_killed_under_load_every_receipt_has_its_event_and_nothing_stands_twice(
    fault: Faults, server: KilledServer, history: History, part: int
) -> None:
    phones: list[Carrier] = []
    received = 0
    for chance in fault("D01", "SIGKILL of the served phone door while phones send", 2, 250, part):
        # One that has logged for weeks costs time and is tried elsewhere.
        if not phones or chance.random() < 0.05:
            phones = some(server, history, [])
        senders = [Sender(phone, history, chance.random()) for phone in phones]
        time.sleep(chance.uniform(0.0, 0.4))  # the moment of the kill: this is the fault
        server.kill()
        server.open()
        for sender in senders:
            sender.rest()
        for phone in phones:
            assert phone.sync() is not None
            assert phone.waiting == []
            received += len(phone.held)
    assert received > 0
    assert proves(server, history) == []


class Walk:
    """One run of everything: what can happen next, to whom."""

    def __init__(self, server: KilledServer, history: History, folder: Path, chance: random.Random):
        self.server, self.history, self.folder, self.chance = server, history, folder, chance
        self.senders: list[Sender] = []
        self.happened: dict[str, int] = {}
        self._older: tuple[Path, int] | None = None

    def step(self) -> None:
        """Something goes wrong, or right again."""
        what = self.chance.choice(
            [self.kill, self.copy_ledger, self.put_back, self.heal, self.follow, *[self.line] * 4]
        )
        name = what.__name__
        self.happened[name] = self.happened.get(name, 0) + 1
        self.history.happens("the walk", name)
        what()

    def kill(self) -> None:
        """The door dies with all that is under way, and comes again after a while."""
        self.server.kill()
        time.sleep(self.chance.uniform(0, EVERY / 2))  # a while in which nobody answers
        self.server.open()

    def copy_ledger(self) -> None:
        """As a backup does."""
        path = self.server.near.copy(self.folder / "older.db")
        with contextlib.closing(SqliteStore.open(path)) as store:
            self._older = (path, store.head().position)

    def put_back(self) -> None:
        """An older ledger stands in its place, with a new epoch or without."""
        if self._older is None:
            return
        path, position = self._older
        with contextlib.ExitStack() as held:
            # Between two tries of each phone, so that what it heard before is written down.
            for sender in self.senders:
                held.enter_context(sender.between)
            epoch = self.chance.randbytes(16) if self.chance.random() < 0.5 else None
            self.server.put_back(path, epoch)
            self.history.goes_back("the server", position)

    def follow(self) -> None:
        """The record's side opens what is new."""
        self.server.near.follow()
        self.server.near.let_go()

    def line(self) -> None:
        """One phone's line goes wrong until it heals."""
        line = self.chance.choice(self.senders).line
        assert line is not None
        line.always(self._fault())

    def heal(self) -> None:
        """Every line is good."""
        for sender in self.senders:
            assert sender.line is not None
            sender.line.heal()

    def _fault(self) -> Fault:
        part, politely = self.chance.random(), self.chance.random() < 0.5
        return self.chance.choice(
            [
                bad_lines.request_cut(part, politely=politely),
                bad_lines.answer_cut(part, politely=politely),
                bad_lines.swallowed,
                bad_lines.twice(politely),
                bad_lines.flipped(part, self.chance.randrange(8)),
                bad_lines.instead("200 OK", {"Content-Type": "text/html"}, b"<p>Sign in</p>"),
                bad_lines.problem("503 Service Unavailable", "ledger.busy"),
            ]
        )


@pytest.mark.parametrize("part", parts_of(100))
def test_everything_at_once_loses_nothing_once_it_is_over(
    fault: Faults, server: KilledServer, history: History, tmp_path: Path, part: int
) -> None:
    title = "five phones, one server, something wrong every two seconds"
    for chance in fault("G05", title, 1, 1, part):
        with contextlib.ExitStack() as lines:
            five = [lines.enter_context(FaultProxy(server.near.phone_port)) for _ in range(5)]
            walk = Walk(server, history, tmp_path, chance)
            phones = some(server, history, five)
            walk.senders = [
                Sender(phone, history, chance.random(), line, NOW_AND_THEN)
                for phone, line in zip(phones, five, strict=True)
            ]
            until = time.monotonic() + WALK_SECONDS
            while time.monotonic() < until:
                time.sleep(EVERY * chance.uniform(0.5, 1.5))  # until the next fault
                walk.step()
            for sender in walk.senders:
                sender.rest()
            walk.heal()
            for _ in range(2):
                for phone in phones:
                    assert phone.sync() is not None, phone.problem
            assert [len(phone.waiting) for phone in phones] == [0] * 5
            assert sum(len(phone.held) for phone in phones) > 0
            assert proves(server, history) == [], walk.happened
