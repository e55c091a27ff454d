// @ts-check
/**
 * What this phone holds and what is known of it. Events are never moved or edited; a state is
 * written beside them, and only from something that was verified.
 */
import { ADDITION } from "../vault/event.js";

/**
 * @typedef {import("../vault/database.js").Database} Database
 * @typedef {{ahead: number, within: number}} ClockGap how far this phone's clock is ahead, in ms
 * @typedef {{seen: import("./answer.js").Seen, time: number, backedUpTo: number, at: number,
 *   offer: boolean, clock?: ClockGap, notices?: import("./answer.js").Notice[]}} Contact
 * @typedef {import("../vault/database.js").StateName | "waiting"} Shown
 * @typedef {{n: number, at: number, state: Shown, entry: string, additions: Shown[]}} Line
 */

/** Numbers of the events nobody has answered for, oldest first. @param {Database} db @returns {Promise<number[]>} */
export async function waitingNumbers(db) {
  const tx = db.transaction(["events", "states"]);
  const [all, answered] = await Promise.all([
    tx.objectStore("events").getAllKeys(),
    tx.objectStore("states").getAllKeys(),
  ]);
  const known = new Set(answered);
  return /** @type {number[]} */ (all.filter((n) => !known.has(n)));
}

/**
 * This phone's entries, newest first, without a word of what they say. What was added later stands
 * with its entry, which has its own state; `entry` is empty where the bytes are gone.
 * @param {Database} db
 * @param {number} most
 * @returns {Promise<Line[]>}
 */
export async function newestLines(db, most) {
  const tx = db.transaction(["events", "states"]);
  const states = tx.objectStore("states");
  /** @type {Line[]} */
  const lines = [];
  /** @type {Map<string, Shown[]>} */
  const additions = new Map();
  let cursor = await tx.objectStore("events").openCursor(null, "prev");
  while (cursor && lines.length < most) {
    // A disk can take a row's bytes; the entry still stands in the list.
    const { n, at, bytes = new Uint8Array(0) } = cursor.value;
    const state = (await states.get(n))?.state ?? "waiting";
    const entry = entryOf(bytes);
    const beside = additions.get(entry) ?? [];
    if (bytes[1] === ADDITION) additions.set(entry, [state, ...beside]);
    else lines.push({ n, at, state, entry, additions: entry ? beside : [] });
    cursor = await cursor.continue();
  }
  return lines;
}

/** The entry's name in the header, which anyone may know. @param {Uint8Array} bytes */
const entryOf = (bytes) =>
  Array.from(bytes.subarray(36, 52), (byte) => byte.toString(16).padStart(2, "0")).join("");
