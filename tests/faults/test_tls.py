"""A line over TLS that is broken or another's: all is kept, and goes once the line is whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.faults.conftest import MakePhone
from tests.faults.counts import Runs
from tests.faults.hands import HandledPhone, reload
from tests.faults.history import History
from tests.faults.proxy import FaultProxy
from tests.faults.record import Record
from tests.faults.secure_line import BAD, SecureLine, mid_way
from tests.phone_in_hand import ARGS

Faults = Callable[..., Runs]
KINDS = (*BAD, "handshake cut", "handshake silent", "reset", "garbled", "moved")


@pytest.fixture
def secure(tmp_path: Path, line: FaultProxy) -> Iterator[SecureLine]:
    """A line over TLS to that line."""
    with SecureLine(tmp_path / "certificates", line.port) as made:
        yield made


@pytest.fixture
def elsewhere(tmp_path: Path, secure: SecureLine, line: FaultProxy) -> Iterator[SecureLine]:
    """Another address, with a certificate by the same authority."""
    with SecureLine(tmp_path / "certificates", line.port, "127.0.0.2") as made:
        yield made


def _goes_wrong(secure: SecureLine, line: FaultProxy, kind: str, chance: random.Random) -> None:
    if kind in BAD:
        secure.shows = kind
    elif kind == "handshake cut":
        # Less than what a server says before anybody may ask it something.
        secure.breaks_after = chance.randrange(1, 200)
    elif kind == "handshake silent":
        secure.way = "silent"
    else:
        way = "silent" if kind == "moved" else kind
        line.on_sync(mid_way(secure, way, heard=chance.random() < 0.5))


def test_over_broken_tls_nothing_is_said_and_nothing_lost(
    fault: Faults, line: FaultProxy, secure: SecureLine, elsewhere: SecureLine,
    make_phone: MakePhone, history: History, record: Record,
) -> None:  # fmt: skip
    phone = make_phone(NODE_EXTRA_CA_CERTS=str(secure.authority))
    phone.tell("set", origin=secure.origin)
    assert phone.sync()["line"] == "reached"
    here = secure
    for n, chance in enumerate(fault("C18", "TLS broken in nine ways", 18, 200)):
        kind = KINDS[n % len(KINDS)]
        ids = [phone.log()["id"] for _ in range(chance.randint(1, 3))]
        heard = len(line.requests)
        _goes_wrong(here, line, kind, chance)
        phone.tell("set", patience=400)
        assert phone.sync()["line"] == "no-signal", kind
        assert {phone.states()[one] for one in ids} == {"waiting"}, kind
        assert phone.tell("alarm") is None
        # Whoever is not the door gets nothing, not even sealed.
        if kind in (*BAD, "handshake cut", "handshake silent"):
            assert len(line.requests) == heard, kind
        else:
            assert len(line.requests) == heard + 1, kind
        if kind == "moved":
            here = elsewhere if here is secure else secure
        here.heal()
        line.heal()
        phone.tell("set", patience=15_000, origin=here.origin)
        assert phone.sync()["line"] == "reached", kind
        assert "waiting" not in phone.states().values(), kind
    assert record.proves(history) == []


@pytest.mark.browser
def test_an_app_whose_door_shows_a_bad_certificate_opens_logs_and_sends_later(
    fault: Faults, playwright: Playwright, tmp_path: Path, line: FaultProxy, secure: SecureLine,
    history: History, record: Record, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # Only the good certificate's own key is believed; whatever is wrong with others stays wrong.
    believed = f"--ignore-certificate-errors-spki-list={secure.good_key}"
    monkeypatch.setattr("tests.phone_in_hand.ARGS", [*ARGS, believed])
    phone = HandledPhone(playwright, tmp_path / "profile", secure.url, history, record)
    phone.open()
    assert record.demo_person is not None
    phone.join(record.demo_person)
    reload(phone.page)
    phone.settle()
    for n, chance in enumerate(fault("C18 app", "TLS broken under the installed app", 4, 24)):
        kind = KINDS[n % (len(KINDS) - 1)]  # where a name leads to is not this test's to change
        _goes_wrong(secure, line, kind, chance)
        if chance.random() < 0.5:
            phone.dies()
            phone.open()
        phone.logs()
        page = phone.page
        page.evaluate("() => dispatchEvent(new Event('online'))")
        told = page.get_by_role("button", name="This phone: Not reached · 1 waiting")
        expect(told).to_be_visible(timeout=40_000)
        entries = page.get_by_role("list", name="Entries on this phone")
        expect(entries.get_by_text("On this phone only", exact=True)).to_have_count(1)
        secure.heal()
        line.heal()
        phone.settle()
        page.get_by_role("button", name="Log another").click()
    phone.close()
    assert record.proves(history) == []
