"""Practice: the same form, unmistakably marked, and nothing of it is ever kept or sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Request, expect

from tests.open_to_everyone import Scheme, wrong_in
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

# Letters that occur nowhere else, so that they are found wherever they went.
CANARIES = ("Vt6mXq2wLk9rHd4pZb7sNf3j", "Jc8yRu1oGi5aTx0nBq3zWv4k", "Hp5fKt2dMs9xCw7eYr6lQg1v")
STORES = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name);
  const rows = {};
  for (const name of names) {
    const db = await new Promise((done, failed) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    for (const store of db.objectStoreNames) {
      const asked = db.transaction(store).objectStore(store).count();
      rows[store] = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    }
    db.close();
  }
  return rows;
}"""


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path, door: RunningInstance) -> Iterator[PhoneInHand]:
    """A phone that was added, with the whole app kept for when there is no signal."""
    found = PhoneInHand(playwright, tmp_path / "profile", door.phone_url, "whole-chromium")
    found.open()
    found.join_demo()
    found.wait_until_installed()
    found.page.reload()
    yield found
    found.close()


def _practise(page: Page, *answers: str) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    who, about, what = answers or ("A nurse", "Robin Example", "A broken arm")
    page.get_by_role("textbox", name="Who did you tell?").fill(who)
    page.get_by_role("textbox", name="Who is it about?").fill(about)
    page.get_by_role("textbox", name="What did you share?").fill(what)
    page.get_by_role("button", name="Log it (practice)").click()
    expect(page.get_by_role("heading", name="Practice: nothing was saved")).to_be_focused()


