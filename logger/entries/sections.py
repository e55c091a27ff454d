"""The sections of the documentation: what is asked, in which order, and what must be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from logger.entries.fields import (
    N_,
    RequiredIf,
    SectionForm,
    line,
    one_of,
    options,
    some_of,
    text,
)
from logger.entries.happened import Answers, ReliedOn
from logger.law.pack import SAFEGUARDING, Choices, Part


class ObjectiveForm(SectionForm):
    """Why it was shared."""

    folded = ("fact_or_opinion",)
    objective = text(
        N_("What did you want to happen?"),
        hint=N_("For example: an officer at the address tonight."),
        required=N_("Say what you wanted to happen."),
        called=N_("Objective"),
    )
    necessity = text(
        N_("Why was it necessary to share?"),
        hint=N_("What could have happened if you had not."),
        required=N_("Say why it was necessary to share."),
        called=N_("Necessary because"),
    )
    left_out = text(
        N_("What did you leave out, and why?"),
        hint=N_("Write “nothing” if everything you knew was needed."),
        required=N_("Say what you left out, or write “nothing”."),
        called=N_("Left out"),
    )
    fact_or_opinion = text(
        N_("Which parts are fact, which are opinion or came from someone else?"),
        rows=3,
        called=N_("Fact or opinion"),
    )


class BasisForm(SectionForm):
    """What the share rests on in law, from the law pack of that day."""

    folded = ("basis_why", "policy", "offence", "powers")
    basis = one_of(
        N_("What is the lawful basis?"),
        hint=N_("Consent is not required to protect a child."),
        required=N_("Choose a lawful basis."),
        called=N_("Lawful basis"),
    )
    basis_why = text(
        N_("Why this one?"),
        rows=2,
        called=N_("Why this one"),
    )
    condition = one_of(
        N_("Did you share special category information?"),
        hint=N_(
            "Information about health, sex life, ethnic origin, religion and the like. "
            "Choose the condition that allowed it."
        ),
        called=N_("Special category"),
    )
    reason = one_of(
        N_("Why was there no consent?"),
        hint=N_("The safeguarding condition needs one of exactly these three reasons."),
        when=RequiredIf(
            "condition", (SAFEGUARDING,), N_("Choose the reason why there was no consent.")
        ),
        called=N_("Without consent because"),
    )
    policy = line(
        N_("Which appropriate policy document applies?"),
        hint=N_("Its name or version, if you know it."),
        called=N_("Policy document"),
    )
    offence = one_of(
        N_("Did you share information about crimes or allegations of crime?"),
        hint=N_("Choose the condition that allowed it. Leave this empty if you did not."),
        called=N_("Criminal offence data"),
    )
    powers = some_of(
        N_("Which power or duty did you use, if any?"),
        called=N_("Powers and duties"),
    )

    def offer(self, choices: Choices) -> None:
        """Take up what the law pack offers for this share."""
        for name, part in _PARTS.items():
            self[name].choices = options([(row.code, row.name) for row in choices.part(part)])

    def answers(self) -> Answers:
        """What was answered; a reason only where its condition was chosen."""
        given = super().answers()
        if given.get("condition") != SAFEGUARDING:
            given.pop("reason", None)
        return given


class ConsentForm(SectionForm):
    """Consent, and who was told."""

    folded = ("views",)
    consent = one_of(
        N_("Was consent asked for?"),
        (
            ("given", N_("Yes, and it was given")),
            ("refused", N_("Yes, and it was refused")),
            ("not-asked", N_("No")),
        ),
        hint=N_("You do not need consent to protect a child."),
        required=N_("Say whether consent was asked for."),
        called=N_("Consent asked for"),
    )
    consent_why = text(
        N_("Why not, or why did you share all the same?"),
        rows=2,
        when=RequiredIf(
            "consent", ("refused", "not-asked"), N_("Say why you shared without consent.")
        ),
        called=N_("Why without consent"),
    )
    told = one_of(
        N_("Was the child or a parent told?"),
        (
            ("told", N_("Yes")),
            ("not-safe", N_("No, it was not safe to tell them")),
            ("not-practicable", N_("No, it was not practicable")),
            ("later", N_("Not yet, later")),
        ),
        hint=N_(
            "If sexual abuse, forced marriage, so-called honour-based abuse, fabricated illness or "
            "a police enquiry is possible, ask social care or police before telling family."
        ),
        required=N_("Say whether the child or a parent was told."),
        called=N_("Family told"),
    )
    told_whom = text(
        N_("Who was told and when, or why not"),
        hint=N_("If not, say when to look at this again."),
        rows=2,
        when=RequiredIf(
            "told",
            ("told", "not-safe", "not-practicable", "later"),
            N_("Say who was told and when, or why not."),
        ),
        called=N_("Who and when, or why not"),
    )
    views = text(
        N_("What did the child say or want?"),
        rows=2,
        called=N_("The child's views"),
    )


class AdviceForm(SectionForm):
    """Advice that was taken, and agreements that cover the share."""

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


class OutcomeForm(SectionForm):
    """What came of it."""

    folded = ("limits", "follow_up", "case_number")
    outcome = text(
        N_("What happened next?"),
        hint=N_("Write “not known yet” if you have not heard."),
        required=N_("Say what happened next, or that you have not heard yet."),
        called=N_("Outcome"),
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


@dataclass(frozen=True, slots=True)
class Section:
    """One line of the task list. Whatever stands in `required` must be there to submit."""

    code: str
    title: str
    form: type[SectionForm]
    required: bool = True


SECTIONS: Mapping[str, Section] = {
    section.code: section
    for section in (
        Section("objective", N_("Why you shared, and what you left out"), ObjectiveForm),
        Section("basis", N_("Lawful basis"), BasisForm),
        Section("consent", N_("Consent and who was told"), ConsentForm),
        Section("advice", N_("Advice and agreement"), AdviceForm, required=False),
        Section("outcome", N_("Outcome and receipt"), OutcomeForm),
    )
}
_PARTS: Mapping[str, Part] = {
    "basis": "basis",
    "condition": "condition",
    "reason": "reason",
    "offence": "offence",
    "powers": "power",
}


def missing(saved: Sequence[str] | Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections that must still be saved before the entry can be submitted."""
    return tuple(one for one in SECTIONS.values() if one.required and one.code not in saved)


def relied_on(form: SectionForm, choices: Choices, pack: str) -> list[ReliedOn]:
    """The rows of law that were chosen, copied as they stand."""
    if not isinstance(form, BasisForm):
        return []
    codes: list[str] = []
    for name in _PARTS:
        answer = form.answers().get(name, [])
        codes.extend([answer] if isinstance(answer, str) else answer)
    rows = (choices.row(code) for code in codes)
    return [
        ReliedOn(
            code=row.code,
            part=row.part,
            name=row.name,
            text=row.text,
            source=row.source,
            checked=row.checked,
            valid_from=row.valid_from.isoformat(),
            valid_to=row.valid_to.isoformat() if row.valid_to else None,
            pack=pack,
            cy=row.cy,
        )
        for row in rows
        if row
    ]
