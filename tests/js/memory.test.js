// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../static/js/outbox/send.js";
import { held, waitingNumbers } from "../../static/js/outbox/waiting.js";
import { openDatabase, shape, Vault } from "../../static/js/vault/database.js";
import { openDevice } from "../../static/js/vault/device.js";
import { MemoryDatabase } from "../../static/js/vault/memory.js";
import { readHead, save } from "../../static/js/vault/save.js";
import { Trust } from "../../static/js/vault/trust.js";
import { Door } from "./door.js";
import { clock, sealed, wipe } from "./phone.js";

/** What the app asks of its store, in one go; every answer is kept. @param {any} db */
async function conversation(db) {
  /** @type {any[]} */
  const said = [];
  const ask = async (/** @type {Promise<any>} */ answer) => {
    said.push(await answer.catch((error) => `refused: ${error.name}`));
  };
  const row = (/** @type {string} */ id, /** @type {number} */ seq) => ({ id, device: "d", seq });
  await ask(db.put("trust", { at: 1 }, "enrolled"));
  await ask(db.get("trust", "enrolled"));
  await ask(db.get("trust", "nothing"));
  await ask(db.delete("trust", "enrolled"));
  await ask(db.getKey("trust", "enrolled"));
  await ask(db.put("trust", 1));
  const tx = db.transaction(["events", "chain"], "readwrite");
  await ask(tx.objectStore("events").add(row("b", 1)));
  await ask(tx.objectStore("events").add(row("a", 2)));
  await ask(tx.objectStore("chain").put({ seq: 2 }, "d"));
  await ask(tx.done);
  for (const twice of [row("b", 3), row("c", 2), { ...row("e", 9), n: 1 }]) {
    const failing = db.transaction(["events", "chain"], "readwrite");
    failing.done.catch(() => {});
    failing
      .objectStore("chain")
      .put({ seq: 77 }, "d")
      .catch(() => {});
    await ask(failing.objectStore("events").add(twice));
    await ask(failing.done);
  }
  const aborted = db.transaction("events", "readwrite");
  await aborted.store.delete(1);
  aborted.abort();
  await ask(aborted.done);
  await ask(db.get("chain", "d"));
  await ask(db.getAll("events"));
  await ask(db.count("events"));
  await ask(db.getFromIndex("events", "id", "a"));
  await ask(db.getKeyFromIndex("events", "id", "b"));
  await db.put("states", { n: 2, state: "received" });
  await db.put("states", { n: 1, state: "received" });
  await db.put("states", { n: 3, state: "parked" });
  const states = db.transaction("states").store;
  await ask(states.index("state").getAllKeys("received", 500));
  await ask(states.index("state").getAll("received", 1));
  await ask(states.index("state").count("parked"));
  await ask(states.getAllKeys());
  const range = IDBKeyRange.bound(["d", 0], ["d", 99]);
  for (const direction of ["next", "prev"]) {
    const events = db.transaction("events").store;
    let cursor = await events.index("chain").openCursor(range, direction);
    while (cursor) {
      said.push([cursor.key, cursor.primaryKey, cursor.value.id]);
      cursor = await cursor.continue();
    }
    said.push((await events.openCursor(null, direction)).value.id);
  }
  const emptied = db.transaction("states", "readwrite");
  emptied.store.clear();
  await emptied.done;
  await ask(db.count("states"));
  said.push(Array.from(db.objectStoreNames).sort(), db.objectStoreNames.contains("copies"));
  return said;
}

test("a store in memory answers as the browser's own", async () => {
  wipe();
  const real = await conversation(await openDatabase());
  const memory = await conversation(new MemoryDatabase(shape));
  assert.deepEqual(memory, real);
  assert.ok(real.filter((one) => String(one).startsWith("refused")).length >= 6);
});

test("a page without a store logs, sends and has its receipts", async () => {
  wipe();
  const vault = new Vault();
  const memory = new MemoryDatabase(shape);
  vault.doWithout(/** @type {any} */ (memory));
  const device = await openDevice(vault);
  const trust = new Trust(vault);
  const door = await Door.open();
  const fetcher = /** @type {any} */ (door.fetch);
  const outbox = new Outbox({ vault, device, trust, clock, fetcher, changed: () => {} });
  await Promise.all([1, 2, 3].map((last) => save(vault, device, sealed(last))));
  const db = await vault.reopen();
  assert.equal((await readHead(db, device.name))?.seq, 3);
  assert.deepEqual([memory.size("events"), memory.size("states")], [3, 0]);
  door.opens = true;
  await outbox.sync();
  await outbox.sync();
  outbox.stop();
  assert.equal(door.held.size, 3);
  assert.deepEqual(await waitingNumbers(db), []);
  const states = (await held(db, 9)).lines.map((line) => line.state);
  assert.deepEqual(states, ["in-record", "in-record", "in-record"]);
});
