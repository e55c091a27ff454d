"""States of the phone itself: added or not, safe or not, too old, emptied, revoked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import expect

from tests.states.stage import Stage

# Letters that move, instead of what a camera would see.
CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d').fillRect(0, 0, 9, 9);
  return canvas.captureStream(5);
}"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 5) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/125.0.0.0 Mobile Safari/537.36"
)
INSTALLED = """{
  const ask = globalThis.matchMedia;
  globalThis.matchMedia = (query) =>
    query.includes('standalone') ? { matches: true } : ask.call(globalThis, query);
  StorageManager.prototype.persisted = async () => true;
}"""
PASSES_ON = "navigator.canShare = () => true; navigator.share = async () => {};"
NEARLY_FULL = "StorageManager.prototype.estimate = async () => ({ quota: 4e10, usage: 3.999e10 });"
# A tab of the first version, whose code does not let go of the store.
OLDER_TAB = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('sharelog', 1);
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => { globalThis.held = asked.result; resolve(true); };
})"""
PINNED = """() => new Promise((resolve) => {
  indexedDB.open('sharelog').onsuccess = ({ target }) => {
    target.result.transaction('trust').objectStore('trust').get('pin').onsuccess = (got) => {
      target.result.close();
      resolve(btoa(String.fromCharCode(...got.target.result))
        .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));
    };
  };
})"""
ANOTHER_PIN = """() => new Promise((resolve) => {
  indexedDB.open('sharelog').onsuccess = ({ target }) => {
    const tx = target.result.transaction('trust', 'readwrite');
    tx.objectStore('trust').put(new Uint8Array(32), 'pin');
    tx.oncomplete = () => { target.result.close(); resolve(); };
  };
})"""
KEEPS_NO_KEY = """{
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...words) {
    if (this.name === 'device') throw new DOMException('no', 'DataCloneError');
    return put.apply(this, words);
  };
}"""
NO_STORE = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'UnknownError') }"
# What a browser lacks or says, and what the page then shows.
UNFIT = (
    ("old browser", "delete globalThis.CompressionStream", "#too-old"),
    (
        "not a safe address",
        "Object.defineProperty(globalThis, 'isSecureContext', { value: false })",
        "#not-secure",
    ),
    (
        "cannot keep entries",
        "SubtleCrypto.prototype.generateKey = async () => { throw new DOMException('no') }",
        "#cannot-keep",
    ),
    ("does not keep keys", KEEPS_NO_KEY, "#key-not-kept"),
)


def this_phone(stage: Stage) -> Iterator[str]:
    """*This phone*, from a stranger's to one that carries for others."""
    stage.phone(added=False, script=CAMERA, user_agent=ANDROID, is_mobile=True)
    stage.sees("#demo")
    _open(stage)
    yield "this phone, not added"
    stage.write(code="no code")
    stage.tap("#add [type=submit]")
    stage.sees("#join-problem")
    yield "not a code"
    stage.write(code="ABCD-EFGH-JKMN-PQRS")
    stage.tap("#add [type=submit]")
    stage.sees("#compare")
    yield "compare words"
    stage.tap("#words-match")
    stage.sees("#join-problem")
    yield "a code that is used"
    stage.tap("#scan")
    stage.sees("#camera")
    yield "camera"
    stage.by_link(f"#enrol=ABCDEFGHJKMNPQRS.{stage.page.evaluate(PINNED)}")
    stage.sees("#asked")
    yield "a link that wants to add this phone"
    stage.phone(script=PASSES_ON + NEARLY_FULL, user_agent=IPHONE)
    stage.signal(False)
    stage.log()
    yield from _files(stage)
    stage.phone(script=INSTALLED)
    _open(stage)
    yield "this phone, stored safely"


def _files(stage: Stage) -> Iterator[str]:
    _open(stage)
    expect(stage.at("#fact-states > li")).to_have_count(1)
    yield "this phone, at risk"
    stage.tap("#who-sees > summary")
    yield "what the organisation can see"
    with stage.page.expect_download() as saved:
        stage.tap("#file-save")
    stage.sees("#file-said:not(:empty)")
    yield "saved as a file"
    text = saved.value.path().read_bytes()
    stage.signal(True)
    stage.phone()
    stage.signal(False)
    _open(stage)
    stage.tap("#file-save")
    stage.sees("#file-said:not(:empty)")
    yield "nothing to save"
    _bring(stage, b"sharelog-entries/1\n<script>alert(1)</script>\n")
    yield "not such a file"
    _bring(stage, text)
    stage.sees("#carried")
    yield "carried for another phone"


def _open(stage: Stage) -> None:
    stage.tap("#pill")
    stage.sees("#phone")
    expect(stage.at("#fact-safe")).not_to_be_empty()


def _bring(stage: Stage, text: bytes) -> None:
    before = stage.at("#file-said").text_content() or ""
    file: Any = {"name": "sharelog-waiting.txt", "mimeType": "text/plain", "buffer": text}
    stage.at("#file-bring").set_input_files(file)
    expect(stage.at("#file-said")).not_to_have_text(before)


def told(stage: Stage) -> Iterator[str]:
    """What the phone has to say of itself, above everything else."""
    stage.phone()
    gone = {"entries": 3, "waiting": 1, "at": 0}
    stage.outside("sharelog-vanished", json.dumps(gone))
    stage.again()
    stage.sees("#vanished")
    yield "entries vanished"
    stage.page.evaluate("localStorage.removeItem('sharelog-vanished')")
    left = {"organisation": "Northside Safeguarding Partnership", "at": 1_795_000_000_000}
    stage.outside("sharelog-left", json.dumps(left))
    stage.again()
    stage.sees("#taken-off")
    yield "taken off"
    stage.tap("#taken-off-read")
    # From here on no answer comes that would put right what the store is told.
    stage.signal(False)
    stage.again()
    notices = [
        {"code": "entries.returned", "count": 1, "at": 0},
        {"code": "entries.overdue", "count": 2, "at": 0},
    ]
    stage.store("trust", {"notices": notices}, "contact")
    stage.again()
    stage.sees("#notices")
    yield "returned and overdue"
    # Somebody is writing, so that the phone does not erase itself under their hands.
    stage.write(shared="Half a sen")
    stage.unfinished()
    stage.store("trust", True, "revoked")
    stage.page.evaluate("new BroadcastChannel('sharelog').postMessage('changed')")
    stage.sees("#revoked")
    yield "revoked"


def cannot(stage: Stage) -> Iterator[str]:
    """Browsers and addresses that cannot be used, each told so."""
    for name, script, seen in UNFIT:
        stage.phone(added=False, script=script)
        stage.sees(seen)
        yield name
    stage.phone(added=False, script=NO_STORE)
    stage.sees("#page-only")
    yield "cannot open what it keeps"
    stage.sees("#demo")
    stage.log()
    yield "kept on this page only"
    older = stage.phone(added=False, path="manifest.webmanifest")
    older.evaluate(OLDER_TAB)
    stage.another_tab()
    stage.sees("#in-the-way")
    yield "another tab in the way"
    stage.phone()
    stage.page.evaluate(ANOTHER_PIN)
    stage.again()
    stage.sees("#alarm")
    yield "somebody else answers"
    stage.tap("#alarm-read")
    stage.sees("#another-root")
    yield "another organisation's address"
