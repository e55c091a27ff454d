"""The drill: a machine is lost, a backup is restored, and phones bring back what came after it."""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from sync.event import CAPTURE
from sync.store_sqlite import SqliteStore
from tests.command import demo_code, sharelog
from tests.running import RunningInstance
from tests.stranger_client import Answer, Door, Event, Phone

PHONES, SECONDS = 20, 30
CANARY = "Wilhelmina Canary"


@dataclass
class Carrier:
    """A phone that does as docs/protocol.md says: it lets go of nothing, and offers it again."""

    phone: Phone
    held: list[Event] = field(default_factory=list)
    receipts: int = 0

    def log(self, count: int) -> None:
        events = [self.phone.capture() for _ in range(count)]
        self.held += events
        answer = self.phone.send(*events)
        self.receipts += answer.outcomes.count("stored")

    def meet(self) -> Answer:
        """A hello; where the server is another one than before, what is missing is sent again."""
        before = self.phone.seen
        answer = self.phone.send()
        if before and before[0] != answer.epoch:
            answer = self.phone.send(holds=[event.id for event in self.held])
            again = [event for event in self.held if event.id in answer.missing]
            if again:
                answer = self.phone.send(*again)
                assert answer.outcomes == ["stored"] * len(again)
        return answer


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[RunningInstance]:
    made = RunningInstance(tmp_path / "demo", suite=1)
    made.start()
    yield made
    made.close()


@pytest.fixture
def recovery(instance: RunningInstance, tmp_path: Path) -> Path:
    """The recovery key, taken away."""
    return (instance.folder / "keys" / "recovery.key").rename(tmp_path / "recovery.key")


def a_phone(instance: RunningInstance) -> Carrier:
    carrier = Carrier(Phone(Door(instance.phone_url)))
    carrier.phone.enrol(demo_code(instance))
    return carrier


def said(folder: Path, *words: str, typed: str = "", code: int = 0) -> str:
    got, out, errors = sharelog(folder, *words, typed=typed)
    assert got == code, (out, errors)
    return out + errors


def back_up(instance: RunningInstance) -> Path:
    out = said(instance.folder, "backup")
    assert "found whole" in out
    return Path(out.splitlines()[0].rpartition("\r")[2])


def kept(instance: RunningInstance) -> Counter[bytes]:
    store = SqliteStore.open(instance.folder / "ledger.db")
    try:
        rows = store.after(0, 100_000)
        return Counter(row.id for row in rows if row.header.kind == CAPTURE and row.sealed)
    finally:
        store.close()


def test_everything_receipted_since_the_backup_comes_back_from_twenty_phones(
    instance: RunningInstance, recovery: Path, tmp_path: Path
) -> None:
    phones = [a_phone(instance) for _ in range(PHONES)]
    for phone in phones:
        phone.log(2)
    erased = phones[0].held[0]
    backup = back_up(instance).rename(tmp_path / "taken.sharelog-backup")
    told = phones[0].phone.send().told
    assert 2 * PHONES <= told["backed_up_to"] <= told["head"]["position"]
    for phone in phones:
        phone.log(3)
    # Erased after the backup, which still holds it: the list beside the backups says so.
    entry = UUID(bytes=erased.header[36:52])
    said(instance.folder, "erase", str(entry), "--why", "the wrong family", typed=f"{entry}\n")
    assert erased.id not in kept(instance)
    listed = shutil.copy(instance.folder / "backups" / "erased.txt", tmp_path / "erased.txt")
    head = re.findall(r"\d+:[0-9a-f]{64}", said(instance.folder, "verify"))[-1]
    instance.stop()

    shutil.rmtree(instance.folder)
    asked = ("restore", str(backup), "--recovery-key", str(recovery))
    assert "The drill went well" in said(instance.folder, *asked, "--drill")
    assert not instance.folder.exists()
    out = said(instance.folder, *asked, "--head", head, "--erased", str(listed))
    assert "Erased again: 1 entries." in out
    instance.start()
    for phone in phones:
        phone.meet()

    found = kept(instance)
    assert sum(phone.receipts for phone in phones) == 5 * PHONES
    wanted = {event.id for phone in phones for event in phone.held} - {erased.id}
    assert set(found) == wanted
    assert set(found.values()) == {1}
    report = said(instance.folder, "verify")
    assert "The ledger is whole" in report
    assert f"{3 * PHONES} events of {3 * PHONES} entries came back" in report
    assert phones[0].phone.send(erased).outcomes == ["disposed"]
    again = phones[1].phone.capture()
    phones[1].phone.send(again)
    phones[1].phone.until(again, lambda told: again.id in told.opened, SECONDS)


def test_a_backup_made_while_phones_send_restores_to_what_was_receipted_before_it(
    instance: RunningInstance, recovery: Path, tmp_path: Path
) -> None:
    phones, stop = [a_phone(instance) for _ in range(4)], threading.Event()

    def keep_sending(phone: Carrier) -> None:
        while not stop.is_set():
            phone.log(5)

    senders = [threading.Thread(target=keep_sending, args=(phone,)) for phone in phones]
    for sender in senders:
        sender.start()
    try:
        backups = [back_up(instance) for _ in range(2)]
    finally:
        stop.set()
        for sender in senders:
            sender.join()
    instance.stop()
    for number, backup in enumerate(backups):
        folder = tmp_path / f"restored-{number}"
        said(folder, "restore", str(backup), "--recovery-key", str(recovery))
        assert "The ledger is whole" in said(folder, "verify")


def test_nothing_is_written_over_and_no_wrong_key_or_file_ends_in_a_trace(
    instance: RunningInstance, recovery: Path, tmp_path: Path
) -> None:
    phone = a_phone(instance)
    phone.log(1)
    backup = back_up(instance)
    instance.stop()
    there = ("restore", str(backup), "--recovery-key", str(recovery))
    assert "is not empty" in said(instance.folder, *there, code=1)
    other = tmp_path / "other"
    said(other, "init", "--organisation", "Southside")
    wrong = ("--recovery-key", str(other / "keys" / "recovery.key"))
    fresh = tmp_path / "fresh"
    assert "does not open this backup" in said(fresh, "restore", str(backup), *wrong, code=1)
    assert "is not a recovery key" in said(
        fresh, "restore", str(backup), "--recovery-key", str(other / "master.key"), code=1
    )
    assert "There is no file" in said(fresh, "restore", "nowhere", *there[2:], code=1)
    raw = backup.read_bytes()
    harmed = tmp_path / "harmed"
    harm: Callable[[bytes], bytes]
    for harm in (lambda b: b[:-40], lambda b: b[:-400] + b"!" + b[-399:], lambda b: b"x" + b):
        harmed.write_bytes(harm(raw))
        assert "Nothing was changed" in said(fresh, "restore", str(harmed), *there[2:], code=1)
    assert not fresh.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_holds_no_word_in_clear_and_old_ones_go(
    instance: RunningInstance, recovery: Path
) -> None:
    phone = a_phone(instance)
    phone.log(1)
    first = back_up(instance)
    raw = first.read_bytes()
    assert b"organisation" not in raw
    assert b"SQLite format" not in raw
    line, facts, rest = raw.split(b"\n", 2)
    old = re.sub(rb'"made_at":\d+', b'"made_at":1000', facts)
    first.write_bytes(b"\n".join([line, old, rest]))
    stranger = first.with_name("notes.sharelog-backup")
    stranger.write_text("not ours to remove")
    out = said(instance.folder, "backup")
    assert f"Removed, older than 35 days: {first.name}" in out
    assert not first.exists()
    assert stranger.exists()
