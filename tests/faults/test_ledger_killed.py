"""The phone door dies around a commit: what was answered is there, the rest comes again once."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from sync.checkpoint import verify
from sync.errors import SyncError
from sync.event import Event
from sync.frames import to_text
from sync.intake import Intake
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, a_chain, a_device, a_signer
from tests.faults.counts import Runs
from tests.faults.disk import Disk
from tests.faults.dying import answers, making_dies
from tests.faults.faulty_sqlite import over
from tests.phone_words import a_hello, read_document

Faults = Callable[..., Runs]
CHAIN = a_chain(length=9)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new ledger with one phone."""
    made = tmp_path / "ledger.db"
    store = SqliteStore.create(made, EPOCH)
    store.offer_code(b"c" * 32, DANA, NOW + 1)
    store.enrol(b"c" * 32, a_device())
    store.close()
    return made


def batches(chance: random.Random) -> list[list[Event]]:
    """The chain in requests of one to four events."""
    left, made = list(CHAIN), []
    while left:
        count = chance.randint(1, 4)
        made.append(left[:count])
        left = left[count:]
    return made


def asked(made: list[list[Event]]) -> list[list[bytes]]:
    """As requests, each with a fresh hello."""
    return [[a_hello(), *(event.to_bytes() for event in batch)] for batch in made]


def receipts(raw: list[bytes]) -> dict[str, str]:
    """What was promised, by event; the whole receipt, so that two can be compared."""
    results = [result for one in raw for result in read_document(one)["results"]]
    return {one["id"]: json.dumps(one["receipt"]) for one in results if one["receipt"]}


def whole(path: Path) -> list[str]:
    """The ids of a ledger that verifies, in order."""
    store = SqliteStore.open(path)
    try:
        verdict = verify(store)
        assert (verdict.broken, verdict.findings) == (None, ())
        return [to_text(row.id) for row in store.after(0)]
    finally:
        store.close()


def again(path: Path, made: list[list[Event]], told: dict[str, str]) -> None:
    """The phone asks again for everything: the same receipts, each event once, in its order."""
    raw, died = answers(path, asked(made))
    assert not died
    later = receipts(raw)
    assert {one: later[one] for one in told} == told
    assert whole(path) == [to_text(event.id) for event in CHAIN]


def test_killed_between_commit_and_answer_the_same_receipts_come_later(
    fault: Faults, path: Path
) -> None:
    empty, answered_late = path.read_bytes(), 0
    for chance in fault("D02", "SIGKILL between COMMIT and answer", 12, 1_000):
        path.write_bytes(empty)
        made = batches(chance)
        at = chance.randint(1, len(made))
        raw, died = answers(path, asked(made), at, after_commit=True)
        assert died
        assert len(raw) == at - 1
        kept, told = whole(path), receipts(raw)
        # The batch that was committed last is there, and nobody was told.
        assert len(kept) == sum(len(batch) for batch in made[:at])
        answered_late += len(kept) - len(told)
        again(path, made, told)
    assert answered_late > 0


def test_killed_before_commit_nothing_half_is_kept(fault: Faults, path: Path) -> None:
    empty = path.read_bytes()
    for chance in fault("D03", "SIGKILL before any writing statement up to COMMIT", 24, 1_000):
        path.write_bytes(empty)
        made = batches(chance)
        raw, died = answers(path, asked(made), chance.randint(1, 3 * len(CHAIN)))
        kept, told = whole(path), receipts(raw)
        assert set(told) <= set(kept)
        if died:
            # Not one event of the batch that was being written.
            assert len(kept) == len(told)
        again(path, made, told)


def heard(
    path: Path, requests: list[list[bytes]], chance: random.Random, told: dict[str, str]
) -> None:
    """Ask until the disk fails; of two answers one is swallowed on its way, and asked for again."""
    store = SqliteStore.open(path)
    intake = Intake(store, a_signer("stored"), lambda: NOW)
    try:
        for hello, *events in requests:
            answer = intake.answer(hello, events)
            while chance.random() < 0.5:
                answer = intake.answer(a_hello(), events)
            if chance.random() < 0.5:
                told |= receipts([answer])
    finally:
        intake.close()
        with suppress(Exception):
            store.close()


def test_a_power_cut_while_answers_are_swallowed_breaks_no_receipt_that_was_heard(
    fault: Faults, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, promised, missing = path.read_bytes(), 0, 0
    sound = Disk()
    with over(sound, monkeypatch):
        heard(path, asked(batches(random.Random(1))), random.Random(1), {})
    for chance in fault("G02", "D04 with C06: power cut while answers are swallowed", 8, 500):
        path.write_bytes(empty)
        made, told, at = batches(chance), dict[str, str](), chance.randint(1, sound.calls)
        disk = Disk(fails=lambda n, _what, at=at: apsw.IOError if n >= at else None)
        with over(disk, monkeypatch), suppress(SyncError, sqlite3.Error):
            heard(path, asked(made), chance, told)
        disk.cut(chance)
        promised += len(told)
        missing += len(CHAIN) - len(whole(path))
        again(path, made, told)
    assert promised > 0
    assert missing > 0


def test_killed_while_the_ledger_is_made_it_is_whole_or_refused(
    fault: Faults, tmp_path: Path
) -> None:
    died = 0
    for n, chance in enumerate(fault("D16", "SIGKILL while a new ledger is made", 8, 200)):
        made = tmp_path / f"{n}.db"
        died += making_dies(made, chance.randint(1, 45))
        try:
            SqliteStore.open(made).close()
        except (SyncError, sqlite3.Error):
            made.unlink(missing_ok=True)
            SqliteStore.create(made, EPOCH).close()
        assert whole(made) == []
    assert died > 0
