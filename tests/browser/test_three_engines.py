"""The same journeys with Chromium, Firefox and WebKit in the phone.

What an engine cannot do while it is driven stands in tests/engines. Killed browsers, real downloads
and the phone's own lock are tried where they can be: in the other files of this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.engines.hand import Hand
from tests.engines.playwright_hand import PlaywrightHand
from tests.engines.webkit_hand import WebKitHand
from tests.faults.proxy import FaultProxy
from tests.phone_in_hand import firefox_options
from tests.running import RunningInstance
from tests.webkit_phone import Screen

pytestmark = pytest.mark.browser

PHRASE = "three wet umbrellas"
SOCIAL_CARE = "Children's social care (MASH)"

Make = Callable[[], Hand]


@pytest.fixture(scope="module")
def line() -> Iterator[FaultProxy]:
    """The line to the door that can be cut."""
    with FaultProxy() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, line: FaultProxy) -> Iterator[RunningInstance]:
    """One instance for everybody, with that line and without."""
    instance = RunningInstance(tmp_path_factory.mktemp("instance") / "demo", phone_behind=line.port)
    line.forward_to(instance.phone_port)
    instance.start()
    yield instance
    instance.close()


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def make(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    chromium: Browser,
    door: RunningInstance,
    line: FaultProxy,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Make]:
    """Makes phones with one engine; a browser of that engine is started once."""
    url = f"http://phone.localhost:{door.phone_port}"
    if request.param == "webkit":
        screen = Screen()
        home = tmp_path_factory.mktemp("webkit")
        count = iter(range(100))
        yield lambda: WebKitHand(screen, home / str(next(count)), line)
        screen.close()
    elif request.param == "firefox":
        firefox = playwright.firefox.launch(**firefox_options())
        yield lambda: PlaywrightHand(firefox, url)
        firefox.close()
    else:
        yield lambda: PlaywrightHand(chromium, url)


@pytest.fixture
def phone(make: Make) -> Iterator[Hand]:
    """A phone that was added to the demo."""
    hand = make()
    hand.join()
    yield hand
    hand.close()


def test_what_is_logged_or_left_without_signal_reaches_the_record(phone: Hand) -> None:
    phone.signal(False)
    phone.die()
    phone.fill("Heddlu Gogledd Cymru", "Osian Ŵyn, tua 4", "Clywed crio trwy'r drws.")
    phone.log_it()
    phone.sees("On this phone only")
    phone.tap("button", "Log another")
    phone.focus_is("told")
    phone.write("What did you share?", "Typed by mistake")
    phone.keeps("unfinished", 1)
    phone.die()
    phone.sees("You have an unfinished entry from today")
    phone.tap("button", "Bin")
    phone.focus_is("Keep it")
    phone.tap("button", "Yes, bin it")
    phone.sees("The unfinished entry is binned.")
    phone.keeps("unfinished", 0)

    phone.write("What did you share?", "Bruises on both arms, he sa")
    phone.keeps("unfinished", 1)
    phone.die()
    phone.tap("button", "Send as it is")
    phone.sees("Saved on this phone as it was.")
    phone.sees("On this phone only", times=2)
    phone.signal(True)
    phone.this_phone()
    phone.arrives(2)


def test_what_was_written_takes_an_unlock_and_hides_in_one_tap(phone: Hand) -> None:
    phone.fill("Police", "Before", "Logged before the passphrase")
    phone.log_it()
    phone.tap("button", "Read back")
    phone.focus_is("Read back")
    phone.secret("New passphrase", PHRASE)
    phone.secret("The same again", PHRASE)
    phone.tap("button", "Set this passphrase")
    phone.sees("Nothing to read here.")
    phone.tap("button", "Back to logging")
    phone.signal(False)
    phone.tap("checkbox", "Neglect")
    phone.fill("Ms Jones", "Robin Example", "He told me th")
    phone.keeps("unfinished", 1)
    phone.tap("button", "Hide")
    # What was typed is sealed before it goes from the page.
    phone.until(lambda: phone.value("What did you share?") == "", "nothing behind the curtain")
    phone.until(lambda: phone.title() == "Home", "a title that says nothing")
    phone.tap("button", "Back")
    phone.die()
    phone.tap("button", "Continue")
    phone.secret("Passphrase", "a wrong passphrase")
    phone.tap("button", "Unlock")
    phone.sees("That passphrase does not open it.")
    phone.secret("Passphrase", PHRASE)
    phone.tap("button", "Unlock")
    phone.sees("Go on where you were.")
    assert phone.value("What did you share?") == "He told me th"
    assert phone.ticked("checkbox", "Neglect")
    phone.write("What did you share?", "He told me that he is afraid")
    phone.log_it()
    phone.keeps("unfinished", 0)

    phone.tap("button", "Read back")
    phone.sees("Robin Example")
    phone.hidden_for(50)
    phone.sees("Robin Example")
    phone.hidden_for(61)
    phone.sees_no("Robin Example")
    phone.tap("button", "Passphrase forgotten")
    phone.sees("What waits to be sent is untouched")
    phone.keeps("events", 2)


def test_a_call_and_a_doubt_lead_to_what_is_logged(phone: Hand) -> None:
    phone.signal(False)
    phone.without_dialler()
    phone.write("Who is it about?", "Words that must stay")
    phone.tap("button", "Can I share?")
    phone.focus_is("Can I share?")
    phone.sees("ask social care or police before telling family")
    phone.tap("button", "Log that I shared")
    phone.focus_is("told")
    assert phone.value("Who is it about?") == "Words that must stay"
    phone.tap("button", "Call")
    phone.focus_is("Call, then log")
    phone.write("Find", "SOCIÁL care", role="searchbox")
    phone.tap("link", SOCIAL_CARE)
    phone.focus_is("How did the call go?")
    phone.tap("button", "No answer")
    phone.sees("Saved on this phone. Not yet told")
    assert phone.value("Who is it about?") == "Words that must stay"
    phone.tap("button", f"Not yet told: {SOCIAL_CARE}, today")
    phone.focus_is(f"Not yet told: {SOCIAL_CARE}")
    phone.tap("button", "I reached someone")
    phone.focus_is("about")
    assert phone.ticked("checkbox", SOCIAL_CARE)
    phone.write("What did you share?", "What was seen")
    phone.log_it()
    phone.sees_no("Not yet told: ")
    phone.signal(True)
    phone.arrives(2)


def test_what_was_said_and_what_was_wrong_reaches_the_record(phone: Hand) -> None:
    phone.tap("checkbox", "School")
    phone.write("Who is it about?", "Mia Example")
    phone.tap("button", "+ another child")
    phone.focus_is("Child 2")
    phone.write("Name of child 2", "Kit Sample")
    phone.write("What did you share?", "What the aunt said")
    phone.tap("radio", "Yesterday")
    phone.sees("Logging it later is fine.")
    phone.log_it()
    phone.tap("button", "Fix this")
    phone.focus_is("Fix this entry")
    phone.tap("button", "Save the correction")
    phone.sees("Say what was wrong, and what is right")
    phone.write("What was wrong, and what is right?", "It was Tuesday")
    phone.tap("button", "Save the correction")
    phone.sees("The correction is saved on this phone.")
    phone.tap("button", "Fix the entry logged")
    phone.tap("button", "Logged by mistake")
    phone.focus_is("Was it logged by mistake?")
    phone.tap("button", "Yes, a mistake")
    phone.sees("Saved on this phone: it was logged by mistake.")
    phone.this_phone()
    phone.arrives(1, said="2 additions in the record")
    phone.tap("button", "Back to logging")
    phone.tap("button", "Decided not to share")
    phone.focus_is("Decided not to share")
    phone.write("Who is it about?", "Robin Example")
    phone.tap("button", "Log it")
    phone.focus_is("There is a problem")
    phone.sees("Say why you decided not to share")
    phone.write("Why did you decide not to share?", "Already known")
    phone.log_it()
    phone.arrives(2)
    phone.sees_no("needs a look")


def test_a_sealed_file_goes_out_of_one_engine_and_into_another(
    phone: Hand, chromium: Browser, door: RunningInstance, tmp_path: Path
) -> None:
    colleague = PlaywrightHand(chromium, f"http://phone.localhost:{door.phone_port}")
    colleague.join()
    files = {}
    for one in (phone, colleague):
        one.signal(False)
        one.fill("Police", "First child", "What was seen")
        one.log_it()
        one.this_phone()
        one.sees("1 On this phone only")
        files[one] = tmp_path / f"sharelog-waiting-{len(files)}.txt"
        files[one].write_text(one.save_file())
        one.sees("Saved as a file: 1 to send.")
        assert "First child" not in files[one].read_text()
    for one, other in ((phone, colleague), (colleague, phone)):
        one.bring(files[other])
        one.sees("1 taken along")
        one.signal(True)
        one.tap("button", "Send now")
        one.sees("1 was received")
    phone.arrives(1)
    colleague.close()


def test_practice_without_signal_keeps_and_sends_nothing(phone: Hand) -> None:
    phone.signal(False)
    phone.tap("link", "Practice")
    phone.sees("Read this, then log it")
    phone.tap("button", "Start")
    phone.tap("button", "Log it (practice)")
    phone.focus_is("There is a problem")
    phone.fill("A nurse", "Robin Example", "A broken arm")
    phone.tap("button", "Log it (practice)")
    phone.focus_is("Practice: nothing was saved")
    phone.sees("That took 0:")
    phone.sees("Your first time here.")
    assert phone.title().startswith("Practice")
    phone.tap("button", "Try another story")
    phone.sees("Your quickest so far: 0:")
    phone.tap("link", "Back to real logging")
    phone.sees("Log a share")
    phone.sees_no("You have an unfinished entry")
    phone.keeps("events", 0)
    phone.keeps("unfinished", 0)


def test_two_people_on_one_phone_stay_apart(phone: Hand) -> None:
    phone.signal(False)
    phone.fill("Police", "Robin", "What Ama saw")
    phone.log_it()
    phone.tap("button", "Log another")
    phone.this_phone()
    phone.unfold("Add another person")
    phone.write("Who uses it now?", "Ama")
    phone.write("Who shares it from now on?", "Jo")
    phone.tap("button", "Add this person")
    phone.sees("This phone is not added yet")
    phone.sees_no("On this phone only")
    phone.fill("School", "Kit", "What Jo saw")
    phone.log_it()
    phone.sees("On this phone only")
    phone.tap("button", "Log another")
    phone.write("What did you share?", "Jo goes on writing")
    phone.tap("button", "Ama")
    phone.sees("Switch to Ama?")
    phone.tap("button", "Yes, switch")
    phone.until(lambda: phone.value("What did you share?") == "", "a form of Ama's own")
    phone.sees_no("You have an unfinished entry")
    phone.keeps("events", 1)
    phone.signal(True)
    phone.this_phone()
    phone.arrives(1)
    phone.tap("button", "Back to logging")
    phone.tap("button", "Jo")
    phone.sees("You have an unfinished entry from today")
    phone.sees("On this phone only")
    phone.sees_no("In the record")


def test_the_main_job_is_done_in_welsh(make: Make) -> None:
    phone = make()
    phone.sees("Use this browser as a demo phone")
    phone.tap("link", "Cymraeg")
    phone.tap("button", "Defnyddio’r porwr hwn fel ffôn demo")  # noqa: RUF001 as in print
    phone.sees("Mae’r ffôn hwn wedi’i ychwanegu")  # noqa: RUF001
    phone.run("() => navigator.serviceWorker.ready.then(() => true)")
    phone.signal(False)
    phone.die()
    phone.write("Wrth bwy y dywedoch chi?", "Heddlu Gogledd Cymru")
    phone.write("Am bwy y mae?", "Osian, tua 4")
    phone.write("Beth wnaethoch chi ei rannu?", "Clywed crio.")
    phone.tap("button", "Cofnodi")
    phone.sees("Cadwyd ar y ffôn hwn")
    phone.sees("Ar y ffôn hwn yn unig")
    phone.signal(True)
    phone.arrives(1, "Anfon nawr", "Yn y system gofnodion")
    phone.close()
