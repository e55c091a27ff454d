"""The bill of materials names every locked package, with every hash that its lock holds it to."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections import defaultdict

import pytest

from bench.sbom import bill
from tests.house_plan import ROOT


@pytest.fixture(scope="module")
def listed() -> dict[str, set[str]]:
    components = json.loads(bill())["components"]
    return {one["purl"]: {held["content"] for held in one["hashes"]} for one in components}


def locked_python(name: str) -> dict[str, set[str]]:
    locked: dict[str, set[str]] = defaultdict(set)
    purl = ""
    for line in (ROOT / name).read_text().splitlines():
        if "==" in line:
            package, _, rest = line.partition("==")
            purl = f"pkg:pypi/{package.lower()}@{rest.split()[0]}"
        if "sha256:" in line:
            locked[purl].add(line.partition("sha256:")[2].split()[0])
    return locked


def locked_javascript() -> dict[str, set[str]]:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {}
    for place, package in packages.items():
        if place:
            name = place.split("node_modules/")[-1].replace("@", "%40")
            digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
            locked[f"pkg:npm/{name}@{package['version']}"] = {digest}
    return locked


def test_every_locked_package_is_listed_with_its_hashes_and_no_other(listed) -> None:
    python, javascript = locked_python("requirements-dev.lock"), locked_javascript()
    assert len(python) > 60
    assert len(javascript) > 60
    assert listed == python | javascript
    assert locked_python("requirements.lock").items() <= listed.items()


def test_it_says_which_packages_run_and_which_only_build_and_check() -> None:
    document = json.loads(bill())
    runs = {one["purl"] for one in document["components"] if one["scope"] == "required"}
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    dev = {p.split("node_modules/")[-1] for p, package in packages.items() if package.get("dev")}
    assert {purl for purl in runs if purl.startswith("pkg:pypi/")} == set(
        locked_python("requirements.lock")
    )
    names = {p.removeprefix("pkg:npm/").rpartition("@")[0] for p in runs if "npm" in p}
    assert "htmx.org" in names
    assert names & {name.replace("@", "%40") for name in dev} == set()


def test_the_same_locks_give_the_same_bytes() -> None:
    made = set()
    for seed in ("1", "2"):
        script = "from bench.sbom import bill; print(bill(), end='')"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = [sys.executable, "-c", script]
        made.add(subprocess.check_output(run, cwd=ROOT, env=environment, text=True))
    assert made == {bill()}
    assert "timestamp" not in json.loads(bill())["metadata"]
