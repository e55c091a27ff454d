"""A shell and a server of different releases: the one is older, the other, and back again."""

from __future__ import annotations

import contextlib
import itertools
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright, expect

from tests.faults.counts import SEED, SOAK, Runs, parts_of
from tests.faults.hands import HandledPhone, reload
from tests.faults.history import History
from tests.faults.past import PAST, Past, check_out, need_history
from tests.faults.record import Record
from tests.faults.releases import TRY_UPDATE, VERSIONS
from tests.running import ROOT, RunningInstance

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]
# A browser looks for it by itself some seconds after the page was opened.
LOOK = "async () => { await (await navigator.serviceWorker.ready).update(); }"
WAITS = "async () => (await navigator.serviceWorker.ready).waiting !== null"
# By how much the page's own clock is put forward.
SETTABLE_CLOCK = """window.putBy = 0;
const now = Date.now;
Date.now = () => now() + window.putBy;"""
A_SETTING_OF_TODAY = "prove_again_minutes"
PATIENCE = 40


class Journey:
    """One instance and one phone, which go from release to release."""

    def __init__(self, playwright: Playwright, folder: Path, tree: Path):
        folder.mkdir()
        self.past, self._aside = tree, folder / "aside"
        self.history = History()
        self.instance = RunningInstance(folder / "demo", suite=1, tree=tree)
        self.instance.start()
        self.record = Record(self.instance.folder)
        self.phone = HandledPhone(
            playwright, folder / "profile", self.instance.phone_url, self.history, self.record
        )
        self.phone.launch()
        assert self.phone.context is not None
        self.phone.context.add_init_script(SETTABLE_CLOCK)
        self.phone.page.goto(self.phone.url)
        assert self.record.demo_person is not None
        self.phone.join(self.record.demo_person)

    def log(self, many: int) -> None:
        """So many entries that are shown as saved, each on a fresh page."""
        for _ in range(many):
            reload(self.phone.page)
            self.phone.logs()

    def log_or_be_told(self) -> None:
        """One more; a shell that is too old for the store says at once that it is not saved."""
        reload(self.phone.page)
        words = self.phone.type()
        self.phone.page.get_by_role("button", name="Log it").click()
        said = self.phone.page.get_by_text(re.compile("^(Saved on this phone|NOT saved)"))
        expect(said.first).to_be_visible()
        if said.first.inner_text().startswith("Saved"):
            self.history.shows_saved(self.phone.name, words)
        else:
            self.phone.form_shows(words)

    def served_by(self, tree: Path) -> None:
        """The doors are closed and opened again by the code that lies there."""
        self.instance.stop()
        self.instance.tree = tree
        self.history.happens("server", f"is {tree.name}")
        self.instance.start()

    def upgrade(self) -> None:
        """The code of today from now on; a copy of the instance, as anybody prudent would."""
        self.instance.stop()
        shutil.copytree(self.instance.folder, self._aside)
        self.served_by(ROOT)

    def go_back(self, *, to_the_copy: bool) -> None:
        """The past code again, with what today's has written, or with the copy from before."""
        self.instance.unset(A_SETTING_OF_TODAY)
        if to_the_copy:
            self.record.close()
            shutil.rmtree(self.instance.folder)
            shutil.copytree(self._aside, self.instance.folder)
            self.record = self.phone.record = Record(self.instance.folder)
            self.history.goes_back("server", self.record.verdict().rows)
        self.served_by(self.past)

    def tries(self, seconds: float = 10) -> bool:
        """Whether all that waits was taken in that time."""
        try:
            self.phone.settle(seconds)
        except AssertionError:
            return False
        return True

    def versions(self) -> list[str]:
        """Of the shell, those that the phone has whole; a page may begin anew meanwhile."""
        try:
            found: list[str] = self.phone.page.evaluate(VERSIONS)
        except Error:
            self.phone.page.wait_for_load_state()
            found = self.phone.page.evaluate(VERSIONS)
        return found

    def becomes_another(self, than: list[str]) -> None:
        """The phone is opened again and again until its shell is none of these."""
        until = time.monotonic() + PATIENCE
        while set(than) & set(self.versions()):
            assert time.monotonic() < until, "the shell stayed what it was"
            reload(self.phone.page)
            # Taken over in the middle of the question, the page begins anew.
            with contextlib.suppress(Error):
                self.phone.page.evaluate(LOOK)
            self.phone.page.wait_for_timeout(500)  # asked again until it is so, or its time is over
        reload(self.phone.page)

    def nothing_is_lost(self) -> None:
        """What was saved is in the record once, or stands on the phone as not sent: in the end,
        because a phone hears of a ledger that was put back only when it asks."""
        until = time.monotonic() + PATIENCE
        while lost := [one for one in self._broken() if one.startswith(("I1", "I3", "I4"))]:
            assert time.monotonic() < until, (lost, self.history.log)
            self.phone.page.evaluate("() => dispatchEvent(new Event('online'))")
            self.phone.page.wait_for_timeout(500)  # asked again until it is so, or its time is over

    def _broken(self) -> list[str]:
        self.phone.holds()
        return self.record.proves(self.history)

    def arrives(self) -> None:
        """All of it is in the record in the end, opened, and the phone says so."""
        until = time.monotonic() + PATIENCE
        while True:
            self.phone.settle()
            states = {row["state"] for row in self.phone.holds()["rows"]}
            broken = self.record.proves(self.history)
            if not broken and states == {"in-record"}:
                return
            assert time.monotonic() < until, (broken, states, self.history.log)
            self.phone.page.evaluate("() => dispatchEvent(new Event('online'))")
            self.phone.page.wait_for_timeout(500)  # asked again until it is so, or its time is over

    def close(self) -> None:
        """The phone is put away and the doors are closed."""
        self.phone.close()
        self.record.close()
        self.instance.close()


