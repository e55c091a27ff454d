"""Reminders go out as e-mail without content, through a real mail server, and are never lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from logger.desk import Desk
from logger.entries.lists import EntryList
from logger.mail import CannotSend, Smtp
from logger.people.register import Register
from logger.review import post as reminder_post
from logger.review.openings import StandingIn
from logger.review.post import Post
from logger.review.reminders import NEVER_REMINDED, NobodyToRemind, RemindedAlready, Reminders
from logger.settings import Settings, SettingsError
from tests.desk_world import DAY, HOUR, MINUTE, World
from tests.mail_server import MailServer, serving, settings

SAID = "Jamie Canary at the flat"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving() as server:
        yield server


@pytest.fixture
def world(tmp_path: Path, mail: MailServer) -> World:
    return World(tmp_path, **settings(mail))


def post(world: World) -> Post:
    return world.rooms.rooms[Post]


def reminders(world: World) -> Reminders:
    return world.rooms.rooms[Reminders]


def line(world: World, entry):
    found = world.rooms.rooms[EntryList].find(entry)
    assert found
    return found


def press(world: World, entry, status: int = 200):
    browser, path = world.browser(world.sam), f"/undocumented/{entry}"
    return browser.post(browser.get(path), f"{path}/remind", status)


def overdue(world: World):
    return world.capture(
        world.dana, shared=SAID, children=[{"name": "Jamie Canary", "unknown": False}]
    )


def test_a_reminder_says_that_something_waits_and_nothing_else(world: World, mail) -> None:
    entry = overdue(world)
    assert "on its way" in press(world, entry).text
    assert post(world).deliver() == 1
    (letter,) = mail.letters
    assert (letter["To"], letter["From"]) == ("dana@example.org", "record@example.org")
    assert letter["Subject"] == "Sharelog: something waits for you"
    text = letter.get_content()
    assert "http://record.localhost:8001/to-complete" in text
    for hidden in ("Jamie", "Canary", "flat", "police", "Price", "neglect", str(entry)):
        assert hidden.lower() not in letter.as_string().lower()
    assert post(world).deliver() == 0
    page = world.browser(world.sam).get(f"/undocumented/{entry}")
    assert "sent 24 November, 10:00" in page.text
    history = world.browser(world.dana).get(f"/entries/{entry}").all("ol", class_="record-history")
    assert "Reminded Sam Okafor" in " ".join(history[0].text.split())


def test_nobody_is_reminded_of_the_same_entry_twice_in_a_day(world: World, mail) -> None:
    entry = overdue(world)
    press(world, entry)
    assert "They were reminded of this not long ago." in press(world, entry, 409).text
    world.later(13 * HOUR)
    press(world, entry)
    overdue(world)
    # One letter a person, however much waits.
    assert post(world).deliver() == 1
    assert len(mail.letters) == 1


def test_by_itself_each_entry_is_reminded_of_once_when_it_has_waited_long(world, mail) -> None:
    entry, call = overdue(world), world.capture(world.dana, act="not-told", shared="")
    risk = {"name": "", "works_with_children": True}
    apart = world.capture(world.nia, risk=risk)
    world.later(47 * HOUR)
    assert reminders(world).remind_by_itself() == 0
    world.later(HOUR)
    assert reminders(world).remind_by_itself() == 2
    assert reminders(world).remind_by_itself() == 0
    world.later(20 * DAY)
    assert reminders(world).remind_by_itself() == 0
    assert [one.by for one in reminders(world).of_entry(entry)] == [None]
    assert reminders(world).of_entry(apart)
    assert not reminders(world).of_entry(call)
    page = world.browser(world.sam).get(f"/undocumented/{entry}")
    assert "by itself" in page.text
    db = world.rooms.index.read()
    plan = db.conn.execute(f"EXPLAIN QUERY PLAN {NEVER_REMINDED}", (1, 1)).fetchall()
    assert "SEARCH entries USING INDEX entries_unreminded" in str(plan)


def test_whoever_was_handed_it_is_reminded_and_nobody_who_has_gone(world: World, mail) -> None:
    entry = overdue(world)
    world.rooms.rooms[StandingIn].hand_over(world.sam, entry, world.ruth, "Off sick")
    press(world, entry)
    post(world).deliver()
    assert mail.letters[0]["To"] == "ruth@example.org"
    world.rooms.invitations.disable(world.ruth, world.alex.id)
    world.later(DAY)
    for one in (entry, world.submitted(world.dana)):
        with pytest.raises(NobodyToRemind):
            reminders(world).remind(world.sam, line(world, one))


def test_what_cannot_be_sent_is_seen_and_sent_later_also_after_a_restart(
    tmp_path: Path,
) -> None:
    with serving() as mail:
        port = mail.port
        world = World(tmp_path, **settings(mail))
    entry = overdue(world)
    press(world, entry)
    assert post(world).deliver() == 0
    page = world.browser(world.sam).get(f"/undocumented/{entry}")
    assert "not sent: the mail server cannot be reached · 1 try" in page.text
    assert "1 reminder could not be sent yet." in world.browser(world.sam).get("/undocumented").text
    # Another process over the same files knows as much.
    again = Post(
        reminders(world), world.rooms.rooms[Register], world.rooms.rooms[Desk],
        world.rooms.rooms[Settings], Smtp(world.rooms.rooms[Settings]), lambda: world.now,
    )  # fmt: skip
    with serving(port=port) as mail:
        assert again.deliver() == 0
        world.later(MINUTE)
        assert again.deliver() == 1
        assert len(mail.letters) == 1
        assert post(world).deliver() == 0
    assert post(world).failing() == 0
    assert "sent 24" in world.browser(world.sam).get(f"/undocumented/{entry}").text


def test_tries_become_rarer_and_end_after_days(tmp_path: Path) -> None:
    with serving() as mail:
        world = World(tmp_path, **settings(mail))
    entry = overdue(world)
    press(world, entry)
    tries = []
    for _ in range(4 * 24 * 4):
        post(world).deliver()
        state = post(world).state(reminders(world).of_entry(entry)[0])
        tries.append(state.tries)
        world.later(15 * MINUTE)
    assert tries[:6] == [1, 2, 3, 4, 4, 4]
    assert 70 < tries[-1] < 80
    assert tries[-1] == tries[-80]


def test_a_refused_address_and_a_wrong_password_are_said(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("right\n")
    with serving(password="right") as mail:
        asked = {"mail_user": "record", "mail_password_file": secret}
        world = World(tmp_path, **settings(mail, **asked))
        entry = overdue(world)
        press(world, entry)
        mail.refuses = True
        post(world).deliver()
        page = world.browser(world.sam).get(f"/undocumented/{entry}")
        assert "the address was refused" in page.text
        mail.refuses = False
        secret.write_text("wrong")
        world.later(MINUTE)
        post(world).deliver()
        page = world.browser(world.sam).get(f"/undocumented/{entry}")
        assert "the mail server refused our password · 2 tries" in page.text
        secret.unlink()
        world.later(5 * MINUTE)
        post(world).deliver()
        page = world.browser(world.sam).get(f"/undocumented/{entry}")
        assert "the password file cannot be read" in page.text
        assert mail.letters == []
        secret.write_text("right")
        world.later(HOUR)
        assert post(world).deliver() == 1


def test_a_password_from_a_credential_comes_first(tmp_path: Path, mail: MailServer) -> None:
    (tmp_path / "sharelog-mail").write_text("right\n")
    asked = Settings(tmp_path, "Northside", **settings(mail, mail_user="record"))
    smtp = Smtp(asked, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert smtp._password() == "right"


def test_nothing_is_sent_in_the_clear_where_a_safe_line_was_asked_for(
    tmp_path: Path, mail: MailServer
) -> None:
    world = World(tmp_path, **settings(mail, mail_security="starttls"))
    entry = overdue(world)
    press(world, entry)
    assert post(world).deliver() == 0
    assert mail.letters == []
    page = world.browser(world.sam).get(f"/undocumented/{entry}")
    assert "the mail server offers no safe connection" in page.text
    with pytest.raises(CannotSend, match="not-secure"):
        Smtp(Settings(tmp_path, "N", **settings(mail, mail_security="tls"))).send(
            post(world)._letter(world.dana)
        )


def test_settings_that_are_not_safe_are_refused(tmp_path: Path, mail: MailServer) -> None:
    for instead, said in (
        ({"mail_host": "mail.example.org"}, "on this machine"),
        ({"mail_from": ""}, "mail_from"),
        ({"mail_security": "perhaps"}, "mail_security"),
        ({"remind_after_hours": -1}, "remind_after_hours"),
    ):
        with pytest.raises(SettingsError, match=said):
            Smtp(Settings(tmp_path, "Northside", **settings(mail, **instead)))


def test_without_a_mail_server_nothing_is_offered_and_nothing_is_sent(tmp_path: Path) -> None:
    world = World(tmp_path, remind_after_hours=1)
    entry = overdue(world)
    world.later(2 * DAY)
    assert reminders(world).remind_by_itself() == 0
    assert post(world).deliver() == 0
    sam = world.browser(world.sam)
    assert "This record sends no e-mail" in sam.get("/undocumented").text
    assert "Send a reminder" not in sam.get(f"/undocumented/{entry}").text


def test_the_letter_is_in_the_organisations_language(tmp_path: Path, mail: MailServer) -> None:
    world = World(tmp_path, **settings(mail, language="cy"))
    letter = post(world)._letter(world.dana)
    assert "Sharelog" in letter["Subject"]
    assert "waits for you" not in letter["Subject"]
    assert "Sign in" not in letter.get_content()


def test_it_runs_beside_the_record_until_it_is_told_to_stop(
    world: World, mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_post, "POLL_SECONDS", 0.01)
    overdue(world)
    world.later(2 * DAY)
    stop = threading.Event()
    thread = threading.Thread(target=post(world).run, args=(stop,))
    thread.start()
    waited = threading.Event()
    for _ in range(1_000):
        if mail.letters:
            break
        waited.wait(0.01)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(mail.letters) == 1


def test_too_soon_is_no_event(world: World) -> None:
    entry = overdue(world)
    before = line(world, entry)
    reminders(world).remind(world.sam, before)
    # The second read the entry's place before somebody else moved it.
    for seen in (line(world, entry), before):
        with pytest.raises(RemindedAlready):
            reminders(world).remind(world.sam, seen)
    assert len(reminders(world).of_entry(entry)) == 1
