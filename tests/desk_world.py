"""A small organisation with real keys, a real ledger and phones, for tests of the desk.

Nothing is replaced by a stand-in: captures are sealed as a phone seals them and kept in SQLite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from logger.clock import uuid7
from logger.entries.happened import Answers
from logger.people.person import Person, Role
from sync.event import (
    ADDITION,
    CAPTURE,
    FIRST_OF_DEVICE,
    SUITE_P256,
    SUITE_XWING,
    Event,
    Header,
    seal_info,
)
from sync.frames import P256Signer
from sync.store import Arrival, Device, Lane
from tests import desk_rooms
from tests.page_inspector import Page, inspect
from tests.stranger_wire import a_share, packed, seal

START = 1_795_514_400_000  # 24 November 2026, 10:00 in London
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

OBJECTIVE = {
    "objective": "Get an officer to the address tonight.",
    "necessity": "He was on his way there.",
    "left_out": "Mother's health history: not needed to act.",
}
BASIS = {
    "basis": "6-1-e",
    "condition": "9-2-g-18",
    "reason": "18-would-prejudice",
    "powers": ["ca-1989-47"],
}
CONSENT = {
    "consent": "not-asked",
    "consent_why": "It would have warned him.",
    "told": "not-safe",
    "told_whom": "Look again on 25 November.",
}
OUTCOME = {"outcome": "Attended 21:50, incident 881."}
ALL_ANSWERS: Mapping[str, Answers] = {
    "objective": OBJECTIVE,
    "basis": BASIS,
    "consent": CONSENT,
    "outcome": OUTCOME,
}


@dataclass
class Browser:
    """Somebody's browser without JavaScript; every page it opens is inspected."""

    client: FlaskClient
    status: int = 0

    def get(self, path: str, status: int = 200) -> Page:
        """Open a page, following redirects."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return inspect(answer.text)

    def fragment(self, path: str) -> Page:
        """What htmx would get."""
        answer = self.client.get(path, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return inspect(answer.text, whole=False)

    def post(
        self, page: Page, action: str, status: int = 200, *, to: str = "", **values: object
    ) -> Page:
        """Send a form of that page, some of it filled in otherwise."""
        data = {**page.form_values(action), **values}
        answer = self.client.post(to or action, data=data, follow_redirects=True)
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return inspect(answer.text)

    def autosave(self, page: Page, action: str, **values: object) -> Page:
        """What htmx sends at every pause of typing."""
        data = {**page.form_values(action), **values}
        headers = {"HX-Request": "true"}
        answer = self.client.post(f"{action}/draft", data=data, headers=headers)
        assert answer.status_code == 200, answer.text
        return inspect(answer.text, whole=False)


class World:
    """An organisation whose clock stands still until it is moved."""

    def __init__(self, folder: Path, **settings: Any):
        self.now = START
        self._count = 0
        self.rooms = desk_rooms.make(folder, lambda: self.now, self.randomness, settings)
        self.phones: dict[UUID, P256Signer] = {}
        add = self._add
        self.dana = add("Dana Price", Role.PRACTITIONER, "North")
        self.sam = add("Sam Okafor", Role.SUPERVISOR, "North")
        self.ruth = add("Ruth Ellis", Role.SUPERVISOR, "North")
        self.aled = add("Aled Morgan", Role.ALTERNATE, "")
        self.carys = add("Carys Bevan", Role.ALLEGATIONS_LEAD, "")
        self.alex = add("Alex Shaw", Role.ADMINISTRATOR, "")
        self.nia = add("Nia Rees", Role.PRACTITIONER, "South")
        self.owen = add("Owen Hale", Role.SUPERVISOR, "South")

    @property
    def app(self) -> Flask:
        """The record door."""
        return self.rooms.app

    def randomness(self, count: int) -> bytes:
        """The same bytes in every run."""
        self._count += 1
        return hashlib.shake_256(f"desk {self._count}".encode()).digest(count)

    def later(self, ms: int) -> None:
        """Let time pass."""
        self.now += ms

    def browser(self, person: Person | None) -> Browser:
        """A browser, signed in as this person."""
        client = self.app.test_client()
        if person is not None:
            page = inspect(client.get("/sign-in").text)
            token = page.all("input", name="csrf_token")[0].attributes["value"]
            form = {"person": str(person.id), "csrf_token": token}
            assert client.post("/sign-in/demo", data=form).status_code == 303
        return Browser(client)

    def capture(self, person: Person, entry: UUID | None = None, **instead: Any) -> UUID:
        """This person logs a share on their phone, and it arrives."""
        entry = entry or uuid7(self.now, self.randomness)
        when = {"at": self.now, "utc_offset": 0, "about": False}
        clock = {"at": self.now, "utc_offset": 0, "monotonic": 1000, "last_server": None}
        someone = {"code": "police-999", "label": "", "person": "PC 4410", "reference": ""}
        share = a_share(
            self.now,
            **{
                "when": when,
                "clock": clock,
                "recipients": [someone],
                "why": ["neglect"],
                **instead,
            },
        )
        self.arrive(person, entry, CAPTURE, share)
        return entry

    def add(self, person: Person, entry: UUID, what: str, text: str = "") -> None:
        """This person adds something to an entry on their phone, and it arrives."""
        clock = {"at": self.now, "utc_offset": 0, "monotonic": 1000, "last_server": None}
        said = {"v": 1, "what": what, "text": text, "clock": clock}
        self.arrive(person, entry, ADDITION, said)

    def arrive(
        self,
        person: Person,
        entry: UUID,
        kind: int,
        content: dict[str, Any],
        lane: Lane = Lane.RECORD,
    ) -> None:
        """Something this person's phone sent."""
        signer = self._phone(person)
        key, device = self.rooms.keyring.record, hashlib.sha256(signer.public).digest()
        assert key.suite in (SUITE_P256, SUITE_XWING)
        info = seal_info(key.suite, device, entry, key.id)
        sealed = seal(key.suite, key.public, info, packed(content))
        self._count += 1
        header = Header(
            kind, key.suite, device, entry, 1, FIRST_OF_DEVICE, self.now, 0, key.id, len(sealed)
        )
        event = Event(header, sealed, bytes(64))
        event = event.signed_with(signer.sign(event.signed_bytes))
        self.rooms.store.keep([Arrival(event, lane)], self.now)
        self.rooms.follow()

    def documented(self, person: Person, entry: UUID) -> Browser:
        """This person answers everything that is required, page by page."""
        browser = self.browser(person)
        for section, answers in ALL_ANSWERS.items():
            path = f"/entries/{entry}/{section}"
            page = browser.post(browser.get(path), path, **answers)
            assert page.all("h1")[0].text.strip() == "Complete this entry", page.text
        return browser

    def submitted(self, person: Person, **instead: Any) -> UUID:
        """An entry that waits for review."""
        entry = self.capture(person, **instead)
        browser, path = self.documented(person, entry), f"/entries/{entry}/check"
        browser.post(browser.get(path), path, made_by_me="yes")
        return entry

    def decide(self, person: Person, entry: UUID, outcome: str, words: str = "") -> Page:
        """This person reviews it."""
        browser, path = self.browser(person), f"/review/{entry}/decision"
        return browser.post(browser.get(f"/review/{entry}"), path, outcome=outcome, words=words)

    def _add(self, name: str, role: Role, team: str) -> Person:
        email = name.split()[0].lower() + "@example.org"
        return self.rooms.add_person(name, email, role, team)

    def _phone(self, person: Person) -> P256Signer:
        if person.id not in self.phones:
            scalar = hashlib.sha256(person.id.bytes).digest()
            signer = self.phones[person.id] = P256Signer.from_scalar(scalar)
            device = hashlib.sha256(signer.public).digest()
            code = hashlib.sha256(b"code" + person.id.bytes).digest()
            self.rooms.store.offer_code(code, person.id, self.now + HOUR)
            phone = Device(device, signer.public, person.id, "A phone", self.now)
            self.rooms.store.enrol(code, phone)
            self.rooms.notice_phones()
        return self.phones[person.id]

    def dump_index(self) -> str:
        """All that the index file holds, as text, for searching."""
        db = self.rooms.index.read()
        return "\n".join(db.conn.iterdump())
