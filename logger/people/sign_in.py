"""Signing in: password, then a code, then a new session; slowly for those who guess.

Promises: an unknown name, a wrong password and a disabled person get the same answer in the same
time; a demo sign-in exists only in an instance that was made as a demo; every try is logged, by the
person where there is one, never by what was typed.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from logger.errors import LoggerError, NotFound
from logger.people.credentials import Credentials
from logger.people.person import Person, Role
from logger.people.register import Register, normal_email
from logger.people.sessions import Session, Sessions
from logger.people.throttle import Subject, Throttle

log = structlog.get_logger()


class WrongSignIn(LoggerError):
    """The name, the password or the code is not right; never says which."""

    code = "sign_in.wrong"
    status = 403
    public_message = "The email address or password is not right."


class WrongCode(LoggerError):
    """The second step failed."""

    code = "sign_in.wrong_code"
    status = 403
    public_message = "This code is not right, or was used before. Try the next one."


class ManyAreSigningIn(LoggerError):
    """More passwords wait to be looked at than are kept waiting."""

    code = "sign_in.busy"
    status = 503
    public_message = (
        "Many people are signing in at this moment. Wait a few seconds, then go back and try again."
    )
    retry_after = 5


class SignIn:
    """The two steps of signing in, and the one step of a demo."""

    def __init__(
        self,
        register: Register,
        credentials: Credentials,
        sessions: Sessions,
        throttle: Throttle,
        *,
        demo: bool,
    ):
        self._register, self._credentials = register, credentials
        self._sessions, self._throttle, self._demo = sessions, throttle, demo

    def check_password(self, email: str, password: str, source: str) -> UUID:
        """The first step: whose password this is; WrongSignIn or TooManyTries."""
        account, place = Subject.account(normal_email(email)), Subject.source(source)
        self._throttle.begin(account, place)
        person = self._register.by_email(email)
        able = person if person and not person.disabled else None
        right = self._credentials.password_right(able.id if able else None, password)
        _note("password", person, right=right and able is not None)
        if not right or able is None:
            self._throttle.count(place)
            raise WrongSignIn
        self._throttle.forgive(account)
        return able.id

    def check_code(self, person_id: UUID, code: str, source: str) -> Session:
        """The second step: a new session; WrongCode or TooManyTries."""
        account, place = Subject.account(f"code {person_id}"), Subject.source(source)
        self._throttle.begin(account, place)
        person = self._register.person(person_id)
        able = person is not None and not person.disabled
        right = able and self._credentials.code_right(person_id, code)
        _note("code", person, right=right)
        if person is None or not right:
            self._throttle.count(place)
            raise WrongCode
        self._throttle.forgive(account)
        return self._sessions.begin(person.id)

    def as_demo(self, person_id: UUID) -> Session:
        """A session without any proof; NotFound outside a demo."""
        person = self._register.person(person_id)
        if not self._demo or person is None or person.disabled:
            raise NotFound
        _note("demo", person, right=True)
        return self._sessions.begin(person.id)

    def offered(self) -> list[Person]:
        """The people a demo offers to sign in as; nobody elsewhere."""
        if not self._demo:
            return []
        able = [person for person in self._register.everyone() if not person.disabled]
        return sorted(able, key=lambda person: list(Role).index(person.role))


def _note(step: str, person: Person | None, *, right: bool) -> None:
    log.info("sign_in.tried", step=step, right=right, person=str(person.id) if person else None)
