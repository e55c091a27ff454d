"""Where a person can go, by their role, with how much waits there."""

from __future__ import annotations

from logger.entries.fields import N_
from logger.entries.index import REFERRED, TO_COMPLETE, apart
from logger.entries.lists import MOST_COUNTED, EntryList
from logger.people.permissions import (
    administers,
    advises,
    completes,
    sees_figures,
    supervises,
)
from logger.people.person import Person
from logger.people.register import Register
from logger.review.queue import Queue
from logger.ways import Way, Ways


def home_of(person: Person) -> str:
    """Where this person's work begins."""
    if supervises(person):
        return "/to-review"
    if administers(person):
        return "/people"
    if advises(person):
        return "/overview"
    return "/to-complete" if completes(person) else "/phones"


def ways(
    person: Person, entries: EntryList, register: Register, queue: Queue, further: Ways
) -> list[Way]:
    """The items of this person's navigation."""
    found: list[Way] = []
    if supervises(person):
        found.append(Way(N_("To review"), "/to-review", _words(queue.count(person))))
        found.append(Way(N_("Reviewed"), "/reviewed"))
        found.append(Way(N_("Not documented"), "/undocumented"))
    if advises(person):
        asked = _words(entries.count((REFERRED, apart(REFERRED)), None))
        found.append(Way(N_("For governance"), "/governance", asked))
    if completes(person):
        phones = [phone.device for phone in register.phones_of([person])]
        own = entries.count((TO_COMPLETE, apart(TO_COMPLETE)), phones)
        count = _words(own + len(entries.handed_to(person.id)))
        found.append(Way(N_("To complete"), "/to-complete", count))
        found.append(Way(N_("Submitted"), "/submitted"))
    if sees_figures(person):
        found.append(Way(N_("Overview"), "/overview"))
    if administers(person):
        found.append(Way(N_("People"), "/people", _words(len(register.proposals()))))
    found.extend(further.of(person))
    found.append(Way(N_("Phones"), "/phones"))
    return found


def _words(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")
