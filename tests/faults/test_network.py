"""A bad line never loses, doubles or invents an entry: the app's own outbox against a real door."""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Callable

import pytest

from tests.faults import bad_lines
from tests.faults.conftest import MakePhone
from tests.faults.counts import Runs
from tests.faults.history import History
from tests.faults.phones import ManyPhone
from tests.faults.proxy import Fault, FaultProxy, passed
from tests.faults.record import Record

Faults = Callable[..., Runs]


def test_a_request_cut_at_any_byte_is_sent_again(fault: Faults, trial) -> None:
    # 64 steps from the first byte of the head to the last of the body, and again.
    steps = iter(range(10**9))
    trial(
        fault("C04", "request reset after k bytes", 64, 2_000),
        lambda chance: bad_lines.request_cut(
            (next(steps) % 64) / 64, politely=chance.random() < 0.5
        ),
        got=False,
    )


def test_an_answer_cut_at_any_byte_is_asked_for_again(fault: Faults, trial) -> None:
    steps = iter(range(10**9))
    trial(
        fault("C05", "answer cut after k bytes", 64, 2_000),
        lambda chance: bad_lines.answer_cut(
            (next(steps) % 64) / 64, politely=chance.random() < 0.5
        ),
        got=False,
    )


def test_a_swallowed_answer_is_given_again_byte_for_byte(
    fault: Faults, trial, line: FaultProxy, record: Record
) -> None:
    trial(fault("C06", "answer swallowed after commit", 100, 5_000), lambda _: bad_lines.swallowed)


def test_an_older_answer_is_no_answer(fault: Faults, trial, line: FaultProxy) -> None:
    def older(chance: random.Random) -> Fault:
        answers = [one for one in line.answers if b"vnd.sharelog" in one[:600]]
        return bad_lines.replayed(chance.choice(answers[-20:]))

    trial(fault("C07", "an older answer replayed", 50, 500), older, got=False)


def test_no_portal_passes_for_the_door(fault: Faults, trial) -> None:
    portals = sorted(bad_lines.PORTALS.values(), key=str)
    trial(
        fault("C08", "captive portal, seven kinds", 30, 300),
        lambda chance: chance.choice(portals),
        got=False,
    )


def test_json_without_a_signature_is_no_answer(fault: Faults, trial) -> None:
    def unsigned(chance: random.Random) -> Fault:
        tail = chance.choice([b"", bytes(64), chance.randbytes(64)])

        def strip(body: bytes) -> bytes:
            said = body[4:-64] + tail
            return said if tail == b"" else struct.pack(">I", len(said)) + said

        return bad_lines.changed(strip)

    trial(
        fault("C09", "JSON with no signature or any", 30, 300),
        unsigned,
        got=False,
        told=(None, "unsigned"),
    )


def test_one_flipped_bit_of_an_answer_is_no_answer(fault: Faults, trial) -> None:
    trial(
        fault("C11b", "one bit of the answer flipped", 50, 2_000),
        lambda chance: bad_lines.flipped(chance.random(), chance.randrange(8)),
        got=False,
        told=(None, "unsigned"),
    )


def test_a_request_heard_twice_is_kept_once(fault: Faults, trial) -> None:
    trial(
        fault("C12", "request heard twice", 60, 1_000),
        lambda chance: bad_lines.twice(chance.random() < 0.5),
    )


def test_a_request_that_arrives_behind_the_next_one_is_kept_once(fault: Faults, trial) -> None:
    trial(
        fault("C12b", "request overtaken by the next", 60, 1_000),
        lambda _: bad_lines.late(bad_lines.refused),
        got=False,
    )


def test_a_compressed_answer_is_read_or_asked_for_again(fault: Faults, trial) -> None:
    kinds = sorted(bad_lines.SQUEEZED.items())
    trial(
        fault("C13", "answer compressed, badly compressed", 20, 200),
        lambda chance: chance.choice(kinds)[1],
    )


def test_a_line_that_never_answers_is_given_up(fault: Faults, trial, make_phone) -> None:
    phone = make_phone()
    assert phone.sync()["asked"] == 15_000
    # The patience of these runs is a fifteenth of a second instead of 15 s.
    trial(
        fault("C02", "connected, never answered", 50, 500),
        lambda _: bad_lines.silent,
        patience=66,
        got=False,
    )


