"""Phones that cost little and believe nothing: the stranger of docs/protocol.md, in a history.

A carrier lets go of nothing that it holds, offers it again where the server is another one than
before, and can be copied as a thief or a backup copies a phone.
"""

from __future__ import annotations

import copy
import http.client
import os
from uuid import UUID

from tests.faults.history import Held, History
from tests.faults.record import Record
from tests.stranger_client import Answer, Door, Phone, ProblemError
from tests.stranger_wire import Event, NotAnAnswerError, a_share, b64, now

AT_ONCE = 20
# So many ids fit into one hello; who holds more goes on in the next.
MOST_IDS = 500
# What may end a try on a bad line; anything else is a mistake of ours.
BAD_LINE = (OSError, http.client.HTTPException, ProblemError)


class Carrier:
    """One phone that writes its part of the history."""

    def __init__(self, origin: str, history: History, record: Record):
        self.phone, self._history, self._record = Phone(Door(origin)), history, record
        self.name = f"carrier {os.urandom(3).hex()}"
        self.held: dict[bytes, tuple[str, Event]] = {}
        self.state: dict[bytes, str] = {}
        self._offers: list[bytes] = []
        self._count = 0
        # What the door said no with when it was last asked.
        self.problem: ProblemError | None = None

    def join(self, person: UUID) -> Carrier:
        """Become this person's."""
        self.phone.enrol(self._record.code(person))
        self._history.joined(self.name, str(person), b64(self.phone.device))
        return self

    def copied(self) -> Carrier:
        """The same phone once more, from here on apart."""
        other = copy.copy(self)
        other.phone = copy.copy(self.phone)
        other.held, other.state = dict(self.held), dict(self.state)
        # Two copies of one phone are two, and remember each its own.
        other.name = f"{self.name}, copied as {os.urandom(3).hex()}"
        author = self._history.author_of[self.name]
        self._history.joined(other.name, author, b64(self.phone.device))
        return other

    def log(self, count: int = 1) -> list[Event]:
        """So many entries, shown as saved."""
        made = []
        for _ in range(count):
            self._count += 1
            words = f"{self.name} {self._count} {os.urandom(2).hex()}"
            self._history.types(self.name, words)
            event = self.phone.capture(a_share(now(), shared=words))
            self.held[event.id], self.state[event.id] = (words, event), "waiting"
            self._history.shows_saved(self.name, words)
            made.append(event)
        self.shows()
        return made

    def sync(self) -> Answer | None:
        """Send all that waits, and again what a changed server lacks; None when the line is bad."""
        self.problem = None
        try:
            answer = self._exchange()
            while self._offers or self.waiting:
                before = (len(self._offers), len(self.waiting))
                answer = self._exchange()
                if (len(self._offers), len(self.waiting)) == before:
                    break  # refused, or not enrolled: nothing moves any more
        except BAD_LINE as error:
            self._history.happens(self.name, f"tried: {error}")
            self.problem = error if isinstance(error, ProblemError) else None
            return None
        finally:
            self.shows()
        return answer

    @property
    def waiting(self) -> list[Event]:
        """What has no receipt, in order."""
        return [event for one, (_, event) in self.held.items() if self.state[one] == "waiting"]

    def shows(self) -> None:
        """What its list says goes into the history."""
        rows = [Held(b64(one), self.state[one], words) for one, (words, _) in self.held.items()]
        self._history.sees(self.name, rows)

    def _exchange(self) -> Answer:
        events = self.waiting[:AT_ONCE]
        holds = self._offers[:MOST_IDS]
        before = self.phone.seen
        awaiting = [one for one, state in self.state.items() if state == "received"]
        awaiting = awaiting[:MOST_IDS]
        try:
            answer = self.phone.send(*events, holds=holds, awaiting=awaiting)
        except NotAnAnswerError as error:
            if not any(told in str(error) for told in ("grown shorter", "does not follow")):
                raise
            # Another ledger within the same epoch: say so, and offer everything again.
            self._history.notices(self.name)
            self.phone.seen, self._offers = None, list(self.held)
            return self._exchange()
        changed = before is not None and before[0] != answer.epoch
        told = any(one["code"] == "ledger.another" for one in answer.told["notices"])
        self._offers = list(self.held) if changed or told else self._offers[len(holds) :]
        if changed or told:
            self._history.notices(self.name)
        self._history.hears(self.name, b64(answer.epoch), answer.position, b64(answer.digest))
        for event, result in zip(events, answer.results, strict=True):
            if result["receipt"]:
                self.state[event.id] = "received"
                place = result["receipt"]
                self._history.receives(self.name, b64(event.id), place["epoch"], place["position"])
            elif result["outcome"] == "refused":
                self.state[event.id] = "parked"
        for one in answer.opened:
            self.state[one] = "in-record"
        for one in answer.missing:
            self.state[one] = "waiting"
        return answer
