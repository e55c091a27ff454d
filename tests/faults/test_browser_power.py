"""The power goes under a real browser: what it had said to be saved was on the disk."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Playwright, expect

from tests.faults.counts import SEED, Runs, parts_of
from tests.faults.hands import HandledPhone
from tests.faults.history import VISIBLE, History
from tests.faults.powered_disk import NoSuchDisk, PoweredDisk
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record
from tests.phone_in_hand import Engine

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]
# Whether its worker is there, or is not after a while.
INSTALLED = """() => Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((resolve) => setTimeout(() => resolve(false), 5_000)),
])"""


@pytest.fixture
def powered_disk(tmp_path: Path) -> Iterator[PoweredDisk]:
    """A disk of its own; where this machine forbids one, the test says so."""
    try:
        disk = PoweredDisk(tmp_path)
    except NoSuchDisk as error:
        pytest.skip(f"no ext4 can be mounted here, for which one has to be root: {error}")
    yield disk
    disk.power_off()


@pytest.mark.parametrize("part", parts_of(15))
@pytest.mark.parametrize(
    ("engine", "name", "sample", "full"),
    [("chromium", "A05", 4, 20), ("firefox", "A05 Firefox", 1, 4)],
)
def test_a_power_cut_costs_nothing_that_was_said_to_be_saved(
    fault: Faults, playwright: Playwright, powered_disk: PoweredDisk, line: FaultProxy,
    history: History, record: Record, engine: Engine, name: str, sample: int, full: int, part: int,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    profile = powered_disk.place / "profile"
    phone = HandledPhone(playwright, profile, url, history, record, engine)
    phone.open()
    assert record.demo_person is not None
    phone.join(record.demo_person)
    # Half of them are cut within the seconds after they were added, when nothing but what was
    # synced is on the disk, not even the app; the others have been phones for a minute.
    if settled := (SEED + part) % 2 == 0:
        phone.page.reload()
        powered_disk.settle()
    told = "power cut in the first 150 ms of a save"
    try:
        for chance in fault(name, told, sample, full, part):
            _loses_power(phone, powered_disk, chance)
            _starts_again(phone, settled=settled)
            phone.settle()
    finally:
        phone.close()
    assert record.proves(history) == []


def _loses_power(phone: HandledPhone, disk: PoweredDisk, chance: random.Random) -> None:
    phone.signal(chance.random() < 0.3)
    phone.watch()
    for _ in range(chance.randint(0, 2)):
        phone.press(phone.type())
        expect(phone.page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
        phone.page.get_by_role("button", name="Log another").click()
    disk.write_unsynced()
    phone.press(phone.type())
    # The moment of the cut is what is tried: nothing is waited for.
    time.sleep(chance.random() * 0.15)
    frozen = phone.freezes()
    try:
        disk.cut()
    finally:
        phone.dies(frozen)
    disk.power_back()


def _fetches_the_app(phone: HandledPhone) -> Page:
    phone.signal(True)
    phone.page.goto(phone.url)
    if not phone.page.evaluate(INSTALLED):
        # Chromium found its list of workers torn and began another: the one that was being
        # installed is forgotten. The page logs and sends; the next start installs.
        phone.dies()
        phone.open()
        phone.wait_until_installed()
    return phone.page


def _starts_again(phone: HandledPhone, *, settled: bool) -> None:
    """Without signal first, so that it shows what it has itself."""
    page = phone.launch(offline=True)
    try:
        page.goto(phone.url)
    except Error:
        assert not settled, "a phone that was added long ago does not start without signal"
        page = _fetches_the_app(phone)
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    held = phone.holds()
    waits = {one.words for one in phone.history.holds[phone.name] if one.state in VISIBLE}
    arrived = {one.words for one in phone.record.rows()}
    if missing := phone.history.saved - waits - arrived:
        # A second copy may still bring them; whether it did, the record says in the end.
        print(f"the store of {phone.name} lost {sorted(missing)}")
    phone.signal(True)
    if not held["enrolled"]:
        print(f"the store of {phone.name} was thrown away")
        assert phone.record.demo_person is not None
        phone.join(phone.record.demo_person)
