"""A question and what was said about it, folded from its events. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from logger.advice.happened import Advised
from logger.journal.read import Opened


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said."""

    answer: bool
    person: UUID
    words: str
    at: int
    position: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A question from one section of the documentation, and what followed, in order."""

    id: UUID
    section: str
    said: tuple[Said, ...]

    @property
    def asker(self) -> UUID:
        """Who asked, and so whose the thread is."""
        return self.said[0].person

    @property
    def waits(self) -> bool:
        """Whether the last word is a question."""
        return not self.said[-1].answer

    @property
    def waits_since(self) -> int:
        """When the first question came that nobody has answered yet."""
        since = 0
        for one in self.said:
            since = 0 if one.answer else since or one.at
        return since


def threads(events: Sequence[Opened]) -> tuple[Thread, ...]:
    """The questions on an entry, the first asked first. An answer to no question is left out."""
    found: dict[UUID, Thread] = {}
    for opened in sorted(events, key=lambda one: one.row.position):
        content = opened.content
        if not isinstance(content, Advised) or content.thread is None:
            continue
        answer = content.what == "answered"
        row = opened.row
        said = Said(answer, content.person, content.words, row.received_at, row.position)
        before = found.get(content.thread)
        if before is None and answer:
            continue
        if before is None:
            found[content.thread] = Thread(content.thread, content.section, (said,))
        else:
            found[content.thread] = Thread(before.id, before.section, (*before.said, said))
    return tuple(found.values())
