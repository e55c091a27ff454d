"""What is typed on a phone is found nowhere in clear: searched byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.phone_in_hand import Engine, PhoneInHand
from tests.recording_proxy import RecordingProxy
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

# Letters without repeats or words, so that neither compression nor tokenising can hide them.
CANARIES = {
    "who": "Qz7wXk2pVt9mRb4nJd8sHf3g",
    "about": "Lc6yGu1oEi5aNx0tWq3zPv8k",
    "what": "Bn4jTr7hMs2dYw9eKp6fCx5v",
    "never saved": "Gd3kVz8qUt1wSy6mXb0rHj7p",
    "correction": "Wn5tEh9bKr2xJy7cQm4vLs0g",
    "looked for": "Fp8uZd1kTw6nXa3yRg9hMj2q",
}
# Everything else that can be typed about somebody, where it is typed.
MORE = {
    "[data-field=person]": "Yk2cVb7mPq4tHx9zNs6wLd1f",
    "[data-field=reference]": "Rj9gXw3nTe5uCz8kMa0vQh6b",
    "[data-child=born]": "Sd4pKf0yGx7bWn2rVj5tEm9c",
    "[data-child=reference]": "Uh6zLq1wBc8vRy3kNd0xPg7j",
    "#risk-name": "Ae7mJt2sYf9pDk5hXr4wZn1v",
    "#known-from": "Ob3xQu8gKz6dLw1nTy5cVh0r",
}
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def files_holding(folder: Path, text: str) -> list[str]:
    """The files below `folder` in which `text` stands in clear, in any of the encodings."""
    needles = [text.encode(encoding) for encoding in ENCODINGS]
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found += [str(path.relative_to(folder)) for needle in needles if needle in content]
    return found


@pytest.mark.parametrize("engine", ["whole-chromium", "firefox"])
def test_no_canary_is_on_disk_in_the_ledger_the_index_the_logs_or_on_the_wire(
    playwright: Playwright, tmp_path: Path, make_instance: type[RunningInstance], engine: Engine
) -> None:
    with RecordingProxy() as proxy:
        instance = make_instance(phone_behind=proxy.port)
        proxy.forward_to(instance.phone_port)
        address = f"http://phone.localhost:{proxy.port}"
        phone = PhoneInHand(playwright, tmp_path / "profile", address, engine)
        page = phone.open()
        phone.join_demo()
        phone.wait_until_installed()
        phone.fill(CANARIES["who"], CANARIES["about"], CANARIES["what"])
        page.get_by_role("button", name="Age, reference").click()
        page.get_by_text("More: risk, how you know").click()
        page.get_by_label("Someone told me").check()
        for where, canary in MORE.items():
            page.locator(f"{where}:visible").fill(canary)
        page.get_by_role("button", name="Call", exact=True).click()
        page.get_by_role("searchbox", name="Find").fill(CANARIES["looked for"])
        page.get_by_role("button", name="Back to logging").click()
        phone.log_it()
        page.get_by_role("button", name="Fix this").click()
        page.locator("#fix-text").fill(CANARIES["correction"])
        page.get_by_role("button", name="Save the correction").click()
        expect(page.get_by_text("In the record", exact=True).first).to_be_visible(timeout=90_000)
        phone.fill("Police", "A child", CANARIES["never saved"])
        page.wait_for_timeout(3_000)  # long enough for our autosave and any form restore to write
        phone.kill()
        if engine == "firefox":
            kept = tmp_path / "profile/sessionstore-backups/recovery.jsonlz4"
            assert kept.exists(), "the browser's own memory of open pages must have been written"
        page = phone.open()
        expect(page.get_by_text("You have an unfinished entry")).to_be_visible()
        phone.close()
        instance.stop()
        wire = proxy.recorded()

    assert b"/sync/events" in wire
    assert files_holding(instance.folder, "Demo Safeguarding Partnership"), (
        "the search must be able to find text"
    )
    for name, canary in (CANARIES | MORE).items():
        assert files_holding(tmp_path, canary) == [], name
        assert files_holding(instance.folder, canary) == [], name
        assert canary not in instance.logs(), name
        assert all(canary.encode(encoding) not in wire for encoding in ENCODINGS), name
