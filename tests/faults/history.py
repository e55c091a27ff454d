"""What every actor showed and did, written down, and folded into a verdict at the end.

A phone says what was typed, what it showed as saved, which receipts it believed, which head of the
ledger it heard and what it holds; whoever kills or puts back the server says so; the record says
what it has and what it found odd. `broken` lists what does not go together: oracles I1 (nothing
saved is lost), I2 (no receipt without its event), I3 (exactly once), I4 (the author is who typed)
and I5 (gaps, forks and a ledger that went back are noticed, nothing is dropped). After the ledger
was put back, ask once every phone has met it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# How an entry may stand on a phone and be seen by its owner as not yet in safe hands.
VISIBLE = {"waiting", "parked"}
BELIEVED = {"received", "in-record"}


@dataclass(frozen=True)
class Held:
    """One entry on a phone, as its own list shows it."""

    id: str
    state: str
    words: str | None


@dataclass(frozen=True)
class Kept:
    """One event in the record. Words are None where it could not be opened."""

    id: str
    device: str
    seq: int
    prev: str
    lane: int
    author: str
    words: str | None
    epoch: str = ""
    position: int = 0


@dataclass(frozen=True)
class Heard:
    """Where the ledger ended, as a signed answer said it to one phone."""

    phone: str
    epoch: str
    position: int
    digest: str


@dataclass(frozen=True)
class WentBack:
    """Somebody put an older ledger in the place of the newer one; with a new epoch or without."""

    position: int


@dataclass(frozen=True)
class Noticed:
    """A phone saw that the ledger is another one than before."""

    phone: str


@dataclass
class History:
    """One run of phones and a record."""

    author_of: dict[str, str] = field(default_factory=dict)
    devices: set[str] = field(default_factory=set)
    typed: dict[str, str] = field(default_factory=dict)
    saved: set[str] = field(default_factory=set)
    destroyed: set[str] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    holds: dict[str, list[Held]] = field(default_factory=dict)
    places: set[tuple[str, str, int]] = field(default_factory=set)
    heads: list[Heard | WentBack | Noticed] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def joined(self, phone: str, author: str, device: str) -> None:
        """This phone is that person's."""
        self._note(phone, f"joined as {author}")
        self.author_of[phone] = author
        self.devices.add(device)

    def types(self, phone: str, words: str) -> None:
        """Somebody pressed *Log it* with these words, each time others."""
        assert words not in self.typed, "every entry has words of its own"
        self._note(phone, f"typed {words}")
        self.typed[words] = phone

    def shows_saved(self, phone: str, words: str) -> None:
        """The phone said *Saved on this phone*."""
        self._note(phone, f"saved {words}")
        self.saved.add(words)

    def destroys(self, phone: str, words: str) -> None:
        """A fault took these words themselves, as a disk can; their entry can still be seen."""
        self._note(phone, f"destroyed {words}")
        self.destroyed.add(words)

    def receives(self, phone: str, event: str, epoch: str = "", position: int = 0) -> None:
        """The phone believes that the record has this event, there where its receipt says."""
        self.receipts.add(event)
        if position:
            self.places.add((event, epoch, position))

    def hears(self, phone: str, epoch: str, position: int, digest: str) -> None:
        """A signed answer said that the ledger ends here."""
        self.heads.append(Heard(phone, epoch, position, digest))

    def goes_back(self, actor: str, position: int) -> None:
        """The ledger ends there again, as after a restore."""
        self._note(actor, f"put the ledger back to {position}")
        self.heads.append(WentBack(position))

    def notices(self, phone: str) -> None:
        """The phone saw that the ledger is another one."""
        self._note(phone, "noticed another ledger")
        self.heads.append(Noticed(phone))

    def happens(self, actor: str, what: str) -> None:
        """Killed, restored, cut: for whoever reads a failing run."""
        self._note(actor, what)

    def sees(self, phone: str, held: list[Held]) -> None:
        """What the phone holds now; the last word counts."""
        self.holds[phone] = held
        for one in held:
            if one.state in BELIEVED:
                self.receives(phone, one.id)

    def broken(self, record: list[Kept], found: set[tuple[str, int, str]]) -> list[str]:
        """Everything that does not go together; nothing is as it should be."""
        return [
            *self._nothing_saved_is_lost(record),
            *self._receipts_hold(record),
            *self._authors(record),
            *self._chains(record, found),
            *self._places(record),
            *self._heads(),
        ]

    def _nothing_saved_is_lost(self, record: list[Kept]) -> Iterator[str]:
        there = Counter(one.words for one in record if one.words is not None)
        waits = Counter(
            one.words for held in self.holds.values() for one in held if one.state in VISIBLE
        )
        for words in self.typed:
            if there[words] > 1:
                yield f"I3: {words!r} is in the record {there[words]} times"
            safe = there[words] or waits[words] or words in self.destroyed
            if words in self.saved and not safe:
                yield f"I1: {words!r} was shown as saved and is nowhere"
            if waits[words] > 1:
                yield f"I3: {words!r} waits {waits[words]} times"
        for words in set(there) - set(self.typed):
            yield f"I3: {words!r} is in the record and nobody typed it"

    def _receipts_hold(self, record: list[Kept]) -> Iterator[str]:
        there = Counter(one.id for one in record)
        yield from (f"I2: a receipt for {one}, not there" for one in self.receipts - set(there))
        yield from (f"I3: {one} stands {n} times" for one, n in there.items() if n > 1)

    def _places(self, record: list[Kept]) -> Iterator[str]:
        """A receipt names the row that is there, unless the ledger went back since."""
        if any(isinstance(one, WentBack) for one in self.heads):
            return
        there = {(one.id, one.epoch, one.position) for one in record}
        yield from (f"I2: a receipt names another row: {one}" for one in self.places - there)

    def _heads(self) -> Iterator[str]:
        last: dict[str, Heard] = {}
        epochs: set[str] = set()
        digests: dict[tuple[str, int], str] = {}
        owing: set[str] = set()
        for one in self.heads:
            if isinstance(one, WentBack):
                owing |= {phone for phone, head in last.items() if head.position > one.position}
                epochs, digests = set(), {}
            elif isinstance(one, Noticed):
                owing.discard(one.phone)
                last.pop(one.phone, None)
            else:
                if one.phone in owing:
                    yield f"I5: the ledger went back behind {one.phone}, which did not notice"
                before = last.get(one.phone)
                if before and before.epoch == one.epoch and before.position > one.position:
                    yield f"I5: the head went back from {before} to {one}"
                if digests.setdefault((one.epoch, one.position), one.digest) != one.digest:
                    yield f"I5: two ledgers end at {one}"
                epochs.add(one.epoch)
                last[one.phone] = one
        if len(epochs) > 1:
            yield f"I5: epochs that nobody began: {epochs}"

    def _authors(self, record: list[Kept]) -> Iterator[str]:
        for one in record:
            phone = self.typed.get(one.words or "")
            if phone and one.author != self.author_of[phone]:
                yield f"I4: {one.words!r} by {self.author_of[phone]} stands under {one.author}"

    def _chains(self, record: list[Kept], found: set[tuple[str, int, str]]) -> Iterator[str]:
        odd: set[tuple[str, int, str]] = set()
        for device in {one.device for one in record}:
            seqs = sorted(one.seq for one in record if one.device == device)
            for before, seq in zip([0, *seqs], seqs, strict=False):
                if seq == before:
                    odd.add((device, seq, "fork"))
                elif seq != before + 1:
                    odd.add((device, seq, "gap"))
        told = {one for one in found if one[2] != "other-predecessor"}
        yield from (f"I5: {one} is not reported" for one in odd - told)
        yield from (f"I5: {one} is reported and is not so" for one in told - odd)

    def _note(self, actor: str, what: str) -> None:
        self.log.append(f"{len(self.log):5} {actor}: {what}")
