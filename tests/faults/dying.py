"""Work on the stores in a process of its own that dies by SIGKILL at a chosen statement.

Processes come from a fork server that has imported everything, so that hundreds cost little.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from logger.build.record import open_record
from logger.cli.lock import holding
from logger.cli.main import main
from logger.clock import system_clock, system_randomness
from logger.journal import rebuild
from logger.keys.master import read_master_key
from logger.phone_door import create_app
from logger.settings import Settings
from sync.frames import join
from sync.http import FRAMES
from sync.intake import Intake
from sync.sqlite import ground
from sync.sqlite.ground import Ground
from sync.store_sqlite import SqliteStore
from tests.events import EPOCH, NOW, a_signer
from tests.phone_words import a_hello

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.dying"])
WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT")


class _Dying(Ground):
    """Dies before the n-th writing statement, or right after a commit; 0 is never."""

    def __init__(self, path: Path, at: int, *, after_commit: bool):
        super().__init__(path)
        self._left, self._after = at, after_commit
        self._write.conn.set_trace_callback(None if after_commit else self._count)

    def _count(self, statement: str) -> None:
        # Called when the statement begins; for COMMIT, before anything of it is on the disk.
        if statement.lstrip().upper().startswith(WRITES):
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def _outermost(self) -> Iterator[None]:
        with super()._outermost():
            yield
        if self._after:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _serve(path: Path, requests: list[list[bytes]], at: int, after: bool, line: Connection) -> None:
    store = SqliteStore(_Dying(path, at, after_commit=after))
    intake = Intake(store, a_signer("stored"), lambda: NOW)
    for hello, *events in requests:
        try:
            line.send_bytes(intake.answer(hello, events))
        except sqlite3.Error as error:
            line.send_bytes(repr(error).encode())
    intake.close()
    store.close()


def answers(
    path: Path, requests: list[list[bytes]], at: int = 0, *, after_commit: bool = False
) -> tuple[list[bytes], bool]:
    """The answers that got out, and whether the process died on the way."""
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(
        target=_serve, args=(path, requests, at, after_commit, theirs), daemon=True
    )
    process.start()
    theirs.close()
    got: list[bytes] = []
    try:
        while True:
            got.append(ours.recv_bytes())
    except EOFError:
        pass
    process.join(30)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return got, process.exitcode != 0


def making_dies(path: Path, at: int) -> bool:
    """Make a new ledger and die at that statement; whether it came to it."""
    return _in_a_process(_make, path, at)


def rebuilding_dies(folder: Path, at: int) -> bool:
    """Make the index of this instance anew and die at that statement; whether it came to it."""
    return _in_a_process(_rebuild, folder, at)


def serving(folder: Path) -> int:
    """The exit code of `sharelog serve` on this instance, in a process of its own."""
    process = _CONTEXT.Process(target=_serve_all, args=(folder,), daemon=False)
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def _serve_all(folder: Path) -> None:
    ports = ("--phone-port", "1", "--record-port", "2")
    sys.exit(main(["serve", *ports, "--instance", str(folder)]))


def _make(path: Path, at: int) -> None:
    _trace(ground, "_connect", at)
    SqliteStore.create(path, EPOCH).close()


def _rebuild(folder: Path, at: int) -> None:
    settings = Settings.read(folder)
    master = read_master_key(settings.master_key)
    record = open_record(settings, master, system_clock, system_randomness)
    _trace(rebuild, "connect", at)
    record.rebuild(lambda _done, _of: None)
    record.close()


def _trace(module: Any, name: str, at: int) -> None:
    """Every connection that `module` opens from here on counts its statements."""
    connect: Callable[[Path], Database] = getattr(module, name)
    left = [at]

    def count(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def connected(path: Path) -> Database:
        db = connect(path)
        db.conn.set_trace_callback(count)
        return db

    setattr(module, name, connected)


def _in_a_process(do: Callable[[Path, int], None], path: Path, at: int) -> bool:
    process = _CONTEXT.Process(target=do, args=(path, at), daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


@contextmanager
def lock_held(lock: Path, door: str) -> Iterator[None]:
    """Another process has opened this door and holds its lock."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_hold, args=(lock, door, theirs), daemon=True)
    process.start()
    assert ours.recv_bytes() == b"held"
    yield
    ours.send_bytes(b"enough")
    process.join(10)


def _hold(lock: Path, door: str, line: Connection) -> None:
    with holding(lock, [door]):
        line.send_bytes(b"held")
        line.recv_bytes()


def under_noise(settings: Settings, seed: int, many: int) -> dict[int, int]:
    """How a phone door that may take 200 MB more than at its start answers malformed requests."""
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_hear_noise, args=(settings, seed, many, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        answered: dict[int, int] = ours.recv()
    finally:
        process.join(10)
    return answered


def _hear_noise(settings: Settings, seed: int, many: int, line: Connection) -> None:
    chance, answered = random.Random(seed), dict[int, int]()
    client = create_app(settings, system_clock, system_randomness).test_client()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + 200 * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    host = {"Host": settings.phone_origin.removeprefix("http://")}
    for _ in range(many):
        path = chance.choice(["/sync/events", "/sync/events", "/sync/enrol"])
        answer = client.post(path, data=_noise(chance), content_type=FRAMES, headers=host)
        answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
    line.send(answered)


def _noise(chance: random.Random) -> bytes:
    size = chance.choice([0, 3, 100, 4_000, 2**20 - 8])
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(size)
    if kind == 1:  # frames that lie about their length
        return chance.choice([0, 5, 2**20, 2**31, 2**32 - 1]).to_bytes(4, "big") + bytes(size)
    if kind == 2:  # as deep as fits
        return join([b'{"v":1,"seen":' + b"[" * min(size, 900_000)])
    if kind == 3:  # one long text, one long number
        inner = b'"' + b"\\u0041" * (size // 6) + b'"' if chance.random() < 0.5 else b"9" * size
        return join([b'{"v":1,"nonce":' + inner + b"}" + bytes(64)])
    hello = a_hello(f"noise {chance.randrange(3)}")
    if kind == 4:  # a good hello, and events that are none
        return join([hello, *(chance.randbytes(min(size, 3_000)) for _ in range(250))])
    return join([hello] + [b""] * chance.choice([1, 251, 2_000]))
