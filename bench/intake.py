"""How many events a second the phone door takes over loopback: python -m bench.intake [SECONDS]

One gunicorn worker with 32 threads on a fresh ledger; 32 client threads, each a phone that sends
3 kB events signed beforehand and checks that every one was stored. Clients and server share the
machine, so this is a floor, not a limit.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from sync.enrolment import Enrolments
from sync.frames import join
from sync.http import FRAMES, SyncRoom, mount
from sync.intake import Intake
from sync.receipt import read_stored_key, write_stored_key
from sync.store import Device
from sync.store_sqlite import SqliteStore
from tests.events import DANA, EPOCH, NOW, a_device, a_signer, an_event
from tests.phone_words import a_hello

CLIENTS, BATCHES, EVENT_BYTES = 32, (1, 5, 20), 3_000
FOLDER, _APP = "SHARELOG_BENCH_FOLDER", "bench.intake:create_app()"


def create_app() -> Flask:
    """The blind side alone, as the phone door mounts it."""
    folder = Path(os.environ[FOLDER])
    store, signer = SqliteStore.open(folder / "ledger.db"), read_stored_key(folder / "stored.key")
    app = Flask(__name__, static_folder=None)
    enrolments = Enrolments(store, signer, now, "Bench")
    mount(app, SyncRoom(store, Intake(store, signer, now), enrolments))
    return app


def now() -> int:
    return time.time_ns() // 1_000_000


def lay_ground(folder: Path) -> None:
    write_stored_key(folder / "stored.key", a_signer("stored"))
    store = SqliteStore.create(folder / "ledger.db", EPOCH)
    for number in range(CLIENTS):
        phone: Device = a_device(f"phone {number}")
        store.offer_code(phone.id, DANA, NOW + 1)
        store.enrol(phone.id, phone)
    store.close()


def bodies(number: int, batch: int, count: int) -> list[bytes]:
    """Requests of one phone, signed before the clock runs."""
    name, made = f"phone {number}", []
    for start in range(count):
        seqs = range(start * batch + 1, (start + 1) * batch + 1)
        noise = os.urandom(EVENT_BYTES - 174)
        events = [an_event(name, seq, sealed=noise, at=now()).to_bytes() for seq in seqs]
        made.append(join([a_hello(name), *events]))
    return made


def client(port: int, requests: list[bytes], until: float, took: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for body in requests:
        begun = time.monotonic()
        if begun > until:
            break
        connection.request("POST", "/sync/events", body, {"Content-Type": FRAMES})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(said)
        results = json.loads(said[4:-64])["results"]
        if {result["outcome"] for result in results} != {"stored"}:
            raise RuntimeError(results)
        took.append(time.monotonic() - begun)
    connection.close()


def measure(port: int, batch: int, seconds: float) -> str:
    # More than a server of this kind has taken yet; a row that runs dry just ends sooner.
    count = int(seconds * 1_600 / CLIENTS / batch**0.4)
    prepared = [bodies(number, batch, count) for number in range(CLIENTS)]
    took: list[float] = []
    begun = time.monotonic()
    clients = [
        threading.Thread(target=client, args=(port, requests, begun + seconds, took))
        for requests in prepared
    ]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    lasted = time.monotonic() - begun
    took.sort()
    p50, p99 = (1000 * took[int(len(took) * part)] for part in (0.5, 0.99))
    rate = len(took) / lasted
    return f"| {batch} | {rate:,.0f} | {rate * batch:,.0f} | {p50:.0f} ms | {p99:.0f} ms |"


def journal_mode() -> str:
    """What a ledger made on this machine is kept with."""
    with tempfile.TemporaryDirectory() as folder:
        SqliteStore.create(Path(folder) / "ledger.db", EPOCH).close()
        db = sqlite3.connect(Path(folder) / "ledger.db")
        (mode,) = db.execute("PRAGMA journal_mode").fetchone()
        db.close()
    return str(mode).upper()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def rows(seconds: float) -> Iterator[str]:
    """The table, a row for each size of batch, each on a ledger of its own."""
    yield "| batch | requests/s | events/s | p50 | p99 |\n|---|---|---|---|---|"
    for batch in BATCHES:
        with tempfile.TemporaryDirectory() as folder:
            lay_ground(Path(folder))
            port = free_port()
            words = ["--threads", "32", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
            server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *words, "--log-level", "error", _APP],
                env=os.environ | {FOLDER: folder},
            )
            try:
                wait_until_up(port, server)
                yield measure(port, batch, seconds)
            finally:
                server.terminate()
                server.wait(30)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores, {CLIENTS} clients, {EVENT_BYTES} B events, {seconds:.0f} s a row"
    )
    for row in rows(seconds):
        print(row, flush=True)


def wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    main()
