"""A question goes from an entry to the data protection team and comes back, and no further."""

from __future__ import annotations

from uuid import UUID

import pytest

from logger.advice.happened import Advised
from logger.advice.index import Questions
from logger.journal.write import Journal
from logger.people.person import Person, Role
from logger.review.openings import StandingIn
from logger.trail.looks import Looks
from sync.event import ADVICE
from tests.desk_world import HOUR, OBJECTIVE, World
from tests.page_inspector import Page

GENERAL = "/advice/general"


def ask(world: World, entry: UUID, words: str = "May I name the aunt?", section: str = "") -> Page:
    browser, here = world.browser(world.dana), f"/entries/{entry}/ask"
    return browser.post(browser.get(f"{here}?section={section}"), here, words=words)


def only_thread(world: World) -> UUID:
    found = world.rooms.rooms[Questions]
    (line,) = [*found.waiting(), *found.answered()]
    return line.thread


def answer(world: World, person: Person, status: int = 200, **said: str) -> Page:
    browser, here = world.browser(person), f"/advice/questions/{only_thread(world)}"
    return browser.post(browser.get(here), here, status, **said)


def test_a_question_is_asked_answered_seen_and_quoted(world: World, priya: Person) -> None:
    entry = world.capture(world.dana)
    ask(world, entry, section="consent")
    officer = world.browser(priya)
    page = officer.get("/advice")
    assert "Advice (1)" in page.text
    assert "About: Consent and who was told, Dana Price" in page.text
    assert "Due in 24 hours" in page.text
    assert "aunt" not in page.text
    world.later(25 * HOUR)
    assert "1 hour overdue" in world.browser(priya).get("/advice").text
    page = answer(world, priya, words="Yes, where it protects the child.")
    assert "Advice (1)" not in page.text
    author = world.browser(world.dana)
    assert "Advice (1)" in author.get("/to-complete").text
    page = author.get(f"/entries/{entry}/ask")
    assert "Priya Nair answered" in page.text
    assert "Yes, where it protects" in page.text
    # Whoever has looked at the answer is reminded of it no more.
    assert "Advice (1)" not in author.get("/to-complete").text
    page = author.post(page, f"/entries/{entry}/ask/quote")
    values = page.form_values(f"/entries/{entry}/advice")
    assert values["advice"] == "yes"
    assert values["advice_from"] == "Priya Nair, data protection team, 25 November 2026"
    assert values["advice_what"] == "Yes, where it protects the child."


def test_a_quote_stands_beside_what_was_drafted_already(world: World, priya: Person) -> None:
    entry = world.capture(world.dana)
    here, author = f"/entries/{entry}/advice", world.browser(world.dana)
    author.autosave(author.get(here), here, advice_what="My manager said go.", agreement="none")
    ask(world, entry)
    answer(world, priya, words="Fine.")
    page = author.get(f"/entries/{entry}/ask")
    for _ in range(2):
        page = author.post(author.get(f"/entries/{entry}/ask"), f"/entries/{entry}/ask/quote")
        values = page.form_values(here)
        assert str(values["advice_what"]).replace("\r", "") == "My manager said go.\n\nFine."
        assert values["agreement"] == "none"


def test_who_advises_sees_the_entry_as_far_as_it_was_asked_about_after_a_look(
    world: World, priya: Person
) -> None:
    entry = world.capture(world.dana, shared="Bruises on both arms.")
    author, here = world.browser(world.dana), f"/entries/{entry}/objective"
    author.post(author.get(here), here, **OBJECTIVE)
    other = world.capture(world.dana)
    ask(world, entry, section="objective")
    text = world.browser(priya).get(f"/advice/questions/{only_thread(world)}").text
    assert "Bruises on both arms." in text
    assert OBJECTIVE["necessity"] in text
    looks = [(look.person, look.page) for look in world.rooms.rooms[Looks].of_entry(entry)]
    assert (priya.id, "advice") in looks
    for path in (f"/entries/{entry}", f"/review/{entry}", f"/entries/{other}"):
        assert world.browser(priya).client.get(path).status_code in {403, 404}, path


