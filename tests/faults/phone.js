// @ts-check
/**
 * A phone without a browser for many runs: the real vault, seal and outbox on an IndexedDB in
 * memory, with real requests to a real door. Orders come as lines of JSON, and so do its answers.
 */

import { createInterface } from "node:readline";
import * as memory from "fake-indexeddb";
import { aChild, blank } from "../../static/js/capture/content.js";
import { Logging } from "../../static/js/capture/logging.js";
import { enrol } from "../../static/js/outbox/enrol.js";
import { Outbox } from "../../static/js/outbox/send.js";
import { held } from "../../static/js/outbox/waiting.js";
import { unreadAlarm } from "../../static/js/vault/alarm.js";
import { toText } from "../../static/js/vault/bytes.js";
import { Vault } from "../../static/js/vault/database.js";
import { openDevice } from "../../static/js/vault/device.js";
import { Trust } from "../../static/js/vault/trust.js";

Object.assign(globalThis, memory, { indexedDB: new memory.IDBFactory() });

let origin = "";
/** How long this phone waits for an answer; the app's own patience is 15 s. */
let patience = 15_000;
let skew = 0;
let drift = 0;
let lastWait = 0;
/** The patience that the app asked for. */
let asked = 0;
let inFlight = 0;
let mostInFlight = 0;

const later = globalThis.setTimeout;
// The last timer that is set in a round is the one for the next try.
globalThis.setTimeout = /** @type {any} */ (
  (/** @type {() => void} */ then, /** @type {number} */ ms, /** @type {any[]} */ ...rest) => {
    lastWait = ms;
    return later(then, ms, ...rest);
  }
);
const timeout = AbortSignal.timeout;
AbortSignal.timeout = (ms) => {
  asked = ms;
  return timeout(Math.min(ms, patience));
};

/** @type {typeof fetch} */
const fetcher = async (path, request) => {
  inFlight += 1;
  mostInFlight = Math.max(mostInFlight, inFlight);
  try {
    return await fetch(origin + path, request);
  } finally {
    inFlight -= 1;
  }
};

const clock = {
  now: () => Date.now() + skew,
  monotonic: () => Math.round(performance.now() + drift),
  offset: (/** @type {number} */ at) => -new Date(at).getTimezoneOffset(),
  random: () => Math.random(),
  bytes: (/** @type {number} */ n) => crypto.getRandomValues(new Uint8Array(n)),
};

const vault = new Vault();
const device = await openDevice(vault);
const trust = new Trust(vault);
const rooms = { vault, device, trust, clock, fetcher, changed: () => {} };
const outbox = new Outbox(rooms);
const logging = new Logging(/** @type {any} */ (rooms));

const orders = {
  /** @param {{origin?: string, patience?: number, skew?: number, drift?: number}} how */
  set(how) {
    origin = how.origin ?? origin;
    patience = how.patience ?? patience;
    skew = how.skew ?? skew;
    drift = how.drift ?? drift;
    return { device: toText(device.id), line: outbox.line };
  },
  /** @param {{code: string}} offer */
  async join({ code }) {
    return enrol(/** @type {any} */ (rooms), { code, label: "A phone in a test" });
  },
  /** @param {{words: string, happened?: string}} entry `happened` is a chosen local time */
  async log({ words, happened }) {
    logging.begin();
    const recipients = [{ code: null, label: "Police", person: "", reference: "" }];
    const plain = { ...blank(), recipients, children: [aChild({ name: "A" })], shared: words };
    const answers = happened
      ? {
          ...plain,
          when: { ...plain.when, choice: /** @type {const} */ ("choose"), local: happened },
        }
      : plain;
    const about = {
      contact: await (await vault.db()).get("trust", "contact"),
      offline: false,
      app: "test",
      language: /** @type {const} */ ("en"),
    };
    const saved = await logging.log(answers, about);
    return {
      n: saved.n,
      id: toText(saved.id),
      seq: saved.seq,
      at: saved.at,
      offset: clock.offset(saved.at),
    };
  },
  async sync() {
    mostInFlight = 0;
    await outbox.sync();
    const wait = lastWait;
    outbox.stop();
    return { line: outbox.line, wait, asked, mostInFlight };
  },
  /** How far ahead its own page says its clock is. */
  async ahead() {
    return (await (await vault.db()).get("trust", "contact")).clock.ahead;
  },
  /**
   * The next write of an answer finds the disk full: at its k-th row, thrown at once or found by the
   * transaction. @param {{k: number, thrown: boolean}} how
   */
  full({ k, thrown }) {
    const { prototype } = /** @type {any} */ (memory.IDBObjectStore);
    const { put } = prototype;
    let left = k;
    prototype.put = function (/** @type {any[]} */ ...row) {
      if (!["states", "trust"].includes(this.name) || left-- > 0) return put.apply(this, row);
      prototype.put = put;
      if (thrown) throw new DOMException("disk full", "QuotaExceededError");
      const request = put.apply(this, row);
      this.transaction.abort();
      return request;
    };
    return true;
  },
  /** The key statement that it believes. */
  async statement() {
    const raw = await (await vault.db()).get("trust", "keys");
    return Buffer.from(raw).toString("latin1");
  },
  /** What the phone tells of somebody in the organisation's place; somebody has read it then. */
  async alarm() {
    const db = await vault.db();
    const told = await unreadAlarm(db);
    // Whoever meets the same again is told again, within the hour too.
    await db.delete("trust", "alarm");
    return told?.cause ?? null;
  },
  async holds() {
    const db = await vault.db();
    const lines = (await held(db, 1_000_000)).lines;
    const rows = [];
    for (const { n, state } of lines.reverse()) {
      const { id, seq, bytes } = await db.get("events", n);
      // Of what was received, the record is asked.
      const open = state === "waiting" || state === "parked";
      const event = open && bytes ? Buffer.from(bytes).toString("base64") : "";
      rows.push({ n, id, seq, state, event });
    }
    return rows;
  },
  /** Rewrite one row as a bad disk would. @param {{n: number, at?: number, cut?: number, gone?: string}} how */
  async harm({ n, at, cut, gone }) {
    const db = await vault.db();
    const row = await db.get("events", n);
    if (at !== undefined) row.bytes[at % row.bytes.length] ^= 1;
    if (cut !== undefined) row.bytes = row.bytes.slice(0, cut);
    if (gone) delete row[gone];
    await db.put("events", row);
    return row.id;
  },
  /** @param {{ahead?: number}} how */
  async head({ ahead }) {
    const db = await vault.db();
    const head = await db.get("chain", device.name);
    if (ahead === undefined) await db.delete("chain", device.name);
    else await db.put("chain", { seq: head.seq + ahead, id: clock.bytes(32) }, device.name);
    // What a tab remembers of the head is gone with the tab.
    await vault.reopen();
    return head?.seq ?? 0;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { order, ...how } = JSON.parse(line);
  let answer;
  try {
    answer = { ok: await /** @type {any} */ (orders)[order](how) };
  } catch (error) {
    const { name, message, code, status } = /** @type {any} */ (error);
    answer = { failed: { name: error?.constructor?.name ?? name, message, code, status } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
