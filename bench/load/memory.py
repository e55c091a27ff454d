"""What the two doors hold in memory, as Linux counts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.running import RunningInstance

DOORS = ("phone", "record")
_FORGET_THE_MOST = "5"


@dataclass(frozen=True, slots=True)
class Memory:
    """The process of each door that serves, and its resident memory in MB when this was made."""

    workers: dict[str, int]
    before: dict[str, float]

    @classmethod
    def of(cls, instance: RunningInstance) -> Memory:
        """As it is now; the most from here on is counted anew."""
        # Beside the worker stands gunicorn's own process, which only waits.
        workers = {door: max(instance.door_pids(door), key=_resident) for door in DOORS}
        for pid in workers.values():
            Path(f"/proc/{pid}/clear_refs").write_text(_FORGET_THE_MOST)
        return cls(workers, {door: _resident(pid) for door, pid in workers.items()})

    def words(self) -> dict[str, str]:
        """For each door before → now (at most); nothing of one that was killed meanwhile."""
        there = {door: pid for door, pid in self.workers.items() if Path(f"/proc/{pid}").exists()}
        return {
            door: f"{self.before[door]:.0f} → {_resident(pid):.0f} ({_most(pid):.0f})"
            for door, pid in there.items()
        }


def _resident(pid: int) -> float:
    return _megabytes(pid, "VmRSS")


def _most(pid: int) -> float:
    return _megabytes(pid, "VmHWM")


def _megabytes(pid: int, name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
