"""The shell of the phone door: what a phone is given before it has said anything."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from logger.settings import Nation, Settings
from logger.shell.assets import Assets, NotBuilt
from logger.shell.pages import shell_blueprint
from logger.shell.places import BUILT, TEMPLATES
from logger.shell.worker import MOST_PRECACHED, Screens, worker_script

BUDGET_BYTES = 40 * 1024


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A phone that has just found the door."""
    app = Flask("door", static_folder=None)
    app.register_blueprint(shell_blueprint(Settings(folder=tmp_path, organisation="Northside")))
    return app.test_client()


def _list_of_the_worker(client: FlaskClient) -> dict[str, Any]:
    script = client.get("/service-worker.js").get_data(as_text=True)
    found = re.match(r"self\.shell=(\{.*\});\n", script)
    assert found is not None
    listed: dict[str, Any] = json.loads(found.group(1))
    return listed


def test_every_file_the_worker_keeps_is_the_one_that_is_served(client: FlaskClient) -> None:
    listed = _list_of_the_worker(client)
    for file in [*listed["start"], *listed["offline"], *listed["later"]]:
        answer = client.get(file["url"])
        assert answer.status_code == 200, file["url"]
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"], file["url"]


def test_what_is_needed_before_logging_is_few_and_small(client: FlaskClient) -> None:
    listed = _list_of_the_worker(client)
    start = listed["start"]
    assert len(start) + len(listed["offline"]) <= MOST_PRECACHED
    sizes = [
        len(client.get(file["url"], headers={"Accept-Encoding": "gzip"}).data) for file in start
    ]
    assert sum(sizes) <= BUDGET_BYTES, sizes


def test_the_page_asks_for_nothing_that_the_worker_does_not_keep(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    kept = {file["url"] for file in _list_of_the_worker(client)["start"]}
    wanted = set(re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"', page))
    home_screen = {url for url in wanted if url.endswith(".png")}
    assert wanted - home_screen <= kept


def test_the_page_is_not_fetched_again_by_who_holds_it(client: FlaskClient) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"], again.status_code) == ("no-cache", 304)
    assert not again.data


def test_built_files_are_kept_for_ever_and_travel_small(client: FlaskClient) -> None:
    asset = Assets.read(BUILT).by_name["app.js"]
    answer = client.get(asset.url, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert hashlib.sha256(gzip.decompress(answer.data)).hexdigest() == asset.sha256


def test_the_worker_is_always_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "name", ["files.json", "service-worker.js", "..", "%2e%2e%2ffiles.json", "app.js"]
)
def test_nothing_is_served_that_the_build_did_not_list(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_the_manifest_makes_the_page_installable(client: FlaskClient) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").data)
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert [one["name"] for one in manifest["shortcuts"]] == ["Log a share"]
    purposes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= purposes
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).content_type.startswith(icon["type"])


def test_the_version_changes_with_the_page() -> None:
    assets = Assets.read(BUILT)

    def script(english: bytes, welsh: bytes, rooms: bytes = b"rooms") -> bytes:
        screens = {"en": Screens(english, rooms), "cy": Screens(welsh, b"ystafelloedd")}
        return worker_script(assets, screens, "en", b"{}")

    made = (script(b"one", b"un"), script(b"other", b"un"), script(b"one", b"arall"))
    assert len({one[:40] for one in (*made, script(b"one", b"un", b"more"))}) == 4
    assert script(b"one", b"un") == made[0]


def test_a_front_end_that_is_not_built_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="make setup"):
        Assets.read(tmp_path)
    (tmp_path / "files.json").write_bytes(msgspec.json.encode({}))
    with pytest.raises(NotBuilt):
        Assets.read(tmp_path).url("app.js")


def test_no_field_is_remembered_corrected_or_translated(client: FlaskClient) -> None:
    pages = (client.get(path).get_data(as_text=True) for path in ("/", "/en/practice"))
    fields = re.findall(r"<(?:input|textarea)[^>]*>", "".join(pages))
    assert len(fields) > 20
    for field in fields:
        assert 'autocomplete="off"' in field, field
        if 'type="text"' in field or field.startswith("<textarea"):
            for wanted in ("autocorrect", "autocapitalize", "spellcheck"):
                assert f'{wanted}="' in field, field
            assert 'translate="no"' in field, field


def test_templates_of_the_shell_hold_no_inline_script_or_style() -> None:
    for template in (TEMPLATES / "shell").glob("*.html"):
        text = template.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", text), template


@pytest.mark.parametrize(
    ("nation", "said", "silent"),
    [
        ("england", "Written for England.", "Wales has its own law"),
        ("wales", "Wales has its own law", "seven golden rules"),
        ("scotland", "Scotland has its own law", "seven golden rules"),
        ("northern-ireland", "Northern Ireland has its own law", "seven golden rules"),
    ],
)
def test_advice_says_which_nation_it_is_for(
    tmp_path: Path, nation: Nation, said: str, silent: str
) -> None:
    app = Flask("door", static_folder=None)
    app.register_blueprint(shell_blueprint(Settings(tmp_path, "Northside", nation=nation)))
    page = app.test_client().get("/en/practice").get_data(as_text=True)
    assert said in page
    assert silent not in page
