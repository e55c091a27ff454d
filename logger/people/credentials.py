"""What proves who somebody is: a password, a code from an authenticator, a recovery code.

Promises: passwords stand only as Argon2id hashes, secrets sealed, recovery codes as keyed hashes;
a code is good once; a new password is none that would be tried first. They stand on the desk, not
in the ledger: a secret is no history, and the ledger forgets nothing.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION

from logger.clock import Clock, Randomness
from logger.desk import Desk
from logger.guessable import check_hard_to_guess
from logger.people.person import Person
from sync.enrolment import make_code

PASSWORD_LEAST, PASSWORD_MOST = 12, 1024
RECOVERY_CODES = 10
_PASSWORD, _TOTP, _USED, _RECOVERY = "password", "totp", "totp-used", "recovery"
_STEP_SECONDS = 30
_SECRET_BYTES = 20
# Of 19 at most: a tenth of the share of a thread that gives no way.
_GIVES_WAY = 10


@dataclass(frozen=True, slots=True)
class Joining:
    """What a person chose when joining."""

    password: str
    secret: str


class Passwords:
    """Hashes one password after another: however many sign in at once, the memory of one hash is
    used (64 MiB, RFC 9106 section 4, the second choice)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._thread = ThreadPoolExecutor(1, "passwords")

    def give_way(self) -> None:
        """From now on behind whatever else this machine has to do, where the system lets a single
        thread do so (Linux). It cannot be taken back without a privilege."""
        if sys.platform == "linux":
            self._thread.submit(_give_way).result()

    def hash(self, password: str) -> str:
        """A salted hash that names its own parameters."""
        return self._thread.submit(self._hasher.hash, password).result()

    def nobodys(self, randomness: Randomness) -> str:
        """What looks like a hash and is that of no password; to find that out takes as long."""
        salt, tag = (
            base64.b64encode(randomness(length)).decode().rstrip("=")
            for length in (self._hasher.salt_len, self._hasher.hash_len)
        )
        how = self._hasher
        cost = f"m={how.memory_cost},t={how.time_cost},p={how.parallelism}"
        return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${tag}"

    def verify(self, kept: str, password: str) -> bool:
        """True where it is the password; VerifyMismatchError or InvalidHashError otherwise."""
        return self._thread.submit(self._hasher.verify, kept, password).result()


def _give_way() -> None:
    # The four lanes of a hash are threads that inherit it.
    this = threading.get_native_id()
    # Whoever runs the door behind that already may not bring it forward.
    behind = max(_GIVES_WAY, os.getpriority(os.PRIO_PROCESS, this))
    os.setpriority(os.PRIO_PROCESS, this, behind)


class Credentials:
    """The proofs of everybody, by person."""

    def __init__(self, desk: Desk, organisation: str, clock: Clock, randomness: Randomness):
        self._desk, self._organisation = desk, organisation
        self._clock, self._randomness = clock, randomness
        self._hasher = Passwords()
        # Compared with when there is nobody of that name, so that an answer takes as long.
        self._nobody = self._hasher.nobodys(randomness)

    def give_way(self) -> None:
        """What phones bring is kept as fast as ever, however many sign in."""
        self._hasher.give_way()

    def check_new(self, person: Person, password: str) -> None:
        """EasilyGuessed for a password that this person should not take."""
        local = person.email.partition("@")[0]
        names = (person.email, local, self._organisation)
        check_hard_to_guess(password, names, known=(person.name,))

    def set(self, person: UUID, chosen: Joining) -> list[str]:
        """Keep what the person chose, in place of everything before; their recovery codes."""
        self.set_password(person, chosen.password)
        self._desk.put(_TOTP, str(person), chosen.secret.encode(), None)
        self._desk.drop_all(_RECOVERY, str(person))
        codes = [make_code(self._randomness) for _ in range(RECOVERY_CODES)]
        for code in codes:
            self._desk.put(_RECOVERY, f"{person}/{code}", b"", None)
        return codes

    def set_password(self, person: UUID, password: str) -> None:
        """Keep another password; authenticator and recovery codes stay."""
        self._desk.put(_PASSWORD, str(person), self._hasher.hash(password).encode(), None)

    def has_password(self, person: UUID) -> bool:
        """Whether this person ever set one."""
        return self._desk.get(_PASSWORD, str(person)) is not None

    def standing(self, person: UUID) -> str:
        """A word that is another one as soon as the password is; it tells nothing of either."""
        kept = self._desk.get(_PASSWORD, str(person)) or b""
        return hashlib.sha256(b"sharelog/1/standing" + kept).hexdigest()

    def password_right(self, person: UUID | None, password: str) -> bool:
        """Whether this is the person's password; takes as long for nobody."""
        kept = self._desk.get(_PASSWORD, str(person)) if person else None
        try:
            self._hasher.verify(kept.decode() if kept else self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return kept is not None

    def code_right(self, person: UUID, typed: str) -> bool:
        """Whether this is the authenticator's code of now, or a recovery code not used before."""
        code = typed.replace(" ", "").replace("-", "").upper()
        if len(code) == 6 and code.isdigit():
            secret = self._desk.get(_TOTP, str(person))
            return secret is not None and self._first_use(person, secret.decode(), code)
        return self._desk.take(_RECOVERY, f"{person}/{code}") is not None

    def _first_use(self, person: UUID, secret: str, code: str) -> bool:
        step = matching_step(secret, code, self._clock())
        if step is None:
            return False
        gone = (step + 3) * _STEP_SECONDS * 1000
        return self._desk.count_up(_USED, f"{person}/{step}", gone) == 1


def new_secret(randomness: Randomness) -> str:
    """A fresh secret for an authenticator (RFC 4226 section 4: 160 bits)."""
    return base64.b32encode(randomness(_SECRET_BYTES)).decode("ascii")


def matching_step(secret: str, code: str, now: int) -> int | None:
    """The time step (RFC 6238) that gives this code: the current one, or one to either side."""
    totp = pyotp.TOTP(secret, interval=_STEP_SECONDS)
    current = now // 1000 // _STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def authenticator_link(secret: str, person: str, organisation: str) -> str:
    """What an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=f"Sharelog {organisation}")
