"""Who may do what, without a database, a request or a clock."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from logger.people import permissions as may
from logger.people.person import Person, Role

FULL = {role: Person(UUID(int=n), role.value, "", role, "North") for n, role in enumerate(Role)}
DANA, SAM = FULL[Role.PRACTITIONER], FULL[Role.SUPERVISOR]
LEAD = FULL[Role.ALLEGATIONS_LEAD]
ALED, ALEX = FULL[Role.ALTERNATE], FULL[Role.ADMINISTRATOR]
OWEN = Person(UUID(int=90), "Owen", "", Role.SUPERVISOR, "South")
RUTH = Person(UUID(int=91), "Ruth", "", Role.SUPERVISOR, "North")


def test_a_supervisor_reviews_their_own_team():
    assert may.may_review(SAM, DANA, apart=False)
    may.check_review(SAM, DANA, apart=False)


def test_nobody_reviews_what_they_made_themselves():
    for person in (SAM, ALED):
        assert not may.may_review(person, person, apart=False)
        with pytest.raises(may.NotYourReview):
            may.check_review(person, person, apart=False)


def test_a_colleague_or_the_alternate_reviews_a_supervisor():
    assert may.may_review(RUTH, SAM, apart=False)
    assert may.may_review(ALED, SAM, apart=False)


def test_another_team_is_not_reviewed():
    assert not may.may_review(OWEN, DANA, apart=False)
    with pytest.raises(may.NotYourTeam):
        may.check_review(OWEN, DANA, apart=False)


def test_two_people_without_a_team_are_not_of_the_same_team():
    nobody_s = Person(UUID(int=92), "", "", Role.SUPERVISOR, "")
    assert not may.may_review(
        nobody_s, Person(UUID(int=93), "", "", Role.PRACTITIONER, ""), apart=False
    )


def test_an_entry_of_an_unknown_author_is_for_the_alternate_alone():
    assert may.may_review(ALED, None, apart=False)
    assert not may.may_review(SAM, None, apart=False)
    with pytest.raises(may.NotYourTeam):
        may.check_review(SAM, None, apart=False)


@pytest.mark.parametrize("role", [role for role in Role if role not in may._REVIEWS])
def test_no_other_role_reviews(role):
    assert not may.supervises(FULL[role])
    with pytest.raises(may.NotAReviewer):
        may.check_review(FULL[role], DANA, apart=False)


def test_an_administrator_never_reads_an_entry():
    assert not may.reads_entries(ALEX)
    assert not may.may_see(ALEX, DANA, apart=False)
    assert not may.may_see(ALEX, ALEX, apart=False)


def test_only_the_author_documents():
    may.check_document(DANA, DANA.id)
    assert may.may_document(DANA, DANA.id)
    for author in (SAM.id, None):
        assert not may.may_document(DANA, author)
        with pytest.raises(may.NotYourEntry):
            may.check_document(DANA, author)


@pytest.mark.parametrize("role", list(Role))
def test_a_disabled_person_may_nothing(role):
    gone = Person(UUID(int=99), "", "", role, "North", disabled=True)
    asked = [may.signed_in, may.completes, may.supervises, may.administers, may.reads_entries]
    assert not any(permission(gone) for permission in asked)
    assert not may.may_see(gone, gone, apart=False)
    assert not may.may_review(gone, DANA, apart=False)
    assert not may.may_document(gone, gone.id)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ALLEGATIONS_LEAD])
def test_what_is_about_somebody_who_works_with_children_is_for_its_author_and_the_lead(role):
    assert not may.may_review(FULL[role], DANA, apart=True)
    assert may.may_see(FULL[role], DANA, apart=True) is (role is Role.PRACTITIONER)
    with pytest.raises((may.NotForTheTeam, may.NotAReviewer)):
        may.check_review(FULL[role], FULL[Role.GOVERNANCE], apart=True)
    assert may.may_review(LEAD, DANA, apart=True)
    assert may.may_review(LEAD, None, apart=True)
    may.check_review(LEAD, DANA, apart=True)


def test_the_allegations_lead_sees_nothing_else_and_never_reviews_their_own():
    assert not may.may_review(LEAD, DANA, apart=False)
    assert not may.may_see(LEAD, DANA, apart=False)
    assert may.may_see(LEAD, LEAD, apart=False)
    assert may.may_see(LEAD, LEAD, apart=True)
    assert not may.may_review(LEAD, LEAD, apart=True)
    with pytest.raises(may.NotYourReview):
        may.check_review(LEAD, LEAD, apart=True)
    with pytest.raises(may.NotYourTeam):
        may.check_review(LEAD, DANA, apart=False)


@pytest.mark.parametrize("role", list(Role))
def test_information_governance_is_asked_and_only_it_closes(role):
    asked = role in (Role.GOVERNANCE, Role.DATA_PROTECTION_OFFICER)
    assert may.advises(FULL[role]) is asked
    assert may.governs(FULL[role]) is (role is Role.GOVERNANCE)
    assert may.oversees(FULL[role]) is (asked or may.supervises(FULL[role]))
    assert may.meets_entries(FULL[role]) is (asked or may.reads_entries(FULL[role]))
    # Being asked is no review and no right to see what it was not asked about.
    if asked:
        assert not may.may_see(FULL[role], DANA, apart=False)
        assert not may.may_review(FULL[role], DANA, apart=True)


def test_whoever_was_handed_it_documents_beside_the_author_and_nobody_else():
    may.check_document(RUTH, DANA.id, RUTH.id)
    may.check_document(DANA, DANA.id, RUTH.id)
    for person in (SAM, ALED, ALEX):
        assert not may.may_document(person, DANA.id, RUTH.id)
        with pytest.raises(may.NotYourEntry):
            may.check_document(person, DANA.id, RUTH.id)
    assert not may.may_document(ALEX, None, ALEX.id)


HOLDS = {
    may.completes: {"practitioner", "supervisor", "alternate", "allegations-lead"},
    may.supervises: {"supervisor", "alternate", "allegations-lead"},
    may.leads_allegations: {"allegations-lead"},
    may.administers: {"administrator"},
    may.reads_entries: {"practitioner", "supervisor", "alternate", "allegations-lead"},
    may.sees_all_figures: {"governance", "data-protection-officer"},
    may.sees_figures: {"supervisor", "governance", "data-protection-officer"},
    may.keeps_directory: {"administrator", "governance"},
    may.keeps_agreements: {"governance"},
    may.sees_agreements: {"governance", "data-protection-officer"},
    may.advises: {"governance", "data-protection-officer"},
    may.asks_or_advises: {role.value for role in Role} - {"administrator"},
    may.governs: {"governance"},
    may.sees_set_aside: {"administrator", "governance"},
    may.oversees: {role.value for role in Role} - {"administrator", "practitioner"},
    may.meets_entries: {role.value for role in Role} - {"administrator"},
    may.signed_in: {role.value for role in Role},
}


@pytest.mark.parametrize("asked", HOLDS, ids=lambda asked: asked.__name__)
def test_each_permission_is_for_these_roles_and_for_nobody_who_is_disabled(asked):
    assert {role.value for role in Role if asked(FULL[role])} == HOLDS[asked]
    assert not any(asked(replace(FULL[role], disabled=True)) for role in Role)


def test_every_role_but_the_practitioners_needs_a_second():
    assert {role for role in Role if not may.needs_a_second(role)} == {Role.PRACTITIONER}


def test_the_second_is_another_administrator_and_not_whom_it_is_about():
    bea = replace(ALEX, id=UUID(int=95))
    assert may.may_confirm(bea, ALEX.id, DANA.id)
    assert not may.may_confirm(ALEX, ALEX.id, DANA.id)
    assert not may.may_confirm(bea, ALEX.id, bea.id)
    assert not may.may_confirm(SAM, ALEX.id, DANA.id)
    assert not may.may_confirm(replace(bea, disabled=True), ALEX.id, DANA.id)


def test_an_entry_apart_passes_the_authors_own_supervisor_by():
    assert may.may_review(SAM, DANA, apart=False)
    assert not may.may_review(SAM, DANA, apart=True)
    with pytest.raises(may.NotForTheTeam):
        may.check_review(SAM, DANA, apart=True)


def test_a_supervisor_sees_what_they_may_review_and_what_they_made():
    assert may.may_see(SAM, DANA, apart=False)
    assert may.may_see(SAM, SAM, apart=True)
    assert not may.may_see(OWEN, DANA, apart=False)
    assert not may.may_see(DANA, SAM, apart=False)
    assert not may.may_see(DANA, None, apart=False)
