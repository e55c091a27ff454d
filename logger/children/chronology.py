"""One child's chronology, from confirmed joins alone: who told whom what kind of worry, when.

Promises: holds codes and times, as the index does, and only of entries that the person may see;
whether there are others cannot be read off it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from logger.children.finding import Finding
from logger.children.happened import Mention
from logger.children.usual import OTHERS, Usual
from logger.directory.recipients import Directory
from logger.entries.entry import State
from logger.entries.lists import WaitingEntry
from logger.people.person import Person

# As many as are drawn, and as fit on one printed page with the table.
MOST_SHOWN = 30
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Share:
    """One entry of the chronology; `number` counts from the oldest, `kinds` says who was told."""

    number: int
    mention: Mention
    line: WaitingEntry
    kinds: tuple[str, ...]

    @property
    def shared(self) -> bool:
        """Whether somebody was told by it."""
        return self.line.act == "shared"


@dataclass(frozen=True, slots=True)
class Agency:
    """A line of the chronology: a kind of agency, and whether a share with it is logged here."""

    kind: str
    told: bool
    usual: bool


@dataclass(frozen=True, slots=True)
class Repeated:
    """A worry that came up more than once, and the kinds of agency that were told of it."""

    why: str
    count: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chronology:
    """What is shown of a child; newest share first. `total` counts what the person may see."""

    mention: Mention
    shares: tuple[Share, ...]
    agencies: tuple[Agency, ...]
    repeated: tuple[Repeated, ...]
    total: int
    before: int
    # Whether somebody is in danger if one of all of them becomes known.
    danger: bool

    @property
    def following(self) -> int | None:
        """Where the older ones begin."""
        end = self.before + len(self.shares)
        return end if end < self.total else None

    @property
    def told(self) -> tuple[str, ...]:
        """The kinds of agency that were told."""
        return tuple(one.kind for one in self.agencies if one.told)

    @property
    def not_logged(self) -> tuple[str, ...]:
        """The kinds usually told in such a case, with no share logged here."""
        return tuple(one.kind for one in self.agencies if one.usual and not one.told)


class Chronologies:
    """Lays out chronologies."""

    def __init__(self, finding: Finding, usual: Usual, directory: Callable[[], Directory]):
        self._finding, self._usual, self._directory = finding, usual, directory

    def of(self, person: Person, mention: Mention, before: int = 0) -> Chronology:
        """The chronology of whoever this is, as far as this person may see it."""
        lines = self._finding.together(person, mention)
        total = len(lines)
        everything = [
            Share(total - place, one, line, self._kinds(line))
            for place, (one, line) in enumerate(lines.items())
        ]
        shown = tuple(everything[before : before + MOST_SHOWN])
        return Chronology(
            mention,
            shown,
            self._agencies(everything),
            _repeated(everything),
            total,
            before,
            danger=any(line.danger for line in lines.values()),
        )

    def _agencies(self, shares: Sequence[Share]) -> tuple[Agency, ...]:
        told = {kind for share in shares if share.shared for kind in share.kinds}
        named = {kind for share in shares for kind in share.kinds}
        usual = self._usual.told_for({why for share in shares for why in share.line.why})
        order = [*(kind.code for kind in self._usual.kinds), OTHERS, NOBODY]
        wanted = (kind for kind in order if kind in named | usual)
        return tuple(Agency(kind, kind in told, kind in usual) for kind in wanted)

    def _kinds(self, line: WaitingEntry) -> tuple[str, ...]:
        if not line.everyone_told:
            return (NOBODY,)
        listed = self._directory()
        kinds: dict[str, str] = {}
        for one in (*(listed.before.recipients if listed.before else ()), *listed.recipients):
            kinds[one.code] = one.kind
        found = (self._usual.known(kinds.get(code, OTHERS)) for code in line.everyone_told)
        return tuple(dict.fromkeys(found))


def _repeated(shares: Sequence[Share]) -> tuple[Repeated, ...]:
    # A call that reached somebody later is the same worry as that share.
    counted = [share for share in shares if share.line.state is not State.TOLD]
    times = Counter(why for share in counted for why in dict.fromkeys(share.line.why))
    found = []
    for why, count in sorted(times.items(), key=lambda one: (-one[1], one[0])):
        told = [
            share.kinds for share in reversed(counted) if share.shared and why in share.line.why
        ]
        if count > 1:
            kinds = tuple(dict.fromkeys(kind for kinds in told for kind in kinds))
            found.append(Repeated(why, count, kinds))
    return tuple(found)
