"""What a restored instance knows of its own restoring, and what came back since."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from logger.errors import LoggerError
from logger.settings import Settings
from sync.event import PHONE_KINDS
from sync.store import EventStore

_PAGE = 500


class UnreadableRestored(LoggerError):
    """The note of a restore is damaged."""

    code = "backup.unreadable_note"
    status = 500
    public_message = "restored.json cannot be read. Remove it if nothing was restored here."


class Restored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When, from a backup that reached how far, and how far the lost ledger had come if known."""

    at: int
    backup_made_at: int
    position: int
    lost_position: int | None = None


@dataclass(frozen=True, slots=True)
class CameBack:
    """Events that phones brought again: signed before the restore, kept after it."""

    events: int
    entries: int


def note(settings: Settings, restored: Restored) -> bytes:
    """What stands in the file."""
    return msgspec.json.encode(restored) + b"\n"


def read(settings: Settings) -> Restored | None:
    """The last restore of this instance; None when there was none."""
    try:
        return msgspec.json.decode(settings.restored.read_bytes(), type=Restored)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise UnreadableRestored from error


def came_back(store: EventStore, restored: Restored) -> CameBack:
    """Counted in the ledger, so that it can be asked at any time."""
    position, events, entries = restored.position, 0, set()
    while rows := store.after(position, _PAGE):
        for row in rows:
            if row.header.kind in PHONE_KINDS and row.header.at < restored.at:
                events += 1
                entries.add(row.header.entry)
        position = rows[-1].position
    return CameBack(events, len(entries))


def report(store: EventStore, restored: Restored) -> list[str]:
    """Sentences: what came back from phones, and what cannot."""
    back = came_back(store, restored)
    lines = [
        f"Restored from a backup that reached event {restored.position:,}.",
        f"Since then {back.events:,} events of {back.entries:,} entries came back from phones.",
    ]
    if restored.lost_position is not None:
        lost = max(0, restored.lost_position - restored.position)
        rest = max(0, lost - back.events)
        lines.append(
            f"The ledger that was lost had {lost:,} more; {rest:,} of them have not come back."
        )
    lines.append(
        "What was written at the desk after the backup (documentation, reviews, looks) cannot "
        "come back; nor can entries of phones that are gone or were added after it."
    )
    return lines
