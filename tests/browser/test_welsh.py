"""The main job in Welsh, found by its Welsh names alone, at the phone and at the desk."""

# Welsh is written with the apostrophe of print.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests import open_to_everyone
from tests.phone_in_hand import SMALL, PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


def check(page: Page) -> None:
    """In Welsh, without barriers, and not wider than a small phone."""
    before = page.viewport_size
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    page.set_viewport_size(SMALL)
    open_to_everyone.check(page, page.url)
    if before:
        page.set_viewport_size(before)


def fill(page: Page) -> None:
    """The three required answers."""
    page.get_by_role("textbox", name="Wrth bwy y dywedoch chi?").fill("Heddlu Gogledd Cymru")
    page.get_by_role("textbox", name="Am bwy y mae?").fill("Osian, tua 4")
    page.get_by_role("textbox", name="Beth wnaethoch chi ei rannu?").fill("Clywed crio.")


def save(page: Page) -> None:
    """Keep a section and come back to the entry."""
    page.get_by_role("button", name="Cadw a pharhau").click()
    expect(page.get_by_role("heading", name="Cwblhau’r cofnod hwn", level=1)).to_be_visible()


def sign_in(browser: Browser, instance: RunningInstance, name: str) -> Page:
    """Somebody at a desk who chose Welsh before signing in."""
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.goto(instance.record_url)
    page.get_by_role("link", name="Cymraeg").click()
    check(page)
    page.get_by_role("button", name=re.compile(f"^Mewngofnodi fel {name}")).click()
    expect(page.get_by_role("button", name="Allgofnodi")).to_be_visible()
    return page


def document(page: Page) -> None:
    """Answer what is required."""
    page.get_by_role("link", name="Pam y gwnaethoch rannu, a beth a adawyd allan").click()
    check(page)
    page.get_by_label("Beth roeddech chi am iddo ddigwydd?").fill("Swyddog heno.")
    page.get_by_label("Pam roedd angen rhannu?").fill("Perygl.")
    page.get_by_label("Beth wnaethoch chi ei adael allan, a pham?").fill("dim")
    save(page)
    page.get_by_role("link", name="Sail gyfreithlon").click()
    check(page)
    group = page.get_by_role("group", name="Beth yw’r sail gyfreithlon?")
    group.get_by_role("radio", name="Tasg gyhoeddus").check()
    save(page)
    page.get_by_role("link", name="Cydsyniad, ac wrth bwy y dywedwyd").click()
    asked = page.get_by_role("group", name="A ofynnwyd am gydsyniad?")
    asked.get_by_role("radio", name="Naddo", exact=True).check()
    page.get_by_label("Pam na wnaed hynny", exact=False).fill("Perygl iddo.")
    told = page.get_by_role("group", name="A ddywedwyd wrth y plentyn neu riant?")
    told.get_by_role("radio", name="Naddo, nid oedd yn ddiogel dweud wrthynt").check()
    page.get_by_label("Wrth bwy y dywedwyd a phryd, neu pam na ddywedwyd").fill("Dydd Gwener.")
    save(page)
    page.get_by_role("link", name="Canlyniad a chadarnhad derbyn").click()
    page.get_by_label("Beth ddigwyddodd nesaf?").fill("Aethant yno 21:50.")
    save(page)


