"""The phone's page in a real browser: whoever has one hand, no signal or no mouse can log."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from logger.shell.places import BUILT
from tests.open_to_everyone import check
from tests.phone_in_hand import SMALL, PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


# The root's fingerprint of docs/protocol.md section 1, from the door's own key statement.
FINGERPRINT = """async () => {
  const raw = new Uint8Array(await (await fetch('/sync/keys')).arrayBuffer());
  const { root } = JSON.parse(new TextDecoder().decode(raw.slice(4, -64)));
  const point = atob(root.replaceAll('-', '+').replaceAll('_', '/'));
  const text = 'sharelog/1/root' + point;
  const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const b64 = btoa(String.fromCharCode(...digest));
  return b64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}"""

Open = Callable[..., Page]


def _fill(page: Page) -> None:
    page.get_by_label("Police (999)").check()
    page.get_by_role("textbox", name="Who is it about?").fill("A child")
    page.get_by_role("textbox", name="What did you share?").fill("What was seen")


def test_text_of_twice_the_size_still_fits(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.get_by_label("Choose").check()
    check(page, "200 %")
    _fill(page)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("alert").filter(has_text="Give the date and time")).to_be_visible()
    page.get_by_label("Now", exact=True).check()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status")).to_have_text("Saved on this phone")
    check(page, "saved, 200 %")


def test_three_questions_and_the_button_are_seen_at_once(open_page: Open) -> None:
    page = open_page()
    bar = page.get_by_role("button", name="Log it").bounding_box()
    last = page.get_by_role("textbox", name="What did you share?").bounding_box()
    assert bar is not None
    assert last is not None
    assert page.evaluate("scrollY") == 0
    line = page.get_by_text("This does not tell anyone.").bounding_box()
    assert line is not None
    assert last["y"] + last["height"] <= line["y"]
    assert bar["y"] + bar["height"] <= SMALL["height"]


def test_everything_is_reached_by_keyboard_and_nothing_focused_is_hidden(open_page: Open) -> None:
    page = open_page()
    hidden = """() => {
      const one = document.activeElement, box = one.getBoundingClientRect();
      if (one === document.body || one.closest('.bar')) return null;
      const bar = document.querySelector('.bar').getBoundingClientRect();
      const out = box.top < 0 || box.bottom > bar.top + 1;
      return out && !(box.top > bar.bottom) ? one.outerHTML : null;
    }"""
    log_it = page.get_by_role("button", name="Log it")
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(hidden) is None
        if log_it.evaluate("one => one === document.activeElement"):
            break
    expect(log_it).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.title().startswith("Error")


def test_targets_are_48_pixels_high(open_page: Open) -> None:
    page = open_page()
    small = """() => [...document.querySelectorAll('button, .chip, .field, .inset')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 48)
      .map((one) => one.outerHTML)"""
    assert page.evaluate(small) == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_state_in_the_corner_pushes_the_page_down(
    chromium: Browser, door: RunningInstance, language: str
) -> None:
    page = chromium.new_context(viewport=SMALL, service_workers="block").new_page()
    page.goto(f"{door.phone_url}/{language}")
    expect(page.locator("#pill")).to_have_attribute("data-mood", "good")
    heights = """() => {
      const said = [...document.getElementById('words').content
        .querySelectorAll('[data-word^="pill."]')]
        .map((one) => [one.dataset.word, one.textContent.trim().replace('{n}', '12')]);
      const away = said.filter(([name]) => /silent|unreached/.test(name));
      const waiting = said.filter(([name]) => name.startsWith('pill.waiting'));
      const both = away.flatMap(([, why]) => waiting.map(([, many]) => `${why} · ${many}`));
      return [...said.map(([, text]) => text), ...both].map((text) => {
        document.getElementById('pill-text').textContent = text;
        return document.querySelector('.top').getBoundingClientRect().height;
      });
    }"""
    for width in (360, 320):
        page.set_viewport_size({**SMALL, "width": width})
        of_all = page.evaluate(heights)
        assert len(of_all) >= 12
        assert set(of_all) == {49}, "one row, with the line below it"
    page.context.close()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("textbox", name="What did you share?").fill("Words that must stay")
    page.get_by_role("button", name="Log it").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Say who was told").click()
    field = page.get_by_role("textbox", name="Who did you tell?")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Say who was told")
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value(
        "Words that must stay"
    )
    assert page.url.endswith("/")


def test_a_save_that_fails_says_so_and_the_next_one_works(open_page: Open) -> None:
    page = open_page()
    page.evaluate(
        """() => {
          const add = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function () {
            IDBObjectStore.prototype.add = add;
            throw new DOMException('full', 'QuotaExceededError');
          };
        }"""
    )
    _fill(page)
    page.get_by_role("button", name="Log it").click()
    warning = page.get_by_role("alert").filter(has_text="NOT saved. Keep this screen")
    expect(warning).to_be_visible()
    expect(page.get_by_role("textbox", name="What did you share?")).to_have_value("What was seen")
    page.get_by_role("button", name="Log it").click()
    # After a failed write nothing more is entrusted to the browser's store.
    expect(page.get_by_role("status")).to_have_text("Kept on this page only")
    expect(page.get_by_role("list", name="Entries on this phone").locator("li")).to_have_count(1)


def test_what_was_chosen_before_the_first_contact_stays_chosen_and_under_the_finger(
    chromium: Browser, door: RunningInstance
) -> None:
    context = chromium.new_context(viewport=SMALL, has_touch=True)
    page = context.new_page()
    door_opens = False
    context.route("**/sync/**", lambda route: route.continue_() if door_opens else route.abort())
    page.goto(door.phone_url)
    expect(page.get_by_role("button", name="This phone: Needs signal once")).to_be_visible()
    # One that this organisation offers, and one that it does not.
    dropped = page.get_by_role("checkbox", name="Police (999)")
    dropped.evaluate("(one) => { one.value = 'night-service'; }")
    dropped.check()
    school = page.get_by_role("checkbox", name="School")
    school.check()
    school.evaluate("(one) => { one.dataset.mine = 'yes'; one.focus(); }")
    door_opens = True
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.get_by_role("button", name="This phone: Ready")).to_be_visible()
    # The organisation's own, beside the one that it no longer offers.
    expect(page.get_by_role("checkbox", name="Police (999)")).to_have_count(2)
    expect(page.locator("[data-mine]")).to_be_checked()
    expect(page.locator("[data-mine]")).to_be_focused()
    expect(page.locator("[value=night-service]")).to_be_checked()
    context.close()


def test_a_cold_start_offline_asks_for_nothing(
    playwright: Playwright, tmp_path: Path, door: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", door.phone_url)
    phone.open()
    phone.join_demo()
    phone.wait_until_installed()
    phone.kill()
    page = phone.open(offline=True)
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    failed = page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.responseStatus === 0"
        " && !one.name.includes('/sync/')).map((one) => one.name)"
    )
    assert failed == []
    expect(page.get_by_role("button", name="This phone: No signal")).to_be_visible()
    phone.close()


@pytest.mark.parametrize("fault", ["missing", "a portal's page", "cut short"])
def test_a_version_with_one_wrong_file_is_not_kept(
    chromium: Browser, door: RunningInstance, fault: str
) -> None:
    context = chromium.new_context(viewport=SMALL)
    page = context.new_page()

    def spoil(route: Route) -> None:
        if fault == "missing":
            route.fulfill(status=404, body="")
        elif fault == "a portal's page":
            route.fulfill(status=200, content_type="text/html", body="<h1>WiFi</h1>")
        else:
            whole = (BUILT / Path(route.request.url).name).read_bytes()
            route.fulfill(status=200, content_type="image/svg+xml", body=whole[:-1])

    context.route(re.compile(r"/static/icon-.*\.svg"), spoil)
    page.goto(door.phone_url)
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    kept = page.evaluate(
        """() => navigator.serviceWorker.register('/service-worker.js').then((one) => {
          const worker = one.installing || one.waiting || one.active;
          if (worker.state === 'redundant') return 'redundant';
          return new Promise((resolve) => worker.addEventListener('statechange', () => {
            if (worker.state !== 'installing') resolve(worker.state);
          }));
        })"""
    )
    assert kept == "redundant"
    assert set(page.evaluate("caches.keys()")) <= {"spare"}
    context.close()


def test_a_link_is_asked_about_before_this_phone_is_added(
    chromium: Browser, door: RunningInstance
) -> None:
    page = chromium.new_context(viewport=SMALL).new_page()
    page.goto(door.phone_url)
    expect(page.get_by_role("button", name="Use this browser as a demo phone")).to_be_visible()
    code = page.evaluate("() => fetch('/demo/code', {method: 'POST'}).then((one) => one.json())")
    fingerprint = page.evaluate(FINGERPRINT)
    page.goto("about:blank")
    page.goto(f"{door.phone_url}/#enrol={code['code']}.{fingerprint}")
    expect(page.get_by_role("heading", name=re.compile("Add this phone to "))).to_be_focused()
    assert "enrol" not in page.url
    check(page, "asked")
    page.get_by_role("button", name="Yes, add it").click()
    expect(page.get_by_role("status")).to_contain_text("This phone is added to")
    page.context.close()
