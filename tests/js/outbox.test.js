// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { CAP_MS, retryAfterMs, waitMs } from "../../static/js/outbox/backoff.js";
import { readDocument, signDocument, splitFrames } from "../../static/js/outbox/frames.js";
import { Outbox } from "../../static/js/outbox/send.js";
import { held } from "../../static/js/outbox/waiting.js";
import { raiseAlarm, readAlarm, unreadAlarm } from "../../static/js/vault/alarm.js";
import { toText } from "../../static/js/vault/bytes.js";
import { NotTrusted } from "../../static/js/vault/trust.js";
import { Door, framed, problem, signer } from "./door.js";
import { aPhone, NOW } from "./phone.js";

/** @typedef {import("../../static/js/vault/database.js").Vault} Vault */

/** @param {Door} door @param {number} entries */
async function phoneWith(door, entries) {
  const phone = await aPhone(door);
  const ids = [];
  for (let i = 0; i < entries; i++) ids.push(toText((await phone.log(i)).id));
  const outbox = new Outbox(phone.rooms);
  const states = async () =>
    (await held(await phone.vault.db(), 1000)).lines.map((line) => line.state).reverse();
  const send = async () => {
    await outbox.sync();
    outbox.stop();
  };
  return { ...phone, outbox, ids, states, send };
}

test("what waits is received, and is in the record once the record said so", async () => {
  const door = await Door.open();
  const { send, states, outbox } = await phoneWith(door, 3);
  await send();
  assert.deepEqual(await states(), ["received", "received", "received"]);
  assert.equal(outbox.line, "reached");
  door.opens = true;
  await send();
  assert.deepEqual(await states(), ["in-record", "in-record", "in-record"]);
});

test("a round that somebody asks for takes nothing from when the phone asks by itself", async (t) => {
  const door = await Door.open();
  const { outbox } = await phoneWith(door, 1);
  const timer = t.mock.method(globalThis, "setTimeout");
  for (let rounds = 0; rounds < 4; rounds++) await outbox.sync();
  outbox.stop();
  const waits = timer.mock.calls.map(({ arguments: [, ms] }) => ms ?? 0).filter((ms) => ms >= 1000);
  assert.deepEqual(waits, [2000, 2000, 2000, 2000]);
});

test("five waiting entries of an enrolled phone take one request", async () => {
  const door = await Door.open();
  const { send, vault } = await phoneWith(door, 5);
  await (await vault.db()).put("trust", { at: NOW }, "enrolled");
  await send();
  assert.deepEqual(door.batches, [5]);
});

test("the sealed bytes stay after a receipt", async () => {
  const door = await Door.open();
  const { send, vault } = await phoneWith(door, 1);
  const before = await (await vault.db()).getAll("events");
  await send();
  assert.deepEqual(await (await vault.db()).getAll("events"), before);
});

const notAnswers = {
  "a portal's page": () => new Response("<!doctype html><h1>Sign in to WiFi</h1>"),
  "nothing at all": () => new Response(""),
  "an unsigned answer": async (/** @type {Response} */ answer) => {
    const body = new Uint8Array(await answer.arrayBuffer());
    body[body.length - 1] ^= 1;
    return new Response(body);
  },
  "a problem": () => problem(500, "http.failed"),
  "no way through": () => {
    throw new TypeError("network");
  },
};

for (const [name, instead] of Object.entries(notAnswers)) {
  test(`${name} is not an answer: everything waits and is sent again`, async () => {
    const door = await Door.open();
    const { send, states, outbox } = await phoneWith(door, 2);
    door.instead = [instead];
    await send();
    assert.deepEqual(await states(), ["waiting", "waiting"]);
    assert.notEqual(outbox.line, "reached");
    await send();
    assert.deepEqual(await states(), ["received", "received"]);
    assert.equal(door.held.size, 2);
  });
}

test("an older answer is not an answer to this question", async () => {
  const door = await Door.open();
  const { send, states } = await phoneWith(door, 1);
  /** @type {Response | undefined} */
  let older;
  door.instead = [
    (answer) => {
      older = answer.clone();
      return problem(503, "ledger.busy");
    },
    () => /** @type {Response} */ (older),
  ];
  await send();
  await send();
  assert.deepEqual(await states(), ["waiting"]);
});

