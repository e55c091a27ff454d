"""A supervisor reads and decides; two who decide at once lose nothing."""

from __future__ import annotations

from tests.desk_world import DAY, HOUR, MINUTE, World


def test_an_empty_queue_says_so(world: World) -> None:
    page = world.browser(world.sam).get("/")
    assert page.title == "To review"
    assert "Nothing waits for review." in page.text
    assert "Nothing has been signed off yet." in world.browser(world.sam).get("/reviewed").text


def test_an_entry_is_signed_off_and_done_with_its_history(world: World) -> None:
    entry = world.submitted(world.dana)
    world.later(HOUR)
    assert "To review (1)" in world.browser(world.sam).get("/to-review").text
    page = world.decide(world.sam, entry, "signed-off")
    assert "Signed off." in page.text
    assert "Nothing waits for review." in page.text
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert "Done" in page.text
    history = page.all("ol", class_="record-history")[0].text
    assert "Signed off" in history
    assert "Sam Okafor" in history
    assert "Submitted for review" in history
    assert "Sam Okafor" in world.browser(world.sam).get("/reviewed").text


def test_a_question_goes_back_stands_on_top_and_is_answered(world: World) -> None:
    entry = world.submitted(world.dana)
    world.later(MINUTE)
    world.capture(world.dana, why=["missing"])
    world.decide(world.sam, entry, "returned", "Who told the <school>?")
    browser = world.browser(world.dana)
    page = browser.get("/to-complete")
    first = page.all("li", class_="record-list__item")[0]
    assert "Sam Okafor asks: Who told the <school>?" in " ".join(first.text.split())
    assert "Who told the <school>?" in browser.get(f"/entries/{entry}").by_id("question").text
    check = f"/entries/{entry}/check"
    refused = browser.post(browser.get(check), check, status=422, made_by_me="yes")
    assert "Answer the reviewer's question." in refused.text
    browser.post(refused, check, made_by_me="yes", answer="I did, at nine.")
    queue = world.browser(world.sam).get("/to-review")
    assert "Returned, answered" in queue.text
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert "I did, at nine." in page.by_id("answered").text
    world.decide(world.sam, entry, "signed-off-with-learning", "Ask the school first.")
    assert "Ask the school first." in world.browser(world.dana).get(f"/entries/{entry}").text


def test_learning_and_questions_need_words(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.sam), f"/review/{entry}/decision"
    for outcome in ("signed-off-with-learning", "returned"):
        page = browser.get(f"/review/{entry}")
        page = browser.post(page, path, status=422, outcome=outcome, words="  ")
        assert "Say it in a few words." in page.text
        assert page.by_id(f"words-{outcome}")
    page = browser.post(page, path, status=422, outcome="returned", words="x" * 4001)
    assert page.by_id("words-returned").text == "x" * 4001
    browser.post(page, path, status=422, outcome="burned", words="")
    assert "To review (1)" in browser.get("/to-review").text


def test_two_supervisors_at_once_one_is_told_and_loses_nothing(world: World) -> None:
    entry = world.submitted(world.dana)
    sam, ruth = world.browser(world.sam), world.browser(world.ruth)
    path = f"/review/{entry}/decision"
    seen_by_sam, seen_by_ruth = sam.get(f"/review/{entry}"), ruth.get(f"/review/{entry}")
    sam.post(seen_by_sam, path, outcome="signed-off", words="")
    page = ruth.post(seen_by_ruth, path, status=409, outcome="returned", words="Which <school>?")
    assert "Someone else decided on this entry while you were reading it" in page.text
    assert "Sam Okafor" in page.by_id("moved").text
    assert page.by_id("kept-words").text == "Which <school>?"
    assert "Your decision was not recorded." in page.text
    history = ruth.get(f"/review/{entry}").all("ol", class_="record-history")[0].text
    assert "Returned" not in history


def test_an_entry_resubmitted_while_read_can_be_decided_with_the_kept_words(world: World) -> None:
    entry = world.submitted(world.dana)
    ruth, path = world.browser(world.ruth), f"/review/{entry}/decision"
    seen_by_ruth = ruth.get(f"/review/{entry}")
    world.decide(world.sam, entry, "returned", "Where?")
    dana, check = world.browser(world.dana), f"/entries/{entry}/check"
    dana.post(dana.get(check), check, made_by_me="yes", answer="At home.")
    page = ruth.post(
        seen_by_ruth, path, status=409, outcome="signed-off-with-learning", words="Say where."
    )
    assert "Something happened to this entry while you were reading it" in page.text
    assert page.by_id("words-signed-off-with-learning").text == "Say where."
    page = ruth.post(page, path, outcome="signed-off-with-learning", words="Say where.")
    assert "Signed off with learning." in page.text


