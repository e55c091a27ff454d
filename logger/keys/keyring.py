"""The keys of the record door, as they are used: frozen, in memory, never printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from logger.clock import Randomness
from logger.errors import LoggerError
from logger.keys.record_key import RecordKey, make_scalar
from sync.event import device_id
from sync.frames import P256Signer

QUARTER_DAYS = 92
_DAY = 24 * 60 * 60 * 1000


class UnknownKey(LoggerError):
    """Something was sealed for a key that this keyring does not hold."""

    code = "keys.unknown"
    status = 500
    public_message = "The key for this is not in the keyring."


class RootIsOffline(LoggerError):
    """The root is needed to sign, and its file is not here."""

    code = "keys.root_offline"
    status = 409
    public_message = (
        "The root key is not here. Write a request with sharelog keys request, and sign it where "
        "the root is."
    )


@dataclass(frozen=True, slots=True)
class DataKey:
    """An AES-256 key for what the record door writes itself (suite 0)."""

    id: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Everything the record door opens and signs with; newest first where there are several."""

    root_public: bytes = field(repr=False)
    root: P256Signer | None = field(repr=False)
    records: tuple[RecordKey, ...]
    opened: P256Signer = field(repr=False)
    publishing: P256Signer = field(repr=False)
    journal: P256Signer = field(repr=False)
    stored_publics: tuple[bytes, ...] = field(repr=False)
    index_key: bytes = field(repr=False)
    data_keys: tuple[DataKey, ...]
    recovery_public: bytes = field(repr=False)
    # When the newest record key was made, in ms since 1970; 0 where nobody noted it.
    record_made_at: int = 0

    @property
    def stored_public(self) -> bytes:
        """The public half of the key that the phone door signs receipts with now."""
        return self.stored_publics[0]

    @property
    def device(self) -> bytes:
        """The name under which the record door signs its own events."""
        return device_id(self.journal.public)

    @property
    def record(self) -> RecordKey:
        """The key that phones seal for now."""
        return self.records[0]

    def record_key(self, id: bytes, suite: int) -> RecordKey:
        """The record key of this id and suite; UnknownKey when it is not held."""
        for key in self.records:
            if key.id == id and key.suite == suite:
                return key
        raise UnknownKey

    def data_key(self, id: bytes) -> DataKey:
        """The data key of this id; UnknownKey when it is not held."""
        for key in self.data_keys:
            if key.id == id:
                return key
        raise UnknownKey


@dataclass(frozen=True, slots=True)
class NewKeys:
    """What `make_keys` made: the keyring, and the two private parts that do not belong in it."""

    keyring: Keyring
    stored: P256Signer = field(repr=False)
    recovery: RecordKey


def make_keys(suite: int, randomness: Randomness, now: int = 0) -> NewKeys:
    """All keys of a new instance; phones will seal under `suite`."""

    def signer() -> P256Signer:
        return P256Signer.from_scalar(make_scalar(randomness))

    root, stored = signer(), signer()
    recovery = RecordKey.make(2, randomness)
    keyring = Keyring(
        root_public=root.public,
        root=root,
        records=(RecordKey.make(suite, randomness),),
        opened=signer(),
        publishing=signer(),
        journal=signer(),
        stored_publics=(stored.public,),
        index_key=randomness(32),
        data_keys=(DataKey(randomness(8), randomness(32)),),
        recovery_public=recovery.public,
        record_made_at=now,
    )
    return NewKeys(keyring, stored, recovery)


def days_overdue(keyring: Keyring, now: int) -> int | None:
    """How old the newest record key is, in days, once that is more than a quarter; else None."""
    days = (now - keyring.record_made_at) // _DAY
    return days if keyring.record_made_at and days > QUARTER_DAYS else None


def with_new_record_key(keyring: Keyring, suite: int, randomness: Randomness, now: int) -> Keyring:
    """Phones will seal to a fresh key once its statement is published; older ones stay, for what
    was sealed to them and for phones that have been away."""
    fresh = RecordKey.make(suite, randomness)
    return replace(keyring, records=(fresh, *keyring.records), record_made_at=now)


def with_new_stored_key(keyring: Keyring, randomness: Randomness) -> tuple[Keyring, P256Signer]:
    """Receipts will be signed with a fresh key; phones go on believing the ones before."""
    fresh = P256Signer.from_scalar(make_scalar(randomness))
    return replace(keyring, stored_publics=(fresh.public, *keyring.stored_publics)), fresh
