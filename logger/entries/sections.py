"""The sections of the documentation: which there are, in which order, and what must be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from logger.entries.fields import N_, SectionForm
from logger.entries.forms.basis import BasisForm
from logger.entries.forms.consent import ConsentForm
from logger.entries.forms.outcome import AdviceForm, FilingForm, OutcomeForm
from logger.entries.forms.purpose import ObjectiveForm

_NO_SHARE = frozenset({"not-shared", "refused"})


@dataclass(frozen=True, slots=True)
class Section:
    """One line of the task list. `titles` stand in for `title` where the act was another, and
    `optional_for` are acts for which it need not be answered."""

    code: str
    title: str
    form: type[SectionForm]
    required: bool = True
    titles: Mapping[str, str] = field(default_factory=dict)
    optional_for: frozenset[str] = frozenset()

    def titled(self, act: str) -> str:
        """Its title for this act."""
        return self.titles.get(act, self.title)

    def needed(self, act: str) -> bool:
        """Whether it must be answered before such an entry is submitted."""
        return self.required and act not in self.optional_for

    def questions(self, act: str, **values: object) -> SectionForm:
        """Its form, in words that fit the act."""
        return self.form(**values).fit(act)


SECTIONS: Mapping[str, Section] = {
    section.code: section
    for section in (
        Section(
            "objective",
            N_("Why you shared, and what you left out"),
            ObjectiveForm,
            titles={
                "not-shared": N_("Why you decided not to share"),
                "refused": N_("Why you refused"),
            },
        ),
        Section(
            "basis",
            N_("Lawful basis"),
            BasisForm,
            titles=dict.fromkeys(_NO_SHARE, N_("Law you considered")),
            optional_for=_NO_SHARE,
        ),
        Section("consent", N_("Consent and who was told"), ConsentForm),
        Section(
            "advice",
            N_("Advice and agreement"),
            AdviceForm,
            required=False,
            titles=dict.fromkeys(_NO_SHARE, N_("Advice")),
        ),
        Section(
            "outcome",
            N_("Outcome and receipt"),
            OutcomeForm,
            titles=dict.fromkeys(_NO_SHARE, N_("Outcome")),
        ),
        Section("filing", N_("How long it is kept, and who decided"), FilingForm, required=False),
    )
}


def missing(saved: Sequence[str] | Mapping[str, Any], act: str) -> tuple[Section, ...]:
    """The sections that must still be saved before an entry of this act can be submitted."""
    return tuple(one for one in SECTIONS.values() if one.needed(act) and one.code not in saved)
