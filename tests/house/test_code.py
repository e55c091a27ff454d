"""The house keeps its shape: sizes, names, docstrings, and what may stand where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house_plan import ROOT, imported, name_of, sources, tracked, tree

OURS = sources("logger", "sync")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "handler", "models"}
# The last is the process that serves a door, and names the type of what it serves.
MAY_USE_FLASK = {
    "logger/phone_door.py", "logger/record_door.py", "logger/people/guards.py", "sync/http.py",
    "logger/cli/door.py",
}  # fmt: skip
CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today"}
RANDOM_MODULES = {"secrets", "random"}


@pytest.mark.parametrize("file", sources("logger", "sync", "tests", "bench"), ids=name_of)
def test_a_module_says_in_its_first_lines_what_it_promises(file: Path) -> None:
    docstring = ast.get_docstring(tree(file))
    assert docstring, "no docstring"
    assert docstring.endswith((".", "?", ":")), "not a sentence"


@pytest.mark.parametrize("file", [f for f in OURS if f.name == "__init__.py"], ids=name_of)
def test_an_init_holds_a_docstring_and_nothing_else(file: Path) -> None:
    assert len(tree(file).body) == 1


@pytest.mark.parametrize("file", OURS + sources("static", ending=".js"), ids=name_of)
def test_a_file_fits_in_a_head(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 300


@pytest.mark.parametrize("file", sources("tests", "bench"), ids=name_of)
def test_a_file_of_tests_fits_in_a_head_too(file: Path) -> None:
    # A little more room: a suite that every store must pass is one list.
    assert len(file.read_text().splitlines()) <= 400


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_a_function_fits_on_a_screen(file: Path) -> None:
    functions = (n for n in ast.walk(tree(file)) if isinstance(n, ast.FunctionDef))
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno}
    assert {name: lines for name, lines in long.items() if lines > 40} == {}


def test_no_room_is_named_for_nothing() -> None:
    assert [name_of(f) for f in tracked() if FORBIDDEN_NAMES & set(f.with_suffix("").parts)] == []


def test_no_room_has_more_files_than_a_person_can_keep_apart() -> None:
    rooms: dict[Path, int] = {}
    for file in OURS:
        rooms[file.parent] = rooms.get(file.parent, 0) + (file.name != "__init__.py")
    assert {name_of(room): n for room, n in rooms.items() if n > 14} == {}


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_the_package_logger_is_never_hidden_by_a_variable(file: Path) -> None:
    stored = (n for n in ast.walk(tree(file)) if isinstance(n, ast.Name))
    assert [n.lineno for n in stored if n.id == "logger" and isinstance(n.ctx, ast.Store)] == []


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_flask_is_met_only_at_the_doors_and_in_pages(file: Path) -> None:
    name = name_of(file)
    allowed = name in MAY_USE_FLASK or file.name.endswith("pages.py")
    flasks = {m for m in imported(file) if m.split(".")[0].split("_")[0] == "flask"}
    assert allowed or flasks == set()


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_hpke_is_met_in_one_file(file: Path) -> None:
    hpke = {m for m in imported(file) if "hazmat.primitives.hpke" in m}
    assert hpke == set() or name_of(file) == "logger/keys/sealing.py"


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_only_those_who_follow_or_write_the_look_first_open_rows(file: Path) -> None:
    if "logger.journal.read.open_row" in imported(file):
        assert name_of(file) in {"logger/journal/folding.py", "logger/trail/look.py"}


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_clock_and_randomness_are_passed_in(file: Path) -> None:
    if name_of(file) == "logger/clock.py":
        return
    calls = {ast.unparse(node.func) for node in ast.walk(tree(file)) if isinstance(node, ast.Call)}
    taken = {c for c in calls for clock in CLOCKS if c.endswith(clock)}
    taken |= {c for c in calls if c == "os.urandom"}
    assert taken | (RANDOM_MODULES & imported(file)) == set()


def test_the_lock_files_and_the_tree_name_no_registry_and_no_path_of_a_machine() -> None:
    hosts = ("pypi" + ".org", "registry." + "npmjs", "files.python" + "hosted", "deb." + "debian")
    paths = ("/root" + "/", "/home" + "/")
    for file in tracked():
        if file.suffix in {".png", ".db", ".ico"}:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        assert [word for word in hosts + paths if word in text] == [], name_of(file)
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-mutants.lock"):
        assert "://" not in (ROOT / lock).read_text(), lock
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
