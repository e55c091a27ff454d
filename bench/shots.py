"""Photographs every state of both doors into ./shots, light and dark, in both languages.

Drives phones through every state of tests/states and the record door through every state of
tests/desk_states, and puts the two pictures of the README, made on a real demo instance, into
docs/screenshots. Run it with `make shots`; words narrow it: `make shots ONLY="desk cy 360 dark"`.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.desk_at_work import Desk
from tests.desk_states.stage import DeskStage
from tests.desk_states.walks import WALKS as DESK_WALKS
from tests.phone_in_hand import ARGS, SMALL, quick_chromium
from tests.running import RunningInstance
from tests.states.stage import Stage
from tests.states.walks import WALKS

ROOT = Path(__file__).parent.parent
SHOTS = ROOT / "shots"
README = ROOT / "docs" / "screenshots"
SIZES = {"360": (360, 740), "desktop": (1280, 900)}
# What there is to choose from; whoever names nothing of a line gets all of it. `readme` is the two
# pictures there, and `large` text of twice the size, on the phone alone.
DOORS = ("readme", "practice", "phone", "desk")
LANGUAGES = ("en", "cy")
LOOKS = ("360", "desktop", "large")
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


def main(words: list[str]) -> None:
    """Make, drive, photograph, stop."""
    wanted = Wanted.of(words)
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()
    README.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**quick_chromium(), args=ARGS)
        if set(wanted.doors) != {"desk"}:
            with _instance() as instance:
                _of_the_demo(browser, instance, wanted)
        if "desk" in wanted.doors:
            _every_desk_state(browser, wanted)
        browser.close()
    print(f"{sum(1 for _ in SHOTS.iterdir())} pictures in {SHOTS.relative_to(ROOT)}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pictures are to be made."""

    doors: tuple[str, ...]
    languages: tuple[str, ...]
    looks: tuple[str, ...]
    schemes: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Wanted:
        """What these words leave of everything; a word that means nothing ends it."""
        lines = (DOORS, LANGUAGES, LOOKS, SCHEMES)
        if unknown := set(words).difference(*lines):
            raise SystemExit(f"{', '.join(sorted(unknown))}: none of {' '.join(sum(lines, ()))}")
        return cls(*(tuple(one for one in line if one in words) or line for line in lines))


def _of_the_demo(browser: Browser, instance: RunningInstance, wanted: Wanted) -> None:
    """Whatever is photographed on one real instance."""
    if "readme" in wanted.doors:
        _phone(browser, instance)
        _review(browser, instance)
    if "practice" in wanted.doors:
        _practice(browser, instance, wanted)
    # Last, because these phones log much that no page of the record should show.
    if "phone" in wanted.doors:
        _every_state(browser, instance, wanted)


def shoot(page: Page, name: str, wanted: Wanted, full: bool = True) -> None:
    """One page in every size and scheme that is wanted; it stays as it was."""
    before = page.viewport_size
    for size, scheme in product((one for one in SIZES if one in wanted.looks), wanted.schemes):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=SHOTS / f"{name}-{size}-{scheme}.png", full_page=full)
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def shoot_state(page: Page, name: str, wanted: Wanted) -> None:
    """One state of the phone: small, in both schemes, and with text of twice the size."""
    for scheme in wanted.schemes if "360" in wanted.looks else ():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _shoot_whole(page, f"{name}-{scheme}", SMALL["width"])
    page.emulate_media(color_scheme="light")
    if "large" in wanted.looks:
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


def _file_name(state: str) -> str:
    return re.sub(r"\W+", "-", state).strip("-")


def _every_state(browser: Browser, instance: RunningInstance, wanted: Wanted) -> None:
    """Each state of the phone in each language, as tests/states brings it there."""
    for language in wanted.languages:
        stage = Stage(browser, instance.phone_url, language)
        for walk in WALKS:
            for state in walk(stage):
                name = f"{language}-{walk.__name__}-{_file_name(state)}"
                shoot_state(stage.page, name, wanted)
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


def _practice(browser: Browser, instance: RunningInstance, wanted: Wanted) -> None:
    """A drill from the story to the debrief."""
    for language in wanted.languages:
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        page = context.new_page()
        page.goto(f"{instance.phone_url}/{language}/practice")
        shoot(page, f"{language}-practice-1-story", wanted)
        page.locator("#start").click()
        shoot(page, f"{language}-practice-2-form", wanted, full=False)
        for field, text in (("told", "A nurse"), ("about", "Robin Example"), ("shared", "A fall")):
            page.locator(f"#{field}").fill(text)
        page.locator("#log button[type=submit]").click()
        shoot(page, f"{language}-practice-3-debrief", wanted)
        context.close()


def _every_desk_state(browser: Browser, wanted: Wanted) -> None:
    """Each state of the record door in each language, as tests/desk_states brings it there."""
    for language in wanted.languages:
        with tempfile.TemporaryDirectory() as folder:
            desk = DeskStage(Path(folder), language)
            page = desk.opened(browser.new_context())
            for walk in DESK_WALKS:
                for state in walk(desk):
                    desk.show(page)
                    name = f"{language}-desk-{walk.__name__}-{_file_name(state)}"
                    shoot(page, name, wanted)
            page.context.close()


def _review(browser: Browser, instance: RunningInstance) -> None:
    """The picture of the README: what a supervisor reads and decides."""
    dana = Desk(browser, instance, "Dana Price")
    dana.open_first("To complete")
    dana.document_everything()
    dana.submit()
    dana.close()
    sam = Desk(browser, instance, "Sam Okafor")
    sam.open_first("To review")
    # Tall enough for the decision to be seen under what it is about.
    sam.page.set_viewport_size({"width": 1200, "height": 1470})
    sam.page.screenshot(path=README / "review.png")
    sam.close()


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
    main(sys.argv[1:])
