"""Pages of children, without JavaScript: search, say who is who, read one chronology."""

from __future__ import annotations

import json

import pytest

from logger.trail.looks import Looks
from tests.desk_world import DAY
from tests.logger.children.conftest import Children, address, told
from tests.page_inspector import Page


def looked(world: Children, page: str) -> int:
    """How many looks for that page stand in the trail."""
    query = "SELECT count(*) FROM looks WHERE page = ?"
    return int(world.rooms.index.read().conn.execute(query, (page,)).fetchone()[0])


def heading(page: Page) -> str:
    return " ".join(page.all("h1")[0].text.split())


def main(page: Page) -> str:
    return " ".join(page.all("main")[0].text.split())


def test_from_a_proposal_to_a_chronology_and_back(world: Children) -> None:
    one = world.about(world.dana, "Shan Reece; 9", recipients=told("school"))
    world.later(40 * DAY)
    two = world.about(world.dana, "Siân Rees; 9", recipients=told("gp"))
    browser, said = world.browser(world.sam), f"{address(two)}/said"
    page = browser.get(address(two))
    assert heading(page) == "Siân Rees · 9"
    assert "Shan Reece" in main(page)
    assert "Likely: names that sound alike, or two forms of one name, a similar age" in main(page)
    page = browser.post(page, said, said="joined", other=f"{one.entry}.0")
    assert "2 entries · shared with Health, Education" in main(page)
    assert "Neglect: 2 entries, shared with Education, Health" in main(page)
    assert "No share with Social care logged here (usually told in such a case)" in main(page)
    assert len(page.all("tr")) == 3
    page = browser.post(page, said, said="separated", other=f"{one.entry}.0")
    assert "1 entry" in main(page)
    assert "May be the same child" not in main(page)


def test_a_child_is_ruled_out_and_nobody_is_asked_again(world: Children) -> None:
    one, two = world.about(world.dana, "Siân Rees"), world.about(world.dana, "Siân Rees")
    browser = world.browser(world.sam)
    page = browser.get(address(two))
    page = browser.post(page, f"{address(two)}/said", said="not-the-same", other=f"{one.entry}.0")
    assert "May be the same child" not in main(page)
    assert "May be the same child" not in main(browser.get(address(one)))


def test_whoever_separates_the_entry_they_came_by_stays_with_the_rest(world: Children) -> None:
    one, two, three = (world.about(world.dana, "Siân Rees") for _ in range(3))
    world.join(world.sam, one, two, three)
    browser = world.browser(world.sam)
    page = browser.get(address(two))
    page = browser.post(page, f"{address(two)}/said", said="separated", other=f"{two.entry}.0")
    assert "2 entries" in main(page)


def test_a_name_is_shown_behind_a_look_and_never_by_a_search(world: Children) -> None:
    one = world.about(world.dana, "Siân Rees; 9; NHS 944")
    browser = world.browser(world.sam)
    page = browser.post(browser.get("/children"), "/children", name="shan reece")
    assert "1 entry found" in main(page)
    assert "Siân" not in page.html
    assert world.room(Looks).of_entry(one.entry) == []
    browser.get(page.all("a", class_="record-list__link")[0].attributes["href"])
    assert [look.person for look in world.room(Looks).of_entry(one.entry)] == [world.sam.id]


@pytest.mark.parametrize(("name", "says"), [("", "Enter a name"), ("x" * 201, "Shorten this")])
def test_what_cannot_be_searched_says_so_and_keeps_what_was_typed(
    world: Children, name: str, says: str
) -> None:
    browser = world.browser(world.sam)
    page = browser.post(browser.get("/children"), "/children", 422, name=name)
    assert says in main(page)
    assert page.all("input", name="name")[0].attributes.get("value", "") == name


def test_a_name_that_endangers_is_not_opened_for_a_list(world: Children) -> None:
    one = world.about(world.dana, "Siân Rees", danger=True)
    two = world.about(world.dana, "Siân Rees")
    browser = world.browser(world.sam)
    page = browser.get(address(two))
    assert "Names are hidden here" in main(page)
    page = browser.post(page, f"{address(two)}/said", said="joined", other=f"{one.entry}.0")
    assert heading(page) == "Names are hidden here"
    assert "Siân" not in page.html
    assert world.room(Looks).of_entry(one.entry) == []


def test_one_old_entry_that_endangers_hides_the_name_of_all(world: Children) -> None:
    old = world.about(world.dana, "Siân Rees", danger=True)
    entries = [world.about(world.dana, "Siân Rees") for _ in range(31)]
    world.join(world.sam, old, *entries)
    page = world.browser(world.sam).get(address(entries[-1]))
    assert len(page.all("tr")) == 31
    assert "Siân" not in page.html


