"""Who may do what: pure rules, no database, no request, no clock.

`may_…` asks, `check_…` answers with the reason in the family of errors. An entry is `apart` when it
is about somebody who works with children: it passes team and supervisor by, and is for its author
and the allegations lead alone. Whoever asks must say which it is; there is no default.
"""

from __future__ import annotations

from uuid import UUID

from logger.errors import LoggerError
from logger.people.person import Person, Role


class NotYourEntry(LoggerError):
    """Only whoever made the share documents it."""

    code = "entry.not_yours"
    status = 403
    public_message = "Only the person who logged this share can complete it."


class NotYourTeam(LoggerError):
    """A supervisor reviews the people of their own team."""

    code = "review.other_team"
    status = 403
    public_message = "This entry belongs to another team."


class NotYourReview(LoggerError):
    """A supervisor may not review what they shared themselves."""

    code = "review.own_entry"
    status = 403
    public_message = "Someone else must review this entry, because you made it."


class NotForTheTeam(LoggerError):
    """What is about somebody who works with children is for the allegations lead."""

    code = "review.apart"
    status = 403
    public_message = "Only the allegations lead reviews this entry."


class NotAReviewer(LoggerError):
    """Reviewing is for supervisors, the reviewer's alternate and the allegations lead."""

    code = "review.not_a_reviewer"
    status = 403
    public_message = "Your role does not include reviewing."


class NotYourDecision(LoggerError):
    """Only whoever decided can take it back, and only while nothing came of it."""

    code = "review.not_your_decision"
    status = 403
    public_message = "Only the person who decided can undo it, as long as nothing came of it."


class NotTheSecond(LoggerError):
    """What one administrator asks, another confirms."""

    code = "people.not_the_second"
    status = 403
    public_message = (
        "Another administrator must confirm this: neither the one who asked, nor the person it is "
        "about."
    )


class NotForGovernance(LoggerError):
    """Information governance answers what was referred to it, and nothing else."""

    code = "governance.not_asked"
    status = 403
    public_message = "Only information governance answers this, when it was asked."


_LOGS = frozenset({Role.PRACTITIONER, Role.SUPERVISOR, Role.ALTERNATE, Role.ALLEGATIONS_LEAD})
_REVIEWS = frozenset({Role.SUPERVISOR, Role.ALTERNATE, Role.ALLEGATIONS_LEAD})
_ANSWERS_FOR_ALL = frozenset({Role.GOVERNANCE, Role.DATA_PROTECTION_OFFICER})


def signed_in(person: Person) -> bool:
    """Whoever is signed in."""
    return not person.disabled


def completes(person: Person) -> bool:
    """Whether this person logs shares, and so has entries to complete."""
    return signed_in(person) and person.role in _LOGS


def supervises(person: Person) -> bool:
    """Whether this person reviews other people's entries."""
    return signed_in(person) and person.role in _REVIEWS


def leads_allegations(person: Person) -> bool:
    """Whether entries about people who work with children come to this person."""
    return signed_in(person) and person.role is Role.ALLEGATIONS_LEAD


def administers(person: Person) -> bool:
    """Whether this person looks after people and phones. Administrators never read an entry."""
    return signed_in(person) and person.role is Role.ADMINISTRATOR


def needs_a_second(role: Role) -> bool:
    """Whether one administrator alone cannot give this role: whoever has it can be one of two in
    something that takes two. A practitioner sees nothing but their own."""
    return role is not Role.PRACTITIONER


def may_confirm(person: Person, asked_by: UUID, about: UUID) -> bool:
    """Whether this person can be the second of two administrators."""
    return administers(person) and person.id not in (asked_by, about)


def reads_entries(person: Person) -> bool:
    """Whether this person has any entry to read at all; which one is `may_see`."""
    return completes(person) or supervises(person)


def sees_all_figures(person: Person) -> bool:
    """Whether this person sees the figures of the whole organisation."""
    return signed_in(person) and person.role in _ANSWERS_FOR_ALL


def sees_figures(person: Person) -> bool:
    """Whether this person sees any figures; a supervisor sees those of their own team."""
    return sees_all_figures(person) or (signed_in(person) and person.role is Role.SUPERVISOR)


def keeps_directory(person: Person) -> bool:
    """Whether this person keeps the list of recipients right."""
    return administers(person) or (signed_in(person) and person.role is Role.GOVERNANCE)


def keeps_agreements(person: Person) -> bool:
    """Whether this person keeps the register of sharing agreements."""
    return signed_in(person) and person.role is Role.GOVERNANCE


def sees_agreements(person: Person) -> bool:
    """Whether this person sees that register: who keeps it, and who advises on it."""
    return signed_in(person) and person.role in _ANSWERS_FOR_ALL


def advises(person: Person) -> bool:
    """Whether what is referred, every breach, and the data protection team's questions come to
    this person. Advising decides nothing."""
    return sees_all_figures(person)


def asks_or_advises(person: Person) -> bool:
    """Whether this person has a side in any question."""
    return completes(person) or advises(person)


def governs(person: Person) -> bool:
    """Whether this person can close what was referred; a data protection officer advises and
    never decides."""
    return signed_in(person) and person.role is Role.GOVERNANCE


def sees_set_aside(person: Person) -> bool:
    """Whether this person sees that something was set aside, and why; opening it is `governs`."""
    return administers(person) or governs(person)


def oversees(person: Person) -> bool:
    """Whether this person reviews, or is asked about what others reviewed."""
    return supervises(person) or advises(person)


def meets_entries(person: Person) -> bool:
    """Whether any entry can come before this person at all."""
    return reads_entries(person) or advises(person)


def check_document(person: Person, author_id: UUID | None, documenter: UUID | None = None) -> None:
    """NotYourEntry unless this person made the share, or was handed its documentation."""
    if not may_document(person, author_id, documenter):
        raise NotYourEntry


def check_review(person: Person, author: Person | None, *, apart: bool) -> None:
    """The reason why this person may not review an entry by that author, if there is one.

    Where the author is not known, only the reviewer's alternate may, who belongs to every team;
    what is apart, only the allegations lead, who sees nothing else.
    """
    if not supervises(person):
        raise NotAReviewer
    if author is not None and author.id == person.id:
        raise NotYourReview
    if apart and not leads_allegations(person):
        raise NotForTheTeam
    if not _reaches(person, author, apart):
        raise NotYourTeam


def may_document(person: Person, author_id: UUID | None, documenter: UUID | None = None) -> bool:
    """Whether `check_document` holds."""
    return completes(person) and person.id in (author_id, documenter)


def may_review(person: Person, author: Person | None, *, apart: bool) -> bool:
    """Whether `check_review` holds."""
    own = author is not None and author.id == person.id
    return supervises(person) and not own and _reaches(person, author, apart)


def may_see(person: Person, author: Person | None, *, apart: bool) -> bool:
    """Whether this person may read an entry by that author: their own, or one they may review."""
    own = author is not None and author.id == person.id and completes(person)
    return own or may_review(person, author, apart=apart)


def _reaches(person: Person, author: Person | None, apart: bool) -> bool:
    if apart or person.role is Role.ALLEGATIONS_LEAD:
        return apart and person.role is Role.ALLEGATIONS_LEAD
    if person.role is Role.ALTERNATE:
        return True
    return author is not None and bool(author.team) and author.team == person.team
