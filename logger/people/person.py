"""A person of the organisation and the one role they have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of the product; an organisation may show other words for them."""

    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    ALTERNATE = "alternate"
    ALLEGATIONS_LEAD = "allegations-lead"
    GOVERNANCE = "governance"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works here, as the ledger has them now."""

    id: UUID
    name: str
    email: str
    role: Role
    team: str
    disabled: bool = False
    joined: bool = False
