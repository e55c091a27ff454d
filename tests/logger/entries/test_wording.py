"""Words that fit what was done, and wording that may be taken over with one tap; no JavaScript."""

from __future__ import annotations

import pytest

from logger.entries.fields import ENOUGH
from logger.entries.sections import SECTIONS
from tests.desk_world import ALL_ANSWERS, CONSENT, DAY, OBJECTIVE, World

HOSTILE = "<img src=x onerror=alert(1)> {{ 7*7 }} %(x)s \"'& ŵ 🙂"
WITHOUT_SHARE = {
    "objective": {
        "objective": "That she goes on talking to us.",
        "necessity": "Nothing new was known.",
        "left_out": "What she said of her father.",
    },
    "consent": {"consent": "refused", "told": "told", "told_whom": "She was there."},
    "outcome": {"outcome": "We see her again on Friday."},
}


@pytest.mark.parametrize("act", ["not-shared", "refused"])
def test_a_decision_not_to_share_is_never_asked_why_it_was_necessary(
    world: World, act: str
) -> None:
    entry = world.capture(world.dana, act=act, shared="She asked us not to.")
    browser = world.browser(world.dana)
    pages = [browser.get(f"/entries/{entry}/{code}").text for code in SECTIONS]
    for wrong in ("necessary to share", "without consent?", "Did they confirm that", "agreement"):
        assert not [page for page in pages if wrong in page], wrong
    right = {"not-shared": "right not to share?", "refused": "right to refuse?"}[act]
    assert right in pages[0]
    for section, answers in WITHOUT_SHARE.items():
        path = f"/entries/{entry}/{section}"
        browser.post(browser.get(path), path, **answers)
    path = f"/entries/{entry}/check"
    page = browser.get(path)
    assert "Right because Nothing new was known." in page.text
    assert "Necessary because" not in page.text
    page = browser.post(page, path, made_by_me="yes")
    assert page.title == "Submitted"
    assert "Right because" in world.browser(world.sam).get(f"/review/{entry}").text


def test_a_share_still_needs_all_six_answers(world: World) -> None:
    entry = world.capture(world.dana)
    page = world.browser(world.dana).get(f"/entries/{entry}/check")
    missing = [one.text for one in page.all("li") if "/entries/" in page.html]
    text = " ".join(missing)
    for title in ("Why you shared", "Lawful basis", "Consent and who was told", "Outcome"):
        assert title in text
    assert "How long it is kept" not in text


def test_what_is_optional_is_folded_and_says_so(world: World) -> None:
    entry = world.capture(world.dana)
    browser = world.browser(world.dana)
    for code, section in SECTIONS.items():
        page = browser.get(f"/entries/{entry}/{code}")
        assert len(page.all("details", class_="record-more")) == len(section.form.folds)
        for one in page.all("textarea"):
            needed = one.attributes["name"] in {*OBJECTIVE, *CONSENT, "outcome"}
            assert needed == ("details" not in one.parents) or code == "advice"


def test_captured_chips_are_offered_marked_and_taken_with_one_tap(world: World) -> None:
    entry = world.capture(
        world.dana,
        why=["immediate-danger", "neglect"],
        told_family="not-safe",
        known={"how": "child", "from": ""},
    )
    browser, path = world.browser(world.dana), f"/entries/{entry}/objective"
    page = browser.get(path)
    assert "From what you captured:" in page.text
    assert page.by_id("objective").text == "", "nothing is filled in by itself"
    offer = "For help to reach the child at once."
    page = browser.post(page, path, to=f"{path}/take", necessity=HOSTILE, take=f"objective:{offer}")
    assert page.by_id("objective").text == offer
    assert page.by_id("necessity").text == HOSTILE, "what was typed is still there"
    assert "This is your draft" in page.text
    path = f"/entries/{entry}/consent"
    page = browser.post(browser.get(path), path, to=f"{path}/take", take="told:not-safe")
    chosen = [one for one in page.all("input", name="told") if "checked" in one.attributes]
    assert [one.attributes["value"] for one in chosen] == ["not-safe"]


