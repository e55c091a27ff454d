"""A practitioner documents a share, page by page, without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from logger.entries.sections import SECTIONS
from logger.law.editions import Editions
from sync.event import DOCUMENTATION
from tests.desk_world import (
    ALL_ANSWERS,
    BASIS,
    CONSENT,
    DAY,
    HOUR,
    MINUTE,
    OBJECTIVE,
    OUTCOME,
    World,
)  # fmt: skip

LATER_LAW = """
name = "2027-01"
[[rows]]
code = "6-1-z"
part = "basis"
name = "Another basis"
text = "A basis of another day."
valid_from = 2018-05-25
source = "An Act of another day"
checked = true
"""
WORDS = 'Ddoe 🙂 <script>alert(1)</script> {{ 7*7 }} 100%(x)s & "it\'s"\n' + "ŵ" * 500


def test_nothing_to_complete_says_so(world: World) -> None:
    page = world.browser(world.dana).get("/")
    assert page.title == "To complete"
    assert "Nothing is waiting for you." in page.text


def test_a_logged_share_waits_with_its_clock_and_without_its_words(world: World) -> None:
    world.capture(world.dana, shared="He is back in the home.")
    world.later(21 * HOUR)
    page = world.browser(world.dana).get("/to-complete")
    assert "Police (999), 24 November, 10:00 Due in 3 hours" in page.text
    assert "To complete (1)" in page.text
    assert "He is back" not in page.text
    assert "Robin" not in page.text


def test_the_clock_turns_amber_and_then_red_in_words(world: World) -> None:
    world.capture(world.dana)
    world.later(DAY + 5 * HOUR)
    page = world.browser(world.dana).get("/to-complete")
    assert "5 hours overdue" in page.all("strong", class_="govuk-tag--yellow")[0].text
    world.later(2 * DAY)
    page = world.browser(world.dana).get("/to-complete")
    assert "2 days overdue" in page.all("strong", class_="govuk-tag--red")[0].text


def test_what_the_phone_captured_is_shown_as_it_was_typed(world: World) -> None:
    entry = world.capture(
        world.dana,
        shared=WORDS,
        children=[{"name": WORDS[:300], "unknown": False}, {"name": "", "unknown": True}],
        recipients=[{"code": None, "label": "<b>Nurse</b>", "person": "", "reference": "R/1"}],
    )
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert page.all("blockquote")[0].text == WORDS
    assert WORDS[:300] in page.by_id("captured").text
    assert "<b>Nurse</b>" in page.text
    assert "Name not known" in page.text


def test_an_entry_sent_unfinished_says_what_was_not_said(world: World) -> None:
    entry = world.capture(world.dana, shared="", children=[], recipients=[], unfinished=True)
    assert "Not said" in world.browser(world.dana).get("/to-complete").text
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert page.all("blockquote")[0].text == "Not said"
    assert "Sent unfinished, as it stood on the phone" in page.text
    assert page.text.count("Not said") == 3


def test_a_finished_entry_that_names_nobody_is_set_aside(world: World) -> None:
    world.capture(world.dana, recipients=[])
    world.capture(world.dana, children=[])
    world.rooms.follow()
    assert [row.why for row in world.rooms.register.set_aside()] == ["not-our-schema"] * 2


def test_a_share_is_documented_checked_and_submitted(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.documented(world.dana, entry)
    page = browser.get(f"/entries/{entry}/check")
    for answers in ALL_ANSWERS.values():
        for answer in answers.values():
            if isinstance(answer, str) and " " in answer:
                assert answer in page.text
    page = browser.post(page, f"/entries/{entry}/check", made_by_me="yes")
    assert page.title == "Submitted"
    assert "A reviewer reads it: Ruth Ellis, Sam Okafor" in page.text
    assert "Due in 7 days" in page.text
    assert "Nothing is waiting for you." in browser.get("/to-complete").text
    page = browser.get("/submitted")
    assert "With a reviewer" in page.text
    page = browser.get(f"/entries/{entry}")
    assert "Waiting for review" in page.text
    assert not page.all("textarea")


def test_submitting_needs_every_required_section(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/objective"
    browser.post(browser.get(path), path, **OBJECTIVE)
    page = browser.get(f"/entries/{entry}/check")
    assert "Before you can submit" in page.text
    assert not page.all("form", action=f"/entries/{entry}/check")
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    form = {"csrf_token": token, "made_by_me": "yes"}
    answer = browser.client.post(f"/entries/{entry}/check", data=form)
    assert answer.status_code == 303
    assert "Before you can submit" in browser.get(f"/entries/{entry}/check").text


def test_submitting_needs_i_made_this_share(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.documented(world.dana, entry), f"/entries/{entry}/check"
    page = browser.post(browser.get(path), path, status=422)
    assert "Confirm that you made this share." in page.text


def test_a_missing_answer_is_named_and_nothing_typed_is_lost(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/objective"
    page = browser.post(browser.get(path), path, status=422, objective=WORDS, necessity="")
    assert page.by_id("objective").text == WORDS
    summary = page.all("div", class_="govuk-error-summary")[0]
    assert "Say why it was necessary to share." in summary.text
    assert page.by_id("necessity-error")
    assert "To do" in browser.get(f"/entries/{entry}").text


def test_too_many_words_are_refused_and_kept_in_the_form(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    page = browser.post(browser.get(path), path, status=422, outcome="x" * 4001)
    assert "Shorten this to 4,000 characters or fewer." in page.text
    assert page.by_id("outcome").text == "x" * 4001


def test_the_most_that_a_form_takes_fits_into_an_event(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/objective"
    most = "🙂" * 4000
    much = {**dict.fromkeys(OBJECTIVE, most), "fact_or_opinion": most}
    page = browser.post(browser.get(path), path, **much)
    assert page.title == "Entry"
    assert most in browser.get(f"/entries/{entry}/check").text


def test_answers_of_a_question_that_was_not_asked_are_refused(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/basis"
    # Legitimate interests is not for a council.
    page = browser.post(browser.get(path), path, status=422, basis="6-1-f")
    assert "Choose one of the answers on this page." in page.text


def test_the_safeguarding_condition_needs_one_of_its_three_reasons(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/basis"
    form = {**BASIS, "reason": ""}
    page = browser.post(browser.get(path), path, status=422, **form)
    assert "Choose the reason why there was no consent." in page.text
    assert len(page.all("input", name="reason")) == 3


def test_paragraph_18_needs_its_reason_for_criminal_offence_data_too(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/basis"
    form = {"basis": "6-1-e", "condition": "", "offence": "10-18-36", "reason": ""}
    page = browser.post(browser.get(path), path, status=422, **form)
    assert "Choose the reason why there was no consent." in page.text
    browser.post(page, path, **{**form, "reason": "18-would-prejudice"})
    assert browser.get(path).form_values(path)["reason"] == "18-would-prejudice"
    # Where neither rests on that paragraph, nothing is asked and no reason is kept.
    browser.post(browser.get(path), path, **{**form, "offence": "10-30"})
    assert "reason" not in browser.get(path).form_values(path)


def test_the_law_is_frozen_into_the_entry(world: World) -> None:
    entry = world.submitted(world.dana)
    editions = world.rooms.rooms[Editions]
    assert isinstance(editions, Editions)
    editions.adopt(world.alex.id, LATER_LAW)
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert "Public task · UK GDPR Article 6(1)(e)" in page.text
    assert "Data Protection Act 2018 Schedule 1 paragraph 18(2)(c)" in page.text


def test_the_picker_offers_the_law_of_the_day_of_the_share(tmp_path: Path) -> None:
    world = World(tmp_path, kind="voluntary")
    before = {"at": 1_770_249_540_000, "utc_offset": 0, "about": False}  # 4 Feb 2026, 23:59
    after = {"at": 1_770_249_600_000, "utc_offset": 0, "about": False}  # 5 Feb 2026, 00:00
    browser = world.browser(world.dana)
    page = browser.get(f"/entries/{world.capture(world.dana, when=before)}/basis")
    assert "Recognised legitimate interest" not in page.text
    page = browser.get(f"/entries/{world.capture(world.dana, when=after)}/basis")
    assert "Recognised legitimate interest: safeguarding" in page.text
    assert (
        "Civil Contingencies Act" in page.all("strong", class_="govuk-warning-text__text")[0].text
    )
    assert not page.all("input", value="6-1-ea-emergency")


def test_a_nation_without_listed_powers_says_so(tmp_path: Path) -> None:
    world = World(tmp_path, nation="scotland")
    page = world.browser(world.dana).get(f"/entries/{world.capture(world.dana)}/basis")
    assert "No powers or duties are listed for your nation yet." in page.text


def test_another_persons_entry_is_not_there(world: World) -> None:
    entry = world.capture(world.dana)
    for person in (world.nia, world.owen):
        browser = world.browser(person)
        for path in ("", "/objective", "/check"):
            page = browser.get(f"/entries/{entry}{path}", status=404)
            assert "There is nothing at this address." in page.text


def test_a_supervisor_does_not_document_for_another(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.browser(world.sam)
    page = browser.get(f"/entries/{entry}")
    assert page.title == "Not documented"
    browser.get(f"/entries/{entry}/objective", status=403)


def test_an_administrator_has_no_way_to_an_entry(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.browser(world.alex)
    assert browser.get("/").title == "People"
    for path in (f"/entries/{entry}", "/to-complete", "/to-review", f"/review/{entry}"):
        browser.get(path, status=403)


def test_an_address_that_is_no_section_is_not_there(world: World) -> None:
    entry = world.capture(world.dana)
    world.browser(world.dana).get(f"/entries/{entry}/nonsense", status=404)


def test_a_phones_fast_clock_is_said_in_words(world: World) -> None:
    ahead = {"at": world.now + 7 * 60_000, "utc_offset": 0, "about": False}
    clock = {**ahead, "monotonic": 1, "last_server": None}
    del clock["about"]
    entry = world.capture(world.dana, when=ahead, clock=clock)
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert "24 November, 10:07, phone clock at least 7 minutes fast, received 10:00" in page.text


def test_a_clock_that_was_compared_is_said_of_an_entry_that_waited(world: World) -> None:
    waited, now = 7 * HOUR, world.now
    clock = {"at": now - waited, "utc_offset": 0, "monotonic": 1, "last_server": now - DAY}
    clock |= {"ahead": 7 * MINUTE, "within": 90}
    entry = world.submitted(world.dana, clock=clock)
    page = world.browser(world.sam).get(f"/review/{entry}")
    fast = "phone clock 7 minutes fast when last compared, 23 November, 10:00"
    assert f"24 November, 03:00, {fast}, received 10:00" in page.text


def test_every_decrypted_page_leaves_a_look_first(world: World) -> None:
    entry = world.submitted(world.dana)
    before = world.rooms.store.head().position
    browser = world.browser(world.sam)
    browser.get("/to-review")
    assert world.rooms.store.head().position == before, "a list opens nothing"
    browser.get(f"/review/{entry}")
    assert world.rooms.store.head().position == before + 1


def test_saving_the_same_section_again_keeps_both_in_the_history(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.documented(world.dana, entry)
    path = f"/entries/{entry}/outcome"
    browser.post(browser.get(path), path, outcome="He was arrested.")
    rows = [row for row in world.rooms.store.of_entry(entry) if row.header.kind == DOCUMENTATION]
    assert len(rows) == 5
    assert "He was arrested." in browser.get(f"/entries/{entry}/check").text


def test_an_entry_that_was_submitted_meanwhile_takes_no_more_answers(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.documented(world.dana, entry)
    path, check = f"/entries/{entry}/consent", f"/entries/{entry}/check"
    late = browser.get(path)
    browser.post(browser.get(check), check, made_by_me="yes")
    page = browser.post(late, path, status=409, **{**CONSENT, "views": "She wants to stay."})
    assert "was submitted in the meantime" in page.text
    assert page.by_id("views").text == "She wants to stay."


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_section_opens_empty(world: World, section: str) -> None:
    entry = world.capture(world.dana)
    page = world.browser(world.dana).get(f"/entries/{entry}/{section}")
    assert page.all("button")[1].text.strip() == "Save and continue"


def test_what_is_typed_stands_in_no_file_in_clear(world: World, tmp_path: Path) -> None:
    entry = world.capture(world.dana, shared="CANARY-captured")
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    page = browser.get(path)
    browser.autosave(page, path, outcome="CANARY-drafted")
    browser.post(page, path, **OUTCOME, follow_up="CANARY-saved")
    for file in tmp_path.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert b"CANARY" not in raw, file
            assert "CANARY".encode("utf-16-le") not in raw, file
