"""Ends one's own sessions, changes one's own password, and proves again who one is.

Promises: each is an event before it takes effect; a session that was ended is refused at the very
next request; a changed password ends every other session and every sign-in that was half done; a
wrong password or code of now counts like a wrong one at signing in.
"""

from __future__ import annotations

from logger.errors import NotFound
from logger.journal.write import Journal
from logger.people.credentials import Credentials
from logger.people.happened import PersonHappened, What
from logger.people.person import Person
from logger.people.sessions import OpenSession, Session, Sessions
from logger.people.sign_in import SignIn
from sync.event import PERSON


class Account:
    """One's own sessions and password; nobody else's."""

    def __init__(
        self, journal: Journal, sessions: Sessions, credentials: Credentials, sign_in: SignIn
    ):
        self._journal, self._sessions = journal, sessions
        self._credentials, self._sign_in = credentials, sign_in

    def sessions(self, person: Person) -> list[OpenSession]:
        """Where this person is signed in, the one used last first."""
        return self._sessions.of(person.id)

    def has_password(self, person: Person) -> bool:
        """Whether there is one to change: who was only ever let in by a demo has none."""
        return self._credentials.has_password(person.id)

    def end(self, person: Person, name: str) -> None:
        """End the session of this name; NotFound when it ended before or is somebody else's."""
        if name not in {one.name for one in self.sessions(person)}:
            raise NotFound
        self._write("sessions-ended", person)
        self._sessions.end_named(person.id, name)

    def end_others(self, person: Person, session: Session) -> None:
        """End every session of this person but this one; none is fine."""
        if len(self.sessions(person)) > 1:
            self._write("sessions-ended", person)
        self._sessions.end_others(session)

    def change_password(
        self, person: Person, session: Session, current: str, code: str, new: str, source: str
    ) -> Session:
        """Another password from now on; the session to go on with, the only one there is.

        EasilyGuessed for the new one; WrongSignIn or TooManyTries for the one of now; WrongCode or
        TooManyTries for the second proof.
        """
        self._credentials.check_new(person, new)
        self._sign_in.check_password(person.email, current, source)
        self._sign_in.check_code(person.id, code, source)
        self._write("password-changed", person)
        self._credentials.set_password(person.id, new)
        self._sessions.end_others(session)
        return self._sessions.renewed(session, proved=True)

    def prove(
        self, person: Person, session: Session, password: str, code: str, source: str
    ) -> Session:
        """Both proofs once more; the session to go on with. WrongSignIn, WrongCode or
        TooManyTries."""
        self._sign_in.check_password(person.email, password, source)
        self._sign_in.check_code(person.id, code, source)
        return self._sessions.renewed(session, proved=True)

    def _write(self, what: What, person: Person) -> None:
        happened = PersonHappened(
            what=what, name=person.name, email=person.email, role=person.role, team=person.team,
            by=person.id,
        )  # fmt: skip
        self._journal.append(PERSON, person.id, happened)
