"""Beside the ledger: the phones, their nonces, the enrolment codes, and what goes out to phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from sync.errors import AnotherPersonsPhone, ReplayedHello, RevokedPhone, UnusableCode
from sync.sqlite import statements
from sync.sqlite.ground import Ground
from sync.store import MOST_LOST, Contact, Device, LostStore

_DAY = 24 * 60 * 60 * 1000
REMEMBER_NONCES = 35 * _DAY


class Registers:
    """The part of the store that is small and replaceable."""

    def __init__(self, ground: Ground):
        self._ground = ground

    def device(self, id: bytes) -> Device | None:
        """See EventStore."""
        with self._ground.reading() as db:
            return _device(db, id)

    def devices(self) -> list[Device]:
        """See EventStore."""
        with self._ground.reading() as db:
            return [_to_device(found) for found in db.execute(statements.DEVICES).fetchall()]

    def count_devices(self) -> tuple[int, int]:
        """See EventStore."""
        with self._ground.reading() as db:
            every, revoked = db.execute(statements.COUNT_DEVICES).fetchone()
        return every, revoked

    def met(self, contact: Contact) -> set[bytes]:
        """See EventStore."""
        with self._ground.writing() as db:
            db.execute(statements.FORGET_NONCES, (contact.at - REMEMBER_NONCES,))
            use = db.execute(statements.USE_NONCE, (contact.device, contact.nonce, contact.at))
            if use.rowcount == 0:
                raise ReplayedHello
            db.execute(statements.NOTE_CONTACT, (contact.at, contact.unsent, contact.device))
            return _note_losses(db, contact)

    def lost_stores(self) -> dict[bytes, list[LostStore]]:
        """See EventStore."""
        with self._ground.reading() as db:
            found = db.execute(statements.LOSSES).fetchall()
        said: dict[bytes, list[LostStore]] = {}
        for carrier, *lost in found:
            said.setdefault(carrier, []).append(LostStore(*lost))
        return said

    def offer_code(self, code_hash: bytes, person: UUID, expires_at: int) -> None:
        """See EventStore."""
        with self._ground.writing() as db:
            db.execute(statements.OFFER_CODE, (code_hash, person.bytes, expires_at))

    def enrol(self, code_hash: bytes, device: Device) -> Device:
        """See EventStore."""
        with self._ground.writing() as db:
            person = _person_of_code(db, code_hash, device)
            known = _device(db, device.id)
            if known is not None and known.person != person:
                raise AnotherPersonsPhone
            if known is not None and known.revoked_at is not None:
                raise RevokedPhone
            db.execute(statements.SPEND_CODE, (device.id, code_hash))
            db.execute(statements.FORGET_CODES, (device.enrolled_at - _DAY,))
            return known or _add_device(db, replace(device, person=person))

    def revoke(self, device: bytes, at: int) -> None:
        """See EventStore."""
        with self._ground.writing() as db:
            db.execute(statements.REVOKE, (at, device))

    def lay_out(self, name: str, content: bytes) -> None:
        """See EventStore."""
        with self._ground.writing() as db:
            db.execute(statements.LAY_OUT, (name, content))

    def outgoing(self, name: str) -> bytes | None:
        """See EventStore."""
        with self._ground.reading() as db:
            found = db.execute(statements.OUTGOING, (name,)).fetchone()
        return found[0] if found else None

    def announce(self, said: Sequence[tuple[bytes, bytes]]) -> None:
        """See EventStore."""
        with self._ground.writing() as db:
            for pair in said:
                db.execute(statements.ANNOUNCE, pair)

    def announced(self, ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """See EventStore."""
        with self._ground.reading() as db:
            found = [(each, db.execute(statements.ANNOUNCED, (each,)).fetchone()) for each in ids]
        return {each: columns[0] for each, columns in found if columns}


def _note_losses(db: Database, contact: Contact) -> set[bytes]:
    if not contact.lost:
        return set()
    for lost in contact.lost:
        said = (lost.device, lost.seq, lost.waiting, contact.at)
        db.execute(statements.NOTE_LOSS, (contact.device, *said, MOST_LOST))
    kept = {device for (device,) in db.execute(statements.LOSSES_OF, (contact.device,)).fetchall()}
    return kept & {lost.device for lost in contact.lost}


def _person_of_code(db: Database, code_hash: bytes, device: Device) -> UUID:
    found = db.execute(statements.CODE, (code_hash,)).fetchone()
    if found is None:
        raise UnusableCode
    person, expires_at, spent_by = found
    if expires_at <= device.enrolled_at or spent_by not in (None, device.id):
        raise UnusableCode
    return UUID(bytes=person)


def _device(db: Database, id: bytes) -> Device | None:
    found = db.execute(statements.DEVICE, (id,)).fetchone()
    return _to_device(found) if found else None


def _add_device(db: Database, device: Device) -> Device:
    values = (device.id, device.public, device.person.bytes, device.label, device.enrolled_at)
    db.execute(statements.ADD_DEVICE, values)
    # As a reader finds it: how a phone was met or revoked is not for its enrolment to say.
    return replace(device, revoked_at=None, last_contact=None, unsent=None)


def _to_device(columns: Sequence[Any]) -> Device:
    device_id, public, person, *rest = columns
    return Device(device_id, public, UUID(bytes=person), *rest)
