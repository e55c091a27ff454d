"""When somebody has to look at an agreement. Pure: the day is given."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from logger.directory.happened import Agreement


class Due(StrEnum):
    """Why somebody has to look, the most pressing first."""

    RAN_OUT = "ran-out"
    REVIEW = "review"
    ENDS_SOON = "ends-soon"


def due_of(agreement: Agreement, today: date, notice_days: int) -> Due | None:
    """Why somebody has to look at this agreement on this day; None where nobody has to.

    One that was ended by hand needs nobody any more.
    """
    if agreement.ended_on and agreement.ended_on <= today.isoformat():
        return None
    last = agreement.last_day
    if last is not None and last < today:
        return Due.RAN_OUT
    if agreement.review_on and agreement.review_on <= today.isoformat():
        return Due.REVIEW
    if last is not None and last - timedelta(days=notice_days) <= today:
        return Due.ENDS_SOON
    return None
