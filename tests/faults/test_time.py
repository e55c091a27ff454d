"""Clocks that are wrong, jump, change for summer or reach the ends of the calendar lose nothing."""

from __future__ import annotations

import dataclasses
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from werkzeug.serving import make_server

from logger.clock import system_randomness
from logger.entries.capture import PhoneClock
from logger.entries.times import as_shown, skew
from logger.phone_door import create_app
from logger.settings import Settings
from tests.desk_world import DAY, HOUR, MINUTE, World
from tests.faults.conftest import MakePhone
from tests.faults.counts import Runs
from tests.faults.history import History
from tests.faults.phones import ManyPhone
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record
from tests.running import RunningInstance, free_port

Faults = Callable[..., Runs]
YEAR = 365 * DAY
LONDON = ZoneInfo("Europe/London")
GOOD = {"received", "in-record"}


def _now() -> int:
    return time.time_ns() // 1_000_000


def _ms(then: datetime) -> int:
    return int(then.timestamp() * 1000)


@pytest.fixture
def proved(record: Record, history: History) -> Iterator[None]:
    """Whatever the clocks did, the history and the record go together."""
    yield
    assert record.proves(history) == []


def _logs_at(phone: ManyPhone, instant: int) -> dict[str, object]:
    phone.tell("set", skew=instant - _now())
    return phone.log()


def test_a_clock_that_is_years_wrong_is_accepted_and_flagged(
    fault: Faults, make_phone: MakePhone, record: Record, proved: None
) -> None:
    phone = make_phone()
    for n, chance in enumerate(fault("F01", "clock wrong by up to ten years", 40, 400)):
        # Both ends, and whatever lies between.
        wrong = [-10 * YEAR, 10 * YEAR][n] if n < 2 else chance.randint(-10 * YEAR, 10 * YEAR)
        one = str(_logs_at(phone, _now() + wrong)["id"])
        assert phone.sync()["line"] == "reached"
        assert phone.states()[one] in GOOD
        assert abs(phone.tell("ahead") - wrong) < MINUTE
        # The first flag comes of the times themselves, the next of the contact in between.
        other = str(_logs_at(phone, _now() + wrong)["id"])
        assert phone.sync()["line"] == "reached"
        for each, compared in ((one, False), (other, True)):
            row, content = record.brought(each)
            assert abs(row.received_at - _now()) < MINUTE
            flag = skew(PhoneClock(**content["clock"]), row.received_at)
            assert flag is not None
            assert flag.fast is (wrong > 0)
            assert abs(flag.minutes * MINUTE - abs(wrong)) < 2 * MINUTE
            assert (flag.compared is not None) is compared
        phone.tell("set", skew=0)
        assert phone.sync()["line"] == "reached"


def test_a_clock_that_jumps_between_two_entries_keeps_the_time_that_passed(
    fault: Faults, make_phone: MakePhone, record: Record, proved: None
) -> None:
    phone = make_phone()
    for chance in fault("F02", "clock jumps between two entries", 20, 200):
        jump = chance.choice([-1, 1]) * chance.randint(5 * MINUTE, YEAR)
        ids = [str(phone.log()["id"])]
        begun = time.monotonic()
        ids.append(str(_logs_at(phone, _now() + jump)["id"]))
        passed = (time.monotonic() - begun) * 1000
        phone.tell("set", skew=0)
        assert phone.sync()["line"] == "reached"
        before, after = (record.brought(one)[1]["clock"] for one in ids)
        assert 0 <= after["monotonic"] - before["monotonic"] <= passed + 1000
        assert abs(after["at"] - before["at"] - jump) <= passed + 1000
    phone.states()


# The night of the change, from two minutes before one o'clock in winter to two minutes after two.
SUNDAYS = {
    "spring": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "autumn": datetime(2026, 10, 25, 1, tzinfo=UTC),
}


@pytest.mark.parametrize("season", sorted(SUNDAYS))
def test_on_both_sundays_the_time_and_its_offset_are_right(
    fault: Faults, make_phone: MakePhone, record: Record, proved: None, season: str
) -> None:
    phone = make_phone(TZ="Europe/London")
    change = _ms(SUNDAYS[season])
    ids: list[tuple[str, datetime]] = []
    for n, chance in enumerate(fault(f"F03 {season}", "every minute around the change", 120, 120)):
        # The last moment before and the first after, then each minute of an hour on both sides.
        at = change + ([-1, 0][n] if n < 2 else (n - 61) * MINUTE + chance.randrange(MINUTE))
        saved = _logs_at(phone, at)
        # The phone logs a moment later than it was set: on the same side of the change or not.
        really = int(str(saved["at"]))
        assert 0 <= really - at < 30_000
        ids.append((str(saved["id"]), datetime.fromtimestamp(really / 1000, LONDON)))
    phone.tell("set", skew=0)
    assert phone.sync()["line"] == "reached"
    for one, there in ids:
        row, content = record.brought(one)
        offset = there.utcoffset()
        assert offset is not None
        minutes = offset // timedelta(minutes=1)
        assert (row.header.at, row.header.utc_offset) == (_ms(there), minutes)
        assert content["clock"]["utc_offset"] == content["when"]["utc_offset"] == minutes
        shown = as_shown(row.header.at, row.header.utc_offset)
        assert shown.replace(tzinfo=None) == there.replace(tzinfo=None)
    phone.states()


