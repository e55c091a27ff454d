"""What is being added is kept while it is typed; two windows overwrite and double nothing."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.desk_world import HOUR, Browser, World

FIELD = {"further": "person", "correction": "wrong", "receipt": "reference", "outcome": "outcome"}


def path_of(entry: UUID, what: str) -> str:
    return f"/entries/{entry}/later/{what}"


@pytest.mark.parametrize(("what", "field"), FIELD.items())
def test_what_is_typed_waits_on_any_machine_and_is_nobody_elses(
    world: World, what: str, field: str
) -> None:
    entry = world.submitted(world.dana)
    here, path = world.browser(world.dana), path_of(entry, what)
    looks = world.rooms.store.head()
    status = here.autosave(here.get(path), path, **{field: "Half of it"})
    assert "Draft saved 10:00" in status.text
    assert world.rooms.store.head().position == looks.position + 1, "only the page was a look"
    world.later(HOUR)
    there = world.browser(world.dana)
    page = there.get(path)
    found = page.by_id(field)
    assert "Half of it" in (found.text, found.attributes.get("value"))
    assert "This is your draft from 24 November, 10:00." in page.text
    assert "Draft" in there.get(f"/entries/{entry}").by_id("add-later").text
    assert "Half of it" not in world.browser(world.sam).get(f"/review/{entry}").text


def test_a_draft_is_gone_once_it_was_added(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.dana), path_of(entry, "outcome")
    page = browser.get(path)
    browser.autosave(page, path, outcome="He was arr")
    added = browser.post(page, path, outcome="He was arrested.")
    assert "Draft" not in added.by_id("add-later").text
    assert not browser.get(path).has_id("restored")
    assert browser.get(path).by_id("outcome").text == ""


def test_a_draft_is_kept_by_hand_and_binned_where_there_is_no_javascript(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.dana), path_of(entry, "correction")
    one, two = browser.get(path), browser.get(path)
    kept = browser.post(one, path, to=f"{path}/draft", wrong="The house")
    assert "Draft saved. It waits here" in kept.text
    assert "also open in another window" in browser.autosave(two, path, wrong="The street").text
    page = browser.get(path)
    assert page.by_id("wrong").text == "The street"
    assert "The house" in page.by_id("version-1").text
    page = browser.post(page, f"{path}/bin")
    assert not page.has_id("version-1")


def test_who_has_been_told_of_one_correction_is_drafted_apart_from_another(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, told = world.browser(world.dana), path_of(entry, "told")
    first, second = _corrected(browser, entry, "A"), _corrected(browser, entry, "B")
    browser.autosave(browser.get(first), told, told="+police-999", told_how="Rang 101")
    assert browser.get(first).by_id("told_how").attributes["value"] == "Rang 101"
    assert browser.get(second).by_id("told_how").attributes.get("value", "") == ""
    browser.post(browser.get(first), told, told="+police-999")
    page = browser.get(second)
    assert not page.has_id("restored")


def _corrected(browser: Browser, entry: UUID, wrong: str) -> str:
    """Correct something; where it is said who was told of it."""
    path = path_of(entry, "correction")
    page = browser.post(browser.get(path), path, wrong=wrong, right="Not known")
    links = [one.attributes["href"] for one in page.all("a", class_="govuk-link")]
    return [one for one in links if "later/told" in one][-1]


def test_a_second_window_is_shown_what_the_first_added_and_says_it_once_more_or_not(
    world: World,
) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.dana), path_of(entry, "outcome")
    one, two = browser.get(path), browser.get(path)
    browser.post(one, path, outcome="He was arrested.")
    head = world.rooms.store.head().position
    page = browser.post(two, path, 409, outcome="He was charged.")
    assert "He was arrested." in page.by_id("conflict").text
    assert page.by_id("outcome").text == "He was charged."
    assert world.rooms.store.head().position == head + 2, "two looks, and nothing was added"
    assert browser.get(path).by_id("outcome").text == "He was charged.", "kept as a draft too"
    page = browser.post(page, path, outcome="He was charged.")
    assert "He was charged." in page.by_id("later").text
    assert "He was arrested." in page.by_id("later").text


def test_a_draft_older_than_what_was_added_since_is_shown_beside_it(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.dana), path_of(entry, "further")
    old, new = browser.get(path), browser.get(path)
    browser.autosave(old, path, whom="A GP")
    browser.post(new, path, whom="A GP practice", when="Today")
    page = browser.get(path)
    assert page.by_id("whom").attributes["value"] == "A GP"
    assert "A GP practice" in page.by_id("conflict").text


def test_nobody_drafts_on_somebody_elses_entry(world: World) -> None:
    entry = world.submitted(world.dana)
    path = path_of(entry, "outcome")
    for person, status in ((world.nia, 404), (world.sam, 403)):
        browser = world.browser(person)
        token = browser.get("/phones").all("input", name="csrf_token")[0].attributes["value"]
        form = {"csrf_token": token, "outcome": "Not mine"}
        for view in ("draft", "bin"):
            assert browser.client.post(f"{path}/{view}", data=form).status_code == status
    assert not world.browser(world.dana).get(path).has_id("restored")
