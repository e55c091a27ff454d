"""Checks the signatures of a batch in a second process.

They are most of what a batch costs, and the library holds the interpreter while it works them out:
so one process would leave a second core idle (docs/decisions/0029). Promises: what is said of a
signature never depends on where it was checked; a second process that fails costs no answer.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess  # nosec B404 - starts our own interpreter, nothing else
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from sync.errors import WrongSignature
from sync.frames import SIGNATURE_BYTES, verify_digest

_PUBLIC_BYTES, _DIGEST_BYTES = 65, 32
_CLAIM = struct.Struct(f">{_PUBLIC_BYTES}s{SIGNATURE_BYTES}s{_DIGEST_BYTES}s")
_COUNT = struct.Struct(">H")
# Fewer are checked here in the time that it takes to hand them over.
_WORTH_HANDING_OVER = 3
_STARTS_WITHIN_S = 20.0
# Of a process that only calculates; one that needs longer was stopped by somebody.
_PATIENCE_S = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature (64 bytes r||s) that is to hold under a raw point for a SHA-256 digest."""

    public: bytes
    signature: bytes
    digest: bytes

    def holds(self) -> bool:
        """Checked here and now."""
        try:
            verify_digest(self.public, self.signature, self.digest)
        except WrongSignature:
            return False
        return True


class Checker:
    """Checks for many threads; makes its second process when it first has work for it."""

    def __init__(self, processors: int | None = None, patience_s: float = _PATIENCE_S):
        # With one processor there is nothing to be gained.
        self._alone = (processors or os.cpu_count() or 1) < 2
        self._lock, self._patience_s = threading.Lock(), patience_s
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def check(self, claims: Sequence[Claim]) -> list[bool]:
        """Whether each holds. One batch after another: whoever waits leaves this process to those
        who write and sign, which cannot be done elsewhere."""
        # Whoever has to begin the second process keeps nobody else waiting meanwhile.
        begun = self._line is not None
        if len(claims) >= _WORTH_HANDING_OVER and self._lock.acquire(blocking=begun):
            try:
                if not self._alone:
                    return self._handed_over(claims)
            finally:
                self._lock.release()
        return [claim.holds() for claim in claims]

    def close(self) -> None:
        """End the second process; what is checked afterwards is checked here."""
        with self._lock:
            self._alone = True
            self._end()

    def _handed_over(self, claims: Sequence[Claim]) -> list[bool]:
        parts = (_CLAIM.pack(each.public, each.signature, each.digest) for each in claims)
        try:
            line = self._line or self._begin()
            line.sendall(_COUNT.pack(len(claims)) + b"".join(parts))
            return [byte == 1 for byte in _exactly(line, len(claims))]
        except OSError as error:
            self._alone = True
            self._end()
            log.warning("checking.alone", error=type(error).__name__)
            return [claim.holds() for claim in claims]

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        try:
            ours.settimeout(_STARTS_WITHIN_S)
            with theirs:
                self._process = subprocess.Popen(  # nosec B603 - our own interpreter and words
                    [sys.executable, "-m", "sync.judging.checking"], stdin=theirs.fileno()
                )
            _exactly(ours, 1)
            ours.settimeout(self._patience_s)
        except OSError:
            ours.close()
            raise
        # Only now, because from here on others wait for it.
        self._line = ours
        return ours

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


def main() -> None:
    """The second process: a byte when it is ready, then claims in and a byte for each out, until
    the line is closed."""
    # A Ctrl-C in a terminal reaches every process of the group; the first one closes the line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as line:
        line.sendall(b"\x01")
        while head := line.recv(_COUNT.size, socket.MSG_WAITALL):
            (count,) = _COUNT.unpack(head)
            claims = _CLAIM.iter_unpack(_exactly(line, count * _CLAIM.size))
            line.sendall(bytes(Claim(*each).holds() for each in claims))


def _exactly(line: socket.socket, length: int) -> bytes:
    read = bytearray()
    while len(read) < length:
        piece = line.recv(length - len(read))
        if not piece:
            raise ConnectionResetError
        read += piece
    return bytes(read)


if __name__ == "__main__":
    main()
