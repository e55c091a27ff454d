"""Says how often each fault was tried and how it ended.

A plugin of the whole run: where tests run in several processes, the one that prints loads the
conftest of no folder. SOAK_REPORT is written anew after each fault, so that a soak that is ended
early has told what it did.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from tests.faults.counts import SEED, SOAK, TALLY, TRIED, Tally, added_up

_tallies: list[Tally] = []
_failures: list[str] = []
# Each place stands for itself, so that the sum counts nothing twice.
_tried: dict[str, int] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failures.append(f"## {report.nodeid}\n```\n{report.longreprtext}\n```\n")
    if report.when != "teardown":
        return
    for name, places in report.user_properties:
        if name == TRIED:
            _tried.update(places)
    said = [Tally(**tally) for name, tally in report.user_properties if name == TALLY]
    _tallies.extend(said)
    if said and (place := os.environ.get("SOAK_REPORT")):
        parts = [f"# Soak: {_told()}\n", "\n".join(_lines()), "", *_inputs(), "", *_failures]
        Path(place).write_text("\n".join(parts) + "\n")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _inputs():
        terminalreporter.write_line(f"\n{line}")
    if not _tallies:
        return
    terminalreporter.write_line("")
    terminalreporter.write_line(f"{_told()} (FAULT_SEED={SEED} gives the same again)")
    if SOAK or any(t.outcome != "held" for t in _tallies):
        terminalreporter.write_line("\n".join(_lines()))


def _told() -> str:
    return f"faults, {datetime.datetime.now(datetime.UTC).date().isoformat()}, seed {SEED}"


def _inputs() -> list[str]:
    return [f"bad inputs: {sum(_tried.values()):,} different ones"] if _tried else []


def _lines() -> list[str]:
    return [
        "| fault | what was done | n | of | outcome | s |",
        "|---|---|--:|--:|---|--:|",
        *(
            f"| {t.fault} | {t.title} | {t.done} | {t.wanted} | {t.outcome} | {t.seconds:.0f} |"
            for t in added_up(_tallies)
        ),
    ]
