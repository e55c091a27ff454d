"""Classes 99 to 116: what people, machines and attackers write where words are asked for.

It comes in sealed from a phone and typed at the desk. Whatever it is, it stays words: the page that
shows it has the elements and attributes of an ordinary one, and none more.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from uuid import UUID

from tests.inputs.bad import Bad, Group, Places, bad
from tests.inputs.both import BothDoors
from tests.page_inspector import Page, inspect

# All of them together may be more than one seal holds.
_OPENED, _NOT_OURS, _CLOSED = "opened", "not-our-schema", "cannot-be-opened"
_LINE, _NAME, _TEXT = 200, 400, 16_384


def _planes(chance: random.Random) -> str:
    def letter() -> str:
        while True:
            point = chance.randrange(17) << 16 | chance.randrange(2**16)
            if not 0xD800 <= point < 0xE000:
                return chr(point)

    return "".join(letter() for _ in range(chance.randrange(1, 60)))


def _between(chance: random.Random, *parts: str) -> str:
    return chance.choice(("a", "Jo ", "", "é")) + chance.choice(parts) + str(chance.getrandbits(30))


def _of(*parts: str) -> Callable[[random.Random], str]:
    return lambda chance: "".join(_between(chance, *parts) for _ in range(chance.randrange(1, 4)))


_bidi = _of(
    "\u202e", "\u202d", "\u2066", "\u2067\u2069", "\u2069", "\u200f", "\u061c", "\u202a\u202c"
)
_hidden = _of(
    "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u180e", "\u3164", "\u115f"
)
_alike = _of("а", "ο", "раypal", "Ꭺ", "ｅ", "𝐉𝐨", "ⅼ", "ɡ", "＜script＞", "ʼ", "′")
_marks = lambda chance: "".join(  # noqa: E731
    ["e", *chance.choices("\u0300\u0301\u0316\u0489\u20dd", k=chance.choice((1, 40, 160)))]
) + str(chance.random())  # fmt: skip
_emoji = _of("👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "👩🏽‍🚒", "🇬🇧", "☎️", "1️⃣", "🫱🏿‍🫲🏻", "\ufe0f")


def _surrogate(chance: random.Random) -> str:
    return f"a{chr(chance.randrange(0xD800, 0xE000))}{chance.random()}"


def _forms(chance: random.Random) -> str:
    word = chance.choice(("Zażółć", "ŵŷ Llŷr", "Å Å ﬁ ①", "한글", "ệ", "ẛ̣", "カﾞ")) + str(
        chance.random()
    )
    return unicodedata.normalize(chance.choice(("NFC", "NFD", "NFKC", "NFKD")), word)


_elements = _of(
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<iframe srcdoc='<b>'>", "<math><mi//xlink:href='data:x'>", "<base href=//e>", "<!--", "]]>",
    "<style>*{display:none}</style>", "<form action=//e>", "<meta http-equiv=refresh>",
    "<a href='javascript:1'>",
)  # fmt: skip
_htmx = _of(
    '" hx-get="/people" hx-trigger="load', "<b hx-get=/ hx-trigger=load>",
    "' hx-on:click='alert(1)",
    '<i data-hx-post="/sign-out">', "<p hx-swap-oob=true id=captured>", '" data-hx-vals="js:1',
    "<form hx-boost=true>", '" hx-headers=\'{"a":1}',
)  # fmt: skip
_closing = _of(
    "</textarea>", "</title>", "</option></select>", "</script>", "</main>", "</template>", "-->",
    '">', "'>", "`>", "&lt;/textarea&gt;", "</TEXTAREA >",
)  # fmt: skip
_templates = _of(
    "{{7*7}}", "{% raw %}", "{{config}}", "${7*7}", "#{7*7}", "%(a)s", "%s%n", "{0}",
    "{{''.__class__}}",
    "<%= 7 %>", "[[1]]", "{#", "%%", "\\N{BULLET}",
)  # fmt: skip
_css = _of(
    "expression(alert(1))", "url(//e)", "@import '//e'", "}*{color:red", "</style>",
    "behavior:url(#)",
    "style=position:fixed", ";background:url(x)",
)  # fmt: skip
_commands = _of(
    "'; DROP TABLE entries;--", '" OR 1=1 --', "') UNION SELECT 1--", "; rm -rf /", "$(id)",
    "`id`", "| nc e 1",
    "../../etc/passwd", "%00", "\\x00", "&& dir", "1;PRAGMA user_version=9", "file:///etc/hosts",
)  # fmt: skip
_lines = _of(
    "\r\nSet-Cookie: a=b", "\n{\"level\":\"info\"}", "\r\n\r\n<html>", "\x1b[31m", "\x1b]0;x\x07",
    "\x1b[2J",
    "\x08\x08", "\x85", "\u2028", "\u2029", "\x00", "\x0b\x0c", "\x7f",
)  # fmt: skip
_formulas = lambda chance: chance.choice(  # noqa: E731
    ("=", "+", "-", "@", "\t=", "\r=", "\x00=", "＝", "=cmd|'/c calc'!A", "=HYPERLINK(\"//e\")",
    " =")
) + f"1+{chance.random()}"  # fmt: skip
_tables = _of('"', '""', '","', "a,b", ";", "\t", '"\r\n"', "\n=1", "'", "|", '",=1,"', "\ufeff")


def _length(chance: random.Random) -> str:
    many = chance.choice((0, 1, 2, _LINE - 1, _LINE, _LINE + 1, _NAME, _NAME + 1, _TEXT, _TEXT + 1))
    return chance.choice("aé字😀") * many


def _blank(chance: random.Random) -> str:
    kinds = " \t\n\u00a0\u2003\u3000\u200b\u2800\u1680\u202f"
    return "".join(chance.choices(kinds, k=chance.randrange(1, 60)))


_people = _of(
    "O'Neill", "D’Arcy", "Llŷr ap Siôn", "Ó Ceallaigh", "Mac an tSaoir", "Żółć-Gęś",
    "محمد عبد الله",
    "فاطمہ بیگم", "Nguyễn Thị Ánh", "van 't Hoff", "Null", "True", "Jo \"Mo\" Li",
    "NHS 943 476 5919",
    "AB 12 34 56 C", "07700 900123", "SW1A 1AA", "jo@example.org", "19/02/2014",
)  # fmt: skip


def _words(name: str, make: Callable[[random.Random], str], *says: str, least: int = 45) -> Bad:
    return bad(name, make, *(says or (_OPENED,)), least=least)


CLASSES: dict[int, Bad] = {
    99: _words("letters of every plane", _planes),
    100: _words("marks that turn the direction", _bidi),
    101: _words("letters that take no room", _hidden),
    102: _words("letters that look like others", _alike),
    103: _words("a letter under a hundred marks", _marks),
    104: _words("emoji of several parts", _emoji),
    105: _words("half of a surrogate pair", _surrogate, _NOT_OURS),
    106: _words("composed and decomposed", _forms),
    107: _words("elements", _elements),
    108: _words("attributes that htmx acts on", _htmx),
    109: _words("the end of what it stands in", _closing),
    110: _words("templates", _templates),
    111: _words("styles", _css),
    112: _words("commands, to SQL and to a shell", _commands),
    113: _words("lines for a log, and what a terminal obeys", _lines),
    114: _words("what calculates, or ends a cell", lambda chance: chance.choice((_formulas,
    _tables))(chance)),
    115: _words("nothing, all that fits, and one more; only blanks",
                lambda chance: chance.choice((_length, _blank))(chance), _OPENED, _NOT_OURS,
                _CLOSED, least=35),
    116: _words("names of people, and what looks like their particulars", _people),
}  # fmt: skip


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """Some in captures, three in each form at the desk; then both pages are looked at."""
    both = places.both(2)
    left = iter([which.make(chance) for _ in range(many)])
    while part := list(islice(left, 57)):
        sent, typed = part[:45], part[45:]
        said, entry = _captured(both, sent, chance)
        assert said in which.says, (which.name, said)
        if said == _OPENED:
            _same_shape(both, f"/entries/{entry}", sent)
        _typed(both, typed)
        for text in part:
            yield text.encode("utf-8", "surrogatepass")


def _captured(both: BothDoors, texts: list[str], chance: random.Random) -> tuple[str, UUID]:
    """A capture with these in every place that takes words."""
    places = iter(texts)
    someone = [
        {"code": None, "label": next(places, ""), "person": next(places, ""), "reference": ""}
        for _ in range(12)
    ]
    children = [{"name": next(places, ""), "unknown": False} for _ in range(12)]
    rest = "\n".join(places)
    event = both.event(
        both.content(recipients=someone, children=children, shared=rest, why=texts[:1], how="phone")
        if len(texts[0]) <= 64
        else both.content(recipients=someone, children=children, shared=rest)
    )
    (said,) = both.sends([event])
    return said.words, event.header.entry


def _typed(both: BothDoors, texts: list[str]) -> None:
    """The same at the desk, three in a form: kept as an unfinished answer, and shown again."""
    entry = both.event()
    both.sends([entry])
    path = f"/entries/{entry.header.entry}/objective"
    browser = both.browser(both.dana)
    for at in range(0, len(texts), 3):
        three = [one.encode("utf-8", "replace").decode() for one in texts[at : at + 3]]
        names = ("objective", "necessity", "left_out")
        values = {**browser.get(path).form_values(path), **dict(zip(names, three, strict=False))}
        for action in (f"{path}/draft", path):
            answer = browser.client.post(action, data=values)
            assert answer.status_code in (200, 303, 422), (answer.status_code, three)
        _looks(both, browser.client.get(path).text)


_SHAPES: dict[int, set[tuple[str, str]]] = {}


def _shape(page: Page) -> set[tuple[str, str]]:
    return {(one.tag, name) for one in page.elements for name in ("", *one.attributes)}


def _looks(both: BothDoors, html: str) -> None:
    page = inspect(html)
    assert _shape(page) <= _ordinary(both), _shape(page) - _ordinary(both)


def _ordinary(both: BothDoors) -> set[tuple[str, str]]:
    """What pages with ordinary words are made of."""
    if id(both) not in _SHAPES:
        browser, entry = both.browser(both.dana), both.event()
        someone = {"code": None, "label": "A nurse", "person": "Jo", "reference": "1"}
        many = both.event(
            both.content(recipients=[someone] * 12, why=["neglect"], shared="One\n\ntwo")
        )
        both.sends([entry, many])
        paths = [f"/entries/{one.header.entry}" for one in (entry, many)]
        here, found = f"{paths[0]}/objective", set[tuple[str, str]]()
        form = browser.get(here).form_values(here)
        for words in ("", "x" * 20_000, "Words"):
            answer = browser.client.post(
                here, data={**form, **dict.fromkeys(("objective", "necessity", "left_out"), words)}
            )
            if answer.status_code == 422:
                found |= _shape(inspect(answer.text))
            found |= _shape(browser.get(here))
        _SHAPES[id(both)] = found.union(*(_shape(browser.get(path)) for path in paths))
    return _SHAPES[id(both)]


def _same_shape(both: BothDoors, path: str, texts: list[str]) -> None:
    answer = both.browser(both.dana).client.get(path)
    assert answer.status_code == 200, path
    _looks(both, answer.text)
    shown = Page(answer.text).text
    for text in texts:
        assert " ".join(text.split()) in shown, text


GROUPS = (
    Group(
        "phone, then record",
        "a capture, an answer at the desk, and the pages of both",
        CLASSES,
        offer,
    ),
)
