"""A record in which several people speak of the same children."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from logger.children.happened import Mention
from logger.children.saying import Saying
from logger.people.person import Person
from tests.desk_world import World


class Children(World):
    """The organisation, and what is said in it of children."""

    def about(self, person: Person, *names: str, **instead: Any) -> Mention:
        """A share about these children, each as `name; born; reference`; the first of them."""
        children = []
        for name in names:
            said, born, reference = (*(part.strip() for part in name.split(";")), "", "")[:3]
            child = {"name": said, "unknown": False, "born": born, "reference": reference}
            children.append(child)
        self.later(60_000)
        return Mention(self.capture(person, children=children, **instead), 0)

    def room(self, kind: type[Any]) -> Any:
        """The one object of this kind."""
        return self.rooms.rooms[kind]

    def join(self, person: Person, *mentions: Mention) -> None:
        """This person says that all of them are one child."""
        for other in mentions[1:]:
            self.room(Saying).join(person, mentions[0], other)

    def apart(self, person: Person, *names: str) -> Mention:
        """A share about somebody who works with children."""
        risk = {"name": "Mr Hale", "works_with_children": True}
        return self.about(person, *names, risk=risk)


def told(*codes: str) -> list[dict[str, Any]]:
    """Recipients of the directory."""
    return [{"code": code, "label": "", "person": "", "reference": ""} for code in codes]


def address(mention: Mention) -> str:
    """The chronology of whoever this is."""
    return f"/children/{mention.entry}/{mention.ordinal}"


@pytest.fixture
def world(tmp_path: Path) -> Children:
    return Children(tmp_path)
