"""Contents of the events about people (kind 32) and phones (kind 33).

Both kinds are about a person: the event's `entry` is the person's id. No password, secret or code
is ever in one: those are not history, and the ledger forgets nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from logger.people.person import Role

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Label = Annotated[str, msgspec.Meta(max_length=80)]
DeviceId = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]

What = Literal[
    "invited", "link-made", "joined", "changed", "disabled", "enabled",
    "proposed", "confirmed", "declined", "sessions-ended", "password-changed",
]  # fmt: skip
# What people do with their own way in: it changes nothing of how they stand.
OWN = frozenset({"sessions-ended", "password-changed"})
# What needs two administrators: a role (and its team), or a new link for whoever has one.
Wish = Literal["role", "link"]


class PersonHappened(msgspec.Struct, frozen=True, kw_only=True):
    """How a person stands from now on; `by` is None where the command line did it.

    With `proposed` they would stand like this, and a second administrator answers: `wish` says what
    is asked, `ask` is the position of the event that is confirmed or declined.
    """

    what: What
    name: Name
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    role: Role
    team: Annotated[str, msgspec.Meta(max_length=100)]
    by: UUID | None
    wish: Wish | None = None
    ask: int = 0
    v: Literal[1] = 1


class PhoneHappened(msgspec.Struct, frozen=True, kw_only=True):
    """A phone was added for a person, or is no longer trusted. `at` is when that was."""

    what: Literal["added", "revoked"]
    device: DeviceId
    label: Label
    at: int
    by: UUID | None
    v: Literal[1] = 1
