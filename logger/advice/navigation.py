"""What this room adds to the navigation: questions that wait for whoever advises, answers that
whoever asked has not looked at."""

from __future__ import annotations

from collections.abc import Callable

from logger.advice.index import MOST_LISTED, Questions
from logger.people.permissions import advises, asks_or_advises
from logger.people.person import Person
from logger.shell.words import N_
from logger.ways import Way


def advice_ways(questions: Questions) -> Callable[[Person], list[Way]]:
    """The rule."""

    def ways(person: Person) -> list[Way]:
        if not asks_or_advises(person):
            return []
        ours = advises(person)
        count = questions.count_waiting() if ours else questions.count_unseen(person.id)
        words = f"{MOST_LISTED - 1}+" if count >= MOST_LISTED else str(count or "")
        return [Way(N_("Advice"), "/advice", words)]

    return ways
