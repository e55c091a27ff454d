"""The vectors as pytest takes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "vectors"


def read(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


GOOD, BAD = read("events-good")["cases"], read("events-bad")["cases"]
RECEIPTS, SMALL, DOCUMENTS = read("receipts"), read("small"), read("documents")
PUBLISHED = read("published")
