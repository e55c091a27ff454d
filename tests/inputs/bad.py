"""What a class of bad inputs is: its name, how one is made, and the only answers it may get."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.inputs.both import BothDoors
from tests.inputs.desk import EveryAddress
from tests.inputs.doors import PhoneDoor
from tests.running import RunningInstance


@dataclass(frozen=True, slots=True)
class Bad:
    """One class. `says` are the answers of the protocol that are right for it, and no other is."""

    name: str
    make: Callable[..., Any]
    says: frozenset[str]
    # How many different ones there must have been; some classes have no more.
    least: int = 50


def bad(name: str, make: Callable[..., Any], *says: str, least: int = 50) -> Bad:
    """A class and what may be said of it."""
    return Bad(name, make, frozenset(says), least)


class Places:
    """Where bad inputs are put, each made when the first one comes."""

    def __init__(self, folder: Callable[[str], Path]):
        self._folder, self._made = folder, dict[str, Any]()

    @property
    def phone(self) -> PhoneDoor:
        """The phone door by itself."""
        return self._once("phone", lambda: PhoneDoor(self._folder("phone")))

    def both(self, suite: int) -> BothDoors:
        """Both doors over one ledger."""
        name = f"both {suite}"
        return self._once(name, lambda: BothDoors(self._folder("both"), suite))

    @property
    def addresses(self) -> EveryAddress:
        """The record door with something at every address."""
        return self._once("addresses", lambda: EveryAddress(self._folder("addresses")))

    @property
    def served(self) -> RunningInstance:
        """Both doors as the command serves them, behind real sockets."""
        return self._once("served", self._serve)

    def close(self) -> None:
        """Shut whatever was opened."""
        for name, place in self._made.items():
            if name in ("phone", "served"):
                place.close()

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _serve(self) -> RunningInstance:
        instance = RunningInstance(self._folder("served") / "demo", suite=1)
        instance.start()
        return instance


@dataclass(frozen=True, slots=True)
class Group:
    """Classes that go to one door by one route, and the one who puts them there.

    `offer` puts so many different ones, proves the oracle for each, and gives back every input.
    """

    door: str
    route: str
    classes: dict[int, Bad]
    offer: Callable[[Places, Bad, random.Random, int], Iterator[bytes]]
    ordinary: int = 50
    soak: int = 2_000


def in_parts(items: Iterator[Any], size: Callable[[Any], int], most: int, count: int) -> Any:
    """Lists that one request can hold: so many bytes and so many items."""
    part: list[Any] = []
    weight = 0
    for item in items:
        if part and (weight + size(item) > most or len(part) == count):
            yield part
            part, weight = [], 0
        part.append(item)
        weight += size(item)
    if part:
        yield part
