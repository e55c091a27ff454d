// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { same, toText } from "../../static/js/vault/bytes.js";
import { Vault } from "../../static/js/vault/database.js";
import { openDevice, signedBy } from "../../static/js/vault/device.js";
import { signedBytes } from "../../static/js/vault/event.js";
import { parse } from "../../static/js/vault/parsing.js";
import { NotSaved, readHead, save } from "../../static/js/vault/save.js";
import { aPhone, sealed, wipe } from "./phone.js";

beforeEach(wipe);

/** @param {import("../../static/js/vault/database.js").Database} db @param {string} device */
async function checkChain(db, device) {
  const rows = await db.getAllFromIndex("events", "chain");
  let before = { seq: 0, id: new Uint8Array(32) };
  for (const row of rows) {
    const { header } = parse(row.bytes);
    assert.equal(header.seq, before.seq + 1);
    assert.ok(same(header.prev, before.id), `prev of ${header.seq}`);
    before = { seq: header.seq, id: Buffer.from(row.id, "base64url") };
  }
  const head = await readHead(db, device);
  assert.deepEqual([head?.seq, toText(head?.id ?? before.id)], [before.seq, toText(before.id)]);
  return rows.length;
}

test("60 saves at the same moment, with no lock, use no number of the chain twice", async () => {
  const first = new Vault();
  const device = await openDevice(first);
  const tabs = [first, new Vault(), new Vault()];
  const saves = Array.from({ length: 60 }, (_, i) => save(tabs[i % 3], device, sealed(i % 250)));
  const saved = await Promise.all(
    saves.map((one) =>
      one.then(
        () => 1,
        () => 0,
      ),
    ),
  );
  const count = await checkChain(await first.db(), device.name);
  // Without a lock a save may run out of tries and say so; then it is not there either.
  assert.equal(
    count,
    saved.reduce((sum, one) => sum + one, 0),
  );
  assert.ok(count > 0);
});

test("three tabs make 300 saves and no number of the chain is used twice", async () => {
  const first = new Vault();
  const device = await openDevice(first);
  const tabs = [first, new Vault(), new Vault()];
  for (let i = 0; i < 100; i++) {
    await Promise.all(tabs.map((tab) => save(tab, device, sealed(i))));
  }
  assert.equal(await checkChain(await first.db(), device.name), 300);
});

test("a saved event is signed by this phone and stands as it was laid", async () => {
  const { vault, device, log } = await aPhone();
  const { n, id } = await log(7);
  const row = await (await vault.db()).get("events", n);
  const { header, sealed: kept, signature } = parse(row.bytes);
  assert.equal(row.id, toText(id));
  assert.ok(same(header.device, device.id));
  assert.ok(await signedBy(device.public, signature, await signedBytes(header, kept)));
});

test("two tabs of a first visit end up with one key", async () => {
  const devices = await Promise.all([new Vault(), new Vault()].map(openDevice));
  assert.equal(devices[0].name, devices[1].name);
  assert.ok(devices.every((device) => device.kept));
});

for (const name of ["QuotaExceededError", "UnknownError"]) {
  test(`a full disk (${name}) says not saved, and the next save is number 1`, async () => {
    const { vault, device, log } = await aPhone();
    await vault.db();
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException("full", name);
    };
    await assert.rejects(log(1), NotSaved).finally(() => {
      IDBObjectStore.prototype.add = add;
    });
    assert.equal((await log(2)).seq, 1);
    assert.equal(await checkChain(await vault.db(), device.name), 1);
  });
}

test("a lost connection is opened again once, and the entry is there once", async () => {
  const { vault, device, log } = await aPhone();
  await log(1);
  (await vault.db()).close();
  assert.equal((await log(2)).seq, 2);
  assert.equal(await checkChain(await vault.db(), device.name), 2);
});

test("a connection that cannot be opened at all says not saved", async () => {
  const { vault, log } = await aPhone();
  (await vault.db()).close();
  vault.db = () => Promise.reject(new DOMException("corrupt", "UnknownError"));
  await assert.rejects(log(1), NotSaved);
});

test("a lost head pointer is found again from the events", async () => {
  const { vault, device, log } = await aPhone();
  for (const last of [1, 2, 3]) await log(last);
  const db = await vault.db();
  await db.delete("chain", device.name);
  assert.equal((await log(4)).seq, 4);
  assert.equal(await checkChain(db, device.name), 4);
});
