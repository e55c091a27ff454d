// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cargo, NAME } from "../../static/js/outbox/carried.js";
import {
  MAX_BYTES,
  MAX_EVENTS,
  makeParcels,
  NotAParcel,
  parcelName,
  readParcel,
} from "../../static/js/outbox/parcel.js";
import { Outbox } from "../../static/js/outbox/send.js";
import { waitingNumbers } from "../../static/js/outbox/waiting.js";
import { toText, utf8 } from "../../static/js/vault/bytes.js";
import { Door, problem } from "./door.js";
import { aPhone, clock, NOW } from "./phone.js";

const never = async () => false;

/** @param {number} length */
const some = (length) => Array.from({ length }, (_, i) => clock.bytes(200 + i));

/** Events of another phone, as its file brings them. @param {number} many */
async function theirs(many) {
  const phone = await aPhone();
  for (let i = 0; i < many; i++) await phone.log(i);
  const rows = await (await phone.vault.db()).getAll("events");
  return rows.map((row) => row.bytes);
}

test("a file gives back what was put in, in its order", () => {
  const events = some(3);
  const [text, ...rest] = makeParcels(events);
  assert.deepEqual(readParcel(utf8(text)), events);
  assert.equal(rest.length, 0);
});

test("a file whose lines were broken anew is the same file", () => {
  const [text] = makeParcels(some(2));
  const [first, body] = text.split("\n");
  const lines = [first, ...(body.match(/.{1,76}/g) ?? [])].join("\r\n");
  assert.deepEqual(readParcel(utf8(`${lines}\r\n`)), readParcel(utf8(text)));
});

test("what does not fit into one file makes more, and none is larger than files are", () => {
  const events = Array.from({ length: MAX_EVENTS + 1 }, () => new Uint8Array(100));
  assert.deepEqual(
    makeParcels(events).map((text) => readParcel(utf8(text)).length),
    [MAX_EVENTS, 1],
  );
  const large = Array.from({ length: 70 }, () => new Uint8Array(65536));
  const texts = makeParcels(large);
  assert.ok(texts.every((text) => text.length <= MAX_BYTES));
  assert.equal(texts.flatMap((text) => readParcel(utf8(text))).length, 70);
});

const [whole] = makeParcels([clock.bytes(10)]);
const foreign = {
  nothing: "",
  "a line end": "\n",
  "the first line alone": "sharelog-entries/1\n",
  "another version": whole.replace("/1", "/2"),
  "a cut file": whole.slice(0, -6),
  "a file with more behind it": `${whole}AAAA`,
  "padded base64": `${whole.trim()}==`,
  "a page": "<!doctype html>\n<script>alert(1)</script>",
  "a page under our first line": "sharelog-entries/1\n<script>alert(1)</script>",
  "more than a file holds": `sharelog-entries/1\n${"A".repeat(MAX_BYTES)}`,
  "frames that lie": `sharelog-entries/1\n${toText(new Uint8Array([255, 255, 255, 255, 1]))}`,
};

for (const [name, text] of Object.entries(foreign)) {
  test(`${name} is no file of waiting entries`, () => {
    assert.throws(() => readParcel(utf8(text)), NotAParcel);
  });
}

test("the name of a file says when it was made and nothing else", () => {
  assert.match(parcelName(NOW, 1, 1), /^sharelog-waiting-\d{8}-\d{4}\.txt$/);
  assert.match(parcelName(NOW, 2, 3), /^sharelog-waiting-\d{8}-\d{4}-2-of-3\.txt$/);
});

test("what another phone saved is carried once, apart from this phone's own", async () => {
  const events = await theirs(2);
  const { vault, device } = await aPhone();
  const cargo = new Cargo();
  const again = { taken: 0, known: 2, own: 0, wrong: 0 };
  assert.deepEqual(await cargo.load(events, NOW, never), { ...again, taken: 2, known: 0 });
  assert.deepEqual(await cargo.load(events, NOW, never), again);
  assert.equal((await cargo.counts()).waiting, 2);
  const db = await vault.db();
  assert.equal(await db.count("events"), 0);
  assert.equal(await db.get("chain", device.name), undefined);
});

test("what is no event is not carried, and what is this phone's own neither", async () => {
  const [event] = await theirs(1);
  await aPhone();
  const cargo = new Cargo();
  const wrong = await cargo.load([clock.bytes(300), event.slice(1)], NOW, never);
  assert.deepEqual(wrong, { taken: 0, known: 0, own: 0, wrong: 2 });
  assert.equal((await cargo.load([event], NOW, async () => true)).own, 1);
  assert.equal((await cargo.counts()).waiting, 0);
});

/** A phone of this door with two entries of its own and `many` of another phone. @param {number} many */
async function carrier(many) {
  const events = await theirs(many);
  const door = await Door.open();
  const phone = await aPhone(door);
  const cargo = new Cargo();
  await cargo.load(events, NOW, never);
  for (const last of [1, 2]) await phone.log(last);
  const outbox = new Outbox(phone.rooms);
  outbox.errands.push((one) => cargo.deliver((rows, batch) => one.carry(rows, batch), NOW));
  const send = async () => {
    await outbox.sync();
    outbox.stop();
  };
  return { ...phone, door, cargo, outbox, send };
}

