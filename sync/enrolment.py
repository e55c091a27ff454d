"""Lets a phone in: a single-use code, given at the record, makes a signing key a known device.

A code is 16 symbols of Crockford's base32 (80 bits), kept only as its SHA-256. Guessing it is
hopeless by its length; that failed tries are also counted keeps the log of them short.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from sync.errors import TooManyAttempts, UnusableCode
from sync.event import device_id
from sync.frames import (
    ANSWER,
    ENROL,
    Signer,
    check_document,
    from_text,
    read_document,
    sign_document,
    to_text,
)
from sync.store import Device, EventStore

CODE_LIVES_MS = 10 * 60 * 1000
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
# Whoever the code belongs to; the store puts the code's person in its place.
_NOBODY = UUID(int=0)


class EnrolDocument(msgspec.Struct, frozen=True):
    """An enrolment as it is sent (docs/protocol.md section 8)."""

    v: Literal[1]
    key: str
    nonce: str
    time: int
    code: Annotated[str, msgspec.Meta(max_length=100)]
    label: Annotated[str, msgspec.Meta(max_length=80)]


class Enrolled(msgspec.Struct, frozen=True):
    """The answer to an enrolment."""

    v: Literal[1]
    nonce: str
    outcome: Literal["enrolled"]
    device: str
    organisation: str


def make_code(randomness: Callable[[int], bytes]) -> str:
    """A fresh code, 16 symbols."""
    number = int.from_bytes(randomness(10), "big")
    return "".join(_SYMBOLS[number >> shift & 31] for shift in range(75, -1, -5))


def hash_code(code: str) -> bytes:
    """How a code is kept, however it was typed; UnusableCode when it is none."""
    code = code.upper().translate(_READ_AS)
    if len(code) != _LENGTH or not set(code) <= set(_SYMBOLS):
        raise UnusableCode
    return hashlib.sha256(code.encode()).digest()


class Throttle:
    """Counts failed tries by source; in memory, because a restart is no way in either."""

    def __init__(self, most: int = 10, window_ms: int = 10 * 60 * 1000, sources: int = 10_000):
        self._most, self._window, self._sources = most, window_ms, sources
        self._failed: OrderedDict[str, list[int]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, source: str, now: int) -> None:
        """TooManyAttempts, with the seconds to wait, after too many failures."""
        with self._lock:
            recent = self._recent(source, now)
        if len(recent) >= self._most:
            raise TooManyAttempts((recent[0] + self._window - now) // 1000 + 1)

    def failed(self, source: str, now: int) -> None:
        """Remember a failure."""
        with self._lock:
            self._failed[source] = [*self._recent(source, now), now][-self._most :]
            self._failed.move_to_end(source)
            while len(self._failed) > self._sources:
                self._failed.popitem(last=False)

    def _recent(self, source: str, now: int) -> list[int]:
        # A clock set back leaves failures in the future; they do not count.
        return [at for at in self._failed.get(source, []) if now - self._window < at <= now]


class Enrolments:
    """Answers enrolments of phones."""

    def __init__(
        self, store: EventStore, stored_key: Signer, clock: Callable[[], int], organisation: str
    ):
        self._store, self._signer, self._clock = store, stored_key, clock
        self._organisation = organisation
        self._throttle = Throttle()

    def answer(self, document: bytes, source: str) -> bytes:
        """The signed answer; UnusableCode, AnotherPersonsPhone or TooManyAttempts otherwise."""
        now = self._clock()
        self._throttle.check(source, now)
        said = read_document(document, EnrolDocument)
        public, nonce = from_text(said.key, 65), from_text(said.nonce, 16)
        check_document(ENROL, document, public)
        phone = Device(device_id(public), public, _NOBODY, said.label, now)
        try:
            device = self._store.enrol(hash_code(said.code), phone)
        except UnusableCode:
            self._throttle.failed(source, now)
            raise
        enrolled = Enrolled(
            v=1,
            nonce=to_text(nonce),
            outcome="enrolled",
            device=to_text(device.id),
            organisation=self._organisation,
        )
        return sign_document(ANSWER, enrolled, self._signer)
