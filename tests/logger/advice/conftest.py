"""A record with people in it, among them the data protection team."""

from __future__ import annotations

from pathlib import Path

import pytest

from logger.people.person import Person, Role
from tests.desk_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def priya(world: World) -> Person:
    role = Role.DATA_PROTECTION_OFFICER
    return world.rooms.add_person("Priya Nair", "priya@example.org", role, "")


@pytest.fixture
def gwen(world: World) -> Person:
    return world.rooms.add_person("Gwen Parry", "gwen@example.org", Role.GOVERNANCE, "")
