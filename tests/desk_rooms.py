"""Puts the rooms of a record together for tests of the desk, from the real parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader

from logger.clock import Clock, Randomness
from logger.desk import Desk
from logger.directory.recipients import Directory
from logger.entries import happened, pages, section_pages
from logger.entries.documentation import Documentation
from logger.entries.drafts import Drafts
from logger.entries.index import EntriesIndex
from logger.entries.lists import EntryList
from logger.entries.reading import Reading
from logger.entries.times import Timing
from logger.errors import LoggerError
from logger.journal.folding import Folding
from logger.journal.follow import Announcer, Follower
from logger.journal.index import Index
from logger.journal.write import Journal
from logger.keys.keyring import Keyring, make_keys
from logger.law.pack import LawPack
from logger.people import admin_pages
from logger.people import pages as people_pages
from logger.people.credentials import Credentials
from logger.people.guards import DeskSessions, guard
from logger.people.happened import PersonHappened, PhoneHappened
from logger.people.invitations import Invitations
from logger.people.person import Person, Role
from logger.people.phones import Phones
from logger.people.register import PeopleIndex, Register
from logger.people.sessions import Sessions
from logger.people.sign_in import SignIn
from logger.people.throttle import Throttle
from logger.review import pages as review_pages
from logger.review.decision import Decisions
from logger.review.queue import Queue
from logger.settings import Settings
from logger.trail.look import Trail
from logger.trail.looks import Looked
from sync.event import LOOK, PERSON, PHONE
from sync.store_sqlite import SqliteStore

ROOT = Path(__file__).parent.parent


@dataclass
class Rooms:
    """What tests reach into."""

    app: Flask
    store: SqliteStore
    keyring: Keyring
    index: Index
    register: Register
    invitations: Invitations
    folding: Folding
    follow: Callable[[], object]
    notice_phones: Callable[[], object]
    rooms: dict[type, object]

    def add_person(self, name: str, email: str, role: Role, team: str) -> Person:
        """Somebody new, who may sign in at once."""
        person = self.invitations.add(name, email, role, team, None)
        found = self.register.person(person.id)
        assert found
        return found


def make(folder: Path, clock: Clock, randomness: Randomness, instead: dict[str, Any]) -> Rooms:
    """An instance in a folder, and its record door."""
    settings = Settings(**{"folder": folder, "organisation": "Northside", "demo": True, **instead})
    keyring = make_keys(settings.suite, randomness).keyring
    store = SqliteStore.create(settings.ledger, randomness(16))
    shapes = {**happened.SHAPES, LOOK: Looked, PERSON: PersonHappened, PHONE: PhoneHappened}
    journal = Journal(store, keyring, clock, randomness)
    index, folding = (
        Index(settings.index),
        Folding(keyring, [PeopleIndex(), EntriesIndex()], shapes),
    )
    follower = Follower(store, index, folding, Announcer(store, keyring, clock))
    journal.afterwards.append(follower.catch_up)
    follower.catch_up()
    desk, register = Desk(settings.desk, keyring, clock, randomness), Register(index)
    sessions, credentials = Sessions(desk, clock, randomness), Credentials(desk, clock, randomness)
    entries, trail = EntryList(index), Trail(journal, store, keyring, shapes)
    phones = Phones(store, register, journal, keyring, clock, randomness)
    parts = [
        settings, register, sessions, phones, entries,
        SignIn(register, credentials, sessions, Throttle(desk, clock), demo=settings.demo),
        Invitations(journal, register, desk, credentials, sessions, clock, randomness),
        Drafts(desk, clock, randomness), Documentation(journal, entries, follower.catch_up),
        Reading(entries, register, trail), Timing(settings, clock), LawPack.read(),
        Directory.read(), Decisions(journal, entries, register, follower.catch_up),
        Queue(entries, register),
    ]  # fmt: skip
    rooms: dict[type, object] = {type(part): part for part in parts}
    app = _door(rooms, sessions)
    invitations = rooms[Invitations]
    assert isinstance(invitations, Invitations)
    return Rooms(
        app, store, keyring, index, register, invitations, folding, follower.catch_up,
        phones.notice, rooms,
    )  # fmt: skip


def _door(rooms: dict[type, object], sessions: Sessions) -> Flask:
    app = Flask("logger", template_folder=None)
    app.config.update(SECRET_KEY="for tests", WTF_CSRF_TIME_LIMIT=None)
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/London"
    app.session_interface = DeskSessions(sessions, https=False)
    loaders = [FileSystemLoader(ROOT / "templates"), PackageLoader("govuk_frontend_jinja")]
    app.jinja_loader = ChoiceLoader([loaders[0], _as_named(loaders[1])])
    app.extensions["rooms"] = rooms
    app.jinja_env.globals["asset"] = lambda name: f"/static/{name}"
    Babel(app)
    guard(app)
    CSRFProtect(app)
    app.register_error_handler(LoggerError, _problem)
    for room in (people_pages, admin_pages, pages, section_pages, review_pages):
        app.register_blueprint(room.blueprint)
    return app


def _as_named(loader: PackageLoader) -> Any:
    from jinja2 import PrefixLoader

    return PrefixLoader({"govuk_frontend_jinja": loader})


def _problem(error: LoggerError) -> ResponseReturnValue:
    return render_template("errors/problem.html", message=error.public_message), error.status
