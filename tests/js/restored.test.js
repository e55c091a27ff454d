// @ts-check
/** A server that was put back lacks what came since: all of it is named to it, and comes again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { prune } from "../../static/js/outbox/pruning.js";
import { Outbox } from "../../static/js/outbox/send.js";
import { waitingNumbers } from "../../static/js/outbox/waiting.js";
import { leave } from "../../static/js/phone/leaving.js";
import { toText } from "../../static/js/vault/bytes.js";
import { Door, problem } from "./door.js";
import { aPhone, NOW } from "./phone.js";

/** More than two hellos can name. */
const MANY = 1003;

/** A phone whose entries were all received. @param {Door} door @param {number} entries */
async function phoneWith(door, entries) {
  const phone = await aPhone(door);
  const ids = [];
  for (let i = 0; i < entries; i++) ids.push(toText((await phone.log(i)).id));
  const outbox = new Outbox(phone.rooms);
  const send = async () => {
    await outbox.sync();
    outbox.stop();
  };
  const db = await phone.vault.db();
  const waiting = async () => (await waitingNumbers(db)).length;
  const offer = async () => (await db.get("trust", "contact")).offer;
  await send();
  assert.equal(door.held.size, entries);
  return { ...phone, outbox, ids, send, db, waiting, offer };
}

/** Not told apart at length when it fails. @param {string[]} one @param {string[]} other */
const same = (one, other) => one.join() === other.join();

let epochs = 1;

/** Put back to what it held when it held only these. @param {Door} door @param {string[]} ids */
function restore(door, ids) {
  epochs += 1;
  door.epoch = toText(new Uint8Array(16).fill(epochs));
  door.held = new Map(ids.map((id) => [id, door.held.get(id)]));
  door.hellos = [];
}

/** The ids named to it, question by question. @param {Door} door @returns {string[][]} */
const named = (door) => door.hellos.map(({ holds }) => holds).filter((ids) => ids.length > 0);

/** The answer to the n-th question is lost on the way. @param {Door} door @param {number} n */
function lose(door, n) {
  const pass = (/** @type {Response} */ answer) => answer;
  door.instead = [...Array(n - 1).fill(pass), () => problem(503, "ledger.busy")];
}

test("a server restored from an older backup is offered what this phone holds", async () => {
  const door = await Door.open();
  const { send, ids, waiting } = await phoneWith(door, 3);
  restore(door, [ids[0], ids[2]]);
  await send();
  assert.equal(door.held.size, 3);
  assert.equal(await waiting(), 0);
  assert.equal(door.hellos.at(-1).holds.length, 0);
});

test("however many there are, each is named once, newest first, and all come back", async () => {
  const door = await Door.open();
  const { send, ids, waiting, offer, outbox } = await phoneWith(door, MANY);
  restore(door, ids.slice(0, 2));
  await send();
  assert.equal(outbox.line, "reached");
  assert.ok(same(named(door).flat(), ids.toReversed()));
  assert.ok(named(door).every((page) => page.length <= 500));
  assert.equal(door.held.size, MANY);
  assert.equal(await waiting(), 0);
  assert.equal(await offer(), 0);
  await send();
  assert.equal(door.hellos.at(-1).holds.length, 0);
});

test("an answer lost in between is asked for again, by a page that was opened anew too", async () => {
  const door = await Door.open();
  const { send, ids, rooms, offer } = await phoneWith(door, MANY);
  restore(door, ids.slice(0, 1));
  lose(door, 3);
  await send();
  const before = named(door).length;
  const again = new Outbox(rooms);
  await again.sync();
  again.stop();
  const after = named(door).slice(before).flat();
  assert.ok(same(after, ids.slice(0, -500).toReversed()));
  assert.equal(door.held.size, MANY);
  assert.equal(await offer(), 0);
});

test("a server that is restored again in between is told everything anew", async () => {
  const door = await Door.open();
  const { send, ids, offer } = await phoneWith(door, MANY);
  restore(door, ids.slice(0, 5));
  lose(door, 4);
  await send();
  assert.ok((await offer()) > 0);
  restore(door, ids.slice(0, 5));
  await send();
  assert.equal(door.held.size, MANY);
  assert.equal(await offer(), 0);
});

