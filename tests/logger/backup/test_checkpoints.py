"""A checkpoint kept elsewhere proves that the ledger is the same, or that it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from logger.backup import checkpoints
from logger.backup.checkpoints import DailyCheckpoint, MailedCheckpoint, NotACheckpoint
from logger.clock import system_randomness
from logger.desk import Desk
from logger.keys.keyring import make_keys
from logger.mail import Smtp
from logger.review.post import Post
from logger.settings import Settings, SettingsError
from tests import mail_server
from tests.command import sharelog
from tests.desk_world import DAY, HOUR, World
from tests.mail_server import MailServer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def a_checkpoint(world: World) -> str:
    return checkpoints.write(world.rooms.store, world.rooms.keyring, "Northside", world.now)


def test_it_comes_back_through_a_mail_and_names_the_head(world: World) -> None:
    world.capture(world.dana)
    text, head = a_checkpoint(world), world.rooms.store.head()
    broken = "\n".join(text[i : i + 70] for i in range(0, len(text), 70))
    first, second, long = text.splitlines()
    halves = (long[:76], long[76:152], long[152:])
    for sent in (text, "Dear Ann,\n\n" + text, "\r\n".join([first, second, *halves, ""])):
        earlier, said = checkpoints.read(sent, world.rooms.keyring)
        assert (earlier.position, earlier.digest) == (head.position, head.digest)
        assert said.at == world.now
    with pytest.raises(NotACheckpoint):
        checkpoints.read(broken.replace("sharelog-checkpoint/1", ""), world.rooms.keyring)


def test_one_that_was_changed_or_signed_by_others_is_none(world: World) -> None:
    text = a_checkpoint(world)
    stranger = make_keys(1, system_randomness).keyring
    theirs = checkpoints.write(world.rooms.store, stranger, "Northside", world.now)
    first, second, long = text.splitlines()
    at = len(long) // 2
    changed = long[:at] + ("A" if long[at] != "A" else "B") + long[at + 1 :]
    for wrong in ("", "nonsense", first, "\n".join([first, second, changed]), theirs):
        with pytest.raises(NotACheckpoint):
            checkpoints.read(wrong, world.rooms.keyring)


def test_the_record_writes_one_a_day_and_no_more(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "share"
    settings = Settings(folder=tmp_path, organisation="Northside", checkpoint_folder=folder)
    keyring, store = world.rooms.keyring, world.rooms.store
    daily = DailyCheckpoint(store, keyring, settings, lambda: world.now)
    first = daily.write_in_time()
    assert first is not None
    assert daily.write_in_time() is None
    world.later(HOUR)
    assert daily.write_in_time() is None
    world.later(DAY)
    assert daily.write_in_time() == folder / "checkpoint-2026-11-25.txt"
    assert checkpoints.read(first.read_text(), keyring)[0].position == store.head().position


def mailed(world: World, server: MailServer, **more: str) -> MailedCheckpoint:
    settings = replace(
        world.rooms.rooms[Settings], mail_host="127.0.0.1", mail_port=server.port,
        mail_security="none", mail_from="record@northside.example",
        checkpoint_mail="auditor@elsewhere.example", **more,
    )  # fmt: skip
    desk, store, keyring = world.rooms.rooms[Desk], world.rooms.store, world.rooms.keyring
    return MailedCheckpoint(store, keyring, settings, desk, Smtp(settings), lambda: world.now)


def test_one_a_day_goes_by_mail_and_proves_what_it_says(world: World) -> None:
    world.capture(world.dana)
    with mail_server.serving() as server:
        daily = mailed(world, server)
        assert daily.send_in_time()
        assert not daily.send_in_time()
        world.later(DAY)
        assert daily.send_in_time()
    first, _ = server.letters
    assert first["To"] == "auditor@elsewhere.example"
    assert first["Subject"] == "Sharelog: checkpoint of 2026-11-24"
    earlier, said = checkpoints.read(first.get_content(), world.rooms.keyring)
    assert earlier.position == world.rooms.store.head().position
    assert said.at == world.now - DAY


def test_a_mail_that_was_not_taken_is_tried_again_after_an_hour(world: World) -> None:
    with mail_server.serving() as server:
        daily = mailed(world, server, language="cy")
        server.refuses = True
        assert not daily.send_in_time()
        server.refuses = False
        assert not daily.send_in_time()
        world.later(HOUR)
        assert daily.send_in_time()
    assert len(server.letters) == 1
    assert server.letters[0]["Subject"].startswith("Sharelog: pwynt gwirio")


def test_without_an_address_or_a_server_no_checkpoint_is_mailed(world: World) -> None:
    with mail_server.serving() as server:
        daily = mailed(world, server)
        daily._settings = replace(daily._settings, checkpoint_mail="")
        assert not daily.send_in_time()
    for wrong in ({"checkpoint_mail": "a@x.example"}, {"checkpoint_mail": "x", "mail_host": "m"}):
        with pytest.raises(SettingsError, match="checkpoint_mail"):
            replace(daily._settings, **{"mail_host": "", **wrong})


def test_it_goes_out_beside_the_reminders(world: World) -> None:
    (send,) = world.rooms.rooms[Post].beside
    assert send.__self__.__class__ is MailedCheckpoint


def test_a_share_that_is_away_stops_nobody(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    away = tmp_path / "file" / "share"
    settings = Settings(folder=tmp_path, organisation="Northside", checkpoint_folder=away)
    daily = DailyCheckpoint(world.rooms.store, world.rooms.keyring, settings, lambda: world.now)
    assert daily.write_in_time() is None


def test_verify_proves_or_disproves(tmp_path: Path) -> None:
    folder, paper = tmp_path / "instance", tmp_path / "paper.txt"
    assert sharelog(folder, "init", "--organisation", "Northside")[0] == 0
    before = (folder / "ledger.db").read_bytes()
    sharelog(folder, "invite", "Alex Shaw", "alex@example.org")
    code, text, _ = sharelog(folder, "checkpoint")
    assert code == 0
    paper.write_text(text)
    sharelog(folder, "invite", "Dana Price", "dana@example.org", "--role", "practitioner")
    code, out, _ = sharelog(folder, "verify", "--checkpoint", str(paper))
    assert (code, "Checked against" in out) == (0, True)
    (folder / "ledger.db").write_bytes(before)
    code, _, errors = sharelog(folder, "verify", "--checkpoint", str(paper))
    assert (code, "once reached" in errors) == (3, True)
    paper.write_text(text.replace("sharelog", "sharedlog"))
    code, _, errors = sharelog(folder, "verify", "--checkpoint", str(paper))
    assert (code, "not a checkpoint" in errors) == (1, True)