test("carried events go behind the phone's own, under its hello, until each has a receipt", async () => {
  const { door, cargo, send, vault } = await carrier(25);
  await send();
  assert.equal(door.held.size, 27);
  assert.equal((await cargo.counts()).done, 25);
  assert.deepEqual(await cargo.undelivered(), []);
  const db = await vault.db();
  assert.equal(await db.count("events"), 2);
  assert.deepEqual(await waitingNumbers(db), []);
  // What is carried is not what waits: the record must not think that this phone lost it.
  assert.deepEqual([...new Set(door.hellos.map((hello) => hello.unsent))], [2, 1, 0]);
});

test("a door that wants fewer at once gets fewer", async () => {
  const { door, cargo, send } = await carrier(12);
  door.most = 3;
  await send();
  assert.equal((await cargo.counts()).done, 12);
});

test("one carried event that the door cannot take holds up no other, and is tried again", async () => {
  const { door, cargo, send, outbox } = await carrier(12);
  const [, , bad] = await cargo.undelivered();
  const fetch = door.fetch;
  let trouble = true;
  outbox.rooms.fetcher = /** @type {any} */ (
    async (/** @type {string} */ path, /** @type {any} */ request) => {
      const holds = trouble && request.body && has(request.body, bad.subarray(-64));
      return holds ? problem(500, "http.failed") : fetch(path, request);
    }
  );
  await send();
  const { waiting, done } = await cargo.counts();
  assert.deepEqual({ waiting, done }, { waiting: 1, done: 11 });
  assert.equal(outbox.line, "problem");
  trouble = false;
  await send();
  assert.equal((await cargo.counts()).done, 12);
  assert.equal(outbox.line, "reached");
});

test("a carried event damaged at rest is put aside, and the others go", async () => {
  const { cargo, send, outbox } = await carrier(3);
  const opening = indexedDB.open(NAME);
  await new Promise((resolve) => {
    opening.onsuccess = resolve;
  });
  const store = opening.result.transaction("events", "readwrite").objectStore("events");
  await new Promise((resolve) => {
    const all = store.getAll();
    all.onsuccess = () => {
      const [one, other] = all.result;
      one.bytes[200] ^= 1;
      store.put(one);
      delete other.bytes;
      store.put(other).onsuccess = resolve;
    };
  });
  opening.result.close();
  await send();
  const { waiting, done, refused } = await cargo.counts();
  assert.deepEqual({ waiting, done, refused }, { waiting: 0, done: 1, refused: 2 });
  assert.equal(outbox.line, "reached");
  assert.equal((await cargo.undelivered()).length, 1);
});

/** @param {Uint8Array} body @param {Uint8Array} part */
const has = (body, part) => Buffer.from(body).includes(Buffer.from(part));

test("an event of a phone nobody knows is kept, said so, and asked about again later", async () => {
  const { door, cargo, send, outbox } = await carrier(1);
  const take = door.take;
  door.take = async (raw) => {
    const taken = await take.call(door, raw);
    return door.held.size > 2 ? { ...taken, outcome: "not-enrolled", receipt: null } : taken;
  };
  await send();
  assert.equal((await cargo.counts())["unknown-phone"], 1);
  assert.equal((await cargo.undelivered()).length, 1);
  assert.equal(outbox.line, "reached");
  const asked = door.hellos.length;
  await send();
  assert.equal(door.hellos.length, asked + 1, "not asked again within the hour");
  door.take = take;
  await cargo.deliver((rows, batch) => outbox.carry(rows, batch), NOW + 2 * 60 * 60 * 1000);
  assert.equal((await cargo.counts()).done, 1);
});

test("an unsigned answer leaves what is carried where it is", async () => {
  const { door, cargo, send } = await carrier(1);
  const good = door.answer;
  let answers = 0;
  door.answer = async (frames) => {
    const answer = await good.call(door, frames);
    answers += 1;
    if (answers > 2) answer[answer.length - 1] ^= 1;
    return answer;
  };
  await send();
  assert.deepEqual((await cargo.counts()).waiting, 1);
  assert.equal((await cargo.undelivered()).length, 1);
});

test("a refused event is kept, to be saved again", async () => {
  const { door, cargo, send } = await carrier(1);
  const [bytes] = await cargo.undelivered();
  const { idOf } = await names();
  door.refuses.add(await idOf(bytes));
  await send();
  assert.equal((await cargo.counts()).refused, 1);
  assert.deepEqual(await cargo.undelivered(), [bytes]);
});

async function names() {
  const { signedBytes } = await import("../../static/js/vault/event.js");
  const { parse } = await import("../../static/js/vault/parsing.js");
  const { sha256 } = await import("../../static/js/vault/bytes.js");
  return {
    idOf: async (/** @type {Uint8Array} */ raw) => {
      const { header, sealed } = parse(raw);
      return toText(await sha256(await signedBytes(header, sealed)));
    },
  };
}
