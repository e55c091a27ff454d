// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { prune, surelyHeld } from "../../static/js/outbox/pruning.js";
import { Outbox } from "../../static/js/outbox/send.js";
import { waitingNumbers } from "../../static/js/outbox/waiting.js";
import { dropReadable, hasLeft, leave, noteLeaving } from "../../static/js/phone/leaving.js";
import { clockWords, platformOf, risks } from "../../static/js/phone/standing.js";
import { checkCanary, missing, noteCanary } from "../../static/js/vault/canary.js";
import { parse } from "../../static/js/vault/parsing.js";
import { forgetVanished, foundAgain, vanished } from "../../static/js/vault/vanished.js";
import { Door } from "./door.js";
import { anotherPlace } from "./figures.js";
import { aPhone, NOW } from "./phone.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const figures = { device: "one", seq: 5, entries: 5, waiting: 2 };

test("a store that has what the figures say is whole", () => {
  assert.equal(missing(null, figures), null);
  assert.equal(missing(figures, figures), null);
  assert.equal(missing(figures, { ...figures, seq: 9, entries: 9, waiting: 0 }), null);
  assert.equal(missing({ ...figures, entries: 0 }, { ...figures, device: "two" }), null);
});

test("a store that is shorter, emptied or another one is missing entries", () => {
  assert.deepEqual(missing(figures, { ...figures, seq: 3, entries: 3 }), {
    entries: 2,
    waiting: 2,
  });
  const emptied = { device: "two", seq: 0, entries: 0, waiting: 0 };
  assert.deepEqual(missing(figures, emptied), { entries: 5, waiting: 2 });
});

/** A phone with so many entries, looked at by its canary. @param {number} many */
async function watched(many) {
  anotherPlace();
  const phone = await aPhone();
  for (let i = 0; i < many; i++) await phone.log(i);
  const db = await phone.vault.db();
  await checkCanary(db, phone.device.name, NOW);
  return { ...phone, db };
}

test("figures hold no name and no word, and nothing has vanished while all is there", async () => {
  const { db, device } = await watched(2);
  await noteCanary(db, device.name);
  const kept = JSON.parse(localStorage.getItem("sharelog-canary") ?? "");
  assert.deepEqual(kept, { device: device.name, seq: 2, entries: 2, waiting: 2 });
  assert.equal(vanished(), null);
});

test("entries that vanished are said until somebody has read it, and never twice", async () => {
  const { db, device, log, vault } = await watched(3);
  const last = (await db.getAllKeys("events")).at(-1);
  await db.delete("events", /** @type {any} */ (last));
  await db.delete("chain", device.name);
  await checkCanary(db, device.name, NOW);
  assert.equal(vanished()?.entries, 1);
  await checkCanary(db, device.name, NOW);
  assert.equal(vanished()?.entries, 1);
  forgetVanished();
  assert.equal(vanished(), null);
  await log(9);
  const rows = await (await vault.db()).getAll("events");
  assert.equal(parse(rows.at(-1).bytes).header.seq, 4);
});

test("a phone put back to an earlier state goes on behind the last number it gave", async () => {
  const { db, device, log } = await watched(2);
  const before = { head: await db.get("chain", device.name) };
  for (const n of [7, 8, 9]) await log(n);
  await noteCanary(db, device.name);
  // The store comes back as it was; the figures outside of it do not.
  for (const n of (await db.getAllKeys("events")).slice(2)) await db.delete("events", n);
  await db.put("chain", before.head, device.name);
  await checkCanary(db, device.name, NOW);
  assert.deepEqual(vanished(), { entries: 3, waiting: 3, at: NOW });
  const saved = await log(10);
  assert.equal(saved.seq, 6, "the record sees that 3, 4 and 5 are missing");
});

test("a store that goes under a page that is open takes none of the figures with it", async () => {
  const { db, device } = await watched(3);
  await db.clear("events");
  await db.clear("chain");
  await noteCanary(db, device.name);
  await checkCanary(db, device.name, NOW);
  assert.deepEqual(vanished(), { entries: 3, waiting: 3, at: NOW });
});

