// @ts-check
/**
 * What the figures of canary.js found missing: said to whoever has the phone until they have read
 * it, and kept for the record until the record has it (outbox/lost.js).
 */
import { goneKey, keyOf } from "./canary.js";
import { NAME } from "./database.js";
import { recall, remember } from "./outside.js";

/** A hello can tell of so many (docs/protocol.md section 4). */
const MOST_LOST = 16;

/**
 * A device whose numbers are missing: the highest it gave, how many had no receipt, and which device
 * has told the record.
 * @typedef {{device: string, seq: number, waiting: number, told?: string}} Lost
 * @typedef {{entries: number, waiting: number, at: number, again?: number}} Vanished
 */

/** @param {string} store */
const vanishedKey = (store) => `${store}-vanished`;
/** @param {string} store */
const lostKey = (store) => `${store}-lost`;

/** What vanished and was not yet read. @param {string} [store] @returns {Vanished | null} */
export function vanished(store = NAME) {
  takeUp(store);
  return recall(vanishedKey(store));
}

/** Somebody has read it. @param {string} [store] */
export const forgetVanished = (store = NAME) => remember(vanishedKey(store), null);

/** The devices that numbers are missing of, those the record knows of among them. @param {string} store @returns {Lost[]} */
export function lostDevices(store) {
  takeUp(store);
  return listIn(lostKey(store)).slice(-MOST_LOST);
}

/** @param {string} store @param {Lost[]} lost */
export const keepLost = (store, lost) => remember(lostKey(store), lost.slice(-MOST_LOST));

/** What was found since it was last asked. @param {string} store */
function takeUp(store) {
  /** @type {import("./canary.js").Gone[]} */
  const found = listIn(goneKey(store));
  if (found.length === 0) return;
  let said = recall(vanishedKey(store));
  let lost = listIn(lostKey(store));
  for (const { device, seq, entries, waiting, at } of found) {
    said = {
      ...said,
      entries: entries + (said?.entries ?? 0),
      waiting: waiting + (said?.waiting ?? 0),
      at,
    };
    lost = [...lost.filter((one) => one.device !== device), { device, seq, waiting }];
  }
  remember(vanishedKey(store), said);
  keepLost(store, lost);
  remember(goneKey(store), null);
}

/** Something else may stand there, from somebody else. @param {string} key @returns {any[]} */
function listIn(key) {
  const there = recall(key);
  return Array.isArray(there) ? there.filter((one) => one && typeof one === "object") : [];
}

/**
 * So many of what vanished were still here in a second copy. They are told of even where the figures
 * themselves, or the last of them, came too late for the disk.
 * @param {string} store
 * @param {number} many
 * @param {number} now
 */
export function foundAgain(store, many, now) {
  const gone = vanished(store) ?? { entries: many, waiting: many, at: now };
  const { waiting, again = 0 } = gone;
  const found = again + many;
  const entries = Math.max(gone.entries, found);
  remember(vanishedKey(store), {
    ...gone,
    entries,
    waiting: Math.max(0, waiting - many),
    again: found,
  });
}

/** A store is emptied on purpose. @param {string} store */
export function forgetCanary(store) {
  for (const key of [keyOf, goneKey, vanishedKey, lostKey]) remember(key(store), null);
}