test("while it is being told, nothing is let go and nobody leaves", async () => {
  const door = await Door.open();
  const { send, ids, db, vault, offer } = await phoneWith(door, 3);
  restore(door, ids);
  lose(door, 2);
  await send();
  const contact = await db.get("trust", "contact");
  assert.ok(contact.offer > 0);
  await db.put("trust", { ...contact, time: Number.MAX_SAFE_INTEGER }, "contact");
  assert.equal(await prune(db), 0);
  assert.equal(await leave(vault, async () => {}), false);
  await send();
  assert.equal(await offer(), 0);
  assert.equal(await leave(vault, async () => {}), true);
});

test("an entry that the door cannot take does not keep the others from being named", async () => {
  const door = await Door.open();
  const { send, ids, log, db, rooms } = await phoneWith(door, 3);
  const { n } = await log(4);
  const hard = Buffer.from((await db.get("events", n)).bytes);
  rooms.fetcher = async (path, request) => {
    const carries = request?.body && Buffer.from(/** @type {any} */ (request.body)).includes(hard);
    return carries ? problem(500, "http.failed") : door.fetch(/** @type {any} */ (path), request);
  };
  restore(door, []);
  for (let i = 0; i < 3; i++) await send();
  assert.deepEqual(new Set(door.held.keys()), new Set(ids));
});

test("a door that does not know this phone has been told nothing", async () => {
  const door = await Door.open();
  const { send, ids, db, offer, waiting } = await phoneWith(door, 3);
  restore(door, []);
  door.enrolled = false;
  await send();
  await send();
  assert.ok((await offer()) > 0);
  assert.equal(await waiting(), 0);
  // Nobody asks to be added whose phone says that it is.
  assert.equal(await db.get("trust", "enrolled"), undefined);
  door.enrolled = true;
  await send();
  assert.deepEqual(new Set(door.held.keys()), new Set(ids));
  assert.equal(await offer(), 0);
});

test("what an earlier app wrote down is read as everything", async () => {
  const door = await Door.open();
  const { send, ids, db } = await phoneWith(door, 3);
  restore(door, []);
  const contact = await db.get("trust", "contact");
  const seen = { ...contact.seen, epoch: door.epoch, position: 0 };
  await db.put("trust", { ...contact, seen, offer: true }, "contact");
  await send();
  assert.deepEqual(named(door), [ids.toReversed()]);
  assert.equal(door.held.size, 3);
});

test("a ledger put back by a server that does not look is found out a day later at most", async () => {
  const door = await Door.open();
  const { send, ids, rooms, log } = await phoneWith(door, 3);
  // The same epoch, and the head is behind none that was seen: others have sent meanwhile.
  door.held = new Map([
    ["of others", null],
    ["and more", null],
    ["and more still", null],
  ]);
  door.hellos = [];
  await log(4);
  await send();
  assert.deepEqual(named(door), []);
  assert.equal(door.held.has(ids[0]), false);
  rooms.clock = { ...rooms.clock, now: () => NOW + 86_400_001 };
  await send();
  assert.ok(ids.every((id) => door.held.has(id)));
  await send();
  assert.equal(named(door).length, 1);
});

test("after an app of an earlier release was here, everything is named once", async () => {
  const door = await Door.open();
  const { send, ids, db } = await phoneWith(door, 3);
  const { namedAt, ...of } = await db.get("trust", "contact");
  assert.equal(namedAt, NOW);
  await db.put("trust", of, "contact");
  door.hellos = [];
  await send();
  await send();
  assert.deepEqual(named(door), [ids.toReversed()]);
});

test("what a door of another release refused is offered again the next day", async () => {
  const door = await Door.open();
  const { send, rooms, log, waiting } = await phoneWith(door, 1);
  const id = toText((await log(4)).id);
  door.refuses.add(id);
  await send();
  assert.equal(await waiting(), 0);
  door.refuses.delete(id);
  rooms.clock = { ...rooms.clock, now: () => NOW + 86_400_001 };
  await send();
  assert.ok(door.held.has(id));
});