test("an emptied phone says how much was not received", async () => {
  await watched(3);
  const kept = localStorage.getItem("sharelog-canary") ?? "";
  const fresh = await aPhone();
  localStorage.setItem("sharelog-canary", kept);
  await checkCanary(await fresh.vault.db(), fresh.device.name, NOW);
  assert.deepEqual(vanished(), { entries: 3, waiting: 3, at: NOW });
});

test("what is found again was gone, though the last of the figures came too late", () => {
  localStorage.setItem("sharelog-vanished", '{"entries":1,"waiting":1,"at":1}');
  foundAgain("sharelog", 2, NOW);
  assert.deepEqual(vanished(), { entries: 2, waiting: 0, at: 1, again: 2 });
  foundAgain("sharelog", 1, NOW);
  assert.equal(vanished()?.entries, 3);
});

test("a browser without that place loses nothing but the warning", async () => {
  const { db, device } = await watched(1);
  Object.defineProperty(globalThis, "localStorage", {
    get: () => {
      throw new DOMException("no", "SecurityError");
    },
    configurable: true,
  });
  await checkCanary(db, device.name, NOW);
  await noteCanary(db, device.name);
  assert.equal(vanished(), null);
});

const safe = /** @type {const} */ ({
  persisted: true,
  installed: true,
  platform: "android",
  keyKept: true,
  private: false,
  free: null,
});

test("stored safely is only said where nothing speaks against it", () => {
  assert.deepEqual(risks(safe), []);
  assert.deepEqual(risks({ ...safe, installed: false }), []);
  assert.deepEqual(risks({ ...safe, persisted: false }), ["not-promised"]);
  assert.deepEqual(risks({ ...safe, persisted: false, installed: false }), ["not-promised", "tab"]);
  assert.deepEqual(risks({ ...safe, platform: "ios", installed: false }), ["ios-tab"]);
  const worst = { ...safe, private: true, keyKept: false, free: 1000 };
  assert.deepEqual(risks(worst), ["private", "no-key", "nearly-full"]);
});

test("the clock is only called wrong by more than the line could have taken", () => {
  assert.deepEqual(clockWords(undefined), { key: "clock.unknown", n: 0 });
  assert.deepEqual(clockWords({ ahead: 20_000, within: 0 }), { key: "clock.right", n: 0 });
  assert.deepEqual(clockWords({ ahead: 7 * MINUTE, within: 7 * MINUTE }).key, "clock.right");
  assert.deepEqual(clockWords({ ahead: 7 * MINUTE, within: 400 }), {
    key: "clock.fast-minutes",
    n: 7,
  });
  assert.deepEqual(clockWords({ ahead: -180 * MINUTE, within: 0 }), {
    key: "clock.slow-hours",
    n: 3,
  });
  assert.deepEqual(clockWords({ ahead: 9 * DAY, within: 0 }), { key: "clock.fast-days", n: 9 });
});

