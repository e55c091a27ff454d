"""Settings are read once, and refused in one sentence when they are weak or wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from logger.settings import FILE, Settings, SettingsError

HTTPS = {
    "phone_origin": "https://phone.example.org",
    "record_origin": "https://record.example.org",
}


def read(folder: Path, **table: Any) -> Settings:
    return Settings.from_table(folder, {"organisation": "Northside", **table})


def test_what_was_written_is_read_again(tmp_path):
    settings = read(
        tmp_path, organisation='Ysgol "Ŵyn" \\ 👶', language="cy", suite=1, **HTTPS,
        production=True, record_aliases=["r.example.org"], trusted_proxies=2,
        demo_person="01963f2e-0000-7000-8000-0000000000d1", master_key_file="/safe/master.key",
    )  # fmt: skip
    (tmp_path / FILE).write_text(settings.to_toml(), encoding="utf-8")
    assert Settings.read(tmp_path) == settings
    assert isinstance(settings.demo_person, UUID)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"production": True}, "In production both doors need https."),
        ({"production": True, "demo": True, **HTTPS}, "demo instance cannot be a production"),
        ({"colour": "red"}, "has a line nobody knows: colour."),
        ({"suite": 3}, "suite must be one of: 1, 2."),
        ({"suite": True}, "suite has a value of the wrong kind."),
        ({"demo": 1}, "demo has a value of the wrong kind."),
        ({"trusted_proxies": -1}, "must not be below zero"),
        ({"review_within_days": 0}, "must be above zero"),
        ({"kind": "shop"}, "kind must be one of: council"),
        ({"record_origin": "http://phone.localhost:1"}, "different host names"),
        ({"record_origin": "http://record.example.org"}, "needs https"),
        ({"record_origin": "https://x/path"}, "must look like"),
        ({"record_origin": "https://me@x"}, "must look like"),
        ({"record_origin": "http://x:99999999"}, "is not an address"),
        ({"record_origin": "ftp://x"}, "must look like"),
        ({"record_aliases": "x"}, "must be a list of texts"),
        ({"demo_person": "nobody"}, "demo_person is not the id of a person."),
        ({"organisation": " "}, "Give the organisation's name."),
    ],
)
def test_what_is_weak_or_wrong_is_refused_with_the_reason(tmp_path, table, sentence):
    with pytest.raises(SettingsError, match=sentence):
        read(tmp_path, **table)


def test_a_file_that_is_missing_or_no_toml_is_a_sentence(tmp_path):
    with pytest.raises(SettingsError, match="There is no instance in"):
        Settings.read(tmp_path)
    for raw in (b"nonsense", b"\xff", b"kind = 'council'"):
        (tmp_path / FILE).write_bytes(raw)
        with pytest.raises(SettingsError, match=FILE):
            Settings.read(tmp_path)


def test_each_door_answers_to_its_own_names(tmp_path):
    plain = read(tmp_path, phone_aliases=["Phone.Test:1"])
    assert plain.phone_hosts == {"phone.localhost:8000", "localhost:8000", "phone.test:1"}
    assert plain.record_hosts == {"record.localhost:8001", "127.0.0.1:8001"}
    moved = plain.at_ports(9000, None)
    assert moved.phone_origin == "http://phone.localhost:9000"
    assert "localhost:9000" in moved.phone_hosts
    assert moved.record_origin == plain.record_origin


def test_behind_https_only_the_named_hosts_are_ours(tmp_path):
    settings = read(tmp_path, **HTTPS, production=True)
    assert settings.record_hosts == {"record.example.org"}
    assert settings.phone_hosts == {"phone.example.org"}


def test_ports_of_ours_do_not_change_what_people_call_us_behind_a_proxy(tmp_path):
    settings = read(tmp_path, **HTTPS)
    assert settings.at_ports(9000, 9001) == settings
