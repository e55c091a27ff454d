"""What a word of a name sounds like, as keys: two words that share a key may be one name. Pure.

Which spellings are one name stands in variants.toml, how spellings are read in sounds.toml; the
sound itself is Metaphone, with whether the first vowel is at the back of the mouth and how the
word ends, because without them Rhys would be Ross and Paul would be Paula.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from jellyfish import metaphone

_HERE = Path(__file__).parent
_FILES = ("sounds.toml", "variants.toml")
_VOWELS = re.compile(r"[aeiou]+|(?<=.)y")
_ENDINGS = {"a": ("a",), "o": ("o", "u"), "i": ("i", "y", "ie", "ee", "ey", "ye")}
_MOST_KEYS = 4
Reading = tuple[tuple[re.Pattern[str], str], ...]


class _Rules(NamedTuple):
    left_out: frozenset[str]
    joined: Mapping[str, str]
    reading: tuple[Reading, ...]


@cache
def keys_of(word: str) -> tuple[str, ...]:
    """The keys of a folded word. One that is known is compared by its known spellings alone."""
    known, sounding = _variants()
    if word in known:
        return known[word]
    sounds = _sounds(word)
    names = {name for sound in sounds for name in sounding.get(sound, ())}
    return tuple([*sorted(names), *sounds][:_MOST_KEYS])


def names_in(words: Sequence[str]) -> tuple[str, ...]:
    """The words that are names: without what people leave out, and with what belongs together
    in one."""
    rules, found, before = _rules(), [], ""
    for word in words:
        if word in rules.joined:
            before += rules.joined[word]
        elif word not in rules.left_out:
            found.append(before + word)
            before = ""
    # Somebody may be called nothing else.
    return tuple(dict.fromkeys(found or words))


@cache
def edition() -> str:
    """Which edition of the rules this is: keys of two editions cannot be compared."""
    files = (_HERE / name for name in (*_FILES, "sounds.py", "names.py", "marks.py"))
    libraries = (version(name).encode() for name in ("anyascii", "jellyfish"))
    whole = b"\0".join([*(file.read_bytes() for file in files), *libraries])
    return hashlib.sha256(whole).hexdigest()[:16]


@cache
def _rules() -> _Rules:
    file = tomllib.loads((_HERE / _FILES[0]).read_text(encoding="utf-8"))
    reading = tuple(
        tuple((re.compile(read), instead) for read, instead in rules)
        for rules in file["rules"].values()
    )
    return _Rules(frozenset(file["left_out"]), file["joined"], reading)


@cache
def _variants() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, frozenset[str]]]:
    """The names of each known spelling, and the names that each sound may be."""
    file = tomllib.loads((_HERE / _FILES[1]).read_text(encoding="utf-8"))
    known: dict[str, list[str]] = {}
    sounding: dict[str, set[str]] = {}
    for number, line in enumerate(line for lines in file.values() for line in lines):
        for word in dict.fromkeys(line.split()):
            # The first spelling may stand for two lines: the number keeps them apart.
            known.setdefault(word, []).append(f"={number}")
            for sound in _sounds(word):
                sounding.setdefault(sound, set()).add(f"={number}")
    names = {word: tuple(numbers[:_MOST_KEYS]) for word, numbers in known.items()}
    return names, {sound: frozenset(found) for sound, found in sounding.items()}


def _sounds(word: str) -> tuple[str, ...]:
    read = (_read(word, rules) for rules in _rules().reading)
    return tuple(dict.fromkeys(_sound(one) for one in read))


def _read(word: str, rules: Reading) -> str:
    for pattern, instead in rules:
        word = pattern.sub(instead, word)
    return word


def _sound(word: str) -> str:
    vowels = _VOWELS.search(word)
    heard = set(vowels.group()) if vowels else set()
    back = "o" if heard & set("ou") else "a" if "a" in heard else "i"
    ends = next((end for end in _ENDINGS if word.endswith(_ENDINGS[end])), "")
    return f"{metaphone(word)}/{back}{ends}"