def test_nobody_reviews_their_own_entry_but_the_alternate_may(world: World) -> None:
    entry = world.submitted(world.sam)
    sam = world.browser(world.sam)
    assert "Nothing waits for review." in sam.get("/to-review").text
    page = sam.get(f"/review/{entry}")
    assert "Someone else must review this entry, because you made it." in page.text
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    form = {"csrf_token": token, "outcome": "signed-off", "seen": "1"}
    assert sam.client.post(f"/review/{entry}/decision", data=form).status_code == 403
    assert "To review (1)" in world.browser(world.aled).get("/to-review").text
    assert "Signed off." in world.decide(world.aled, entry, "signed-off").text


def test_the_alternate_does_not_see_their_own_among_what_waits(world: World) -> None:
    world.submitted(world.aled)
    assert "Nothing waits for review." in world.browser(world.aled).get("/to-review").text


def test_another_teams_entry_is_not_there(world: World) -> None:
    entry = world.submitted(world.dana)
    owen = world.browser(world.owen)
    assert "Nothing waits for review." in owen.get("/to-review").text
    owen.get(f"/review/{entry}", status=404)
    token = owen.get("/to-review").all("input", name="csrf_token")[0].attributes["value"]
    form = {"csrf_token": token, "outcome": "signed-off", "seen": "1"}
    assert owen.client.post(f"/review/{entry}/decision", data=form).status_code == 404


def test_a_practitioner_has_no_queue(world: World) -> None:
    entry = world.submitted(world.dana)
    world.browser(world.dana).get("/to-review", status=403)
    world.browser(world.dana).get(f"/review/{entry}", status=403)


def test_danger_stands_first_then_the_longest_waiting(world: World) -> None:
    first = world.submitted(world.dana)
    world.later(HOUR)
    second = world.submitted(world.dana)
    world.later(HOUR)
    danger = world.submitted(world.dana, why=["immediate-danger"])
    page = world.browser(world.sam).get("/to-review")
    links = [one.attributes["href"] for one in page.all("a", class_="record-list__link")]
    assert links == [f"/review/{one}" for one in (danger, first, second)]


def test_what_waits_too_long_is_overdue_after_five_working_days(world: World) -> None:
    world.submitted(world.dana)
    world.later(6 * DAY)  # Monday; the fifth working day is Tuesday
    assert "Due in 24 hours" in world.browser(world.sam).get("/to-review").text
    world.later(4 * DAY)
    assert "3 days overdue" in world.browser(world.sam).get("/to-review").text


def test_the_entry_beside_the_queue_is_the_same_fragment(world: World) -> None:
    entry = world.submitted(world.dana)
    browser = world.browser(world.sam)
    page, fragment = browser.get(f"/review/{entry}"), browser.fragment(f"/review/{entry}")
    assert fragment.elements[0].attributes["id"] == "entry"
    assert " ".join(fragment.elements[0].text.split()) in page.text


def test_the_whole_text_arrives_as_it_was_typed(world: World) -> None:
    typed = "Ysgol 🙂 ŵ <script>alert('x')</script> & 100%\n" + "a" * 4000
    entry = world.submitted(world.dana, shared=typed)
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert page.all("blockquote")[0].text == typed


def test_where_a_name_endangers_the_heading_says_so_and_one_press_shows_it(world: World) -> None:
    jamie = [{"name": "Jamie Canary", "unknown": False}]
    entry = world.submitted(world.dana, children=jamie, danger=True)
    page = world.browser(world.sam).get(f"/review/{entry}")
    assert page.by_id("entry-heading").text.strip() == "Names are hidden in lists and headings"
    assert "Jamie" not in page.title
    (closed,) = [one for one in page.all("details") if "Jamie Canary" in one.text]
    assert "open" not in closed.attributes
    assert page.by_id("entry").text.count("Jamie") == closed.text.count("Jamie") == 1
    # Whoever wrote it reads it as it is, and so does a reviewer where nobody is in danger.
    page = world.browser(world.dana).get(f"/entries/{entry}")
    assert not [one for one in page.all("details") if "Jamie" in one.text]
    plain = world.submitted(world.dana, children=jamie)
    page = world.browser(world.sam).get(f"/review/{plain}")
    assert page.by_id("entry-heading").text.strip() == "Jamie Canary"
    assert not [one for one in page.all("details") if "Jamie" in one.text]