test("an iPad that calls itself a Mac is an iPad", () => {
  assert.equal(platformOf("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5), "ios");
  assert.equal(platformOf("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0), "desktop");
  assert.equal(platformOf("Mozilla/5.0 (Linux; Android 13; Pixel 5)", 5), "android");
});

/** @type {any} */
const contact = { time: NOW, backedUpTo: 10, seen: { epoch: "now", position: 12, digest: "" } };
/** @type {any} */
const held = { state: "in-record", receipt: { epoch: "now", position: 10, received_at: NOW } };

test("sealed bytes go when opened and backed up, or after 35 days of the server's clock", () => {
  assert.ok(surelyHeld(held, contact));
  assert.ok(!surelyHeld({ ...held, receipt: { ...held.receipt, position: 11 } }, contact));
  assert.ok(!surelyHeld({ ...held, receipt: { ...held.receipt, epoch: "before" } }, contact));
  assert.ok(!surelyHeld({ ...held, state: "received" }, contact));
  assert.ok(!surelyHeld({ ...held, state: "parked", receipt: null }, contact));
  const old = { ...held.receipt, epoch: "before", received_at: NOW - 35 * DAY };
  for (const state of ["received", "in-record", "needs-look"]) {
    assert.ok(surelyHeld({ ...held, state, receipt: old }, contact));
    assert.ok(
      !surelyHeld(
        { ...held, state: "received", receipt: { ...old, received_at: old.received_at + 1 } },
        contact,
      ),
    );
  }
});

test("what was never stored is never pruned, however old", async () => {
  const door = await Door.open();
  const phone = await aPhone(door);
  await phone.log(1);
  const outbox = new Outbox(phone.rooms);
  await outbox.sync();
  outbox.stop();
  await phone.log(2);
  const db = await phone.vault.db();
  const known = await db.get("trust", "contact");
  assert.equal(await prune(db), 0);
  await db.put("trust", { ...known, time: NOW + 400 * DAY }, "contact");
  assert.equal(await prune(db), 1);
  const rows = await db.getAll("events");
  assert.deepEqual(
    rows.map((row) => row.bytes.length > 0),
    [false, true],
  );
  assert.equal((await waitingNumbers(db)).length, 1);
});

/** A phone whose next answers say that it is revoked. @param {number} entries */
async function revoked(entries) {
  anotherPlace();
  const door = await Door.open();
  door.notices = [{ code: "device.revoked", count: 1 }];
  const phone = await aPhone(door);
  for (let i = 0; i < entries; i++) await phone.log(i);
  const outbox = new Outbox(phone.rooms);
  const send = async () => {
    await outbox.sync();
    outbox.stop();
  };
  return { ...phone, door, send, db: await phone.vault.db() };
}

const nothing = async () => {};

test("only a signed answer says that a phone is revoked", async () => {
  const { door, send, db } = await revoked(1);
  door.instead = [
    () => new Response(JSON.stringify({ code: "enrol.revoked" }), { status: 403 }),
    async (answer) => {
      const body = new Uint8Array(await answer.arrayBuffer());
      body[body.length - 1] ^= 1;
      return new Response(body);
    },
  ];
  await send();
  await send();
  assert.equal(await db.get("trust", "revoked"), undefined);
  await send();
  assert.deepEqual(await db.get("trust", "revoked"), { at: NOW });
});

test("a revoked phone keeps what waits and empties itself when nothing does", async () => {
  const { send, db, vault, log } = await revoked(1);
  await send();
  await log(2);
  assert.equal(await leave(vault, nothing), false);
  assert.equal(await db.count("events"), 2);
  await send();
  assert.equal(await leave(vault, nothing), true);
  for (const name of Array.from(db.objectStoreNames)) assert.equal(await db.count(name), 0, name);
  assert.equal(localStorage.getItem("sharelog-canary"), null);
  assert.equal(hasLeft(), null);
  noteLeaving({ organisation: "Northside", at: NOW });
  assert.deepEqual(hasLeft(), { organisation: "Northside", at: NOW });
});

test("what the record would not take is kept apart before a revoked phone is emptied", async () => {
  const { door, send, db, vault, log } = await revoked(0);
  const { toText } = await import("../../static/js/vault/bytes.js");
  door.refuses.add(toText((await log(1)).id));
  const [{ bytes }] = await db.getAll("events");
  await send();
  /** @type {Uint8Array[]} */
  const kept = [];
  const keep = async (/** @type {Uint8Array[]} */ rows) => kept.push(...rows);
  assert.equal(await leave(vault, keep), true);
  assert.deepEqual(kept, [bytes]);
});

test("what could be read goes first, and a store without such places is left alone", async () => {
  const { db } = await revoked(1);
  await dropReadable(db);
  assert.equal(await db.count("events"), 1);
});
