"""Referring, answering, closing, undoing; near misses and breaches with their clock."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from logger.entries.entry import State
from logger.entries.happened import Outcome
from logger.entries.lists import EntryList
from logger.errors import LoggerError
from logger.people.permissions import NotForGovernance, NotYourDecision
from logger.people.person import Person, Role
from logger.review.decision import Decisions, check_answer, may_undo
from logger.review.incidents import (
    Ending,
    Incidents,
    NoBreachOpen,
    NotThatTime,
    SayWhatHappened,
    SayWhatWasFound,
    check_breach,
    check_ending,
)
from tests.desk_world import DAY, HOUR, MINUTE, START, World
from tests.page_inspector import Page

SAID = "Sent to the <wrong> school"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    add = world.rooms.add_person
    world.gwen = add("Gwen Lloyd", "gwen@example.org", Role.GOVERNANCE, "")
    world.priya = add("Priya Nair", "priya@example.org", Role.DATA_PROTECTION_OFFICER, "")
    return world


def line(world: World, entry):
    found = world.rooms.rooms[EntryList].find(entry)
    assert found
    return found


def history(page: Page) -> str:
    return " ".join(page.all("ol", class_="record-history")[0].text.split())


def answer(world: World, person, entry, outcome: str, words: str, status: int = 200) -> Page:
    browser, path = world.browser(person), f"/review/{entry}/answer"
    return browser.post(browser.get(f"/review/{entry}"), path, status, outcome=outcome, words=words)


def report(world: World, person, entry, status: int = 200, **values) -> Page:
    browser, path = world.browser(person), f"/incidents/{entry}"
    return browser.post(browser.get(path), path, status, **{"words": SAID, **values})


def end(world: World, person, entry, status: int = 200, **values) -> Page:
    browser, path = world.browser(person), f"/incidents/{entry}/end"
    form = {"found": "breach", "told": "no", "words": "Deleted, and said so.", **values}
    return browser.post(browser.get(f"/incidents/{entry}"), path, status, **form)


def test_governance_reads_what_was_referred_answers_and_the_reviewer_decides(world: World) -> None:
    entry = world.submitted(world.dana)
    other = world.submitted(world.dana)
    gwen = world.browser(world.gwen)
    assert "Nothing waits for you." in gwen.get("/governance").text
    for one in (entry, other):
        gwen.get(f"/review/{one}", status=404)
    page = world.decide(world.sam, entry, "referred", "May the <school> know?")
    assert "Referred to information governance." in page.text
    assert "With information governance" in world.browser(world.sam).get("/reviewed").text
    assert "With information governance" in world.browser(world.dana).get("/submitted").text
    page = gwen.get("/governance")
    assert "For governance (1)" in page.text
    assert [one.attributes["href"] for one in page.all("a", class_="record-list__link")] == [
        f"/review/{entry}"
    ]
    page = gwen.get(f"/review/{entry}")
    assert "May the <school> know?" in page.by_id("decide").text
    gwen.get(f"/review/{other}", status=404)
    assert "Say it in a few words." in answer(world, world.gwen, entry, "advised", " ", 422).text
    answer(world, world.gwen, entry, "advised", "Yes, the head teacher.")
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert "Yes, the head teacher." in page.by_id("advised").text
    assert "Gwen Lloyd" in page.by_id("advised").text
    assert "Signed off." in world.decide(world.sam, entry, "signed-off").text
    assert "Answered by information governance" in history(gwen.get(f"/review/{entry}"))


def test_governance_closes_and_takes_that_back_but_who_advises_never_decides(world: World) -> None:
    entry = world.submitted(world.dana)
    world.decide(world.sam, entry, "referred", "Is this ours?")
    page = world.browser(world.priya).get(f"/review/{entry}")
    assert page.has_id("words-advised")
    assert not page.has_id("words-closed")
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    seen = line(world, entry).last_position
    form = {"csrf_token": token, "outcome": "closed", "words": "No", "seen": seen}
    priya = world.browser(world.priya)
    token = priya.get("/governance").all("input", name="csrf_token")[0].attributes["value"]
    refused = priya.client.post(f"/review/{entry}/answer", data={**form, "csrf_token": token})
    assert refused.status_code == 403
    answer(world, world.gwen, entry, "closed", "Not ours: sent on.")
    assert line(world, entry).state is State.DONE
    assert "Closed by information governance" in world.browser(world.sam).get("/reviewed").text
    gwen, path = world.browser(world.gwen), f"/review/{entry}/undo"
    gwen.post(gwen.get(f"/review/{entry}"), path)
    assert line(world, entry).state is State.REFERRED
    page = gwen.get(f"/review/{entry}")
    assert "Is this ours?" in page.by_id("decide").text
    assert "Decision undone" in history(page)


@pytest.mark.parametrize(
    "outcome", ["signed-off", "signed-off-with-learning", "returned", "referred"]
)
def test_a_decision_is_undone_by_whoever_made_it_as_an_event_of_its_own(
    world: World, outcome: str
) -> None:
    entry = world.submitted(world.dana)
    world.decide(world.sam, entry, outcome, "Words")
    path = f"/review/{entry}/undo"
    for person in (world.ruth, world.owen, world.carys):
        with pytest.raises(NotYourDecision):
            world.rooms.rooms[Decisions].undo(person, entry)
    sam = world.browser(world.sam)
    page = sam.post(sam.get(f"/review/{entry}"), path)
    assert "Undone." in page.text
    assert page.has_id("decide-heading")
    told = history(page)
    assert told.index("Decision undone") < told.index("Submitted for review")
    found = line(world, entry)
    assert (found.state, found.outcome, found.times_returned) == (State.TO_REVIEW, "undone", 0)
    assert "To review (1)" in sam.get("/to-review").text
    with pytest.raises(NotYourDecision):
        world.rooms.rooms[Decisions].undo(world.sam, entry)
    assert "Signed off." in world.decide(world.ruth, entry, "signed-off").text


def test_a_question_that_its_author_has_begun_to_answer_is_not_taken_back(world: World) -> None:
    entry = world.submitted(world.dana)
    world.decide(world.sam, entry, "returned", "Who?")
    assert may_undo(world.sam, line(world, entry))
    world.documented(world.dana, entry)
    assert not may_undo(world.sam, line(world, entry))
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert "waits for their answers" in page.by_id("decide").text


def test_only_who_was_asked_answers() -> None:
    class Line:
        with_governance, allegation = False, False

    for role in Role:
        person = Person(UUID(int=1), "", "", role, "North")
        with pytest.raises(NotForGovernance):
            check_answer(person, None, Outcome.ADVISED, "Yes", Line())  # type: ignore[arg-type]


def test_the_wrong_person_starts_a_clock_that_everybody_who_must_act_sees(world: World) -> None:
    entry = world.capture(world.dana)
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert "It reached the wrong person?" in page.text
    world.browser(world.sam).get(f"/incidents/{entry}")
    world.later(HOUR)
    page = report(world, world.dana, entry, 422, words="  ")
    assert "Say it in a few words" in page.text
    page = report(world, world.dana, entry, wrong_person="yes")
    assert "Due in 3 days" in page.text
    assert SAID in page.text
    assert "reached the wrong person" in page.text
    found = line(world, entry)
    assert (found.breach_at, found.breach_open, found.wrong_person) == (START + HOUR, True, True)
    for person, path in (
        (world.sam, "/to-review"), (world.aled, "/to-review"),
        (world.gwen, "/governance"), (world.priya, "/governance"), (world.gwen, "/overview"),
    ):  # fmt: skip
        assert "Due in 3 days" in world.browser(person).get(path).text, person.name
        assert SAID not in world.browser(person).get(path).text
    for person, path in ((world.owen, "/to-review"), (world.carys, "/to-review")):
        assert "72 hours from" not in world.browser(person).get(path).text
    # It must be looked at now, documented or not.
    assert "Captured in the moment" in world.browser(world.gwen).get(f"/review/{entry}").text
    assert "Captured in the moment" in world.browser(world.sam).get(f"/review/{entry}").text
    assert SAID not in world.dump_index()


def test_closing_says_what_it_was_and_when_the_regulator_was_told(world: World) -> None:
    entry = world.submitted(world.dana)
    report(world, world.sam, entry)
    for person in (world.dana, world.priya, world.owen):
        with pytest.raises(LoggerError) as refused:
            world.rooms.rooms[Incidents].end(person, entry, Ending("breach", False, None, "No"))
        assert refused.value.status in (404, 409)
    page = end(world, world.gwen, entry, 422, found="", told="", words="Typed")
    assert "Choose what it was" in page.text
    assert page.by_id("words").text == "Typed"
    page = end(world, world.gwen, entry, 422, told="yes", told_at="2999-01-01T10:00")
    assert "Give a date and time that has passed." in page.text
    page = end(world, world.gwen, entry, told="yes", told_at="2026-11-24T09:30")
    assert "Closed. No clock runs." in page.text
    assert "ICO told 24 November, 09:30" in page.text
    assert not line(world, entry).breach_open
    assert "72 hours from" not in world.browser(world.sam).get("/to-review").text
    told = history(world.browser(world.sam).get(f"/review/{entry}"))
    assert "Near miss or breach closed" in told
    assert "a breach · ICO told" in told
    # It can happen again, and the first time somebody knew is what counts.
    report(world, world.sam, entry)
    assert line(world, entry).breach_open


def test_a_reviewer_closes_a_near_miss_and_signs_the_entry_off(world: World) -> None:
    entry = world.submitted(world.dana)
    report(world, world.dana, entry)
    page = end(world, world.sam, entry, found="near-miss", words="Caught before it went.")
    assert "a near miss · ICO not told" in page.text
    assert "Signed off." in world.decide(world.sam, entry, "signed-off").text


def test_rules_of_the_clock() -> None:
    assert check_breach("x", None, START) == START
    assert check_breach("x", START - DAY, START) == START - DAY
    for words, aware in ((" ", None), ("x" * 4001, None)):
        with pytest.raises(SayWhatHappened):
            check_breach(words, aware, START)
    for aware in (START + 1, 0, -1):
        with pytest.raises(NotThatTime):
            check_breach("x", aware, START)
    check_ending(Ending("near-miss", False, None, "x"), START)
    check_ending(Ending("breach", True, START, "x"), START)
    for ending, error in (
        (Ending("", False, None, "x"), SayWhatWasFound),
        (Ending("breach", None, None, "x"), SayWhatWasFound),
        (Ending("theft", False, None, "x"), SayWhatWasFound),
        (Ending("breach", True, None, "x"), NotThatTime),
        (Ending("breach", True, START + MINUTE, "x"), NotThatTime),
        (Ending("breach", False, None, " "), SayWhatHappened),
    ):
        with pytest.raises(error):
            check_ending(ending, START)


def test_a_running_clock_is_never_put_back(world: World) -> None:
    entry = world.submitted(world.dana)
    incidents = world.rooms.rooms[Incidents]
    world.later(2 * DAY)
    incidents.report(world.dana, entry, "x", wrong_person=False, aware_at=START + HOUR)
    incidents.report(world.sam, entry, "y", wrong_person=True, aware_at=None)
    assert line(world, entry).breach_at == START + HOUR
    assert line(world, entry).wrong_person
    incidents.end(world.gwen, entry, Ending("breach", False, None, "z"))
    with pytest.raises(NoBreachOpen):
        incidents.end(world.gwen, entry, Ending("breach", False, None, "z"))


def test_nobody_reports_on_an_entry_they_may_not_read(world: World) -> None:
    entry = world.capture(world.dana)
    page = world.browser(world.sam).get(f"/incidents/{entry}")
    assert "Only who can read this entry can report this." in page.text
    with pytest.raises(LoggerError, match="still with its author"):
        world.rooms.rooms[Incidents].report(
            world.sam, entry, "x", wrong_person=False, aware_at=None
        )
    world.browser(world.owen).get(f"/incidents/{entry}", status=404)
    world.browser(world.alex).get(f"/incidents/{entry}", status=403)


def test_an_allegation_comes_to_governance_when_it_is_brought_there_and_never_to_the_team(
    world: World,
) -> None:
    entry = world.submitted(world.dana, risk={"name": "", "works_with_children": True})
    gwen = world.browser(world.gwen)
    gwen.get(f"/review/{entry}", status=404)
    world.decide(world.carys, entry, "referred", "LADO asks who may know.")
    page = gwen.get(f"/review/{entry}")
    assert "because it was brought to them" in page.text
    report(world, world.dana, entry)
    for person in (world.sam, world.ruth, world.aled):
        browser = world.browser(person)
        browser.get(f"/review/{entry}", status=404)
        browser.get(f"/incidents/{entry}", status=404)
        for path in ("/to-review", "/reviewed", "/undocumented"):
            assert str(entry) not in browser.get(path).html
    assert "72 hours from" in world.browser(world.carys).get("/to-review").text


def test_a_call_that_reached_nobody_stands_above_the_clocks_that_run(world: World) -> None:
    report(world, world.sam, world.submitted(world.dana))
    world.capture(world.dana, act="not-told", attempt="no-answer", shared="")
    page = world.browser(world.sam).get("/to-review")
    headings = [one.attributes.get("id", "") for one in page.all("h2")]
    assert headings == ["not-told-heading", "breaches-heading"]


def test_who_has_seen_an_entry_is_one_step_away(world: World) -> None:
    entry = world.submitted(world.dana)
    sam = world.browser(world.sam)
    sam.get(f"/review/{entry}")
    before = len(world.rooms.rooms[EntryList].documented(entry))
    page = sam.get(f"/review/{entry}/seen-by")
    rows = [row.text.split() for row in page.all("tr")[1:]]
    assert " ".join(rows[0]).startswith("Sam Okafor the entry, for review")
    assert any("Dana" in row for row in rows)
    assert len(world.rooms.rooms[EntryList].documented(entry)) == before
    # Looking at who looked shows no word of it and is no look.
    again = sam.get(f"/review/{entry}/seen-by")
    assert len(again.all("tr")) == len(page.all("tr"))
    world.browser(world.owen).get(f"/review/{entry}/seen-by", status=404)
    world.browser(world.dana).get(f"/review/{entry}/seen-by", status=403)
