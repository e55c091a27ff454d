"""Writes the vectors. Run as `python -m tests.vectors.make [--fresh]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.vectors import documents, events, small

FOLDER = Path(__file__).parent
SEALS = FOLDER / "seals.json"


class Kept:
    """Sealed bytes are random by nature; those of the first run are kept and used again."""

    def __init__(self, known: dict[str, str]):
        self._known, self.used = known, {}

    def __call__(self, name: str, made_of: bytes, make: Callable[[], bytes]) -> bytes:
        key = f"{name} {sha256(made_of).hexdigest()[:16]}"
        if key not in self.used:
            self.used[key] = self._known.get(key) or make().hex()
        return bytes.fromhex(self.used[key])


def vectors(kept: Kept) -> dict[str, object]:
    """What stands in each file, by its name."""
    good = list(events.good(kept))
    return {
        "events-good": {"cases": good},
        "events-bad": {"cases": list(events.bad(kept))},
        "documents": documents.documents(),
        "answers": documents.answers(good),
        "receipts": documents.receipts(good),
        "small": small.small(good),
    }


def known_seals() -> dict[str, str]:
    return json.loads(SEALS.read_text(encoding="utf-8")) if SEALS.exists() else {}


def to_file_text(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, indent=1) + "\n"


def main() -> None:
    kept = Kept({} if "--fresh" in sys.argv else known_seals())
    for name, content in vectors(kept).items():
        (FOLDER / f"{name}.json").write_text(to_file_text(content), encoding="utf-8")
    SEALS.write_text(to_file_text(kept.used), encoding="utf-8")


if __name__ == "__main__":
    main()
