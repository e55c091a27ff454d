"""The ledger's tables: rows in a hash chain, payloads beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from sync.errors import BrokenChain, EntryMoved, MalformedEvent
from sync.event import ERASURE, Event, Header
from sync.sqlite import statements
from sync.sqlite.ground import Ground
from sync.store import Arrival, ChainLength, Head, Lane, Row, link

_EMPTY = (0, bytes(32))
_PAGE = 200


class LedgerTables:
    """The part of the store that only ever grows."""

    def __init__(self, ground: Ground):
        self._ground = ground
        with ground.reading() as db:
            (self._epoch,) = db.execute(statements.CURRENT_EPOCH).fetchone()

    def keep(self, arrivals: Sequence[Arrival], received_at: int) -> list[tuple[Row, bool]]:
        """See EventStore."""
        ids = [arrival.event.id for arrival in arrivals]
        with self._ground.writing() as db:
            kept = {one: row for one in _held(db, ids) if (row := _one_row(db, one))}
            new: dict[bytes, Arrival] = {}
            for one, arrival in zip(ids, arrivals, strict=True):
                if one not in kept:
                    new.setdefault(one, arrival)  # of the same one twice, the first is kept
            kept |= zip(new, self._add(db, new.values(), received_at), strict=True)
        # Where it stands a second time, it is not new any more.
        return [(kept[one], new.pop(one, None) is not None) for one in ids]

    def append(self, event: Event, received_at: int, seen: int | None = None) -> Row:
        """See EventStore."""
        with self._ground.writing() as db:
            held = _one_row(db, event.id)
            if held is not None:
                return held
            if seen is not None and _last_deciding(db, event.header.entry) > seen:
                raise EntryMoved
            return self._add(db, [Arrival(event)], received_at)[0]

    def erase(self, erasure: Event, received_at: int) -> tuple[Row, int]:
        """See EventStore."""
        with self._ground.writing() as db:
            row = _one_row(db, erasure.id)
            if row is None:
                row = self._add(db, [Arrival(erasure)], received_at)[0]
            # What an earlier erasure says of itself stays.
            gone = db.conn.execute(
                statements.ERASE, (row.header.entry.bytes, row.position, bytes([ERASURE]))
            )
            return row, gone.rowcount

    def head(self) -> Head:
        """See EventStore."""
        with self._ground.reading() as db:
            position, digest = db.execute(statements.HEAD).fetchone() or _EMPTY
        return Head(self._epoch, position, digest)

    def digest_at(self, position: int) -> bytes | None:
        """See EventStore."""
        if position == 0:
            return bytes(32)
        with self._ground.reading() as db:
            found = db.execute(statements.DIGEST_AT, (position,)).fetchone()
        return found[0] if found else None

    def row(self, id: bytes) -> Row | None:
        """See EventStore."""
        with self._ground.reading() as db:
            return _one_row(db, id)

    def after(self, position: int, limit: int = 500) -> list[Row]:
        """See EventStore."""
        return self._rows(statements.ROWS_AFTER, (position, limit))

    def of_entry(self, entry: UUID) -> list[Row]:
        """See EventStore."""
        return self._rows(statements.ROWS_OF_ENTRY, (entry.bytes,))

    def chain_of(self, device: bytes) -> Iterator[Row]:
        """See EventStore."""
        # By pages, because a reader that stays in the middle of a statement stops every commit.
        seq, position = b"", 0
        while page := self._rows(statements.ROWS_OF_DEVICE, (device, seq, position, _PAGE)):
            yield from page
            seq, position = page[-1].header.seq.to_bytes(4, "big"), page[-1].position

    def chains(self) -> dict[bytes, ChainLength]:
        """See EventStore."""
        with self._ground.reading() as db:
            found = db.execute(statements.CHAINS).fetchall()
        return {
            device: ChainLength(events, numbers, int.from_bytes(last, "big"))
            for device, events, numbers, last in found
        }

    def held(self, ids: Sequence[bytes]) -> set[bytes]:
        """See EventStore."""
        with self._ground.reading() as db:
            return _held(db, ids)

    def damage(self) -> str | None:
        """See EventStore."""
        with self._ground.reading() as db:
            (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                return f"the database file is damaged: {said}"
            orphan = db.execute("PRAGMA foreign_key_check").fetchone()
        if orphan is None:
            return None
        table, position, parent, _ = orphan
        return f"{table} {position} points at nothing in {parent}"

    def _add(self, db: Database, arrivals: Iterable[Arrival], received_at: int) -> list[Row]:
        # The head is asked inside the transaction: the other door writes to the same file.
        position, digest = db.execute(statements.HEAD).fetchone() or _EMPTY
        rows: list[Row] = []
        for arrival in arrivals:
            event, position = arrival.event, position + 1
            digest = link(digest, position, arrival.lane, event.id, received_at)
            rows.append(
                Row(
                    position, arrival.lane, event.id, event.header, event.sealed_hash,
                    event.sealed, event.signature, received_at, self._epoch, digest,
                )
            )  # fmt: skip
        db.conn.executemany(statements.ADD_ROW, map(_columns, rows))
        db.conn.executemany(statements.ADD_PAYLOAD, [(row.position, row.sealed) for row in rows])
        return rows

    def _rows(self, statement: str, values: Sequence[object]) -> list[Row]:
        with self._ground.reading() as db:
            found = db.execute(statement, values).fetchall()
        return [_to_row(columns) for columns in found]


def _one_row(db: Database, id: bytes) -> Row | None:
    found = db.execute(statements.ROW, (id,)).fetchone()
    return _to_row(found) if found else None


def _held(db: Database, ids: Sequence[bytes]) -> set[bytes]:
    found = db.execute(statements.HELD, (b"".join(ids), len(ids))).fetchall()
    return {columns[0] for columns in found}


def _columns(row: Row) -> tuple[object, ...]:
    return (
        row.position, int(row.lane), row.id, row.header.to_bytes(), row.sealed_hash,
        row.signature, row.received_at, row.epoch, row.digest,
    )  # fmt: skip


def _last_deciding(db: Database, entry: UUID) -> int:
    (position,) = db.execute(statements.LAST_DECIDING, (entry.bytes,)).fetchone()
    return position or 0


def _to_row(columns: Sequence[Any]) -> Row:
    position, lane, event_id, header, *rest = columns
    try:
        return Row(position, Lane(lane), event_id, Header.from_bytes(header), *rest)
    except (MalformedEvent, ValueError) as error:
        raise BrokenChain(position, f"the row cannot be read: {error}") from error
