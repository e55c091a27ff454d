// @ts-check
/**
 * What this phone holds and what is known of it. Events are never moved or edited; a state is
 * written beside them, and only from something that was verified.
 */
import { ADDITION } from "../vault/event.js";

const STORES = ["events", "states"];

/**
 * @typedef {import("../vault/database.js").Database} Database
 * @typedef {import("idb").IDBPTransaction<any, any, "readonly">} Transaction
 * @typedef {{ahead: number, within: number}} ClockGap how far this phone's clock is ahead, in ms
 * @typedef {{seen: import("./answer.js").Seen, time: number, backedUpTo: number, at: number,
 *   offer: number | boolean, namedAt?: number, clock?: ClockGap,
 *   notices?: import("./answer.js").Notice[]}} Contact
 * @typedef {import("../vault/database.js").StateName | "waiting"} Shown
 * @typedef {{n: number, at: number, state: Shown, entry: string, additions: Shown[]}} Line
 */

/** Numbers of the events nobody has answered for, oldest first. @param {Database} db @returns {Promise<number[]>} */
export async function waitingNumbers(db) {
  return unanswered(await numbers(db.transaction(STORES)));
}

/**
 * How many events this phone holds, how many of them nobody has answered for, and its newest
 * entries, without a word of what they say. What was added later stands with its entry, which has
 * its own state; `entry` is empty where the bytes are gone.
 * @param {Database} db
 * @param {number} most entries
 * @returns {Promise<{total: number, waiting: number, lines: Line[]}>}
 */
export async function held(db, most) {
  const tx = db.transaction(STORES);
  const both = await numbers(tx);
  const [all] = both;
  /** @type {Line[]} */
  const lines = [];
  /** @type {Map<string, Shown[]>} */
  const additions = new Map();
  // So many at once: a question for each row costs more than all their answers.
  for (let end = all.length; end > 0 && lines.length < most; end -= most) {
    const range = IDBKeyRange.bound(all[Math.max(0, end - most)], all[end - 1]);
    const [rows, states] = await ofBoth(tx, (store) => store.getAll(range));
    const stateOf = new Map(states.map(({ n, state }) => [n, state]));
    // A disk can take a row's bytes; the entry still stands in the list.
    for (const { n, at, bytes = new Uint8Array(0) } of rows.reverse()) {
      const state = stateOf.get(n) ?? "waiting";
      const entry = entryOf(bytes);
      const beside = additions.get(entry) ?? [];
      if (bytes[1] === ADDITION) additions.set(entry, [state, ...beside]);
      else lines.push({ n, at, state, entry, additions: entry ? beside : [] });
    }
  }
  return { total: all.length, waiting: unanswered(both).length, lines: lines.slice(0, most) };
}

/** @param {number[][]} both @returns {number[]} */
function unanswered([all, answered]) {
  const known = new Set(answered);
  return all.filter((n) => !known.has(n));
}

/** @param {Transaction} tx @returns {Promise<number[][]>} */
const numbers = (tx) => ofBoth(tx, (store) => store.getAllKeys());

/** @param {Transaction} tx @param {(store: any) => Promise<any[]>} ask @returns {Promise<any[][]>} */
const ofBoth = (tx, ask) => Promise.all(STORES.map((name) => ask(tx.objectStore(name))));

/** The entry's name in the header, which anyone may know. @param {Uint8Array} bytes */
const entryOf = (bytes) =>
  Array.from(bytes.subarray(36, 52), (byte) => byte.toString(16).padStart(2, "0")).join("");
