"""What the share rests on in law, from the law pack of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from logger.entries.fields import (
    N_,
    Fold,
    RequiredIf,
    SectionForm,
    Words,
    line,
    one_of,
    options,
    some_of,
    text,
)
from logger.entries.happened import Answers, ReliedOn
from logger.law.pack import SAFEGUARDING, SAFEGUARDING_OFFENCE, Choices, Part
from logger.settings import Kind

_PARTS: Mapping[str, Part] = {
    "basis": "basis",
    "condition": "condition",
    "reason": "reason",
    "offence": "offence",
    "powers": "power",
}
_OF_PARAGRAPH_18 = (SAFEGUARDING, SAFEGUARDING_OFFENCE)
# Where nothing was shared there is nothing that a condition would have to allow.
_OF_A_SHARE = frozenset({"condition", "reason", "policy", "offence"})
_LAW = Words(
    N_("Is there a lawful basis that you could have used?"),
    N_("Leave this empty if you did not get that far."),
)


class BasisForm(SectionForm):
    """Lawful basis first; special category, criminal offence data and powers where they apply."""

    folds = (
        Fold(N_("Special category information"), ("condition", "reason", "policy")),
        Fold(N_("Criminal offence information, powers and duties"), ("offence", "powers")),
        Fold(N_("Why this basis"), ("basis_why",)),
    )
    other_words: ClassVar = {"not-shared": {"basis": _LAW}, "refused": {"basis": _LAW}}
    unasked: ClassVar = {"not-shared": _OF_A_SHARE, "refused": _OF_A_SHARE}
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
            ("condition", "offence"),
            _OF_PARAGRAPH_18,
            N_("Choose the reason why there was no consent."),
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

    def offer(self, choices: Choices, kind: Kind) -> None:
        """Take up what the law pack offers for this share."""
        for name, part in _PARTS.items():
            if name in self:
                self[name].choices = options([(row.code, row.name) for row in choices.part(part)])

    def answers(self) -> Answers:
        """What was answered; a reason only where its paragraph was chosen."""
        given = super().answers()
        if not {given.get("condition"), given.get("offence")} & set(_OF_PARAGRAPH_18):
            given.pop("reason", None)
        return given


def relied_on(
    form: SectionForm, choices: Choices, pack: str, before: Sequence[ReliedOn] = ()
) -> list[ReliedOn]:
    """The rows of law that were chosen, copied as they stand; what was relied on `before` and
    still is keeps the words it had then."""
    if not isinstance(form, BasisForm):
        return []
    kept = {row.code: row for row in before}
    codes: list[str] = []
    for name in _PARTS:
        answer = form.answers().get(name, [])
        codes.extend([answer] if isinstance(answer, str) else answer)
    rows = (kept.get(code) or choices.row(code) for code in codes)
    return [row if isinstance(row, ReliedOn) else ReliedOn.of(row, pack) for row in rows if row]
