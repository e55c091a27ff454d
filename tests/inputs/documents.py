"""What the text of a signed document becomes: classes 1 to 20 of bad inputs, as data.

Each class is a function of a good content and a source of chance that gives one text. A mark may
stand inside a string, -0 is 0, the last of two names counts, and unknown names are passed over: so
of some classes a reader takes some.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

Content = dict[str, Any]
Change = Callable[[Content, random.Random], bytes]

_SPACES = " \t\r\n"
# Overlong, half of a surrogate pair, cut, continued without a beginning, beyond Unicode.
NOT_UTF8 = (
    b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xed\xa0\x80",
    b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\x80",
    b"\xbf\xbf", b"\xff", b"\xfe", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
)  # fmt: skip
_BEYOND = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "nan", "+1", "01", "1.", ".5", "0x1")
_ZEROS = ("-0", "-0.0", "0.0", "0e0", "-0e5", "0E+1")
# The last ones have so many digits that making a number of them is work.
_LARGE = (*(str(2**n + m) for n in (53, 63, 64, 70) for m in (-1, 0, 1)), "1" * 401, "7" * 9_000)
_FLOATS = ("1.5", "1.0", "1e2", "1e-7", "0.1", "2.5e300", "9007199254740993.0", "1e18")


def text_of(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _with_raw(content: Content, name: str, value: str) -> bytes:
    """The content, that value standing there as it is."""
    mark = "\ue000"
    return text_of({**content, name: mark}).replace(f'"{mark}"'.encode(), value.encode())


def _number_in(content: Content, chance: random.Random) -> str:
    return chance.choice([name for name, value in content.items() if type(value) is int])


def _name_in(content: Content, chance: random.Random) -> str:
    return chance.choice(list(content))


def _spaces(chance: random.Random, most: int = 60) -> str:
    return "".join(chance.choices(_SPACES, k=chance.randrange(most)))


def _value(chance: random.Random) -> object:
    letters = chance.choices('a\0"\\é😀\u202e', k=chance.randrange(12))
    return chance.choice(
        (
            None,
            True,
            [],
            {},
            chance.random(),
            chance.getrandbits(70),
            [{"v": [1]}],
            "".join(letters),
        )
    )


def _put(text: bytes, chance: random.Random, bytes_: bytes) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + bytes_ + text[at:]


def _null(content: Content, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return (_spaces(chance) + "null" + _spaces(chance)).encode()
    return text_of({**content, _name_in(content, chance): None, "v": None})


def _number(_: Content, chance: random.Random) -> bytes:
    number = chance.choice((chance.randint(-(2**40), 2**40), chance.random() * 10**9))
    return (_spaces(chance) + repr(number)).encode()


def _string(content: Content, chance: random.Random) -> bytes:
    return text_of(text_of(content).decode()[: chance.randrange(400)])


def _array(content: Content, chance: random.Random) -> bytes:
    return text_of([content] * chance.randrange(5) + [_value(chance)] * chance.randrange(30))


def _mark(content: Content, chance: random.Random) -> bytes:
    mark, text = b"\xef\xbb\xbf", text_of(content)
    return _put(text, chance, mark) if chance.random() < 0.1 else mark + text


def _utf16(content: Content, chance: random.Random) -> bytes:
    text = text_of(content).decode() + _spaces(chance)
    way = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32"))
    return text.encode(way) + chance.choice((b"", b"\0"))


def _not_utf8(content: Content, chance: random.Random) -> bytes:
    return _put(text_of(content), chance, chance.choice(NOT_UTF8))


def _nul(content: Content, chance: random.Random) -> bytes:
    return _put(text_of(content), chance, chance.choice((b"\0", b"\1\0")))


def _behind(content: Content, chance: random.Random) -> bytes:
    again = chance.choice((text_of(content), b"{}", b"]", b"}", b",", b"1", b"\0", b"//", b"#"))
    return text_of(content) + _spaces(chance).encode() + again


def _beyond(content: Content, chance: random.Random) -> bytes:
    return _with_raw(content, _name_in(content, chance), chance.choice(_BEYOND))


def _zero(content: Content, chance: random.Random) -> bytes:
    return _with_raw(content, _number_in(content, chance), chance.choice(_ZEROS))


def _large_number(content: Content, chance: random.Random) -> bytes:
    way = chance.choice(("", "-")) + chance.choice(_LARGE)
    return _with_raw(content, _number_in(content, chance), way)


def _float(content: Content, chance: random.Random) -> bytes:
    return _with_raw(content, _number_in(content, chance), chance.choice(_FLOATS))


def _twice(content: Content, chance: random.Random) -> bytes:
    name = _name_in(content, chance)
    value = chance.choice((content[name], _value(chance)))
    more, text = text_of({name: value})[1:-1], text_of(content)
    behind = chance.random() < 0.5
    return text[:-1] + b", " + more + b"}" if behind else b"{" + more + b", " + text[1:]


def _unknown(content: Content, chance: random.Random) -> bytes:
    names = ("__proto__", "constructor", "toString", "role", "verified", "", "\0", "é", "x" * 300)
    more = {chance.choice(names) + str(chance.getrandbits(8)): _value(chance)}
    return text_of({**more, **content} if chance.random() < 0.5 else {**content, **more})


def _missing(content: Content, chance: random.Random) -> bytes:
    gone = chance.sample(list(content), chance.randint(1, len(content)))
    return text_of({name: value for name, value in content.items() if name not in gone})


def _spelled(content: Content, chance: random.Random) -> bytes:
    name = _name_in(content, chance)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in name)
    others = (
        name.upper(), name.title(), wide, f"{name} ", f"\u200b{name}", f"{name}\0", f"{name}\u0301",
        f"_{name}", f"{name}[]",
    )  # fmt: skip
    other = chance.choice(others)
    return text_of({(other if one == name else one): value for one, value in content.items()})


def _deep(content: Content, chance: random.Random) -> bytes:
    depth = chance.choice((100, 1_000, 1_500, 10_000, 100_000))
    begin, inside, end = chance.choice((("[", "", "]"), ('{"a":', "1", "}"), ("[", "null", "]")))
    nested = begin * depth + inside + end * depth
    if chance.random() < 0.3:
        return nested.encode()
    return _with_raw(content, chance.choice(("extra", *content)), nested)


def _large(content: Content, chance: random.Random) -> bytes:
    # One letter of four bytes makes a reader give all the others four.
    long = chance.choice("aé😀") * chance.randrange(100_000, 250_000) + chance.choice(("", "😀"))
    return text_of({**content, long: 1} if chance.random() < 0.5 else {long: long[:9_000]})


CLASSES: dict[int, Change] = {
    1: lambda _, chance: _spaces(chance).encode(),
    2: _null, 3: _number, 4: _string, 5: _array, 6: _mark, 7: _utf16, 8: _not_utf8, 9: _nul,
    10: _behind, 11: _beyond, 12: _zero, 13: _large_number, 14: _float, 15: _twice, 16: _unknown,
    17: _missing, 18: _spelled, 19: _deep, 20: _large,
}  # fmt: skip
