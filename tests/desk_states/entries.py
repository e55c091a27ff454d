"""An entry on the desk of its author: documented, checked, handed in, and added to later."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from logger.entries.sections import SECTIONS
from tests.desk_states.lists import disowned
from tests.desk_states.stage import DeskStage
from tests.desk_world import DAY, OUTCOME

WRONG = {
    "further": {"person": "Somebody"}, "correction": {"wrong": ""}, "receipt": {"when": ""},
    "outcome": {"outcome": ""},
}  # fmt: skip


def documenting(desk: DeskStage) -> Iterator[str]:
    """The task list, each section, and what can go wrong in it."""
    world = desk.world
    entry = world.capture(world.dana, why=["immediate-danger", "neglect"], told_family="later")
    desk.go(world.dana, f"/entries/{entry}")
    yield "tasks"
    for code in SECTIONS:
        path = f"/entries/{entry}/{code}"
        desk.go(world.dana, path)
        yield f"section {code}"
        if SECTIONS[code].required:
            desk.send(path)
            yield f"section {code}, not answered"
    path = f"/entries/{entry}/outcome"
    desk.go(world.dana, path)
    desk.send(path, **OUTCOME)
    yield from _earlier_wording(desk, world.capture(world.dana))
    yield from _two_windows(desk, world.capture(world.dana))
    for act in ("refused", "not-shared"):
        # Nobody is told where it was decided not to share.
        told = {"recipients": []} if act == "not-shared" else {}
        share = world.capture(world.dana, act=act, shared="They could not say what for.", **told)
        for code in ("", "objective", "basis", "consent"):
            desk.go(world.dana, f"/entries/{share}/{code}".rstrip("/"))
            yield f"{act} {code}".strip()
    desk.go(world.dana, f"/entries/{entry}/check")
    yield "check, not complete"


def _earlier_wording(desk: DeskStage, entry: UUID) -> Iterator[str]:
    world, path = desk.world, f"/entries/{entry}/consent"
    world.submitted(world.dana)
    desk.go(world.dana, path)
    page = desk.send(path, to=f"{path}/earlier")
    assert page.has_id("consent_why-earlier")
    yield "section with earlier wording"
    path = f"/entries/{entry}/filing"
    desk.go(world.dana, path)
    page = desk.send(path, to=f"{path}/earlier")
    assert not page.all("button", class_="record-offer")
    yield "section without earlier wording"


def _two_windows(desk: DeskStage, entry: UUID) -> Iterator[str]:
    world, path = desk.world, f"/entries/{entry}/outcome"
    browser = world.browser(world.dana)
    second = browser.get(path)
    desk.go(world.dana, path)
    desk.autosave(path, outcome="From the first window")
    desk.go(world.dana, path)
    yield "a draft that waited"
    late = desk.answer
    browser.autosave(second, path, outcome="From the second")
    page = desk.go(world.dana, path)
    assert page.has_id("version-1")
    yield "two versions"
    desk.answer = late
    browser.post(browser.get(path), path, outcome="Saved elsewhere")
    desk.send(path, outcome="Mine")
    yield "saved elsewhere"
    later = f"/entries/{entry}/later/outcome"
    desk.go(world.dana, later)
    late = desk.answer
    browser.post(browser.get(later), later, outcome="Added elsewhere")
    desk.answer = late
    desk.send(later, outcome="Mine")
    yield "added elsewhere"
    desk.go(world.dana, f"/entries/{entry}")
    yield "tasks with drafts"


def other_entries(desk: DeskStage) -> Iterator[str]:
    """Entries that are not as most are."""
    world = desk.world
    call = world.capture(world.dana, act="not-told", attempt="no-answer", shared="")
    allegation = {"name": "Mr Hale", "works_with_children": True}
    for name, entry in (
        ("a call that reached nobody", call),
        ("with danger", world.capture(world.dana, danger=True, how="ordinary-email")),
        ("an allegation", world.capture(world.dana, risk=allegation)),
        ("disowned", disowned(desk, world.dana)),
        ("logged by mistake", _mistake(desk)),
        ("corrected from the phone", _corrected(desk)),
    ):
        desk.go(world.dana, f"/entries/{entry}")
        yield f"entry, {name}"
    entry = world.capture(world.dana)
    desk.go(world.dana, f"/entries/{entry}/not-me")
    yield "not me"
    for who, path, name in (
        (world.nia, f"/entries/{entry}", "of another team"),
        (desk.eira, f"/entries/{entry}", "of a colleague"),
        (world.dana, "/entries/nothing", "that is none"),
        (world.dana, "/people", "of administrators"),
        (None, "/nothing", "of nobody"),
    ):
        desk.go(who, path)
        yield f"refused a page {name}"
    desk.go(world.dana, f"/entries/{entry}/outcome")
    desk.send(f"/entries/{entry}/outcome", outcome="Typed <b>words</b>", csrf_token="old")
    yield "what was typed, after the session ended"


def _mistake(desk: DeskStage) -> UUID:
    entry = desk.world.capture(desk.world.dana)
    desk.world.add(desk.world.dana, entry, "mistake")
    return entry


def _corrected(desk: DeskStage) -> UUID:
    entry = desk.world.capture(desk.world.dana)
    desk.world.add(desk.world.dana, entry, "fix", "It is number 12.")
    return entry


def handed_in(desk: DeskStage) -> Iterator[str]:
    """Check, submit, what happens next, a question back, and the end."""
    world = desk.world
    entry = world.capture(world.dana)
    world.documented(world.dana, entry)
    path, section = f"/entries/{entry}/check", f"/entries/{entry}/outcome"
    desk.go(world.dana, section)
    desk.autosave(section, outcome="He was arrested.")
    page = desk.go(world.dana, path)
    assert page.has_id("unsaved")
    yield "check, with a draft"
    desk.go(world.dana, section)
    desk.send(section)
    desk.go(world.dana, path)
    yield "check"
    desk.send(path)
    yield "check, not confirmed"
    desk.send(path, made_by_me="yes")
    yield "what happens next"
    world.decide(world.sam, entry, "returned", "Who told the mother?")
    desk.go(world.dana, f"/entries/{entry}")
    yield "returned"
    desk.go(world.dana, path)
    yield "check of what was returned"
    desk.send(path, made_by_me="yes", answer="Her sister.")
    world.decide(world.sam, entry, "signed-off-with-learning", "Note the time.")
    world.later(3 * DAY)
    desk.go(world.dana, f"/entries/{entry}")
    yield "done with learning"


def added_later(desk: DeskStage) -> Iterator[str]:
    """What is added afterwards, the paragraph, and the link of a recipient."""
    world = desk.world
    entry = world.submitted(world.dana, danger=True)
    for what, wrong in WRONG.items():
        path = f"/entries/{entry}/later/{what}"
        desk.go(world.dana, path)
        yield f"add {what}"
        desk.send(path, **wrong)
        yield f"add {what}, wrong"
    path = f"/entries/{entry}/later/correction"
    desk.go(world.dana, path)
    desk.send(path, wrong="The house number", right="It is 12")
    yield "corrected"
    told = [one.attributes["href"] for one in desk.go(world.dana, f"/entries/{entry}").all("a")]
    desk.go(world.dana, next(one for one in told if "later/told" in one))
    yield "someone was told of it"
    desk.go(world.dana, f"/entries/{entry}/paragraph")
    yield "paragraph"
    desk.go(world.dana, f"/entries/{entry}/later/receipt")
    page = desk.send(f"/entries/{entry}/later/link")
    yield "a link was made"
    code = page.by_id("link").attributes["value"].split("#")[1]
    desk.go(None, "/received")
    yield "a code is asked for"
    desk.send("/received", code="nothing")
    yield "a code that is none"
    desk.send("/received", code=code)
    yield "did it arrive"
    desk.send("/received", code=code, received="yes")
    yield "thank you"
    desk.go(world.dana, f"/entries/{entry}")
    yield "submitted, with all that was added"
