"""The few questions of each addition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from logger.entries.fields import (
    MOST_LINE,
    N_,
    TOO_LONG,
    SectionForm,
    SomeOf,
    line,
    one_of,
    options,
    some_of,
    text,
)
from logger.later.standing import Told


class AdditionForm(SectionForm):
    """Questions about recipients are given those of the entry."""

    of_recipients: ClassVar[tuple[str, ...]] = ()

    def offer_recipients(self, whom: Sequence[Told]) -> None:
        """Those who were told, as the choices of the questions about them."""
        for name in self.of_recipients:
            self[name].choices = options([(one.name, one.label) for one in whom])


def needed(label: str, called: str, required: str, hint: str = "", listed: str = "") -> StringField:
    """One line that must be answered. `listed` is the id of a list of known answers."""
    judges = [DataRequired(required), Length(max=MOST_LINE, message=TOO_LONG[MOST_LINE])]
    said = {"called": called, "list": listed} if listed else {"called": called}
    return StringField(label, validators=judges, description=hint, render_kw=said)


class FurtherForm(AdditionForm):
    """The same information was shared with somebody else too."""

    whom = needed(
        N_("Who did you tell?"), N_("Told"), N_("Say who you told."), listed="known-recipients"
    )
    person = line(N_("Their name"), called=N_("Name"))
    when = needed(
        N_("When?"), N_("When"), N_("Say when."), hint=N_("For example: today, about 15:20.")
    )
    how = line(N_("How?"), called=N_("How"), hint=N_("For example: by phone."))
    different = text(
        N_("What was different this time?"),
        hint=N_("Leave this empty if you told them the same."),
        rows=3,
        called=N_("Different this time"),
    )
    reference = line(N_("Their reference"), called=N_("Their reference"))


class CorrectionForm(AdditionForm):
    """Something that was shared was wrong."""

    of_recipients = ("told",)
    wrong = text(
        N_("What was wrong?"),
        required=N_("Say what was wrong."),
        rows=3,
        called=N_("Wrong was"),
    )
    right = text(
        N_("What is right?"),
        hint=N_("Write “not known” if you only know that it was wrong."),
        required=N_("Say what is right, or “not known”."),
        rows=3,
        called=N_("Right is"),
    )
    told = some_of(
        N_("Who has been told of the correction?"),
        hint=N_(
            "Everyone who was told what was wrong has to be told. You can add the others later."
        ),
        called=N_("Told of the correction"),
    )
    told_how = line(N_("When and how were they told?"), called=N_("When and how"))


class ToldForm(AdditionForm):
    """Somebody was told of a correction."""

    of_recipients = ("told",)
    told = SomeOf(
        N_("Who has been told of the correction now?"),
        validators=[DataRequired(N_("Choose who has been told."))],
        render_kw={"called": N_("Told of the correction")},
    )
    told_how = line(N_("When and how were they told?"), called=N_("When and how"))


class ReceiptForm(AdditionForm):
    """A recipient said that it arrived."""

    of_recipients = ("whom",)
    whom = one_of(
        N_("Who confirmed that they received it?"),
        required=N_("Choose who confirmed it."),
        called=N_("Confirmed by"),
    )
    when = needed(
        N_("When did they confirm it?"),
        N_("When"),
        N_("Say when."),
        hint=N_("For example: today, about 15:20."),
    )
    reference = line(N_("Their reference"), called=N_("Their reference"))


class OutcomeForm(AdditionForm):
    """What came of it since."""

    outcome = text(
        N_("What has happened since?"),
        required=N_("Say what has happened since."),
        called=N_("Since then"),
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of addition: how it is asked for and how it is called where it is read.

    `of_a_share` has no meaning where nothing was shared."""

    what: str
    ask: str
    called: str
    form: type[AdditionForm]
    of_a_share: bool = True


KINDS: Mapping[str, Kind] = {
    kind.what: kind
    for kind in (
        Kind("receipt", N_("They confirmed that it arrived"), N_("Receipt confirmed"), ReceiptForm),
        Kind("outcome", N_("What has happened since"), N_("Outcome added"), OutcomeForm, False),
        Kind(
            "further",
            N_("I told someone else the same"),
            N_("Shared again with someone else"),
            FurtherForm,
        ),
        Kind(
            "correction",
            N_("Something I shared was wrong"),
            N_("Something was corrected"),
            CorrectionForm,
        ),
        Kind(
            "told",
            N_("Someone was told of the correction"),
            N_("Someone was told of the correction"),
            ToldForm,
        ),
    )
}