def test_what_is_taken_over_stands_behind_what_was_written(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    page = browser.get(path)
    page = browser.post(
        page, path, to=f"{path}/take", secured="Rang back.", take="secured:By phone."
    )
    assert page.by_id("secured").text == "Rang back. By phone."


def test_my_own_earlier_wording_is_offered_when_asked_for_and_leaves_a_look(world: World) -> None:
    earlier = world.capture(world.dana)
    world.documented(world.dana, earlier)
    browser = world.browser(world.dana)
    for section, answers in (
        ("basis", {**ALL_ANSWERS["basis"], "basis_why": "It is our task by law."}),
        (
            "outcome",
            {"outcome": "Secret of the first case", "secured": "Called back on a known line."},
        ),
    ):
        path = f"/entries/{earlier}/{section}"
        browser.post(browser.get(path), path, **answers)
    path = f"/entries/{earlier}/check"
    browser.post(browser.get(path), path, made_by_me="yes")
    world.later(DAY)
    browser, entry = world.browser(world.dana), world.capture(world.dana)
    path = f"/entries/{entry}/outcome"
    page = browser.get(path)
    assert "Called back on a known line." not in page.text
    before = world.rooms.store.head().position
    page = browser.post(page, path, to=f"{path}/earlier", outcome="Half a")
    assert "Your own earlier wording. Check that it fits:" in page.text
    assert "Called back on a known line." in page.text
    assert "Secret of the first case" not in page.text
    assert page.by_id("outcome").text == "Half a"
    assert world.rooms.store.head().position == before + 2, "a look at this and one at the earlier"


@pytest.mark.parametrize(
    ("captured", "wording"),
    [
        ({"danger": True}, "Said plainly."),
        ({"risk": {"name": "X", "works_with_children": True}}, "Said plainly."),
        ({"children": [{"name": "Robin Example", "unknown": False}]}, "Robin knew it was safe."),
        ({}, "On 24 November."),
        ({}, "x" * 201),
    ],
    ids=["danger", "allegation", "a name", "a day", "too long"],
)
def test_wording_that_could_tell_of_another_child_is_never_offered(
    world: World, captured: dict[str, object], wording: str
) -> None:
    earlier = world.capture(world.dana, **captured)
    browser = world.documented(world.dana, earlier)
    path = f"/entries/{earlier}/outcome"
    browser.post(browser.get(path), path, outcome="Done", secured=wording)
    path = f"/entries/{earlier}/check"
    browser.post(browser.get(path), path, made_by_me="yes")
    path = f"/entries/{world.capture(world.dana)}/outcome"
    page = browser.post(browser.get(path), path, to=f"{path}/earlier")
    assert wording not in page.text
    assert "You have no short, recent wording that would fit here." in page.text


def test_nobody_is_offered_the_wording_of_a_colleague(world: World) -> None:
    earlier = world.capture(world.sam)
    browser = world.documented(world.sam, earlier)
    path = f"/entries/{earlier}/outcome"
    browser.post(browser.get(path), path, outcome="Done", secured="A colleague's words.")
    path = f"/entries/{earlier}/check"
    browser.post(browser.get(path), path, made_by_me="yes")
    path, own = f"/entries/{world.capture(world.dana)}/outcome", world.browser(world.dana)
    page = own.post(own.get(path), path, to=f"{path}/earlier")
    assert "colleague" not in page.text


def test_the_length_guide_speaks_up_only_when_more_is_written_than_needed(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    said = "This is longer than most people need."
    page = browser.post(browser.get(path), path, 422, outcome="", follow_up="x" * ENOUGH)
    assert said not in page.text
    page = browser.post(browser.get(path), path, 422, outcome="", follow_up="x" * (ENOUGH + 1))
    assert said in page.by_id("follow_up-enough").text


def test_every_field_takes_hostile_text_and_every_page_shows_it_as_text(world: World) -> None:
    entry = world.capture(world.dana, shared=HOSTILE)
    browser = world.browser(world.dana)
    chosen = {**ALL_ANSWERS["basis"], **CONSENT, "retention": "as-the-file", "receipt": "yes"}
    chosen |= {"advice": "yes", "agreement": "yes"}
    for code in SECTIONS:
        path = f"/entries/{entry}/{code}"
        page = browser.get(path)
        typed = page.all("textarea") + page.all("input", type="text")
        answers = {one.attributes["name"]: HOSTILE for one in typed}
        browser.post(page, path, **{**chosen, **answers})
    pages = [browser.get(f"/entries/{entry}/check"), browser.get(f"/entries/{entry}/paragraph")]
    path = f"/entries/{entry}/check"
    browser.post(pages[0], path, made_by_me="yes")
    pages += [browser.get(f"/entries/{entry}"), world.browser(world.sam).get(f"/review/{entry}")]
    for page in pages:
        assert page.text.count(HOSTILE) >= 1
        assert not page.all("img")
        assert "49" not in page.text.replace("HH:49", "")


def test_an_error_is_read_out_as_one_in_the_language_of_the_page(world: World) -> None:
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/outcome"
    refused = browser.post(browser.get(path), path, 422, outcome="")
    assert "Error: Say what happened next" in refused.text
    browser.client.get("/language/cy")
    refused = browser.post(browser.get(path), path, 422, outcome="")
    assert "Gwall: Dywedwch" in refused.text
    assert "Error" not in refused.text