def test_of_another_section_who_advises_sees_nothing(world: World, priya: Person) -> None:
    entry = world.capture(world.dana)
    author, here = world.browser(world.dana), f"/entries/{entry}/objective"
    author.post(author.get(here), here, **OBJECTIVE)
    ask(world, entry, section="consent")
    text = world.browser(priya).get(f"/advice/questions/{only_thread(world)}").text
    assert OBJECTIVE["necessity"] not in text
    assert "This section has not been saved yet." in text


def test_of_an_entry_that_is_kept_apart_only_the_question_goes_out(
    world: World, priya: Person
) -> None:
    risk = {"name": "Mr Coach", "works_with_children": True}
    entry = world.capture(world.dana, risk=risk, shared="What he did.")
    assert "ask without names" in ask(world, entry).text
    text = world.browser(priya).get(f"/advice/questions/{only_thread(world)}").text
    assert "May I name the aunt?" in text
    assert "Coach" not in text
    assert "What he did" not in text


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PRACTITIONER, 403), (Role.SUPERVISOR, 403), (Role.ALTERNATE, 403),
        (Role.ALLEGATIONS_LEAD, 403), (Role.ADMINISTRATOR, 403), (Role.GOVERNANCE, 200),
        (Role.DATA_PROTECTION_OFFICER, 200),
    ],
)  # fmt: skip
def test_questions_are_for_the_data_protection_team(world: World, role: Role, status: int) -> None:
    entry = world.capture(world.dana)
    ask(world, entry)
    person = world.rooms.add_person("Someone", "someone@example.org", role, "North")
    client = world.browser(person).client
    assert client.get(f"/advice/questions/{only_thread(world)}").status_code == status
    # Nobody but the author asks about an entry, or reads what was said about it.
    assert client.get(f"/entries/{entry}/ask").status_code in {403, 404}


def test_another_person_cannot_write_into_a_thread(world: World) -> None:
    ask(world, world.capture(world.dana))
    thread = str(only_thread(world))
    theirs = world.capture(world.nia)
    browser, here = world.browser(world.nia), f"/entries/{theirs}/ask"
    browser.post(browser.get(here), here, 404, words="Mine?", thread=thread)
    browser.post(browser.get(here), here, 404, words="Mine?", thread="nonsense")
    assert len(world.rooms.rooms[Questions].waiting()) == 1


def test_more_can_be_asked_and_the_clock_runs_from_the_first_that_waits(
    world: World, priya: Person
) -> None:
    entry = world.capture(world.dana)
    ask(world, entry, section="basis")
    world.later(2 * HOUR)
    author, here = world.browser(world.dana), f"/entries/{entry}/ask"
    thread = str(only_thread(world))
    author.post(author.get(here), here, words="And the uncle?", thread=thread, section="basis")
    questions = world.rooms.rooms[Questions]
    (line,) = questions.waiting()
    assert line.since == line.asked_at
    answer(world, priya, words="Both.")
    world.later(HOUR)
    author = world.browser(world.dana)
    page = author.post(author.get(here), here, words="And the dog?", thread=thread)
    assert "And the uncle?" in page.text
    (line,) = questions.waiting()
    assert line.since == line.asked_at + 3 * HOUR


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"words": " "}, "Write something first."),
        ({"words": "x" * 4_001}, "Shorten this to 4,000"),
        ({"words": "Fine.", "general": "Always."}, "a title of up to 200"),
        ({"words": "Fine.", "title": "Aunts"}, "Write something first."),
    ],
)
def test_what_cannot_be_taken_is_said_and_stays_in_the_form_and_nothing_is_half_said(
    world: World, priya: Person, said: dict[str, str], why: str
) -> None:
    ask(world, world.capture(world.dana))
    page = answer(world, priya, 422, **said)
    assert why in page.text
    values = page.form_values(f"/advice/questions/{only_thread(world)}")
    assert str(values["words"]).strip() == said["words"].strip()
    assert len(world.rooms.rooms[Questions].waiting()) == 1
    assert world.rooms.rooms[Questions].general() == []


