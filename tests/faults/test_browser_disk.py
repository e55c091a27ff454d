"""A real disk that is full: nothing is said that is not so, and with room again all goes on."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.faults.counts import Runs
from tests.faults.hands import HandledPhone, reload
from tests.faults.history import History
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record
from tests.faults.releases import AT_ONCE, TRY_UPDATE, VERSIONS, Releases

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]
NOT_SAVED = "NOT saved. Keep this screen"
QUOTA = "Storage.overrideQuotaForOrigin"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 MB; where this machine forbids one, the test says so."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no tmpfs can be mounted here; a quota stands for the full disk (A08)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(place: Path) -> Path:
    full = place / "full"
    with full.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 20)):
                pass
        except OSError:
            pass
        try:
            while file.write(b"0"):
                pass
        except OSError:
            pass
    return full


def _logged_or_not(phone: HandledPhone, words: str, full: Path) -> None:
    """Whatever it says is so; with room again, the entry is logged."""
    warning = phone.page.get_by_text(NOT_SAVED)
    saved = phone.page.get_by_role("heading", name="Saved on this phone")
    kept_here = phone.page.get_by_role("heading", name="Kept on this page only")
    expect(warning.or_(saved).or_(kept_here)).to_be_visible()
    if warning.is_visible():
        phone.form_shows(words)
        full.unlink()
        phone.page.get_by_role("button", name="Log it").click()
        # After a failed write the page itself keeps what it has, and says so.
        expect(kept_here).to_be_visible()
    else:  # the browser had reserved room for it, or the page keeps it
        full.unlink()


def test_a_full_disk_says_not_saved_and_keeps_the_words(
    fault: Faults, playwright: Playwright, small_disk: Path, line: FaultProxy,
    history: History, record: Record,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    phone = HandledPhone(playwright, small_disk / "profile", url, history, record)
    phone.open()
    assert record.demo_person is not None
    phone.join(record.demo_person)
    for _ in fault("A06", "disk full at save", 2, 30):
        words = phone.type()
        full = _fill(small_disk)
        phone.page.get_by_role("button", name="Log it").click()
        _logged_or_not(phone, words, full)
        history.shows_saved(phone.name, words)
        phone.page.get_by_role("button", name="Log another").click()
    entries = phone.page.get_by_role("list", name="Entries on this phone")
    expect(entries.get_by_text("only", exact=False)).to_have_count(0, timeout=40_000)
    phone.close()
    assert record.proves(history) == []


def test_a_quota_that_is_used_up_says_not_saved_and_keeps_the_words(
    fault: Faults, playwright: Playwright, tmp_path: Path, line: FaultProxy,
    history: History, record: Record,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    assert record.demo_person is not None
    for _ in fault("A08", "the browser's quota used up", 1, 20):
        phone = HandledPhone(playwright, tmp_path / "profile", url, history, record)
        phone.open()
        phone.join(record.demo_person)
        phone.close()
        page = phone.launch()
        assert phone.context is not None
        quota = phone.context.new_cdp_session(page)
        # Only a store that is opened afterwards is held to it.
        quota.send(QUOTA, {"origin": url, "quotaSize": 1})
        page.goto(url)
        words = phone.type()
        page.get_by_role("button", name="Log it").click()
        expect(page.get_by_text(NOT_SAVED)).to_be_visible()
        phone.form_shows(words)
        quota.send(QUOTA, {"origin": url})
        page.get_by_role("button", name="Log it").click()
        expect(page.get_by_role("heading", name="Kept on this page only")).to_be_visible()
        history.shows_saved(phone.name, words)
        entries = page.get_by_role("list", name="Entries on this phone")
        expect(entries.get_by_text("In the record", exact=True)).to_have_count(1, timeout=40_000)
        phone.close()
        shutil.rmtree(tmp_path / "profile")
    assert record.proves(history) == []


def test_a_disk_full_while_a_new_version_takes_over_costs_no_entry(
    fault: Faults, playwright: Playwright, small_disk: Path, line: FaultProxy, tmp_path: Path,
    history: History, record: Record, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    assert record.demo_person is not None
    releases = Releases(tmp_path, line, monkeypatch, alone=False)
    for chance in fault("G04", "A06 with B05: a full disk while a new version comes", 1, 50):
        line.heal()
        phone = HandledPhone(playwright, small_disk / "profile", url, history, record)
        phone.open()
        phone.join(record.demo_person)
        reload(phone.page)
        releases.serve(releases.next)
        releases.between()
        words = phone.type()
        full = _fill(small_disk)
        came = phone.page.evaluate(TRY_UPDATE)
        phone.page.evaluate(AT_ONCE, [words, chance.randint(0, 60), chance.randint(0, 60)])
        _logged_or_not(phone, words, full)
        history.shows_saved(phone.name, words)
        phone.settle()
        assert came == "installed" or len(phone.page.evaluate(VERSIONS)) == 1
        phone.close()
        shutil.rmtree(small_disk / "profile")
    releases.stop()
    assert record.proves(history) == []


def test_a_disk_full_while_the_answer_is_written_down_loses_and_doubles_nothing(
    fault: Faults, playwright: Playwright, small_disk: Path, line: FaultProxy,
    history: History, record: Record,
) -> None:  # fmt: skip
    url = f"http://phone.localhost:{line.port}"
    assert record.demo_person is not None
    for _ in fault("A07 disk", "a real disk full during a round", 1, 30):
        # A fresh one each time: at its next start the browser may throw a store away that stood on
        # a full disk (docs/threat-model.md), and with it the key that logging offline needs.
        phone = HandledPhone(playwright, small_disk / "profile", url, history, record)
        phone.open()
        phone.join(record.demo_person)
        phone.signal(False)
        phone.logs()
        phone.page.get_by_role("button", name="Log another").click()
        full = _fill(small_disk)
        asked = len(line.answers)
        phone.signal(True)
        phone.page.evaluate("() => dispatchEvent(new Event('online'))")
        until = time.monotonic() + 20
        while len(line.answers) == asked:
            assert time.monotonic() < until, "nobody was asked"
            # The page goes on meanwhile; the line, not the page, says when the answer has passed.
            phone.page.wait_for_timeout(100)
        entries = phone.page.get_by_role("list", name="Entries on this phone")
        # Now and then the browser had reserved room for it.
        kept = entries.get_by_text("Received by", exact=False).or_(entries.get_by_text("In the"))
        said = phone.page.get_by_text("Make room.", exact=False).or_(kept)
        expect(said.filter(visible=True).first).to_be_visible()
        full.unlink()
        phone.settle()
        phone.close()
        shutil.rmtree(small_disk / "profile")
    assert record.proves(history) == []
