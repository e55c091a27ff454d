"""A share without an agreement is flagged by what was in force on its day, and never blocked."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from logger.agreements.register import Agreements
from logger.directory.happened import Agreement
from logger.entries.happened import Later
from logger.journal.write import Journal
from logger.people.person import Person
from sync.event import LATER
from tests.desk_world import DAY, START, World
from tests.page_inspector import Page

ADD = "/agreements/add"
MIDNIGHT = "2026-11-24"


def told(*codes: str | None) -> dict[str, Any]:
    return {
        "recipients": [
            {"code": code, "label": "" if code else "Hospice", "person": "", "reference": ""}
            for code in codes
        ]
    }


def register(world: World, person: Person, **values: object) -> Page:
    browser = world.browser(person)
    usual = {
        "title": "Police agreement", "parties": ["police-999"], "scope": "Children at risk",
        "signed_on": "2026-01-01",
    }  # fmt: skip
    return browser.post(browser.get(ADD), ADD, **usual | values)


def flagged(world: World, person: Person, entry: UUID) -> bool:
    return world.browser(person).get(f"/entries/{entry}").has_id("no-agreement")


def test_until_the_first_agreement_is_registered_nothing_is_flagged(
    world: World, gwen: Person
) -> None:
    entry = world.capture(world.dana, **told("school"))
    assert not flagged(world, world.dana, entry)
    register(world, gwen)
    assert flagged(world, world.dana, entry)


def test_the_author_and_the_reviewer_are_told_with_whom_there_was_none_and_what_to_do(
    world: World, gwen: Person
) -> None:
    register(world, gwen)
    entry = world.submitted(world.dana, **told("police-999", "school", None))
    for person in (world.dana, world.sam):
        text = world.browser(person).get(f"/entries/{entry}").text
        assert "was in force that day with: School, someone else." in text
        assert "no reason against an emergency share" in text
    # Nothing was blocked: it waits for review like any other.
    world.decide(world.sam, entry, "signed-off")


def test_what_is_registered_ended_or_changed_later_judges_the_day_of_the_share(
    world: World, gwen: Person
) -> None:
    entry = world.capture(world.dana)
    register(world, gwen, title="Schools", parties=["school"])
    assert flagged(world, world.dana, entry)
    register(world, gwen, signed_on="2026-11-24")
    assert not flagged(world, world.dana, entry)
    world.later(DAY)
    agreements = world.rooms.rooms[Agreements]
    police = next(one for one in agreements.everything() if one.title == "Police agreement")
    browser, here = world.browser(gwen), f"/agreements/{police.id}"
    page = browser.post(browser.get(here), f"{here}/end")
    assert "Ended" in page.text
    # It covered that day, and covers no later one.
    assert not flagged(world, world.dana, entry)
    assert flagged(world, world.dana, world.capture(world.dana))
    browser.post(browser.get(here), here, signed_on="2026-11-25")
    assert flagged(world, world.dana, entry)


def test_with_whom_none_is_needed_nothing_is_flagged(world: World, gwen: Person) -> None:
    register(world, gwen)
    entry = world.capture(world.dana, **told("family-member"))
    assert flagged(world, world.dana, entry)
    browser, here = world.browser(gwen), "/directory/recipients/family-member"
    browser.post(browser.get(here), here, agreement_needed="no")
    assert not flagged(world, world.dana, entry)
    browser.post(browser.get(here), here, agreement_needed="yes")
    assert flagged(world, world.dana, entry)


def test_only_shares_are_flagged(world: World, gwen: Person) -> None:
    register(world, gwen)
    refused = world.capture(world.dana, act="refused", **told("school"))
    mistake = world.capture(world.dana, **told("school"))
    world.add(world.dana, mistake, "mistake")
    assert not flagged(world, world.dana, refused)
    assert not flagged(world, world.dana, mistake)


def test_a_further_share_that_was_added_at_the_desk_is_flagged_too(
    world: World, gwen: Person
) -> None:
    register(world, gwen)
    entry = world.capture(world.dana)
    assert not flagged(world, world.dana, entry)
    further = {"whom": "School", "when": "At noon.", "code": "school"}
    content = Later(what="further", person=world.dana.id, answers=further)
    world.rooms.rooms[Journal].append(LATER, entry, content)
    assert world.rooms.rooms[Agreements].without(entry) == ["school"]
    # A later word from the phone takes nothing of it back.
    world.add(world.dana, entry, "more", "And more.")
    assert flagged(world, world.dana, entry)


def test_bodies_told_again_and_again_without_one_surface_by_themselves(
    world: World, gwen: Person, priya: Person
) -> None:
    world.capture(world.dana, **told("gp"))
    for number in range(6):
        world.capture(world.dana, **told("school", "camhs") if number < 2 else told("school"))
    risk = {"name": "A", "works_with_children": True}
    for _ in range(2):
        world.capture(world.dana, risk=risk, **told("housing"))
    rows = table(world.browser(gwen).get("/agreements"))
    assert rows == [("School", "6"), ("CAMHS", "fewer than 5")]
    assert table(world.browser(priya).get("/agreements")) == rows
    register(world, gwen, parties=["school"])
    assert table(world.browser(gwen).get("/agreements")) == [("CAMHS", "fewer than 5")]
    world.later(400 * DAY)
    assert table(world.browser(gwen).get("/agreements")) == []


def table(page: Page) -> list[tuple[str, str]]:
    names = [one.text.strip() for one in page.all("th", scope="row")]
    counts = page.all("td", class_="govuk-table__cell--numeric")
    return list(zip(names, [one.text.strip() for one in counts], strict=True))


def test_what_is_due_is_counted_in_the_navigation_and_stands_first(
    world: World, gwen: Person, priya: Person
) -> None:
    register(world, gwen, title="Zoo", parties=["school"])
    register(world, gwen, title="Mash", review_on="2026-11-24")
    page = register(world, gwen, title="Alas", ends_on="2026-11-01", parties=["gp"])
    assert "Agreements (2)" in page.text
    titles = [one.text.strip() for one in page.all("strong", class_=None) if one.text]
    assert [one for one in titles if one in {"Zoo", "Mash", "Alas"}] == ["Alas", "Mash", "Zoo"]
    assert "Agreements (2)" not in world.browser(priya).get("/agreements").text
    mash = next(o for o in world.rooms.rooms[Agreements].everything() if o.title == "Mash")
    browser, here = world.browser(gwen), f"/agreements/{mash.id}"
    page = browser.post(browser.get(here), f"{here}/reviewed", 422, next_review="2026-11-24")
    assert "still to come" in page.text
    page = browser.post(browser.get(here), f"{here}/reviewed", next_review="2027-11-24")
    assert "Agreements (1)" in page.text


def test_who_advises_reads_the_register_and_only_governance_writes_it(
    world: World, gwen: Person, priya: Person
) -> None:
    register(world, gwen)
    (one,) = world.rooms.rooms[Agreements].everything()
    assert "Children at risk" in world.browser(priya).get(f"/agreements/{one.id}").text
    for person, reads, writes in (
        (gwen, 200, 200), (priya, 200, 403), (world.alex, 403, 403), (world.sam, 403, 403),
    ):  # fmt: skip
        client = world.browser(person).client
        assert client.get("/agreements").status_code == reads
        assert client.get(ADD).status_code == writes
    browser = world.browser(priya)
    token = browser.get("/agreements").all("input", name="csrf_token")[0].attributes["value"]
    answer = browser.client.post(f"/agreements/{one.id}/end", data={"csrf_token": token})
    assert answer.status_code == 403


def test_two_who_change_the_same_agreement_do_not_overwrite_each_other(
    world: World, gwen: Person
) -> None:
    register(world, gwen)
    (one,) = world.rooms.rooms[Agreements].everything()
    here, browser = f"/agreements/{one.id}", world.browser(gwen)
    opened = browser.get(here)
    browser.post(browser.get(here), here, title="Other")
    page = browser.post(opened, here, 409, title="Third")
    assert "Someone else changed this agreement" in page.text
    assert page.form_values(here)["title"] == "Third"
    assert world.rooms.rooms[Agreements].find(one.id)[0].title == "Other"


def test_the_flag_is_the_rule_whatever_came_first_and_after_making_the_index_anew(
    world: World, gwen: Person
) -> None:
    chance = random.Random(7)
    agreements, codes = world.rooms.rooms[Agreements], ["gp", "school", "camhs"]
    shares: dict[UUID, tuple[list[str], date]] = {}
    for _ in range(40):
        if chance.random() < 0.5:
            chosen = chance.sample(codes, chance.randint(1, 2))
            at = START + chance.randint(-40, 40) * DAY
            world.now = START + 50 * DAY
            when = {"at": at, "utc_offset": 0, "about": False}
            entry = world.capture(world.dana, when=when, **told(*chosen))
            shares[entry] = (chosen, datetime.fromtimestamp(at / 1000, UTC).date())
        else:
            first = date(2026, 11, 24).toordinal() + chance.randint(-40, 30)
            ends = date.fromordinal(first + chance.randint(0, 30)).isoformat()
            known = agreements.everything()
            again = bool(known) and chance.random() < 0.4
            which = chance.choice(known).id if again else agreements.new_id()
            one = Agreement(
                id=which, title="A", scope="B", parties=chance.sample(codes, chance.randint(1, 2)),
                signed_on=date.fromordinal(first).isoformat(), ends_on=ends,
            )  # fmt: skip
            agreements.keep("changed" if again else "added", one, gwen.id)
    everything = agreements.everything()

    def right() -> None:
        for entry, (chosen, on) in shares.items():
            wanted = sorted(
                code
                for code in chosen
                if not any(one.covers(on) and code in one.parties for one in everything)
            )
            assert agreements.without(entry) == wanted
            flags = "SELECT count(*) FROM agreement_flags WHERE entry = ?"
            (count,) = world.rooms.index.read().conn.execute(flags, (entry.bytes,)).fetchone()
            assert count == bool(wanted)

    right()
    world.rooms.rebuild()
    right()
