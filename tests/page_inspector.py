"""Looks over every page that a test opens, so that no test has to remember to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from babel.support import Translations

from logger.shell.places import TRANSLATIONS

VOID = frozenset({"input", "meta", "link", "br", "hr", "img", "path", "rect"})
FIELDS = frozenset({"input", "textarea", "select"})
FILLED = frozenset({"hidden", "text", "tel", "date", "email", "search"})
# The page's title says where one is, never what an entry says.
TITLES = frozenset({
    "Entry", "To complete", "Submitted", "To review", "Reviewed", "Problem", "People", "Phones",
    "Set aside", "Sign in", "Invite someone", "Person", "Add this phone", "Join", "Code",
    "Overview", "Directory", "Agreements", "Advice", "Children", "Chronology",
    "Law", "Your account", "Not theirs", "Confirm receipt",
    "Not documented", "For governance", "Near miss or breach", "Who has seen this",
})  # fmt: skip


def titles_in(language: str) -> frozenset[str]:
    """The titles that a page in this language may have."""
    # No catalogue for a language gives the words as they stand in the source.
    words = Translations.load(str(TRANSLATIONS), [language])
    return frozenset(words.gettext(title) for title in TITLES)


@dataclass
class Element:
    """One element, what stands in it, and its attributes."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    parents: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """A parsed page."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"an attribute is given twice: <{tag} {names}>"
        parents = tuple(one.tag for one in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, parents=parents)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of this kind with these attributes; `class_` asks for one of the classes."""
        wanted = attributes.pop("class_", None)
        return [
            one
            for one in self.elements
            if one.tag == tag
            and attributes.items() <= one.attributes.items()
            and (wanted is None or wanted in one.attributes.get("class", "").split())
        ]

    def by_id(self, id: str) -> Element:
        """The element of this id."""
        return next(one for one in self.elements if one.attributes.get("id") == id)

    def has_id(self, id: str) -> bool:
        """Whether there is one."""
        return any(one.attributes.get("id") == id for one in self.elements)

    @property
    def text(self) -> str:
        """All that can be read, in one line of single spaces."""
        body = self.all("body") or self.elements[:1]
        return " ".join(body[0].text.split())

    @property
    def title(self) -> str:
        """The title without the product's name."""
        return self.all("title")[0].text.removesuffix(" · Sharelog")

    def form_values(self, action: str) -> dict[str, object]:
        """What the form with this action would send if nobody touched it."""
        values: dict[str, object] = {}
        inside, chooses = False, ""
        for one in self.elements:
            if one.tag == "form":
                inside = one.attributes.get("action") == action
            if one.tag == "select":
                chooses = one.attributes["name"]
            if inside and one.tag == "option" and "selected" in one.attributes:
                values[chooses] = one.attributes["value"]
            name = one.attributes.get("name")
            if not inside or not name or "form" not in one.parents:
                continue
            kind = one.attributes.get("type")
            if kind == "checkbox" and "checked" in one.attributes:
                values.setdefault(name, []).append(one.attributes["value"])
            elif (kind == "radio" and "checked" in one.attributes) or kind in FILLED:
                values[name] = one.attributes.get("value", "")
            elif one.tag == "textarea":
                values[name] = one.text
        return values


def inspect(html: str, *, whole: bool = True) -> Page:
    """Parse a page or a fragment and say what is wrong with it."""
    page = Page(html)
    assert not page._open, f"never closed: {[one.tag for one in page._open]}"
    if whole:
        assert html.lstrip().startswith("<!DOCTYPE html>")
        assert len(page.all("h1")) == 1, "a page has one h1"
        assert len(page.all("main")) == 1
        language = page.all("html")[0].attributes["lang"]
        assert page.title in titles_in(language), f"a title without content: {page.title!r}"
    else:
        roots = [one for one in page.elements if not one.parents]
        assert len(roots) == 1, "a fragment has one root"
        assert "id" in roots[0].attributes, "a fragment's root has an id"
    _unique_ids(page)
    _nothing_inline(page)
    _forms(page)
    _labels(page)
    return page


def _unique_ids(page: Page) -> None:
    ids = Counter(one.attributes["id"] for one in page.elements if "id" in one.attributes)
    assert not [one for one, count in ids.items() if count > 1], "an id is given twice"
    for one in page.elements:
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for target in one.attributes.get(name, "").split():
                assert target in ids, f"{name} points nowhere: {target}"
        href = one.attributes.get("href", "")
        if one.tag == "a" and href.startswith("#"):
            assert href[1:] in ids, f"a link points nowhere: {href}"


def _nothing_inline(page: Page) -> None:
    for one in page.elements:
        assert "style" not in one.attributes, f"inline style on <{one.tag}>"
        assert one.tag != "style", "a style element"
        if one.tag == "script":
            assert one.attributes.get("src"), "an inline script"
        for name, value in one.attributes.items():
            assert not name.startswith("on"), f"inline handler {name}"
            assert not value.strip().lower().startswith("javascript:"), "a script in an address"
        address = one.attributes.get("src") or one.attributes.get("href") or ""
        assert "//" not in address, f"something from another place: {address}"


def _forms(page: Page) -> None:
    for form in page.all("form"):
        assert form.attributes.get("action"), "a form without an action"
        assert form.attributes.get("method", "get") in ("get", "post"), "a form of another kind"
    _without_a_script(page)
    posts = page.all("form", method="post")
    tokens = page.all("input", name="csrf_token")
    assert len(posts) == len(tokens), "every form that posts has its token"


def _without_a_script(page: Page) -> None:
    """What htmx does is also a link or a form, and every form can be sent by a button of its own
    that is there to be pressed."""
    last, sent_by = None, dict[int, bool]()
    for one in page.elements:
        if any(name in one.attributes for name in ("hx-get", "hx-post")):
            wanted = {"a": "href", "form": "action"}.get(one.tag, "")
            assert one.attributes.get(wanted), f"works with a script alone: {one.attributes}"
        if one.tag == "form":
            last, sent_by[id(one)] = id(one), False
        hidden = {"hidden", "disabled", "aria-hidden"} & one.attributes.keys()
        if one.tag == "button" and "form" in one.parents and last is not None and not hidden:
            sent_by[last] |= one.attributes.get("type", "submit") == "submit"
    assert all(sent_by.values()), "a form that nobody can send"


def _labels(page: Page) -> None:
    labelled = {one.attributes.get("for") for one in page.all("label")}
    for one in page.elements:
        if one.tag not in FIELDS or one.attributes.get("type") in {"hidden", "submit"}:
            continue
        assert one.attributes.get("id") in labelled, f"no label: {one.attributes}"
    for button in page.all("button"):
        assert button.text.strip() or button.attributes.get("aria-label"), "a button without a name"
    for link in page.all("a"):
        assert link.text.strip() or link.attributes.get("aria-label"), "a link without a name"
