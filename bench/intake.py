"""How many events a second the phone door takes over loopback: python -m bench.intake [SECONDS]

One gunicorn worker with 32 threads on a fresh ledger; 32 client threads, each a phone that sends
3 kB events signed beforehand and checks that every one was stored. Clients and server share the
machine, so this is a floor, not a limit.

Machines differ, and so does one from hour to hour. What they have in common is that each event
costs a signature to check and one to make: what those alone would take of one core, timed before
and after each row, says how much else there is, on any machine. The more, the better.
"""

from __future__ import annotations

import http.client
import os
import platform
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import timeit
from collections.abc import Iterator
from pathlib import Path

import msgspec
from flask import Flask

from sync.enrolment import Enrolments
from sync.frames import join, verify
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


def requests_of(number: int, batch: int, count: int) -> list[bytes]:
    """Requests of one phone, laid out and signed before the clock runs."""
    name, made = f"phone {number}", []
    for start in range(count):
        seqs = range(start * batch + 1, (start + 1) * batch + 1)
        noise = os.urandom(EVENT_BYTES - 174)
        events = [an_event(name, seq, sealed=noise, at=now()).to_bytes() for seq in seqs]
        body = join([a_hello(name), *events])
        head = f"Host: phone\r\nContent-Type: {FRAMES}\r\nContent-Length: {len(body)}\r\n\r\n"
        made.append(b"POST /sync/events HTTP/1.1\r\n" + head.encode() + body)
    return made


class _Result(msgspec.Struct):
    outcome: str


class _Answer(msgspec.Struct):
    results: list[_Result]


def client(port: int, requests: list[bytes], until: float, took: list[float]) -> None:
    """A phone, as light as can be: what it costs is taken from the server's two cores."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        for request in requests:
            begun = time.monotonic()
            if begun > until:
                break
            line.sendall(request)
            status, body = _heard(line)
            if status != 200:
                raise RuntimeError(body)
            answer = msgspec.json.decode(body[4:-64], type=_Answer)
            if any(result.outcome != "stored" for result in answer.results):
                raise RuntimeError(body)
            took.append(time.monotonic() - begun)


def _heard(line: socket.socket) -> tuple[int, bytes]:
    """The status and the whole body of one answer."""
    raw, end, length = b"", -1, 0
    while end < 0 or len(raw) < end + 4 + length:
        piece = line.recv(1 << 17)
        if not piece:
            raise ConnectionResetError
        raw += piece
        if end < 0 and (end := raw.find(b"\r\n\r\n")) > 0:
            _, _, said = raw[:end].lower().partition(b"\r\ncontent-length: ")
            length = int(said.partition(b"\r\n")[0])
    return int(raw[9:12]), raw[end + 4 :]


def measure(port: int, batch: int, seconds: float) -> tuple[float, list[float]]:
    """Seconds that it lasted, and those of each request."""
    # More than a server of this kind has taken yet; a row that runs dry just ends sooner.
    count = int(seconds * 1_600 / CLIENTS / batch**0.4)
    prepared = [requests_of(number, batch, count) for number in range(CLIENTS)]
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
    return lasted, took


def described(batch: int, lasted: float, took: list[float], signatures: float) -> str:
    """A line of the table; `signatures` are the seconds that one event's two take by themselves."""
    took.sort()
    p50, p99 = (1000 * took[int(len(took) * part)] for part in (0.5, 0.99))
    rate = len(took) / lasted
    share = f"{1e6 * signatures:.0f} µs, {100 * rate * batch * signatures:.0f} %"
    return (
        f"| {batch} | {rate:,.0f} | {rate * batch:,.0f} | {p50:.0f} ms | {p99:.0f} ms | {share} |"
    )


def signature_seconds() -> float:
    """To check one and to make one, on this machine while nothing else goes on."""
    signer, message = a_signer("stored"), os.urandom(110)
    signature = signer.sign(message)
    check = timeit.repeat(lambda: verify(signer.public, signature, message), number=100, repeat=9)
    make = timeit.repeat(lambda: signer.sign(message), number=100, repeat=9)
    return (statistics.median(check) + statistics.median(make)) / 100


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
    yield "| batch | requests/s | events/s | p50 | p99 | two signatures, all of a core |"
    yield "|--:|--:|--:|--:|--:|--:|"
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
                before = signature_seconds()
                lasted, took = measure(port, batch, seconds)
                yield described(batch, lasted, took, (before + signature_seconds()) / 2)
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
