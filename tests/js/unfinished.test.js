// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as hpke from "hpke";
import { add, sealCorrection } from "../../static/js/capture/adding.js";
import { Autosave } from "../../static/js/capture/autosave.js";
import { aChild, blank, unfinished } from "../../static/js/capture/content.js";
import { alone, sendAsItIs } from "../../static/js/capture/left.js";
import { Logging } from "../../static/js/capture/logging.js";
import { fromText } from "../../static/js/vault/bytes.js";
import { ADDITION, recordKeyId, sealInfo } from "../../static/js/vault/event.js";
import { parse } from "../../static/js/vault/parsing.js";
import { ENTRY, UNFINISHED } from "../../static/js/vault/reading.js";
import { NotSaved } from "../../static/js/vault/save.js";
import {
  dropUnfinished,
  keepUnfinished,
  leftUnfinished,
} from "../../static/js/vault/unfinished.js";
import { setPassphrase } from "../../static/js/vault/unlock.js";
import { unpack } from "../../static/js/vault/unpack.js";
import { aPhone, NOW, wipe } from "./phone.js";

const SUITE = new hpke.CipherSuite(
  hpke.KEM_DHKEM_P256_HKDF_SHA256,
  hpke.KDF_HKDF_SHA256,
  hpke.AEAD_AES_256_GCM,
);
const HERE = {
  contact: undefined,
  offline: true,
  app: "test",
  language: /** @type {const} */ ("en"),
};

beforeEach(wipe);

/** @param {Partial<import("../../static/js/capture/content.js").Answers>} [more] */
const answers = (more = {}) => ({
  ...blank(),
  recipients: [{ code: null, label: "Police", person: "PC 4410", reference: "" }],
  children: [aChild({ name: "Robin" })],
  shared: "He is back",
  why: [],
  how: "phone",
  when: { choice: /** @type {const} */ ("now"), chosenAt: NOW, local: "", about: false },
  ...more,
});

/** A phone that knows a record whose private key is in the test's hand. */
async function aWriter() {
  const phone = await aPhone();
  const pair = await SUITE.GenerateKeyPair(true);
  const raw = await SUITE.SerializePublicKey(pair.publicKey);
  const record = { suite: 1, id: await recordKeyId(1, raw), public: raw };
  phone.trust.keys = /** @type {any} */ ({ record });
  const logging = new Logging(phone.rooms);
  const form = {
    answers: answers(),
    empty: false,
    readUnfinished() {
      return this.answers;
    },
  };
  /** @type {boolean[]} */
  const kept = [];
  const autosave = new Autosave({
    logging,
    vault: phone.vault,
    form,
    circumstances: () => HERE,
    kept: (well) => kept.push(well),
  });
  const db = await phone.vault.db();
  const keep = () => {
    autosave.touched();
    return autosave.keep();
  };
  /** @param {Uint8Array} sealed @param {Uint8Array} entry */
  const open = async (sealed, entry) => {
    const info = sealInfo(1, phone.device.id, entry, record.id);
    const plain = await SUITE.Open(pair.privateKey, sealed.slice(0, 65), sealed.slice(65), {
      info,
    });
    return JSON.parse(await unpack(plain));
  };
  const rows = () => db.getAll("unfinished");
  const events = () => db.getAll("events");
  return { ...phone, logging, autosave, form, db, keep, open, kept, rows, events };
}

test("an entry that was kept three times is one row, with its last words, and no clear text", async () => {
  const { form, keep, rows, open } = await aWriter();
  for (const shared of ["He", "He is", "He is back"]) {
    form.answers = answers({ shared });
    await keep();
  }
  const [row, ...rest] = await rows();
  assert.equal(rest.length, 0);
  const content = await open(row.sealed, fromText(row.entry, 16));
  assert.equal(content.shared, "He is back");
  assert.equal(content.unfinished, true);
  assert.ok(!Buffer.from(row.sealed).includes("He is back"));
  assert.equal(row.copy, null);
});

