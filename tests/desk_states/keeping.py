"""What is kept in order: people, phones, law, directory, agreements, advice, what was set aside."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyotp

from logger.advice.index import Questions
from logger.agreements.register import Agreements
from logger.law.pack import SHIPPED
from logger.people.credentials import Credentials, Joining
from sync.parcel import write_parcel
from sync.store import Contact, LostStore
from tests.desk_states.lists import agreement, aside, ask
from tests.desk_states.stage import DeskStage
from tests.desk_world import MINUTE
from tests.events import an_event

PASSWORD, SECRET = "three quiet lamps", "A" * 32


def signing_in(desk: DeskStage) -> Iterator[str]:
    """From the link to the two steps, and what goes wrong on the way."""
    world = desk.world
    token = world.rooms.invitations.link_token(world.dana, None)
    join = f"/join/{token}"
    page = desk.go(None, join)
    yield "join"
    secret = page.by_id("secret").text.replace(" ", "")
    desk.send(join, password="short", code="123456")
    yield "join, wrong"
    code = pyotp.TOTP(secret).at(world.now // 1000)
    desk.send(join, password=PASSWORD, code=code)
    yield "joined"
    desk.go(None, join)
    yield "a link that was used"
    desk.go(None, "/sign-in")
    yield "sign in"
    desk.send("/sign-in", email="nobody@example.org", password="wrong")
    yield "sign in, wrong"
    desk.send("/sign-in", email=world.dana.email, password=PASSWORD)
    yield "code"
    desk.send("/sign-in/code", code="000000")
    yield "code, wrong"


def account(desk: DeskStage) -> Iterator[str]:
    """One's own sessions and password."""
    world = desk.world
    world.rooms.rooms[Credentials].set(world.dana.id, Joining(PASSWORD, SECRET))
    desk.go(world.nia, "/account")
    yield "account, one session and no password"
    world.browser(world.dana)
    desk.go(world.dana, "/account")
    yield "account"
    desk.go(world.dana, "/account/password")
    yield "password"
    desk.send("/account/password", current="wrong", new="short", again="other")
    yield "password, too short"
    new = {"new": "brisk otter ladder", "again": "brisk otter ladder"}
    desk.send("/account/password", current="wrong", code="000000", **new)
    yield "password, not the one of now"
    desk.send("/account/password", current=PASSWORD, code="000000", **new)
    yield "password, not the code"
    easy = {"new": "password1234", "again": "password1234"}
    desk.send("/account/password", current=PASSWORD, code="000000", **easy)
    yield "password, easy to guess"
    code = pyotp.TOTP(SECRET).at(world.now // 1000)
    desk.send("/account/password", current=PASSWORD, code=code, **new)
    yield "password, changed"
    world.rooms.rooms[Credentials].set(world.alex.id, Joining(PASSWORD, SECRET))
    path = f"/people/{world.nia.id}"
    desk.go(world.alex, path)
    world.later(11 * MINUTE)
    desk.send(path, team="West")
    yield "prove again"
    desk.send("/account/prove", password=PASSWORD, code="000000")
    yield "prove again, wrong"
    code = pyotp.TOTP(SECRET).at(world.now // 1000)
    desk.send("/account/prove", password=PASSWORD, code=code)
    yield "go on"


def people(desk: DeskStage) -> Iterator[str]:
    """Invited, changed by two, disabled; their phones."""
    world = desk.world
    desk.go(world.alex, "/people/invite")
    yield "invite"
    desk.send("/people/invite", name="", email="nonsense")
    yield "invite, wrong"
    desk.go(world.alex, "/people/invite")
    desk.send("/people/invite", name="Mair", email="mair@example.org", role="supervisor")
    yield "invited, to be confirmed"
    path = f"/people/{world.nia.id}"
    desk.go(world.alex, path)
    yield "person"
    desk.send(path, role="supervisor", team="South")
    yield "person, asked by oneself"
    desk.go(desk.bryn, path)
    yield "person, to be confirmed"
    desk.go(world.alex, "/people")
    yield "people, something waits"
    desk.go(world.alex, f"/people/{world.owen.id}")
    desk.send(f"/people/{world.owen.id}/disable")
    yield "person, disabled"
    desk.go(world.dana, "/phones/add")
    yield "add a phone"
    world.capture(world.dana)
    phone = world.rooms.register.phones_of([world.dana])[0].device.hex()
    desk.go(world.dana, f"/phones/{phone}/revoke")
    yield "revoke a phone"
    desk.go(world.dana, "/phones/file")
    yield "bring a file"
    desk.send("/phones/file")
    yield "bring a file, none chosen"
    desk.go(world.dana, "/phones/file")
    parcel = write_parcel([an_event("a stranger").to_bytes()])
    desk.send("/phones/file", file=(io.BytesIO(parcel), "sharelog-waiting-1.txt"))
    yield "a file was brought"
    world.capture(world.sam)
    carrier, other = (
        world.rooms.register.phones_of([each])[0].device for each in (world.dana, world.sam)
    )
    lost = (LostStore(carrier, 14, 2), LostStore(other, 1, 0), LostStore(bytes(32), 3, 3))
    world.rooms.store.met(Contact(carrier, bytes(16), world.now, 0, lost))
    desk.go(world.alex, "/phones")
    yield "phones, stores were lost"


def law(desk: DeskStage) -> Iterator[str]:
    """Another edition is compared."""
    text = SHIPPED.read_text()
    newer = text.replace('name = "2026-11"', 'name = "2027-01"').replace(
        "somebody's life", "a life"
    )
    bad = newer.replace("valid_from = 1991-10-14", 'valid_from = "soon"')
    desk.go(desk.world.alex, "/law")
    yield "law"
    desk.send("/law/compare", file=(io.BytesIO(bad.encode()), "bad.toml"))
    yield "law, a bad file"
    desk.go(desk.world.alex, "/law")
    desk.send("/law/compare", file=(io.BytesIO(newer.encode()), "good.toml"))
    yield "law, compared"


def directory(desk: DeskStage) -> Iterator[str]:
    """Recipients and agreements, added, changed, imported."""
    desk.go(desk.gwen, "/directory/add")
    yield "recipient to add"
    desk.send("/directory/add", name="", number="nonsense")
    yield "recipient to add, wrong"
    path = "/directory/recipients/school"
    desk.go(desk.gwen, path)
    yield "recipient"
    desk.send(path, name="")
    yield "recipient, wrong"
    desk.go(desk.gwen, path)
    desk.send(f"{path}/retire")
    desk.go(desk.gwen, path)
    yield "recipient, retired"
    desk.go(desk.gwen, "/directory/import")
    yield "import"
    for name, rows in (
        ("bad rows", "name;kind;number\nSouth desk;wizard;\nWest desk;health;none\n"),
        ("a preview", "code;name;kind;hours\n;South desk;health;\ngp;A GP;health;Days\n"),
    ):
        desk.go(desk.gwen, "/directory/import")
        desk.send("/directory/import", file=(io.BytesIO(rows.encode()), "list.csv"))
        yield f"import, {name}"
    desk.go(desk.gwen, "/agreements/add")
    yield "agreement to add"
    desk.send("/agreements/add", title="")
    yield "agreement to add, wrong"
    agreement(desk, "Health, all desks", "2026-12-01")
    registered = desk.world.rooms.rooms[Agreements]
    assert isinstance(registered, Agreements)
    path = f"/agreements/{registered.everything()[0].id}"
    desk.go(desk.gwen, path)
    yield "agreement"
    desk.send(path, title="", signed_on="soon")
    yield "agreement, wrong"
    desk.go(desk.priya, path)
    yield "agreement, to read"


def advice(desk: DeskStage) -> Iterator[str]:
    """A question of an author, and its answer."""
    world = desk.world
    entry = world.capture(world.dana)
    path = f"/entries/{entry}/ask"
    desk.go(world.dana, path)
    yield "ask"
    desk.send(path, words="")
    yield "ask nothing"
    ask(desk, entry, "May I name the aunt?")
    desk.go(world.dana, path)
    yield "asked"
    questions = desk.world.rooms.rooms[Questions]
    assert isinstance(questions, Questions)
    thread = questions.of_entry(entry, world.dana.id)[0].thread
    question = f"/advice/questions/{thread}"
    desk.go(desk.priya, question)
    yield "question"
    desk.send(question, words="")
    yield "answer nothing"
    desk.send(question, words="Yes, where it protects the child.")
    yield "answered"
    desk.go(world.dana, path)
    yield "answered, for the author"
    desk.go(desk.priya, "/advice/general")
    desk.send("/advice/general", title="", words="")
    yield "general advice without words"


def set_aside(desk: DeskStage) -> Iterator[str]:
    """What could not go into the record by itself."""
    path = f"/set-aside/{aside(desk)}"
    desk.go(desk.gwen, path)
    yield "set aside, opened"
    desk.send(f"{path}/note", words="")
    yield "set aside, noted with nothing"
    desk.send(f"{path}/note", words="A test of theirs.")
    yield "set aside, noted"
