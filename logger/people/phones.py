"""The phones people carry: offered a code, noticed when they enrolled, trusted until revoked.

Promises: whatever phone the phone door lets in stands in the ledger soon after; a revocation is
written down before it takes effect and takes effect even after a crash in between.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import segno
from mnemonic import Mnemonic

from logger.clock import Clock, Randomness
from logger.errors import NotFound
from logger.journal.write import Journal
from logger.keys.keyring import Keyring
from logger.keys.statement import root_fingerprint
from logger.people.happened import PhoneHappened
from logger.people.person import Person
from logger.people.register import Phone, Register
from sync.enrolment import CODE_LIVES_MS, hash_code, make_code
from sync.event import PHONE
from sync.frames import to_text
from sync.store import ChainLength, Device, EventStore, LostStore

_MINUTE = 60_000
CODE_MINUTES = CODE_LIVES_MS // _MINUTE
_WORDS = 8
_NO_CHAIN = ChainLength(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person needs to add a phone: by QR code, or typed and checked by eight words."""

    code: str
    link: str
    words: tuple[str, ...]
    minutes: int = CODE_MINUTES

    @property
    def groups(self) -> str:
        """The code as it is read out and typed."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def drawing(self) -> str:
        """The link as the path data of an SVG of `side` modules."""
        return qr_path(self.link)

    @property
    def side(self) -> int:
        """The width of the drawing in modules, quiet zone included."""
        return qr_side(self.link)


@dataclass(frozen=True, slots=True)
class LostLine:
    """A store that was on a phone before and is gone, as the phone says it, beside what came of it.

    `given` numbers were given, `waiting` of them had no receipt when the store went, and `came` of
    them are in the ledger now, however they got there. `known` says whether that device was ever
    added, and `theirs` whether it was added to nobody else.
    """

    given: int
    came: int
    waiting: int
    known: bool
    theirs: bool

    @property
    def missing(self) -> int:
        """How many of them the ledger does not hold."""
        return self.given - self.came


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A phone as a list shows it. `last_contact` and `unsent` are as the phone last said.

    `missing` entries never arrived though later ones did; `copied` ones carry a number that another
    has too; `left_behind` is a phone that had entries waiting when its person added another;
    `shut_out` one of a disabled account, whose entries still arrive. `lost` are the stores that it
    had before; what is missing of a phone that is such a store itself is said there alone.
    """

    device: bytes
    person_id: UUID
    person: str
    label: str
    enrolled_at: int
    revoked_at: int | None
    last_contact: int | None
    unsent: int | None
    missing: int = 0
    copied: int = 0
    left_behind: bool = False
    shut_out: bool = False
    lost: tuple[LostLine, ...] = ()


