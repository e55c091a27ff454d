"""Where a person can go: what the rooms add to the navigation, each by a rule of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logger.people.person import Person


@dataclass(frozen=True, slots=True)
class Way:
    """One item of the navigation. `text` is English until it is shown."""

    text: str
    href: str
    count: str = ""


class Ways:
    """Rooms add theirs when the record is put together, in the order in which they are shown."""

    def __init__(self) -> None:
        self._rules: list[Callable[[Person], list[Way]]] = []

    def add(self, rule: Callable[[Person], list[Way]]) -> None:
        """From now on ask this rule too."""
        self._rules.append(rule)

    def of(self, person: Person) -> list[Way]:
        """All that the rooms offer this person."""
        return [way for rule in self._rules for way in rule(person)]
