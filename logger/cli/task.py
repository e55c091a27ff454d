"""What `sharelog serve` tells a door's process; imports nothing that could open an entry."""

from __future__ import annotations

import msgspec


class NetworkTask(msgspec.Struct, frozen=True):
    """The addresses of a trial on the local network, and the files of its certificate."""

    phone_origin: str
    record_origin: str
    record_alias: str
    certificate: str
    key: str
    authority: str


class DoorTask(msgspec.Struct, frozen=True):
    """Which door to open, where; the master key when it is the record's."""

    door: str
    folder: str
    listen: str
    port: int
    phone_port: int | None
    record_port: int | None
    master: bytes | None
    network: NetworkTask | None = None