def test_a_chosen_local_time_of_the_other_half_of_the_year_has_the_offset_of_then(
    fault: Faults, make_phone: MakePhone, record: Record, proved: None
) -> None:
    phone = make_phone(TZ="Europe/London")
    for chance in fault(
        "F03 chosen", "a local time chosen on the other side of the change", 10, 100
    ):
        side = chance.choice([-1, 1])
        change = SUNDAYS[chance.choice(sorted(SUNDAYS))]
        there = (change + side * timedelta(minutes=chance.randint(61, 60 * 24))).astimezone(LONDON)
        phone.tell("set", skew=_ms(change) - side * HOUR * 3 - _now())
        happened = there.replace(second=0, microsecond=0, tzinfo=None).isoformat()
        one = str(phone.log(happened=happened)["id"])
        phone.tell("set", skew=0)
        assert phone.sync()["line"] == "reached"
        when = record.brought(one)[1]["when"]
        assert as_shown(when["at"], when["utc_offset"]).replace(tzinfo=None).isoformat() == happened
        assert timedelta(minutes=when["utc_offset"]) == there.utcoffset()
    phone.states()


EDGES = [
    datetime(2016, 12, 31, 23, 59, 59, 999_000, UTC),  # before the last leap second there was
    datetime(2017, 1, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 0, 0, 0, 0, UTC),
    datetime(2028, 2, 29, 23, 59, 59, 999_000, UTC),
    datetime(2038, 1, 19, 3, 14, 7, 0, UTC),  # the last second of 32 bits
    datetime(2038, 1, 19, 3, 14, 8, 0, UTC),
    datetime(2099, 12, 31, 23, 59, 59, 999_000, UTC),
    datetime(2100, 2, 28, 23, 59, 59, 999_000, UTC),  # no leap year
    datetime(2100, 3, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
]


def test_odd_days_and_the_ends_of_clocks_are_days_like_any_other(
    fault: Faults, make_phone: MakePhone, record: Record, proved: None
) -> None:
    phone = make_phone(TZ="Europe/London")
    for n, _ in enumerate(fault("F04", "29 February, 2038, 2100, a leap second, 1970", 10, 10)):
        edge = EDGES[n]
        saved = _logs_at(phone, _ms(edge))
        phone.tell("set", skew=0)
        assert phone.sync()["line"] == "reached"
        row, content = record.brought(str(saved["id"]))
        assert 0 <= row.header.at - _ms(edge) < 30_000
        assert content["when"]["at"] == content["clock"]["at"] == row.header.at
        shown = as_shown(row.header.at, row.header.utc_offset)
        assert shown == datetime.fromtimestamp(row.header.at / 1000, LONDON)
    phone.states()


def test_a_back_dated_share_shows_when_it_was_and_when_it_was_recorded(
    fault: Faults, tmp_path: Path
) -> None:
    world = World(tmp_path)
    dana = world.browser(world.dana)
    for chance in fault("F05", "time of the share set back by its author", 10, 100):
        back = chance.randint(2, 60 * 24 * 300) * MINUTE
        happened = world.now - back
        when = {"at": happened, "utc_offset": 0, "about": False}
        entry = world.capture(world.dana, when=when)
        text = dana.get(f"/entries/{entry}").text
        then = datetime.fromtimestamp(happened / 1000, UTC)
        day = f"{then.day} {then:%B}" + ("" if then.year == 2026 else f" {then.year}")
        assert f"When {day}, {then:%H:%M}" in " ".join(text.split())
        assert "Recorded 24 November, 10:00" in " ".join(text.split())


class Door:
    """The phone door of an instance by a clock that can be set; its ledger is the real one."""

    def __init__(self, folder: Path):
        self.instance = RunningInstance(folder, suite=1)
        self.wrong = 0
        port = free_port()
        settings = dataclasses.replace(
            Settings.read(folder), phone_aliases=(f"phone.localhost:{port}",)
        )
        app = create_app(settings, lambda: _now() + self.wrong, system_randomness)
        self._server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.port = port

    def close(self) -> None:
        """Closed for today."""
        self._server.shutdown()
        self._server.server_close()


def test_a_server_whose_clock_is_wrong_keeps_its_order_and_is_found(
    fault: Faults, tmp_path: Path, history: History
) -> None:
    door = Door(tmp_path / "instance")
    record = Record(tmp_path / "instance")
    assert record.demo_person is not None
    with FaultProxy(door.port) as line:
        phone = ManyPhone(f"phone {secrets.token_hex(3)}", history, record, {})
        phone.join(f"http://127.0.0.1:{line.port}", record.demo_person)
        phone.log()
        phone.sync()
        back = position = 0
        for chance in fault("F06", "the server's clock set forward or back", 5, 50):
            before, door.wrong = door.wrong, _jump(chance)
            back += door.wrong < before - MINUTE
            one = str(phone.log()["id"])
            assert phone.sync()["line"] == "reached"
            assert phone.states()[one] == "received"
            assert abs(phone.tell("ahead") + door.wrong) < MINUTE
            row, _ = record.brought(one)
            # The order is the ledger's own; the time is what the clock said, and nothing nicer.
            assert row.position > position
            position = row.position
            assert abs(row.received_at - _now() - door.wrong) < MINUTE
        assert len(record.verdict().turned_back) == back
        assert record.proves(history) == []
        phone.close()
    record.close()
    door.close()


def _jump(chance: random.Random) -> int:
    return chance.choice([-1, 1]) * chance.randint(2 * MINUTE, chance.choice([HOUR, DAY, YEAR]))
