// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Outbox } from "../../static/js/outbox/send.js";
import { toText } from "../../static/js/vault/bytes.js";
import { checkCanary, noteCanary } from "../../static/js/vault/canary.js";
import {
  forgetCanary,
  forgetVanished,
  lostDevices,
  vanished,
} from "../../static/js/vault/vanished.js";
import { Door } from "./door.js";
import { anotherPlace } from "./figures.js";
import { aPhone, NOW } from "./phone.js";

const STORE = "sharelog";
const OTHER_EPOCH = "AgICAgICAgICAgICAgICAg";

beforeEach(anotherPlace);

/** A phone with an empty store; the figures are those of whoever had one before. @param {Door} door */
async function begins(door) {
  const phone = await aPhone(door);
  const db = await phone.vault.db();
  await checkCanary(db, phone.device.name, NOW);
  const send = async () => {
    const outbox = new Outbox(phone.rooms);
    await outbox.sync();
    outbox.stop();
    return door.hellos.at(-1).lost;
  };
  const logs = async (/** @type {number} */ many) => {
    for (let i = 0; i < many; i++) await phone.log(i);
    await noteCanary(db, phone.device.name);
  };
  return { ...phone, db, send, logs };
}

/** One that logged so many, sent those it had then, and whose store is thrown away. @param {Door} door @param {number} sent @param {number} waiting */
async function thrownAway(door, sent, waiting) {
  const phone = await begins(door);
  await phone.logs(sent);
  await phone.send();
  await phone.logs(waiting);
  return { device: phone.device.name, seq: sent + waiting, waiting };
}

test("a store that is gone with its key is told until a door that knows the phone has it", async () => {
  const door = await Door.open();
  const lost = await thrownAway(door, 2, 1);
  door.enrolled = false;
  const { send } = await begins(door);
  assert.deepEqual(await send(), [lost]);
  forgetVanished(); // that somebody has read it tells the record nothing
  assert.deepEqual(await send(), [lost]);
  door.enrolled = true;
  assert.deepEqual(await send(), [lost]);
  assert.deepEqual(await send(), []);
  assert.deepEqual(door.lost, [lost]);
});

test("an answer that was lost on the way is no answer, and it is told again", async () => {
  const door = await Door.open();
  const lost = await thrownAway(door, 0, 1);
  const { send } = await begins(door);
  door.instead = [() => new Response("", { status: 502 })];
  await send();
  assert.deepEqual(await send(), [lost]);
  assert.deepEqual(await send(), []);
});

test("a ledger that was put back is told once more, because it has forgotten", async () => {
  const door = await Door.open();
  const lost = await thrownAway(door, 0, 2);
  const { send } = await begins(door);
  await send();
  door.epoch = OTHER_EPOCH;
  await send();
  assert.deepEqual(await send(), []);
  assert.deepEqual(door.lost, [lost, lost]);
  door.notices = [{ code: "ledger.another", count: 1 }];
  door.instead = [
    (answer) => {
      door.notices = [];
      return answer;
    },
  ];
  await send();
  assert.deepEqual(door.lost, [lost, lost, lost]);
});

test("what one device has told is not told by the next one too", async () => {
  const door = await Door.open();
  const first = await thrownAway(door, 0, 1);
  const second = await thrownAway(door, 1, 0);
  assert.deepEqual(door.lost, [first]);
  const { send } = await begins(door);
  assert.deepEqual(await send(), [second]);
  assert.deepEqual(await send(), []);
});

test("a door of before keeps no such thing; it is sent entries, and told for as long", async () => {
  const door = await Door.open();
  const lost = await thrownAway(door, 0, 1);
  door.notes = false;
  const { send, logs } = await begins(door);
  await logs(2);
  assert.deepEqual(await send(), [lost]);
  assert.equal(door.held.size, 2);
  assert.deepEqual(await send(), [lost]);
});

test("two stores that went before anybody was told are both told, each as it was", async () => {
  const door = await Door.open();
  const first = await thrownAway(door, 1, 1);
  door.notes = false;
  const second = await thrownAway(door, 0, 3);
  door.notes = true;
  const { send } = await begins(door);
  assert.deepEqual(await send(), [first, second]);
  assert.deepEqual(vanished(), { entries: 5, waiting: 4, at: NOW });
});

test("a store that is only put back has its key, and the record sees the gap", async () => {
  const door = await Door.open();
  const { db, device, logs, send } = await begins(door);
  await logs(3);
  await db.clear("events");
  await checkCanary(db, device.name, NOW);
  assert.equal(vanished()?.entries, 3);
  assert.deepEqual(await send(), []);
});

test("a browser that keeps no key has another device each time and has lost nothing", async () => {
  const door = await Door.open();
  const { db, logs } = await begins(door);
  await logs(2);
  await checkCanary(db, "another device", NOW);
  assert.equal(vanished(), null);
  assert.deepEqual(lostDevices(STORE), []);
});

test("what stands in that place from somebody else makes no hello that is refused", async () => {
  const door = await Door.open();
  const { send, device } = await begins(door);
  const id = (/** @type {number} */ n) => toText(new Uint8Array(32).fill(n));
  const good = { device: id(1), seq: 3, waiting: 0 };
  const bad = [null, 7, "x", {}, [], { ...good, device: "x" }, { ...good, device: id(1).slice(1) }];
  for (const seq of [-1, 1.5, 2 ** 32, "3", null, undefined]) bad.push({ ...good, seq });
  for (const waiting of [-1, 0.5, 2 ** 31, "0", undefined]) bad.push({ ...good, waiting });
  for (const there of [7, {}, "x", bad, [...bad, good, { ...good, device: device.name }]]) {
    localStorage.setItem(`${STORE}-lost`, JSON.stringify(there));
    localStorage.setItem(`${STORE}-gone`, JSON.stringify(Array.isArray(there) ? [null] : there));
    assert.deepEqual(await send(), there === bad || !Array.isArray(there) ? [] : [good]);
  }
  const many = Array.from({ length: 20 }, (_, n) => ({ ...good, device: id(n + 2) }));
  localStorage.setItem(`${STORE}-lost`, JSON.stringify(many));
  assert.deepEqual(await send(), many.slice(4));
});

test("each person on a phone has their own, and none is left where a store is emptied", async () => {
  const door = await Door.open();
  await thrownAway(door, 0, 1);
  await begins(door);
  assert.equal(lostDevices(STORE).length, 1);
  assert.deepEqual(lostDevices("another store"), []);
  forgetCanary(STORE);
  assert.deepEqual(lostDevices(STORE), []);
  assert.equal(vanished(), null);
});
