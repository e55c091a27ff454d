"""The directory is kept on pages, without JavaScript, and phones get it without a restart."""

from __future__ import annotations

import io

import pytest

from logger.directory.happened import DirectoryHappened, Recipient
from logger.directory.own_file import Label
from logger.directory.publish import NAME, DirectoryDocument
from logger.directory.recipients import Directory, Listed
from logger.directory.register import Recipients
from logger.journal.write import Journal
from logger.people.person import Person
from sync.event import DIRECTORY
from sync.frames import read_document
from tests.desk_world import DAY, Browser, World
from tests.page_inspector import Page, inspect

ADD, IMPORT = "/directory/add", "/directory/import"


def published(world: World) -> dict[str, Listed]:
    raw = world.rooms.store.outgoing(NAME)
    assert raw is not None
    return {one.code: one for one in read_document(raw, DirectoryDocument).recipients}


def bring(browser: Browser, text: str | bytes, status: int = 200) -> Page:
    page = browser.get(IMPORT)
    raw = text if isinstance(text, bytes) else text.encode()
    data = {**page.form_values(IMPORT), "file": (io.BytesIO(raw), "list.csv")}
    answer = browser.client.post(IMPORT, data=data)
    assert answer.status_code == status, answer.text
    return inspect(answer.text)


def codes(page: Page) -> list[str]:
    links = (one.attributes.get("href", "") for one in page.all("a", class_="record-list__link"))
    return [link.rpartition("/")[2] for link in links]


def test_a_recipient_is_added_changed_checked_and_retired_and_phones_have_it_at_once(
    world: World,
) -> None:
    browser = world.browser(world.alex)
    page = browser.get(ADD)
    page = browser.post(page, ADD, 422, kind="wizard", number="call", name="")
    assert {"name-error", "kind-error", "number-error"} <= {
        one.attributes.get("id") for one in page.elements
    }
    new = {"name": "North duty desk", "kind": "social-care", "number": "01632 960123"}
    more = {"secure_address": "desk@north.example", "staff_number": "01632 960999"}
    browser.post(browser.get(ADD), ADD, **new, **more, hours="9 to 5", favourite="yes")
    one = published(world)["north-duty-desk"]
    assert (one.number, one.note) == ("01632 960123", Label("9 to 5"))
    raw = world.rooms.store.outgoing(NAME)
    assert raw is not None
    # What is for staff stays in the record.
    assert b"desk@north" not in raw
    assert b"960999" not in raw
    assert read_document(raw, DirectoryDocument).favourites[-1] == "north-duty-desk"

    here = "/directory/recipients/north-duty-desk"
    page = browser.post(browser.get(here), here, number="01632 960124")
    assert "Saved." in page.text
    assert published(world)["north-duty-desk"].number == "01632 960124"
    page = browser.post(browser.get(here), f"{here}/checked")
    assert "were checked on 24 November 2026" in page.text
    browser.post(browser.get(here), f"{here}/retire")
    assert "north-duty-desk" not in published(world)
    entry = world.capture(world.dana, recipients=[told("north-duty-desk")])
    assert "North duty desk" in world.browser(world.dana).get(f"/entries/{entry}").text
    page = browser.post(browser.get(here), f"{here}/restore")
    assert "north-duty-desk" in published(world)
    steps = [word for word in page.text.split("History")[1].split(" · ") if "Shaw" not in word]
    assert [word.split()[-1] for word in steps[:1]] == ["again"]
    assert page.text.count("Alex Shaw ·") >= 5


def told(code: str) -> dict[str, str]:
    return {"code": code, "label": "", "person": "", "reference": ""}


def test_a_change_that_somebody_else_made_meanwhile_is_not_overwritten(world: World) -> None:
    here = "/directory/recipients/police-101"
    first, second = world.browser(world.alex), world.browser(world.alex)
    opened = first.get(here)
    second.post(second.get(here), here, number="102")
    page = first.post(opened, here, 409, number="103")
    assert "Someone else changed this recipient" in page.text
    assert published(world)["police-101"].number == "102"
    # What was typed is still there, and can be saved now that the other change was seen.
    assert page.form_values(here)["name"] == "Police (101)"
    first.post(page, here, number="103")
    assert published(world)["police-101"].number == "103"


def test_the_list_is_searched_by_words_kind_and_age_of_the_last_check(
    world: World, gwen: Person
) -> None:
    browser = world.browser(gwen)
    assert codes(browser.get("/directory?q=101+heddlu")) == ["police-101"]
    assert set(codes(browser.get("/directory?kind=regulator"))) == {"ofsted", "cqc"}
    browser.post(browser.get("/directory/recipients/cqc"), "/directory/recipients/cqc/checked")
    due = codes(browser.get("/directory?show=unchecked"))
    assert "ofsted" in due
    assert "cqc" not in due
    world.later(181 * DAY)
    browser = world.browser(gwen)
    assert "cqc" in codes(browser.get("/directory?show=unchecked"))
    assert codes(browser.get("/directory?q=nobody+of+this+name")) == []


