// @ts-check
/** Several people on one phone: each with their own things, whoever is logging. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Cargo } from "../../static/js/outbox/carried.js";
import { Outbox } from "../../static/js/outbox/send.js";
import { waitingNumbers } from "../../static/js/outbox/waiting.js";
import { hasLeft } from "../../static/js/phone/leaving.js";
import { countOf } from "../../static/js/phone/notices.js";
import { Others } from "../../static/js/phone/others.js";
import { addPerson, CannotShare, findLost, forget, leaves } from "../../static/js/phone/roster.js";
import { toText } from "../../static/js/vault/bytes.js";
import { NAME, Vault } from "../../static/js/vault/database.js";
import { openDevice } from "../../static/js/vault/device.js";
import { PEOPLE, whoIsHere } from "../../static/js/vault/people.js";
import { save } from "../../static/js/vault/save.js";
import { Trust } from "../../static/js/vault/trust.js";
import { setPassphrase, unlock, WrongPassphrase } from "../../static/js/vault/unlock.js";
import { Door } from "./door.js";
import { anotherPlace } from "./figures.js";
import { aPhone, clock, NOW, sealed } from "./phone.js";

/** @type {Map<string, string>} */
let place;
beforeEach(() => {
  place = anotherPlace();
});

const until = async (/** @type {() => boolean | Promise<boolean>} */ so) => {
  // A machine that is busy with browsers takes its time.
  for (let i = 0; i < 4000; i++) {
    if (await so()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail("it never came to that");
};

/** A phone that met its organisation, with two entries of Ama, and Jo who came after her. */
async function sharedPhone() {
  const door = await Door.open();
  const ama = await aPhone(door);
  const outbox = new Outbox(ama.rooms);
  await outbox.sync();
  outbox.stop();
  await ama.log(1);
  await ama.log(2);
  await addPerson(ama, { first: "Ama", name: "Jo" });
  const vault = new Vault(whoIsHere().here);
  const device = await openDevice(vault);
  const trust = new Trust(vault);
  await trust.recall();
  const rooms = { ...ama.rooms, vault, device, trust };
  const jo = { ...rooms, rooms, outbox: new Outbox(rooms) };
  return { door, ama, jo, db: await ama.vault.db() };
}

/** @type {Others[]} */
const opened = [];
afterEach(async () => {
  // Whoever is still being taken off would be taken off the next test's phone.
  for (const others of opened.splice(0)) await others.stop();
});

/** What runs beside whoever is logging. @param {any} here @param {() => void} [gone] */
function beside(here, gone = () => {}) {
  const others = new Others(here, new Cargo(), gone);
  opened.push(others);
  return others;
}

/** @param {Vault} vault */
async function emptied(vault) {
  const db = await vault.db();
  for (const name of db.objectStoreNames) await db.clear(name);
}

test("without a list there is one person, whatever stands in its place", () => {
  assert.deepEqual(whoIsHere(), { here: NAME, people: [] });
  place.set(PEOPLE, "{broken");
  assert.deepEqual(whoIsHere(), { here: NAME, people: [] });
});

test("whoever comes second has a key of their own and believes the same organisation", async () => {
  const { ama, jo, db } = await sharedPhone();
  const people = [
    { store: NAME, name: "Ama" },
    { store: `${NAME}-2`, name: "Jo" },
  ];
  assert.deepEqual(whoIsHere(), { here: `${NAME}-2`, people });
  assert.notEqual(jo.device.name, ama.device.name);
  assert.deepEqual(jo.trust.keys?.fingerprint, ama.trust.keys?.fingerprint);
  const theirs = await jo.vault.db();
  assert.equal(await theirs.get("trust", "enrolled"), undefined);
  assert.equal(await theirs.count("events"), 0);
  assert.equal(await db.count("events"), 2);
  // An app of before knows the first store alone: it is the first person's, with everything in it.
  const older = await openDevice(new Vault());
  assert.equal(older.name, ama.device.name);
  // Another root is nobody's here.
  const another = await Door.open();
  await assert.rejects(jo.trust.acceptKeys(await another.keys()));
});

test("entries of who was here before go out as theirs, under their own hello", async () => {
  const { door, ama, jo, db } = await sharedPhone();
  await save(jo.vault, jo.device, sealed(3));
  const others = beside(jo);
  await others.look();
  await until(async () => (await waitingNumbers(db)).length === 0);
  const since = door.hellos.slice(1);
  assert.ok(since.every(({ key }) => key === toText(ama.device.public)));
  assert.equal(since[0].unsent, 2);
  // Jo's own waits for Jo's own sender, and has its own receipt.
  const joDb = await jo.vault.db();
  assert.equal((await waitingNumbers(joDb)).length, 1);
  await jo.outbox.sync();
  jo.outbox.stop();
  assert.equal((await waitingNumbers(joDb)).length, 0);
  assert.equal(door.hellos.at(-1).key, toText(jo.device.public));
  const found = await others.look();
  assert.deepEqual(
    found.map(({ name, waiting }) => [name, waiting]),
    [["Ama", 0]],
  );
});

test("what the record has for each is theirs, and the badge is of all", async () => {
  const { door, ama, jo } = await sharedPhone();
  door.noticesTo.set(toText(ama.device.public), [{ code: "entries.returned", count: 2 }]);
  const others = beside(jo);
  await others.look();
  await until(async () => (await others.look())[0].notices.length > 0);
  await jo.outbox.sync();
  jo.outbox.stop();
  assert.equal(countOf((await others.look())[0].notices), 2);
  assert.deepEqual((await (await jo.vault.db()).get("trust", "contact")).notices, []);
});

test("one passphrase opens nothing of the other person's", async () => {
  const { jo, db } = await sharedPhone();
  let passed = 0;
  const slow = { ...clock, monotonic: () => (passed += 500) };
  const joDb = await jo.vault.db();
  await setPassphrase(db, "three wet umbrellas", slow);
  await setPassphrase(joDb, "four dry umbrellas", slow);
  await assert.rejects(unlock(joDb, "three wet umbrellas", slow), WrongPassphrase);
  assert.equal(await db.get("reading", "tries"), undefined);
  await unlock(db, "three wet umbrellas", slow);
});

test("who is removed with entries unsent loses what can be read at once and nothing that waits", async () => {
  const { door, ama, jo, db } = await sharedPhone();
  await db.put("copies", { entry: "a", at: NOW, sealed: new Uint8Array(1) });
  let left = 0;
  const gone = () => {
    left += 1;
  };
  const others = beside(jo, gone);
  const answers = door.fetch;
  jo.rooms.fetcher = /** @type {any} */ (() => Promise.reject(new TypeError("no signal")));
  // Another tab; whichever is faster takes the last things away.
  const offline = beside({ ...jo, fetcher: jo.rooms.fetcher }, gone);
  await leaves(ama.vault, NOW);
  assert.equal(whoIsHere().people[0].leaving, true);
  assert.equal((await offline.look())[0].waiting, 2);
  await until(async () => (await db.count("copies")) === 0);
  assert.equal(await db.count("events"), 2);
  assert.notEqual(await db.get("device", "signing"), undefined);
  place.set(PEOPLE, JSON.stringify({ ...whoIsHere(), here: jo.vault.name }));

  door.fetch = answers;
  await until(async () => {
    await others.look();
    others.sync();
    return left > 0;
  });
  assert.equal(door.held.size, 2);
  assert.deepEqual(whoIsHere().people, [{ store: `${NAME}-2`, name: "Jo" }]);
  assert.equal(hasLeft(), null);
  const again = new Vault();
  assert.equal(await (await again.db()).get("device", "signing"), undefined);
});

test("a device that is revoked takes its own person's things with it and nobody else's", async () => {
  const { door, ama, jo, db } = await sharedPhone();
  const joDb = await jo.vault.db();
  await save(jo.vault, jo.device, sealed(3));
  await joDb.put("copies", { entry: "a", at: NOW, sealed: new Uint8Array(1) });
  door.noticesTo.set(toText(ama.device.public), [{ code: "device.revoked", count: 1 }]);
  let left = 0;
  const others = beside(jo, () => {
    left += 1;
  });
  await until(async () => {
    await others.look();
    return left === 1;
  });
  assert.deepEqual(hasLeft(), { organisation: "Northside", at: NOW, name: "Ama" });
  assert.equal(await joDb.count("copies"), 1);
  assert.equal((await waitingNumbers(joDb)).length, 1);
  assert.equal(await joDb.get("trust", "revoked"), undefined);
  assert.equal(door.held.size, 2);
  assert.equal(db.name, NAME);
});

test("a slow tab takes nothing from whoever came into the place of somebody who left", async () => {
  const { ama, jo } = await sharedPhone();
  const slow = new Vault(jo.vault.name);
  await slow.db();
  await emptied(jo.vault);
  await forget(jo.vault);
  await addPerson(ama, { first: "Ama", name: "Kit" });
  const kit = new Vault(whoIsHere().here);
  assert.equal(kit.name, slow.name);
  await save(kit, await openDevice(kit), sealed(4));

  await forget(slow);
  assert.deepEqual(
    whoIsHere().people.map(({ name }) => name),
    ["Ama", "Kit"],
  );
  assert.equal(await (await new Vault(kit.name).db()).count("events"), 1);
});

test("a list that was lost is found again from the stores", async () => {
  const { ama } = await sharedPhone();
  const before = whoIsHere().people;
  place.clear();
  assert.deepEqual(whoIsHere(), { here: NAME, people: [] });
  assert.equal(await findLost(), true);
  assert.deepEqual(whoIsHere(), { here: NAME, people: before });
  assert.equal(await findLost(), false);
  await leaves(ama.vault, NOW);
  place.clear();
  await findLost();
  assert.deepEqual(whoIsHere(), {
    here: `${NAME}-2`,
    people: [{ ...before[0], leaving: true }, before[1]],
  });
});

test("a store that somebody left is given to the next, with nothing of the last in it", async () => {
  const { ama, jo } = await sharedPhone();
  await emptied(jo.vault);
  await forget(jo.vault);
  await until(
    async () => !(await indexedDB.databases()).some(({ name }) => name === jo.vault.name),
  );
  await addPerson(ama, { first: "", name: "Kit" });
  assert.deepEqual(
    whoIsHere().people.map(({ store, name }) => [store, name]),
    [
      [NAME, "Ama"],
      [`${NAME}-2`, "Kit"],
    ],
  );
  assert.notEqual((await openDevice(new Vault(`${NAME}-2`))).name, jo.device.name);
});

test("a browser that keeps no keys or no list is told so, and nobody is put on it", async () => {
  const ama = await aPhone(await Door.open());
  const names = { first: "Ama", name: "Jo" };
  const keyless = { ...ama, device: { ...ama.device, kept: false } };
  await assert.rejects(addPerson(keyless, names), CannotShare);
  Object.defineProperty(globalThis, "localStorage", {
    get: () => {
      throw new DOMException("no", "SecurityError");
    },
    configurable: true,
  });
  await assert.rejects(addPerson(ama, names), CannotShare);
  assert.deepEqual(whoIsHere(), { here: NAME, people: [] });
});
