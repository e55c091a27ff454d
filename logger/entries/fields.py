"""The few kinds of question the documentation asks, as WTForms fields.

Labels and messages are English here and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from wtforms import (
    Field,
    Form,
    Label,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)

from logger.entries.happened import Answers, ReliedOn
from logger.law.pack import Choices, Row
from logger.settings import Kind
from logger.shell.words import N_ as N_
from logger.shell.words import SOURCE

MOST_LINE, MOST_TEXT = 200, 4_000
# Beyond this an answer says more than anyone reads in it, and a word about its length helps.
ENOUGH = 500
# Whole sentences: a number put into one afterwards would not be found in the catalogue.
TOO_LONG = {
    MOST_LINE: N_("Shorten this to 200 characters or fewer."),
    MOST_TEXT: N_("Shorten this to 4,000 characters or fewer."),
}
Choice = tuple[str, str]


class OneOf(RadioField):
    """Radios; nothing chosen is an answer the validators judge, not a wrong choice."""

    def pre_validate(self, form: Form) -> None:
        """A choice that is not offered is refused, whatever the validators say."""
        if not self.data:
            return
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError(N_("Choose one of the answers on this page."))


class SomeOf(SelectMultipleField):
    """Checkboxes."""

    def pre_validate(self, form: Form) -> None:
        """Choices that are not offered are refused."""
        if set(self.data or ()) - {value for value, *_ in self.iter_choices()}:
            raise ValidationError(N_("Choose from the answers on this page."))


@dataclass(frozen=True, slots=True)
class Words:
    """What a question says instead, where the act was another. It is optional without
    `required`."""

    label: str
    hint: str = ""
    required: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Questions that few need, shown when asked for under this name."""

    name: str
    questions: tuple[str, ...]


class SectionForm(Form):
    """One section's questions. Fields begin with the answers that were saved or drafted."""

    folds: tuple[Fold, ...] = ()
    # By the act (docs/protocol.md section 3.6): other words, and questions that make no sense.
    other_words: ClassVar[Mapping[str, Mapping[str, Words]]] = {}
    unasked: ClassVar[Mapping[str, frozenset[str]]] = {}

    @property
    def folded(self) -> frozenset[str]:
        """The questions that stand in a fold."""
        return frozenset(name for fold in self.folds for name in fold.questions)

    def unfolded(self, fold: Fold) -> bool:
        """Whether one of its questions was answered, or answered wrongly."""
        return any(self[name].data or self[name].errors for name in fold.questions)

    def fit(self, act: str) -> SectionForm:
        """The same questions in words that fit the act."""
        gone = self.unasked.get(act, frozenset())
        for name in gone:
            del self[name]
        kept = (
            replace(fold, questions=tuple(one for one in fold.questions if one not in gone))
            for fold in self.folds
        )
        self.folds = tuple(fold for fold in kept if fold.questions)
        for name, words in self.other_words.get(act, {}).items():
            _say_otherwise(self[name], words)
        return self

    def answers(self) -> Answers:
        """What was answered, without what was left empty."""
        values = {field.name: field.data for field in self if field.data}
        return {
            name: [str(one) for one in value] if isinstance(value, list) else str(value)
            for name, value in values.items()
        }

    def offer(self, choices: Choices, kind: Kind) -> None:
        """Take up what the law pack offers for this share, and what fits the organisation."""


class RequiredIf:
    """Required where one of the `others` was answered in one of these ways."""

    def __init__(self, others: Sequence[str], answers: Sequence[str], message: str):
        self.others, self.answers, self.message = others, answers, message

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse an empty answer where one is needed."""
        if field.data and (not isinstance(field.data, str) or field.data.strip()):
            return
        if any(form[other].data in self.answers for other in self.others):
            raise StopValidation(self.message)
        raise StopValidation


@dataclass(frozen=True, slots=True)
class Shown:
    """One answered question as it is read; `translated` where the answer is one of our words."""

    name: str
    label: str
    answer: str
    translated: bool


def shown(
    form: SectionForm,
    answers: Answers,
    law: Sequence[ReliedOn | Row] = (),
    language: str = SOURCE,
) -> list[Shown]:
    """The answered questions of a form, in the order they are asked.

    Names of law come from what was frozen with the answers; only a draft has none yet and takes
    today's rows.
    """
    said = {row.code: row.said(language) for row in law}
    names = {
        code: one.name if one.name == one.source else f"{one.name} · {one.source}"
        for code, one in said.items()
    }
    lines: list[Shown] = []
    for field in form:
        answer = answers.get(field.name)
        if not answer:
            continue
        given = [answer] if isinstance(answer, str) else answer
        chosen = isinstance(field, OneOf | SomeOf)
        labels = {one.value: one.label for one in field.choices or ()} if chosen else {}
        texts = [names.get(one) or labels.get(one) or one for one in given]
        # Only words of ours are looked up in a translation, never what somebody sent.
        translated = chosen and all(one in labels and one not in names for one in given)
        lines.append(Shown(field.name, field.render_kw["called"], "\n".join(texts), translated))
    return lines


def _say_otherwise(field: Field, words: Words) -> None:
    # What the class says is shared by every form made of it: nothing of it is changed in place.
    field.label = Label(field.id, words.label)
    field.description = words.hint or field.description
    field.render_kw = {**field.render_kw, "called": words.called or field.render_kw["called"]}
    length = [one for one in field.validators if isinstance(one, Length)]
    field.validators = [DataRequired(words.required) if words.required else Optional(), *length]
    field.flags.optional = not words.required


def text(
    label: str,
    called: str,
    hint: str = "",
    required: str = "",
    rows: int = 4,
    when: RequiredIf | None = None,
) -> TextAreaField:
    """A few lines. `called` is the question's name where its answer is read, `required` what to
    say when it is empty."""
    return TextAreaField(
        label,
        validators=_judges(required, when, MOST_TEXT),
        description=hint,
        render_kw={"rows": rows, "called": called, "enough": ENOUGH},
    )


def line(label: str, called: str, hint: str = "") -> StringField:
    """One line, never required."""
    judges = _judges("", None, MOST_LINE)
    return StringField(label, validators=judges, description=hint, render_kw={"called": called})


def one_of(
    label: str,
    choices: Sequence[Choice] = (),
    hint: str = "",
    required: str = "",
    when: RequiredIf | None = None,
    *,
    called: str,
) -> OneOf:
    """Radios."""
    judges, name = _judges(required, when, None), {"called": called}
    return OneOf(
        label, choices=options(choices), validators=judges, description=hint, render_kw=name
    )


def options(choices: Sequence[Choice]) -> list[SelectChoice]:
    """Values and labels as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in choices]


def some_of(label: str, called: str, choices: Sequence[Choice] = (), hint: str = "") -> SomeOf:
    """Checkboxes, never required."""
    judges, name = [Optional()], {"called": called}
    return SomeOf(
        label, choices=options(choices), validators=judges, description=hint, render_kw=name
    )


def _judges(required: str, when: object, most: int | None) -> list[object]:
    judges: list[object] = [DataRequired(required)] if required else [when or Optional()]
    if most:
        judges.append(Length(max=most, message=TOO_LONG[most]))
    return judges