def test_general_advice_is_found_by_others_and_leads_back_to_nothing(
    world: World, priya: Person
) -> None:
    entry = world.capture(world.dana)
    ask(world, entry)
    answer(
        world, priya, words="Name the aunt.", title="Naming relatives",
        general="Name a relative only where it protects the child.",
    )  # fmt: skip
    page = world.browser(world.nia).get(f"{GENERAL}?q=RELATIVE+protects")
    assert "Naming relatives" in page.text
    assert "aunt" not in page.text
    assert str(entry) not in page.html
    assert str(only_thread(world)) not in page.html
    assert "Nothing fits" in world.browser(world.nia).get(f"{GENERAL}?q=uncle").text
    (line,) = world.rooms.rooms[Questions].general()
    (row,) = world.rooms.store.of_entry(line.id)
    assert row.header.entry not in {entry, only_thread(world)}
    assert world.browser(world.alex).client.get(GENERAL).status_code == 403
    officer = world.browser(priya)
    officer.post(officer.get(GENERAL), f"{GENERAL}/{line.id}/withdraw")
    assert "No general advice" in world.browser(world.nia).get(GENERAL).text


def test_general_advice_can_begin_with_no_question(world: World, gwen: Person) -> None:
    browser = world.browser(gwen)
    browser.post(browser.get(GENERAL), GENERAL, 422, title="", words="Anything.")
    page = browser.post(browser.get(GENERAL), GENERAL, title="Emails", words="Use the portal.")
    assert "Use the portal." in page.text
    token = world.browser(world.dana)
    page = token.get(GENERAL)
    assert not page.all("form", action=GENERAL, method="post")


def test_reading_general_advice_opens_no_entry_and_leaves_no_look(
    world: World, priya: Person
) -> None:
    browser = world.browser(priya)
    browser.post(browser.get(GENERAL), GENERAL, title="Emails", words="Use the portal.")
    head = world.rooms.store.head()
    world.browser(world.nia).get(GENERAL)
    assert world.rooms.store.head() == head


def test_the_index_holds_no_word_of_a_question_and_is_the_same_when_made_anew(
    world: World, priya: Person
) -> None:
    ask(world, world.capture(world.dana), "Zanzibar?")
    answer(world, priya, words="Timbuktu.", title="Ouagadougou", general="Antananarivo.")
    before = world.dump_index()
    for word in ("Zanzibar", "Timbuktu", "Ouagadougou", "Antananarivo"):
        assert word not in before
    questions = world.rooms.rooms[Questions]
    lines = questions.answered(), questions.general()
    world.rooms.rebuild()
    assert (questions.answered(), questions.general()) == lines


def test_an_answer_to_no_question_and_general_words_on_an_entry_are_shown_nowhere(
    world: World, priya: Person
) -> None:
    entry, journal = world.capture(world.dana), world.rooms.rooms[Journal]
    stray = Advised(what="answered", person=priya.id, words="Stray.", thread=journal.new_id())
    journal.append(ADVICE, entry, stray)
    assert "Stray." not in world.browser(world.dana).get(f"/entries/{entry}/ask").text
    general = Advised(what="general", person=priya.id, words="Odd.", title="Odd")
    journal.append(ADVICE, entry, general)
    assert "Odd." not in world.browser(world.dana).get(GENERAL).text


def test_an_author_and_whoever_was_handed_it_read_only_what_each_asked(
    world: World, priya: Person
) -> None:
    entry = world.capture(world.dana)
    ask(world, entry, "May I name the aunt?")
    answer(world, priya, words="Ask your manager, quietly.")
    thread = only_thread(world)
    world.rooms.rooms[StandingIn].hand_over(world.sam, entry, world.ruth, "Away")
    ruth, here = world.browser(world.ruth), f"/entries/{entry}/ask"
    page = ruth.get(here)
    for hidden in ("aunt", "quietly", str(thread)):
        assert hidden not in page.html
    assert "1 question" not in ruth.get(f"/entries/{entry}").text
    ruth.post(page, here, 404, thread=str(thread), words="And the uncle?")
    ruth.post(page, f"{here}/quote", 404, to=f"{here}/quote", csrf_token=token(page), position="1")
    # Looking at it has not taken the author's answer from among the new ones.
    assert world.rooms.rooms[Questions].count_unseen(world.dana.id) == 1
    ruth.post(ruth.get(here), here, words="Which form do I use?")
    assert "Which form do I use?" in ruth.get(here).text
    mine = world.browser(world.dana).get(here).text
    assert "quietly" in mine
    assert "Which form" not in mine


def token(page: Page) -> str:
    return page.all("input", name="csrf_token")[0].attributes["value"]
