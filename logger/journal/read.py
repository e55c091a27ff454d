"""Opens one row of the ledger. Only following, rebuilding and the trail may use this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from logger.keys.keyring import Keyring
from logger.keys.sealing import CannotBeOpened, open_sealed
from sync.store import Row

Shapes = Mapping[int, type[msgspec.Struct]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A row of the ledger and what its sealed part says."""

    row: Row
    content: msgspec.Struct


def open_row(row: Row, keyring: Keyring, shapes: Shapes) -> Opened:
    """What a row says; CannotBeOpened with the reason in the words of docs/protocol.md section 5.

    A row whose payload was lawfully erased is CannotBeOpened("erased").
    """
    if row.event is None:
        raise CannotBeOpened("erased")
    shape = shapes.get(row.header.kind)
    if shape is None:
        raise CannotBeOpened("unknown-kind")
    text = open_sealed(row.event, keyring)
    try:
        return Opened(row, msgspec.json.decode(text.decode(), type=shape))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise CannotBeOpened("not-our-schema") from error