def test_a_call_that_reached_nobody_is_drawn_hollow_until_somebody_was(world: Children) -> None:
    call = world.about(
        world.dana, "Siân Rees", act="not-told", attempt="no-answer", recipients=told("gp")
    )
    browser = world.browser(world.sam)
    page = browser.get(address(call))
    assert page.all("circle", class_="record-mark--not-told")
    assert "No share with Health logged here" in main(page)
    share = world.about(world.dana, "Siân Rees", follows=str(call.entry), recipients=told("gp"))
    world.join(world.sam, call, share)
    page = browser.get(address(call))
    assert not page.all("circle", class_="record-mark--not-told")
    assert "Told later: GP" in main(page)
    assert "No share with Health logged here" not in main(page)


def test_whoever_may_not_see_an_entry_finds_no_chronology_of_it(world: Children) -> None:
    one = world.about(world.dana, "Siân Rees")
    apart = world.apart(world.dana, "Siân Rees")
    assert world.browser(world.owen).get(address(one), 404)
    assert world.browser(world.sam).get(address(apart), 404)
    assert world.browser(world.sam).get(f"/children/{one.entry}/7", 404)
    assert world.browser(world.alex).get("/children", 403)
    assert world.browser(world.dana).get("/children", 403)
    # Neither the id in the address nor the one in the form opens a way round.
    browser = world.browser(world.sam)
    page = browser.get(address(one))
    for other in (f"{apart.entry}.0", "nonsense", f"{one.entry}.x", ""):
        for said in ("joined", "separated", "not-the-same", "made-up"):
            answer = browser.client.post(
                f"{address(one)}/said",
                data={"csrf_token": token(page), "said": said, "other": other},
            )
            assert answer.status_code == 404


def token(page: Page) -> str:
    return page.all("input", name="csrf_token")[0].attributes["value"]


def test_hidden_entries_change_nothing_on_a_page(world: Children) -> None:
    one = world.about(world.dana, "Siân Rees", recipients=told("school"))
    browser = world.browser(world.sam)
    before = main(browser.get(address(one)))
    hidden = world.about(world.nia, "Siân Rees", recipients=told("police-999"))
    world.join(world.aled, one, hidden)
    world.apart(world.dana, "Siân Rees")
    assert main(browser.get(address(one))) == before


def test_the_review_of_an_entry_says_what_else_is_logged_of_the_child(world: Children) -> None:
    one, two = world.about(world.dana, "Siân Rees"), world.about(world.dana, "Siân Rees")
    three, lone = world.about(world.dana, "Shan Reece"), world.about(world.dana, "Aled Parry")
    world.join(world.sam, one, two)
    for mention in (one, three, lone):
        path = f"/entries/{mention.entry}/check"
        browser = world.documented(world.dana, mention.entry)
        browser.post(browser.get(path), path, made_by_me="yes")
    page = world.browser(world.sam).get(f"/review/{three.entry}")
    assert "Chronology: 0 other entries, 1 that may be about the same child" in main(page)
    page = world.browser(world.sam).get(f"/review/{one.entry}")
    assert "Chronology: 1 other entry, 1 that may be about the same child" in main(page)
    assert "24 November, 10:02 · Dana Price · Police (999) · Neglect" in main(page)
    assert page.all("a", href=f"/entries/{two.entry}")
    assert "Chronology" not in main(world.browser(world.sam).get(f"/review/{lone.entry}"))


def test_the_newest_entries_to_ask_about_stand_under_the_search(world: Children) -> None:
    browser = world.browser(world.sam)
    assert "May be the same child" not in main(browser.get("/children"))
    world.about(world.dana, "Siân Rees")
    world.about(world.dana, "Shan Reece")
    assert len(browser.get("/children").all("a", class_="record-list__link")) == 2
    assert "May be the same child" not in main(world.browser(world.owen).get("/children"))
    assert looked(world, "chronology") == 0


def test_typed_words_are_escaped_wherever_they_stand(world: Children) -> None:
    nasty = '<script>alert(1)</script>"onload=x'
    one = world.about(world.dana, f"{nasty};{nasty};{nasty}")
    browser = world.browser(world.sam)
    page = browser.get(address(one))
    assert "<script>alert" not in page.html
    assert "alert(1)" in heading(page)
    page = browser.post(browser.get("/children"), "/children", name=nasty)
    assert "<script>alert" not in page.html


def test_many_entries_go_on_on_older_pages(world: Children) -> None:
    entries = [world.about(world.dana, "Siân Rees") for _ in range(32)]
    world.join(world.sam, *entries)
    browser = world.browser(world.sam)
    page = browser.get(address(entries[0]))
    assert len(page.all("tr")) == 31
    page = browser.get(page.all("a", rel="next")[0].attributes["href"])
    assert len(page.all("tr")) == 3
    assert "32 entries" in main(page)


def test_a_search_is_no_part_of_an_address_and_of_no_log(
    world: Children, capsys: pytest.CaptureFixture[str]
) -> None:
    world.about(world.dana, "Gwenhwyfar Quill")
    browser = world.browser(world.sam)
    form = browser.get("/children").form_values("/children") | {"name": "Gwenhwyfar Quill"}
    answer = browser.client.post("/children", data=form)
    assert answer.status_code == 200
    assert "Gwenhwyfar" not in json.dumps(dict(answer.headers))
    said = capsys.readouterr()
    assert "wenhwyfar" not in said.out + said.err
