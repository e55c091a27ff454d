"""How fast a ledger is walked: python -m bench.verify [EVENTS] [FOLDER]

Makes a demo instance, fills its ledger with signed events of 100 phones, about as large as an entry
is on the wire, and runs `sharelog verify` on it, twice: that a changed byte is found is asked too.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from logger.cli.main import main
from logger.settings import Settings
from sync.store import Arrival
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_device, an_event

PHONES, AT_ONCE, SEALED_BYTES = 100, 1_000, 1_500
DEFAULT = 1_000_000


def fill(settings: Settings, events: int) -> float:
    """So many events more, each phone's in a chain of its own; the seconds it took."""
    begun = time.monotonic()
    store = SqliteStore.open(settings.ledger)
    for number in range(PHONES):
        phone = a_device(f"phone {number}")
        store.offer_code(phone.id, settings.demo_person or UUID(int=1), NOW + 1)
        store.enrol(phone.id, phone)
    last = {number: bytes(32) for number in range(PHONES)}
    for start in range(0, events, AT_ONCE):
        batch = []
        for n in range(start, min(start + AT_ONCE, events)):
            number, seq = n % PHONES, n // PHONES + 1
            noise = os.urandom(SEALED_BYTES)
            event = an_event(f"phone {number}", seq, prev=last[number], sealed=noise, at=NOW + n)
            last[number] = event.id
            batch.append(Arrival(event))
        store.keep(batch, NOW + start)
    store.close()
    return time.monotonic() - begun


def change_one_byte(ledger: Path, position: int) -> None:
    """Behind everybody's back."""
    with contextlib.closing(sqlite3.connect(ledger)) as db:
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            db.execute(f"DROP TRIGGER {name}")
        (sealed,) = db.execute(
            "SELECT sealed FROM payloads WHERE position = ?", (position,)
        ).fetchone()
        changed = bytes([sealed[0] ^ 1]) + sealed[1:]
        db.execute("UPDATE payloads SET sealed = ? WHERE position = ?", (changed, position))
        db.commit()


def run(events: int, folder: Path) -> None:
    instance = folder / "demo"
    assert main(["demo", "--instance", str(instance)]) == 0
    settings = Settings.read(instance)
    took = fill(settings, events)
    size = settings.ledger.stat().st_size / 2**20
    print(f"made: {events:,} events in {took:,.0f} s, {size:,.0f} MiB", flush=True)
    begun, worked = time.monotonic(), time.process_time()
    assert main(["verify", "--instance", str(instance)]) == 0
    took, worked = time.monotonic() - begun, time.process_time() - worked
    print(f"verify: {took:,.1f} s, {events / took:,.0f} events a second", flush=True)
    # On a machine that has other work this is the figure that stays the same.
    print(f"of the processor: {worked:,.1f} s, {events / worked:,.0f} a second", flush=True)
    change_one_byte(settings.ledger, events // 2)
    assert main(["verify", "--instance", str(instance)]) == 3


if __name__ == "__main__":
    events = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as made:
        run(events, Path(made))
