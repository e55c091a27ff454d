"""Nobody decides on what they wrote, whatever way it came back to them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from logger.entries.lists import EntryList, WaitingEntry
from logger.errors import LoggerError
from logger.people.invitations import Invitations
from logger.people.permissions import NotYourReview
from logger.people.person import Person, Role
from logger.review.decision import Decisions
from logger.review.incidents import Ending, Incidents, NoBreachOpen
from logger.review.openings import NotToYourself, Openings, StandingIn
from tests.desk_world import World

ALLEGATION = {"name": "", "works_with_children": True}
SAID = "Words that stay with their author"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.gwen = world.rooms.add_person("Gwen Lloyd", "gwen@example.org", Role.GOVERNANCE, "")
    return world


def line(world: World, entry: UUID) -> WaitingEntry:
    found = world.rooms.rooms[EntryList].find(entry)
    assert found
    return found


def hand_over(world: World, by: Person, entry: UUID, to: Person) -> None:
    world.rooms.rooms[StandingIn].hand_over(by, entry, to, "Away")


def becomes(world: World, person: Person, role: Role) -> Person:
    invitations = world.rooms.rooms[Invitations]
    invitations.change(person, role, person.team, world.alex.id)
    asked = world.rooms.register.proposal(person.id)
    if asked:
        invitations.confirm(asked, None)
    found = world.rooms.register.person(person.id)
    assert found
    assert found.role is role
    return found


def test_who_wrote_of_it_and_handed_it_back_does_not_review_it(world: World) -> None:
    entry = world.capture(world.dana)
    hand_over(world, world.sam, entry, world.ruth)
    world.documented(world.ruth, entry)
    # The one who was handed it hands it back, so that nobody is noted as standing in any more.
    hand_over(world, world.ruth, entry, world.dana)
    assert line(world, entry).documenter is None
    dana, path = world.browser(world.dana), f"/entries/{entry}/check"
    dana.post(dana.get(path), path, made_by_me="yes")
    page = world.browser(world.ruth).get(f"/review/{entry}")
    assert "because you completed it" in page.by_id("decide").text
    seen = line(world, entry).last_position
    with pytest.raises(NotYourReview):
        world.rooms.rooms[Decisions].decide(world.ruth, entry, "signed-off", "", seen)
    assert "Signed off." in world.decide(world.sam, entry, "signed-off").text


def test_who_was_handed_it_and_wrote_nothing_reviews_it(world: World) -> None:
    entry = world.capture(world.dana)
    hand_over(world, world.sam, entry, world.ruth)
    hand_over(world, world.sam, entry, world.dana)
    dana, path = world.documented(world.dana, entry), f"/entries/{entry}/check"
    dana.post(dana.get(path), path, made_by_me="yes")
    assert "Signed off." in world.decide(world.ruth, entry, "signed-off").text


def test_an_author_who_moved_to_governance_answers_for_none_of_their_own(world: World) -> None:
    entry = world.submitted(world.dana)
    world.decide(world.sam, entry, "referred", "May the school know?")
    world.rooms.rooms[Incidents].report(
        world.sam, entry, "Sent twice", wrong_person=False, aware_at=None
    )
    dana = becomes(world, world.dana, Role.GOVERNANCE)
    page = world.browser(dana).get(f"/review/{entry}")
    assert "because you made it" in page.by_id("decide").text
    seen = line(world, entry).last_position
    for outcome in ("advised", "closed"):
        with pytest.raises(NotYourReview):
            world.rooms.rooms[Decisions].answer(dana, entry, outcome, "Fine", seen)
    with pytest.raises(NoBreachOpen):
        world.rooms.rooms[Incidents].end(dana, entry, Ending("near-miss", False, None, "Fine"))
    world.rooms.rooms[Decisions].answer(world.gwen, entry, "closed", "Not ours", seen)


def test_what_is_set_apart_later_leaves_whoever_was_handed_it(world: World) -> None:
    entry = world.capture(world.dana, shared=SAID)
    hand_over(world, world.sam, entry, world.ruth)
    world.rooms.rooms[StandingIn].ask(world.sam, entry, "Child missing")
    asked = world.rooms.rooms[Openings].latest(entry)
    assert asked
    assert SAID in world.browser(world.ruth).get(f"/entries/{entry}").text
    world.capture(world.dana, entry, shared=SAID, risk=ALLEGATION)
    ruth = world.browser(world.ruth)
    for path in (f"/entries/{entry}", f"/entries/{entry}/objective", f"/entries/{entry}/ask"):
        ruth.get(path, status=404)
    assert str(entry) not in ruth.get("/to-complete").html
    for person, error in ((world.ruth, NotToYourself), (world.gwen, NotToYourself)):
        with pytest.raises(error):
            world.rooms.rooms[StandingIn].answer(person, entry, asked.ask, approve=True)
    with pytest.raises(LoggerError):
        hand_over(world, world.sam, entry, world.ruth)
    assert SAID in world.browser(world.carys).get(f"/review/{entry}").text
