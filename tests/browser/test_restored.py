"""A server is lost and restored: a real phone notices, and brings back what came after."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from sync.event import CAPTURE
from sync.store_sqlite import SqliteStore
from tests.command import sharelog
from tests.phone_in_hand import PhoneInHand
from tests.running import RunningInstance

pytestmark = pytest.mark.browser

# More than one hello can name (docs/protocol.md section 4).
MANY = 510
# As many as if somebody had gone on logging: the newest one again and again, each with a number and
# a signature of its own, in the chain of this phone. The bytes stand in docs/protocol.md section 3.
LOG_MORE = """(many) => new Promise((resolve, reject) => {
  const text = (bytes) => btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
  const how = { name: 'ECDSA', hash: 'SHA-256' };
  const more = async (last, key) => {
    const sealed = last.bytes.slice(110, -64);
    const digest = await sha256(sealed);
    const before = join(new TextEncoder().encode('sharelog/1/event'));
    const bytesOf = (head) => join(before, head, digest);
    const rows = [];
    let prev = await sha256(bytesOf(last.bytes.slice(0, 110)));
    for (let seq = last.seq + 1; seq <= last.seq + many; seq += 1) {
      const head = last.bytes.slice(0, 110);
      new DataView(head.buffer).setUint32(52, seq);
      head.set(prev, 56);
      const message = bytesOf(head);
      const signature = new Uint8Array(await crypto.subtle.sign(how, key, message));
      prev = await sha256(message);
      const { device, at } = last;
      rows.push({ id: text(prev), device, seq, at, bytes: join(head, sealed, signature) });
    }
    return [rows, prev];
  };
  const asked = indexedDB.open('sharelog');
  asked.onsuccess = () => {
    const db = asked.result;
    const tx = db.transaction(['events', 'device']);
    const events = tx.objectStore('events').getAll();
    const signing = tx.objectStore('device').get('signing');
    tx.oncomplete = async () => {
      const last = events.result.at(-1);
      const [rows, id] = await more(last, signing.result.key);
      const writing = db.transaction(['events', 'chain'], 'readwrite');
      for (const row of rows) writing.objectStore('events').add(row);
      writing.objectStore('chain').put({ seq: rows.at(-1).seq, id }, last.device);
      writing.oncomplete = () => { db.close(); resolve(); };
      writing.onabort = () => reject(writing.error);
    };
  };
})"""


def captures(folder: Path) -> list[bytes]:
    store = SqliteStore.open(folder / "ledger.db")
    try:
        return [row.id for row in store.after(0, 10_000) if row.header.kind == CAPTURE]
    finally:
        store.close()


def come(page: Page, folder: Path, many: int) -> list[bytes]:
    """The captures of the ledger, once there are so many."""
    for _ in range(600):
        if len(captures(folder)) >= many:
            break
        # The file cannot be listened to; the page goes on sending meanwhile.
        page.wait_for_timeout(100)
    found = captures(folder)
    assert len(found) == many
    return found


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
    page.evaluate(LOG_MORE, MANY - 2)
    page.reload()
    before = come(page, instance.folder, MANY)
    expect(page.get_by_role("button", name="This phone: All received")).to_be_visible()
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
    assert set(come(page, instance.folder, MANY)) == set(before)
    phone.fill("Police", "The third child", "Shouting behind the door since seven.")
    phone.log_it()
    assert come(page, instance.folder, MANY + 1)[:1] == before[:1]
    phone.close()
