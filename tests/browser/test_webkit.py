"""The main job on a phone with WebKit: without the door, from the cache, by the fallback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.desk_at_work import Desk
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
