"""A server is lost and restored: a real phone notices, and brings back what came after."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from sync.event import CAPTURE
from sync.store_sqlite import SqliteStore
from tests.command import sharelog
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser


def captures(folder: Path) -> list[bytes]:
    store = SqliteStore.open(folder / "ledger.db")
    try:
        return [row.id for row in store.after(0, 10_000) if row.header.kind == CAPTURE]
    finally:
        store.close()


def test_what_was_received_after_the_backup_comes_back_by_itself(
    playwright: Playwright, instance: RunningInstance, tmp_path: Path
) -> None:
    phone = PhoneInHand(playwright, tmp_path / "phone", instance.phone_url)
    page = phone.open()
    phone.join_demo()
    in_record = page.get_by_role("list", name="Entries on this phone").get_by_text("In the record")

    def log(about: str, so_far: int) -> None:
        phone.fill("Police", about, "Shouting behind the door since seven.")
        phone.log_it()
        expect(in_record).to_have_count(so_far, timeout=30_000)
        page.get_by_role("button", name="Log another").click()

    log("The first child", 1)
    code, out, errors = sharelog(instance.folder, "backup")
    assert code == 0, errors
    backup = Path(out.splitlines()[0]).rename(tmp_path / "kept.sharelog-backup")
    recovery = (instance.folder / "keys" / "recovery.key").rename(tmp_path / "recovery.key")
    log("The second child", 2)
    before = captures(instance.folder)
    instance.stop()
    shutil.rmtree(instance.folder)
    restored = ("restore", str(backup), "--recovery-key", str(recovery))
    code, _out, errors = sharelog(instance.folder, *restored)
    assert code == 0, errors
    assert captures(instance.folder) == before[:1]
    instance.start()
    page.reload()
    page.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("button", name="Back to logging").click()
    log("The third child", 3)
    assert captures(instance.folder)[:2] == before
    assert len(captures(instance.folder)) == 3
    phone.close()
