"""An author is away: counts and ages, handing over, and opening with a second person."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from logger.entries.lists import EntryList
from logger.errors import LoggerError
from logger.people.person import Role
from logger.review import undocumented
from logger.review.openings import (
    AnsweredAlready,
    CannotStandIn,
    ChooseSomeone,
    NotToYourself,
    Openings,
    ReasonMissing,
    StandingIn,
)
from logger.trail.looks import Looks
from tests.desk_world import ALL_ANSWERS, DAY, HOUR, World
from tests.page_inspector import Page

SAID = "Words that only their author may read yet"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.gwen = world.rooms.add_person("Gwen Lloyd", "gwen@example.org", Role.GOVERNANCE, "")
    world.eira = world.rooms.add_person("Eira Wyn", "eira@example.org", Role.PRACTITIONER, "North")
    return world


def stand_in(world: World) -> StandingIn:
    return world.rooms.rooms[StandingIn]


def latest(world: World, entry: UUID):
    found = world.rooms.rooms[Openings].latest(entry)
    assert found
    return found


def post(world: World, person, entry: UUID, action: str, status: int = 200, **values) -> Page:
    browser, path = world.browser(person), f"/undocumented/{entry}"
    return browser.post(browser.get(path), f"{path}/{action}", status, **values)


def hand_to_eira(world: World, entry: UUID) -> Page:
    return post(
        world, world.sam, entry, "hand-over", colleague=str(world.eira.id), reason="Off sick"
    )


def test_a_supervisor_sees_counts_and_ages_and_no_word_of_it(world: World) -> None:
    old = world.capture(world.dana, shared=SAID, why=["missing"])
    world.later(2 * DAY)
    world.capture(world.dana, shared=SAID)
    world.capture(world.eira, shared=SAID)
    world.capture(world.nia, shared=SAID)
    sam = world.browser(world.sam)
    page = sam.get("/undocumented")
    cells = [one.text for one in page.all("td")]
    assert [one.text for one in page.all("th", scope="row")] == ["Dana Price", "Eira Wyn"]
    assert cells == ["2", "1", "2 days ago", "1", "0", "1 minute ago"]
    assert "24 hours overdue" in page.text
    for hidden in (SAID, "Police", "Missing", "Nia Rees"):
        assert hidden not in page.text.replace("Demo", "")
    page = sam.get(f"/review/{old}")
    assert page.title == "Not documented"
    assert "An entry by Dana Price" in page.text
    assert SAID not in page.text
    assert world.rooms.rooms[Looks].of_entry(old) == []
    assert len(world.browser(world.aled).get("/undocumented").all("tr")) == 4
    world.browser(world.owen).get(f"/undocumented/{old}", status=404)
    world.browser(world.gwen).get(f"/undocumented/{old}", status=404)
    world.browser(world.dana).get("/undocumented", status=403)


def test_nothing_undocumented_is_said_so(world: World) -> None:
    assert "Everything has been documented." in world.browser(world.sam).get("/undocumented").text


def test_counting_walks_along_an_index(world: World) -> None:
    db = world.rooms.index.read()
    for statement, values in (
        (undocumented.OF_DEVICE, (b"d", 0, 1, 9)),
        (undocumented.OF_ALL, (0, 1, 9)),
    ):
        plan = db.conn.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        words = " ".join(str(row[3]) for row in plan)
        assert "SEARCH entries USING COVERING INDEX" in words
        assert "TEMP B-TREE" not in words


def test_documentation_is_handed_over_and_the_author_stays_the_author(world: World) -> None:
    entry = world.capture(world.dana, shared=SAID)
    world.browser(world.eira).get(f"/entries/{entry}", status=404)
    page = post(world, world.sam, entry, "hand-over", 422, colleague="", reason="Off sick")
    assert "Choose who completes it." in page.text
    assert page.by_id("reason-hand-over").text == "Off sick"
    page = post(world, world.sam, entry, "hand-over", 422, colleague=str(world.eira.id), reason=" ")
    assert "Give the reason in a few words." in page.text
    page = hand_to_eira(world, entry)
    assert "Eira Wyn" in page.by_id("facts").text
    assert SAID not in page.text
    eira = world.browser(world.eira)
    assert "Handed to you" in eira.get("/to-complete").text
    for section, answers in ALL_ANSWERS.items():
        path = f"/entries/{entry}/{section}"
        eira.post(eira.get(path), path, **answers)
    check = f"/entries/{entry}/check"
    page = eira.get(check)
    assert "I completed this for Dana Price, who made the share" in page.text
    refused = eira.post(page, check, status=422)
    assert "Confirm that you completed this for the author." in refused.text
    eira.post(refused, check, made_by_me="yes")
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert "Shared by Dana Price" in page.text
    assert "Completed by Eira Wyn for the author." in page.text
    assert "Completed and submitted for the author Eira Wyn" in page.text
    assert "Documentation handed over Sam Okafor" in page.text
    assert "Off sick" in page.text
    assert "Signed off." in world.decide(world.sam, entry, "signed-off").text


def test_what_was_returned_stands_above_what_was_handed_over_and_both_are_counted(
    world: World,
) -> None:
    handed, returned = world.capture(world.dana), world.submitted(world.eira)
    hand_to_eira(world, handed)
    world.decide(world.sam, returned, "returned", "Who told the mother?")
    world.later(DAY)
    own = world.capture(world.eira)
    page = world.browser(world.eira).get("/to-complete")
    links = [one.attributes["href"] for one in page.all("a", class_="record-list__link")]
    assert links == [f"/entries/{one}" for one in (returned, handed, own)]
    assert "To complete (3)" in page.text


def test_the_author_who_comes_back_can_go_on_and_have_it_back(world: World) -> None:
    entry = world.capture(world.dana)
    hand_to_eira(world, entry)
    assert world.browser(world.dana).get(f"/entries/{entry}").title == "Entry"
    post(world, world.sam, entry, "hand-over", colleague=str(world.dana.id), reason="Back again")
    assert world.rooms.rooms[EntryList].find(entry).documenter is None
    world.browser(world.eira).get(f"/entries/{entry}", status=404)
    assert "Handed to you" not in world.browser(world.eira).get("/to-complete").text


def test_who_completed_it_for_another_does_not_review_it(world: World) -> None:
    entry = world.capture(world.dana)
    stand_in(world).hand_over(world.sam, entry, world.ruth, "Off sick")
    ruth = world.documented(world.ruth, entry)
    check = f"/entries/{entry}/check"
    ruth.post(ruth.get(check), check, made_by_me="yes")
    page = ruth.get(f"/review/{entry}")
    assert "because you completed it" in page.text
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    form = {"csrf_token": token, "outcome": "signed-off", "seen": "99"}
    assert ruth.client.post(f"/review/{entry}/decision", data=form).status_code == 403
    assert "Signed off." in world.decide(world.sam, entry, "signed-off").text


def test_nobody_hands_to_themselves_or_what_is_not_theirs_to_hand(world: World) -> None:
    entry = world.capture(world.dana)
    for person, to, error in (
        (world.sam, world.sam, NotToYourself),
        (world.sam, world.gwen, ChooseSomeone),
        (world.sam, None, ChooseSomeone),
        (world.owen, world.eira, CannotStandIn),
        (world.dana, world.eira, CannotStandIn),
        (world.gwen, world.eira, CannotStandIn),
        (world.carys, world.eira, CannotStandIn),
    ):
        with pytest.raises(error):
            stand_in(world).hand_over(person, entry, to, "Why")
    apart = world.capture(world.dana, risk={"name": "", "works_with_children": True})
    for person in (world.sam, world.carys):
        with pytest.raises(CannotStandIn):
            stand_in(world).hand_over(person, apart, world.eira, "Why")
        with pytest.raises(CannotStandIn):
            stand_in(world).ask(person, apart, "Why")
    submitted = world.submitted(world.dana)
    with pytest.raises(CannotStandIn):
        stand_in(world).hand_over(world.sam, submitted, world.eira, "Why")
    page = world.browser(world.sam).get(f"/undocumented/{entry}")
    offered = {one.attributes["value"] for one in page.all("option")} - {""}
    assert offered == {str(world.eira.id), str(world.ruth.id)}


def test_two_people_open_an_entry_for_a_day_and_both_stand_in_its_history(world: World) -> None:
    entry = world.capture(world.dana, shared=SAID)
    page = post(world, world.sam, entry, "opening", 422, reason=" ")
    assert "Give the reason in a few words." in page.text
    post(world, world.sam, entry, "opening", reason="Child missing <again>")
    assert "Sam Okafor has asked." in world.browser(world.sam).get(f"/undocumented/{entry}").text
    with pytest.raises(NotToYourself):
        stand_in(world).answer(world.sam, entry, latest(world, entry).ask, approve=True)
    for person in (world.dana, world.eira, world.alex):
        with pytest.raises(LoggerError):
            stand_in(world).answer(person, entry, latest(world, entry).ask, approve=True)
    gwen = world.browser(world.gwen)
    page = gwen.get("/governance")
    assert "Sam Okafor asks to open an entry by Dana Price" in page.text
    page = gwen.get(f"/undocumented/{entry}")
    assert "Child missing <again>" in page.by_id("second").text
    assert SAID not in page.text
    assert [look.page for look in world.rooms.rooms[Looks].of_entry(entry)] == ["opening"]
    gwen.post(page, f"/undocumented/{entry}/answer", answer="approve")
    gwen.get(f"/review/{entry}", status=404)
    sam = world.browser(world.sam)
    assert "Open to you until" in sam.get(f"/undocumented/{entry}").text
    page = sam.get(f"/review/{entry}")
    assert SAID in page.text
    history = " ".join(page.all("ol", class_="record-history")[0].text.split())
    assert "A second person agreed to open it Gwen Lloyd" in history
    assert "Asked to open it with a second person Sam Okafor" in history
    assert world.rooms.rooms[Looks].of_entry(entry)[-1].person == world.sam.id
    # Only for whoever asked, and only for a day.
    assert world.browser(world.ruth).get(f"/review/{entry}").title == "Not documented"
    world.later(24 * HOUR)
    assert world.browser(world.sam).get(f"/review/{entry}").title == "Not documented"
    with pytest.raises(AnsweredAlready):
        stand_in(world).answer(world.ruth, entry, latest(world, entry).ask, approve=True)


def test_a_second_person_who_does_not_agree_keeps_it_shut(world: World) -> None:
    entry = world.capture(world.dana, shared=SAID)
    stand_in(world).ask(world.sam, entry, "Curious")
    assert "A second person is wanted" in world.browser(world.ruth).get("/undocumented").text
    assert "A second person is wanted" not in world.browser(world.owen).get("/undocumented").text
    page = post(world, world.ruth, entry, "answer", answer="decline")
    assert "You did not agree." in page.text
    assert world.browser(world.sam).get(f"/review/{entry}").title == "Not documented"
    assert "A second person is wanted" not in world.browser(world.gwen).get("/governance").text
    stand_in(world).ask(world.sam, entry, "Child missing")
    with pytest.raises(AnsweredAlready):
        stand_in(world).answer(world.ruth, entry, 1, approve=True)
    with pytest.raises(ReasonMissing):
        stand_in(world).ask(world.sam, entry, "x" * 1001)


def test_an_allegation_comes_to_its_lead_at_once(world: World) -> None:
    entry = world.capture(world.dana, risk={"name": "", "works_with_children": True}, shared=SAID)
    assert SAID in world.browser(world.carys).get(f"/review/{entry}").text
    assert "Dana Price" in world.browser(world.carys).get("/undocumented").text
    assert "Everything has been documented." in world.browser(world.sam).get("/undocumented").text


def test_a_call_that_reached_nobody_is_for_everybody_who_reviews(world: World) -> None:
    call = world.capture(world.dana, act="not-told", attempt="message", shared=SAID)
    assert SAID in world.browser(world.sam).get(f"/review/{call}").text