class Phones:
    """Everything the record does about phones."""

    def __init__(
        self,
        store: EventStore,
        register: Register,
        journal: Journal,
        keyring: Keyring,
        clock: Clock,
        randomness: Randomness,
    ):
        self._store, self._register, self._journal = store, register, journal
        self._fingerprint = root_fingerprint(keyring.root_public)
        self._clock, self._randomness = clock, randomness
        self._lock = threading.Lock()

    def offer(self, person: Person, phone_origin: str) -> Offer:
        """A fresh single-use code for a phone of this person."""
        code = self.offer_code(person)
        link = f"{phone_origin}/#enrol={code}.{to_text(self._fingerprint)}"
        return Offer(code, link, eight_words(self._fingerprint))

    def offer_code(self, person: Person) -> str:
        """The code alone, 16 symbols; good for ten minutes."""
        code = make_code(self._randomness)
        expires_at = self._clock() + CODE_LIVES_MS
        self._store.offer_code(hash_code(code), person.id, expires_at)
        return code

    def notice(self) -> int:
        """Write down phones that enrolled since; how many. Carries out revocations that a crash
        kept from taking effect."""
        with self._lock:
            # Asked at every round of the follower: with the phones of a large authority, to read
            # them all each time kept half a processor busy.
            if self._register.count_phones() == self._store.count_devices():
                return 0
            known = {phone.device: phone for phone in self._register.phones()}
            fresh = [device for device in self._store.devices() if device.id not in known]
            for device in sorted(fresh, key=lambda device: (device.enrolled_at, device.id)):
                added = PhoneHappened(
                    what="added", device=device.id, label=device.label, at=device.enrolled_at,
                    by=device.person,
                )  # fmt: skip
                self._journal.append(PHONE, device.person, added)
            self._carry_out(known)
            return len(fresh)

    def lines(self) -> list[PhoneLine]:
        """All phones the record knows, latest contact first."""
        everyone = self._register.everyone()
        names = {person.id: person.name for person in everyone}
        disabled = {person.id for person in everyone if person.disabled}
        phones = {phone.device for phone in self._register.phones()}
        devices, chains = self._store.devices(), self._store.chains()
        latest, lost = _latest_of_person(devices), LostStores(self._store, devices, chains)
        return [
            PhoneLine(
                device=device.id,
                person_id=device.person,
                person=names.get(device.person, ""),
                label=device.label,
                enrolled_at=device.enrolled_at,
                revoked_at=device.revoked_at,
                last_contact=device.last_contact,
                unsent=device.unsent,
                missing=0 if gone else chain.last - chain.numbers,
                copied=chain.events - chain.numbers,
                left_behind=bool(device.unsent)
                and not gone
                and latest[device.person] > device.enrolled_at,
                shut_out=device.person in disabled,
                lost=lost.of(device),
            )
            for device in devices
            if device.id in phones
            for chain in (chains.get(device.id, _NO_CHAIN),)
            for gone in (lost.speaks_of(device),)
        ]

    def revoke(self, device: bytes, by: UUID) -> None:
        """From now on what this phone sends is set aside; already so is fine."""
        phone = self._find(device)
        now = self._clock()
        revoked = PhoneHappened(what="revoked", device=device, label=phone.label, at=now, by=by)
        if phone.revoked_at is None:
            self._journal.append(PHONE, phone.person, revoked)
        self._store.revoke(device, now)

    def _find(self, device: bytes) -> Phone:
        for phone in self._register.phones():
            if phone.device == device:
                return phone
        raise NotFound

    def _carry_out(self, known: dict[bytes, Phone]) -> None:
        for device in self._store.devices():
            phone = known.get(device.id)
            if phone and phone.revoked_at is not None and device.revoked_at is None:
                self._store.revoke(device.id, phone.revoked_at)


class LostStores:
    """What phones say of stores that they lost, beside what the ledger holds of them now."""

    def __init__(
        self, store: EventStore, devices: Sequence[Device], chains: Mapping[bytes, ChainLength]
    ):
        self._said, self._chains = store.lost_stores(), chains
        self._owners = {device.id: device.person for device in devices}
        # Nobody may have the remark on somebody else's phone taken away.
        self._gone = {
            lost.device
            for carrier, each in self._said.items()
            for lost in each
            if self._owners.get(lost.device) == self._owners.get(carrier)
        }

    def of(self, carrier: Device) -> tuple[LostLine, ...]:
        """What this phone lost."""
        return tuple(self._line(carrier, lost) for lost in self._said.get(carrier.id, ()))

    def speaks_of(self, device: Device) -> bool:
        """Whether another phone of the same person says that this one is gone."""
        return device.id in self._gone

    def _line(self, carrier: Device, lost: LostStore) -> LostLine:
        chain, owner = self._chains.get(lost.device, _NO_CHAIN), self._owners.get(lost.device)
        return LostLine(
            # Figures on a phone may come too late for its disk.
            given=max(lost.seq, chain.last),
            came=chain.numbers,
            waiting=lost.waiting,
            known=owner is not None,
            theirs=owner in (None, carrier.person),
        )


def _latest_of_person(devices: Sequence[Device]) -> dict[UUID, int]:
    latest: dict[UUID, int] = {}
    for device in devices:
        latest[device.person] = max(device.enrolled_at, latest.get(device.person, 0))
    return latest


def eight_words(fingerprint: bytes) -> tuple[str, ...]:
    """The first 88 bits of a fingerprint as eight words (docs/protocol.md section 1)."""
    words = Mnemonic("english").wordlist
    bits = int.from_bytes(fingerprint[:11], "big")
    return tuple(words[bits >> (11 * place) & 0x7FF] for place in reversed(range(_WORDS)))


def qr_path(text: str) -> str:
    """A QR code as SVG path data, one unit a module; the page draws it without inline style."""
    rows = segno.make(text, error="m", micro=False).matrix_iter(border=4)
    return "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )


def qr_side(text: str) -> int:
    """The width of that QR code in modules, quiet zone included."""
    return int(segno.make(text, error="m", micro=False).symbol_size(border=4)[0])
