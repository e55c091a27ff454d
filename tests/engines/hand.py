"""A phone in somebody's hand, whichever engine is in it: what a journey may do and may ask.

Promises: whatever is tapped or written in is found by its role and the beginning of its accessible
name, as people and assistive software find it; whatever is looked for is waited for.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Literal

Role = Literal["button", "link", "checkbox", "radio", "textbox", "searchbox"]
SECONDS = 20.0
TICK = 0.05

# Only what can be seen: a text that is on the page and hidden is no text.
_SEEN = """(text) => document.body.innerText.split(/\\s+/).join(' ').split(text).length - 1"""
_COUNT = """(store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('sharelog');
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction(store).objectStore(store).count();
    rows.onsuccess = () => { asked.result.close(); resolve(rows.result); };
  };
})"""
_FOCUSED = """() => {
  const one = document.activeElement;
  return one.getAttribute('aria-label') || one.innerText || one.id;
}"""
# No browser here ever hides its page; it is told what a phone would tell it. The clock that does
# not go back goes on by so many seconds meanwhile.
_HIDDEN_FOR = """(seconds) => {
  const tell = (state) => {
    Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  tell('hidden');
  const now = performance.now.bind(performance);
  performance.now = () => now() + seconds * 1000;
  tell('visible');
}"""
_NO_DIALLER = """() => addEventListener('click', (event) => {
  if (event.target.closest('a[href^="tel:"]')) event.preventDefault();
})"""
_UNFOLD = """(text) => [...document.querySelectorAll('summary')]
  .find((one) => one.checkVisibility() && one.textContent.trim().startsWith(text))?.click()"""
# What goes to the folder of downloads is looked at as the page hands it over.
_CATCH_FILE = """() => {
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (file) => {
    file.text().then((text) => { globalThis.caught = text; });
    return make(file);
  };
}"""


class Hand(ABC):
    """One phone; `die` takes its page away without a word, and opens it again."""

    url: str

    @abstractmethod
    def open(self) -> None:
        """The page, from its address."""

    @abstractmethod
    def die(self) -> None:
        """The page ends without a word, and the app is opened anew."""

    @abstractmethod
    def signal(self, on: bool) -> None:
        """Come into signal, or lose it."""

    @abstractmethod
    def tap(self, role: Role, name: str) -> None:
        """The one that can be seen."""

    @abstractmethod
    def write(self, name: str, text: str, role: Role = "textbox") -> None:
        """Into the field of that name, in place of what is there."""

    @abstractmethod
    def value(self, name: str) -> str:
        """What stands in the field of that name."""

    @abstractmethod
    def ticked(self, role: Role, name: str) -> bool:
        """Whether it is chosen."""

    @abstractmethod
    def secret(self, label: str, text: str) -> None:
        """Into a field whose letters are not shown, which has no role of its own."""

    @abstractmethod
    def bring(self, file: Path) -> None:
        """Choose that file under *Bring a file from another phone*."""

    @abstractmethod
    def run(self, script: str, *words: Any) -> Any:
        """What a function gives on the page, waited for."""

    @abstractmethod
    def title(self) -> str:
        """What the window is called."""

    @abstractmethod
    def close(self) -> None:
        """Put the phone away."""

    def until(self, true: Any, what: str) -> None:
        """Look again until it is so."""
        end = time.monotonic() + SECONDS
        while not true():
            assert time.monotonic() < end, (
                f"never: {what}\n{self.run('() => document.body.innerText')}"
            )
            time.sleep(TICK)

    def sees(self, text: str, times: int = 1) -> None:
        """Until that text can be read, at least so many times."""
        self.until(lambda: self.run(_SEEN, text) >= times, f"to see {text!r}")

    def sees_no(self, text: str) -> None:
        """Until that text can be read nowhere."""
        self.until(lambda: self.run(_SEEN, text) == 0, f"not to see {text!r}")

    def keeps(self, store: str, many: int) -> None:
        """Until so many rows stand in a store of the phone."""
        self.until(lambda: self.run(_COUNT, store) == many, f"{many} in {store}")

    def focus_is(self, text: str) -> None:
        """Until what has the focus says that."""
        self.until(lambda: text in self.run(_FOCUSED), f"the focus on {text!r}")

    def hidden_for(self, seconds: int) -> None:
        """Put into a pocket, and taken out again."""
        self.run(_HIDDEN_FOR, seconds)

    def without_dialler(self) -> None:
        """A computer has no telephone to open."""
        self.run(_NO_DIALLER)

    def join(self) -> None:
        """Added to the demo, and everything on the phone that it needs without signal."""
        self.tap("button", "Use this browser as a demo phone")
        self.sees("This phone is added")
        self.sees_no("Use this browser as a demo phone")
        self.run("() => navigator.serviceWorker.ready.then(() => true)")

    def fill(self, who: str, about: str, what: str) -> None:
        """The three required answers."""
        self.write("Who did you tell?", who)
        self.write("Who is it about?", about)
        self.write("What did you share?", what)

    def log_it(self) -> None:
        """Press the button and read the promise."""
        self.tap("button", "Log it")
        self.sees("Saved on this phone")

    def unfold(self, text: str) -> None:
        """What is folded under that text; engines differ in the role of it."""
        self.sees(text)
        self.run(_UNFOLD, text)

    def this_phone(self) -> None:
        """The screen that says what is true of it."""
        self.tap("button", "This phone:")
        self.focus_is("This phone")

    def arrives(self, many: int, send: str = "Send now", said: str = "In the record") -> None:
        """Ask again and again, as the person may, until so many entries are in the record."""
        for _ in range(int(SECONDS)):
            self.tap("button", send)
            for _ in range(20):
                if self.run(_SEEN, said) >= many:
                    return
                time.sleep(TICK)
        self.sees(said, many)

    def save_file(self) -> str:
        """The text of the file that *Save as a file* makes."""
        self.run(_CATCH_FILE)
        self.tap("button", "Save as a file")
        self.until(lambda: self.run("() => Boolean(globalThis.caught)"), "a file")
        return str(self.run("() => globalThis.caught"))
