"""The one family of errors of the phone door, each with a stable code and a plain sentence."""

from __future__ import annotations


class SyncError(Exception):
    """Something a client did that cannot be served; becomes an RFC 9457 problem."""

    code = "sync.error"
    status = 400
    public_message = "The request could not be read."
    retry_after: int | None = None  # seconds, for the header of that name


class MalformedEvent(SyncError):
    """The bytes are not an event of this protocol (docs/protocol.md, section 3)."""

    code = "event.malformed"
    public_message = "This is not an event."


class MalformedFrames(SyncError):
    """A body whose frame lengths do not add up to its size."""

    code = "frames.malformed"
    public_message = "The body is not a whole number of frames."


class WrongSignature(SyncError):
    """A signature that does not verify under the key it claims."""

    code = "signature.wrong"
    status = 403
    public_message = "The signature does not match."


class MalformedDocument(SyncError):
    """A signed document that is not JSON of the expected shape."""

    code = "document.malformed"
    public_message = "The document is not of the expected shape."


class TooLarge(SyncError):
    """A body, batch or event above its limit; the client halves its batch."""

    code = "sync.too_large"
    status = 413
    public_message = "Too much in one request. Send fewer entries at a time."


class ReplayedHello(SyncError):
    """A hello whose nonce this device has used before."""

    code = "hello.replayed"
    status = 409
    public_message = "This request was already made. Make a new one."


class UnusableCode(SyncError):
    """An enrolment code that does not exist, was used, or has run out (never says which)."""

    code = "enrol.code_unusable"
    status = 403
    public_message = "This code cannot be used. Ask for a new one at the record."


class AnotherPersonsPhone(SyncError):
    """A signing key that is enrolled for one person was offered for another."""

    code = "enrol.another_person"
    status = 409
    public_message = "This phone is already added for someone else."


class RevokedPhone(SyncError):
    """A revoked signing key asked to be let in again; its key will never be trusted again."""

    code = "enrol.revoked"
    status = 403
    public_message = (
        "This phone was taken off by the organisation. It must first hand over what waits and "
        "erase itself, which it does by itself. Then it can be added as a new phone."
    )


class NotAParcel(SyncError):
    """A file that is not one of waiting entries, or was changed on its way."""

    code = "parcel.malformed"
    status = 422
    public_message = (
        "This is not a file of waiting entries, or it was changed on its way. Nothing was taken "
        "in. Save the file on the phone again."
    )


class ParcelTooLarge(SyncError):
    """A file with more in it than one file may hold."""

    code = "parcel.too_large"
    status = 413
    public_message = "This file is larger than a phone makes them. Nothing was taken in."


class TooManyAttempts(SyncError):
    """More requests of one kind than is allowed for now."""

    code = "sync.too_many"
    status = 429
    public_message = "Too many tries. Wait a little, then try again."

    def __init__(self, retry_after: int = 60):
        self.retry_after = retry_after
        super().__init__(f"try again in {retry_after} s")


class LedgerBusy(SyncError):
    """The ledger could not be written in time; nothing was kept."""

    code = "ledger.busy"
    status = 503
    public_message = "The record is busy. Your phone keeps everything and tries again."
    retry_after = 2


class LedgerFull(SyncError):
    """The disk under the ledger is full; nothing was kept."""

    code = "ledger.full"
    status = 507
    public_message = "The record has no room at the moment. Your phone keeps everything."


class NotReady(SyncError):
    """The record's side has not yet laid out what phones ask for."""

    code = "sync.not_ready"
    status = 503
    public_message = "The record is not ready yet. Try again in a moment."
    retry_after = 5


class WeakStore(SyncError):
    """The database under the ledger would not survive a power cut; the door does not open."""

    code = "store.weak"
    status = 500
    public_message = "The record is not safe to write to."


class StoredKeyUnusable(SyncError):
    """The phone door's key file is missing, open to others, or not one; the door does not open."""

    code = "store.key_unusable"
    status = 500
    public_message = "The phone door has no key to sign receipts with."


class BrokenChain(SyncError):
    """The ledger is not what its digests say; carries the first position found wrong."""

    code = "ledger.broken"
    status = 500
    public_message = "The ledger has been altered."

    def __init__(self, position: int, why: str):
        self.position, self.why = position, why
        super().__init__(f"position {position}: {why}")


class EntryMoved(SyncError):
    """Someone else decided on this entry after the writer last looked at it."""

    code = "entry.moved"
    status = 409
    public_message = "Someone else has changed this entry since you opened it."
