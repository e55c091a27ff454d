"""What the documents say is what the code does: codes, outcomes, settings and commands."""

from __future__ import annotations

import json
import re
from dataclasses import fields

from logger.cli.main import parser
from logger.settings import Settings
from sync import errors
from sync.event import DECIDING_KINDS, PHONE_KINDS, RECORD_KINDS
from tests.house_plan import ROOT, sources

PROTOCOL = (ROOT / "docs/protocol.md").read_text()
# Raised inside the record door or at start-up; no client of the phone door can meet these.
NOT_ON_THE_WIRE = {
    "sync.error",
    "store.weak",
    "store.key_unusable",
    "ledger.broken",
    "entry.moved",
    "parcel.malformed",
    "parcel.too_large",
}


def test_every_error_a_client_can_meet_stands_in_the_protocol() -> None:
    family = [errors.SyncError, *errors.SyncError.__subclasses__()]
    codes = {error.code for error in family} - NOT_ON_THE_WIRE
    assert {code for code in codes if f"`{code}`" not in PROTOCOL} == set()


def test_every_problem_code_of_the_protocol_stands_in_the_code() -> None:
    section = PROTOCOL.split("## 9. Problems")[1].split("## 10")[0]
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", section))
    code = "\n".join(file.read_text() for file in sources("sync", "logger"))
    assert named
    assert {one for one in named if f'"{one}"' not in code} == set()


def test_every_outcome_of_the_protocol_stands_in_the_code() -> None:
    table = PROTOCOL.split("**Result**")[1].split("A refused event")[0]
    named = set(re.findall(r"^\| `([a-z-]+)`(?: / `([a-z-]+)`)?", table, re.MULTILINE))
    words = {word for pair in named for word in pair if word} - {"disposed"}
    code = "\n".join(file.read_text() for file in sources("sync"))
    assert words
    assert {word for word in words if f'"{word}"' not in code} == set()


def test_every_kind_of_event_stands_in_the_protocol_as_deciding_or_not() -> None:
    table = PROTOCOL.split("### 3.5 Kinds")[1].split("###")[0]
    rows = re.findall(r"^\| *(\d+) \|.*\| (yes|no) \|$", table, re.MULTILINE)
    assert {int(kind) for kind, _ in rows} == PHONE_KINDS | RECORD_KINDS
    assert {int(kind) for kind, deciding in rows if deciding == "yes"} == DECIDING_KINDS


def test_every_setting_is_explained_where_people_look() -> None:
    text = (ROOT / "docs/running.md").read_text()
    names = {field.name for field in fields(Settings)} - {"folder"}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_the_readme_names_every_command_and_no_other() -> None:
    choices = next(a.choices for a in parser()._actions if isinstance(a.choices, dict))
    named = re.findall(r"^\| `sharelog ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(choices)


def test_every_choice_of_a_command_has_a_word_of_help() -> None:
    choices = next(a.choices for a in parser()._actions if isinstance(a.choices, dict))
    for name, command in choices.items():
        text = " ".join(command.format_help().split())
        assert command.description, name
        assert "==SUPPRESS==" not in text


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for file in sources("docs", ending=".md") + list(ROOT.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_every_decision_has_a_number_of_its_own_and_three_parts() -> None:
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [file.name[:4] for file in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    for file in files:
        text = file.read_text()
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Consequence"))


def test_the_oldest_browsers_are_the_same_wherever_they_are_named() -> None:
    oldest = json.loads((ROOT / "static/browsers.json").read_text())
    said = "Chrome and Edge {chrome}, Firefox {firefox}, Safari {safari}".format(**oldest)
    assert said in (ROOT / "docs/running.md").read_text()
