// @ts-check
/**
 * A few figures kept outside the store, so that a store that was emptied, cut short or put back to
 * an earlier state does not look like one where nothing was ever logged.
 *
 * Promises: figures only, never a word of an entry; without a place to keep them nothing breaks.
 */

import { FIRST_OF_DEVICE } from "./event.js";
import { recall, remember } from "./outside.js";
import { readHead } from "./save.js";

/** Each person's store has figures of its own. @param {string} store */
export const keyOf = (store) => `${store}-canary`;
/** What they missed in it, until vanished.js takes it up. @param {string} store */
export const goneKey = (store) => `${store}-gone`;

/**
 * How many entries this phone held, how many of them had no receipt, and the last number given.
 * @typedef {{device: string, seq: number, entries: number, waiting: number}} Figures
 * @typedef {Figures & {at: number}} Gone
 */

/**
 * What the figures miss in the store; null where nothing is missing.
 * @param {Figures | null} known
 * @param {Figures} found
 * @returns {{entries: number, waiting: number} | null}
 */
export function missing(known, found) {
  if (!known || known.entries === 0) return null;
  const numbers = known.device === found.device ? known.seq - found.seq : 0;
  const entries = Math.max(numbers, known.entries - found.entries);
  if (!(entries > 0)) return null;
  // Which ones are gone nobody can say: those that waited are named at their worst.
  return { entries, waiting: Math.min(entries, known.waiting) };
}

/**
 * Compare the store with the figures, before anything new is logged. What is missing is put down,
 * and the chain goes on behind the last number that was ever given: so the record sees the gap, and
 * no number is used twice. A store that is gone with its key has no chain to go on with: then the
 * record is told (outbox/lost.js).
 * @param {import("./database.js").Database} db
 * @param {string} device
 * @param {number} now
 */
export async function checkCanary(db, device, now) {
  const found = await figuresOf(db, device);
  const known = /** @type {Figures | null} */ (recall(keyOf(db.name)));
  const gone = missing(known, found);
  if (gone) {
    const before = recall(goneKey(db.name)) ?? [];
    remember(goneKey(db.name), [...before, { ...known, ...gone, at: now }]);
  }
  if (gone && known?.device === device) await goOnBehind(db, device, known.seq);
  remember(keyOf(db.name), await figuresOf(db, device));
}

/** @param {import("./database.js").Database} db @param {string} device @param {number} seq */
async function goOnBehind(db, device, seq) {
  const last = await readHead(db, device);
  if ((last?.seq ?? 0) >= seq) return;
  const tx = db.transaction("chain", "readwrite", { durability: "strict" });
  const head = await tx.store.get(device);
  // Another tab may have come first; then its head stands.
  if ((head?.seq ?? 0) < seq) tx.store.put({ seq, id: last?.id ?? FIRST_OF_DEVICE }, device);
  await tx.done;
}

/** The figures as they are now. @param {import("./database.js").Database} db @param {string} device */
export async function noteCanary(db, device) {
  const found = await figuresOf(db, device);
  const known = recall(keyOf(db.name));
  // Another tab may have written since these were counted, or the store went under this page's feet:
  // figures of one phone only grow.
  if (known?.device === device && known.entries > found.entries) return;
  remember(keyOf(db.name), found);
}

/** @param {import("./database.js").Database} db @param {string} device @returns {Promise<Figures>} */
async function figuresOf(db, device) {
  const [entries, answered, head] = await Promise.all([
    db.count("events"),
    db.count("states"),
    readHead(db, device),
  ]);
  return { device, seq: head?.seq ?? 0, entries, waiting: Math.max(0, entries - answered) };
}
