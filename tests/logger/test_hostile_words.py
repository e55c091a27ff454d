"""Whatever somebody types stays words: on no page of the record door is it an element, an
attribute or an address, in no table does it calculate, and nothing that is templated runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from logger.advice.index import Questions
from logger.clock import uuid7
from logger.people.person import Person, Role
from logger.review.openings import StandingIn
from sync.event import CAPTURE
from sync.store import Lane
from tests.desk_world import ALL_ANSWERS, World
from tests.page_inspector import Page, inspect
from tests.stranger_wire import a_share

# Every one of them carries a name that nothing of ours has, as element, attribute or value.
MARK = "zxq"
CORPUS = (
    "<script zxq>zxq()</script>",
    '"><img zxq src=zxq onerror=zxq()>',
    "'><svg zxq onload=zxq()><zxq-svg></zxq-svg></svg>",
    "</textarea></title></option></select><zxq-out autofocus>",
    '" hx-get="/zxq" hx-trigger="load" zxq="',
    "' onfocus='zxq()' zxq='",
    '<a zxq href="javascript:zxq()">zxq</a> https://zxq.example/',
    "{{7*7}}zxq {% zxq %} ${7*7}zxq %(zxq)s %s {zxq}",
    "<!--zxq ]]><zxq> &lt;zxq&gt; &#60;zxq&#62;",
    "\u202ezxq\u2066 \u2028zxq\u200b",
    "zxq\x00\x01\x0b\x1b[31m",
    "=zxq(1)",
    "+zxq",
    "@zxq",
)
WORDS = "\n".join(CORPUS)
LINE = (
    "=zxq '\"><script zxq>zxq()</script><img zxq src=zxq onerror=zxq()></textarea></title>"
    '<zxq-x hx-get="/zxq"> {{7*7}}zxq %(zxq)s %s \u202e'
)
NAME = "=<zxq hx-get='/zxq'> \" {{7*7}}zxq %(zxq)s"
CODE, BORN = '"><zxq-code hx-get="/zxq">', "'><zxq-born onload=zxq()> 2014"
# Where what was typed comes back to be typed on.
_TYPED = frozenset({"value", "aria-label"})
_NAMES = ('INSERT INTO "people"', 'INSERT INTO "directory')
# What a browser lets people type in, also where the page asks for a day or a number.
FREE = frozenset({
    "text", "search", "email", "tel", "password", "date", "datetime-local", "number",
})  # fmt: skip
# A recipient's code is made of its name: small letters, digits and hyphens are left of it.
_SLUG = re.compile(r"zxq-script-[a-z0-9-]+")
_CODE = re.compile(
    r"([a-z]+-)?(/language/cy\?back=)?(/directory/recipients/)?zxq-script-[a-z0-9-]+(/[a-z]+)?"
)
# What was searched for stands in addresses of ours behind the question mark, encoded.
_ASKED = re.compile(r"""/(?!/)(?:(?!zxq)[^?#\s"<>])*\?[^#\s"<>]*""")
_KEEP_AWAY = ("/language/", "/static/", "/phones/add")


def check(html: str, *, whole: bool = True) -> Page:
    """A page on which the marker is text, or the value of a field, and nothing else."""
    page = inspect(html, whole=whole)
    for one in page.elements:
        assert MARK not in one.tag, one.tag
        for name, value in one.attributes.items():
            assert MARK not in name, (one.tag, name)
            harmless = name in _TYPED or _CODE.fullmatch(value) or _ASKED.fullmatch(value)
            assert MARK not in value or harmless, (one.tag, name, value)
    assert "49zxq" not in html
    return page


def send(world: World, who: Person, page: str, action: str, **values: object) -> None:
    """Fill in a form of a page; whatever comes back is looked over, taken or not."""
    status = _send(world, who, page, action, values)
    assert status in (200, 409, 422), (action, status)


def _send(
    world: World, who: Person | None, page: str, action: str, values: Mapping[str, object]
) -> int:
    client = world.browser(who).client
    form = check(client.get(page, follow_redirects=True).text).form_values(action)
    answer = client.post(action, data={**form, **values}, follow_redirects=True)
    check(answer.text)
    return answer.status_code


@dataclass(frozen=True)
class Typed:
    """A form with fields that somebody can type in, and where they found it."""

    who: Person | None
    page: str
    method: str
    action: str
    fields: frozenset[str]


def typed_in(page: Page, path: str, who: Person | None) -> list[Typed]:
    """The forms of a page that words can be typed in."""
    found: list[tuple[str, str, set[str]]] = []
    for one in page.elements:
        if one.tag == "form":
            method = one.attributes.get("method", "get").upper()
            found.append((method, one.attributes["action"], set()))
        free = one.tag == "textarea" or one.attributes.get("type") in FREE
        if free and "form" in one.parents and one.tag in ("input", "textarea"):
            found[-1][2].add(one.attributes["name"])
    return [Typed(who, path, *rest, frozenset(names)) for *rest, names in found if names]


def type_in(world: World, form: Typed) -> None:
    """Hostile words in each of its fields at once."""
    words = dict.fromkeys(form.fields, LINE)
    if form.method == "POST":
        assert _send(world, form.who, form.page, form.action, words) < 500, form
        return
    answer = world.browser(form.who).client.get(form.action, query_string=words)
    assert answer.status_code in (200, 422), form
    check(answer.text)


def share(world: World, **instead: object) -> dict[str, object]:
    someone = {"label": LINE, "person": LINE, "reference": LINE}
    content = {
        "recipients": [{"code": "police-999", **someone}, {"code": CODE, **someone},
                       {"code": None, **someone}],
        "children": [{"name": LINE, "unknown": False, "born": BORN, "reference": LINE},
                     {"name": WORDS[:390], "unknown": True}],
        "shared": WORDS, "why": ["neglect", CODE], "how": CODE, "app": CODE,
        "known": {"how": "other", "from": LINE},
        "risk": {"name": LINE, "works_with_children": False},
    }  # fmt: skip
    return a_share(world.now, **{**content, **instead})


def capture(world: World, person: Person, lane: Lane = Lane.RECORD, **instead: object) -> UUID:
    entry = uuid7(world.now, world.randomness)
    world.arrive(person, entry, CAPTURE, share(world, **instead), lane)
    return entry


def document(world: World, entry: UUID) -> None:
    """Every field of every section; a draft of each, and saved where that can be."""
    browser = world.browser(world.dana)
    tasks = check(browser.client.get(f"/entries/{entry}").text)
    paths = [one.attributes["href"] for one in tasks.all("a", class_="govuk-task-list__link")]
    assert len(paths) > 5
    for path in paths:
        page = check(browser.client.get(path).text)
        typed: dict[str, object] = {
            one.attributes["name"]: WORDS if one.tag == "textarea" else LINE
            for one in page.elements
            if one.tag == "textarea" or one.attributes.get("type") == "text"
        }
        chosen = ALL_ANSWERS.get(path.rpartition("/")[2], {})
        values = {**page.form_values(path), **chosen, **typed}
        for action in (f"{path}/draft", path):
            answer = browser.client.post(action, data=values, follow_redirects=True)
            assert answer.status_code in (200, 422), (action, answer.status_code)
            check(answer.text)


def fill(world: World, gwen: Person, priya: Person) -> None:
    """Hostile words wherever a person of the record door can write."""
    entry, waiting = capture(world, world.dana), capture(world, world.dana)
    for act in ("not-shared", "refused", "not-told"):
        capture(world, world.dana, act=act)
    capture(world, world.dana, risk={"name": LINE, "works_with_children": True})
    capture(world, world.dana, Lane.QUARANTINE)
    for what in ("fix", "more"):
        world.add(world.dana, entry, what, WORDS)
    document(world, entry)
    check_path, ask = f"/entries/{entry}/check", f"/entries/{entry}/ask"
    send(world, world.dana, check_path, check_path, made_by_me="yes", answer=WORDS)
    review = f"/review/{entry}"
    said = {"outcome": "returned", "words": WORDS}
    send(world, world.sam, review, f"{review}/decision", **said)
    send(world, world.dana, check_path, check_path, made_by_me="yes", answer=WORDS)
    send(world, world.sam, review, f"{review}/decision", outcome="referred", words=WORDS)
    send(world, gwen, review, f"{review}/answer", outcome="advised", words=WORDS)
    send(world, world.dana, f"/incidents/{entry}", f"/incidents/{entry}", words=WORDS,
         aware_at=LINE)  # fmt: skip
    send(world, world.dana, f"/incidents/{entry}", f"/incidents/{entry}", words=WORDS)
    fields = ("whom", "person", "when", "how", "reference", "told_how")
    texts = ("different", "wrong", "right", "outcome")
    typed = dict.fromkeys(fields, LINE) | dict.fromkeys(texts, WORDS)
    for what in ("further", "correction", "outcome", "receipt"):
        path = f"/entries/{entry}/later/{what}"
        send(world, world.dana, path, path, **typed)
    send(world, world.dana, ask, ask, words=WORDS)
    (line,) = world.rooms.rooms[Questions].waiting()
    question = f"/advice/questions/{line.thread}"
    send(world, priya, question, question, words=WORDS, title=LINE, general=WORDS)
    world.rooms.rooms[StandingIn].hand_over(world.sam, waiting, world.ruth, WORDS)
    world.rooms.rooms[StandingIn].ask(world.sam, waiting, WORDS)
    hand = f"/undocumented/{waiting}"
    send(world, world.sam, hand, f"{hand}/hand-over", reason=WORDS, colleague=LINE)
    send(world, world.sam, "/children", "/children", name=LINE, born=BORN, reference=LINE)
    send(world, world.aled, "/children", "/children", name=WORDS)
    directory = {"name": LINE, "name_cy": LINE, "hours": LINE, "hours_cy": LINE, "kind": "police"}
    for number in (LINE, "01632 960123"):
        send(world, gwen, "/directory/add", "/directory/add", number=number, **directory)
    bad = dict.fromkeys(("title", "scope", "signed_on", "reference", "parties"), LINE)
    for days in (LINE, "2026-01-01"):
        values = bad | {"scope": WORDS, "signed_on": days, "parties": "police-999"}
        send(world, gwen, "/agreements/add", "/agreements/add", **values)
    (aside,) = world.rooms.register.set_aside()
    here = f"/set-aside/{aside.position}"
    send(world, gwen, here, f"{here}/note", words=WORDS)
    rows = f'code,name,kind,number\r\n"{CODE.replace(chr(34), "")}","<zxq>{{{{7*7}}}}zxq",<zxq>,1'
    for path, name in (("/directory/import", "x.csv"), ("/law/compare", "x.toml")):
        for raw in (rows, WORDS, f"name = '''{LINE}'''", '[[zxq]]\nzxq = "<zxq>"'):
            page = "/law" if path.startswith("/law") else path
            brought = (io.BytesIO(raw.encode()), name)
            send(world, world.alex, page, path, file=brought)


def everything(
    world: World, person: Person | None, forms: dict[str, Typed], start: tuple[str, ...] = ("/",)
) -> dict[str, str]:
    """All that somebody can reach by links and by what htmx would fetch, looked over; the forms
    met there by the address they go to."""
    client, found, left = world.browser(person).client, {}, list(start)
    parts: set[str] = set()
    while left and len(found) < 150:
        path = left.pop()
        if path in found or path.startswith(_KEEP_AWAY):
            continue
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, (person and person.name, path, answer.status_code)
        found[path] = answer.text
        if answer.mimetype == "text/csv":
            calm(answer.text)
        if answer.mimetype != "text/html":
            continue
        page = check(answer.text)
        for form in typed_in(page, path, person):
            forms.setdefault(_endpoint(world, form), form)
        for one in page.elements:
            link, part = one.attributes.get("href", ""), one.attributes.get("hx-get", "")
            if link.startswith("/"):
                left.append(link.partition("#")[0])
            if part and part not in parts:
                parts.add(part)
                fragment = client.get(part, headers={"HX-Request": "true"})
                check(fragment.text, whole=False)
    return found


def _endpoint(world: World, form: Typed) -> str:
    """One name for all addresses of a form, and its fields where one address has several."""
    endpoint, _rest = world.app.url_map.bind("").match(form.action, method=form.method)
    return f"{endpoint} {sorted(form.fields)}"


def calm(table: str) -> None:
    """No cell of it begins as a formula does."""
    for row in csv.reader(io.StringIO(table.removeprefix("\ufeff"))):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@")), cell


def test_hostile_words_stay_words_on_every_page_of_everybody(tmp_path: Path) -> None:
    world = World(tmp_path)
    gwen = world.rooms.add_person(NAME, "gwen@example.org", Role.GOVERNANCE, NAME)
    role = Role.DATA_PROTECTION_OFFICER
    priya = world.rooms.add_person("Priya Nair", "priya@example.org", role, "")
    fill(world, gwen, priya)
    shown, forms = {}, dict[str, Typed]()
    team = (world.dana, world.sam, world.ruth, world.aled, world.carys, world.alex)
    for person in (*team, gwen, priya):
        pages = everything(world, person, forms)
        shown[person.name] = sum(MARK in html for html in pages.values())
    # It is there to be seen: as text, for everybody.
    assert min(shown.values()) > 1, shown
    assert sum(shown.values()) > 60, shown
    everything(world, None, forms, ("/sign-in", "/received"))
    # Every form of every page, whoever has it: what was not typed in above is typed in here.
    for form in forms.values():
        type_in(world, form)
    assert len(forms) > 30, sorted(forms)
    # Of all this the index has names of colleagues and recipients, and no word of an entry.
    for row in world.dump_index().splitlines():
        assert MARK not in _SLUG.sub("", row) or row.startswith(_NAMES), row[:200]
