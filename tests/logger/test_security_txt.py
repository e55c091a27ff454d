"""Both doors say whom to tell about a weakness: whom the organisation named, or nobody at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from logger import phone_door
from logger.settings import Settings, SettingsError
from logger.shell.security_txt import PATH
from sync.receipt import write_stored_key
from tests.desk_world import World
from tests.events import a_signer

CONTACTS = ("mailto:security@flintshire.example", "https://flintshire.example/security")


def both(world: World) -> Iterator[tuple[TestResponse, str]]:
    """The same question at each door."""
    settings = world.rooms.rooms[Settings]
    assert isinstance(settings, Settings)
    settings.keys.mkdir()
    write_stored_key(settings.phone_door_key, a_signer("stored"))
    phones = phone_door.create_app(settings, lambda: world.now, world.randomness)
    for app, origin in ((phones, settings.phone_origin), (world.app, settings.record_origin)):
        host = {"Host": origin.removeprefix("http://")}
        yield app.test_client().get(PATH, headers=host), origin


def test_it_names_whom_the_organisation_named_until_a_day_that_is_still_to_come(tmp_path):
    world = World(tmp_path, security_contact=CONTACTS)
    for answer, origin in both(world):
        assert answer.status_code == 200
        assert answer.content_type == "text/plain; charset=utf-8"
        *contacts, expires, languages, canonical = answer.text.splitlines()
        assert contacts == [f"Contact: {one}" for one in CONTACTS]
        until = datetime.fromisoformat(expires.removeprefix("Expires: "))
        now = datetime.fromtimestamp(world.now / 1000, UTC)
        assert timedelta(days=30) < until - now < timedelta(days=365)
        assert languages == "Preferred-Languages: en, cy"
        assert canonical == f"Canonical: {origin}{PATH}"


def test_whom_nobody_named_is_not_made_up(tmp_path):
    assert [answer.status_code for answer, _ in both(World(tmp_path))] == [404, 404]


@pytest.mark.parametrize(
    "contact",
    ["security@x.example", "http://x.example", "mailto:x", "mailto:a@x\nCanonical: https://y", ""],
)
def test_what_is_no_address_is_refused(tmp_path, contact):
    with pytest.raises(SettingsError, match="security_contact"):
        Settings(folder=tmp_path, organisation="Northside", security_contact=(contact,))
