// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Vault } from "../../static/js/vault/database.js";
import { pack } from "../../static/js/vault/pack.js";
import {
  DAY_MS,
  dropOldCopies,
  ENTRY,
  readBackDays,
  readingKey,
  readyCopy,
  UNFINISHED,
} from "../../static/js/vault/reading.js";
import {
  calibrated,
  changePassphrase,
  FEWEST_ROUNDS,
  MOST_WAIT_MS,
  setPassphrase,
  strongEnough,
  unlock,
  WaitFirst,
  WeakPassphrase,
  WrongPassphrase,
} from "../../static/js/vault/unlock.js";
import { clock, entry, NOW, wipe } from "./phone.js";

beforeEach(wipe);

const PHRASE = "three wet umbrellas";
/** A clock by which every derivation takes half a second, so that tests take the fewest rounds. */
function slow(at = NOW) {
  let passed = 0;
  const monotonic = () => {
    passed += 500;
    return passed;
  };
  return { ...clock, monotonic, now: () => at };
}

/** @param {import("../../static/js/vault/database.js").Database} db @param {object} content @param {number} [what] */
async function sealedCopy(db, content, what = ENTRY) {
  const key = await readingKey(db);
  assert.ok(key);
  const close = await readyCopy(key, what, entry(1));
  return close(await pack(JSON.stringify(content)));
}

test("a copy is opened by the passphrase, however its keyboard spells it, and by no other", async () => {
  const db = await new Vault().db();
  (await setPassphrase(db, "Tŷ gwyn ar y bryn", slow())).lock();
  const sealed = await sealedCopy(db, { shared: "Ŵyn 👶🏽" });
  const spelled = "  Tŷ gwyn ar y bryn ".normalize("NFD");
  const unlocked = await unlock(db, spelled, slow());
  assert.deepEqual(await unlocked.open(ENTRY, entry(1), sealed), { shared: "Ŵyn 👶🏽" });
  await assert.rejects(unlocked.open(UNFINISHED, entry(1), sealed));
  await assert.rejects(unlocked.open(ENTRY, entry(2), sealed));
  unlocked.lock();
  await assert.rejects(unlocked.open(ENTRY, entry(1), sealed));
  await assert.rejects(unlock(db, "Tŷ gwyn ar y brynn", slow()), WrongPassphrase);
});

test("a PIN, a short word and a repeated symbol are no passphrase", async () => {
  for (const weak of ["123456", "123456789012345678", "short", "aaaaaaaaaaaaaaaa", " a b c d "]) {
    assert.equal(strongEnough(weak), false, weak);
  }
  assert.equal(strongEnough(PHRASE), true);
  const db = await new Vault().db();
  await assert.rejects(setPassphrase(db, "123456789012345", slow()), WeakPassphrase);
  assert.equal(await readingKey(db), null);
});

test("the rounds take half a second here, and are never below 600,000", async () => {
  /** @param {number} ms */
  const taking = (ms) => {
    let now = 0;
    const monotonic = () => {
      now += ms;
      return now;
    };
    return calibrated({ ...clock, monotonic });
  };
  assert.equal(await taking(100), FEWEST_ROUNDS * 5);
  assert.equal(await taking(5000), FEWEST_ROUNDS);
  assert.ok((await taking(0)) >= FEWEST_ROUNDS);
});

test("wrong tries wait longer and longer, are counted over restarts, and wipe nothing", async () => {
  let db = await new Vault().db();
  await setPassphrase(db, PHRASE, slow());
  await db.put("reading", { count: 4, until: 0 }, "tries");
  await assert.rejects(unlock(db, "wrong passphrase", slow()), WrongPassphrase);
  await assert.rejects(unlock(db, PHRASE, slow(NOW + 4_999)), WaitFirst);
  db.close();
  db = await new Vault().db();
  await assert.rejects(unlock(db, "wrong passphrase", slow(NOW + 5_000)), WrongPassphrase);
  await assert.rejects(unlock(db, PHRASE, slow(NOW + 14_999)), WaitFirst);
  await db.put("reading", { count: 99, until: 0 }, "tries");
  await assert.rejects(unlock(db, "wrong passphrase", slow()), WrongPassphrase);
  assert.equal((await db.get("reading", "tries")).until, NOW + MOST_WAIT_MS);
  // A clock that was put back a year shuts nobody out.
  await unlock(db, PHRASE, slow(NOW - 365 * DAY_MS));
  assert.equal(await db.get("reading", "tries"), undefined);
});

