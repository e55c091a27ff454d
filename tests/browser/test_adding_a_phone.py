"""A phone is added to the organisation: by typing a code, by its camera, by a link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.camera import film_of_qr
from tests.desk_at_work import Desk
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


class Offer:
    """What the record shows to somebody who adds their phone."""

    def __init__(self, browser: Browser, instance: RunningInstance):
        desk = Desk(browser, instance, "Dana Price")
        desk.page.get_by_role("link", name="Phones", exact=True).click()
        desk.page.get_by_role("button", name="Add this phone").or_(
            desk.page.get_by_role("link", name="Add this phone")
        ).first.click()
        self.code = desk.page.locator("#code").inner_text()
        self.words = desk.page.locator("#words li").all_inner_texts()
        desk.close()


def root_fingerprint(page: Page) -> str:
    """The fingerprint of the root that signed this instance's keys, as a link carries it."""
    return str(
        page.evaluate(
            """async () => {
              const body = new Uint8Array(await (await fetch('/sync/keys')).arrayBuffer());
              const text = new TextDecoder().decode(body.slice(4, body.length - 64));
              const b64 = (t) => atob(t.replaceAll('-', '+').replaceAll('_', '/'));
              const root = Uint8Array.from(b64(JSON.parse(text).root), (c) => c.charCodeAt(0));
              const named = new TextEncoder().encode('sharelog/1/root');
              const all = Uint8Array.of(...named, ...root);
              const digest = await crypto.subtle.digest('SHA-256', all);
              return btoa(String.fromCharCode(...new Uint8Array(digest)))
                .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
            }"""
        )
    )


def open_this_phone(page: Page) -> None:
    """Tap the pill at the top."""
    page.get_by_role("button", name=re.compile("This phone")).click()
    expect(page.get_by_role("heading", name="This phone", exact=True)).to_be_visible()


def test_a_typed_code_is_checked_by_eight_words_and_sends_what_waits(
    playwright: Playwright, chromium: Browser, tmp_path: Path, instance: RunningInstance
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open()
    phone.fill("Police", "A child", "Logged before anyone knew this phone")
    phone.log_it()
    expect(page.get_by_text("On this phone only", exact=True).first).to_be_visible()
    offer = Offer(chromium, instance)

    open_this_phone(page)
    page.get_by_label("Code from the record").fill(offer.code.lower())
    page.get_by_role("button", name="Use this code").click()
    expect(page.locator("#eight-words li")).to_have_text(offer.words)
    page.get_by_role("button", name="Yes, the same words").click()
    expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
    expect(page.get_by_text("In the record", exact=True).first).to_be_visible(timeout=90_000)
    phone.close()


def test_a_code_that_was_used_is_refused_and_nothing_is_lost(
    playwright: Playwright, chromium: Browser, tmp_path: Path, instance: RunningInstance
) -> None:
    offer = Offer(chromium, instance)
    first = PhoneInHand(playwright, tmp_path / "first", instance.phone_url)
    second = PhoneInHand(playwright, tmp_path / "second", instance.phone_url)
    for phone, heard in ((first, "This phone is added"), (second, "This code is used")):
        page = phone.open()
        open_this_phone(page)
        page.get_by_label("Code from the record").fill(offer.code)
        page.get_by_role("button", name="Use this code").click()
        page.get_by_role("button", name="Yes, the same words").click()
        expect(page.get_by_text(heard, exact=False)).to_be_visible()
        phone.close()


def test_the_camera_reads_the_qr_code_and_adds_the_phone(
    playwright: Playwright, chromium: Browser, tmp_path: Path, instance: RunningInstance
) -> None:
    offer = Offer(chromium, instance)
    looking = PhoneInHand(playwright, tmp_path / "looking", instance.phone_url)
    fingerprint = root_fingerprint(looking.open())
    looking.close()
    link = f"{instance.phone_url}/#enrol={offer.code.replace('-', '')}.{fingerprint}"
    film = film_of_qr(link, tmp_path / "camera.y4m")

    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open(camera=film)
    open_this_phone(page)
    page.get_by_role("button", name="Scan the QR code").click()
    expect(page.get_by_text("This phone is added", exact=False)).to_be_visible(timeout=20_000)
    phone.close()


def test_a_link_of_another_organisation_is_refused(
    playwright: Playwright, chromium: Browser, tmp_path: Path, instance: RunningInstance
) -> None:
    offer = Offer(chromium, instance)
    phone = PhoneInHand(playwright, tmp_path / "profile", instance.phone_url)
    page = phone.open(path=f"/#enrol={offer.code}.{'A' * 43}")
    expect(page.get_by_text("another organisation", exact=False)).to_be_visible()
    assert "enrol" not in page.url, "a code must not stay in the address"
    phone.close()
