"""An administrator loads a newer law pack: compared first, then in force; entries keep the old."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from logger.law.editions import Editions
from logger.law.pack import SHIPPED, LawPack, LawPackUnreadable
from logger.settings import Kind, Nation
from tests.desk_world import Browser, World
from tests.page_inspector import Page, inspect

KINDS: tuple[Kind, ...] = ("council", "school", "health", "police", "voluntary")
NATIONS: tuple[Nation, ...] = ("england", "wales", "scotland", "northern-ireland")
TEXT = SHIPPED.read_text()
NEWER = TEXT.replace('name = "2026-11"', 'name = "2027-01"').replace(
    "The share was needed to protect somebody's life.", "A life was at risk."
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def upload(browser: Browser, text: str | bytes, status: int = 200) -> Page:
    raw = text if isinstance(text, bytes) else text.encode()
    page = browser.get("/law")
    data = {**page.form_values("/law/compare"), "file": (io.BytesIO(raw), "law.toml")}
    answer = browser.client.post("/law/compare", data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:2000]
    return inspect(answer.text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nation", NATIONS)
def test_the_picker_changes_on_the_days_of_the_pack_and_on_no_other(
    kind: Kind, nation: Nation
) -> None:
    """Both sides of each change: the day before, and the day itself."""
    pack = LawPack.read()
    begins = {row.valid_from: set() for row in pack.rows}
    ends = {row.valid_to + timedelta(days=1): set() for row in pack.rows if row.valid_to}
    for row in pack.rows:
        if row.offered and row.fits(kind, nation):
            begins[row.valid_from].add(row.code)
            if row.valid_to:
                ends[row.valid_to + timedelta(days=1)].add(row.code)
    for day in sorted({*begins, *ends}):
        before = {row.code for row in pack.offered(day - timedelta(days=1), kind, nation).rows}
        after = {row.code for row in pack.offered(day, kind, nation).rows}
        assert after - before == begins.get(day, set()), day
        assert before - after == ends.get(day, set()) - begins.get(day, set()), day


def test_a_row_with_an_end_is_offered_to_its_last_day() -> None:
    ended = TEXT.replace(
        'code = "6-1-d"\npart = "basis"', 'code = "6-1-d"\nvalid_to = 2026-11-30\npart = "basis"'
    )
    row = next(row for row in LawPack.of_text(ended, "x").rows if row.code == "6-1-d")
    assert row.valid_to is not None
    assert row.in_force(row.valid_to)
    assert not row.in_force(row.valid_to + timedelta(days=1))


def test_a_newer_edition_is_compared_then_loaded_and_entries_keep_the_old(world: World) -> None:
    entry = world.capture(world.dana)
    author, path = world.browser(world.dana), f"/entries/{entry}/basis"
    author.post(author.get(path), path, basis="6-1-d")
    browser = world.browser(world.alex)
    page = upload(browser, NEWER)
    assert "From edition 2026-11 to 2027-01" in page.text
    assert "A life was at risk." in page.all("ins")[0].text
    assert "32 rows stay as they are." in page.text
    assert "Edition 2026-11 holds." in browser.get("/law").text, "nothing has changed yet"
    page = browser.post(page, "/law")
    assert "Edition 2027-01 holds." in page.text
    assert "loaded by Alex Shaw, 24 November, 10:00" in page.text
    assert "A life was at risk." in author.get(path).text
    author.post(author.get(path), path, basis="6-1-d", basis_why="He had a knife.")
    page = author.get(f"/entries/{entry}/check")
    assert "The share was needed to protect somebody's life." in page.text, "frozen"
    assert "A life was at risk." not in page.text


def test_what_was_relied_on_can_stay_chosen_when_a_newer_edition_drops_it(world: World) -> None:
    entry = world.capture(world.dana)
    author, path = world.browser(world.dana), f"/entries/{entry}/basis"
    author.post(author.get(path), path, basis="6-1-d")
    without = NEWER.replace('code = "6-1-d"', 'code = "6-1-x"')
    editions = world.rooms.rooms[Editions]
    assert isinstance(editions, Editions)
    editions.adopt(world.alex.id, without)
    page = author.get(path)
    checked = [one for one in page.all("input", name="basis") if "checked" in one.attributes]
    assert [one.attributes["value"] for one in checked] == ["6-1-d"]
    author.post(page, path, basis_why="Still so.")
    assert "Vital interests · UK GDPR Article 6(1)(d)" in author.get(f"/entries/{entry}/check").text
    other = f"/entries/{world.capture(world.dana)}/basis"
    assert not author.get(other).all("input", value="6-1-d")


def test_every_bad_row_is_named_by_its_number_and_nothing_changes(world: World) -> None:
    bad = NEWER.replace("valid_from = 1991-10-14", "valid_from = 1991", 1)
    bad = bad.replace('part = "reason"', 'part = "excuse"', 1)
    browser = world.browser(world.alex)
    said = upload(browser, bad, 422).all("div", class_="govuk-error-summary")[0].text
    assert "Row 17 (18-cannot-be-given)" in said or "(18-cannot-be-given)" in said
    assert "(ca-1989-17)" in said
    assert "Edition 2026-11 holds." in browser.get("/law").text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Choose a file."),
        (b"\xff\xfe", "not plain text"),
        ("x" * 60_001, "larger than 60,000 bytes"),
        ('name = "a"\nrows = []', "offers no lawful basis"),
        (TEXT.replace("somebody's", "someone's"), "already an edition of that name"),
        (
            NEWER + "\n" + TEXT[TEXT.index("[[rows]]") :].split("\n\n# ----")[0],
            "two rows of this code",
        ),
        (
            NEWER.replace(
                "valid_from = 2026-02-05", "valid_from = 2026-02-05\nvalid_to = 2026-02-04", 1
            ),
            "ends before it begins",
        ),
    ],
    ids=["empty", "no text", "large", "no basis", "same name", "twice", "backwards"],
)
def test_a_file_that_would_mislead_is_refused_in_a_sentence(
    world: World, text: str | bytes, says: str
) -> None:
    browser = world.browser(world.alex)
    status = 409 if says.startswith("already") else 422
    page = upload(browser, text, status)
    assert says in page.all("div", class_="govuk-error-summary")[0].text


def test_what_would_change_is_said_in_words(world: World) -> None:
    changed = NEWER.replace('kinds = ["voluntary"]', 'kinds = ["voluntary", "school"]', 1)
    changed = changed.replace('code = "6-1-d"\npart', 'code = "6-1-d"\nvalid_to = 2026-11-30\npart')
    changed += (
        TEXT[TEXT.index("[[rows]]") :]
        .split("[[rows]]")[1]
        .join(["[[rows]]", ""])
        .replace('code = "6-1-e"', 'code = "6-1-new"')
    )
    page = upload(world.browser(world.alex), changed)
    assert "before: voluntary" in page.text
    assert "now: voluntary, school" in page.text
    assert "before: nothing" in page.text
    assert "now: 30 November 2026" in page.text
    assert "New Public task (6-1-new), from 25 May 2018" in page.text


def test_only_what_was_compared_is_loaded_and_only_for_ten_minutes(world: World) -> None:
    browser = world.browser(world.alex)
    page = upload(browser, NEWER)
    world.later(10 * 60_000 + 1)
    page = browser.post(page, "/law", 409)
    assert "That took too long." in page.text


def test_the_saved_file_can_be_loaded_again_and_an_index_made_anew_keeps_it(world: World) -> None:
    browser = world.browser(world.alex)
    browser.post(upload(browser, NEWER), "/law")
    answer = browser.client.get("/law/file")
    assert answer.text == NEWER
    assert answer.headers["Content-Disposition"] == 'attachment; filename="law-2027-01.toml"'
    world.rooms.index.path.unlink()
    world.rooms.follow()
    assert "Edition 2027-01 holds." in browser.get("/law").text
    assert (
        "Nothing would change but the name."
        in upload(browser, NEWER.replace('"2027-01"', '"2027-02"')).text
    )


def test_the_shipped_edition_can_come_back(world: World) -> None:
    browser = world.browser(world.alex)
    browser.post(upload(browser, NEWER), "/law")
    browser.post(upload(browser, TEXT), "/law")
    assert "Edition 2026-11 holds." in browser.get("/law").text


def test_the_largest_file_fits_into_an_event(world: World) -> None:
    filler = "# ŵ\n"
    left = 60_000 - len(msgspec.json.encode(NEWER))
    full = NEWER + filler * (left // len(msgspec.json.encode(filler)[1:-1]))
    assert len(msgspec.json.encode(full)) > 59_990
    browser = world.browser(world.alex)
    browser.post(upload(browser, full), "/law")
    assert "Edition 2027-01 holds." in browser.get("/law").text


def test_hostile_words_of_a_pack_are_shown_as_words(world: World) -> None:
    hostile = NEWER.replace("A life was at risk.", "<img src=x onerror=alert(1)> {{ 7*7 }}")
    browser = world.browser(world.alex)
    page = upload(browser, hostile)
    assert not page.all("img")
    browser.post(page, "/law")
    page = world.browser(world.dana).get(f"/entries/{world.capture(world.dana)}/basis")
    assert "<img src=x onerror=alert(1)> {{ 7*7 }}" in page.text
    assert not page.all("img")


@pytest.mark.parametrize("path", ["/law", "/law/file"])
def test_only_administrators_look_after_the_law(world: World, path: str) -> None:
    world.browser(world.dana).get(path, status=403)


def test_a_pack_says_all_that_is_wrong_with_it() -> None:
    text = 'name = "x"\n[[rows]]\ncode = "A B"\n[[rows]]\ncode = "ok"\n'
    with pytest.raises(LawPackUnreadable) as raised:
        LawPack.of_text(text, "x")
    assert [(fault.number, fault.code) for fault in raised.value.faults] == [(1, "A B"), (2, "ok")]
