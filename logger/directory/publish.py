"""Lays the directory out for phones, signed with the publishing key.

Promises: the serial rises with every change and only then, so that a phone can refuse an older one.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from logger.directory.advice import Advice
from logger.directory.recipients import Directory, Listed, Word
from logger.settings import Settings
from sync.errors import SyncError
from sync.frames import DIRECTORY, Signer, check_document, read_document, sign_document
from sync.store import EventStore

NAME = "directory"


class DirectoryDocument(msgspec.Struct, frozen=True):
    """docs/protocol.md section 7."""

    v: Literal[1]
    serial: int
    organisation: str
    language: Literal["en", "cy"]
    document_within_hours: int
    demo: bool
    recipients: tuple[Listed, ...]
    why: tuple[Word, ...]
    how: tuple[Word, ...]
    read_back_days: int = 7
    favourites: tuple[str, ...] = ()
    advice: Advice = Advice()


def publish(
    store: EventStore,
    settings: Settings,
    directory: Directory,
    advice: Advice,
    publishing: Signer,
    now: int,
) -> DirectoryDocument:
    """Lay the directory out when it differs from what stands there; the document that stands."""
    before = _standing(store, publishing)
    document = DirectoryDocument(
        v=1,
        serial=before.serial if before else _serial(0, now),
        organisation=settings.organisation,
        language=settings.language,
        document_within_hours=settings.document_within_hours,
        demo=settings.demo,
        recipients=directory.recipients,
        why=directory.why,
        how=directory.how,
        read_back_days=settings.read_back_days,
        favourites=directory.favourites,
        advice=advice,
    )
    if document == before:
        return document
    if before is not None:
        document = msgspec.structs.replace(document, serial=_serial(before.serial, now))
    store.lay_out(NAME, sign_document(DIRECTORY, document, publishing))
    return document


def _serial(last: int, now: int) -> int:
    # Seconds, not a count: a ledger restored from an old backup would count some numbers twice.
    return max(last + 1, now // 1000)


def _standing(store: EventStore, publishing: Signer) -> DirectoryDocument | None:
    raw = store.outgoing(NAME)
    if raw is None:
        return None
    try:
        check_document(DIRECTORY, raw, publishing.public)
        return read_document(raw, DirectoryDocument)
    except SyncError:
        # Signed by an earlier key or of an earlier shape: it is replaced, and the shape of what
        # replaces it is all that a phone will see.
        return _with_serial_of(raw)


def _with_serial_of(raw: bytes) -> DirectoryDocument | None:
    class Serial(msgspec.Struct):
        serial: int

    try:
        serial = read_document(raw, Serial).serial
    except SyncError:
        return None
    return DirectoryDocument(1, serial, "", "en", 0, False, (), (), ())
