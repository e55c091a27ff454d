"""Makes docs/asvs.md of docs/asvs.toml: `python -m bench.asvs`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SOURCE, MADE = ROOT / "docs/asvs.toml", ROOT / "docs/asvs.md"
NOT_HERE = "does not apply"
_HEAD = """# OWASP ASVS 5.0.0, levels 1 and 2

Made from [asvs.toml](asvs.toml) by `python -m bench.asvs`; a test holds each test, file and heading
that is named here to what there is. The sense of each requirement is given in words of ours; the
standard has the full ones. Read by whoever wrote the code, and by nobody else yet.
"""
CHAPTERS = {
    "V1": "Encoding and sanitising", "V2": "Validation and the order of steps", "V3": "The browser",
    "V4": "Addresses for machines", "V5": "Files", "V6": "Proving who one is", "V7": "Sessions",
    "V8": "Who may do what", "V9": "Signed documents", "V11": "Cryptography", "V12": "Lines",
    "V13": "Configuration", "V14": "Data", "V15": "Code and libraries", "V16": "Logs and errors",
}  # fmt: skip


def levels(source: dict[str, Any]) -> dict[str, int]:
    """The level of every requirement of the standard."""
    return {
        f"{section}.{place}": int(level)
        for section, digits in source["levels"].items()
        for place, level in enumerate(digits, 1)
    }


def reason_not_here(source: dict[str, Any], one: str) -> str | None:
    """Why a requirement does not apply: it, its section or its chapter is named."""
    reasons = source[NOT_HERE]
    named = (name for name in reasons if one == name or one.startswith(f"{name}."))
    return next((reasons[name] for name in named), None)


def requirements(source: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is said of those that apply."""
    return {name: said for name, said in source.items() if re.fullmatch(r"V[\d.]+", name)}


def page() -> str:
    """The whole document."""
    source = tomllib.loads(SOURCE.read_text())
    known, said = levels(source), requirements(source)
    low = [one for one, level in known.items() if level < 3]
    states = Counter(one["state"] for one in said.values())
    lines = [
        _HEAD,
        f"Of {len(low)} requirements {len(said)} apply: {states['met']} are met, {states['part']} "
        f"in part, {states['not met']} are not met, and {states['operator']} are for whoever runs "
        "it.\n",
        "## Not met, or only in part\n",
        *_table(known, said, {"not met", "part"}),
        "\n## For whoever runs it\n",
        *_table(known, said, {"operator"}),
        "\n## Does not apply\n",
        "| | why |\n|---|---|",
        *(f"| {name} | {why} |" for name, why in source[NOT_HERE].items()),
    ]
    for chapter, title in CHAPTERS.items():
        here = {one: what for one, what in said.items() if one.split(".")[0] == chapter}
        lines += [f"\n## {chapter} {title}\n", *_table(known, here, {"met"})]
    return "\n".join(lines) + "\n"


def _table(known: dict[str, int], said: dict[str, dict[str, Any]], states: set[str]) -> list[str]:
    lines = ["| | level | sense | | where |", "|---|--:|---|---|---|"]
    for one, what in said.items():
        if what["state"] in states:
            where = "; ".join(_link(place) for place in what.get("where", ()))
            words = what["sense"] + (f". *{what['note']}*" if "note" in what else "")
            lines.append(f"| {one} | {known[one]} | {words} | {what['state']} | {where} |")
    return lines


def _link(place: str) -> str:
    path, _, test = place.partition("::")
    if test:
        return f"[{test.removeprefix('test_').replace('_', ' ')}](../{path})"
    target = path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}"
    return f"[{path.removeprefix('docs/')}]({target})"


if __name__ == "__main__":
    MADE.write_text(page())
