"""Makes docs/openapi/ of the doors themselves: `python -m bench.openapi`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.contracts import phone_door, record_door
from tests.contracts.described import text_of
from tests.inputs.desk import EveryAddress
from tests.inputs.doors import PhoneDoor


def main() -> None:
    """Both descriptions, anew."""
    folder = Path(tempfile.mkdtemp())
    (folder / "record").mkdir()
    phone = PhoneDoor(folder / "phone")
    phone_door.FILE.write_text(text_of(phone_door.describe(phone.client.application)))
    phone.close()
    record_door.FILE.write_text(text_of(record_door.describe(EveryAddress(folder / "record"))))


if __name__ == "__main__":
    main()