test("a door with another stored key is believed only after the root named that key", async () => {
  const door = await Door.open();
  const { send, states, trust } = await phoneWith(door, 1);
  await trust.acceptKeys(await door.keys());
  door.stored = await signer();
  door.serial = 2;
  await send();
  assert.deepEqual(await states(), ["received"]);
});

test("another root is refused, and nothing is sent to it", async () => {
  const door = await Door.open();
  const { send, states, trust, outbox } = await phoneWith(door, 1);
  await trust.acceptKeys(await door.keys());
  const stranger = await Door.open();
  await assert.rejects(trust.acceptKeys(await stranger.keys()), NotTrusted);
  trust.keys = null;
  door.root = stranger.root;
  await send();
  assert.equal(outbox.line, "another-root");
  assert.deepEqual(door.batches, []);
  assert.deepEqual(await states(), ["waiting"]);
});

test("an older key statement is refused", async () => {
  const door = await Door.open();
  const { trust } = await phoneWith(door, 0);
  const old = await door.keys();
  door.serial = 2;
  await trust.acceptKeys(await door.keys());
  await assert.rejects(trust.acceptKeys(old), NotTrusted);
});

/** What the phone will say until somebody has read it. @param {{vault: Vault}} phone */
const told = async ({ vault }) => (await unreadAlarm(await vault.db()))?.cause ?? null;

/** The door's answer with something changed, signed again. @param {(said: any) => unknown} change @param {() => any} by */
const forged = (change, by) => async (/** @type {Response} */ answer) => {
  const [raw] = splitFrames(new Uint8Array(await answer.arrayBuffer()));
  const said = readDocument(raw);
  await change(said);
  return framed(await signDocument("sharelog/1/answer", said, by().sign));
};

test("an answer in the door's name by somebody else is told, and kept until it was read", async () => {
  const door = await Door.open();
  const phone = await phoneWith(door, 1);
  const stranger = await signer();
  door.instead = [
    forged(
      () => {},
      () => stranger,
    ),
  ];
  await phone.send();
  assert.equal(phone.outbox.line, "forged");
  assert.deepEqual(await phone.states(), ["waiting"]);
  await phone.send();
  assert.deepEqual(await phone.states(), ["received"]);
  assert.equal(await told(phone), "unsigned");
  const db = await phone.vault.db();
  await readAlarm(db, NOW);
  assert.equal(await told(phone), null);
  await raiseAlarm(db, "unsigned", NOW + 1000);
  assert.equal(await told(phone), null, "the same again within the hour");
  await raiseAlarm(db, "unsigned", NOW + 2 * 60 * 60 * 1000);
  assert.equal(await told(phone), "unsigned");
});

const aboutSomethingElse = {
  "a receipt for another event": (/** @type {any} */ said) => {
    said.results[0].receipt.position += 1;
  },
  "a result for another event": (/** @type {any} */ said) => {
    said.results[0].id = toText(new Uint8Array(32));
  },
  "too few results": (/** @type {any} */ said) => {
    said.results = [];
  },
  "a statement nobody signed": (/** @type {any} */ said) => {
    const id = said.results[0].id;
    said.opened = [
      { id, outcome: "opened", why: "", at: NOW, signature: toText(new Uint8Array(64)) },
    ];
  },
};

for (const [name, change] of Object.entries(aboutSomethingElse)) {
  test(`${name}, signed by the door, is no success and is told`, async () => {
    const door = await Door.open();
    const phone = await phoneWith(door, 1);
    door.instead = [forged(change, () => door.stored)];
    await phone.send();
    assert.deepEqual(await phone.states(), ["waiting"]);
    assert.equal(await told(phone), "receipt");
  });
}

