"""The software bill of materials, in CycloneDX: every locked package with the hashes it is held to.

Made from the lock files alone, so that the same locks give the same bytes on every machine;
`python -m bench.sbom FILE` writes it.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parent.parent
_SCOPE = {True: ComponentScope.REQUIRED, False: ComponentScope.EXCLUDED}
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
# No time of making: the document says what the locks say, whenever it is asked for.
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def bill() -> str:
    """The document, as JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bom = Bom(components=[*_python(), *_javascript()])
    bom.metadata.component = root = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION,
        bom_ref="sharelog", licenses=[LicenseFactory().make_from_string(project["license"])],
    )  # fmt: skip
    bom.register_dependency(root, bom.components)
    bom.metadata.timestamp = _NO_TIME
    listed = "\n".join(sorted(str(component.purl) for component in bom.components))
    bom.serial_number = uuid5(NAMESPACE_URL, listed)
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _python() -> Iterator[Component]:
    """What the server needs, and what only builds and checks it."""
    runs = {purl for purl, _ in _pinned("requirements.lock")}
    for purl, hashes in _pinned("requirements-dev.lock"):
        yield _component(purl, purl in runs, hashes)


def _pinned(lock: str) -> Iterator[tuple[PackageURL, list[HashType]]]:
    for name, version, rest in _PINNED.findall((ROOT / lock).read_text()):
        found = re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)
        # Every file of that version that the lock would take: wheels of other machines as well.
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in found]
        yield PackageURL("pypi", name=name.lower(), version=version), hashes


def _javascript() -> Iterator[Component]:
    """What phones and desks are served, and what only builds it."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    seen: set[PackageURL] = set()
    for place, package in packages.items():
        if not place:
            continue
        scope, _, name = place.rpartition("node_modules/")[2].rpartition("/")
        purl = PackageURL("npm", scope or None, name, package["version"])
        algorithm, _, digest = package["integrity"].partition("-")
        if algorithm != "sha512":
            raise ValueError(f"{place} is held to {algorithm}, which this does not know.")
        held = HashType(alg=HashAlgorithm.SHA_512, content=base64.b64decode(digest).hex())
        if purl not in seen:
            yield _component(purl, not package.get("dev"), [held], package.get("license"))
        seen.add(purl)


def _component(
    purl: PackageURL, runs: bool, hashes: list[HashType], licence: str | None = None
) -> Component:
    return Component(
        name=purl.name, group=purl.namespace, version=purl.version, purl=purl, hashes=hashes,
        bom_ref=purl.to_string(), scope=_SCOPE[runs],
        licenses=[LicenseFactory().make_from_string(licence)] if licence else (),
    )  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bill())
    print(f"The bill of materials is in {sys.argv[1]}.")
