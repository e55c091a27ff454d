"""A phone with WebKit in it, the engine of every browser on an iPhone: Debian's WebKitGTK.

It keeps nothing when it is closed while it is driven, so what a killed browser leaves behind is
shown with the other engines.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

SECONDS = 20.0
# Where an element of that role can be; the browser itself says which role and name it has.
CANDIDATES = {
    "button": "button",
    "textbox": "input, textarea",
    "list": "ul",
    "status": "[role=status]",
}

Found = TypeVar("Found")


class Screen:
    """A display that nobody sees. WebKitGTK does not run without one."""

    def __init__(self) -> None:
        read, write = os.pipe()
        command = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            "800x1000x24",
            "-nolisten",
            "tcp",
        ]
        self._process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.name = f":{answer.readline().strip()}"

    def close(self) -> None:
        """Switch it off."""
        self._process.terminate()
        self._process.wait(timeout=10)


class WebKitPhone:
    """One phone; what is on its page is found by role and name, as assistive software does."""

    def __init__(self, screen: Screen, home: Path, url: str):
        self.url = url
        environment = {**os.environ, "DISPLAY": screen.name, "HOME": str(home)}
        environment |= {f"XDG_{one}_HOME": str(home / one) for one in ("DATA", "CACHE", "CONFIG")}
        options = Options()
        options.binary_location = str(_mini_browser())
        options.add_argument("--automation")
        driver = shutil.which("WebKitWebDriver")
        assert driver, "make browsers fetches it"
        self.driver = WebKitGTK(options, Service(driver, env=environment))
        self.driver.set_window_size(360, 740)
        self.driver.get(url)

    def named(self, role: str, name: str) -> WebElement:
        """The one visible element of this role whose accessible name begins so."""
        return self.until(lambda: self._visible(role, name))

    def until(self, look: Callable[[], Found], seconds: float = SECONDS) -> Found:
        """What `look` gives once it gives something."""
        # The page may be replaced while it is looked at: then it is looked at again.
        again = [StaleElementReferenceException]
        return WebDriverWait(self.driver, seconds, ignored_exceptions=again).until(lambda _: look())

    def join_demo(self) -> None:
        """Tap *Use this browser as a demo phone* and wait for the record's word."""
        self.named("button", "Use this browser as a demo phone").click()
        self.until(lambda: "This phone is added" in self.said())

    def wait_until_installed(self) -> None:
        """Until the service worker holds the whole app."""
        self.driver.execute_async_script(
            "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true));"
        )

    def fill(self, who: str, about: str, what: str) -> None:
        """The three required answers."""
        self.named("textbox", "Who did you tell?").send_keys(who)
        self.named("textbox", "Who is it about?").send_keys(about)
        self.named("textbox", "What did you share?").send_keys(what)

    def log_it(self) -> None:
        """Press the button and read the promise."""
        self.named("button", "Log it").click()
        self.until(lambda: "Saved on this phone" in self.said())

    def said(self) -> str:
        """What the status region says."""
        return self.driver.find_element(By.CSS_SELECTOR, "[role=status]").text

    def states(self) -> list[str]:
        """The list of this phone's entries, as a person reads it."""
        entries = self.driver.find_elements(By.CSS_SELECTOR, "ul[role=list] > li")
        return [one.text for one in entries if one.is_displayed()]

    def loaded(self) -> list[str]:
        """The addresses of everything this page has asked for."""
        names: list[str] = self.driver.execute_script(
            "return performance.getEntriesByType('resource').map((one) => one.name);"
        )
        return names

    def close(self) -> None:
        """Put the phone away."""
        self.driver.quit()

    def _visible(self, role: str, name: str) -> WebElement | None:
        for one in self.driver.find_elements(By.CSS_SELECTOR, CANDIDATES[role]):
            if (
                one.is_displayed()
                and one.aria_role == role
                and one.accessible_name.startswith(name)
            ):
                return one
        return None


def _mini_browser() -> Path:
    found = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4*/MiniBrowser"))
    assert found, "make browsers fetches it"
    return found[-1]
