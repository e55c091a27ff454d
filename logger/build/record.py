"""Puts the record together from settings and keys: every room once, given what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from logger.account.own import Account
from logger.advice.desk import AdviceDesk
from logger.advice.index import AdviceIndex, Questions
from logger.advice.navigation import advice_ways
from logger.agreements.index import AgreementsIndex
from logger.agreements.navigation import agreement_ways
from logger.agreements.register import Agreements
from logger.backup.checkpoints import DailyCheckpoint, MailedCheckpoint
from logger.build.shapes import SHAPES
from logger.children.chronology import Chronologies
from logger.children.finding import Finding
from logger.children.index import ChildrenIndex
from logger.children.marks import Marking
from logger.children.reach import Reaching, children_ways
from logger.children.saying import Saying
from logger.children.usual import Usual
from logger.clock import Clock, Randomness
from logger.desk import Desk
from logger.directory.advice import Advice
from logger.directory.changes import Changes
from logger.directory.publish import publish
from logger.directory.recipients import Directory
from logger.directory.register import DirectoryIndex, Recipients, directory_ways
from logger.directory.renewed import Renewed
from logger.directory.waiting import Waiting
from logger.entries.documentation import Documentation
from logger.entries.drafts import Drafts
from logger.entries.index import EntriesIndex
from logger.entries.lists import EntryList
from logger.entries.reading import Reading
from logger.entries.times import Timing
from logger.following import Following
from logger.journal.folding import Folding
from logger.journal.follow import Announcer, Follower
from logger.journal.index import Index
from logger.journal.rebuild import Progress, rebuild
from logger.journal.write import Journal
from logger.keys.key_files import read_keyring
from logger.keys.keyring import Keyring
from logger.keys.statement import publish_keys
from logger.later.additions import Additions
from logger.later.receipts import Receipts
from logger.later.whose import Findings, whose_ways
from logger.law.editions import Editions, LawIndex, law_ways
from logger.law.pack import LawPack
from logger.mail import Smtp
from logger.overview.figures import Overview
from logger.overview.index import OverviewIndex
from logger.people.credentials import Credentials
from logger.people.invitations import Invitations
from logger.people.phones import Phones
from logger.people.register import PeopleIndex, Register
from logger.people.sessions import Sessions
from logger.people.sign_in import SignIn
from logger.people.throttle import Throttle
from logger.quarantine.pages import way as quarantine_way
from logger.quarantine.waiting import Quarantine
from logger.retention.erasing import Erasing
from logger.review.decision import Decisions
from logger.review.facets import Facets, FacetsIndex
from logger.review.incidents import Incidents
from logger.review.notices import Notices
from logger.review.openings import Openings, StandingIn
from logger.review.oversight import OversightIndex
from logger.review.post import Post
from logger.review.queue import Queue
from logger.review.reminders import Reminders
from logger.review.undocumented import Undocumented
from logger.settings import Settings
from logger.shell.security_txt import SecurityText
from logger.trail.look import Trail
from logger.trail.looks import Looks, LooksIndex
from logger.ways import Ways
from sync.parcel import Delivery
from sync.store import EventStore
from sync.store_sqlite import SqliteStore

T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """The record, open: what the door and the command work with."""

    settings: Settings
    keyring: Keyring
    store: EventStore
    index: Index
    folding: Folding
    announcer: Announcer
    follower: Follower
    desk: Desk
    rooms: dict[type, object]

    def room(self, kind: type[T]) -> T:
        """The one object of this kind."""
        found = self.rooms[kind]
        if not isinstance(found, kind):
            raise TypeError(f"{kind.__name__} is not what stands in its room")
        return found

    def prepare(self, now: int) -> None:
        """Bring everything up to the ledger, and what phones may read up to the settings."""
        self.follower.catch_up()
        self.room(Phones).notice()
        self.desk.sweep()
        publish_keys(self.store, self.keyring, self.settings.organisation, now)
        if self.settings.demo and self.settings.demo_person:
            # Its presence is what lets the phone door offer codes without a sign-in.
            demo = {"person": str(self.settings.demo_person)}
            self.store.lay_out("demo", msgspec.json.encode(demo))
        self.renew_directory(now)

    def renew_directory(self, now: int) -> None:
        """Give rooms and phones the directory as it stands in the index now."""
        # One value for another: whoever works with the one before keeps it to the end.
        self.rooms[Directory] = directory = self.room(Recipients).now()
        advice, publishing = self.room(Advice), self.keyring.publishing
        publish(self.store, self.settings, directory, advice, publishing, now)

    def follow(self) -> Following:
        """Begin to follow the ledger in a thread of its own."""
        return Following(self.follower, self.room(Post))

    def rebuild(self, progress: Progress) -> int:
        """Make the index anew; its last position."""
        return rebuild(self.store, self.folding, self.index, self.announcer, progress)

    def close(self) -> None:
        """Let go of the files."""
        self.index.let_go()
        self.desk.let_go()
        self.store.close()


def open_record(
    settings: Settings, master_key: bytes, clock: Clock, randomness: Randomness
) -> Record:
    """The record of an instance; a LoggerError or SyncError says why it cannot be opened."""
    keyring = read_keyring(settings, master_key)
    return assemble(settings, keyring, SqliteStore.open(settings.ledger), clock, randomness)


def assemble(
    settings: Settings, keyring: Keyring, store: EventStore, clock: Clock, randomness: Randomness
) -> Record:
    """The record around a store."""
    index = Index(settings.index)
    children = ChildrenIndex(Marking(keyring.index_key))
    projections = (
        PeopleIndex(), LooksIndex(), DirectoryIndex(), LawIndex(), EntriesIndex(),
        AgreementsIndex(), OversightIndex(), FacetsIndex(), OverviewIndex(), AdviceIndex(),
        children,
    )  # fmt: skip
    folding = Folding(keyring, projections, SHAPES, store.row)
    announcer = Announcer(store, keyring, clock)
    follower = Follower(store, index, folding, announcer)
    journal = Journal(store, keyring, clock, randomness)
    journal.afterwards.append(follower.catch_up)
    desk = Desk(settings.desk, keyring, clock, randomness)
    record = Record(
        settings, keyring, store, index, folding, announcer, follower, desk,
        {Settings: settings, Keyring: keyring, Desk: desk, Journal: journal, Index: index},
    )  # fmt: skip
    record.rooms[Ways] = Ways()
    record.rooms[SecurityText] = SecurityText(settings, clock)
    _people(record, clock, randomness)
    _directory(record, clock, randomness)
    _entries(record, clock, randomness)
    _advice(record)
    _children(record, clock)
    _letters(record, clock)
    record.rooms[Notices] = notices = Notices(store, index, record.room(Register), settings, clock)
    follower.beforehand.append(record.room(Phones).notice)
    follower.meanwhile.append(notices.tell_in_time)
    follower.meanwhile.append(DailyCheckpoint(store, keyring, settings, clock).write_in_time)
    return record


def _letters(record: Record, clock: Clock) -> None:
    journal, entries, register = record.room(Journal), record.room(EntryList), record.room(Register)
    reminders = Reminders(journal, record.index, entries, register, record.settings, clock)
    carrier, desk = Smtp(record.settings), record.desk
    post = Post(reminders, register, desk, record.settings, carrier, clock)
    mailed = MailedCheckpoint(record.store, record.keyring, record.settings, desk, carrier, clock)
    post.beside.append(mailed.send_in_time)
    record.rooms.update({Reminders: reminders, Post: post})


def _people(record: Record, clock: Clock, randomness: Randomness) -> None:
    journal, desk = record.room(Journal), record.desk
    register, sessions = Register(record.index), Sessions(desk, clock, randomness)
    organisation = record.settings.organisation
    credentials = Credentials(desk, organisation, clock, randomness)
    throttle = Throttle(desk, clock)
    phones = Phones(record.store, register, journal, record.keyring, clock, randomness)
    sign_in = SignIn(register, credentials, sessions, throttle, demo=record.settings.demo)
    invitations = Invitations(journal, register, desk, credentials, sessions, clock, randomness)
    rooms = (
        register, sessions, credentials, phones, throttle, sign_in, invitations,
        Account(journal, sessions, credentials, sign_in), Looks(record.index),
        Delivery(record.store, clock),
    )  # fmt: skip
    record.rooms.update({type(room): room for room in rooms})


def _directory(record: Record, clock: Clock, randomness: Randomness) -> None:
    seed = Directory.of(record.settings)
    recipients = Recipients(record.index, seed)
    journal, renewed = (
        record.room(Journal),
        Renewed(recipients, lambda: record.renew_directory(clock())),
    )
    rooms = (
        seed, recipients, Changes(journal, recipients), Waiting(record.desk, clock, randomness),
        Advice.of(record.settings),
    )  # fmt: skip
    record.rooms.update({type(room): room for room in rooms})
    # Whoever writes is answered with what is new; another host's change is seen while following.
    journal.afterwards.append(renewed.look)
    record.follower.meanwhile.append(renewed.look)
    agreements = Agreements(record.index, journal, record.settings.agreement_notice_days)
    record.rooms[Agreements] = agreements
    record.room(Ways).add(directory_ways)
    record.room(Ways).add(agreement_ways(agreements, clock))


def _entries(record: Record, clock: Clock, randomness: Randomness) -> None:
    journal, register = record.room(Journal), record.room(Register)
    entries, follow = EntryList(record.index), record.follower.catch_up
    trail = Trail(journal, record.store, record.keyring, SHAPES)
    additions = Additions(journal, entries, follow)
    openings, timing = Openings(record.index, clock), Timing(record.settings, clock)
    reading = Reading(entries, register, trail, openings.holds)
    queue = Queue(entries, register, Facets(record.index, entries), timing)
    rooms = (
        entries,
        trail,
        reading,
        timing,
        openings,
        Drafts(record.desk, clock, randomness),
        Documentation(journal, entries, follow),
        additions,
        Receipts(record.desk, additions, clock, randomness),
        Findings(record.index, entries, register),
        Decisions(journal, entries, register, follow),
        StandingIn(journal, entries, register, openings, clock, follow),
        Incidents(journal, record.index, entries, reading, clock, follow),
        queue,
        Undocumented(record.index, register, queue, timing),
        Editions(record.index, journal, LawPack.read()),
        Overview(record.index, record.settings, lambda: record.room(Directory)),
    )
    record.rooms.update({type(room): room for room in rooms})
    drafts, folder = record.room(Drafts), record.settings.backups
    record.rooms[Erasing] = Erasing(record.store, journal, drafts, folder, clock)
    record.rooms[Quarantine] = Quarantine(record.store, record.index, register, journal, trail)
    record.room(Ways).add(quarantine_way)
    record.room(Ways).add(law_ways)
    record.room(Ways).add(whose_ways(record.room(Findings)))


def _advice(record: Record) -> None:
    questions, entries = Questions(record.index), record.room(EntryList)
    record.rooms[Questions] = questions
    record.rooms[AdviceDesk] = AdviceDesk(
        record.room(Journal), record.room(Trail), entries, questions
    )
    record.room(Ways).add(advice_ways(questions))


def _children(record: Record, clock: Clock) -> None:
    entries, register = record.room(EntryList), record.room(Register)
    reaching = Reaching(record.index, entries, register)
    finding = Finding(record.index, reaching, Marking(record.keyring.index_key), clock)
    usual = Usual.of(record.settings)
    chronologies = Chronologies(finding, usual, lambda: record.room(Directory))
    saying = Saying(record.room(Journal), finding, reaching)
    record.room(Ways).add(children_ways)
    for room in (reaching, finding, usual, chronologies, saying):
        record.rooms[type(room)] = room
