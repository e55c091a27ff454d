"""Classes 125 to 132: whoever is not who they say. A form without its token, somebody else's
cookie, codes and passwords that are tried, and addresses that lead away."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from flask.testing import FlaskClient

from sync.frames import join
from tests.inputs.bad import Bad, Group, Places, bad
from tests.inputs.desk import PASSWORD, EveryAddress
from tests.logger.test_route_table import ANYONE, TABLE, token_of
from tests.page_inspector import Page
from tests.phone_words import an_enrolment

_numbers = itertools.count(1)


def _source() -> dict[str, str]:
    """Somewhere else each time: who tries often from one place has to wait."""
    number = next(_numbers)
    return {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def _token(door: EveryAddress, chance: random.Random) -> bytes:
    """Missing, another person's, another session's, cut, or of another time."""
    rules = [rule for rule in door.rules if "POST" in rule.methods]
    path, mine = door.address(chance.choice(rules)), door.tokens["dana"]
    at = chance.randrange(len(mine))
    others: tuple[object, ...] = (
        None, "", door.tokens["gwen"], door.tokens["stranger"], mine[:at], mine + "x",
        mine[:at] + chance.choice("AZaz09-_.") + mine[at:], "é", "\0", [mine[:at], ""], "x" * 9_000,
        mine.upper(),
    )  # fmt: skip
    sent = {} if (other := chance.choice(others)) is None else {"csrf_token": other}
    answer = door.browsers["dana"].client.post(path, data=sent)
    assert answer.status_code == 400, (path, sent)
    return f"{path} {sent}".encode("utf-8", "surrogatepass")


def _cookie(door: EveryAddress, chance: random.Random) -> bytes:
    """Tossed, doubled, of five kilobytes, somebody's with a letter changed: nobody is signed in."""
    client: FlaskClient = door.world.app.test_client()
    kept = door.browsers["dana"].client.get_cookie("sharelog", domain="localhost")
    assert kept
    at = chance.randrange(len(kept.value))
    changed = kept.value[:at] + chance.choice("._-~!") + kept.value[at + 1 :]
    junk = "".join(chance.choices('abcXYZ019-_.=%"\\é\x7f', k=chance.choice((1, 43, 43, 5_000))))
    raw = chance.choice(
        (f"sharelog={junk}", f"sharelog={changed}", f"sharelog={changed}; sharelog={junk}",
         f"__Host-sharelog={kept.value}", f"sharelog=; sharelog={changed}",
         f"sharelog={kept.value[:at]}",
         f"Sharelog={kept.value}", f"sharelog={changed}; $Version=1; Path=/", "=" * 40 + junk, junk,
         f"a={'b' * 5_000}; sharelog={changed}", f"sharelog=\"{changed}",
         f"sharelog={kept.value}{junk}")
    )  # fmt: skip
    header = raw.encode("utf-8").decode("latin-1")
    answer = client.get("/phones", headers={"Cookie": header})
    assert (answer.status_code, answer.location) == (303, "/sign-in"), raw
    return raw.encode()


def _gone(door: EveryAddress, chance: random.Random) -> bytes:
    """A session of somebody who was disabled since; at any address it is nobody's."""
    rule = chance.choice([one for one in door.rules if not _is_public(one.endpoint)])
    path, method = door.address(rule), chance.choice(sorted(rule.methods & {"GET", "POST"}))
    client, token = door.gone
    query = f"?a={chance.getrandbits(40)}"
    answer = client.open(
        path + query, method=method, data={"csrf_token": token} if method == "POST" else None
    )
    # The token went with the session: a form is refused even before anybody asks whose it is.
    assert answer.location == "/sign-in" or (method, answer.status_code) == ("POST", 400), (
        rule,
        method,
        answer.status_code,
        answer.location,
    )
    return (method + path + query).encode()


def _is_public(endpoint: str) -> bool:
    return TABLE[endpoint] == ANYONE


def _code(places: Places, chance: random.Random) -> bytes:
    """Codes of an enrolment, tried from one place: after ten it has to wait, and no phone is in."""
    door, source = places.phone, _source()["REMOTE_ADDR"]
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    raws = []
    for tries in range(12):
        code = "".join(chance.choices(alphabet, k=16))
        odd = (
            "",
            "0" * 16,
            code[:15],
            code + "0",
            code.lower(),
            "U" * 16,
            "é" * 16,
            "\0" * 16,
            "- " * 30,
            "x" * 90,
        )
        code = chance.choice((code, code, *odd))
        raws.append(join([an_enrolment(code, f"stranger {chance.getrandbits(40)}")]))
        response = door.ask(raws[-1], "/sync/enrol", source=source)
        wanted = (403, "enrol.code_unusable") if tries < 10 else (429, "sync.too_many")
        assert (response.status_code, response.json["code"]) == wanted, (code, response.json)
    return b"".join(raws)


def _signs_in(door: EveryAddress, email: str, password: str) -> Any:
    client = door.world.app.test_client()
    page = Page(client.get("/sign-in").text)
    token = page.all("input", name="csrf_token")[0].attributes["value"]
    form = {"email": email, "password": password, "csrf_token": token}
    return client.post("/sign-in", data=form, environ_overrides=_source())


