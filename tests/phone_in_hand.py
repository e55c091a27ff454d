"""A practitioner's phone for tests: a real browser with a profile on disk, killed for real."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize, expect

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The third is a Chromium that says it has never heard of ML-KEM.
Engine = Literal["chromium", "whole-chromium", "chromium-without-ml-kem", "firefox"]

# Takes ML-KEM away from WebCrypto, as in a browser that never had it; the rest stays native.
WITHOUT_NATIVE_ML_KEM = """(() => {
  const lacks = (a) => /^ML-?KEM/i.test(String((a && a.name) || a));
  for (const name of ['generateKey', 'importKey', 'exportKey', 'encapsulateBits', 'encapsulateKey',
                      'decapsulateBits', 'decapsulateKey']) {
    const native = SubtleCrypto.prototype[name];
    if (!native) continue;
    SubtleCrypto.prototype[name] = function (...args) {
      if (args.some(lacks)) {
        return Promise.reject(new DOMException('no ML-KEM here', 'NotSupportedError'));
      }
      return native.apply(this, args);
    };
  }
  if (SubtleCrypto.supports) {
    const native = SubtleCrypto.supports.bind(SubtleCrypto);
    SubtleCrypto.supports = (op, a, ...rest) => (lacks(a) ? false : native(op, a, ...rest));
  }
})();"""


SMALL = ViewportSize(width=360, height=740)


def quick_chromium() -> dict[str, Any]:
    """The Chromium without windows, Debian's or Playwright's: it starts in half the time.

    By itself, because the command that starts Debian's stays as its parent, and it is the browser
    that has to be killed.
    """
    shell = shutil.which("chromium-headless-shell", path="/usr/lib/chromium")
    path = shell or shutil.which("chromium")
    return {"executable_path": path} if path else {}


def whole_chromium() -> dict[str, Any]:
    """The Chromium that people have, with everything that it writes down by itself."""
    path = shutil.which("chromium")
    return {"executable_path": path} if path else {"channel": "chromium"}


def firefox_options() -> dict[str, Any]:
    """Debian's Firefox where there is one, else the one that Playwright brought."""
    # What is typed into an ordinary field is on disk within a second: no test may miss it.
    options: dict[str, Any] = {"firefox_user_prefs": {"browser.sessionstore.interval": 1000}}
    stock = shutil.which("firefox-esr")
    if stock:
        # Playwright drives a Firefox it did not build only through this channel.
        options |= {"executable_path": stock, "channel": "moz-firefox"}
    return options


class PhoneInHand:
    """One phone. `open` starts the browser on the phone door, `kill` is SIGKILL, state survives."""

    def __init__(
        self,
        playwright: Playwright,
        profile: Path,
        url: str,
        engine: Engine = "chromium",
    ):
        self._playwright, self._profile, self.url = playwright, profile, url
        self._engine = engine
        self.context: BrowserContext | None = None

    def open(self, *, offline: bool = False, path: str = "/", camera: Path | None = None) -> Page:
        """Start the browser (a cold start when it was killed) and show the phone door."""
        self.launch(offline=offline, camera=camera).goto(self.url + path)
        return self.page

    def launch(self, *, offline: bool = False, camera: Path | None = None) -> Page:
        """Start the browser and show nothing yet. `camera` is a film that its camera sees."""
        profile = str(self._profile)
        if self._engine == "firefox":
            self.context = self._playwright.firefox.launch_persistent_context(
                profile, **firefox_options(), viewport=SMALL
            )
        else:
            self.context = self._playwright.chromium.launch_persistent_context(
                profile, **self._chromium_options(camera)
            )
        if self._engine == "chromium-without-ml-kem":
            self.context.add_init_script(WITHOUT_NATIVE_ML_KEM)
        self.context.set_offline(offline)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        return self.page

    def _chromium_options(self, camera: Path | None) -> dict[str, Any]:
        device = {**self._playwright.devices["Pixel 5"], "viewport": SMALL}
        device.pop("default_browser_type", None)
        arguments = [*ARGS]
        if camera:
            arguments += [
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ]
        return {
            "args": arguments,
            "headless": True,
            **(whole_chromium() if self._engine == "whole-chromium" else quick_chromium()),
            **device,
        }

    def signal(self, on: bool) -> None:
        """Come back into signal, or lose it."""
        assert self.context is not None
        self.context.set_offline(not on)

    def wait_until_installed(self) -> None:
        """Until the service worker holds the whole app and controls this page's origin."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    def join_demo(self) -> None:
        """Tap *Use this browser as a demo phone* and wait for the record's word."""
        self.page.get_by_role("button", name="Use this browser as a demo phone").click()
        expect(self.page.get_by_text("This phone is added", exact=False)).to_be_visible()

    def fill(self, who: str, about: str, what: str) -> None:
        """The three required answers."""
        self.page.get_by_role("textbox", name="Who did you tell?").fill(who)
        self.page.get_by_role("textbox", name="Who is it about?").fill(about)
        self.page.get_by_role("textbox", name="What did you share?").fill(what)

    def log_it(self) -> None:
        """Press the button and read the promise."""
        self.page.get_by_role("button", name="Log it").click()
        expect(
            self.page.get_by_role("status").filter(has_text="Saved on this phone")
        ).to_be_visible()

    def states(self) -> list[str]:
        """The list of this phone's entries, as a person reads it."""
        return (
            self.page.get_by_role("list", name="Entries on this phone")
            .locator("li")
            .all_inner_texts()
        )

    def kill(self) -> None:
        """The battery dies: SIGKILL to the browser's main process."""
        os.kill(self._main_process(), signal.SIGKILL)
        self.context = None

    def close(self) -> None:
        """Put the phone away."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def _main_process(self) -> int:
        # How each engine's command line names the folder of the profile.
        wanted = {f"--user-data-dir={self._profile}".encode(), str(self._profile).encode()}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended while we looked
            child = any(word.startswith(b"--type=") or word == b"-contentproc" for word in words)
            if wanted.intersection(words) and not child:
                return int(process.name)
        raise AssertionError("the browser's main process was not found")