def test_the_main_job_is_done_in_welsh(
    playwright: Playwright, chromium: Browser, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.wait_until_installed()
    page.get_by_role("contentinfo").get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("button", name="Cofnodi", exact=True)).to_be_visible()
    page.get_by_role("button", name="Defnyddio’r porwr hwn fel ffôn demo").click()
    expect(page.get_by_text("Mae’r ffôn hwn wedi’i ychwanegu", exact=False)).to_be_visible()
    check(page)
    phone.kill()

    page = phone.open(offline=True)
    fill(page)
    page.get_by_role("button", name="Cofnodi", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Cadwyd ar y ffôn hwn")).to_be_visible()
    expect(page.get_by_text("Ar y ffôn hwn yn unig", exact=True)).to_be_visible()
    check(page)
    phone.signal(True)
    page.get_by_role("button", name="Anfon nawr").first.click()
    expect(page.get_by_text("Yn y system gofnodion", exact=True)).to_be_visible(timeout=30_000)
    phone.close()

    dana = sign_in(chromium, instance, "Dana Price")
    dana.get_by_role("navigation").get_by_role("link", name=re.compile("I’w cwblhau")).click()
    check(dana)
    dana.locator(".record-list__link").first.click()
    document(dana)
    dana.get_by_role("button", name="Gwirio’ch atebion").click()
    check(dana)
    dana.get_by_label("Fi a rannodd yr wybodaeth hon").check()
    dana.get_by_role("button", name="Cyflwyno", exact=True).click()
    expect(dana.get_by_role("heading", level=1)).to_have_text("Cyflwynwyd")
    dana.context.close()

    sam = sign_in(chromium, instance, "Sam Okafor")
    sam.locator(".record-list__link").first.click()
    expect(sam.get_by_text("Tasg gyhoeddus", exact=False).first).to_be_visible()
    check(sam)
    sam.get_by_role("button", name="Cymeradwyo", exact=True).click()
    expect(sam.get_by_text("Nid oes dim yn aros am adolygiad.")).to_be_visible()
    sam.context.close()


def test_what_is_typed_comes_along_into_the_other_language(
    playwright: Playwright, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.wait_until_installed()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.signal(False)
    page.get_by_label("School").check()
    page.get_by_role("textbox", name="Who is it about?").fill("Robin Example")
    page.get_by_text("More: risk, how you know").click()
    # Of such an entry no copy is kept that this phone could open: it comes along in memory alone.
    page.get_by_label("Someone is in danger if this becomes known").check()
    page.get_by_role("textbox", name="What did you share?").fill("Half a sentence")
    page.get_by_role("contentinfo").get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("textbox", name="Beth wnaethoch chi ei rannu?")).to_have_value(
        "Half a sentence"
    )
    expect(page.get_by_role("textbox", name="Am bwy y mae?")).to_have_value("Robin Example")
    expect(page.get_by_label("Ysgol")).to_be_checked()
    expect(page.get_by_label("perygl os daw hyn yn hysbys")).to_be_checked()
    page.get_by_role("button", name="Cofnodi", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Cadwyd ar y ffôn hwn")).to_be_visible()
    page.reload()
    expect(page.get_by_role("list", name="Cofnodion ar y ffôn hwn").locator("li")).to_have_count(1)
    # It was one entry all the time: nothing of it is left unfinished.
    expect(page.locator("#left")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Beth wnaethoch chi ei rannu?")).to_have_value("")
    phone.close()


def test_a_language_is_not_changed_over_what_could_not_come_along(
    chromium: Browser, instance: RunningInstance
) -> None:
    page = chromium.new_context(service_workers="block").new_page()
    page.goto(instance.phone_url)
    what = page.get_by_role("textbox", name="What did you share?")
    what.fill("Half a sentence")
    page.get_by_role("contentinfo").get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("alert").filter(has_text="Log it first")).to_be_visible()
    expect(what).to_have_value("Half a sentence")
    page.context.close()


def test_a_page_of_the_record_stays_where_it_is_and_leads_nowhere_else(
    chromium: Browser, instance: RunningInstance
) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(instance.record_url + "/sign-in")
    page.get_by_role("link", name="Cymraeg").click()
    assert page.url == instance.record_url + "/sign-in"
    expect(page.get_by_role("heading", name="Mewngofnodi i’r system gofnodion")).to_be_visible()
    page.goto(instance.record_url + "/language/en?back=//elsewhere.example")
    assert page.url.startswith(instance.record_url)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.context.close()
