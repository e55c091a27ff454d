"""The phone's budgets, measured in the running product: python -m bench.phone

A real Chromium at 4 x CPU throttle stands for a cheap phone, Chromium's own network emulation for
slow 3G (400 kbit/s, 400 ms). Times are read inside the page where the person would see the change.
Writing to disk is measured beside a bare strict IndexedDB put in the same page, since that part
says more about the machine than about the app.
"""

from __future__ import annotations

import json
import platform
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Playwright, Request, expect, sync_playwright

from logger.shell.places import BUILT
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

STARTS, SAVES, WAITING, MANY = 10, 60, 5, 5_000
SLOWER = 4
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}

# From the tap to the moment the word *Saved* stands in the page, in ms.
TIMED_SAVE = """() => new Promise((resolve) => {
  const status = document.getElementById('status');
  const button = document.querySelector('#log [type=submit]');
  let tapped = 0;
  const watch = new MutationObserver(() => {
    if (!status.querySelector('h2')) return;
    watch.disconnect();
    resolve(performance.now() - tapped);
  });
  watch.observe(status, { childList: true, subtree: true });
  button.addEventListener('click', () => { tapped = performance.now(); },
                          { once: true, capture: true });
  button.click();
})"""

# A bare strict put of as many bytes as an entry has, in ms.
BARE_PUT = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('bench', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows', {autoIncrement: true});
  opening.onerror = reject;
  opening.onsuccess = () => {
    const db = opening.result;
    const bytes = crypto.getRandomValues(new Uint8Array(1700));
    const begun = performance.now();
    const tx = db.transaction('rows', 'readwrite', {durability: 'strict'});
    tx.objectStore('rows').add({bytes});
    tx.oncomplete = () => { db.close(); resolve(performance.now() - begun); };
    tx.onerror = reject;
  };
})"""

# Rows as the outbox keeps them; their bytes are never read to list them.
FILL_OUTBOX = """(count) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('sharelog');
  opening.onerror = reject;
  opening.onsuccess = () => {
    const tx = opening.result.transaction('events', 'readwrite');
    const bytes = crypto.getRandomValues(new Uint8Array(1700));
    for (let n = 0; n < count; n++) {
      const row = {id: `bench-${n}`, device: 'bench', seq: n + 1, at: Date.now(), bytes};
      tx.objectStore('events').add(row);
    }
    tx.oncomplete = () => { opening.result.close(); resolve(true); };
    tx.onerror = reject;
  };
})"""

# When the first line of the list of entries came to stand in the page.
LISTED = """new MutationObserver((_changes, watch) => {
  if (!document.querySelector('#entries-list li')) return;
  watch.disconnect();
  globalThis.listed = performance.now();
}).observe(document, { childList: true, subtree: true });"""

READY_TO_TYPE = """() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"""
REQUESTS_MADE = """() => performance.getEntriesByType('resource')
  .filter((one) => one.transferSize > 0).length"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    promise: str
    budget: str
    measured: str


def main() -> None:
    """Measure, print, stop."""
    rows: list[Row] = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        instance = RunningInstance(Path(place) / "demo")
        instance.start()
        try:
            bench = Bench(playwright, Path(place), instance)
            for measure in (
                weight,
                bench.first_load,
                bench.starts,
                bench.saves,
                bench.back_in_signal,
                bench.many_waiting,
            ):
                rows += measure()
        finally:
            instance.close()
    table(rows)