test("nothing is told of a line that is only bad, nor of a door of another version", async () => {
  const door = await Door.open();
  const phone = await phoneWith(door, 1);
  const later = (/** @type {any} */ said) => {
    said.results[0].outcome = "of-a-later-version";
  };
  const echo = async () => {
    const asked = door.hellos.at(-1);
    return framed(await signDocument("sharelog/1/hello", asked, phone.device.sign));
  };
  const { "an unsigned answer": _, ...bad } = notAnswers; // with our own question's number in it
  for (const instead of [...Object.values(bad), echo, forged(later, () => door.stored)]) {
    door.instead = [instead];
    await phone.send();
    assert.deepEqual(await phone.states(), ["waiting"]);
    assert.equal(await told(phone), null);
  }
});

test("keys that the root did not sign are told", async () => {
  const door = await Door.open();
  const phone = await phoneWith(door, 1);
  await phone.trust.acceptKeys(await door.keys());
  const { root } = await Door.open();
  const ours = door.root;
  door.root = root;
  await phone.send(); // believed keys are asked for again after an hour: at once after a start
  assert.equal(await told(phone), "root");
  door.root = ours;
  await phone.send();
  assert.equal(phone.outbox.line, "reached");
  assert.equal(await told(phone), "root", "until it was read");
});

test("one refused entry is parked and never delays another", async () => {
  const door = await Door.open();
  const { send, states, ids } = await phoneWith(door, 4);
  door.refuses.add(ids[1]);
  await send();
  assert.deepEqual(await states(), ["received", "parked", "received", "received"]);
});

test("a phone that is not known asks with one entry and keeps all", async () => {
  const door = await Door.open();
  door.enrolled = false;
  const { send, states } = await phoneWith(door, 3);
  await send();
  assert.deepEqual(door.batches, [1]);
  assert.deepEqual(await states(), ["waiting", "waiting", "waiting"]);
  door.enrolled = true;
  await send();
  assert.deepEqual(await states(), ["received", "received", "received"]);
});

test("too much at once is halved until it fits", async () => {
  const door = await Door.open();
  const { send, states, vault } = await phoneWith(door, 20);
  await (await vault.db()).put("trust", { at: NOW }, "enrolled");
  door.most = 6;
  await send();
  assert.ok((await states()).every((state) => state === "received"));
  assert.ok(door.batches.every((count) => count <= 6));
});

test("a repeated receipt does not take back that an entry is in the record", async () => {
  const door = await Door.open();
  door.opens = true;
  const { send, states, vault, ids } = await phoneWith(door, 1);
  await send();
  await send();
  assert.deepEqual(await states(), ["in-record"]);
  const db = await vault.db();
  const { takeIn } = await import("../../static/js/outbox/exchange.js");
  /** @type {any} */
  const again = {
    seen: { epoch: door.epoch, position: 1, digest: "" },
    time: NOW,
    backedUpTo: 0,
    outcomes: [{ id: ids[0], state: "received", why: "", receipt: {} }],
    missing: [],
    opened: [],
    notices: [],
  };
  await takeIn(db, again, NOW);
  assert.deepEqual(await states(), ["in-record"]);
});

test("two askings at once are one sender", async () => {
  const door = await Door.open();
  const { outbox, states } = await phoneWith(door, 2);
  await Promise.all([outbox.sync(), outbox.sync(), outbox.sync()]);
  outbox.stop();
  assert.equal(door.held.size, 2);
  assert.deepEqual(await states(), ["received", "received"]);
});

test("waiting grows with failures, has full jitter, a cap, and honours Retry-After", () => {
  const all = (/** @type {number} */ failures) =>
    [0, 0.5, 0.999].map((random) => waitMs(failures, () => random));
  assert.deepEqual(all(1), [0, 1000, 1998]);
  assert.equal(
    waitMs(40, () => 0.9999999),
    CAP_MS,
  );
  assert.equal(
    waitMs(1, () => 0, 42_000),
    42_000,
  );
  assert.equal(retryAfterMs("120", NOW), 120_000);
  assert.equal(retryAfterMs(new Date(NOW + 60_000).toUTCString(), NOW), 60_000);
  assert.equal(retryAfterMs("soon", NOW), 0);
  assert.equal(retryAfterMs(null, NOW), 0);
});

test("the door in these tests signs as the phone expects", async () => {
  const door = await Door.open();
  assert.ok((await framed(await door.keys()).arrayBuffer()).byteLength > 64);
});
