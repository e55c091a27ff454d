"""The ground that load falls on: an instance with a large authority in it, really served.

Ten thousand people with a phone each, in teams of twenty; supervisors with entries to review; some
who sign in with a password. All of it is laid down through the record's own rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bench.load.memory import Memory
from bench.load.phones import Phone, RecordKey, sealed
from bench.load.proof import Ledger
from logger.build.record import Record, open_record
from logger.clock import system_clock, system_randomness
from logger.entries.happened import Documented, Submitted
from logger.journal.write import Journal
from logger.keys.keyring import Keyring
from logger.keys.master import read_master_key
from logger.people.credentials import Credentials, Joining
from logger.people.invitations import Invitations
from logger.people.person import Person, Role
from logger.people.phones import Phones
from logger.settings import Settings
from sync.event import DOCUMENTATION, SUBMISSION, Event
from sync.receipt import read_stored_key
from sync.store import Arrival, Device
from tests.desk_world import ALL_ANSWERS
from tests.running import RunningInstance

TEAM, SUPERVISORS, EACH_TO_REVIEW, WITH_PASSWORD = 20, 30, 40, 50
PASSWORD = "three quiet lamps"
_HOUR = 60 * 60 * 1000
# Everybody's authenticator has the same one.
SECRET = "A" * 32


@dataclass
class Ground:
    """What the rows work with."""

    instance: RunningInstance
    ledger: Ledger
    key: RecordKey
    phones: list[Phone]
    supervisors: list[Person]
    # For each supervisor what they can open.
    entries: list[list[UUID]]
    emails: list[str]

    @property
    def record_host(self) -> str:
        """What browsers call the record door."""
        return f"record.localhost:{self.instance.record_port}"

    def memory(self) -> Memory:
        """Of both doors, from here on."""
        return Memory.of(self.instance)

    def kill(self) -> None:
        """SIGKILL for all processes of both doors; `serve` ends with them."""
        for door in ("phone", "record"):
            self.instance.kill_door(door)
        self.instance.stop()


def lay(folder: Path, phones: int) -> Ground:
    """An instance with so many phones, not yet served."""
    instance = RunningInstance(folder / "demo")
    settings = Settings.read(instance.folder)
    record = open_record(
        settings, read_master_key(settings.master_key), system_clock, system_randomness
    )
    # Everything goes in at once, and is followed once.
    record.room(Journal).afterwards.clear()
    keyring = record.room(Keyring)
    ground = Ground(
        instance=instance,
        ledger=Ledger(settings.ledger, read_stored_key(settings.phone_door_key).public),
        key=RecordKey(keyring.record.id, keyring.record.public),
        phones=[Phone.of(number) for number in range(phones)],
        supervisors=[],
        entries=[],
        emails=[],
    )
    with record.store.one_commit():
        people = _people(record, ground)
        _supervisors(record, ground, people)
    record.follower.catch_up()
    some = people[: min(WITH_PASSWORD, phones // TEAM)]
    for person in (*some, *ground.supervisors):
        record.room(Credentials).set(person.id, Joining(PASSWORD, SECRET))
    ground.emails = [person.email for person in some]
    record.close()
    # From here on people prove who they are, and no page offers ten thousand names to tap on.
    instance.set("demo", "false")
    return ground


def _people(record: Record, ground: Ground) -> list[Person]:
    invitations, store, now = record.room(Invitations), record.store, system_clock()
    people = []
    for number, phone in enumerate(ground.phones):
        email, team = f"{number}@example.org", f"Team {number // TEAM}"
        person = invitations.add(f"Person {number}", email, Role.PRACTITIONER, team, None)
        store.offer_code(phone.device, person.id, now + _HOUR)
        store.enrol(phone.device, Device(phone.device, phone.signer.public, person.id, "", now))
        people.append(person)
    record.room(Phones).notice()
    return people


def _supervisors(record: Record, ground: Ground, people: list[Person]) -> None:
    """Supervisors of the first teams, each with as many entries to review."""
    invitations, now = record.room(Invitations), system_clock()
    for number in range(min(SUPERVISORS, len(people) // TEAM)):
        name, email = f"Supervisor {number}", f"supervisor{number}@example.org"
        ground.supervisors.append(
            invitations.add(name, email, Role.SUPERVISOR, f"Team {number}", None)
        )
        team = slice(number * TEAM, (number + 1) * TEAM)
        captured = sealed(ground.phones[team], EACH_TO_REVIEW // TEAM, ground.key)
        entries = []
        for person, events in zip(people[team], captured, strict=True):
            for raw in events:
                event = Event.from_bytes(raw)
                record.store.keep([Arrival(event)], now)
                _submit(record.room(Journal), person, event.header.entry)
                entries.append(event.header.entry)
        ground.entries.append(entries)


def _submit(journal: Journal, person: Person, entry: UUID) -> None:
    for section, answers in ALL_ANSWERS.items():
        said = Documented(person=person.id, section=section, answers=answers)
        journal.append(DOCUMENTATION, entry, said)
    journal.append(SUBMISSION, entry, Submitted(person=person.id, made_by_me=True))
