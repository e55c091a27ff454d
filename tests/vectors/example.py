"""The worked example of docs/protocol.md, out of the vectors. `python -m tests.vectors.example`
writes it into the page."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "protocol.md"
HEADING = "## 11. A worked example"
FIELDS = (
    ("version", 1), ("kind", 1), ("suite", 1), ("reserved", 1), ("device", 32), ("entry", 16),
    ("seq", 4), ("prev", 32), ("at", 8), ("utc offset", 2), ("record key id", 8),
    ("sealed length", 4),
)  # fmt: skip


def read(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def worked_example() -> str:
    """The whole section."""
    case = next(case for case in read("events-good")["cases"] if case["name"] == "suite 1, empty")
    receipt = read("receipts")
    return "\n".join([HEADING, "", *intro(), *making(case), *signing(case), *stored(receipt), ""])


def intro() -> Iterator[str]:
    yield "All keys here are made of fixed words, for tests only; `tests/vectors/` holds this event"
    yield "(*suite 1, empty*), many more, good and bad, and the same for documents, answers and"
    yield "receipts. Sealing is random: your sealed bytes will differ, everything else will not."
    yield "Long lines are broken for the page, with two spaces before each further part."
    yield ""


def making(case: dict) -> Iterator[str]:
    yield "**The keys.** Record's private key, public key, and the phone's private and public key:"
    yield from block(
        case["record_private"], case["record_public"], case["device_private"], case["device_public"]
    )
    yield "**The content**, as JSON, then deflated, framed and padded (section 3.3):"
    yield from ("```json", *wrapped(case["plain"]), "```")
    yield from block(case["packed"])
    yield "**The seal.** `info`, then the sealed part: encapsulated key (65) and ciphertext:"
    yield from block(case["info"], case["sealed"][:130], case["sealed"][130:])
    yield "**The header**, field by field:"
    yield ""
    yield "| offset | field | bytes |"
    yield "|---:|---|---|"
    offset = 0
    for name, size in FIELDS:
        yield f"| {offset} | {name} | `{case['event'][2 * offset : 2 * (offset + size)]}` |"
        offset += size
    yield ""


def signing(case: dict) -> Iterator[str]:
    yield 'The **event id**, SHA-256 of `"sharelog/1/event"`, the header and SHA-256(sealed):'
    yield from block(case["id"])
    yield "The **signature** over the same bytes (RFC 6979; a random one is as good). The event is"
    yield f"header, sealed part and signature, {len(case['event']) // 2} bytes:"
    yield from block(case["signature"])


def stored(receipts: dict) -> Iterator[str]:
    receipt = receipts["stored"]["good"][0]
    facts = b"sharelog/1/stored" + unb64(receipt["epoch"]) + unb64(receipt["id"])
    facts += receipt["position"].to_bytes(8, "big") + bytes([receipt["lane"]])
    facts += receipt["received_at"].to_bytes(8, "big")
    yield "**A stored receipt** of another event of that phone; the *stored* public key, the bytes"
    yield "signed, and the signature:"
    yield from ("```json", json.dumps({k: receipt[k] for k in list(receipt)[1:]}, indent=1), "```")
    yield from block(receipts["stored_public"], facts.hex(), unb64(receipt["signature"]).hex())
    words = read("small")["words"][0]
    yield "**Eight words.** Root public key, its fingerprint, and the words:"
    yield from block(words["root"], words["fingerprint"])
    yield f"*{words['words']}*"


def block(*values: str) -> Iterator[str]:
    yield "```"
    for value in values:
        yield from wrapped(value)
    yield "```"


def wrapped(text: str, width: int = 96) -> Iterator[str]:
    for start in range(0, len(text), width):
        yield ("  " if start else "") + text[start : start + width]


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def main() -> None:
    page = PAGE.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
    PAGE.write_text(f"{page}\n\n{worked_example()}", encoding="utf-8")


if __name__ == "__main__":
    main()
