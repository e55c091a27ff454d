"""Every list of the desk with nothing in it, with one line and with many."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from logger.children.happened import Mention
from logger.children.saying import Saying
from logger.clock import uuid7
from logger.people.person import Person
from sync.event import CAPTURE
from sync.store import Lane
from tests.desk_states.stage import DeskStage
from tests.desk_world import DAY, HOUR, MINUTE
from tests.stranger_wire import a_share

MANY = 24
TOLD = ("police-999", "childrens-social-care", "school", "gp")
WHYS = ("neglect", "missing", "domestic-abuse", "emotional-abuse")
HOWS = ("phone", "ordinary-email", "letter", "in-person")


def lists(desk: DeskStage) -> Iterator[str]:
    """Those that anybody works through, as they fill."""
    yield from _all(desk, "empty")
    _one_of_each(desk)
    yield from _all(desk, "one")
    osian = _many(desk)
    yield from _all(desk, "many")
    desk.go(desk.world.sam, f"/children/{osian.entry}/{osian.ordinal}")
    yield "chronology, many"
    for chosen in ("why=neglect", "told=school&why=missing&flag=ordinary-email&overdue=yes"):
        desk.go(desk.world.aled, f"/to-review?{chosen}")
        yield f"to-review, filtered by {chosen}"
    desk.go(desk.world.sam, "/to-review?told=nobody")
    yield "to-review, filtered by nothing that waits"
    desk.go(desk.priya, "/overview?from=yesterday")
    yield "overview, not a day"
    desk.go(desk.world.sam, "/overview?from=2026-11-24&to=2026-11-24")
    yield "overview, a week of a team"
    desk.go(desk.gwen, "/directory?q=nobody+at+all")
    yield "directory, nothing found"
    desk.go(desk.world.dana, "/advice/general?q=nothing+of+that")
    yield "general advice, nothing found"


def _all(desk: DeskStage, how: str) -> Iterator[str]:
    world = desk.world
    for who, path in (
        (world.dana, "/to-complete"), (world.dana, "/submitted"), (world.dana, "/phones"),
        (world.dana, "/advice"), (world.dana, "/advice/general"), (world.sam, "/to-review"),
        (world.sam, "/reviewed"), (world.sam, "/undocumented"), (world.sam, "/children"),
        (world.sam, "/overview"), (world.carys, "/to-review"), (desk.gwen, "/governance"),
        (desk.gwen, "/set-aside"), (desk.gwen, "/agreements"), (desk.gwen, "/directory"),
        (desk.priya, "/advice"), (desk.priya, "/overview"), (world.alex, "/phones"),
        (world.alex, "/not-theirs"), (world.alex, "/people"), (world.alex, "/set-aside"),
    ):  # fmt: skip
        desk.go(who, path)
        yield f"{path[1:]} of {who.name}, {how}"


def _one_of_each(desk: DeskStage) -> None:
    world = desk.world
    world.capture(world.dana)
    world.capture(world.dana, act="not-told", attempt="no-answer", shared="")
    world.submitted(world.dana, risk={"name": "Mr Hale", "works_with_children": True})
    waiting = world.submitted(world.dana, how="ordinary-email")
    world.decide(world.sam, world.submitted(world.dana), "signed-off")
    world.decide(world.sam, world.submitted(world.dana), "referred", "May the school know?")
    world.decide(world.sam, world.submitted(world.dana), "returned", "Who told the mother?")
    ask(desk, waiting, "May I name the aunt?")
    disowned(desk, world.dana)
    aside(desk)
    general(desk, "Naming relatives")
    agreement(desk, "Police, all desks", "2026-12-01")


def _many(desk: DeskStage) -> Mention:
    """Much of everything; a child whom most of it is about."""
    world, mentions = desk.world, []
    for number in range(MANY):
        world.later(9 * HOUR + number % 5 * HOUR)
        someone = {"code": TOLD[number % 4], "label": "", "person": "PC 4410", "reference": "881"}
        when = {"at": world.now - number % 7 * 9 * MINUTE, "utc_offset": 0, "about": number % 3 < 1}
        child = {"name": "Osian Quill", "unknown": False, "born": "2019-04-01"}
        entry = world.capture(
            world.dana, recipients=[someone], why=[WHYS[number % 4]], how=HOWS[number % 4],
            when=when, children=[child], danger=number % 6 == 0,
        )  # fmt: skip
        mentions.append(Mention(entry, 0))
        if number % 4 == 0:
            _hand_in(desk, entry)
    for number in range(3):
        general(desk, f"Naming relatives, part {number}")
        agreement(desk, f"School {number}", "2027-06-30")
        ask(desk, entry, f"May I ask {number}?")
        disowned(desk, world.dana)
        aside(desk)
    saying = world.rooms.rooms[Saying]
    assert isinstance(saying, Saying)
    for other in mentions[1:]:
        saying.join(world.sam, mentions[0], other)
    world.later(DAY)
    return mentions[0]


def _hand_in(desk: DeskStage, entry: UUID) -> None:
    browser, path = desk.world.documented(desk.world.dana, entry), f"/entries/{entry}/check"
    browser.post(browser.get(path), path, made_by_me="yes")


def ask(desk: DeskStage, entry: UUID, words: str) -> None:
    """Dana asks the data protection team."""
    path = f"/entries/{entry}/ask"
    desk.go(desk.world.dana, path)
    desk.send(path, words=words)


def general(desk: DeskStage, title: str) -> None:
    """The data protection officer writes for everybody."""
    desk.go(desk.priya, "/advice/general")
    desk.send("/advice/general", title=title, words="Only where it protects the child.")


def agreement(desk: DeskStage, title: str, ends: str) -> None:
    """Information governance registers one."""
    desk.go(desk.gwen, "/agreements/add")
    desk.send(
        "/agreements/add", title=title, parties=["police-999"], scope="Children at risk",
        signed_on="2026-01-01", ends_on=ends,
    )  # fmt: skip


def disowned(desk: DeskStage, who: Person) -> UUID:
    """An entry that its author says is not theirs."""
    entry = desk.world.capture(who)
    path = f"/entries/{entry}/not-me"
    desk.go(who, path)
    desk.send(path)
    return entry


def aside(desk: DeskStage) -> int:
    """Something that came from a revoked phone; its position."""
    world = desk.world
    share = a_share(world.now)
    world.arrive(world.dana, uuid7(world.now, world.randomness), CAPTURE, share, Lane.QUARANTINE)
    return world.rooms.store.head().position