def _is_marked(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Practice")
    expect(page.get_by_role("complementary", name="Practice")).to_be_in_viewport()
    expect(page.get_by_role("complementary")).to_contain_text("Nothing here is saved or sent.")
    expect(page.get_by_role("link", name="Call 999").filter(visible=True)).to_have_count(1)
    assert "Practice" in page.title()


def test_whoever_practises_without_signal_is_told_how_it_went_and_goes_back_to_the_real_thing(
    phone: PhoneInHand,
) -> None:
    phone.signal(False)
    page = phone.page
    page.get_by_role("link", name="Practice").click()
    expect(page.get_by_role("heading", name="Read this, then log it")).to_be_visible()
    _is_marked(page)
    first = page.locator("[data-story]:visible").inner_text()
    page.get_by_role("button", name="Another story").click()
    expect(page.locator("[data-story]:visible")).not_to_have_text(first)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("textbox", name="Who did you tell?")).to_be_focused()
    expect(page.get_by_role("timer", name="Stopwatch")).to_have_text(re.compile(r"^0:0\d$"))
    _is_marked(page)
    page.get_by_role("button", name="Log it (practice)").click()
    problems = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(problems.get_by_role("listitem")).to_have_count(3)
    _is_marked(page)
    page.get_by_label("Police (999)").check()
    page.get_by_role("textbox", name="Who is it about?").fill("Robin Example")
    page.get_by_role("textbox", name="What did you share?").fill("A broken arm")
    page.get_by_role("button", name="Log it (practice)").click()
    expect(page.get_by_role("heading", name="Practice: nothing was saved")).to_be_focused()
    _is_marked(page)
    debrief = page.get_by_role("region", name="Practice: nothing was saved")
    expect(debrief).to_contain_text(re.compile(r"That took 0:\d\d\."))
    expect(debrief).to_contain_text(re.compile(r"\d+ taps beside typing"))
    expect(debrief).to_contain_text("Who was told: there when it was asked for")
    expect(debrief).to_contain_text("it is what is lost first")
    expect(debrief).to_contain_text("Your first time here.")
    page.get_by_role("button", name="Try another story").click()
    expect(page.get_by_role("heading", name="Read this, then log it")).to_be_focused()
    expect(page.get_by_text("Your quickest so far: 0:")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    for field in ("Who did you tell?", "Who is it about?", "What did you share?"):
        expect(page.get_by_role("textbox", name=field)).to_have_value("")
    phone.close()
    page = phone.open(offline=True, path="/en/practice")
    expect(page.get_by_text("Your quickest so far: 0:")).to_be_visible()
    _practise(page)
    expect(page.get_by_text("Who was told: there at once")).to_be_visible()
    page.get_by_role("button", name="Forget my times").click()
    expect(page.get_by_text("Your times are forgotten.")).to_be_visible()
    assert page.evaluate("localStorage.getItem('sharelog-practice')") is None
    page.get_by_role("link", name="Back to real logging").last.click()
    expect(page.get_by_role("heading", name="Log a share")).to_be_visible()
    expect(page.get_by_role("list", name="Entries on this phone")).to_be_hidden()


def test_nothing_of_it_is_kept_sent_or_able_to_be_sent(
    phone: PhoneInHand, door: RunningInstance, tmp_path: Path
) -> None:
    page = phone.page
    before = page.evaluate(STORES)
    assert before["events"] == before["unfinished"] == 0
    asked: list[Request] = []
    page.goto(f"{door.phone_url}/en/practice")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request))
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("textbox", name="What did you share?").fill(CANARIES[2])
    # As an interruption would: the real form keeps what is being written at each of these.
    page.evaluate(
        """() => new Promise((done) => {
          dispatchEvent(new PageTransitionEvent('pagehide'));
          document.dispatchEvent(new Event('visibilitychange'));
          setTimeout(done, 1500);
        })"""
    )
    page.reload()
    asked.clear()
    _practise(page, *CANARIES)
    # The browser may ask for the icon again whenever a title changes.
    assert {(one.method, one.url.rpartition(".")[2]) for one in asked} <= {("GET", "svg")}
    refused = "() => fetch('/sync/keys').then(() => 'answered', () => 'refused')"
    assert page.evaluate(refused) == "refused"
    assert page.evaluate("navigator.sendBeacon('/sync/events', 'x')") in (True, False)
    assert page.evaluate(STORES) == before
    kept = page.evaluate("Object.keys(localStorage).map((key) => [key, localStorage[key]])")
    assert re.fullmatch(r'\{"times":1,"best":\d+\}', dict(kept)["sharelog-practice"])
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(door.phone_url)
    expect(page.get_by_text("You have an unfinished entry")).to_be_hidden()
    phone.close()
    for canary in CANARIES:
        assert canary not in door.logs()
        for folder in (tmp_path / "profile", door.folder):
            for file in folder.rglob("*"):
                if file.is_file() and not file.is_symlink():
                    assert canary.encode() not in file.read_bytes(), file
                    assert canary.encode("utf-16-le") not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("scheme", "language", "start", "log_it"),
    [
        ("light", "en", "Start", "Log it (practice)"),
        ("dark", "cy", "Dechrau", "Cofnodi (ymarfer)"),
    ],
)
def test_every_screen_of_practice_is_open_to_everyone(
    phone: PhoneInHand,
    door: RunningInstance,
    scheme: Scheme,
    language: str,
    start: str,
    log_it: str,
) -> None:
    page = phone.page
    page.set_viewport_size({"width": 320, "height": 3000})
    page.goto(f"{door.phone_url}/{language}/practice")
    wrong = {"story": list(wrong_in(page, scheme))}
    page.get_by_role("button", name=start, exact=True).click()
    wrong["form"] = list(wrong_in(page, scheme))
    page.get_by_role("button", name=log_it).click()
    wrong["problems"] = list(wrong_in(page, scheme))
    for field, text in (("told", "A nurse"), ("about", "Robin"), ("shared", "A broken arm")):
        page.locator(f"#{field}").fill(text)
    page.get_by_role("button", name=log_it).click()
    expect(page.locator("#debrief-heading")).to_be_focused()
    wrong["debrief"] = list(wrong_in(page, scheme))
    assert {state: one for state, one in wrong.items() if one} == {}


def test_typed_words_of_a_real_entry_do_not_go_to_practice(phone: PhoneInHand) -> None:
    page = phone.page
    page.get_by_role("textbox", name="What did you share?").fill("Bruises on Monday")
    page.get_by_role("link", name="Practice").click()
    expect(page.get_by_role("alert").filter(has_text="Log it first")).to_be_visible()
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value(
        "Bruises on Monday"
    )
