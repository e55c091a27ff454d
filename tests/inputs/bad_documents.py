"""Classes 1 to 20 at the phone door: the text of a hello and of an enrolment, well signed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sync.frames import ENROL, HELLO, document_bytes, join, to_text
from tests.events import NOW, a_signer
from tests.inputs import documents
from tests.inputs.bad import Bad, Group, Places, bad
from tests.inputs.doors import a_fresh_hello
from tests.phone_words import a_nonce

_MALFORMED, _LARGE = "document.malformed", "sync.too_large"
# What these change may be read all the same: then a hello is answered, and a code asked for.
_READ = ("taken", "enrol.code_unusable")
_NAMES = {
    1: "nothing but blanks", 2: "null", 3: "a number", 4: "a string", 5: "an array",
    6: "a byte order mark", 7: "UTF-16 and UTF-32", 8: "not UTF-8", 9: "NUL inside",
    10: "something behind it", 11: "NaN, Infinity, 1e999 and numbers spelled otherwise",
    12: "-0 and other zeros", 13: "numbers beyond 2^53 and 2^63", 14: "a float for a count",
    15: "a name twice", 16: "unknown names", 17: "names missing",
    18: "names in other letters", 19: "nesting of 100 to 100,000", 20: "a name of a megabyte",
}  # fmt: skip
_TAKES = {6, 12, 13, 15, 16, 19}
# Blanks around nothing, and null in its few places.
_LEAST = {2: 20}

CLASSES: dict[int, Bad] = {
    number: bad(
        name,
        documents.CLASSES[number],
        _MALFORMED,
        *(_READ if number in _TAKES else ()),
        *((_LARGE,) if number in (13, 19, 20) else ()),
        least=_LEAST.get(number, 40),
    )
    for number, name in _NAMES.items()
}


def _an_enrolment() -> dict[str, object]:
    key = to_text(a_signer().public)
    said = {"v": 1, "key": key, "nonce": to_text(a_nonce()), "time": NOW}
    return said | {"code": "0123456789ABCDEF", "label": "A phone"}


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """Each with a good event behind it: a refused hello takes it along, and leaves nothing."""
    door = places.phone
    for n in range(many):
        hello = n % 3 != 0
        text = which.make(a_fresh_hello() if hello else _an_enrolment(), chance)
        prefix = HELLO if hello else ENROL
        raw = text + a_signer().sign(document_bytes(prefix, text))
        before = door.store.head().position
        behind = [door.good().to_bytes()] if hello else []
        path = "/sync/events" if hello else "/sync/enrol"
        # Who tries codes has to wait; so each comes from somewhere else.
        response = door.ask(join([raw, *behind]), path, source=f"10.9.{n // 250}.{n % 250}")
        said = "taken" if response.status_code == 200 else response.json["code"]
        assert said in which.says, (which.name, said, text[:300])
        kept = int(said == "taken" and hello)
        assert door.store.head().position == before + kept, (which.name, text[:300])
        yield text
    door.still_serves()


GROUPS = (Group("phone", "POST /sync/events and /sync/enrol, a signed document", CLASSES, offer),)