def test_a_slow_line_brings_it_or_is_given_up_and_has_one_request_at_a_time(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("C03", "200 bit/s to 32 kbit/s, a hundred times faster", 20, 200):
        for _ in range(3):
            phone.log()
        # A hundred times faster on both sides, so that a run takes no minute.
        phone.tell("set", patience=150)
        line.always(bad_lines.throttled(100 * chance.choice([200, 1_000, 9_600, 32_000])))
        assert phone.sync()["mostInFlight"] == 1
        line.heal()
        phone.tell("set", patience=15_000)
        assert phone.sync()["line"] == "reached"
        assert "waiting" not in phone.states().values()
    assert record.proves(history) == []


def test_without_a_line_everything_waits(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("C01", "nobody there", 50, 500):
        line.always(bad_lines.refused)
        ids = []
        for _ in range(chance.randint(1, 4)):
            ids.append(phone.log()["id"])
            assert phone.sync()["line"] == "no-signal"
        assert {phone.states()[one] for one in ids} == {"waiting"}
        line.heal()
        assert phone.sync()["line"] == "reached"
    phone.states()
    assert record.proves(history) == []


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_who_may_not_send_keeps_everything(fault: Faults, trial, status: str) -> None:
    trial(
        fault(f"C16 {status[:3]}", f"{status} from something in between", 15, 100),
        lambda _: bad_lines.problem(status, "signature.wrong"),
        got=False,
    )


def test_the_door_says_when_to_come_back(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("C15", "429 and 503, with Retry-After or none", 30, 300):
        phone.log()
        asked = chance.choice([0, 7, 90, 1_200])
        told = {"Retry_After": str(asked)} if asked else {}
        status = chance.choice(["429 Too Many Requests", "503 Service Unavailable"])
        line.always(bad_lines.problem(status, "sync.too_many", **told))
        for _ in range(chance.randint(1, 5)):
            tried = phone.sync()
            assert tried["line"] == "problem"
            assert asked * 1000 <= tried["wait"] <= max(asked * 1000, 15 * 60 * 1000)
        line.heal()
        assert phone.sync()["line"] == "reached"
    phone.states()
    assert record.proves(history) == []


def _holds(event_ids: list[bytes]) -> Callable[[bytes], bool]:
    return lambda body: any(one in body for one in event_ids)


def _marks(phone: ManyPhone, ids: set[str]) -> list[bytes]:
    """What tells these events in the body of a request: their signatures."""
    rows = [row for row in phone.tell("holds") if row["id"] in ids]
    return [base64.b64decode(row["event"])[-64:] for row in rows]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("C17", "500 Internal Server Error", "http.failed"), ("C14", "413 Too Large", "x")],
)
def test_an_entry_that_the_door_cannot_take_delays_no_other(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record,
    name: str, status: str, code: str,
) -> None:  # fmt: skip
    phone = make_phone()
    for chance in fault(name, f"{status[:3]} whenever one certain entry is in it", 10, 100):
        ids = [phone.log()["id"] for _ in range(chance.randint(2, 24))]
        bad = set(chance.sample(ids, chance.choice([1, 1, 2]) if len(ids) > 3 else 1))
        chosen = _holds(_marks(phone, bad))
        line.always(bad_lines.when(chosen, bad_lines.problem(status, code), passed))
        for _ in range(2):  # one sync cycle more is allowed
            phone.sync()
        states = phone.states()
        assert {states[one] for one in ids if one not in bad} <= {"received", "in-record"}
        assert {states[one] for one in bad} == {"waiting"}
        line.heal()
        assert phone.sync()["line"] == "reached"
    phone.states()
    assert record.proves(history) == []


def test_a_batch_too_large_is_halved(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for chance in fault("C14b", "413 for more than m entries", 8, 100):
        most = chance.randint(1, 12)
        for _ in range(chance.randint(10, 30)):
            phone.log()
        line.always(
            bad_lines.when(
                lambda body, most=most: bad_lines.events_in(body) > most,
                bad_lines.problem("413 Too Large", "sync.too_large"),
                passed,
            )
        )
        assert phone.sync()["line"] == "reached"
        assert "waiting" not in phone.states().values()
    assert record.proves(history) == []


def test_a_name_that_nobody_knows_keeps_everything(
    fault: Faults, line: FaultProxy, make_phone: MakePhone, history: History, record: Record
) -> None:
    phone = make_phone()
    for _ in fault("C19", "name not found", 5, 20):
        one = phone.log()["id"]
        phone.tell("set", origin="http://nobody.invalid:8000")
        assert phone.sync()["line"] == "no-signal"
        assert phone.states()[one] == "waiting"
        phone.tell("set", origin=f"http://127.0.0.1:{line.port}")
        assert phone.sync()["line"] == "reached"
    phone.states()
    assert record.proves(history) == []
