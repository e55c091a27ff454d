"""Drafts follow their author; two windows never overwrite each other."""

from __future__ import annotations

from uuid import UUID

from logger.review.openings import Openings, StandingIn
from tests.desk_world import DAY, HOUR, OBJECTIVE, OUTCOME, World


def test_a_draft_waits_on_any_machine(world: World) -> None:
    entry = world.capture(world.dana)
    path = f"/entries/{entry}/objective"
    here = world.browser(world.dana)
    status = here.autosave(here.get(path), path, objective="Get an offi")
    assert status.by_id("draft-status").attributes["role"] == "status"
    assert "Draft saved 10:00" in status.text
    world.later(HOUR)
    there = world.browser(world.dana)
    page = there.get(path)
    assert page.by_id("objective").text == "Get an offi"
    assert "This is your draft from 24 November, 10:00." in page.text
    assert "you left out Draft" in there.get(f"/entries/{entry}").text


def test_a_draft_can_be_saved_by_hand_where_there_is_no_javascript(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/objective"
    page = browser.post(browser.get(path), path, to=f"{path}/draft", objective="Half a th")
    assert "Draft saved. It waits here until you come back to it." in page.text
    assert browser.get(path).by_id("objective").text == "Half a th"


def test_saving_clears_the_draft(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/objective"
    page = browser.get(path)
    browser.autosave(page, path, objective="Get an offi")
    browser.post(page, path, **OBJECTIVE)
    assert "you left out Completed" in browser.get(f"/entries/{entry}").text
    assert browser.get(path).by_id("objective").text == OBJECTIVE["objective"]
    assert not browser.get(path).has_id("restored")


def test_a_draft_is_named_before_the_entry_is_handed_in_without_it(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.documented(world.dana, entry), f"/entries/{entry}/outcome"
    check = f"/entries/{entry}/check"
    assert not browser.get(check).has_id("unsaved")
    browser.autosave(browser.get(path), path, outcome="He was arrested at 22:10.")
    page = browser.get(check)
    assert "He was arrested" not in page.text
    assert "Not saved to the entry yet" in page.by_id("unsaved").text
    # Once there, and once where it can be changed.
    assert [one.attributes["href"] for one in page.all("a")].count(path) == 2
    browser.post(browser.get(path), path)
    assert "He was arrested" in browser.get(check).text
    assert not browser.get(check).has_id("unsaved")


def opened(world: World, entry: UUID) -> None:
    """Two people open an entry that was never submitted, for the first of them."""
    found, openings = world.rooms.rooms[StandingIn], world.rooms.rooms[Openings]
    found.ask(world.sam, entry, "Off sick")
    asked = openings.latest(entry)
    assert asked
    found.answer(world.ruth, entry, asked.ask, approve=True)


def test_nobody_else_sees_a_draft(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    browser.autosave(browser.get(path), path, outcome="Only mine")
    assert "Only mine" not in world.browser(world.sam).get(f"/review/{entry}").text
    opened(world, entry)
    assert "Captured in the moment" in world.browser(world.sam).get(f"/review/{entry}").text
    assert "Only mine" not in world.browser(world.sam).get(f"/review/{entry}").text


def test_a_draft_is_kept_for_five_weeks(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    browser.autosave(browser.get(path), path, outcome="Later")
    world.later(34 * DAY)
    assert world.browser(world.dana).get(path).by_id("outcome").text == "Later"
    world.later(2 * DAY)
    assert world.browser(world.dana).get(path).by_id("outcome").text == ""


def test_two_open_windows_keep_a_version_each(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    one, two = browser.get(path), browser.get(path)
    first = browser.autosave(one, path, outcome="From the first")
    assert "another window" not in first.text
    second = browser.autosave(two, path, outcome="From the second")
    assert "also open in another window" in second.text
    page = browser.get(path)
    assert page.by_id("outcome").text == "From the second"
    assert "From the first" in page.by_id("version-1").text


def test_the_other_version_can_be_taken_up_or_binned(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    one, two = browser.get(path), browser.get(path)
    browser.autosave(one, path, outcome="From the first")
    browser.autosave(two, path, outcome="From the second")
    page = browser.get(path)
    link = next(one for one in page.all("a") if "Go on with this one" in one.text)
    other = browser.get(link.attributes["href"])
    assert other.by_id("outcome").text == "From the first"
    assert "From the second" in other.by_id("version-1").text
    page = browser.post(page, f"{path}/bin")
    assert not page.has_id("version-1")
    assert page.by_id("outcome").text == "From the second"


def test_a_window_that_goes_on_from_a_draft_replaces_it(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    browser.autosave(browser.get(path), path, outcome="Half")
    browser.autosave(browser.get(path), path, outcome="Half and whole")
    page = browser.get(path)
    assert page.by_id("outcome").text == "Half and whole"
    assert not page.has_id("version-1")


def test_a_second_window_that_saves_later_sees_both_and_overwrites_nothing(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    one, two = browser.get(path), browser.get(path)
    browser.post(one, path, outcome="First to save")
    page = browser.post(two, path, status=409, outcome="Second to save")
    assert "First to save" in page.by_id("conflict").text
    assert page.by_id("outcome").text == "Second to save"
    assert browser.get(path).by_id("outcome").text == "Second to save", "kept as a draft too"
    page = browser.post(page, path, outcome="First and second")
    assert "Complete this entry" in page.text
    assert "First and second" in browser.get(f"/entries/{entry}/check").text


def test_a_draft_older_than_what_was_saved_is_shown_beside_it(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    old, new = browser.get(path), browser.get(path)
    browser.autosave(old, path, outcome="Old draft")
    browser.post(new, path, outcome="Saved since")
    page = browser.get(path)
    assert page.by_id("outcome").text == "Old draft"
    assert "Saved since" in page.by_id("conflict").text
    assert "Complete this entry" in browser.post(page, path, outcome="Both").text


def test_another_section_saved_meanwhile_is_no_conflict(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.browser(world.dana)
    outcome, objective = f"/entries/{entry}/outcome", f"/entries/{entry}/objective"
    one, two = browser.get(outcome), browser.get(objective)
    browser.post(one, outcome, **OUTCOME)
    assert "Complete this entry" in browser.post(two, objective, **OBJECTIVE).text


def test_a_draft_cannot_carry_a_script_into_the_page(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/basis"
    one, two = browser.get(path), browser.get(path)
    browser.autosave(one, path, basis="<script>alert(1)</script>%(x)s", policy="<b>%s</b>")
    browser.autosave(two, path, basis="6-1-e")
    page = browser.get(path)
    assert not [script for script in page.all("script") if not script.attributes.get("src")]
    assert "<b>%s</b>" in page.by_id("version-1").text
