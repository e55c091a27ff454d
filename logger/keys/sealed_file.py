"""A large file, sealed piece by piece under a key of its own (AES-256-GCM).

Every piece is numbered and the last one says so, as in the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár (2015): pieces cannot be dropped, repeated, exchanged or cut off.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from logger.keys.sealing import CannotBeOpened

KEY_BYTES = 32
PIECE = 64 * 1024
_TAG_BYTES = 16
# A key seals one file, so a counter and the word for the last piece are nonce enough.
_NONCE = struct.Struct(">7xIB")


class SealingWriter(io.RawIOBase):
    """Seals what is written to it; `close` writes the last piece, and leaves the file open."""

    def __init__(self, file: BinaryIO, key: bytes):
        super().__init__()
        self._file, self._aead = file, AESGCM(key)
        self._held, self._count = bytearray(), 0

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # bytes are all it is given
        """Take in some bytes; whole pieces are written at once."""
        self._held += data
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece, which may be empty."""
        if not self.closed:
            self._put(bytes(self._held), last=True)
        super().close()

    def _put(self, piece: bytes, *, last: bool) -> None:
        nonce = _NONCE.pack(self._count, last)
        self._file.write(self._aead.encrypt(nonce, piece, None))
        self._count += 1


class OpeningReader(io.RawIOBase):
    """Opens what `SealingWriter` wrote; CannotBeOpened at the first piece that was changed."""

    def __init__(self, file: BinaryIO, key: bytes):
        super().__init__()
        self._pieces = _opened(file, AESGCM(key))
        self._held = b""

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]  # as tarfile calls it
        """Fill a buffer as far as the piece in hand goes; 0 at the end."""
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._held = piece
        count = min(len(buffer), len(self._held))
        buffer[:count], self._held = self._held[:count], self._held[count:]
        return count


def _opened(file: BinaryIO, aead: AESGCM) -> Iterator[bytes]:
    sealed, count = file.read(PIECE + _TAG_BYTES), 0
    while True:
        following = file.read(PIECE + _TAG_BYTES)
        try:
            yield aead.decrypt(_NONCE.pack(count, not following), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise CannotBeOpened("cannot-be-opened") from error
        if not following:
            return
        sealed, count = following, count + 1
