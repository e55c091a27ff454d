"""Looks for bytes that break a parser, led by which of its lines they reach (atheris, libFuzzer).

`python -m tests.inputs.fuzz PARSER FILE …`: FILE gets the digest of each different input, 8 bytes
each; the rest is for libFuzzer. It ends as soon as something breaks, and says which bytes did.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sync", "logger"]):
    from tests.inputs.guided import PARSERS, offer

_AT_ONCE = 100


def main() -> None:
    program, name, place, *rest = sys.argv
    seen: set[bytes] = set()
    new: list[bytes] = []
    with Path(place).open("ab", buffering=0) as file:

        def ask(raw: bytes) -> None:
            digest = hashlib.blake2b(raw, digest_size=8).digest()
            if digest not in seen:
                seen.add(digest)
                new.append(digest)
            # libFuzzer ends the process without a word: what is not written by then does not count.
            if len(new) == _AT_ONCE:
                file.write(b"".join(new))
                new.clear()
            offer(PARSERS[name], raw)

        atheris.Setup([program, *rest], ask)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
