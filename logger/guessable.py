"""Whether a new password or passphrase could be guessed: a common one, or made of what is known.

Promises: asks nobody and needs no network; says what to do instead; prescribes no kind of
character. How many guesses a password stands is estimated by zxcvbn (Wheeler, USENIX Security
2016): 30,000 passwords from leaks, names, common words, keyboards, dates, repeats.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from zxcvbn_rs_py import zxcvbn

from logger.errors import LoggerError

# The best of zxcvbn's five steps: three words reach it, a word with a year and two signs does not.
LEAST_LOG10 = 10.0
# What people of this field would take first; the lists of the estimate are English.
FIELDS_OWN = ("safeguarding", "diogelu", "cyfrinair", "croeso", "cymru", "plant", "children")
PRODUCT = "sharelog"
# A longer text costs more than it tells: what comes behind this only makes it harder.
_LOOKED_AT = 32
_SHORTEST_NAME = 4


class EasilyGuessed(LoggerError):
    """A new password or passphrase that would be among the first to be tried."""

    code = "password.easily_guessed"
    status = 422
    public_message = (
        "This is easy to guess. Choose three or four words that do not belong together. Figures "
        "and signs are not needed."
    )


class NamesYou(EasilyGuessed):
    """A new password or passphrase that holds a name which anybody who tries it knows."""

    code = "password.names_you"
    public_message = (
        "Leave out your email address, the name of your organisation and the word Sharelog. Choose "
        "three or four words that have nothing to do with you."
    )


def check_hard_to_guess(password: str, names: Iterable[str], known: Iterable[str] = ()) -> None:
    """NamesYou when it holds one of these names, whole and however it is written; EasilyGuessed
    when it is common, or made of these names, of other `known` words, or of the field's own."""
    names = [*names, PRODUCT]
    plain = _letters(password)
    if any(len(name) >= _SHORTEST_NAME and name in plain for name in map(_letters, names)):
        raise NamesYou
    words = {word for text in (*names, *known) for word in re.split(r"\W+", text.casefold())}
    inputs = [*(name.casefold() for name in names), *sorted(words - {""}), *FIELDS_OWN]
    if zxcvbn(password[:_LOOKED_AT], inputs).guesses_log10 < LEAST_LOG10:
        raise EasilyGuessed


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
