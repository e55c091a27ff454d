"""Every address of the record door, and who gets an answer there: a new one must be written here.

`+` lets in, `x` is 403, `0` is 404 and `s` sends to sign in. A line has a place for each of PEOPLE;
where an entry is meant, a person has a place for each of ENTRIES.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from logger.advice.index import Questions
from logger.agreements.register import Agreements
from logger.clock import uuid7
from logger.people.person import Person, Role
from sync.event import CAPTURE
from sync.store import Lane
from tests.desk_world import World
from tests.page_inspector import Page
from tests.stranger_wire import a_share

# Dana made all but Sam's and Nia's; Eira is of their team, Nia of another. `open` was never
# submitted, `apart` is about somebody who works with children.
ENTRIES = ("north", "open", "sams", "south", "apart")
PEOPLE = ("dana", "eira", "sam", "aled", "carys", "gwen", "priya", "alex", "stranger")
NOBODY, STRANGER = "xxxxx", "sssss"


def by_entry(dana: str, eira: str, sam: str, aled: str, carys: str, *more: str) -> tuple[str, ...]:
    gwen, priya = more or (NOBODY, NOBODY)
    return (dana, eira, sam, aled, carys, gwen, priya, NOBODY, STRANGER)


AUTHOR = by_entry("++00+", "00000", "xx+00", "xxxx0", "0000x")
READER = by_entry("++00+", "00000", "+++00", "++++0", "0000+")
REVIEW = by_entry(NOBODY, NOBODY, "+++00", "++++0", "0000+", "00000", "00000")
INCIDENT = by_entry("++00+", "00000", "+++00", "++++0", "0000+", "00000", "00000")
REPORT = by_entry("++00+", "00000", "+x+00", "+x++0", "0000+", "00000", "00000")
DECIDE = by_entry(NOBODY, NOBODY, "++x00", "++++0", "0000+")
ANSWER = by_entry(NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, "00000", "00000")
UNDO = by_entry(NOBODY, NOBODY, "xxx00", "xxxx0", "0000x", "00000", "00000")
WAITING = by_entry(NOBODY, NOBODY, "++000", "++++0", "0000+", "00000", "00000")
REMIND = by_entry(NOBODY, NOBODY, "++000", "++++0", "0000+")
STAND_IN = by_entry(NOBODY, NOBODY, "x+000", "x+xx0", "0000x")
CHILD = by_entry(NOBODY, NOBODY, "+++00", "++++0", "0000+")
# Said of two, the other of whom is nobody here.
SAID = by_entry(NOBODY, NOBODY, "00000", "00000", "00000")

ANYONE, SIGNED_IN = "+++++++++", "++++++++s"
LOGS, REVIEWS, ADVISES = "+++++xxxs", "xx+++xxxs", "xxxxx++xs"
ASKS, FIGURES, DIRECTORY = "+++++++xs", "xx+xx++xs", "xxxxx+x+s"
GOVERNS, ADMIN, ASIDE = "xxxxx+xxs", "xxxxxxx+s", "xxxxx+x+s"
FINDINGS, OWN_PHONE = "xx+++xx+s", "+000000+s"

TABLE: dict[str, str | tuple[str, ...]] = {
    **dict.fromkeys(
        ("people.sign_in", "people.check_password", "people.demo", "people.code",
         "people.check_code", "people.join", "people.joined", "people.choose_language",
         "static_file", "say_alive", "say_ready", "security_txt", "receipts.ask",
         "receipts.answer"), ANYONE,
    ),
    **dict.fromkeys(
        ("review.home", "people.sign_out", "account.account", "account.end", "account.end_others",
         "account.password", "account.change_password", "prove.ask", "prove.answer",
         "phones.phones", "phones.add_phone", "phones.file", "phones.bring_file"), SIGNED_IN,
    ),
    **dict.fromkeys(("phones.confirm_revoke", "phones.revoke"), OWN_PHONE),
    **dict.fromkeys(("entries.to_complete", "entries.submitted"), LOGS),
    **dict.fromkeys(
        ("review.waiting", "review.reviewed", "undocumented.waiting", "children.children",
         "children.search"), REVIEWS,
    ),
    **dict.fromkeys(
        ("governance.waiting", "advice.question", "advice.answer", "advice.write_general",
         "advice.withdraw"), ADVISES,
    ),
    **dict.fromkeys(("advice.questions", "advice.general"), ASKS),
    **dict.fromkeys(("overview.overview", "overview.sheet"), FIGURES),
    **dict.fromkeys(
        ("directory.directory", "directory.export", "directory.add", "directory.added",
         "directory.recipient", "directory.change", "directory.checked", "directory.retire",
         "directory.restore", "directory_import.choose", "directory_import.look",
         "directory_import.apply"), DIRECTORY,
    ),
    **dict.fromkeys(("agreements.agreements", "agreements.agreement"), ADVISES),
    **dict.fromkeys(
        ("agreements.add", "agreements.added", "agreements.change", "agreements.reviewed",
         "agreements.end"), GOVERNS,
    ),
    **dict.fromkeys(
        ("law.law", "law.file", "law.compared", "law.adopt",
         "administration.people", "administration.invite", "administration.invited",
         "administration.person", "administration.change", "administration.disable",
         "administration.enable", "administration.link", "administration.confirm",
         "administration.decline"), ADMIN,
    ),
    "quarantine.waiting": ASIDE,
    **dict.fromkeys(("quarantine.opened", "quarantine.admit", "quarantine.note"), GOVERNS),
    "whose.findings": FINDINGS,
    **dict.fromkeys(
        ("entries.check", "entries.submit", "sections.section", "sections.save", "sections.draft",
         "sections.take", "sections.earlier", "sections.bin_version", "later.add", "later.added",
         "later.draft", "later.bin_version",
         "later.make_link", "afterwards.next_steps", "afterwards.paragraph", "whose.not_me",
         "whose.disown", "whose.own", "advice.asking", "advice.ask", "advice.quote"), AUTHOR,
    ),
    "entries.entry": READER,
    **dict.fromkeys(("review.entry", "governance.seen_by", "governance.end"), REVIEW),
    "governance.incident": INCIDENT,
    "governance.report": REPORT,
    "review.decide": DECIDE,
    "review.answer": ANSWER,
    "review.undo": UNDO,
    **dict.fromkeys(("undocumented.entry", "undocumented.answer"), WAITING),
    "undocumented.remind": REMIND,
    **dict.fromkeys(("undocumented.hand_over", "undocumented.ask"), STAND_IN),
    "children.chronology": CHILD,
    "children.say": SAID,
}  # fmt: skip


class Door:
    """A record with something at every address, and a browser for each of PEOPLE."""

    def __init__(self, folder: Path):
        self.world = world = World(folder)
        add = world.rooms.add_person
        people: dict[str, Person | None] = {
            "eira": add("Eira Wyn", "eira@example.org", Role.PRACTITIONER, "North"),
            "gwen": add("Gwen Lloyd", "gwen@example.org", Role.GOVERNANCE, ""),
            "priya": add("Priya Nair", "priya@example.org", Role.DATA_PROTECTION_OFFICER, ""),
            "stranger": None,
        } | {name: getattr(world, name) for name in ("dana", "sam", "aled", "carys", "alex")}
        self.rules = list(world.app.url_map.iter_rules())
        self.entries = {
            "north": world.submitted(world.dana),
            "open": world.capture(world.dana),
            "sams": world.submitted(world.sam),
            "south": world.submitted(world.nia),
            "apart": world.submitted(world.dana, risk={"name": "", "works_with_children": True}),
        }
        world.arrive(
            world.dana, uuid7(world.now, world.randomness), CAPTURE, a_share(1), Lane.QUARANTINE
        )
        self.browsers = {name: world.browser(people[name]) for name in PEOPLE}
        self._fill(people)

    def _fill(self, people: dict[str, Person | None]) -> None:
        world, dana, gwen = self.world, self.browsers["dana"], self.browsers["gwen"]
        (phone, *_) = world.rooms.register.phones_of([world.dana])
        ask = f"/entries/{self.entries['north']}/ask"
        dana.post(dana.get(ask), ask, words="May I?")
        add = "/agreements/add"
        form = {"title": "T", "scope": "S", "signed_on": "2026-01-01", "parties": ["police-999"]}
        gwen.post(gwen.get(add), add, **form)
        (line,) = world.rooms.rooms[Questions].waiting()
        (agreement, *_) = world.rooms.rooms[Agreements].everything()
        eira = people["eira"]
        assert eira
        self.values = {
            "code": "objective", "what": "outcome", "ordinal": "0", "name": "weeks",
            "language": "cy", "token": "nothing", "device": phone.device.hex(),
            "thread": str(line.thread), "position": str(self._set_aside()),
            "advice.withdraw id": str(line.thread), "administration id": str(eira.id),
            "agreements id": str(agreement.id), "directory code": "police-999",
        }  # fmt: skip

    def _set_aside(self) -> int:
        (line,) = self.world.rooms.register.set_aside()
        return line.position

    def address(self, rule: Rule, entry: str = "north") -> str:
        """The rule with what there is in it."""
        parts = self.parts(rule, entry)
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: parts[found[1]], rule.rule)

    def parts(self, rule: Rule, entry: str = "north") -> dict[str, str]:
        """What there is, by the names in the rule."""
        room = rule.endpoint.partition(".")[0]
        known = self.values | {"entry_id": str(self.entries[entry])}

        def value(name: str) -> str:
            places = (f"{rule.endpoint} {name}", f"{room} {name}", name)
            return next(known[one] for one in places if one in known)

        return {name: value(name) for name in re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)}

    def expected(self, rule: Rule) -> Iterator[tuple[str, str, str]]:
        """Who asks where, and what the table says of it."""
        row = TABLE[rule.endpoint]
        for name, said in zip(PEOPLE, row, strict=True):
            if isinstance(row, str):
                yield name, self.address(rule), said
                continue
            for entry, letter in zip(ENTRIES, said, strict=True):
                yield name, self.address(rule, entry), letter


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    return Door(tmp_path_factory.mktemp("routes"))


def answered(status: int, location: str | None) -> str:
    if status == 303 and location == "/sign-in":
        return "s"
    return {403: "x", 404: "0", 500: "broken"}.get(status, "+")


def token_of(client: FlaskClient) -> str:
    page = Page(client.get("/phones", follow_redirects=True).text)
    return page.all("input", name="csrf_token")[0].attributes["value"]


def test_every_address_is_in_the_table(door: Door) -> None:
    assert {rule.endpoint for rule in door.rules} == set(TABLE)


def test_each_page_is_for_those_it_is_for(door: Door) -> None:
    wrong = []
    for rule in door.rules:
        # Codes of nothing are nothing, for anyone; signing in has no half way for a stranger.
        if "GET" not in rule.methods or TABLE[rule.endpoint] == ANYONE:
            continue
        for name, path, said in door.expected(rule):
            answer = door.browsers[name].client.get(path)
            found = answered(answer.status_code, answer.location)
            if found != said:
                wrong.append((rule.endpoint, name, path, f"{found} for {said}"))
    assert wrong == []


def test_each_form_is_refused_to_those_it_is_not_for(door: Door) -> None:
    wrong = []
    tokens = {name: token_of(browser.client) for name, browser in door.browsers.items()}
    for rule in door.rules:
        if "POST" not in rule.methods or TABLE[rule.endpoint] == ANYONE:
            continue
        for name, path, said in door.expected(rule):
            if said == "+":
                continue
            form = {"csrf_token": tokens[name]}
            answer = door.browsers[name].client.post(path, data=form)
            found = answered(answer.status_code, answer.location)
            if found != said:
                wrong.append((rule.endpoint, name, path, f"{found} for {said}"))
    assert wrong == []


def test_no_form_is_taken_without_its_token_or_from_another_site(door: Door) -> None:
    head = door.world.rooms.store.head()
    for rule in door.rules:
        if "POST" not in rule.methods:
            continue
        path = door.address(rule)
        for name in ("dana", "gwen", "alex", "stranger"):
            client = door.browsers[name].client
            assert client.post(path).status_code == 400, (rule, name)
            site = {"Sec-Fetch-Site": "cross-site"}
            assert client.post(path, headers=site).status_code == 403, (rule, name)
    assert door.world.rooms.store.head() == head


def test_no_address_takes_another_method(door: Door) -> None:
    urls = door.world.app.url_map.bind("localhost")
    for rule in door.rules:
        path = door.address(rule)
        allowed = set(urls.allowed_methods(path))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - allowed:
            answer = door.browsers["gwen"].client.open(path, method=method)
            assert answer.status_code == 405, (rule, method)
