"""Photographs every page of the running product into ./shots, light and dark, phone and desktop.

Drives a real demo instance in Chromium through one share, from the phone to the signed-off entry,
and puts the two pictures of the README into docs/screenshots. Run it with `make shots`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.desk_at_work import Desk
from tests.phone_in_hand import ARGS
from tests.running import RunningInstance

ROOT = Path(__file__).parent.parent
SHOTS = ROOT / "shots"
README = ROOT / "docs" / "screenshots"
SIZES = {"360": (360, 740), "desktop": (1280, 900)}
SCHEMES = ("light", "dark")

# Invented, like everybody in it.
SHARES = (
    (
        "Police (999)",
        "Jamie Example, about 4",
        "Crying behind the door and a man shouting since 19:00. Gave the address and that Jamie "
        "has a brother aged 2.",
        ("Immediate danger", "Emotional abuse"),
    ),
    (
        "Children's social care (MASH)",
        "Kit Sample, year 6",
        "Third Monday without a coat or lunch. Asked whether anyone is already visiting.",
        ("Neglect",),
    ),
)


def main() -> None:
    """Make, drive, photograph, stop."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()
    README.mkdir(parents=True, exist_ok=True)
    with _instance() as instance, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        _phone(browser, instance)
        _practitioner(browser, instance)
        _supervisor(browser, instance)
        _administrator(browser, instance)
        _welsh(browser, instance)
        browser.close()
    for picture in sorted(SHOTS.iterdir()):
        print(picture.relative_to(ROOT))


def shoot(page: Page, name: str, full: bool = True) -> None:
    """One page in every size and scheme; it stays as it was."""
    before = page.viewport_size
    for (size, (width, height)), scheme in product(SIZES.items(), SCHEMES):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=SHOTS / f"{name}-{size}-{scheme}.png", full_page=full)
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def _phone(browser: Browser, instance: RunningInstance) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, has_touch=True
    )
    page = context.new_page()
    page.goto(instance.phone_url)
    shoot(page, "phone-1-first-visit", full=False)
    page.get_by_role("button", name="Use this browser as a demo phone").click()
    expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Log it").click()
    shoot(page, "phone-2-problems")
    page.reload()
    for number, share in enumerate(SHARES):
        _log(page, share, photograph=number == 0)
    expect(page.get_by_text("In the record", exact=True)).to_have_count(len(SHARES))
    shoot(page, "phone-5-in-the-record")
    _moment(page)
    page.locator("#pill").click()
    shoot(page, "phone-6-this-phone")
    context.close()


def _moment(page: Page) -> None:
    """What else can be said in the moment, and what is added afterwards."""
    page.get_by_role("textbox", name="Who is it about?").fill("Jamie Example")
    page.get_by_role("button", name="+ another child").click()
    page.get_by_role("textbox", name="Name of child 2").fill("Kit Sample")
    page.get_by_role("group", name="Child 2").get_by_role("button", name="Age").click()
    page.get_by_text("More: risk, family, danger").click()
    page.get_by_label("Works or volunteers with children").check()
    page.get_by_label("Someone told me").check()
    page.get_by_label("Yesterday").check()
    page.get_by_role("textbox", name="What did you share?").fill("A few lines. " * 60)
    shoot(page, "phone-7-everything")
    page.get_by_role("button", name="Decided not to share").click()
    page.get_by_label("Look at it again on").fill("2030-01-15")
    shoot(page, "phone-8-decided-not-to-share")
    page.get_by_label("Now", exact=True).check()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
    page.get_by_role("button", name="Fix this").click()
    shoot(page, "phone-9-fix")
    page.get_by_role("textbox", name="What was wrong, and what is right?").fill("On Tuesday")
    page.get_by_role("button", name="Save the correction").click()
    shoot(page, "phone-9-fixed", full=False)
    page.get_by_role("button", name="Fix the entry logged").first.click()
    page.get_by_role("button", name="Logged by mistake").click()
    shoot(page, "phone-9-mistake")
    page.get_by_role("button", name="No", exact=True).click()
    page.go_back()


