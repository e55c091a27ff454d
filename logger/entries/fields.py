"""The few kinds of question the documentation asks, as WTForms fields.

Labels and messages are English here and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import (
    Field,
    Form,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)

from logger.entries.happened import Answers
from logger.law.pack import Choices

MOST_LINE, MOST_TEXT = 200, 4_000
Choice = tuple[str, str]


def N_(text: str) -> str:  # noqa: N802 the word that translation tools look for
    """Mark a text for translation."""
    return text


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


class SectionForm(Form):
    """One section's questions. Fields begin with the answers that were saved or drafted."""

    def answers(self) -> Answers:
        """What was answered, without what was left empty."""
        values = {field.name: field.data for field in self if field.data}
        return {
            name: [str(one) for one in value] if isinstance(value, list) else str(value)
            for name, value in values.items()
        }

    def offer(self, choices: Choices) -> None:
        """Take up what the law pack offers for this share."""


class RequiredIf:
    """Required where another question was answered in one of these ways."""

    def __init__(self, other: str, answers: Sequence[str], message: str):
        self.other, self.answers, self.message = other, answers, message

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse an empty answer where one is needed."""
        if field.data and (not isinstance(field.data, str) or field.data.strip()):
            return
        if form[self.other].data in self.answers:
            raise StopValidation(self.message)
        raise StopValidation


def text(label: str, hint: str = "", required: str = "", **more: object) -> TextAreaField:
    """A few lines; `required` is what to say when it is empty."""
    return TextAreaField(
        label,
        validators=_judges(required, more.pop("when", None), MOST_TEXT),
        description=hint,
        render_kw={"rows": more.pop("rows", 4)},
    )


def line(label: str, hint: str = "", when: RequiredIf | None = None) -> StringField:
    """One line, never required by itself."""
    return StringField(label, validators=_judges("", when, MOST_LINE), description=hint)


def one_of(
    label: str,
    choices: Sequence[Choice] = (),
    hint: str = "",
    required: str = "",
    when: RequiredIf | None = None,
) -> OneOf:
    """Radios."""
    return OneOf(
        label, choices=list(choices), validators=_judges(required, when, None), description=hint
    )


def some_of(label: str, choices: Sequence[Choice] = (), hint: str = "") -> SomeOf:
    """Checkboxes, never required."""
    return SomeOf(label, choices=list(choices), validators=[Optional()], description=hint)


def _judges(required: str, when: object, most: int | None) -> list[object]:
    judges: list[object] = [DataRequired(required)] if required else [when or Optional()]
    if most:
        words = N_("Shorten this to %(max)d characters or fewer.")
        judges.append(Length(max=most, message=words))
    return judges
