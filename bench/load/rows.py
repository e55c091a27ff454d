"""The rows L1 to L8. Shapes and rates are those that were asked for; only how long each goes on is
shorter, and every line says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterator

from bench.load import desks, herds, hostile
from bench.load.ground import Ground
from bench.load.line import Tally
from bench.load.phones import Phone, sealed
from bench.load.proof import FOLLOW_SECONDS
from bench.load.table import SHARES, Line

STEADY, POLITE = 200, 10_000 / 120
HERD_EACH, RUDE_EACH, RUDE_SECONDS, KILL_EVERY = 5, 1, 5.0, 20.0
AWAY, AWAY_EACH = 500, 400
GARBAGE, SLOW_LINES = 200, 50
# Each supervisor opens an entry every 3.6 s, which is faster than anybody reads one.
OPENINGS, DESK_SECONDS = 1_000, 120.0
SIGN_INS, STORM_SECONDS = 500, 30.0
# What would be good enough, in ms, s and events a second.
SLOW_MS, HERD_MS, DESK_MS, RUDE_ALL_WITHIN, DRAINS = 150, 1_000, 300, 60.0, 1_500

Act = Callable[[], Awaitable[object]]


class Rows:
    """The rows on one ground; `factor` makes each longer or shorter."""

    def __init__(self, ground: Ground, factor: float):
        self._ground, self._factor = ground, factor

    def some(self, wanted: Collection[str]) -> Iterator[Line]:
        """One after another: these, or all where none is named. The kills come last."""
        rows: dict[str, Callable[[], Iterator[Line]]] = {
            "L1": self._alone, "L6": self._hostile, "L7": self._desks, "L8": self._storm,
            "L2": self._polite, "L3": self._rude, "L5": self._away, "L4": self._killed,
        }  # fmt: skip
        for name, row in rows.items():
            if not wanted or name in wanted:
                yield from row()

    def _alone(self) -> Iterator[Line]:
        yield self._steady("L1 steady", self._seconds(40))

    def _hostile(self) -> Iterator[Line]:
        seconds, ground, bad = self._seconds(30), self._ground, Tally()
        # Signed by a phone that is known, and never sent as it is.
        good = sealed([Phone.of(0)], 1, ground.key)[0][0]

        async def harm() -> None:
            until = time.monotonic() + seconds
            pelting = hostile.pelt(ground, good, GARBAGE, seconds, bad)
            await asyncio.gather(pelting, hostile.drip(ground, SLOW_LINES, until))

        yield self._steady("L6 phones", seconds, harm)
        line = Line("L6 harm", f"{GARBAGE} bad/s, {SLOW_LINES} lines of 1 B/s", bad, "requests")
        failed = [what for what in bad.otherwise if what.startswith("5") and what != "503"]
        line.judge(not failed, "no 5xx but 503")
        yield line

    def _desks(self) -> Iterator[Line]:
        seconds, ground, seen = self._seconds(DESK_SECONDS), self._ground, Tally()
        openings = max(1, int(OPENINGS * seconds / DESK_SECONDS))
        browsers = asyncio.run(desks.signed_in(ground))
        yield self._steady(
            "L7 phones", seconds, lambda: desks.supervise(browsers, ground, openings, seconds, seen)
        )
        offered = f"{len(ground.supervisors)} supervisors open {openings:,} entries, lists between"
        line = Line("L7 desks", offered, seen, "pages")
        line.judge(seen.part(0.95) < DESK_MS and not seen.otherwise)
        yield line

    def _storm(self) -> Iterator[Line]:
        aside, seconds = self._seconds(10), self._seconds(STORM_SECONDS)
        ground, tried, count = self._ground, Tally(), int(SIGN_INS * seconds / STORM_SECONDS)
        before = self._steady("L8 phones, before", aside)
        during = self._steady(
            "L8 phones, during", seconds, lambda: desks.storm(ground, count, seconds, tried)
        )
        after = self._steady("L8 phones, after", aside)
        alone = Tally(before.tally.seconds + after.tally.seconds)
        ratios = (during.tally.part(one) / max(0.001, alone.part(one)) for one in SHARES)
        during.verdict += ", times " + " / ".join(f"{one:.1f}" for one in ratios) + " of without"
        line = Line("L8 sign-ins", f"{count} passwords within {seconds:.0f} s", tried, "sign-ins")
        line.judge(all(what.startswith("503, again in") for what in tried.otherwise))
        yield from (before, during, line, after)

    def _polite(self) -> Iterator[Line]:
        seconds = self._seconds(30)
        line = self._herd("L2 herd, polite", int(POLITE * seconds), seconds)
        line.judge(line.tally.part(0.99) < HERD_MS and line.kept)
        yield line

    def _rude(self) -> Iterator[Line]:
        phones = len(self._ground.phones)
        line = self._herd("L3 herd, rude", phones, RUDE_SECONDS, each=RUDE_EACH)
        line.judge(line.lasted <= RUDE_ALL_WITHIN and line.kept, f"all in {line.lasted:.0f} s")
        yield line

    def _away(self) -> Iterator[Line]:
        phones = min(AWAY, len(self._ground.phones))
        each = max(1, min(AWAY_EACH, int(40 * self._factor)))
        those, tally = herds.waiting(self._ground, phones, each), Tally()
        offered = f"{phones} phones with {each} (of {AWAY_EACH}) events each"
        line = self._run(
            "L5 backlog", offered, tally, lambda: herds.backlog(self._ground, those, tally)
        )
        drained = len(tally.offered) / line.lasted
        line.judge(drained >= DRAINS and line.kept, f"{drained:,.0f} events/s")
        yield line

    def _killed(self) -> Iterator[Line]:
        seconds, ground, kills = self._seconds(50), self._ground, 0

        async def kill() -> None:
            nonlocal kills
            begun = time.monotonic()
            for due in _every(min(KILL_EVERY, seconds), seconds):
                await asyncio.sleep(max(0.0, begun + due - time.monotonic()))
                await asyncio.to_thread(ground.kill)
                await asyncio.to_thread(ground.instance.start)
                kills += 1

        line = self._herd("L4 herd and kills", int(POLITE * seconds), seconds, kill)
        line.offered += f", SIGKILL of both doors {kills} times"
        line.judge(line.kept)
        yield line

    def _seconds(self, seconds: float) -> float:
        return max(2.0, seconds * self._factor)

    def _herd(
        self,
        test: str,
        phones: int,
        seconds: float,
        beside: Act | None = None,
        each: int = HERD_EACH,
    ) -> Line:
        phones = min(phones, len(self._ground.phones))
        those, tally = herds.waiting(self._ground, phones, each), Tally()
        offered = (
            f"{phones:,} phones with {each} event{'s' * (each > 1)} each within {seconds:.0f} s"
        )
        come = _both(lambda: herds.herd(self._ground, those, seconds, tally), beside)
        line = self._run(test, offered, tally, come)
        line.each = each
        return line

    def _steady(self, test: str, seconds: float, beside: Act | None = None) -> Line:
        """The stream of L1, alone or with something beside it."""
        tally, those = Tally(), self._stream(int(STEADY * seconds))
        stream = _both(lambda: herds.steady(self._ground, those, STEADY, tally), beside)
        with_it = ", beside the next line" if beside else ""
        offered = f"{STEADY} events/s for {seconds:.0f} s{with_it}"
        line = self._run(test, offered, tally, stream)
        line.judge(tally.part(0.99) < SLOW_MS and line.kept)
        return line

    def _stream(self, count: int) -> herds.Waiting:
        """One event after another, each of another phone as long as there are enough."""
        each = -(-count // len(self._ground.phones))
        those = herds.waiting(self._ground, count // each, each)
        rounds = zip(*(events for _, events in those), strict=True)
        senders = [phone for phone, _ in those]
        return [(phone, [one]) for row in rounds for phone, one in zip(senders, row, strict=True)]

    def _run(self, test: str, offered: str, tally: Tally, act: Act) -> Line:
        """Do it, then count what the ledger has."""
        ledger, memory = self._ground.ledger, self._ground.memory()
        before = ledger.head()
        asyncio.run(_awaited(act))
        opened = ledger.wait_until_opened(tally.ended)
        late = f"not within {FOLLOW_SECONDS:.0f} s"
        line = Line(test, offered, tally, "events", memory=memory.words())
        line.opened = late if opened is None else f"{opened:.1f} s"
        line.proof = ledger.prove(before, tally)
        return line


def _every(period: float, seconds: float) -> Iterator[float]:
    """The middle of each period."""
    due = period / 2
    while due < seconds:
        yield due
        due += period


def _both(one: Act, other: Act | None) -> Act:
    async def both() -> None:
        await asyncio.gather(one(), *([other()] if other else []))

    return both


async def _awaited(act: Act) -> None:
    await act()
