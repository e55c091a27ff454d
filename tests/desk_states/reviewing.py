"""What reviewers and information governance see: entries, breaches, openings, children."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from logger.children.happened import Mention
from logger.children.saying import Saying
from tests.desk_states.lists import disowned
from tests.desk_states.stage import DeskStage
from tests.desk_world import DAY


def deciding(desk: DeskStage) -> Iterator[str]:
    """One entry after another, each decided in its own way."""
    world = desk.world
    entry = world.submitted(world.dana, why=["immediate-danger"], how="ordinary-email")
    path = f"/review/{entry}/decision"
    desk.go(world.sam, f"/review/{entry}")
    yield "review"
    late = desk.answer
    desk.send(path, outcome="returned", words="")
    yield "review, without a question"
    world.decide(world.ruth, entry, "signed-off")
    desk.answer = late
    desk.send(path, outcome="signed-off")
    yield "review, somebody else was quicker"
    desk.go(world.ruth, f"/review/{entry}")
    yield "review, can be undone"
    asked = world.submitted(world.dana)
    world.decide(world.sam, asked, "referred", "May the school know?")
    for who in (world.sam, desk.gwen, desk.priya):
        desk.go(who, f"/review/{asked}")
        yield f"referred, for {who.name}"
    desk.go(desk.gwen, f"/review/{asked}")
    desk.send(f"/review/{asked}/answer", outcome="advised", words="")
    yield "answered with nothing"
    desk.send(f"/review/{asked}/answer", outcome="advised", words="Yes, the head.")
    desk.go(world.sam, f"/review/{asked}")
    yield "advised"
    desk.go(world.sam, f"/review/{world.submitted(world.sam)}")
    yield "review of one's own"
    desk.go(world.sam, f"/review/{world.submitted(world.nia)}")
    yield "review of another team"
    foreign = disowned(desk, world.dana)
    desk.go(world.sam, f"/review/{foreign}")
    yield "disowned, for the reviewer"
    desk.send(f"/review/{foreign}/decision", outcome="not-theirs", words="")
    yield "disowned, closed without a word"
    desk.go(world.sam, f"/review/{entry}/seen-by")
    yield "seen by"


def going_wrong(desk: DeskStage) -> Iterator[str]:
    """A near miss or breach from the report to its end."""
    world = desk.world
    entry = world.submitted(world.dana)
    path = f"/incidents/{entry}"
    desk.go(world.sam, path)
    yield "incident"
    desk.send(path, words="")
    yield "incident, without words"
    desk.send(path, words="Sent to the wrong school.", wrong_person="yes")
    yield "incident, the clock runs"
    desk.go(world.dana, f"/entries/{entry}")
    yield "incident, for the author"
    desk.go(desk.gwen, path)
    yield "incident, for governance"
    desk.send(f"{path}/end", words="")
    yield "incident, closed without an answer"
    desk.send(f"{path}/end", found="breach", told="no", words="Deleted.")
    yield "incident, closed"


def standing_in(desk: DeskStage) -> Iterator[str]:
    """An author is away: reminded, handed over, opened by two."""
    world = desk.world
    entry = world.capture(world.dana)
    world.later(3 * DAY)
    path = f"/undocumented/{entry}"
    desk.go(world.sam, path)
    yield "not documented"
    desk.send(f"{path}/opening", reason="")
    yield "opening without a reason"
    desk.go(world.sam, path)
    desk.send(f"{path}/hand-over", reason="Off sick")
    yield "handed to nobody"
    desk.go(world.sam, path)
    desk.send(f"{path}/opening", reason="A child is missing.")
    yield "opening asked"
    for who in (world.ruth, desk.gwen):
        desk.go(who, path)
        yield f"opening, for {who.name}"
    desk.send(f"{path}/answer", answer="approve")
    yield "opening agreed"
    desk.go(world.sam, path)
    yield "opened"
    desk.send(f"{path}/hand-over", colleague=str(desk.eira.id), reason="Off sick")
    yield "handed over"
    desk.go(desk.eira, "/to-complete")
    yield "to complete, handed to me"
    desk.go(desk.eira, f"/entries/{entry}")
    yield "tasks, handed to me"


def children(desk: DeskStage) -> Iterator[str]:
    """Search, one child alone, joined, in danger."""
    world = desk.world
    who = ("Gwenhwyfar Quill", "Gwenhwyfar Quill", "Gwenhwyfer Quill", "Gwenhwyfar Quill")
    kinds = ("gp", "school", "police-999", "housing")
    mentions = [
        _about(desk, name, recipients=[{"code": kind, "label": "", "person": "", "reference": ""}])
        for name, kind in zip(who, kinds, strict=True)
    ]
    for name, words in (("found", who[0]), ("none", "Zebedee Xylo"), ("nothing asked", "")):
        desk.go(world.sam, "/children")
        desk.send("/children", name=words)
        yield f"children, {name}"
    desk.go(world.sam, _address(mentions[0]))
    yield "chronology, proposed"
    saying = world.rooms.rooms[Saying]
    assert isinstance(saying, Saying)
    for other in mentions[1:3]:
        saying.join(world.sam, mentions[0], other)
    desk.go(world.sam, _address(mentions[0]))
    yield "chronology, joined"
    child = {"name": "Gwenhwyfar Quill", "unknown": False, "born": "2019-04-01"}
    desk.go(world.sam, f"/review/{world.submitted(world.dana, children=[child])}")
    yield "review, proposals beside it"
    desk.go(world.sam, _address(_about(desk, "Robin Example", danger=True)))
    yield "chronology, names hidden"


def _about(desk: DeskStage, name: str, **more: object) -> Mention:
    world = desk.world
    world.later(DAY)
    child = {"name": name, "unknown": False, "born": "2019-04-01"}
    entry: UUID = world.capture(world.dana, children=[child], **more)
    return Mention(entry, 0)


def _address(mention: Mention) -> str:
    return f"/children/{mention.entry}/{mention.ordinal}"
