// @ts-check
/** The store changes its shape with everything in it, whole or not at all. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deleteDB, openDB } from "idb";
import { NAME, openDatabase, Vault, VERSION } from "../../static/js/vault/database.js";
import { openDevice } from "../../static/js/vault/device.js";
import { save } from "../../static/js/vault/save.js";
import { sealed, wipe } from "./phone.js";

beforeEach(wipe);

/** The first shape, as it stood in the first release. Never edit this. */
const first = () =>
  openDB(NAME, 1, {
    upgrade(db) {
      const events = db.createObjectStore("events", { keyPath: "n", autoIncrement: true });
      events.createIndex("id", "id", { unique: true });
      events.createIndex("chain", ["device", "seq"], { unique: true });
      db.createObjectStore("states", { keyPath: "n" }).createIndex("state", "state");
      for (const name of ["chain", "device", "trust"]) db.createObjectStore(name);
    },
  });

/** A phone of the first release with three entries; what it holds. */
async function anOldPhone() {
  const old = await first();
  const vault = /** @type {Vault} */ ({ db: async () => old, reopen: async () => old });
  const device = await openDevice(vault);
  for (const last of [1, 2, 3]) await save(vault, device, sealed(last));
  await old.put("states", { n: 1, state: "received", why: "", changedAt: 1 });
  await old.put("trust", { at: 1 }, "enrolled");
  const held = await everything(old);
  old.close();
  return { device, held };
}

/** @param {import("idb").IDBPDatabase<any>} db */
async function everything(db) {
  const stores = ["events", "states", "chain", "trust"];
  return Promise.all(stores.map((name) => db.getAll(name)));
}

test("a phone of the first release keeps everything and goes on with its chain", async () => {
  const { device, held } = await anOldPhone();
  const vault = new Vault();
  const db = await vault.db();
  assert.equal(db.version, VERSION);
  assert.deepEqual(await everything(db), held);
  assert.equal((await openDevice(vault)).name, device.name);
  assert.equal((await save(vault, device, sealed(4), { unfinished: "x" })).seq, 4);
});

test("an upgrade that is cut off leaves the first shape with everything in it", async () => {
  const { held } = await anOldPhone();
  const make = IDBDatabase.prototype.createObjectStore;
  let made = 0;
  IDBDatabase.prototype.createObjectStore = function (...args) {
    const store = make.apply(this, args);
    made += 1;
    if (made === 3) store.transaction.abort();
    return store;
  };
  await assert.rejects(openDatabase()).finally(() => {
    IDBDatabase.prototype.createObjectStore = make;
  });
  const old = await openDB(NAME);
  assert.equal(old.version, 1);
  assert.ok(!old.objectStoreNames.contains("unfinished"));
  assert.deepEqual(await everything(old), held);
  old.close();
  assert.deepEqual(await everything(await new Vault().db()), held);
});

test("a tab with the older version lets go; one that does not is named", async () => {
  await anOldPhone();
  const stubborn = await openDB(NAME, 1);
  const vault = new Vault();
  /** @type {boolean[]} */
  const said = [];
  vault.standsInTheWay = (blocked) => {
    said.push(blocked);
    if (blocked) stubborn.close();
  };
  assert.equal((await vault.db()).version, VERSION);
  assert.deepEqual(said, [true, false]);
});

test("this version works on a shape of a later one, and lets go of it when asked", async () => {
  const { device } = await anOldPhone();
  await (await openDatabase()).close();
  const later = await openDB(NAME, VERSION + 1, {
    upgrade(db) {
      db.createObjectStore("of-a-later-release");
    },
  });
  later.close();
  const vault = new Vault();
  assert.equal((await save(vault, device, sealed(4), { unfinished: "x" })).seq, 4);
  assert.equal((await vault.db()).version, VERSION + 1);
  await deleteDB(NAME, { blocked: () => assert.fail("did not let go") });
});
