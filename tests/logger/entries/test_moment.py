"""What was said in the moment, as the record shows it, and to whom."""

from __future__ import annotations

import pytest

from logger.entries.entry import State
from logger.entries.lists import EntryList
from tests.desk_world import MINUTE, World

COACH = {"name": "Coach Canary", "works_with_children": True}
CHILD = "Child Canary"
ABOUT = [{"name": CHILD, "unknown": False}]


@pytest.fixture
def allegation(world: World):
    """An entry about somebody who works with children, handed to review."""
    return world.submitted(world.dana, risk=COACH, children=ABOUT)


@pytest.mark.parametrize("who", ["sam", "ruth", "aled", "owen", "nia", "alex"])
def test_an_entry_for_the_allegations_lead_is_nowhere_for_anybody_else(
    world: World, allegation, who: str
) -> None:
    browser = world.browser(getattr(world, who))
    for path in ("/", "/to-complete", "/submitted", "/to-review", "/reviewed"):
        answer = browser.client.get(path, follow_redirects=True)
        assert str(allegation) not in answer.text
        assert "(1)" not in answer.text
    for path in ("", "/check", "/objective"):
        answer = browser.client.get(f"/entries/{allegation}{path}", follow_redirects=True)
        assert answer.status_code in (403, 404)
        assert "Canary" not in answer.text
    for page in ("", "?after=1.0.0"):
        answer = browser.client.get(f"/review/{allegation}{page}", follow_redirects=True)
        assert answer.status_code in (403, 404)
        assert "Canary" not in answer.text


@pytest.mark.parametrize("who", ["sam", "ruth", "aled", "owen"])
def test_no_other_reviewer_can_decide_on_it(world: World, allegation, who: str) -> None:
    person = getattr(world, who)
    other = world.submitted(world.nia if who == "owen" else world.dana)
    browser = world.browser(person)
    page = browser.get(f"/review/{other}")
    path = f"/review/{other}/decision"
    aside = f"/review/{allegation}/decision"
    browser.post(page, path, status=404, to=aside, outcome="signed-off", words="")
    line = _lists(world).find(allegation)
    assert line is not None
    assert line.state is State.TO_REVIEW


def test_the_allegations_lead_reviews_it_and_its_author_follows_it(
    world: World, allegation
) -> None:
    world.submitted(world.dana, children=[{"name": "Other Canary", "unknown": False}])
    lead = world.browser(world.carys)
    queue = lead.get("/to-review")
    assert "To review (1)" in queue.text
    assert len(queue.all("li", class_="record-list__item")) == 1
    page = lead.get(f"/review/{allegation}")
    assert "Coach Canary" in page.text
    assert "works or volunteers with children" in page.text
    world.decide(world.carys, allegation, "returned", "Who else knows?")
    dana = world.browser(world.dana)
    assert "Who else knows?" in dana.get("/to-complete").text
    page = dana.get(f"/entries/{allegation}")
    assert "Only its author and the allegations lead can see this entry." in page.text
    assert "No allegations lead" not in page.text


def test_the_allegations_lead_sees_no_other_entry_of_anybody(world: World) -> None:
    entry = world.submitted(world.dana)
    lead = world.browser(world.carys)
    assert "Nothing waits for review." in lead.get("/to-review").text
    lead.get(f"/review/{entry}", status=404)


def test_the_allegations_lead_does_not_review_their_own(world: World) -> None:
    entry = world.submitted(world.carys, risk=COACH)
    lead = world.browser(world.carys)
    assert "Nothing waits for review." in lead.get("/to-review").text
    assert "Someone else must review this entry" in lead.get(f"/review/{entry}").text


def test_it_is_said_when_nobody_leads_on_allegations(world: World) -> None:
    entry = world.capture(world.dana, risk=COACH)
    world.rooms.invitations.disable(world.carys, world.alex.id)
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert "No allegations lead is set up here." in page.text


