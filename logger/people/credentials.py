"""What proves who somebody is: a password, a code from an authenticator, a recovery code.

Promises: passwords stand only as Argon2id hashes, secrets sealed, recovery codes as keyed hashes;
a code is good once. They stand on the desk, not in the ledger: a secret is no history, and the
ledger forgets nothing.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from logger.clock import Clock, Randomness
from logger.desk import Desk
from sync.enrolment import make_code

PASSWORD_LEAST = 12
RECOVERY_CODES = 10
_PASSWORD, _TOTP, _USED, _RECOVERY = "password", "totp", "totp-used", "recovery"
_STEP_SECONDS = 30
_SECRET_BYTES = 20


@dataclass(frozen=True, slots=True)
class Joining:
    """What a person chose when joining."""

    password: str
    secret: str


class Credentials:
    """The proofs of everybody, by person."""

    def __init__(self, desk: Desk, clock: Clock, randomness: Randomness):
        self._desk, self._clock, self._randomness = desk, clock, randomness
        self._hasher = PasswordHasher()
        # Compared with when there is nobody of that name, so that an answer takes as long.
        self._nobody = self._hasher.hash(randomness(32).hex())

    def set(self, person: UUID, chosen: Joining) -> list[str]:
        """Keep what the person chose, in place of everything before; their recovery codes."""
        self._desk.put(_PASSWORD, str(person), self._hasher.hash(chosen.password).encode(), None)
        self._desk.put(_TOTP, str(person), chosen.secret.encode(), None)
        self._desk.drop_all(_RECOVERY, str(person))
        codes = [make_code(self._randomness) for _ in range(RECOVERY_CODES)]
        for code in codes:
            self._desk.put(_RECOVERY, f"{person}/{code}", b"", None)
        return codes

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
