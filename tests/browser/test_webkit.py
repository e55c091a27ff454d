"""The main job on a phone with WebKit: without the door, from the cache, by the fallback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from selenium.webdriver.common.by import By

from tests.desk_at_work import Desk
from tests.faults.proxy import Exchange, FaultProxy, passed
from tests.running import RunningInstance
from tests.webkit_phone import Screen, WebKitPhone

pytestmark = pytest.mark.browser

ABOUT = "Osian Ŵyn-ap-Siôn, tua 4"
WHAT = 'Clywed crio trwy\'r drws. <script>alert("x")</script> & "quoted".'

Make = Callable[[RunningInstance], WebKitPhone]


@pytest.fixture
def make_phone(tmp_path: Path) -> Iterator[Make]:
    """Phones on a display of their own."""
    screen = Screen()
    phones: list[WebKitPhone] = []

    def make(instance: RunningInstance) -> WebKitPhone:
        home = tmp_path / f"phone-{len(phones)}"
        home.mkdir()
        phones.append(WebKitPhone(screen, home, instance.phone_url))
        return phones[-1]

    yield make
    for phone in phones:
        phone.close()
    screen.close()


def test_a_share_logged_in_webkit_while_nobody_answers_reaches_the_record_word_for_word(
    make_phone: Make, chromium: Browser, instance: RunningInstance
) -> None:
    phone = make_phone(instance)
    phone.join_demo()
    phone.wait_until_installed()
    instance.stop()
    phone.driver.refresh()
    phone.fill("Heddlu Gogledd Cymru", ABOUT, WHAT)
    phone.log_it()
    phone.driver.refresh()
    phone.until(lambda: any("On this phone only" in state for state in phone.states()))
    # WebKitGTK has no ML-KEM yet; what seals instead came from the cache, with no door to ask.
    assert any("noble" in address for address in phone.loaded())

    instance.start()
    phone.until(lambda: any("In the record" in state for state in phone.states()), 60)
    dana = Desk(chromium, instance, "Dana Price")
    dana.open_first("To complete")
    assert dana.captured() == {"about": ABOUT, "shared": WHAT}
    dana.close()


def test_a_page_put_away_in_the_middle_of_its_first_contact_holds_up_no_other(
    make_phone: Make, tmp_path: Path
) -> None:
    asked, answer = threading.Semaphore(0), threading.Event()

    async def held(exchange: Exchange) -> None:
        asked.release()
        while not answer.is_set():
            await asyncio.sleep(0.02)
        await passed(exchange)

    with FaultProxy() as line:
        instance = RunningInstance(tmp_path / "demo", phone_behind=line.port)
        line.forward_to(instance.phone_port)
        instance.start()
        line.always(held, "/sync/keys")
        phone = make_phone(instance)
        assert asked.acquire(timeout=20)
        phone.driver.find_element(By.LINK_TEXT, "Cymraeg").click()
        assert asked.acquire(timeout=20), "the page in Welsh asks as well"
        answer.set()
        phone.named("button", "Y ffôn hwn: Yn barod")
        phone.driver.back()
        phone.named("button", "This phone: Ready")
        instance.close()
