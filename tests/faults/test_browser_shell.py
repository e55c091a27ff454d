"""A release that does not arrive whole never takes the place of one that works."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from logger.shell.places import BUILT
from tests.faults import bad_lines
from tests.faults.counts import Runs
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.releases import TRY_UPDATE, VERSIONS, Releases

pytestmark = pytest.mark.browser

Faults = Callable[..., Runs]


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Releases]:
    """Two releases behind one line."""
    with FaultProxy() as line:
        made = Releases(tmp_path, line, monkeypatch)
        yield made
        made.stop()


def _installed(browser: Browser, line: FaultProxy) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"http://phone.localhost:{line.port}")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    return page


def _cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


NO_WORKER = bad_lines.instead("500 Internal Server Error", {}, b"")
ASSET_FAULTS: dict[str, tuple[str, Fault]] = {
    "B01": ("404", bad_lines.instead("404 Not Found", {}, b"")),
    "B02": ("200 HTML", bad_lines.PORTALS["a page"]),
    "B03": ("truncated", bad_lines.changed(_cut, {"Content-Type": "text/javascript"})),
}


@pytest.mark.parametrize("name", sorted(ASSET_FAULTS))
def test_one_asset_that_does_not_come_leaves_the_old_version_running(
    fault: Faults, chromium: Browser, releases: Releases, name: str
) -> None:
    line = releases.line
    releases.serve(BUILT)
    page = _installed(chromium, line)
    before = page.evaluate(VERSIONS)
    # A browser asks by itself a second after a page was opened. Between two rounds it gets no
    # worker, lest what it has begun under one fault goes on under the next and comes well.
    line.always(NO_WORKER, "/service-worker.js")
    assets = releases.serve(releases.next)
    what, harm = ASSET_FAULTS[name]
    runs = fault(name, f"an asset of the new release: {what}", 3, len(assets))
    for n, chance in enumerate(runs):
        # Each of them in turn in the soak, some of them otherwise.
        asset = assets[n] if runs.tally.wanted == len(assets) else chance.choice(assets)
        line.always(harm, asset)
        # What came well the last time would be taken from the browser's own cache, and rightly.
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        assert page.evaluate(TRY_UPDATE) == "redundant", asset
        line.always(NO_WORKER, "/service-worker.js")
        assert page.evaluate(VERSIONS) == before
        page.reload()
        expect(page.get_by_role("button", name="Log it")).to_be_visible()
    line.heal()
    try:
        assert page.evaluate(TRY_UPDATE) in {"installed", "activating", "activated"}
    except Error as error:
        # Taken over at once, the page begins anew in the middle of the question.
        if "navigation" not in str(error):
            raise
    # Not closed in the middle of that beginning: once, after it, Chromium never answered again.
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    page.context.close()


def test_a_worker_script_that_is_none_leaves_the_old_version_running(
    fault: Faults, chromium: Browser, releases: Releases
) -> None:
    line = releases.line
    releases.serve(BUILT)
    page = _installed(chromium, line)
    before = page.evaluate(VERSIONS)
    harms = [
        NO_WORKER,
        bad_lines.instead("200 OK", {"Content-Type": "text/plain"}, b"self.x = 1"),
        bad_lines.PORTALS["a page"],
        bad_lines.instead("200 OK", {"Content-Type": "text/javascript"}, b"syntax("),
    ]
    # Before the release that it stands for, or the browser may find that by itself.
    line.always(NO_WORKER, "/service-worker.js")
    releases.serve(releases.next)
    for n, _ in enumerate(fault("B08", "worker script: 500, wrong type, a page, cut", 4, 20)):
        line.always(harms[n % len(harms)], "/service-worker.js")
        assert page.evaluate(TRY_UPDATE) in {"TypeError", "SecurityError", "redundant"}
        assert page.evaluate(VERSIONS) == before
        page.reload()
        expect(page.get_by_role("button", name="Log it")).to_be_visible()
    page.context.close()


def test_a_worker_killed_while_it_answers_answers_the_next_time(
    fault: Faults, chromium: Browser, releases: Releases
) -> None:
    line = releases.line
    releases.serve(BUILT)
    page = _installed(chromium, line)
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    releases.stop()  # nobody but the worker can answer
    for chance in fault("B09", "worker killed while the page starts", 5, 50):
        page.evaluate("() => setTimeout(() => location.reload(), 0)")
        page.wait_for_timeout(chance.random() * 60)
        session.send("ServiceWorker.stopAllWorkers")
        # The navigation that was under way may end with its worker; whoever tries again gets in.
        for _ in range(2):
            with contextlib.suppress(Error):
                page.goto(f"http://phone.localhost:{line.port}")
                break
        expect(page.get_by_role("button", name="Log it")).to_be_visible()
    page.context.close()


FOREIGN = {
    "css/phone.css": '@font-face { font-family: x; src: url("https://fonts.example/x.woff2"); }\n',
    "js/shell/main.js": 'import "https://cdn.example/more.js";\n',
}


def test_a_build_with_something_of_another_origin_is_refused(fault: Faults, tmp_path: Path) -> None:
    sources = BUILT.parent
    node = shutil.which("node") or str(sources.parent / ".venv/bin/node")
    for n, _ in enumerate(fault("B11", "an asset of another origin", 2, 2)):
        name, foreign = sorted(FOREIGN.items())[n]
        here = tmp_path / str(n)
        shutil.copytree(sources, here / "static", ignore=shutil.ignore_patterns("built"))
        for beside in ("node_modules", "package.json"):
            (here / beside).symlink_to(sources.parent / beside)
        with (here / "static" / name).open("a") as source:
            source.write(foreign)
        built = subprocess.run(
            [node, "static/build.js"], cwd=here, capture_output=True, text=True, check=False
        )
        assert built.returncode != 0
        assert "points to another origin" in built.stderr
        assert not (here / "static/built").exists(), "a build that fails writes nothing"