test("log it takes the unfinished row away in the transaction that keeps the event", async () => {
  const { logging, autosave, keep, rows, events } = await aWriter();
  await keep();
  autosave.stop();
  await logging.log(answers(), HERE);
  assert.deepEqual([(await rows()).length, (await events()).length], [0, 1]);
});

test("an autosave under way when log it is pressed leaves nothing behind, whenever that is", async () => {
  for (let turns = 0; turns < 40; turns++) {
    wipe();
    const { logging, autosave, keep, rows, events } = await aWriter();
    const keeping = keep();
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    autosave.stop();
    await logging.log(answers(), HERE);
    await keeping;
    assert.deepEqual([(await rows()).length, (await events()).length], [0, 1], `turn ${turns}`);
  }
});

test("an entry that could not be logged is kept as unfinished again", async () => {
  const { logging, autosave, rows, events } = await aWriter();
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  autosave.stop();
  await assert.rejects(logging.log(answers(), HERE), NotSaved).finally(() => {
    IDBObjectStore.prototype.add = add;
  });
  autosave.resume();
  await autosave.keep();
  assert.deepEqual([(await rows()).length, (await events()).length], [1, 0]);
});

test("a save that fails leaves the unfinished row where it was", async () => {
  const { logging, autosave, keep, rows } = await aWriter();
  await keep();
  const before = await rows();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "UnknownError");
  };
  autosave.stop();
  await assert.rejects(logging.log(answers(), HERE), NotSaved).finally(() => {
    IDBObjectStore.prototype.put = put;
  });
  assert.deepEqual(await rows(), before);
});

test("an emptied form leaves no row", async () => {
  const { form, keep, rows } = await aWriter();
  await keep();
  form.empty = true;
  await keep();
  assert.deepEqual(await rows(), []);
});

test("a full disk is said, and the next pause keeps it", async () => {
  const { keep, kept, rows } = await aWriter();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await keep();
  IDBObjectStore.prototype.put = put;
  await keep();
  assert.deepEqual(kept, [false, true]);
  assert.equal((await rows()).length, 1);
});

test("sent as it is, the very same sealed bytes stand under a new header, once", async () => {
  const { form, keep, rows, events, open, ...phone } = await aWriter();
  form.answers = answers({ recipients: [], children: [aChild()], shared: "Bruises on" });
  await keep();
  const [row] = await rows();
  const saved = [1, 2].map(() => alone(phone, row.entry, (now) => sendAsItIs(phone, now)));
  assert.deepEqual(
    await Promise.all(saved.map((one) => one.catch(() => "failed"))).then(Boolean),
    true,
  );
  const kept = await events();
  assert.deepEqual(await rows(), []);
  const { header, sealed } = parse(kept[0].bytes);
  assert.deepEqual(sealed, row.sealed);
  assert.deepEqual(header.entry, fromText(row.entry, 16));
  const content = await open(sealed, header.entry);
  assert.deepEqual([content.recipients, content.children, content.shared], [[], [], "Bruises on"]);
});

test("several unfinished entries stay apart, oldest first, and only those of this device", async () => {
  const { logging, keep, form, db, device, autosave } = await aWriter();
  const names = [];
  for (const shared of ["first", "second", "third"]) {
    form.answers = answers({ shared });
    names.push(logging.entry);
    await keep();
    logging.begin();
    autosave.letGo();
  }
  const row = await db.get("unfinished", names[2]);
  await keepUnfinished(db, { ...row, entry: "somebody-elses", device: "another" });
  const left = await leftUnfinished(db, device.name);
  assert.deepEqual(left.map((one) => one.entry).sort(), [...names].sort());
  await dropUnfinished(db, names[1]);
  assert.equal((await leftUnfinished(db, device.name)).length, 2);
});

test("what was not said is left out and never guessed", () => {
  const moment = { at: NOW, offset: () => 60, monotonic: 1, ...HERE };
  const when = { choice: /** @type {const} */ ("choose"), chosenAt: NOW, local: "", about: false };
  const many = Array.from({ length: 30 }, (_, i) => `why-${i}`);
  const half = unfinished(
    answers({ recipients: [], children: [aChild({ name: " " })], why: many, when }),
    moment,
  );
  assert.deepEqual([half.recipients, half.children], [[], []]);
  assert.equal(half.why.length, 20);
  assert.deepEqual(half.when, { at: NOW, utc_offset: 60, about: true });
  const nameless = unfinished(answers({ children: [aChild({ unknown: true })] }), moment);
  assert.deepEqual(nameless.children, [aChild({ unknown: true })]);
});