def test_a_call_that_reached_nobody_is_on_top_of_both_lists_until_somebody_was(
    world: World,
) -> None:
    call = world.capture(world.dana, act="not-told", attempt="message", shared="", children=ABOUT)
    for who, path in ((world.dana, "/to-complete"), (world.sam, "/to-review")):
        page = world.browser(who).get(path)
        section = page.all("section", class_="record-not-told")[0].text
        assert "Message left. This is not a share." in section
        assert "(1)" not in page.text
    assert "Not yet told" not in world.browser(world.owen).get("/to-review").text
    assert "nothing to sign off" in world.browser(world.sam).get(f"/review/{call}").text
    dana = world.browser(world.dana)
    assert "This is not a share." in dana.get(f"/entries/{call}").text
    share = world.capture(world.dana, follows=str(call))
    for who, path in ((world.dana, "/to-complete"), (world.sam, "/to-review")):
        assert "Not yet told" not in world.browser(who).get(path).text
    page = dana.get(f"/entries/{call}")
    assert f"/entries/{share}" in [link.attributes["href"] for link in page.all("a")]


def test_a_decision_not_to_share_says_so_everywhere(world: World) -> None:
    said = {"act": "not-shared", "recipients": [], "review_on": "2026-12-01"}
    entry = world.submitted(world.dana, **said)
    queue = world.browser(world.sam).get("/to-review").text
    assert "Decided not to share" in queue
    assert "Look again on 1 December 2026" in queue
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert "Logged by Dana Price" in " ".join(page.text.split())
    assert "Decided not to share" in page.by_id("captured").text


def test_a_refusal_says_who_asked(world: World) -> None:
    entry = world.capture(world.dana, act="refused", children=ABOUT)
    page = world.browser(world.dana).get(f"/entries/{entry}")
    captured = " ".join(page.by_id("captured").text.split())
    assert "Asked, and refused" in captured
    assert "Asked Police (999)" in captured


def test_danger_hides_the_name_in_the_heading_and_is_seen_on_lists(world: World) -> None:
    entry = world.submitted(world.dana, danger=True, children=ABOUT)
    browser = world.browser(world.sam)
    assert "Danger if known" in browser.get("/to-review").text
    page = browser.get(f"/review/{entry}")
    assert CHILD not in page.all("h1")[0].text
    assert CHILD in page.by_id("captured").text


def test_what_was_logged_by_mistake_says_so_and_needs_no_answers(world: World) -> None:
    entry = world.capture(world.dana)
    world.later(MINUTE)
    world.add(world.dana, entry, "mistake", "Wrong button")
    browser = world.browser(world.dana)
    assert "Logged by mistake" in browser.get("/to-complete").text
    check = f"/entries/{entry}/check"
    page = browser.get(check)
    assert "Wrong button" in page.text
    browser.post(page, check, made_by_me="yes")
    assert "Logged by mistake" in world.browser(world.sam).get("/to-review").text


def test_everything_said_in_the_moment_is_read_in_the_entry(world: World) -> None:
    entry = world.capture(
        world.dana,
        known={"how": "other", "from": "Her aunt"},
        told_family="not-practicable",
        called_999=True,
        risk={"name": "The lodger", "works_with_children": False},
        children=[
            {"name": "Mia", "unknown": False, "who": "unborn", "born": "", "reference": ""},
            {"name": "", "unknown": True, "who": "adult", "born": "80", "reference": "A7"},
        ],
    )
    world.add(world.dana, entry, "fix", "It was Tuesday")
    world.add(world.nia, entry, "more", "A brother too")
    page = world.browser(world.dana).get(f"/entries/{entry}")
    captured = " ".join(page.by_id("captured").text.split())
    for said in (
        "Unborn baby of Mia", "Name not known · adult at risk · 80 · reference A7",
        "Someone told them: Her aunt", "Not practicable", "999 called", "The lodger",
        "Corrected from the phone · Dana Price · 24 November, 10:00 It was Tuesday",
        "not the phone that captured it · Nia Rees · 24 November, 10:00 A brother too",
    ):  # fmt: skip
        assert said in captured


def _lists(world: World) -> EntryList:
    found = world.rooms.rooms[EntryList]
    assert isinstance(found, EntryList)
    return found
