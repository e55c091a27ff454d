"""A practitioner adds to an entry after the moment, also after it was submitted; no JavaScript."""

from __future__ import annotations

from uuid import UUID

from logger.entries.lists import EntryList
from tests.desk_world import Browser, World
from tests.page_inspector import Page

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} %(x)s \"'& ŵ"
SOCIAL_CARE = "Children's social care (MASH)"


def add(browser: Browser, entry: UUID, what: str, status: int = 200, **answers: object) -> Page:
    path = f"/entries/{entry}/later/{what}"
    return browser.post(browser.get(path), path, status, **answers)


def test_what_came_of_it_is_added_after_the_sign_off_and_changes_nothing(world: World) -> None:
    entry = world.submitted(world.dana)
    world.decide(world.sam, entry, "signed-off")
    browser = world.browser(world.dana)
    page = add(browser, entry, "outcome", outcome=HOSTILE)
    assert "Added. It stands beside the entry" in page.text
    assert HOSTILE in page.by_id("later").text
    assert "Done" in page.text
    read = world.browser(world.sam).get(f"/review/{entry}")
    assert HOSTILE in read.by_id("later").text
    assert "Outcome added" in read.text


def test_a_missing_answer_is_named_and_nothing_typed_is_lost(world: World) -> None:
    entry = world.submitted(world.dana)
    browser = world.browser(world.dana)
    page = add(browser, entry, "further", 422, person=HOSTILE, different="Only the address.")
    assert "Say who you told." in page.all("div", class_="govuk-error-summary")[0].text
    assert page.by_id("person").attributes["value"] == HOSTILE
    assert page.by_id("different").text == "Only the address."


def test_a_correction_names_who_has_still_to_be_told_until_everyone_was(world: World) -> None:
    entry = world.submitted(world.dana)
    browser = world.browser(world.dana)
    add(browser, entry, "further", whom=SOCIAL_CARE, when="Today, 11:00", how="By phone")
    page = add(browser, entry, "correction", wrong="The house number.", right="It is 12.")
    assert "Corrected, 2 still to be told" in browser.get("/submitted").text
    assert "Corrected, 2 still to be told" in world.browser(world.sam).get("/to-review").text
    later = page.by_id("later").text
    assert "Police (999)" in later.split("Still to be told")[1]
    assert SOCIAL_CARE in later.split("Still to be told")[1]
    told = page.all("a", class_="govuk-link")
    (path,) = [one.attributes["href"] for one in told if "later/told" in one.attributes["href"]]
    action = f"/entries/{entry}/later/told"
    page = browser.post(browser.get(path), action, 422)
    assert "Choose who has been told." in page.text
    page = browser.post(browser.get(path), action, told="+police-999", told_how="Rang 101")
    left = page.by_id("later").text.split("Still to be told")[1].split("Someone was told")[0]
    assert SOCIAL_CARE in left
    assert "Police" not in left
    page = browser.post(browser.get(path), action, told="+childrens-social-care")
    assert "Still to be told" not in page.text
    listed = browser.get("/submitted").text
    assert "Corrected" in listed
    assert "still to be told" not in listed
    assert browser.client.get(path).status_code == 404, "nobody is left to be told"


def test_whoever_is_told_after_a_correction_needs_no_telling(world: World) -> None:
    entry = world.submitted(world.dana)
    browser = world.browser(world.dana)
    page = add(browser, entry, "correction", wrong="A", right="B", told="+police-999")
    assert "Still to be told" not in page.text
    page = add(browser, entry, "further", whom="A GP", when="Later")
    assert "Still to be told" not in page.text


def test_a_reviewer_who_had_not_seen_a_correction_does_not_sign_off_over_it(world: World) -> None:
    entry = world.submitted(world.dana)
    reviewer, path = world.browser(world.sam), f"/review/{entry}/decision"
    page = reviewer.get(f"/review/{entry}")
    add(world.browser(world.dana), entry, "correction", wrong="The name.", right="Not known")
    page = reviewer.post(page, path, 409, outcome="signed-off")
    assert "Something was corrected" in page.by_id("moved").text