def _password(door: EveryAddress, chance: random.Random) -> bytes:
    """Not the password, though near it; or so long that hashing it would be work."""
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else letter for letter in PASSWORD)
    others = (
        PASSWORD + " ", " " + PASSWORD, PASSWORD + "\0", PASSWORD.upper(), wide,
        PASSWORD + "\u200b",
        PASSWORD.replace("e", "е"), "\0", " ", PASSWORD[:-1], "x" * 1_025, "x" * 10**6,
        "é" * 500_000,
        PASSWORD + "\n", PASSWORD + "\u0301", "' OR 1=1--", PASSWORD + str(chance.getrandbits(30)),
    )  # fmt: skip
    password = chance.choice(others)
    answer = _signs_in(door, door.forgiven(), password)
    # One that is too long is refused before anybody hashes it.
    may = (413, 422) if len(password) > 1_024 else (403, 422)
    assert answer.status_code in may, (answer.status_code, password[:60])
    return (password + str(len(password)) + str(chance.random())).encode("utf-8", "surrogatepass")


def _name(door: EveryAddress, chance: random.Random) -> bytes:
    """Whoever is not there is answered to the letter as one who is, with a wrong password."""
    name = chance.choice(("dana", "nobody", "ＤＡＮＡ", "dana+1", "x" * 200))
    unknown = f"{name}{chance.getrandbits(30)}@example.org"
    answers = [_signs_in(door, email, "wrong password") for email in (door.forgiven(), unknown)]
    assert [one.status_code for one in answers] == [403, 403], unknown
    known, other = (_unsaid(one.text) for one in answers)
    assert known.replace(door.email, "?") == other.replace(unknown, "?"), unknown
    return unknown.encode()


def _unsaid(html: str) -> str:
    """Without the form's token, which is another each time."""
    return re.sub(
        r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"', "", html
    )


def _away(door: EveryAddress, chance: random.Random) -> bytes:
    """Addresses that browsers read as another site; one is always sent to a page of ours."""
    host = chance.choice(("evil.example", "evil.example:80", "@evil.example", "evil。example"))
    begins = (
        "//", "///", "/\\", "\\\\", "/\t/", "/\n/", "\t//", "https://", "https:", "http:///",
        "javascript:", "//%09/",
        "/%2f/", "/./\\", "/.//", "data:,", "\x00//", " //", "//x@", "/\\/", "\u2215\u2215",
        "/..//", "//\u3002",
    )  # fmt: skip
    target = (
        chance.choice(begins)
        + host
        + chance.choice(("", "/a", "?b", "#c", f"/{chance.getrandbits(30)}"))
    )
    answer = door.world.app.test_client().get("/language/cy", query_string={"back": target})
    assert answer.status_code in (303, 404)
    # As a browser does: tabs and line ends go, and a backslash is a slash.
    shown = re.sub(r"[\t\r\n]", "", answer.location or "/").replace("\\", "/")
    whole = urlsplit(urljoin("http://record.localhost/language/cy", shown))
    assert (whole.scheme, whole.netloc) == ("http", "record.localhost"), (target, answer.location)
    if target.startswith("/") and not target.startswith(("//", "/\\")):
        quoted = door.world.app.test_client().get("/sign-in", query_string={"next": target})
        assert quoted.status_code == 200
    return quote(target).encode()


def _polluted(door: EveryAddress, chance: random.Random) -> bytes:
    """The same name several times, in the address and in the form: one of them counts, or none."""
    rules = [rule for rule in door.rules if "POST" in rule.methods]
    path = door.address(chance.choice(rules))
    names = ("outcome", "words", "csrf_token", "id", "person", "role", "reason", "said", "section")
    name, values = (
        chance.choice(names),
        [str(chance.getrandbits(20)) for _ in range(chance.choice((2, 3, 50)))],
    )
    query = "&".join(f"{name}={value}" for value in values)
    person = chance.choice(("dana", "sam", "gwen", "alex"))
    form = {"csrf_token": [door.tokens[person], "x"], name: values, f"{name}[]": values}
    answer = door.browsers[person].client.post(f"{path}?{query}", data=form)
    assert answer.status_code in (200, 303, 400, 403, 404, 409, 422), (path, answer.status_code)
    return f"{path}?{query}".encode()


CLASSES: dict[int, Bad] = {
    125: bad("a form without its token, or with another", _token, least=45),
    126: bad("cookies tossed, doubled, changed, too large", _cookie, least=40),
    127: bad("a session of somebody who was disabled", _gone),
    129: bad("passwords that are nearly right, or a megabyte", _password),
    130: bad("names tried for whether they are there", _name),
    131: bad("addresses that lead to another site", _away, least=40),
    132: bad("a name several times over", _polluted),
}  # fmt: skip
CODES: dict[int, Bad] = {128: bad("enrolment codes tried one after the other", _code)}


def offer(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """Each is refused, or leads nowhere; nobody is another person afterwards."""
    door = places.addresses
    before = door.people()
    for _ in range(many):
        yield which.make(door, chance)
    assert door.people() == before
    assert token_of(door.browsers["dana"].client)


def offer_codes(places: Places, which: Bad, chance: random.Random, many: int) -> Iterator[bytes]:
    """From so many places, each until it has to wait."""
    for _ in range(many):
        yield which.make(places, chance)
    places.phone.still_serves()


GROUPS = (
    Group("record", "every form and page of the desk, and signing in", CLASSES, offer, soak=1_000),
    Group("phone", "POST /sync/enrol, again and again", CODES, offer_codes, soak=1_000),
)
