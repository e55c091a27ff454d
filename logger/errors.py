"""The one family of errors of the record side, each with a stable code and a plain sentence.

Rooms add their own beside what raises them; the record door and the command turn any of them into
what happened, never into a trace.
"""

from __future__ import annotations


class LoggerError(Exception):
    """Something a person asked for that cannot be done, or must not be."""

    code = "logger.error"
    status = 400
    public_message = "This cannot be done."
    retry_after: int | None = None  # seconds, for the header of that name

    def __str__(self) -> str:
        return super().__str__() or self.public_message


class NotFound(LoggerError):
    """What was asked for does not exist, or may not be known to exist."""

    code = "http.not_found"
    status = 404
    public_message = "There is nothing at this address."


class NotAllowed(LoggerError):
    """A signed-in person asked for something that their role does not include."""

    code = "permission.denied"
    status = 403
    public_message = "Your role does not include this."


class InstanceBusy(LoggerError):
    """Another process holds the instance lock."""

    code = "instance.busy"
    status = 409
    public_message = "This instance is already being served. Stop that first."


class InstanceExists(LoggerError):
    """An instance would be written over another."""

    code = "instance.exists"
    status = 409
    public_message = "There is already an instance here. Nothing was changed."


class TooMuchText(LoggerError):
    """More words than fit into one event."""

    code = "event.too_large"
    status = 413
    public_message = "This is too long to keep in one piece. Shorten it, then try again."