test("nothing is sealed for a phone that never met its organisation", async () => {
  const { keep, rows, trust, kept } = await aWriter();
  trust.keys = null;
  await keep();
  assert.deepEqual([await rows(), kept], [[], []]);
});

test("with a reading key a copy stands beside each, in the transaction of the event; in danger none", async () => {
  const writer = await aWriter();
  const { db, logging, form, keep, rows, autosave } = writer;
  const unlocked = await setPassphrase(db, "three wet umbrellas", writer.clock);
  logging.forgetReady();
  await keep();
  const [row] = await rows();
  const named = fromText(row.entry, 16);
  assert.deepEqual(await unlocked.open(UNFINISHED, named, row.copy), form.answers);
  autosave.stop();
  await logging.log(answers(), HERE);
  const [copy] = await db.getAll("copies");
  assert.deepEqual((await unlocked.open(ENTRY, named, copy.sealed)).children, [
    aChild({ name: "Robin" }),
  ]);
  logging.begin();
  autosave.letGo();
  form.answers = answers({ danger: true });
  await keep();
  assert.equal((await rows())[0].copy, null);
  autosave.stop();
  await logging.log(form.answers, HERE);
  assert.equal(await db.count("copies"), 1);
});

test("where no copy may be kept, none is, though there is a reading key", async () => {
  const { db, logging, keep, rows, trust, clock } = await aWriter();
  await setPassphrase(db, "three wet umbrellas", clock);
  trust.directory = /** @type {any} */ ({ read_back_days: 0 });
  logging.forgetReady();
  await keep();
  assert.equal((await rows())[0].copy, null);
  await logging.log(answers(), HERE);
  assert.equal(await db.count("copies"), 0);
});

test("a correction that was left goes as it is, to the entry it corrects, and only once", async () => {
  const writer = await aWriter();
  const { db, logging, open, events, rows } = writer;
  const rooms = { ...writer.rooms, circumstances: () => HERE };
  const logged = await logging.log(answers(), HERE);
  const row = await sealCorrection(rooms, logged, "fix one", "It was Tuesday");
  await keepUnfinished(db, row);
  await keepUnfinished(db, await sealCorrection(rooms, logged, "fix two", "And the other arm"));
  await alone(rooms, "fix one", (now) => sendAsItIs(rooms, now));
  const [, { bytes }] = await events();
  const { header, sealed } = parse(bytes);
  assert.equal(header.kind, ADDITION);
  assert.deepEqual(header.entry, logged.entry);
  const { what, text } = await open(sealed, logged.entry);
  assert.deepEqual({ what, text }, { what: "fix", text: "It was Tuesday" });
  assert.deepEqual(
    (await rows()).map(({ entry }) => entry),
    ["fix two"],
  );
  // Saved in the ordinary way, what was kept while it was typed goes with it.
  await add(rooms, logged.entry, "fix", "And the other arm", "fix two");
  assert.deepEqual([(await rows()).length, (await events()).length], [0, 3]);
});

test("a correction can be gone on with only where its entry can be read", async () => {
  const writer = await aWriter();
  const { db, logging, clock } = writer;
  const rooms = { ...writer.rooms, circumstances: () => HERE };
  const unlocked = await setPassphrase(db, "three wet umbrellas", clock);
  logging.begin();
  const plain = await logging.log(answers(), HERE);
  logging.begin();
  const dangerous = await logging.log(answers({ danger: true }), HERE);
  const { copy } = await sealCorrection(rooms, plain, "fix one", "It was Tuesday");
  assert.ok(copy);
  assert.deepEqual(await unlocked.open(UNFINISHED, plain.entry, copy), { text: "It was Tuesday" });
  const other = await sealCorrection(rooms, dangerous, "fix two", "Where she lives");
  assert.equal(other.copy, null);
});
