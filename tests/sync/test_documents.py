"""What docs/ says in bytes is true: the script that opens an entry, and the worked example."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sync_vectors import GOOD, named
from tests.vectors.example import worked_example

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = DOCS / "open_entry.py"


@pytest.mark.parametrize("case", named([GOOD[0], GOOD[1], GOOD[5], GOOD[7], GOOD[-1]]))
def test_the_script_opens_an_entry_alone(tmp_path, case):
    file = tmp_path / "entry"
    file.write_bytes(bytes.fromhex(case["event"]))
    said = subprocess.run(
        [sys.executable, "-I", SCRIPT, file, case["record_private"]],
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode() == case["plain"]


def test_the_script_is_short_and_needs_nothing_of_ours():
    text = SCRIPT.read_text(encoding="utf-8")
    body = text.split('"""', 2)[2].splitlines()
    assert len([line for line in body if line.strip()]) <= 30
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names) == {
        "cryptography"
    }


def test_the_worked_example_of_the_protocol_is_that_of_the_vectors():
    page = (DOCS / "protocol.md").read_text(encoding="utf-8")
    assert worked_example() in page
