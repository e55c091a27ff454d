"""What a name is made of, whatever script, case or order it was written in. Pure.

Promises: any text gives words of the letters a to z, or none; the same name written with other
accents, invisible characters or apostrophes gives the same words.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

MOST_WORDS = 6
_MOST_LETTERS = 40
# Written inside a name without parting it: O'Brien, and the marks of Arabic transliteration.
_SILENT = re.compile(r"['`\u00b4\u2018\u2019\u02bb-\u02bf]")
_LETTERS = re.compile(r"[a-z]+")
# In some scripts the vowels are marks.
_SPELT, _FORMAT = "LM", "Cf"
# Carriers of vowels, which a transliteration letter by letter would leave out.
_ARABIC = {
    "\u0627": "a", "\u0623": "a", "\u0625": "i", "\u0622": "a", "\u0639": "a", "\u0629": "a",
    "\u0621": "", "\u0626": "i", "\u0624": "u",
}  # fmt: skip


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in their order, folded to a to z; at most MOST_WORDS."""
    composed = unicodedata.normalize("NFKC", name)
    spelt = "".join(_spelt(one) for one in _SILENT.sub("", composed))
    found = _LETTERS.findall(spelt.casefold())
    return tuple(word[:_MOST_LETTERS] for word in found[:MOST_WORDS])


def reference_of(text: str) -> str:
    """A reference as it is compared: digits and letters alone; empty where too short."""
    kept = "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())
    return kept if len(kept) >= 3 else ""


def _spelt(one: str) -> str:
    category = unicodedata.category(one)
    if category == _FORMAT:
        return ""
    # Only letters and their marks are spelt out: a smiling face is no part of a name.
    if category[0] not in _SPELT:
        return " "
    return _ARABIC.get(one) or "".join(filter(str.isalpha, anyascii(one)))
