"""How people come and go: invited by an administrator, joined by themselves, changed, disabled.

Promises: each of these is an event; a link works once and for seven days; a disabled person is
signed out everywhere at once; no administrator alone gives a role other than practitioner, or a new
link to whoever has one: a second confirms it, or whoever holds the machine.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from logger.clock import Clock, Randomness
from logger.desk import Desk
from logger.errors import LoggerError
from logger.journal.write import Journal
from logger.people.credentials import Credentials, Joining, new_secret
from logger.people.happened import PersonHappened, What, Wish
from logger.people.permissions import NotTheSecond, may_confirm, needs_a_second
from logger.people.person import Person, Role
from logger.people.register import Proposal, Register, normal_email
from logger.people.sessions import Sessions
from sync.event import PERSON
from sync.frames import to_text

LINK_DAYS = 7
_DAY = 24 * 60 * 60 * 1000
_INVITATION, _SECRET = "invitation", "joining"


class LinkUnusable(LoggerError):
    """An invitation link that does not exist, was used, or ran out."""

    code = "join.link_unusable"
    status = 404
    public_message = "This link cannot be used. Ask your administrator for a new one."


class AddressTaken(LoggerError):
    """Somebody of this address is here already."""

    code = "people.address_taken"
    status = 409
    public_message = "Somebody with this email address is already here."


class NotYourself(LoggerError):
    """An administrator may not shut themselves out."""

    code = "people.not_yourself"
    status = 409
    public_message = "You cannot disable yourself. Ask another administrator."


class AnsweredAlready(LoggerError):
    """What was asked about a person is not what waits any more."""

    code = "people.answered_already"
    status = 409
    public_message = "Something else was asked or answered meanwhile. Look at it again."


class Invitations:
    """Writes down who works here."""

    def __init__(
        self,
        journal: Journal,
        register: Register,
        desk: Desk,
        credentials: Credentials,
        sessions: Sessions,
        clock: Clock,
        randomness: Randomness,
    ):
        self._journal, self._register, self._desk = journal, register, desk
        self._credentials, self._sessions = credentials, sessions
        self._clock, self._randomness = clock, randomness

    def add(self, name: str, email: str, role: Role, team: str, by: UUID | None) -> Person:
        """A new person, not yet joined; AddressTaken when there is one. A role that needs a second
        administrator waits for one, and they begin as a practitioner."""
        if self._register.by_email(email) is not None:
            raise AddressTaken
        asks = by is not None and needs_a_second(role)
        begins = Role.PRACTITIONER if asks else role
        person = Person(
            self._journal.new_id(), name.strip(), normal_email(email), begins, team.strip()
        )
        self._write("invited", person, by)
        if asks:
            self._write("proposed", replace(person, role=role), by, wish="role")
        return person

    def ask_for_link(self, person: Person, by: UUID) -> str | None:
        """A fresh token, or None where a second administrator has to confirm it first: whoever uses
        it can sign in as them."""
        if needs_a_second(person.role):
            self._write("proposed", person, by, wish="link")
            return None
        return self.link_token(person, by)

    def link_token(self, person: Person, by: UUID | None) -> str:
        """A fresh one-time token for the join page; whoever uses it sets password and codes anew,
        so that one was made is written down."""
        self._write("link-made", person, by)
        token = to_text(self._randomness(32))
        expires_at = self._clock() + LINK_DAYS * _DAY
        self._desk.put(_INVITATION, token, person.id.bytes, expires_at)
        return token

    def invited(self, token: str) -> Person:
        """Whom a link is for; LinkUnusable otherwise."""
        raw = self._desk.get(_INVITATION, token)
        person = self._register.person(UUID(bytes=raw)) if raw else None
        if person is None or person.disabled:
            raise LinkUnusable
        return person

    def secret_for(self, token: str) -> str:
        """The authenticator's secret that goes with a link: the same each time the page opens."""
        kept = self._desk.get(_SECRET, token)
        if kept is not None:
            return kept.decode()
        secret = new_secret(self._randomness)
        self._desk.put(_SECRET, token, secret.encode(), self._clock() + LINK_DAYS * _DAY)
        return secret

    def join(self, token: str, name: str, password: str) -> list[str]:
        """Spend the link; the recovery codes, shown once. LinkUnusable when it was spent,
        EasilyGuessed before it is."""
        person = self.invited(token)
        self._credentials.check_new(replace(person, name=name), password)
        secret = self.secret_for(token)
        if self._desk.take(_INVITATION, token) is None:
            raise LinkUnusable
        self._desk.drop(_SECRET, token)
        self._sessions.end_all(person.id)
        codes = self._credentials.set(person.id, Joining(password, secret))
        self._write("joined", replace(person, name=name.strip()), person.id)
        return codes

    def change(self, person: Person, role: Role, team: str, by: UUID) -> bool:
        """Another role or team from now on; False where it waits for a second administrator."""
        changed = replace(person, role=role, team=team.strip())
        if changed == person:
            return True
        if needs_a_second(role):
            self._write("proposed", changed, by, wish="role")
            return False
        self._write("changed", changed, by)
        return True

    def confirm(self, asked: Proposal, by: Person | None) -> None:
        """Be the second; None is whoever holds the machine. NotTheSecond, AnsweredAlready."""
        if by is not None and not may_confirm(by, asked.asked_by, asked.person):
            raise NotTheSecond
        self._answer("confirmed", asked, by)

    def decline(self, asked: Proposal, by: Person) -> None:
        """It is not confirmed, or not wanted any more."""
        self._answer("declined", asked, by)

    def _answer(self, what: What, asked: Proposal, by: Person | None) -> None:
        person = self._register.person(asked.person)
        if person is None or self._register.proposal(asked.person) != asked:
            raise AnsweredAlready
        if what == "confirmed":
            person = replace(person, role=asked.role, team=asked.team)
        answered_by = by.id if by else None
        self._write(what, person, answered_by, wish=asked.wish, ask=asked.position)

    def disable(self, person: Person, by: UUID) -> None:
        """This person can do nothing from now on; NotYourself for oneself."""
        if person.id == by:
            raise NotYourself
        if not person.disabled:
            self._write("disabled", person, by)
        self._sessions.end_all(person.id)

    def enable(self, person: Person, by: UUID) -> None:
        """This person may sign in again."""
        if person.disabled:
            self._write("enabled", person, by)

    def _write(
        self, what: What, person: Person, by: UUID | None, wish: Wish | None = None, ask: int = 0
    ) -> None:
        happened = PersonHappened(
            what=what, name=person.name, email=person.email, role=person.role, team=person.team,
            by=by, wish=wish, ask=ask,
        )  # fmt: skip
        self._journal.append(PERSON, person.id, happened)