def test_a_file_is_looked_at_first_and_taken_whole_in_one_step(world: World) -> None:
    browser = world.browser(world.alex)
    rows = ("police-101,Police desk,police,101", ",South desk,health,01632 960301")
    page = bring(browser, "\n".join(("code,name,kind,number", *rows)))
    assert "1 would be added" in page.text
    assert "Police desk: Name" in page.text
    assert "south-desk" not in published(world)
    browser.post(page, f"{IMPORT}/apply")
    assert published(world)["south-desk"].number == "01632 960301"
    assert published(world)["police-101"].label.en == "Police desk"
    # Once is enough: the same step again takes nothing.
    assert "taken already" in browser.post(page, f"{IMPORT}/apply", 409).text


def test_with_one_bad_row_nothing_is_taken_and_the_row_is_named(world: World) -> None:
    browser = world.browser(world.alex)
    page = bring(browser, "name,kind\nSouth desk,health\nWest <b>desk,wizard\n", 422)
    assert "1 row cannot be taken" in page.text
    assert "Line 3, Kind" in page.text
    assert not page.all("form", action=f"{IMPORT}/apply")
    assert "south-desk" not in published(world)
    assert "larger than 1 MB" in bring(browser, b"x" * (1024 * 1024 + 1), 422).text
    assert bring(browser, b"", 422).all("form", action=IMPORT)


def test_what_was_looked_at_is_not_taken_when_the_directory_changed_since(world: World) -> None:
    browser, here = world.browser(world.alex), "/directory/recipients/cqc"
    page = bring(browser, "code,number\npolice-101,102\n")
    browser.post(browser.get(here), f"{here}/checked")
    assert "changed since you looked" in browser.post(page, f"{IMPORT}/apply", 409).text
    assert published(world)["police-101"].number == "101"


def test_what_is_downloaded_can_be_brought_back_as_it_is(world: World) -> None:
    browser = world.browser(world.alex)
    new = {"name": "=HYPERLINK(1)", "kind": "police", "number": "+44 1632 960123"}
    browser.post(browser.get(ADD), ADD, **new)
    answer = browser.client.get("/directory/export.csv")
    assert b",'=HYPERLINK" in answer.data
    assert b",'+44 1632" in answer.data
    page = bring(browser, answer.data)
    assert "There is nothing to import" in page.text


def test_an_import_that_broke_off_in_the_middle_never_counts(world: World) -> None:
    journal = world.rooms.rooms[Journal]
    change = journal.new_id()
    parts = [
        DirectoryHappened(
            recipient="imported",
            recipients=[Recipient(code=f"new-{number}", label=Label("New"), kind="health")],
            part=number, parts=2, by=None,
        )
        for number in (1, 2)
    ]  # fmt: skip
    journal.append(DIRECTORY, change, parts[0])
    assert "new-1" not in published(world)
    journal.append(DIRECTORY, change, parts[1])
    assert {"new-1", "new-2"} <= set(published(world))


def test_the_index_made_anew_has_the_same_directory(world: World) -> None:
    browser = world.browser(world.alex)
    bring_page = bring(browser, "name,kind\nA,health\nB,police\n")
    browser.post(bring_page, f"{IMPORT}/apply")
    recipients = world.rooms.rooms[Recipients]
    before = recipients.everyone(), recipients.history("a")
    world.rooms.rebuild()
    assert (recipients.everyone(), recipients.history("a")) == before


def test_another_host_gives_phones_what_was_changed_elsewhere(world: World) -> None:
    assert isinstance(world.rooms.rooms[Directory], Directory)
    before = world.rooms.rooms[Directory]
    here = "/directory/recipients/cqc"
    browser = world.browser(world.alex)
    browser.post(browser.get(here), f"{here}/retire")
    after = world.rooms.rooms[Directory]
    assert after is not before
    assert after.recipient("cqc", "en") == "CQC"
    assert "cqc" not in {one.code for one in after.recipients}


@pytest.mark.parametrize("path", ["/directory", ADD, IMPORT, "/directory/export.csv"])
def test_the_directory_is_for_administrators_and_governance(
    world: World, gwen: Person, path: str
) -> None:
    for person, status in ((world.alex, 200), (gwen, 200), (world.dana, 403), (world.sam, 403)):
        assert world.browser(person).client.get(path).status_code == status, person.name
