"""What this room adds to the navigation, with how many agreements somebody has to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from logger.agreements.register import Agreements
from logger.clock import Clock
from logger.people.permissions import keeps_agreements, sees_agreements
from logger.people.person import Person
from logger.shell.words import N_
from logger.ways import Way


def agreement_ways(agreements: Agreements, clock: Clock) -> Callable[[Person], list[Way]]:
    """The rule; only who keeps the register is shown a count."""

    def ways(person: Person) -> list[Way]:
        if not sees_agreements(person):
            return []
        today = datetime.fromtimestamp(clock() / 1000, UTC).date()
        count = len(agreements.due(today)) if keeps_agreements(person) else 0
        return [Way(N_("Agreements"), "/agreements", str(count or ""))]

    return ways
