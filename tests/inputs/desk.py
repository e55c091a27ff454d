"""Every address of the record door, with something at each, and somebody who may go there."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from logger.people.credentials import Credentials, Joining
from logger.people.person import Role
from logger.people.throttle import Subject, Throttle
from tests.logger.test_route_table import PEOPLE, TABLE, Door, token_of
from tests.page_inspector import Page

PASSWORD = "three quiet lamps"
# Names that a page asks for in its address, beside those of its forms.
_ASKED = (
    "after", "before", "from", "to", "team", "state", "with", "version", "earlier", "section",
    "correction",
    "page", "q", "back", "next", "sort", "name", "born", "reference",
)  # fmt: skip
# Whoever goes there is signed out, or is somebody else afterwards.
_KEEP_AWAY = {
    "people.sign_out", "people.demo", "people.check_password", "people.check_code", "static_file",
    "account.end_others", "administration.disable", "administration.change",
}  # fmt: skip
_MAY = {200, 303, 400, 403, 404, 405, 409, 413, 414, 422, 429}


class EveryAddress(Door):
    """The route table's record, and for each address somebody who may go there."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.every = self.rules
        self.rules = [rule for rule in self.rules if rule.endpoint not in _KEEP_AWAY]
        self.tokens = {name: token_of(self.browsers[name].client) for name in PEOPLE}
        self._names: dict[str, list[str]] = {}
        self.gone = self._disabled()
        self.email = self.world.dana.email
        self._join()

    def room(self, kind: type[Any]) -> Any:
        """The one object of this kind."""
        return self.world.rooms.rooms[kind]

    def _disabled(self) -> tuple[FlaskClient, str]:
        """The browser of somebody who was disabled while signed in, and a form's token."""
        world = self.world
        person = world.rooms.add_person("Gone Away", "gone@example.org", Role.GOVERNANCE, "")
        client = world.browser(person).client
        token = token_of(client)
        world.rooms.invitations.disable(person, world.alex.id)
        return client, token

    def _join(self) -> None:
        """Dana has a password. What hashing costs is tried elsewhere: here it costs little."""
        credentials = self.room(Credentials)
        credentials._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        credentials._nobody = credentials._hasher.hash("nobody's")
        credentials.set(self.world.dana.id, Joining(PASSWORD, "A" * 32))

    def forgiven(self) -> str:
        """Dana's name, with no tries counted against it."""
        self.room(Throttle).forgive(Subject.account(self.email))
        return self.email

    def people(self) -> list[tuple[object, ...]]:
        """Who everybody is: nothing that nobody asked for has changed it."""
        db = self.world.rooms.index.read()
        return list(db.execute("select * from people order by id").fetchall())

    def somebody_elses(self, chance: random.Random) -> str:
        """The name of an entry, a person or a phone of others."""
        world = self.world
        people = (world.dana, world.sam, world.owen, world.nia, world.alex)
        devices = [phone.device.hex() for phone in world.rooms.register.phones_of([world.nia])]
        return chance.choice(
            (*map(str, self.entries.values()), *(str(p.id) for p in people), *devices)
        )

    def asks(self, chance: random.Random, value: str) -> bytes:
        """One parameter of a page or a form says this; or a part of the address does."""
        rule, person = self._somewhere(chance)
        path = self.address(rule)
        if rule.arguments and chance.random() < 0.3:
            path = self._part_said(rule, chance, value)
        if "POST" in rule.methods:
            names = self._names_at(rule, person)
            form: dict[str, Any] = dict.fromkeys(chance.sample(names, min(len(names), 3)), value)
            return self._posts(person, path, form)
        name = chance.choice(_ASKED)
        answer = self.browsers[person].client.get(path, query_string={name: value})
        return self._fine(answer, f"GET {path}?{name}={value}")

    def sends_more(self, chance: random.Random, name: str, value: str) -> bytes:
        """A form with a field that its page does not have."""
        while True:
            rule, person = self._somewhere(chance)
            if "POST" in rule.methods:
                break
        return self._posts(person, self.address(rule), {name: value})

    def _somewhere(self, chance: random.Random) -> tuple[Rule, str]:
        rule = chance.choice(self.rules)
        line = TABLE[rule.endpoint]
        first = [one[0] for one in line] if isinstance(line, tuple) else list(line)
        may = [name for name, said in zip(PEOPLE, first, strict=True) if said == "+"]
        return rule, chance.choice(may or ["gwen"])

    def _part_said(self, rule: Rule, chance: random.Random, value: str) -> str:
        part = chance.choice(sorted(rule.arguments))
        said = re.sub(r"[/?#%\\\x00-\x20]", "", value)[:300] or "0"
        address = re.sub(rf"<(?:\w+:)?{part}>", lambda _: said, rule.rule)
        return self.address(type("Part", (), {"rule": address, "endpoint": rule.endpoint})())

    def _names_at(self, rule: Rule, person: str) -> list[str]:
        """What the form's own page would send, where one has it."""
        if rule.endpoint not in self._names:
            found = {"words", "based_on", "seen", "position", "thread", "outcome", "file"}
            for path in (self.address(rule), self.address(rule).rpartition("/")[0]):
                answer = self.browsers[person].client.get(path or "/", follow_redirects=True)
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    found |= set(Page(answer.text).form_values(self.address(rule)))
                    found |= {
                        one.attributes["name"]
                        for one in Page(answer.text).elements
                        if "name" in one.attributes and "form" in one.parents
                    }
            self._names[rule.endpoint] = sorted(found - {"csrf_token"})
        return self._names[rule.endpoint]

    def _posts(self, person: str, path: str, form: dict[str, Any]) -> bytes:
        sent = {"csrf_token": self.tokens[person], **form}
        answer = self.browsers[person].client.post(path, data=sent)
        return self._fine(answer, f"POST {path} {sorted(form.items())}")

    def _fine(self, answer: Any, what: str) -> bytes:
        assert answer.status_code in _MAY, (answer.status_code, what[:400])
        return what.encode("utf-8", "surrogatepass")
