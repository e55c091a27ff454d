"""Advice and agreements before, outcome and receipt after, and where it is filed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from logger.entries.fields import N_, Fold, SectionForm, line, one_of, options, text
from logger.law.pack import Choices
from logger.settings import Kind

_NOT_SENT = frozenset({"secured", "receipt", "their_reference", "limits"})
_NO_AGREEMENT_NEEDED = frozenset({"agreement", "agreement_which"})


class AdviceForm(SectionForm):
    """Advice that was taken, and agreements that cover the share."""

    unasked: ClassVar = {"not-shared": _NO_AGREEMENT_NEEDED, "refused": _NO_AGREEMENT_NEEDED}
    advice = one_of(
        N_("Did you take advice?"),
        (("yes", N_("Yes")), ("no", N_("No, there was no time"))),
        called=N_("Advice taken"),
    )
    advice_from = line(
        N_("From whom, and when?"),
        called=N_("From whom"),
    )
    advice_what = text(
        N_("What did they say?"),
        rows=3,
        called=N_("What they said"),
    )
    agreement = one_of(
        N_("Is there a sharing agreement with them?"),
        (
            ("yes", N_("Yes")),
            ("none", N_("No. An emergency share does not need one")),
            ("not-known", N_("I do not know")),
        ),
        called=N_("Sharing agreement"),
    )
    agreement_which = line(
        N_("Which agreement?"),
        called=N_("Which agreement"),
    )
    dpia = line(
        N_("Reference of the data protection impact assessment"),
        hint=N_("Often there is one for safeguarding as a whole."),
        called=N_("Impact assessment"),
    )


class OutcomeForm(SectionForm):
    """What came of it."""

    folds = (
        Fold(
            N_("How it was sent, and whether it arrived"), ("secured", "receipt", "their_reference")
        ),
        Fold(N_("Limits and what is still to be done"), ("limits", "follow_up", "case_number")),
    )
    unasked: ClassVar = {"not-shared": _NOT_SENT, "refused": _NOT_SENT}
    outcome = text(
        N_("What happened next?"),
        hint=N_("Write “not known yet” if you have not heard."),
        required=N_("Say what happened next, or that you have not heard yet."),
        called=N_("Outcome"),
    )
    secured = text(
        N_("How was it kept safe on the way?"),
        hint=N_("For example: rang back on the number in the directory."),
        rows=2,
        called=N_("Kept safe by"),
    )
    receipt = one_of(
        N_("Did they confirm that they received it?"),
        (("yes", N_("Yes")), ("not-yet", N_("Not yet"))),
        called=N_("Receipt confirmed"),
    )
    their_reference = line(
        N_("Their reference"),
        hint=N_("An incident or case number they gave."),
        called=N_("Their reference"),
    )
    limits = text(
        N_("Did you set limits on sharing it further?"),
        rows=2,
        called=N_("Limits on further sharing"),
    )
    follow_up = text(
        N_("What has to be done now, and by whom?"),
        rows=3,
        called=N_("To be done"),
    )
    case_number = line(
        N_("Your case number"),
        called=N_("Case number"),
    )


# How long what kind of record is usually kept, and by whom; to be changed by the organisation.
_KEPT: Mapping[str, tuple[str, frozenset[Kind]]] = {
    "school-child-protection": (
        N_("School child protection file: date of birth and 25 years"), frozenset({"school"})),
    "school-sexual-abuse": (N_("School, child sexual abuse: 75 years"), frozenset({"school"})),
    "council-child-protection": (
        N_("Child protection: 35 years after closure"), frozenset({"council"})),
    "council-child-in-need": (
        N_("Child in need or early help: to the age of 30, or 18 and 3 years without activity"),
        frozenset({"council"})),
    "child-in-care": (
        N_("Child in care: date of birth and 75 years, or 15 years after death under 18"),
        frozenset({"council"})),
    "adoption": (N_("Adoption: 100 years"), frozenset({"council", "voluntary"})),
    "health-child": (
        N_("Child's health record: to the 25th birthday, or the 26th"), frozenset({"health"})),
    "police-review": (N_("Police: by review group"), frozenset({"police"})),
    "as-the-file": (N_("As the child's file, whichever that is"), frozenset()),
    "not-known": (N_("I do not know"), frozenset()),
}  # fmt: skip


class FilingForm(SectionForm):
    """How long it is kept, and who decided."""

    retention = one_of(
        N_("How long is it kept?"),
        [(code, label) for code, (label, _kinds) in _KEPT.items()],
        hint=N_("An entry about several children is kept as long as the longest."),
        called=N_("Kept"),
    )
    decided_by = line(
        N_("Who decided?"),
        hint=N_("Leave this empty if it was you."),
        called=N_("Decided by"),
    )
    decided_role = line(
        N_("In which role?"),
        called=N_("In the role of"),
    )
    decided_on = line(
        N_("When was it decided?"),
        hint=N_("Leave this empty if it was at the time of the share."),
        called=N_("Decided on"),
    )

    def offer(self, choices: Choices, kind: Kind) -> None:
        """Only what this kind of organisation keeps; what was chosen before stays."""
        chosen = self.retention.data
        kept = [
            (code, label)
            for code, (label, kinds) in _KEPT.items()
            if not kinds or kind in kinds or code == chosen
        ]
        self.retention.choices = options(kept)
