"""A door to offer bad inputs to, and the count of how many different ones it was offered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest

from tests.faults.conftest import (  # noqa: F401  # pytest finds these by their name here
    fault,
    pytest_runtest_makereport,
)
from tests.faults.counts import TRIED
from tests.inputs.doors import PhoneDoor


class Tried:
    """Different inputs at one place: the same bytes again count for nothing."""

    def __init__(self, place: str):
        self.place = place
        self._seen: set[bytes] = set()

    def __call__(self, raw: bytes) -> bool:
        """Note it; whether it is a new one."""
        digest = hashlib.blake2b(raw, digest_size=8).digest()
        new = digest not in self._seen
        self._seen.add(digest)
        return new

    def by_digest(self, digests: bytes) -> None:
        """Note those of another process, 8 bytes each."""
        self._seen.update(digests[at : at + 8] for at in range(0, len(digests), 8))

    def __len__(self) -> int:
        return len(self._seen)


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Tried]]:
    """Counts inputs by the place they are put in; the run prints the sum."""
    places: list[Tried] = []

    def at(place: str) -> Tried:
        places.append(Tried(place))
        return places[-1]

    yield at
    # A report carries these to the process that prints the sum.
    for one in places:
        request.node.user_properties.append((TRIED, {one.place: len(one)}))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneDoor]:
    """One phone door for the tests of a file."""
    opened = PhoneDoor(tmp_path_factory.mktemp("door"))
    yield opened
    opened.close()