def test_a_further_share_counts_where_a_chronology_says_who_was_told(world: World) -> None:
    entry = world.submitted(world.dana)
    browser = world.browser(world.dana)
    add(browser, entry, "further", whom=SOCIAL_CARE.upper(), when="Today")
    add(browser, entry, "further", whom="A neighbour", when="Today")
    entries = world.rooms.rooms[EntryList]
    assert isinstance(entries, EntryList)
    line = entries.find(entry)
    assert line is not None
    assert line.recipients == ("police-999",)
    assert set(line.everyone_told) == {"police-999", "childrens-social-care", "someone-else"}
    assert "neighbour" not in world.dump_index()


def test_a_correction_is_said_beside_the_capture_and_goes_along_with_its_words(
    world: World,
) -> None:
    entry = world.submitted(world.dana, shared="He lives at 21.")
    browser = world.browser(world.dana)
    page = add(browser, entry, "correction", wrong="The house number.", right="It is 12.")
    assert "Something in this was corrected later." in browser.get(f"/entries/{entry}").text
    assert "Something in this was corrected later." in page.by_id("captured").text
    text = browser.get(f"/entries/{entry}/paragraph").by_id("paragraph").text
    assert "Something was corrected: Wrong was: The house number.; Right is: It is 12." in text
    assert "Still to be told: Police (999)" in text


def test_nothing_is_added_to_somebody_elses_entry_nor_to_what_was_no_share(world: World) -> None:
    entry = world.submitted(world.dana)
    world.browser(world.sam).get(f"/entries/{entry}/later/outcome", status=403)
    world.browser(world.nia).get(f"/entries/{entry}/later/outcome", status=404)
    call = world.capture(world.dana, act="not-told", attempt="no-answer", shared="")
    browser = world.browser(world.dana)
    page = browser.get(f"/entries/{call}/later/outcome", status=409)
    assert "Nothing can be added to this entry" in page.text
    decided = world.capture(world.dana, act="not-shared", recipients=[])
    browser.get(f"/entries/{decided}/later/outcome")
    browser.get(f"/entries/{decided}/later/further", status=404)


def test_an_entry_is_one_paragraph_of_plain_text_and_its_look_is_kept(world: World) -> None:
    entry = world.submitted(world.dana, shared="First line.\n\tSecond " + HOSTILE)
    before = world.rooms.store.head().position
    page = world.browser(world.dana).get(f"/entries/{entry}/paragraph")
    assert world.rooms.store.head().position == before + 1
    text = page.by_id("paragraph").text
    assert "\n" not in text
    assert text.startswith("24 November, 10:00: Dana Price told Police (999). How: ")
    assert f"Shared: First line. Second {HOSTILE}." in text
    assert "Objective: Get an officer to the address tonight. Necessary because:" in text
    assert "Lawful basis: Public task" in text
    assert text.endswith(f"Sharelog entry: {entry}.")


def test_the_paragraph_is_for_the_case_system_that_is_in_use(tmp_path: object) -> None:
    world = World(tmp_path, case_system="Liquidlogic")  # type: ignore[arg-type]
    entry = world.submitted(world.dana, danger=True)
    page = world.browser(world.dana).get(f"/entries/{entry}/paragraph")
    assert "For Liquidlogic" in page.text
    assert "Check who can read the case system." in page.text


def test_no_paragraph_goes_out_without_what_the_phone_corrected_or_took_back(world: World) -> None:
    someone = {"code": "police-999", "label": "", "person": "PC 4410", "reference": "881"}
    entry = world.capture(world.dana, recipients=[someone], shared="He lives at number 21.")
    world.add(world.dana, entry, "fix", "It is number 12.")
    world.add(world.nia, entry, "more", "A brother too.")
    world.add(world.dana, entry, "mistake")
    page = world.browser(world.dana).get(f"/entries/{entry}/paragraph")
    text = page.by_id("paragraph").text
    assert "Their name: PC 4410. Their reference: 881." in text
    assert "Corrected from the phone: It is number 12." in text
    assert "Added from the phone: A brother too. (not the phone that captured it)." in text
    assert "Logged by mistake: Yes." in text
    assert text.index("number 21") < text.index("number 12")
