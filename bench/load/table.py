"""The table: what was offered in each row, what came of it, and whether that is good enough."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.load.line import Tally
from bench.load.memory import DOORS
from bench.load.proof import Proof

SHARES = (0.5, 0.95, 0.99)
_HEADS = (
    "test", "offered", "answered", "p50 ms", "p95 ms", "p99 ms", "answered otherwise", "lost",
    "twice, strange", "all opened after", "phone door MB", "record door MB", "good enough",
)  # fmt: skip
HEAD = "| " + " | ".join(_HEADS) + " |\n|---|---" + "|--:" * (len(_HEADS) - 3) + "|---|"


@dataclass(slots=True)
class Line:
    """One line. `each` is how many events one answered request stands for; `opened` says how long
    after the last answer the record had opened all, `memory` what each door held before, after and
    at most."""

    test: str
    offered: str
    tally: Tally
    unit: str
    each: int = 1
    proof: Proof | None = None
    opened: str = ""
    memory: dict[str, str] = field(default_factory=dict)
    verdict: str = ""

    @property
    def lasted(self) -> float:
        """Seconds from the first that was offered to the last that was answered."""
        return max(0.001, self.tally.ended - self.tally.begun)

    @property
    def kept(self) -> bool:
        """Whether all that was offered is in the ledger once, receipted, and nothing else."""
        proof = self.proof
        return proof is not None and proof.lost + proof.twice + proof.strange == 0

    def judge(self, holds: bool, figure: str = "") -> None:
        """Say whether it is good enough, and by which figure."""
        self.verdict = ("yes" if holds else "**no**") + (f": {figure}" if figure else "")

    def __str__(self) -> str:
        tally, proof = self.tally, self.proof
        otherwise = ", ".join(f"{n:,} of {what}" for what, n in tally.otherwise.most_common())
        cells = (
            self.test,
            self.offered,
            f"{len(tally.seconds) * self.each / self.lasted:,.0f} {self.unit}/s",
            *(f"{tally.part(share):,.0f}" for share in SHARES),
            otherwise or "none",
            f"{proof.lost:,} of {proof.offered:,}" if proof else "",
            f"{proof.twice:,}, {proof.strange:,}" if proof else "",
            self.opened,
            *(self.memory.get(door, "") for door in DOORS),
            self.verdict,
        )
        return "| " + " | ".join(cells) + " |"
