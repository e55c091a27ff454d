"""The languages Sharelog speaks, and what the pages need to know of each.

Promises: a door whose words were not compiled does not open, so that nobody who chose Welsh is
shown English under the name of Welsh.
"""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale

from logger.shell.assets import NotBuilt
from logger.shell.places import TRANSLATIONS

SOURCE = "en"
# Each by the name it has in itself.
LANGUAGES: Mapping[str, str] = {"en": "English", "cy": "Cymraeg"}
_ENOUGH = 100


def N_(text: str) -> str:  # noqa: N802 the word that translation tools look for
    """Mark a text for translation where it is shown."""
    return text


TOO_LONG = N_("This is too long. Shorten it, then try again.")


def check_words() -> None:
    """NotBuilt unless every language but the source has its words."""
    for language in LANGUAGES:
        words = TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo"
        if language != SOURCE and not words.is_file():
            raise NotBuilt


def plural_forms(language: str) -> dict[str, int]:
    """A number for each form that a counted word has in this language, by the form's name."""
    rule = Locale.parse(language).plural_form
    forms: dict[str, int] = {}
    for number in range(_ENOUGH):
        forms.setdefault(rule(number), number)
    return forms


def calendar(language: str) -> dict[str, str]:
    """Names of days (from Sunday, as browsers count) and months: not every browser has Welsh.

    Months are whole, because in Welsh a short Tuesday and a short March are the same word.
    """
    locale = Locale.parse(language)
    days, months = locale.days["format"]["abbreviated"], locale.months["format"]["wide"]
    # Babel counts days from Monday.
    return {f"day-name.{(n + 1) % 7}": days[n] for n in range(7)} | {
        f"month-name.{n - 1}": months[n] for n in range(1, 13)
    }
