"""*This was not me*: the entry leaves its author, and is found by its phone alone."""

from __future__ import annotations

from uuid import UUID

from logger.review.openings import StandingIn
from tests.desk_world import World


def test_what_was_not_me_leaves_my_list_and_is_found_with_its_phone(world: World) -> None:
    entry = world.capture(world.dana, shared="CANARY")
    browser = world.browser(world.dana)
    ask = browser.get(f"/entries/{entry}/not-me")
    assert "it came from A phone and is not yours" in ask.text
    page = browser.post(ask, f"/entries/{entry}/not-me")
    assert "It has left your list" in page.text
    assert "Nothing is waiting for you." in browser.get("/to-complete").text
    for person in (world.alex, world.sam):
        found = world.browser(person).get("/not-theirs")
        assert "A phone · Dana Price" in found.text
        assert "CANARY" not in found.html
        assert "Robin" not in found.html
    assert "Not theirs (1)" in world.browser(world.alex).get("/people").text
    assert world.browser(world.alex).get("/not-theirs").all("a", class_="govuk-link")
    read = world.browser(world.sam).get(f"/review/{entry}")
    assert "did not make this entry. Find out who did." in read.text
    other = world.browser(world.owen)
    assert "There are none." in other.get("/not-theirs").text
    assert "Not theirs" not in other.get("/to-review").text
    world.browser(world.nia).get("/not-theirs", status=403)


def test_it_was_me_after_all_brings_it_back(world: World) -> None:
    entry = world.capture(world.dana)
    call = world.capture(world.dana, act="not-told", attempt="message", shared="")
    browser = world.browser(world.dana)
    for one in (entry, call):
        path = f"/entries/{one}/not-me"
        browser.post(browser.get(path), path)
    # It has left the list of what is to do, and can still be found.
    listed = browser.get("/submitted")
    assert "Not yours, you said" in listed.text
    for one in (entry, call):
        assert listed.all("a", href=f"/entries/{one}")
        browser.post(browser.get(f"/entries/{one}"), f"/entries/{one}/mine")
    assert "Nothing has been submitted yet." in browser.get("/submitted").text
    page = browser.get("/to-complete")
    assert page.by_id("not-told-heading")
    assert "To complete (1)" in page.text
    assert "Complete this entry" in browser.get(f"/entries/{entry}").text
    assert "There are none." in world.browser(world.alex).get("/not-theirs").text


def test_nobody_disowns_what_they_submitted_or_what_is_not_theirs(world: World) -> None:
    entry = world.submitted(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/not-me"
    assert browser.get(path).all("h1")[0].text == "Your entry"
    token = browser.get("/submitted").all("input", name="csrf_token")[0].attributes["value"]
    assert browser.client.post(path, data={"csrf_token": token}).status_code == 409
    world.browser(world.sam).get(path, status=403)


def test_whoever_was_handed_it_cannot_say_that_it_was_not_theirs(world: World) -> None:
    entry = world.capture(world.dana)
    standing = world.rooms.rooms[StandingIn]
    assert isinstance(standing, StandingIn)
    standing.hand_over(world.sam, entry, world.ruth, "Off sick")
    browser = world.browser(world.ruth)
    page = browser.get(f"/entries/{entry}")
    assert "Complete this entry" in page.text
    assert "This was not me" not in page.text
    browser.get(f"/entries/{entry}/not-me", status=403)
    assert "Dana Price told" in browser.get(f"/entries/{entry}/paragraph").by_id("paragraph").text
    assert "This was not me" in world.browser(world.dana).get(f"/entries/{entry}").text


def test_an_index_made_anew_says_the_same(world: World) -> None:
    entry = world.capture(world.dana)
    path = f"/entries/{entry}/not-me"
    browser = world.browser(world.dana)
    browser.post(browser.get(path), path)
    before = world.dump_index()
    world.rooms.index.path.unlink()
    world.rooms.follow()
    assert world.dump_index() == before


def test_an_allegation_that_was_not_me_is_read_by_the_allegations_lead_alone(world: World) -> None:
    entry = world.capture(world.dana, risk={"name": "Mr X", "works_with_children": True})
    browser, path = world.browser(world.dana), f"/entries/{entry}/not-me"
    browser.post(browser.get(path), path)
    assert "There are none." in world.browser(world.sam).get("/not-theirs").text
    lead = world.browser(world.carys)
    assert "Read the entry" in lead.get("/not-theirs").text
    lead.get(f"/review/{entry}")


def disowned(world: World) -> UUID:
    """An entry that Dana Price says is not hers."""
    entry = world.capture(world.dana)
    browser, path = world.browser(world.dana), f"/entries/{entry}/not-me"
    browser.post(browser.get(path), path)
    return entry


def test_what_was_looked_into_is_closed_with_what_was_found_and_leaves_the_list(
    world: World,
) -> None:
    entry = disowned(world)
    page = world.decide(world.sam, entry, "not-theirs", "Nia had the phone that night.")
    assert "Closed. What you found out stands in its history." in page.text
    assert "There are none." in page.text
    for person in (world.alex, world.ruth):
        assert "Not theirs" not in world.browser(person).get("/phones").text
    done = world.browser(world.ruth).get("/reviewed")
    assert "Looked into and closed · Sam Okafor" in done.text
    assert "Not the author" in done.text
    own = world.browser(world.dana).get(f"/entries/{entry}")
    assert "Nia had the phone that night." in own.text
    assert "It was me after all" not in own.text
    assert not own.all("a", href=f"/entries/{entry}/later/outcome")
    before = world.dump_index()
    world.rooms.index.path.unlink()
    world.rooms.follow()
    assert world.dump_index() == before


def test_closing_it_needs_words_and_can_be_undone_and_taken_back(world: World) -> None:
    entry = disowned(world)
    sam, path = world.browser(world.sam), f"/review/{entry}/decision"
    page = sam.post(sam.get(f"/review/{entry}"), path, 422, outcome="not-theirs", words=" ")
    assert page.all("a", href="#words-not-theirs")
    assert "Say it in a few words." in page.text
    sam.post(page, path, 422, outcome="signed-off")
    world.decide(world.sam, entry, "not-theirs", "Nobody knows.")
    undo = f"/review/{entry}/undo"
    page = sam.post(sam.get(f"/review/{entry}"), undo)
    assert "What did you find out?" in page.text
    assert "A phone · Dana Price" in world.browser(world.alex).get("/not-theirs").text
    dana, mine = world.browser(world.dana), f"/entries/{entry}/mine"
    dana.post(dana.get(f"/entries/{entry}"), mine)
    assert "To complete (1)" in dana.get("/to-complete").text


def test_nobody_closes_what_its_author_did_not_disown_nor_their_own(world: World) -> None:
    submitted = world.submitted(world.dana)
    sam, path = world.browser(world.sam), f"/review/{submitted}/decision"
    sam.post(sam.get(f"/review/{submitted}"), path, 409, outcome="not-theirs", words="Not hers.")
    entry = disowned(world)
    dana = world.browser(world.dana)
    form = dana.get(f"/entries/{entry}").form_values(f"/entries/{entry}/mine")
    form |= {"outcome": "not-theirs", "words": "Not me."}
    assert dana.client.post(f"/review/{entry}/decision", data=form).status_code == 403
    assert "A phone · Dana Price" in sam.get("/not-theirs").text


def test_a_chronology_says_what_is_not_its_authors(world: World) -> None:
    entry = disowned(world)
    page = world.browser(world.sam).get(f"/children/{entry}/0")
    assert "Not the author" in page.text
