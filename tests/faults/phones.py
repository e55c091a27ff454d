"""Phones for many runs: the app's own modules under Node, told what to do line by line."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.faults.history import Held, History
from tests.faults.record import Record

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or str(ROOT / ".venv/bin/node")


class PhoneFailed(Exception):
    """The phone's own code threw."""


class ManyPhone:
    """One phone that writes its part of the history."""

    def __init__(self, name: str, history: History, record: Record, environment: dict[str, str]):
        self.name, self._history, self._record = name, history, record
        self._process = subprocess.Popen(
            [NODE, "tests/faults/phone.js"], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.device: str = self.tell("set")["device"]
        self._words = 0

    def tell(self, order: str, **how: Any) -> Any:
        """One order and its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"order": order, **how}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "failed" in answer:
            raise PhoneFailed(answer["failed"])
        return answer["ok"]

    def join(self, origin: str, person: UUID) -> None:
        """Meet the door and become this person's."""
        self.tell("set", origin=origin)
        self.tell("sync")
        self.tell("join", code=self._record.code(person))
        self._history.joined(self.name, str(person), self.device)

    def log(self, words: str = "", **how: str) -> dict[str, Any]:
        """One entry; the phone says *Saved* when this comes back."""
        self._words += 1
        words = words or f"{self.name} {self._words}"
        self._history.types(self.name, words)
        saved: dict[str, Any] = self.tell("log", words=words, **how)
        saved["words"] = words
        self._history.shows_saved(self.name, words)
        return saved

    def sync(self) -> dict[str, Any]:
        """One try; how the line was and when it would try again."""
        tried: dict[str, Any] = self.tell("sync")
        self._history.happens(self.name, f"tried: {tried['line']}")
        return tried

    def states(self) -> dict[str, str]:
        """What its list says, by event id; the history gets it too."""
        rows = self.tell("holds")
        words = self._record.words_of
        self._history.sees(
            self.name,
            [
                Held(
                    row["id"],
                    row["state"],
                    words(base64.b64decode(row["event"])) if row["event"] else None,
                )
                for row in rows
            ],
        )
        return {row["id"]: row["state"] for row in rows}

    def close(self) -> None:
        """Put it away."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
