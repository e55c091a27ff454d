// @ts-check
/** What the figures of canary.js found missing, until somebody has read it. */
import { keyOf, vanishedKey } from "./canary.js";
import { NAME } from "./database.js";
import { recall, remember } from "./outside.js";

/** @typedef {import("./canary.js").Vanished} Vanished */

/** What vanished and was not yet read. @param {string} [store] @returns {Vanished | null} */
export const vanished = (store = NAME) => recall(vanishedKey(store));

/** Somebody has read it. @param {string} [store] */
export const forgetVanished = (store = NAME) => remember(vanishedKey(store), null);

/**
 * So many of what vanished were still here in a second copy. They are told of even where the figures
 * themselves came too late for the disk.
 * @param {string} store
 * @param {number} many
 * @param {number} now
 */
export function foundAgain(store, many, now) {
  const gone = vanished(store) ?? { entries: many, waiting: many, at: now };
  const { waiting, again = 0 } = gone;
  const lost = Math.max(0, waiting - many);
  remember(vanishedKey(store), { ...gone, waiting: lost, again: again + many });
}

/** A store is emptied on purpose. @param {string} store */
export function forgetCanary(store) {
  remember(keyOf(store), null);
  remember(vanishedKey(store), null);
}
