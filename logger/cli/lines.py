"""Lines to a door: a slow one waits beside the others and is cut off, and never keeps them out.

Without this, as many silent connections as there are threads stop a door that has no proxy in
front of it. So many more threads only listen, each for a limited time; a request that has arrived
whole is answered by one of a few that work.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from gunicorn.workers.gthread import _DEFER, ThreadWorker

LISTENING = 128
WORKING = 16
# So many lines may be open at once. Who waits behind them, in the system's own queue, waits where
# nobody sees for how long.
LINES = 3_000
# What takes long has two threads of its own, so that one can answer while the other's password is
# looked at; and so many may wait for them: of 64 the last would wait for a quarter of a minute.
APART, WAITING_APART = 2, 32
# How long one request may take to arrive. Phones give up after a quarter of that.
ARRIVES_WITHIN = 60.0
# How long a request may wait until somebody hears it. Phones give up after three times as long; to
# answer those who have given up would leave no time for those who have not.
HEARD_WITHIN = 5.0
_LOOK_SECONDS = 1.0
_PIECE = 64 * 1024


# Before anything of the request is read: to a phone this is no answer, so it keeps everything.
_COME_AGAIN = (
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: {seconds}\r\nConnection: close\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    "Cache-Control: no-store\r\nContent-Length: {length}\r\n\r\n{words}"
)
_MANY = "Many ask at this moment. Try again shortly.\nMae llawer yn gofyn. Ceisiwch eto cyn hir.\n"
# So that those who are sent away together do not come again together.
_AGAIN_FROM, _AGAIN_SPREAD = 2, 9


class PatientWorker(ThreadWorker):
    """gunicorn's worker with threads, that hangs up on whoever takes too long, and tells whoever
    has waited too long to come again."""

    def init_process(self) -> None:
        """Begin to look at the time, then serve."""
        self._until: dict[socket.socket, float] = {}
        # Since when somebody waits to be heard; and how many were told to come again.
        self._waits: weakref.WeakKeyDictionary[Any, float] = weakref.WeakKeyDictionary()
        self._sent_away = itertools.count()
        # Those that were answered, and how much they have sent since.
        self._parting: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        threading.Thread(target=self._hang_up, name="hanging up", daemon=True).start()
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Somebody speaks, and waits for a thread."""
        self._waits[conn] = time.monotonic()
        super().enqueue_req(conn)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """Somebody speaks whom we waited for. Who was answered already needs no thread, and must
        not stand in the line of those who wait for one."""
        if conn not in self._parting:
            super().on_pending_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        with _again(conn) as line:
            parted: Future[Any] = Future()
            parted.set_result(self._part_from(conn, line))
        self.finish_request(conn, parted)

    def handle(self, conn: Any) -> Any:
        """One request, from its first byte to the end of its answer; then whether it stays."""
        with _again(conn) as line:
            self._until[line] = time.monotonic() + ARRIVES_WITHIN
            try:
                stays = conn not in self._parting and self._hear(conn, line)
                return stays or self._part_from(conn, line)
            finally:
                del self._until[line]

    def _hear(self, conn: Any, line: socket.socket) -> Any:
        now = time.monotonic()
        waited = now - self._waits.pop(conn, now)
        # A line of TLS cannot be told without the work that there is no time for; only `--lan`,
        # for trials, has one.
        if waited <= HEARD_WITHIN or self.cfg.is_ssl:
            return super().handle(conn)
        seconds = _AGAIN_FROM + next(self._sent_away) % _AGAIN_SPREAD
        words = _COME_AGAIN.format(seconds=seconds, length=len(_MANY), words=_MANY)
        with contextlib.suppress(OSError):  # it has gone by itself
            line.sendall(words.encode("ascii"))
        return False

    def _part_from(self, conn: Any, line: socket.socket) -> Any:
        """Nothing more is said to this one. gunicorn would wait up to two seconds for it to hang
        up, and everybody else with it: so it waits here without a thread, called again when it
        speaks. To close while it still sends could take its answer from it."""
        sent = self._parting.get(conn, 0)
        try:
            line.shutdown(socket.SHUT_WR)
            while sent < _PIECE and (piece := line.recv(_PIECE, socket.MSG_DONTWAIT)):
                sent += len(piece)
            line.shutdown(socket.SHUT_RDWR)
        except BlockingIOError:
            self._parting[conn] = sent
            return _DEFER
        except OSError:
            return False  # it is closed already
        return False

    def _hang_up(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)  # a line is cut off at most so much later than it should be
            now = time.monotonic()
            for line, until in list(self._until.items()):
                if now > until:
                    _hear_no_more(line)


def _again(conn: Any) -> socket.socket:
    # The same line under a number of its own: TLS puts another object in the place of `sock`.
    return socket.socket(fileno=os.dup(conn.sock.fileno()))


class Unhurried:
    """Lets a request in once it has arrived whole; a body above `most` is the door's to refuse.

    What `takes_long`, by its method and path, waits apart; where no place is left, the door is told
    by the name `too_many` in the environment, and has to say so.
    """

    def __init__(
        self,
        door: WSGIApplication,
        most: int,
        in_memory: int,
        takes_long: Callable[[str, str], bool] = lambda _method, _path: False,
        too_many: str = "",
        working: int = WORKING,
    ):
        self._door, self._most, self._in_memory = door, most, in_memory
        self._takes_long, self._too_many = takes_long, too_many
        # Threads of their own, since each of them keeps its connections to the files open.
        self._working = ThreadPoolExecutor(working, "working")
        self._apart = ThreadPoolExecutor(APART, "apart")
        self._places = threading.BoundedSemaphore(APART + WAITING_APART)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The door's answer."""
        with tempfile.SpooledTemporaryFile(self._in_memory) as body:
            declared = environ.get("CONTENT_LENGTH") or "0"
            if declared.isdecimal() and int(declared) <= self._most:
                _copy(environ["wsgi.input"].read, body.write, self._most + 1)
            body.seek(0)
            environ["wsgi.input"] = body
            return self._answered(environ, start_response)

    def _answered(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        if self._takes_long(environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")):
            if self._places.acquire(blocking=False):
                try:
                    return self._submit(self._apart, environ, start_response)
                finally:
                    self._places.release()
            environ[self._too_many] = True
        return self._submit(self._working, environ, start_response)

    def _submit(
        self, threads: ThreadPoolExecutor, environ: dict[str, Any], start_response: StartResponse
    ) -> list[bytes]:
        return threads.submit(_answer, self._door, environ, start_response).result()


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], int], left: int) -> None:
    while left and (piece := read(min(_PIECE, left))):
        write(piece)
        left -= len(piece)


def _answer(
    door: WSGIApplication, environ: dict[str, Any], start_response: StartResponse
) -> list[bytes]:
    made = door(environ, start_response)
    try:
        return list(made)
    finally:
        close = getattr(made, "close", None)
        if close is not None:
            close()


def _hear_no_more(line: socket.socket) -> None:
    try:
        # An answer that is on its way still goes out.
        line.shutdown(socket.SHUT_RD)
    except OSError:
        return  # it is closed already
