"""Who is on a phone changes while entries wait: forgotten, swapped, guessed, added, removed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.test_reading_back import COUNT, set_passphrase, unlock
from tests.browser.test_shared_phone import add_person, switch, this_phone, who
from tests.desk_at_work import Desk
from tests.faults.counts import SOAK, Runs
from tests.faults.hands import HOLDS, HandledPhone
from tests.faults.history import History
from tests.faults.phones import ManyPhone
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]
AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
    "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True, "hasPrf": True,
}  # fmt: skip
TRIES = """() => new Promise((resolve) => {
  indexedDB.open('sharelog').onsuccess = ({ target }) => {
    target.result.transaction('reading').objectStore('reading').get('tries').onsuccess = (got) => {
      target.result.close();
      resolve(got.target.result);
    };
  };
})"""
QUARTER_OF_AN_HOUR = 15 * 60 * 1000
# Of which every tenth part comes after the wait that was asked for, and the others too early.
WRONG_TRIES = 100 if SOAK else 30


class Hands:
    """Fresh phones, each with its part in the history."""

    def __init__(self, playwright: Playwright, folder: Path, url: str, record: Record):
        self._playwright, self._folder, self._url = playwright, folder, url
        self._record = record
        self._phones: list[HandledPhone] = []

    def ama(self, history: History) -> HandledPhone:
        """One that was just added."""
        profile = self._folder / f"profile {len(self._phones)}"
        phone = HandledPhone(self._playwright, profile, self._url, history, self._record)
        self._phones.append(phone)
        phone.open()
        assert self._record.demo_person is not None
        phone.join(self._record.demo_person)
        return phone

    def close(self) -> None:
        """Put all of them away."""
        for phone in self._phones:
            phone.close()


@pytest.fixture
def hands(
    playwright: Playwright, tmp_path: Path, line: FaultProxy, record: Record
) -> Iterator[Hands]:
    made = Hands(playwright, tmp_path, f"http://phone.localhost:{line.port}", record)
    yield made
    made.close()


@pytest.fixture
def jos_account(served: RunningInstance) -> UUID:
    """Somebody else who may carry a phone."""
    with closing(sqlite3.connect(f"file:{served.folder / 'index.db'}?mode=ro", uri=True)) as index:
        (found,) = index.execute("SELECT id FROM people WHERE name = 'Sam Okafor'").fetchone()
    return UUID(found)


def _logs(phone: HandledPhone) -> str:
    another = phone.page.get_by_role("button", name="Log another")
    if another.is_visible():
        another.click()
    return phone.logs()


def _with_passphrase(phone: HandledPhone) -> Page:
    _logs(phone)
    phone.page.get_by_role("button", name="Read back").click()
    set_passphrase(phone.page)
    return phone.page


def _locked(page: Page) -> None:
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()


def test_a_forgotten_passphrase_costs_copies_and_nothing_that_waits(
    fault: Faults, hands: Hands, record: Record
) -> None:
    for _ in fault("E11", "passphrase forgotten while entries wait", 1, 3):
        history = History()
        phone = hands.ama(history)
        page = _with_passphrase(phone)
        page.get_by_role("button", name="Back to logging").click()
        phone.signal(False)
        _logs(phone)
        page.get_by_role("button", name="Read back").click()
        _locked(page)
        page.get_by_role("button", name="Passphrase forgotten").click()
        set_passphrase(page)
        assert page.evaluate(COUNT, "copies") == 0
        page.get_by_role("button", name="Back to logging").click()
        _logs(phone)
        phone.signal(True)
        phone.settle()
        assert record.proves(history) == []


def test_a_lock_that_answers_otherwise_than_before_leaves_the_passphrase(
    fault: Faults, hands: Hands
) -> None:
    for _ in fault("E12", "another PRF value than before", 1, 5):
        phone = hands.ama(History())
        assert phone.context is not None
        devtools = phone.context.new_cdp_session(phone.page)
        devtools.send("WebAuthn.enable")
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        page = _with_passphrase(phone)
        page.get_by_role("button", name="Unlock with this phone's own lock next time").click()
        expect(page.locator("#read-said")).to_contain_text("own lock opens it too")
        # The same key answers with another secret, as after a reset of the phone's lock.
        (credential,) = devtools.send("WebAuthn.getCredentials", made)["credentials"]
        devtools.send("WebAuthn.removeVirtualAuthenticator", made)
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        credential.pop("prf", None)
        devtools.send("WebAuthn.addCredential", {**made, "credential": credential})
        _locked(page)
        page.get_by_role("button", name="Use this phone's own lock").click()
        expect(page.locator("#read-problem")).to_contain_text("Use your passphrase", timeout=70_000)
        unlock(page)
        expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible(timeout=15_000)


def test_wrong_passphrases_wait_longer_and_longer_and_wipe_nothing(
    fault: Faults, hands: Hands, record: Record
) -> None:
    for _ in fault("E13", f"wrong passphrase, {WRONG_TRIES} times", 1, 3):
        history = History()
        phone = hands.ama(history)
        page = _with_passphrase(phone)
        phone.signal(False)
        page.get_by_role("button", name="Back to logging").click()
        _logs(phone)
        page.get_by_role("button", name="Read back").click()
        _locked(page)
        page.clock.install()
        waits = [_wrong(page, n) for n in range(WRONG_TRIES)]
        grown = [wait for wait in waits if wait]
        assert grown == sorted(grown)
        assert 5_000 <= grown[0] < 10_000
        assert grown[-1] > QUARTER_OF_AN_HOUR / 2
        assert page.evaluate(COUNT, "copies") == 1
        assert page.evaluate(COUNT, "events") == 2
        page.clock.fast_forward(QUARTER_OF_AN_HOUR)
        unlock(page)
        expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible(timeout=15_000)
        phone.signal(True)
        phone.settle()
        assert record.proves(history) == []


def _wrong(page: Page, number: int) -> int:
    """One wrong try; how long the next has to wait, where this one was not refused unheard."""
    before = page.evaluate(TRIES) or {"count": 0, "until": 0}
    begun = page.evaluate("Date.now()")
    page.locator("#read-problem").evaluate("(one) => { one.hidden = true; }")
    unlock(page, f"a wrong passphrase {number}")
    expect(page.locator("#read-problem")).to_be_visible(timeout=15_000)
    after = page.evaluate(TRIES)
    if after["count"] == before["count"]:
        # Somebody with a script goes on at once most of the time, and waits now and then.
        if number % (WRONG_TRIES // 10) == 0:
            page.clock.fast_forward(max(0, after["until"] - page.evaluate("Date.now()")))
        return 0
    # Measured from before the try: the longest wait is the same however long the try took.
    wait = min(int(after["until"] - begun), QUARTER_OF_AN_HOUR)
    return wait if wait >= 5_000 else 0


def _jo_joins(phone: HandledPhone, history: History, record: Record, account: UUID) -> str:
    """The second person types a code; the name of their part in the history."""
    page = phone.page
    this_phone(page)
    page.get_by_label("Code from the record").fill(record.code(account))
    page.get_by_role("button", name="Use this code").click()
    page.get_by_role("button", name="Yes, the same words").click()
    expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
    page.get_by_role("button", name="Back to logging").click()
    device = page.evaluate(HOLDS.replace("'sharelog'", "'sharelog-2'"))["device"]
    name = f"jo on {phone.name}"
    history.joined(name, str(account), device.replace("+", "-").replace("/", "_").rstrip("="))
    return name


def _jo_logs(phone: HandledPhone, history: History, name: str) -> str:
    words = f"{name} {time.monotonic_ns()}"
    history.types(name, words)
    phone.fill("School", "Kit", words)
    phone.log_it()
    history.shows_saved(name, words)
    return words


def _until_in_the_record(record: Record, words: set[str]) -> None:
    until = time.monotonic() + 40
    while not words <= {row.words for row in record.rows()}:
        assert time.monotonic() < until, "it does not come to the record"
        time.sleep(0.1)  # the ledger's file cannot be listened to


def test_entries_that_waited_when_somebody_else_came_go_out_as_whose_they_are(
    fault: Faults, hands: Hands, record: Record, jos_account: UUID
) -> None:
    for chance in fault("E14", "a second person on a phone with unsent entries", 1, 20):
        history = History()
        phone = hands.ama(history)
        # The door is out of reach for what waits, and there for who comes.
        phone.page.route("**/sync/events", lambda route: route.abort())
        words = {_logs(phone) for _ in range(chance.randint(1, 3))}
        add_person(phone.page, "Jo", "Ama")
        name = _jo_joins(phone, history, record, jos_account)
        words.add(_jo_logs(phone, history, name))
        if chance.random() < 0.5:
            switch(phone.page, "Ama")
            expect(who(phone.page)).to_have_text("Ama")
        phone.page.unroute("**/sync/events")
        phone.page.reload()
        _until_in_the_record(record, words)
        phone.settle()
        assert record.proves(history) == []


def test_a_person_is_removed_with_entries_that_wait_and_they_are_sent_first(
    fault: Faults, hands: Hands, record: Record
) -> None:
    for chance in fault("E15", "a person removed with unsent entries", 1, 10):
        history = History()
        phone = hands.ama(history)
        page = phone.page
        phone.signal(False)
        words = {_logs(phone) for _ in range(chance.randint(1, 3))}
        add_person(page, "Jo", "Ama")
        this_phone(page)
        page.get_by_role("button", name="Remove Ama from this phone").click()
        expect(page.locator("#leave-ask")).to_contain_text("not received yet")
        page.get_by_role("button", name="Yes, remove").click()
        ama = page.locator("#sharing-list li").filter(has_text="Ama")
        expect(ama).to_contain_text("leaves this phone when nothing waits")
        assert len(phone.holds()["rows"]) == len(words)
        if chance.random() < 0.5:
            phone.dies()
            phone.open(offline=True)
        phone.signal(True)
        page = phone.page
        page.wait_for_function(
            "indexedDB.databases().then((all) => !all.some(({ name }) => name === 'sharelog'))",
            timeout=40_000,
        )
        _until_in_the_record(record, words)
        history.sees(phone.name, [])
        assert record.proves(history) == []


def test_entries_of_an_account_that_was_disabled_are_stored_as_theirs_and_told(
    fault: Faults,
    chromium: Browser,
    served: RunningInstance,
    line: FaultProxy,
    history: History,
    record: Record,
    jos_account: UUID,
) -> None:
    alex = Desk(chromium, served, "Alex Shaw")
    for _ in fault("E16", "an account disabled with entries unsent", 1, 5):
        phone = ManyPhone(f"phone {os.urandom(3).hex()}", history, record, dict(os.environ))
        phone.join(f"http://127.0.0.1:{line.port}", jos_account)
        words = {phone.log()["words"], phone.log()["words"]}
        _account(alex, served, jos_account, "Disable")
        phone.sync()
        assert set(phone.states().values()) <= {"received", "in-record"}
        kept = [row for row in record.rows() if row.words in words]
        assert {(row.author, row.lane) for row in kept} == {(str(jos_account), 0)}
        alex.page.goto(f"{served.record_url}/phones")
        row = alex.page.get_by_role("row").filter(has_text="Sam Okafor").first
        expect(row).to_contain_text("Disabled")
        assert record.proves(history) == []
        _account(alex, served, jos_account, "Enable")
        phone.close()
    alex.close()


def _account(alex: Desk, served: RunningInstance, account: UUID, button: str) -> None:
    alex.page.goto(f"{served.record_url}/people/{account}")
    alex.page.get_by_role("button", name=button).click()
    expect(alex.page.get_by_role("heading", level=1)).to_have_text("Sam Okafor")
