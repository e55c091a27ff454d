"""A phone written from docs/protocol.md alone makes the whole journey, in both suites.

Each test is one promise of that page which a phone can see for itself. The checks that carry most
weight are in the stranger's client: it throws away every answer that is not signed and complete.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from mnemonic import Mnemonic

from tests.stranger_client import Answer, Phone
from tests.stranger_wire import Event, a_share, mirrored, now, packed

SECONDS = 20.0
ROOT = Path(__file__).parents[2]


def is_opened(answer: Answer) -> bool:
    return bool(answer.opened)


def test_the_stranger_imports_nothing_of_this_project() -> None:
    asked = "import sys, tests.stranger_client; print(*sys.modules, sep='\\n')"
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rooms = {name.split(".")[0] for name in said.stdout.split()}
    assert "cryptography" in rooms
    assert not rooms & {"sync", "logger", "msgspec", "flask"}


def test_a_stranger_makes_the_whole_journey(new_phone, demo_code, suite) -> None:
    phone: Phone = new_phone()
    keys = phone.fetch_keys()
    assert keys.suite == suite
    assert all(word.isalpha() for word in keys.words(Mnemonic("english").wordlist))

    directory = phone.fetch_directory()
    assert directory["organisation"] == keys.organisation
    assert {"en", "cy"} >= {directory["language"]}
    assert directory["recipients"]

    phone.enrol(demo_code())
    first = directory["recipients"][0]
    told = {"code": first["code"], "label": first["label"]["en"], "person": "", "reference": ""}
    how = directory["how"][0]["code"]
    event = phone.capture(a_share(now(), recipients=[told], how=how))

    answer = phone.send(event)
    assert answer.outcomes == ["stored"]
    assert answer.results[0]["receipt"]["lane"] == 0

    known = phone.until(event, is_opened, SECONDS)
    assert known.opened[event.id]["outcome"] == "opened"


@pytest.mark.parametrize("what", ["fix", "mistake", "more"])
def test_words_added_to_an_entry_are_opened(phone, what) -> None:
    first = phone.capture()
    clock = {"at": now(), "utc_offset": 60, "monotonic": 90_000, "last_server": now()}
    said = {"v": 1, "what": what, "text": "It was the left arm.", "clock": clock}
    added = phone.capture(said, kind=2, entry=first.header[36:52])
    assert phone.send(first, added).outcomes == ["stored", "stored"]
    answer = phone.until(added, is_opened, SECONDS)
    assert answer.opened[added.id]["why"] == ""
    assert answer.opened[added.id]["outcome"] == "opened"


def test_eight_words_are_those_of_bip_39(new_phone) -> None:
    keys = new_phone().fetch_keys()
    english = Mnemonic("english")
    # BIP 39 puts a checksum behind; its first eight words of 128 bits are the first 88 bits.
    assert keys.words(english.wordlist) == english.to_mnemonic(keys.fingerprint[:16]).split()[:8]


def test_the_key_statement_stays_the_same_bytes_for_everyone(new_phone) -> None:
    first, second = new_phone().fetch_keys(), new_phone().fetch_keys()
    assert first == second


def test_the_head_follows_from_the_receipts(phone) -> None:
    phone.send()
    for _ in range(20):  # others may write in between, and then the link cannot be followed
        if phone.send(phone.capture(), phone.capture()).link_recomputed:
            return
    pytest.fail("no batch was followed from the head before it to the head after it")


def test_a_batch_is_answered_in_the_order_sent(phone) -> None:
    events = [phone.capture() for _ in range(5)]
    answer = phone.send(*reversed(events))
    assert answer.outcomes == ["stored"] * 5
    positions = [result["receipt"]["position"] for result in answer.results]
    assert len(set(positions)) == 5


def test_an_event_sent_again_gets_the_same_receipt_bytes(phone) -> None:
    event = phone.capture()
    first, second = phone.send(event), phone.send(event)
    assert (first.outcomes, second.outcomes) == (["stored"], ["already-held"])
    assert first.results[0]["receipt"] == second.results[0]["receipt"]


def test_an_event_twice_in_one_batch_is_stored_once(phone) -> None:
    event = phone.capture()
    answer = phone.send(event, event)
    assert answer.outcomes == ["stored", "already-held"]
    assert answer.results[0]["receipt"] == answer.results[1]["receipt"]


def test_the_mirrored_signature_is_the_same_event(phone) -> None:
    event = phone.capture()
    twin = Event(event.header, event.sealed, mirrored(event.signature))
    assert twin.id == event.id
    assert twin.raw != event.raw
    first, second = phone.send(event), phone.send(twin)
    assert (first.outcomes, second.outcomes) == (["stored"], ["already-held"])
    assert first.results[0]["receipt"] == second.results[0]["receipt"]


def test_one_phone_carries_the_events_of_another(phone, new_phone, demo_code) -> None:
    other = new_phone()
    other.enrol(demo_code())
    assert phone.send(other.capture(), phone.capture()).outcomes == ["stored", "stored"]


def test_the_ledger_tells_which_of_the_held_events_it_lacks(phone) -> None:
    stored, never_sent = phone.capture(), phone.capture()
    phone.send(stored)
    answer = phone.send(holds=[stored.id, never_sent.id])
    assert answer.missing == [never_sent.id]


def test_a_batch_of_250_events_is_stored(phone) -> None:
    answer = phone.send(*(phone.capture() for _ in range(250)))
    assert answer.outcomes == ["stored"] * 250


def test_what_is_not_yet_opened_is_not_said_to_be(phone) -> None:
    never_sent = phone.capture()
    assert phone.send(awaiting=[never_sent.id]).opened == {}


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        ({"recipients": []}, "not-our-schema"),
        ({"language": "fr"}, "not-our-schema"),
        ({"v": 2}, "not-our-schema"),
        ({"shared": "x" * 16_385}, "not-our-schema"),
    ],
)
def test_a_content_out_of_shape_is_kept_and_set_aside(phone, instead, why) -> None:
    event = phone.capture(a_share(now(), **instead))
    assert phone.send(event).outcomes == ["stored"]
    answer = phone.until(event, is_opened, SECONDS)
    assert answer.opened[event.id]["outcome"] == "set-aside"
    assert answer.opened[event.id]["why"] == why


def test_names_that_are_not_listed_do_no_harm(phone) -> None:
    event = phone.capture(a_share(now(), from_the_future=[1, 2, 3]))
    phone.send(event)
    answer = phone.until(event, is_opened, SECONDS)
    assert answer.opened[event.id]["outcome"] == "opened"


@pytest.mark.parametrize("spoil", ["padding", "length", "behind", "bomb"])
def test_a_plain_text_of_another_form_is_set_aside(phone, spoil) -> None:
    plain = packed(a_share(now()))
    if spoil == "padding":
        plain = plain[:-1] + b"\x01"
    elif spoil == "length":
        plain += bytes(64)
    elif spoil == "behind":
        told = int.from_bytes(plain[:4], "big")
        plain = (told + 1).to_bytes(4, "big") + plain[4:]
    else:
        plain = packed(a_share(now(), padding="x" * 65_536))
    event = phone.capture(plain=plain)
    assert phone.send(event).outcomes == ["stored"]
    answer = phone.until(event, is_opened, SECONDS)
    assert answer.opened[event.id]["outcome"] == "set-aside"


def test_a_seal_that_does_not_open_is_kept_and_set_aside(phone) -> None:
    whole = phone.capture()
    event = phone.signed(whole.header, whole.sealed[:-1] + bytes([whole.sealed[-1] ^ 1]))
    assert phone.send(event).outcomes == ["stored"]
    answer = phone.until(event, is_opened, SECONDS)
    assert answer.opened[event.id]["why"] == "cannot-be-opened"


def test_an_unknown_record_key_is_kept_and_set_aside(phone) -> None:
    whole = phone.capture()
    event = phone.signed(whole.header[:98] + bytes(8) + whole.header[106:], whole.sealed)
    assert phone.send(event).outcomes == ["stored"]
    answer = phone.until(event, is_opened, SECONDS)
    assert answer.opened[event.id]["why"] == "unknown-key"
