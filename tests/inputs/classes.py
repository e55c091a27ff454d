"""The table of all classes of bad inputs: a number, what it is, and where it goes."""

from __future__ import annotations

from tests.inputs import (
    bad_documents,
    batches,
    event_bytes,
    fields,
    framing,
    sealed_parts,
    sign_in,
    texts,
)
from tests.inputs.bad import Bad, Group

GROUPS: tuple[Group, ...] = (
    *bad_documents.GROUPS,
    *framing.GROUPS,
    *batches.GROUPS,
    *event_bytes.GROUPS,
    *sealed_parts.GROUPS,
    *texts.GROUPS,
    *fields.GROUPS,
    *sign_in.GROUPS,
)


def _numbered() -> dict[int, tuple[Group, Bad]]:
    found: dict[int, tuple[Group, Bad]] = {}
    for group in GROUPS:
        for number, which in group.classes.items():
            assert number not in found, f"{number} stands for two classes"
            found[number] = (group, which)
    return found


CLASSES = _numbered()
