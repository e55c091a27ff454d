"""Photographs every page of the running product into ./shots, light and dark, phone and desktop.

Drives a real demo instance in Chromium through one share, from the phone to the signed-off entry,
then phones through every state of tests/states in both languages, and puts the two pictures of the
README into docs/screenshots. Run it with `make shots`.
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
from tests.phone_in_hand import ARGS, SMALL
from tests.running import RunningInstance
from tests.states.stage import Stage
from tests.states.walks import WALKS

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
        _practice(browser, instance)
        _practitioner(browser, instance)
        _supervisor(browser, instance)
        _oversight(browser, instance)
        _children(browser, instance)
        _administrator(browser, instance)
        _data_protection(browser, instance)
        _welsh(browser, instance)
        # Last, because these phones log much that no page of the record should show.
        _every_state(browser, instance)
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


def shoot_state(page: Page, name: str) -> None:
    """One state of the phone: small, in both schemes, and with text of twice the size."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _shoot_whole(page, f"{name}-{scheme}", SMALL["width"])
    page.emulate_media(color_scheme="light")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    _shoot_whole(page, f"{name}-large", 320)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(SMALL)


def _shoot_whole(page: Page, name: str, width: int) -> None:
    """As high as the page is, so that the bar with the button lies on nothing."""
    page.set_viewport_size({"width": width, "height": SMALL["height"]})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=SHOTS / f"{name}.png")


def _every_state(browser: Browser, instance: RunningInstance) -> None:
    """Each state of the phone in each language, as tests/states brings it there."""
    for language in ("en", "cy"):
        stage = Stage(browser, instance.phone_url, language)
        for walk in WALKS:
            for state in walk(stage):
                shoot_state(stage.page, f"{language}-{walk.__name__}-{state.replace(' ', '-')}")
        stage.close()


def _phone(browser: Browser, instance: RunningInstance) -> None:
    """The entries that the record's pages show, and the picture of the README."""
    context = browser.new_context(viewport=SMALL, device_scale_factor=2, has_touch=True)
    page = context.new_page()
    page.goto(instance.phone_url)
    page.get_by_role("button", name="Use this browser as a demo phone").click()
    expect(page.get_by_text("This phone is added", exact=False)).to_be_visible()
    page.reload()
    for number, share in enumerate(SHARES):
        _log(page, share, photograph=number == 0)
    expect(page.get_by_text("In the record", exact=True)).to_have_count(len(SHARES))
    shoot(page, "phone-in-the-record")
    context.close()


def _log(page: Page, share: tuple[str, str, str, tuple[str, ...]], *, photograph: bool) -> None:
    told, about, shared, why = share
    page.get_by_role("group", name="Often told").get_by_role("checkbox", name=told).check()
    page.get_by_role("textbox", name="Who is it about?").fill(about)
    page.get_by_role("textbox", name="What did you share?").fill(shared)
    for reason in why:
        page.get_by_role("group", name="Why?").get_by_role("checkbox", name=reason).check()
    if photograph:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=README / "phone.png")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
    page.get_by_role("button", name="Log another").click()


def _practice(browser: Browser, instance: RunningInstance) -> None:
    """A drill from the story to the debrief, in both languages."""
    for language in ("en", "cy"):
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        page = context.new_page()
        page.goto(f"{instance.phone_url}/{language}/practice")
        shoot(page, f"{language}-practice-1-story")
        page.locator("#start").click()
        shoot(page, f"{language}-practice-2-form", full=False)
        for field, text in (("told", "A nurse"), ("about", "Robin Example"), ("shared", "A fall")):
            page.locator(f"#{field}").fill(text)
        page.locator("#log button[type=submit]").click()
        shoot(page, f"{language}-practice-3-debrief")
        context.close()


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
    _afterwards(dana.page, tasks)
    _visit(dana.page, instance, "/phones/add", "record-08-add-this-phone")
    dana.close()


