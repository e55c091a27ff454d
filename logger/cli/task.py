"""What `sharelog serve` tells a door's process; imports nothing that could open an entry."""

from __future__ import annotations

import msgspec


class DoorTask(msgspec.Struct, frozen=True):
    """Which door to open, where; the master key when it is the record's."""

    door: str
    folder: str
    listen: str
    port: int
    phone_port: int | None
    record_port: int | None
    master: bytes | None
