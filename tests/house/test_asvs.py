"""What docs/asvs.md names is there: tests, files and headings; no requirement is left out."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter

import pytest

from bench.asvs import MADE, SOURCE, levels, page, reason_not_here, requirements
from tests.house_plan import ROOT, tree

KNOWN = tomllib.loads(SOURCE.read_text())
SAID = requirements(KNOWN)
PLACES = sorted({place for said in SAID.values() for place in said.get("where", ())})


def slug(heading: str) -> str:
    """The anchor of a heading, as readers of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_the_levels_are_those_of_the_published_standard() -> None:
    # Version 5.0.0 has 70 requirements of level 1, 183 of level 2 and 92 of level 3.
    assert Counter(levels(KNOWN).values()) == {1: 70, 2: 183, 3: 92}


def test_every_requirement_of_level_1_and_2_is_accounted_for_once() -> None:
    low = {one for one, level in levels(KNOWN).items() if level < 3}
    elsewhere = {one for one in low if reason_not_here(KNOWN, one)}
    assert set(SAID) | elsewhere == low
    assert set(SAID) & elsewhere == set()


def test_each_says_what_it_is_and_what_holds_it() -> None:
    for one, said in SAID.items():
        assert said["state"] in {"met", "part", "not met", "operator"}, one
        assert said["sense"], one
        assert said.get("where") if said["state"] == "met" else said.get("note"), one


@pytest.mark.parametrize("place", PLACES)
def test_what_is_named_is_there(place: str) -> None:
    path, _, test = place.partition("::")
    path, _, anchor = path.partition("#")
    assert (ROOT / path).is_file()
    if test:
        functions = {n.name for n in ast.walk(tree(ROOT / path)) if isinstance(n, ast.FunctionDef)}
        assert test in functions
    if anchor:
        headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE)
        assert anchor in {slug(heading) for heading in headings}


def test_the_table_is_the_one_that_is_made_of_it() -> None:
    assert MADE.read_text() == page(), "run: python -m bench.asvs"
