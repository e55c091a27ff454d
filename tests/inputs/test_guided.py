"""Bytes that are looked for, led by which lines of a parser they reach: none makes it do anything
but read them whole or refuse them in its own words, and none keeps it busy."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.counts import SOAK, Runs
from tests.inputs.conftest import Tried
from tests.inputs.guided import MOST_SECONDS, PARSERS, Broken, offer

ROOT = Path(__file__).parents[2]
HOW_LONG = ["-max_total_time=20"] if SOAK else ["-runs=1500"]
LARGEST = 70_000


@pytest.mark.parametrize("name", PARSERS)
def test_what_the_vectors_hold_is_taken_or_refused(name: str) -> None:
    parser = PARSERS[name]
    taken = [offer(parser, raw) for raw in parser.corpus()]
    assert any(taken)


def test_whatever_else_a_parser_does_is_found_out() -> None:
    def wrong(raw: bytes) -> None:
        raise IndexError

    def slow(raw: bytes) -> None:
        begun = time.thread_time()
        while time.thread_time() - begun <= MOST_SECONDS:
            pass

    event = PARSERS["event"]
    with pytest.raises(IndexError):
        offer(replace(event, read=wrong), b"")
    with pytest.raises(Broken, match="slow"):
        offer(replace(event, read=slow), b"")


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris has no wheel for this Python or machine: no bytes were looked for",
)
@pytest.mark.parametrize("name", PARSERS)
def test_no_bytes_that_are_looked_for_break_a_parser(
    name: str, tried: Callable[[str], Tried], fault: Callable[..., Runs], tmp_path: Path
) -> None:
    counted = tried(f"bytes looked for in {name}")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, raw in enumerate(PARSERS[name].corpus()):
        (corpus / str(number)).write_bytes(raw)
    for chance in fault(f"INPUT {name}", "bytes looked for by coverage, 20 s each time", 1, 15):
        seen = tmp_path / "seen"
        done = subprocess.run(
            [
                sys.executable, "-m", "tests.inputs.fuzz", name, seen, corpus, *HOW_LONG,
                f"-seed={chance.randrange(1, 2**31)}", f"-max_len={LARGEST}",
                f"-artifact_prefix={tmp_path}/broken-",
            ],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        broken = {one.name: one.read_bytes().hex() for one in tmp_path.glob("broken-*")}
        assert done.returncode == 0, (broken, done.stderr[-3000:])
        counted.by_digest(seen.read_bytes())
        seen.unlink()
    assert len(counted) > 100
