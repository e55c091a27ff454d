"""The tables of the overview: what each is called, and what its codes are called.

Words are English until they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from logger.entries.fields import N_
from logger.entries.index import SOMEONE_ELSE
from logger.overview.figures import NOT_SAID, OTHER

# Ways that others can read on the road.
INSECURE = frozenset({"ordinary-email", "text-message"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its drawing."""

    name: str
    title: str
    head: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of counts; `count` is None where it is not shown."""

    label: str
    count: int | None
    insecure: bool = False


_SHARES = N_("Shares")
SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        Sheet("weeks", N_("Shares by week"), (N_("Week beginning"), _SHARES)),
        Sheet(
            "times",
            N_("How long it took"),
            (N_("From the share until it was"), N_("Median"), N_("90th percentile")),
            N_("Half of the shares took no longer than the median, nine in ten no longer than the "
               "90th percentile."),
        ),
        Sheet(
            "overdue",
            N_("Waiting now"),
            (N_("What"), N_("Entries")),
            N_("At this moment, whenever the share was."),
        ),
        Sheet(
            "recipient",
            N_("Who was told"),
            (N_("Recipient"), _SHARES),
            N_("A share with several is counted for each."),
        ),
        Sheet(
            "why",
            N_("Reasons"),
            (N_("Reason"), _SHARES),
            N_("A share with several is counted for each."),
        ),
        Sheet("how", N_("Ways of telling"), (N_("Way"), _SHARES)),
        Sheet(
            "consent",
            N_("Was consent asked for?"),
            (N_("Answer"), _SHARES),
            N_("Of the shares that are documented. Consent is not required to protect a child."),
        ),
        Sheet(
            "told",
            N_("Was the child or a parent told?"),
            (N_("Answer"), _SHARES),
            N_("Of the shares that are documented."),
        ),
        Sheet(
            "agreement",
            N_("Was there a sharing agreement?"),
            (N_("Answer"), _SHARES),
            N_("Of the shares whose documentation says so. An emergency share does not need one."),
        ),
        Sheet(
            "without",
            N_("Told without a sharing agreement"),
            (N_("Recipient"), _SHARES),
            N_("By the register of agreements, on the day of the share. In an emergency that is no "
               "fault: where it happens again and again, an agreement may help."),
        ),
    )
}  # fmt: skip
INTERVAL_WORDS: Mapping[str, str] = {
    "logged": N_("Logged"),
    "documented": N_("Documented"),
    "reviewed": N_("Reviewed and signed off"),
}
OVERDUE_WORDS: Mapping[str, str] = {
    "not_told": N_("Not yet told: a call that reached nobody"),
    "to_document": N_("Documentation overdue"),
    "returned": N_("Returned with a question, not answered yet"),
    "to_review": N_("Review overdue"),
}
ANSWER_WORDS: Mapping[tuple[str, str], str] = {
    ("recipient", SOMEONE_ELSE): N_("Someone else"),
    ("without", SOMEONE_ELSE): N_("Someone else"),
    ("consent", "given"): N_("Yes, and it was given"),
    ("consent", "refused"): N_("Yes, and it was refused"),
    ("consent", "not-asked"): N_("No"),
    ("told", "told"): N_("Yes"),
    ("told", "not-safe"): N_("No, it was not safe to tell them"),
    ("told", "not-practicable"): N_("No, it was not practicable"),
    ("told", "later"): N_("Not yet, later"),
    ("agreement", "yes"): N_("Yes"),
    ("agreement", "none"): N_("No"),
    ("agreement", "not-known"): N_("Not known"),
}
ANY_WORDS: Mapping[str, str] = {NOT_SAID: N_("Not said"), OTHER: N_("Other")}
