"""What the record really has, read behind the doors' backs with the instance's own keys."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

from logger.clock import system_clock
from logger.errors import LoggerError
from logger.keys.key_files import read_keyring
from logger.keys.master import read_master_key
from logger.keys.sealing import open_sealed
from logger.settings import Settings
from sync.checkpoint import Verdict, verify
from sync.enrolment import CODE_LIVES_MS, hash_code, make_code
from sync.errors import SyncError
from sync.event import Event
from sync.frames import from_text, to_text
from sync.store import Row
from sync.store_sqlite import SqliteStore
from tests.faults.history import History, Kept


class Record:
    """One instance's ledger, and the keys that open it."""

    def __init__(self, folder: Path):
        settings = Settings.read(folder)
        self._keyring = read_keyring(settings, read_master_key(folder / "master.key"))
        self._store = SqliteStore.open(settings.ledger)
        self.demo_person = settings.demo_person

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def code(self, person: UUID) -> str:
        """A fresh enrolment code for this person."""
        code = make_code(secrets.token_bytes)
        self._store.offer_code(hash_code(code), person, system_clock() + CODE_LIVES_MS)
        return code

    def offer(self, code_hash: bytes, person: UUID, expires_at: int) -> None:
        """A code that is good until then."""
        self._store.offer_code(code_hash, person, expires_at)

    def revoke(self, device: bytes) -> None:
        """As the record does it."""
        self._store.revoke(device, system_clock())

    def words_of(self, raw: bytes) -> str | None:
        """What was shared, of one event's bytes; None where it cannot be opened."""
        said = self.content_of(raw)
        return said and said.get("shared", said.get("text"))

    def content_of(self, raw: bytes) -> dict[str, Any] | None:
        """All that one event says; None where it cannot be opened."""
        try:
            said: dict[str, Any] = json.loads(open_sealed(Event.from_bytes(raw), self._keyring))
        except (LoggerError, SyncError, ValueError):
            return None
        return said

    def brought(self, id: str) -> tuple[Row, dict[str, Any]]:
        """The row of this event, by the id that a phone shows, and what it says."""
        row = self._store.row(from_text(id, 32))
        assert row is not None, f"{id} is not in the record"
        assert row.event is not None
        content = self.content_of(row.event.to_bytes())
        assert content is not None
        return row, content

    def rows(self) -> list[Kept]:
        """All that phones brought, in order."""
        kept, position = [], 0
        while rows := self._store.after(position):
            position = rows[-1].position
            for row in rows:
                device = self._store.device(row.header.device)
                if row.header.seq and device:
                    kept.append(self._kept(row, str(device.person)))
        return kept

    def _kept(self, row: Row, author: str) -> Kept:
        event = row.event
        return Kept(
            id=to_text(row.id),
            device=to_text(row.header.device),
            seq=row.header.seq,
            prev=to_text(row.header.prev),
            lane=int(row.lane),
            author=author,
            words=self.words_of(event.to_bytes()) if event else None,
            epoch=to_text(row.epoch),
            position=row.position,
        )

    def verdict(self) -> Verdict:
        """What `sharelog verify` would find."""
        return verify(self._store, [self._keyring.journal.public])

    def proves(self, history: History) -> list[str]:
        """What the history and the record do not agree on, and whether the ledger verifies."""
        verdict = self.verdict()
        found = {(to_text(one.device), one.seq, one.what) for one in verdict.findings}
        # The phones of other tests are in the same record.
        rows = [row for row in self.rows() if row.device in history.devices]
        broken = history.broken(rows, {one for one in found if one[0] in history.devices})
        return broken + ([f"I9: {verdict.broken}"] if verdict.broken else [])
