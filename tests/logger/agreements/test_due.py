"""When somebody has to look at an agreement, and what it covers: days alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from logger.agreements.due import Due, due_of
from logger.agreements.written import BACKWARDS, NO_DAY, NO_PARTY, NOT_A_DAY, read
from logger.directory.happened import Agreement

ID = UUID("01900000-0000-7000-8000-000000000000")


def agreed(**days: str) -> Agreement:
    given = {"signed_on": "2026-01-10", **days}
    return Agreement(id=ID, title="Police", parties=["police-999"], scope="All", **given)


@pytest.mark.parametrize(
    ("days", "covered"),
    [
        ({}, (False, True, True)),
        ({"ends_on": "2026-06-30"}, (False, True, False)),
        ({"ended_on": "2026-06-30"}, (False, True, False)),
        ({"ends_on": "2026-12-31", "ended_on": "2026-03-01"}, (False, True, False)),
        ({"ended_on": "2026-01-10"}, (False, False, False)),
    ],
)
def test_it_covers_from_the_day_it_was_signed_to_its_last(
    days: dict[str, str], covered: tuple[bool, ...]
) -> None:
    one = agreed(**days)
    asked = (date(2026, 1, 9), date(2026, 1, 10), date(2026, 7, 1))
    assert tuple(one.covers(on) for on in asked) == covered


def test_the_last_day_belongs_to_it_and_the_day_it_was_ended_does_not() -> None:
    assert agreed(ends_on="2026-06-30").covers(date(2026, 6, 30))
    assert not agreed(ended_on="2026-06-30").covers(date(2026, 6, 30))
    assert agreed(ended_on="2026-06-30").covers(date(2026, 6, 29))


def test_it_is_due_when_it_ran_out_must_be_reviewed_or_ends_soon_in_that_order() -> None:
    today = date(2026, 6, 30)
    assert due_of(agreed(), today, 60) is None
    assert due_of(agreed(ends_on="2026-08-29"), today, 60) is Due.ENDS_SOON
    assert due_of(agreed(ends_on="2026-08-30"), today, 60) is None
    assert due_of(agreed(ends_on="2026-06-30"), today, 60) is Due.ENDS_SOON
    assert due_of(agreed(ends_on="2026-07-30", review_on="2026-06-30"), today, 60) is Due.REVIEW
    assert due_of(agreed(ends_on="2026-06-29", review_on="2026-06-01"), today, 60) is Due.RAN_OUT
    ended = agreed(ends_on="2026-06-29", ended_on="2026-06-30")
    assert due_of(ended, today, 60) is None
    assert due_of(ended, today - timedelta(days=1), 60) is Due.ENDS_SOON


def test_the_form_says_what_is_wrong_with_each_field() -> None:
    values = {"title": " ", "scope": "x" * 2_001, "signed_on": "soon", "ends_on": "2026-13-01"}
    found, problems = read(values, ID, {"police-999"})
    assert found is None
    assert set(problems) == {"title", "scope", "parties", "signed_on", "ends_on"}
    assert (problems["parties"], problems["signed_on"]) == (NO_PARTY, NOT_A_DAY)
    good = {"title": "A", "scope": "B", "parties": ["police-999", "wizard", "police-999"]}
    assert read(good, ID, {"police-999"})[1] == {"signed_on": NO_DAY}
    # As spreadsheets of this country write it, too.
    days = {"signed_on": "01/02/2026", "ends_on": "2026-01-31"}
    assert read(good | days, ID, {"police-999"})[1] == {"ends_on": BACKWARDS}
    found, problems = read(good | {"signed_on": "2026-02-01"}, ID, {"police-999"})
    assert problems == {}
    assert found
    assert found.parties == ["police-999"]
