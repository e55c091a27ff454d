"""Prints, after the last test, how often each fault was tried and how it ended.

A plugin of the whole run: where tests run in several processes, the one that prints loads the
conftest of no folder.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.counts import SEED, SOAK, TALLY, Tally, added_up


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tallies = added_up([Tally(**said) for said in _said(terminalreporter)])
    if not tallies:
        return
    lines = [
        "| fault | what was done | n | of | outcome | s |",
        "|---|---|--:|--:|---|--:|",
        *(
            f"| {t.fault} | {t.title} | {t.done} | {t.wanted} | {t.outcome} | {t.seconds:.0f} |"
            for t in tallies
        ),
    ]
    told = f"faults, {datetime.datetime.now(datetime.UTC).date().isoformat()}, seed {SEED}"
    terminalreporter.write_line("")
    terminalreporter.write_line(f"{told} (FAULT_SEED={SEED} gives the same again)")
    if SOAK or any(t.outcome != "held" for t in tallies):
        terminalreporter.write_line("\n".join(lines))
    if report := os.environ.get("SOAK_REPORT"):
        Path(report).write_text(f"# Soak: {told}\n\n" + "\n".join(lines) + "\n")


def _said(terminalreporter: pytest.TerminalReporter) -> Iterator[dict[str, Any]]:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                yield from (said for name, said in report.user_properties if name == TALLY)