class Bench:
    """Phones of one instance, each measurement on a fresh one."""

    def __init__(self, playwright: Playwright, place: Path, instance: RunningInstance):
        self._playwright, self._place, self._instance = playwright, place, instance

    def first_load(self) -> list[Row]:
        """Somebody's first visit, on slow 3G."""
        phone = self._phone("first")
        page = phone.launch()
        slow_network(page)
        page.goto(phone.url)
        typed = page.evaluate(READY_TO_TYPE)
        expect(page.locator("#pill-text")).not_to_have_text("Needs signal once", timeout=60_000)
        sealable: float = page.evaluate("() => performance.now()")
        phone.close()
        return [
            Row("first load over slow 3G, to ready to type", "5 s", f"{typed / 1000:.2f} s"),
            Row("the same, to the organisation's key", "", f"{sealable / 1000:.2f} s"),
        ]

    def starts(self) -> list[Row]:
        """The browser is started again and again, with no network."""
        phone = self._enrolled("starts")
        phone.close()
        took, made = [], []
        for _ in range(STARTS):
            page = phone.launch(offline=True)
            slower(page)
            page.goto(phone.url)
            took.append(page.evaluate(READY_TO_TYPE) / 1000)
            made.append(page.evaluate(REQUESTS_MADE))
            phone.close()
        worst = f"{statistics.median(took):.2f} s, worst of {STARTS} {max(took):.2f} s"
        return [
            Row(f"cold offline start to ready to type, {SLOWER} x throttle", "1.0 s", worst),
            Row("requests made by a cold start", "0", str(max(made))),
        ]

    def saves(self) -> list[Row]:
        """*Log it* to *Saved*, beside what the disk alone takes."""
        phone = self._enrolled("saves")
        page = phone.page
        phone.signal(False)
        slower(page)
        took, bare = [], []
        for number in range(SAVES):
            phone.fill("Police", f"A child {number}", "Shouting behind the door since seven.")
            page.wait_for_timeout(150)  # nobody is faster from the last letter to the button
            took.append(page.evaluate(TIMED_SAVE))
            bare.append(page.evaluate(BARE_PUT))
            page.get_by_role("button", name="Log another").click()
        phone.close()
        ratio = statistics.median(took) / statistics.median(bare)
        return [
            Row(f"Log it to Saved, {SLOWER} x throttle, p95 of {SAVES}", "50 ms", ms(p95(took))),
            Row("the same, median", "", ms(statistics.median(took))),
            Row("a bare strict put in the same page, median", "", ms(statistics.median(bare))),
            Row("Saved against the bare put", "", f"{ratio:.2f} x"),
        ]

    def back_in_signal(self) -> list[Row]:
        """Five entries wait; then there is slow 3G."""
        phone = self._enrolled("signal")
        page = phone.page
        network = page.context.new_cdp_session(page)
        # Not Playwright's own switch: turning that back on would also end what slows the line.
        network.send("Network.emulateNetworkConditions", SLOW_3G | {"offline": True})
        for number in range(WAITING):
            phone.fill("Police", f"A child {number}", "Shouting behind the door since seven.")
            phone.log_it()
            page.get_by_role("button", name="Log another").click()
        posts: list[Request] = []
        page.on("request", lambda one: posts.append(one) if "/sync/events" in one.url else None)
        begun: float = page.evaluate("() => performance.now()")
        network.send("Network.emulateNetworkConditions", SLOW_3G)
        expect(page.get_by_text("On this phone only", exact=True)).to_have_count(0, timeout=30_000)
        took = page.evaluate("() => performance.now()") - begun
        with_events = [one for one in posts if len(one.post_data_buffer or b"") > 2_000]
        phone.close()
        name = f"{WAITING} waiting entries, slow 3G, to Received"
        trips = f"{took / 1000:.2f} s, {len(with_events)} round trip(s)"
        return [Row(name, "1.5 s, 1 round trip", trips)]

    def many_waiting(self) -> list[Row]:
        """A phone that has been out of signal for a very long time."""
        phone = self._enrolled("many")
        phone.signal(False)
        phone.page.evaluate(FILL_OUTBOX, MANY)
        slower(phone.page)
        phone.page.add_init_script(LISTED)
        phone.page.reload()
        expect(phone.page.locator("#entries-list li").first).to_be_visible()
        took: float = phone.page.evaluate("() => globalThis.listed")
        phone.close()
        name = f"{MANY:,} waiting entries listed, {SLOWER} x throttle"
        return [Row(name, "1.0 s", f"{took / 1000:.2f} s")]

    def _phone(self, name: str) -> PhoneInHand:
        return PhoneInHand(
            self._playwright, self._place / name, self._instance.phone_url, "whole-chromium"
        )

    def _enrolled(self, name: str) -> PhoneInHand:
        phone = self._phone(name)
        phone.open()
        phone.join_demo()
        phone.wait_until_installed()
        phone.page.reload()
        return phone


def weight() -> list[Row]:
    """What is fetched before anything can be logged, and what the service worker keeps."""
    files = json.loads((BUILT / "files.json").read_text())
    start = [one for one in files.values() if one["use"] == "start"]
    kept = [one for one in files.values() if one["use"] in {"start", "offline"}]
    gzipped = sum(one["gzipped"] for one in start) / 1024
    # The page itself and the manifest are kept too; they are made by the door.
    return [
        Row(
            "fetched before it can capture, gzipped, without the page", "40 KB", f"{gzipped:.1f} KB"
        ),
        Row("files kept for the offline start", "12", str(len(kept) + 2)),
    ]


def slower(page: Page) -> CDPSession:
    """A cheap phone's processor."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def slow_network(page: Page) -> None:
    """Slow 3G."""
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay below."""
    return statistics.quantiles(values, n=20)[-1]


def ms(value: float) -> str:
    """Milliseconds as a person reads them."""
    return f"{value:.0f} ms"


def table(rows: Sequence[Row]) -> None:
    """As Markdown, for the README."""
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    print("| promise | budget | measured |\n|---|---|---|")
    for row in rows:
        print(f"| {row.promise} | {row.budget and '≤ ' + row.budget} | {row.measured} |")


if __name__ == "__main__":
    main()