@pytest.fixture(scope="module")
def tree_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Past], Path]:
    """Where a past release lies, built once for all that ask for it."""
    need_history()
    made: dict[Past, Path] = {}

    def tree(one: Past) -> Path:
        if one not in made:
            made[one] = check_out(one, tmp_path_factory.mktemp(one.commit[:10]))
        return made[one]

    return tree


@pytest.fixture
def begin(
    playwright: Playwright, tmp_path: Path, tree_of: Callable[[Past], Path]
) -> Iterator[Callable[[int], Journey]]:
    """A journey from the n-th past release on, the last one ended."""
    begun: list[Journey] = []
    count = itertools.count()

    def one(n: int) -> Journey:
        for before in begun:
            before.close()
        # A sample is chosen by the seed, and the same for every test, so that it is built once.
        tree = tree_of(PAST[(SEED + n) % len(PAST)])
        begun[:] = [Journey(playwright, tmp_path / f"{next(count)}", tree)]
        return begun[0]

    yield one
    for last in begun:
        last.close()


def test_a_shell_that_is_past_is_served_by_the_server_of_today_and_becomes_todays(
    fault: Faults, begin: Callable[[int], Journey]
) -> None:
    for n, chance in enumerate(fault("B06", "a past shell, a server of today", 1, len(PAST))):
        journey = begin(n)
        phone = journey.phone
        journey.log(1)
        phone.settle()
        phone.signal(False)
        journey.log(chance.randint(1, 3))
        old = journey.versions()
        reload(phone.page)
        words = phone.type()
        journey.served_by(ROOT)
        phone.signal(True)
        phone.settle()
        # Something is being written: the version of today is there and waits, the old one sends.
        assert phone.page.evaluate(TRY_UPDATE) == "installed"
        phone.form_shows(words)
        phone.log_it()
        journey.history.shows_saved(phone.name, words)
        phone.settle()
        assert phone.page.evaluate(WAITS)
        assert set(old) <= set(journey.versions())
        journey.becomes_another(old)
        journey.log(1)
        journey.arrives()


@pytest.mark.parametrize("part", parts_of(2))
def test_a_shell_of_today_before_a_past_server_keeps_what_is_not_taken_until_todays_is_back(
    fault: Faults, begin: Callable[[int], Journey], part: int
) -> None:
    title = "a shell of today, a past server, and back"
    for n, chance in enumerate(fault("B07", title, 1, len(PAST), part)):
        # Each of them in turn in the soak.
        to_the_copy = part == 1 if SOAK else chance.random() < 0.5
        _there_and_back(begin(n), chance.randint(1, 3), to_the_copy=to_the_copy)


def _there_and_back(journey: Journey, many: int, *, to_the_copy: bool) -> None:
    phone = journey.phone
    journey.log(1)
    phone.settle()
    past = journey.versions()
    journey.upgrade()
    journey.becomes_another(past)
    today = journey.versions()
    journey.log(1)
    phone.settle()
    phone.signal(False)
    journey.log(many)
    # What the past code knows nothing of it refuses in a sentence, before a door opens.
    journey.instance.set(A_SETTING_OF_TODAY, "10")
    with pytest.raises(AssertionError, match=f"a line nobody knows: {A_SETTING_OF_TODAY}"):
        journey.served_by(journey.past)
    phone.signal(True)
    assert not journey.tries(1)
    journey.nothing_is_lost()
    journey.go_back(to_the_copy=to_the_copy)
    journey.tries()
    # Most past servers do not look whether a head they are told of is their own.
    phone.page.evaluate("() => { window.putBy = 86_400_001 }")
    journey.nothing_is_lost()
    # The phone takes the past shell for an update, and may be closed and opened before it is back.
    journey.becomes_another(today)
    journey.log_or_be_told()
    journey.tries()
    journey.nothing_is_lost()
    journey.served_by(ROOT)
    journey.becomes_another(past)
    journey.log(1)
    journey.arrives()
