"""Small mutable things that are not history: sessions, drafts, codes, counters, credentials.

Promises: values are sealed under the data key and bound to their place; keys stand there only as
keyed hashes; what has run out is never given back.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from sqlite_utils import Database

from logger.clock import Clock, Randomness
from logger.keys.keyring import Keyring
from logger.keys.sealing import open_small, seal_small
from logger.sqlite_file import Connections, writing

_TABLE = """
CREATE TABLE IF NOT EXISTS desk (
    shelf TEXT NOT NULL, owner BLOB NOT NULL, key BLOB NOT NULL, data_key BLOB NOT NULL,
    sealed BLOB NOT NULL, count INTEGER NOT NULL DEFAULT 0, expires_at INTEGER,
    PRIMARY KEY (shelf, owner, key)
) WITHOUT ROWID
"""
_BY_EXPIRY = "CREATE INDEX IF NOT EXISTS desk_expires_at ON desk (expires_at)"
_PUT = """
INSERT INTO desk (shelf, owner, key, data_key, sealed, expires_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    data_key = excluded.data_key, sealed = excluded.sealed, expires_at = excluded.expires_at
"""
_REPLACE = """
UPDATE desk SET data_key = ?, sealed = ?, expires_at = ?
WHERE shelf = ? AND owner = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)
"""
_GET = """
SELECT data_key, sealed FROM desk
WHERE shelf = ? AND owner = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)
"""
_DROP = "DELETE FROM desk WHERE shelf = ? AND owner = ? AND key = ?"
_OF_OWNER = """
SELECT key, data_key, sealed FROM desk
WHERE shelf = ? AND owner = ? AND (expires_at IS NULL OR expires_at > ?)
"""
_DROP_OTHERS = "DELETE FROM desk WHERE shelf = ? AND owner = ? AND key <> ?"
_DROP_ALL = "DELETE FROM desk WHERE shelf = ? AND owner = ?"
_SWEEP = "DELETE FROM desk WHERE expires_at <= ?"
_COUNT_UP = """
INSERT INTO desk (shelf, owner, key, data_key, sealed, count, expires_at)
VALUES (?, ?, ?, x'', x'', 1, ?)
ON CONFLICT DO UPDATE SET
    count = CASE WHEN desk.expires_at <= ? THEN 1 ELSE desk.count + 1 END,
    expires_at = excluded.expires_at
RETURNING count
"""


class Desk:
    """One expiring, sealed key-value table in a file of its own.

    A key may have two parts, `owner/rest`; `drop_all` clears everything of one owner.
    """

    def __init__(self, path: Path, keyring: Keyring, clock: Clock, randomness: Randomness):
        self._keyring, self._clock, self._randomness = keyring, clock, randomness
        self._connections = Connections(path)
        self._db.conn.execute(_TABLE)
        self._db.conn.execute(_BY_EXPIRY)

    def put(self, shelf: str, key: str, value: bytes, expires_at: int | None) -> None:
        """Lay down a value in place of what was there; None never runs out."""
        place = self._place(shelf, key)
        data_key = self._keyring.data_keys[0]
        sealed = seal_small(data_key.key, self._randomness, _bound(place), value)
        self._db.conn.execute(_PUT, (*place, data_key.id, sealed, expires_at))

    def replace(self, shelf: str, key: str, value: bytes, expires_at: int | None) -> bool:
        """Change a value that still lies there; False when it was dropped or has run out."""
        place = self._place(shelf, key)
        data_key = self._keyring.data_keys[0]
        sealed = seal_small(data_key.key, self._randomness, _bound(place), value)
        changed = (data_key.id, sealed, expires_at, *place, self._clock())
        return bool(self._db.conn.execute(_REPLACE, changed).rowcount)

    def get(self, shelf: str, key: str) -> bytes | None:
        """The value, or None when there is none or it has run out."""
        place = self._place(shelf, key)
        found = self._db.conn.execute(_GET, (*place, self._clock())).fetchall()
        if not found:
            return None
        data_key, sealed = found[0]
        return open_small(self._keyring.data_key(data_key).key, _bound(place), sealed)

    def take(self, shelf: str, key: str) -> bytes | None:
        """The value, gone from the desk afterwards; of two takers one gets None."""
        with writing(self._db) as db:
            value = self.get(shelf, key)
            db.conn.execute(_DROP, self._place(shelf, key))
            return value

    def drop(self, shelf: str, key: str) -> None:
        """Clear one value; nothing there is fine."""
        self._db.conn.execute(_DROP, self._place(shelf, key))

    def mark(self, shelf: str, key: str) -> bytes:
        """The keyed hash under which this key stands: names it and does not tell it."""
        return self._place(shelf, key)[2]

    def of_owner(self, shelf: str, owner: str) -> dict[bytes, bytes]:
        """By its mark every value `owner/…` that has not run out."""
        place = self._place(shelf, owner)[:2]
        rows = self._db.conn.execute(_OF_OWNER, (*place, self._clock())).fetchall()
        return {
            key: open_small(self._keyring.data_key(data_key).key, _bound((*place, key)), sealed)
            for key, data_key, sealed in rows
        }

    def drop_marked(self, shelf: str, owner: str, mark: bytes) -> None:
        """Clear one value of an owner by its mark; nothing there is fine."""
        self._db.conn.execute(_DROP, (*self._place(shelf, owner)[:2], mark))

    def drop_others(self, shelf: str, key: str) -> None:
        """Clear everything of this key's owner but what lies under this key."""
        self._db.conn.execute(_DROP_OTHERS, self._place(shelf, key))

    def drop_all(self, shelf: str, owner: str) -> None:
        """Clear `owner` and every `owner/…` of a shelf."""
        self._db.conn.execute(_DROP_ALL, self._place(shelf, owner)[:2])

    def count_up(self, shelf: str, key: str, expires_at: int) -> int:
        """Add one to a counter and say what it is now; it begins again after it ran out."""
        parameters = (*self._place(shelf, key), expires_at, self._clock())
        with writing(self._db) as db:
            return int(db.conn.execute(_COUNT_UP, parameters).fetchall()[0][0])

    def sweep(self) -> None:
        """Clear everything that has run out."""
        self._db.conn.execute(_SWEEP, (self._clock(),))

    def let_go(self) -> None:
        """Close this thread's connection."""
        self._connections.let_go()

    @property
    def _db(self) -> Database:
        return self._connections.here()

    def _place(self, shelf: str, key: str) -> tuple[str, bytes, bytes]:
        return shelf, self._hash(shelf, key.split("/", 1)[0]), self._hash(shelf, key)

    def _hash(self, shelf: str, part: str) -> bytes:
        message = f"sharelog/1/desk\0{shelf}\0{part}".encode()
        return hmac.digest(self._keyring.index_key, message, hashlib.sha256)


def _bound(place: tuple[str, bytes, bytes]) -> bytes:
    # A value copied to another place of the file does not open there.
    shelf, owner, key = place
    return b"sharelog/1/desk" + owner + key + shelf.encode()