test("a new passphrase takes the old copies with it, and nothing that waits", async () => {
  const db = await new Vault().db();
  await setPassphrase(db, PHRASE, slow());
  await db.put("copies", { entry: "a", at: NOW, sealed: await sealedCopy(db, {}) });
  await db.put("unfinished", { entry: "b", at: NOW, sealed: entry(1), copy: entry(2) });
  await db.put("events", { n: 1, id: "x", device: "d", seq: 1, at: NOW, bytes: entry(3) });
  const before = await readingKey(db);
  await setPassphrase(db, "another good phrase", slow());
  assert.notDeepEqual(await readingKey(db), before);
  assert.deepEqual(await db.getAll("copies"), []);
  assert.deepEqual(await db.get("unfinished", "b"), {
    entry: "b",
    at: NOW,
    sealed: entry(1),
    copy: null,
  });
  assert.equal(await db.count("events"), 1);
  await assert.rejects(unlock(db, PHRASE, slow()), WrongPassphrase);
});

test("a changed passphrase opens the same copies, and the phone's own lock stays", async () => {
  const db = await new Vault().db();
  const unlocked = await setPassphrase(db, PHRASE, slow());
  const sealed = await sealedCopy(db, { shared: "kept" });
  const platform = { credential: entry(1), salt: entry(2), nonce: entry(3), wrapped: entry(4) };
  await db.put("reading", platform, "platform");
  await db.put("reading", { count: 3, until: 0 }, "tries");
  await assert.rejects(changePassphrase(db, unlocked, "1234567890123", slow()), WeakPassphrase);
  await changePassphrase(db, unlocked, "another good phrase", slow());
  unlocked.lock();
  await assert.rejects(unlock(db, PHRASE, slow()), WrongPassphrase);
  const again = await unlock(db, "another good phrase", slow());
  assert.deepEqual(await again.open(ENTRY, entry(1), sealed), { shared: "kept" });
  assert.deepEqual(await db.get("reading", "platform"), platform);
});

test("a passphrase is changed for nobody: not while locked, nor over a pair made since", async () => {
  const db = await new Vault().db();
  const locked = await setPassphrase(db, PHRASE, slow());
  locked.lock();
  await assert.rejects(changePassphrase(db, locked, "another good phrase", slow()));
  const before = await unlock(db, PHRASE, slow());
  await setPassphrase(db, "a pair made in another tab", slow());
  await assert.rejects(changePassphrase(db, before, "another good phrase", slow()));
  await unlock(db, "a pair made in another tab", slow());
});

test("copies are gone after seven days, or at once where none may be kept", async () => {
  const db = await new Vault().db();
  const put = async () => {
    await db.put("copies", { entry: "a", at: NOW, sealed: entry(1) });
    await db.put("unfinished", { entry: "b", at: NOW, sealed: entry(1), copy: entry(2) });
  };
  const left = async () => [await db.count("copies"), (await db.get("unfinished", "b")).copy];
  await put();
  await dropOldCopies(db, NOW + 7 * DAY_MS, 7);
  assert.deepEqual(await left(), [1, entry(2)]);
  await dropOldCopies(db, NOW + 7 * DAY_MS + 1, 7);
  assert.deepEqual(await left(), [0, null]);
  assert.deepEqual((await db.get("unfinished", "b")).sealed, entry(1));
  await put();
  await dropOldCopies(db, NOW, 0);
  assert.deepEqual(await left(), [0, null]);
});

test("a directory that says nothing keeps copies seven days, and 0 means never", () => {
  assert.equal(readBackDays(null), 7);
  assert.equal(readBackDays(/** @type {any} */ ({})), 7);
  assert.equal(readBackDays(/** @type {any} */ ({ read_back_days: 0 })), 0);
  assert.equal(readBackDays(/** @type {any} */ ({ read_back_days: -1 })), 7);
});