def _afterwards(page: Page, entry: str) -> None:
    """What is added after the submission, and what a recipient sees who has a link."""
    for what in ("paragraph", "later/further", "later/correction", "later/outcome"):
        page.goto(f"{entry}/{what}")
        shoot(page, f"record-09-{what.rpartition('/')[2]}")
    page.goto(f"{entry}/later/correction")
    page.get_by_label("What was wrong?").fill("The house number.")
    page.get_by_label("What is right?").fill("It is 12.")
    page.get_by_role("button", name="Add").click()
    shoot(page, "record-09-corrected")
    page.goto(f"{entry}/later/receipt")
    page.get_by_role("button", name="Make a link").click()
    shoot(page, "record-09-link")
    page.goto(page.get_by_label("Link").input_value())
    expect(page.get_by_role("heading", name="Did it arrive?")).to_be_visible()
    shoot(page, "record-09-received")


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


def _oversight(browser: Browser, instance: RunningInstance) -> None:
    """What waits for others, what went wrong, and who has seen an entry."""
    sam = Desk(browser, instance, "Sam Okafor")
    _visit(sam.page, instance, "/to-review?why=neglect", "record-17-filtered")
    _visit(sam.page, instance, "/undocumented", "record-17-not-documented")
    sam.page.locator("main .record-list__link").first.click()
    shoot(sam.page, "record-17-not-documented-entry")
    sam.open_first("Reviewed")
    shoot(sam.page, "record-17-can-undo")
    sam.page.get_by_role("link", name="Who has seen this").click()
    shoot(sam.page, "record-17-seen-by")
    address = sam.page.url.replace("/review/", "/incidents/").removesuffix("/seen-by")
    sam.page.goto(address)
    shoot(sam.page, "record-17-incident")
    sam.page.get_by_label("What happened?").fill("It went to the wrong school.")
    sam.page.get_by_role("button", name="Report and start the clock").click()
    shoot(sam.page, "record-17-incident-open")
    sam.close()
    gwen = Desk(browser, instance, "Gwen Parry")
    _visit(gwen.page, instance, "/governance", "record-18-governance")
    gwen.close()


def _children(browser: Browser, instance: RunningInstance) -> None:
    sam = Desk(browser, instance, "Sam Okafor")
    _visit(sam.page, instance, "/children", "record-17-children")
    sam.page.get_by_label("Name", exact=True).fill("Jaymie Exampel")
    sam.page.get_by_role("button", name="Search").click()
    shoot(sam.page, "record-17-children-found")
    sam.page.get_by_role("main").get_by_role("link").first.click()
    expect(sam.page.get_by_role("heading", level=1)).to_contain_text("Jamie Example")
    shoot(sam.page, "record-18-chronology")
    sam.close()


def _administrator(browser: Browser, instance: RunningInstance) -> None:
    carys = Desk(browser, instance, "Carys Bevan")
    _visit(carys.page, instance, "/to-review", "record-16-allegations-lead")
    carys.close()
    alex = Desk(browser, instance, "Alex Shaw")
    for path in ("/people", "/people/invite", "/phones", "/set-aside", "/law", "/not-theirs"):
        _visit(alex.page, instance, path, "record-20" + path.replace("/", "-"))
    alex.page.goto(instance.record_url + "/people")
    alex.page.get_by_role("link", name="Dana Price").click()
    shoot(alex.page, "record-20-person")
    alex.close()


def _data_protection(browser: Browser, instance: RunningInstance) -> None:
    dana = Desk(browser, instance, "Dana Price")
    dana.open_first("To complete")
    dana.page.get_by_role("link", name="Ask the data protection team").first.click()
    dana.page.get_by_label("What do you want to know?").fill("May I name the aunt?")
    dana.page.get_by_role("button", name="Ask", exact=True).click()
    shoot(dana.page, "record-24-ask")
    dana.close()
    priya = Desk(browser, instance, "Priya Nair")
    _visit(priya.page, instance, "/advice", "record-24-advice")
    priya.page.locator(".record-list__link").first.click()
    shoot(priya.page, "record-24-question")
    _visit(priya.page, instance, "/advice/general", "record-24-general-advice")
    priya.close()
    gwen = Desk(browser, instance, "Gwen Parry")
    for path in ("/directory", "/directory/add", "/directory/import", "/agreements"):
        _visit(gwen.page, instance, path, "record-25" + path.replace("/", "-"))
    _visit(gwen.page, instance, "/directory/recipients/school", "record-25-recipient")
    _visit(gwen.page, instance, "/agreements/add?with=school", "record-25-agreement")
    gwen.close()


def _welsh(browser: Browser, instance: RunningInstance) -> None:
    """The same in Welsh, whose words are longer."""
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
