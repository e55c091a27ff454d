"""The rooms of a record and its door for tests: the real ones, on a clock of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from logger.build.record import assemble
from logger.clock import Clock, Randomness
from logger.journal.folding import Folding
from logger.journal.index import Index
from logger.keys.keyring import Keyring, make_keys
from logger.people.invitations import Invitations
from logger.people.person import Person, Role
from logger.people.phones import Phones
from logger.people.register import Register
from logger.record_door import create_app
from logger.settings import Settings
from sync.store import EventStore
from sync.store_sqlite import SqliteStore


@dataclass
class Rooms:
    """What tests reach into."""

    app: Flask
    store: EventStore
    keyring: Keyring
    index: Index
    register: Register
    invitations: Invitations
    folding: Folding
    follow: Callable[[], object]
    notice_phones: Callable[[], object]
    rebuild: Callable[[], object]
    rooms: dict[type, object]

    def add_person(self, name: str, email: str, role: Role, team: str) -> Person:
        """Somebody new, who may sign in at once."""
        person = self.invitations.add(name, email, role, team, None)
        found = self.register.person(person.id)
        assert found
        return found


def make(folder: Path, clock: Clock, randomness: Randomness, instead: dict[str, Any]) -> Rooms:
    """An instance in a folder, and its record door."""
    known = {"organisation": "Northside", "demo": True, "record_aliases": ("localhost",)}
    settings = Settings(**{"folder": folder, **known, **instead})
    keyring = make_keys(settings.suite, randomness).keyring
    store = SqliteStore.create(settings.ledger, randomness(16))
    record = assemble(settings, keyring, store, clock, randomness)
    record.prepare(clock())
    return Rooms(
        app=create_app(record),
        store=store,
        keyring=keyring,
        index=record.index,
        register=record.room(Register),
        invitations=record.room(Invitations),
        folding=record.folding,
        follow=record.follower.catch_up,
        notice_phones=record.room(Phones).notice,
        rebuild=lambda: record.rebuild(lambda done, of: None),
        rooms=record.rooms,
    )