def _log(page: Page, share: tuple[str, str, str, tuple[str, ...]], *, photograph: bool) -> None:
    told, about, shared, why = share
    page.get_by_role("group", name="Often told").get_by_role("checkbox", name=told).check()
    page.get_by_role("textbox", name="Who is it about?").fill(about)
    page.get_by_role("textbox", name="What did you share?").fill(shared)
    for reason in why:
        page.get_by_role("group", name="Why?").get_by_role("checkbox", name=reason).check()
    if photograph:
        shoot(page, "phone-3-filled", full=False)
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=README / "phone.png")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
    if photograph:
        shoot(page, "phone-4-saved")
    page.get_by_role("button", name="Log another").click()


def _practitioner(browser: Browser, instance: RunningInstance) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(instance.record_url)
    shoot(page, "record-01-sign-in")
    context.close()
    dana = Desk(browser, instance, "Dana Price")
    dana.page.get_by_role("navigation").get_by_role("link", name="To complete").click()
    shoot(dana.page, "record-02-to-complete")
    dana.open_first("To complete")
    shoot(dana.page, "record-03-tasks")
    tasks = dana.page.url
    links = dana.page.locator(f"main a[href^='{tasks.removeprefix(instance.record_url)}/']")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    for address in dict.fromkeys(addresses):
        dana.page.goto(instance.record_url + address)
        shoot(dana.page, f"record-04-{address.rpartition('/')[2]}")
    dana.page.goto(tasks)
    dana.document_everything()
    shoot(dana.page, "record-05-tasks-done")
    dana.page.goto(f"{tasks}/check")
    shoot(dana.page, "record-06-check")
    dana.page.goto(tasks)
    dana.submit()
    shoot(dana.page, "record-07-submitted")
    _visit(dana.page, instance, "/phones/add", "record-08-add-this-phone")
    dana.close()


def _supervisor(browser: Browser, instance: RunningInstance) -> None:
    sam = Desk(browser, instance, "Sam Okafor")
    sam.page.get_by_role("navigation").get_by_role("link", name="To review").click()
    shoot(sam.page, "record-10-to-review")
    sam.open_first("To review")
    shoot(sam.page, "record-11-review")
    # Tall enough for the decision to be seen under what it is about.
    sam.page.set_viewport_size({"width": 1200, "height": 1240})
    sam.page.screenshot(path=README / "review.png")
    sam.decide("Sign off")
    expect(sam.page.get_by_text("Nothing waits for review.")).to_be_visible()
    shoot(sam.page, "record-12-signed-off")
    sam.open_first("Reviewed")
    shoot(sam.page, "record-13-reviewed")
    _visit(sam.page, instance, "/overview", "record-16-overview")
    _visit(sam.page, instance, "/people", "record-14-not-allowed")
    _visit(sam.page, instance, "/nowhere", "record-15-not-found")
    sam.close()


def _administrator(browser: Browser, instance: RunningInstance) -> None:
    carys = Desk(browser, instance, "Carys Bevan")
    _visit(carys.page, instance, "/to-review", "record-16-allegations-lead")
    carys.close()
    alex = Desk(browser, instance, "Alex Shaw")
    for path in ("/people", "/people/invite", "/phones", "/set-aside"):
        _visit(alex.page, instance, path, "record-20" + path.replace("/", "-"))
    alex.page.goto(instance.record_url + "/people")
    alex.page.get_by_role("link", name="Dana Price").click()
    shoot(alex.page, "record-20-person")
    alex.close()


def _welsh(browser: Browser, instance: RunningInstance) -> None:
    """The same in Welsh, whose words are longer."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(instance.phone_url + "/cy")
    shoot(page, "cy-phone-1-first-visit")
    page.get_by_role("button", name="Cofnodi", exact=True).click()
    shoot(page, "cy-phone-2-problems")
    page.locator("#pill").click()
    shoot(page, "cy-phone-3-this-phone")
    context.close()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(instance.record_url + "/language/cy")
    shoot(page, "cy-record-1-sign-in")
    page.get_by_role("button", name="Mewngofnodi fel Sam Okafor").click()
    for path in ("/to-review", "/reviewed", "/to-complete", "/phones/add"):
        _visit(page, instance, path, "cy-record-2" + path.replace("/", "-"))
    context.close()


def _visit(page: Page, instance: RunningInstance, path: str, name: str) -> None:
    page.goto(instance.record_url + path)
    shoot(page, name)


@contextmanager
def _instance() -> Iterator[RunningInstance]:
    with tempfile.TemporaryDirectory() as folder:
        instance = RunningInstance(Path(folder) / "demo")
        try:
            instance.start()
            yield instance
        finally:
            instance.close()


if __name__ == "__main__":
    main()
