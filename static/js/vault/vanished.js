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

/** A store is emptied on purpose. @param {string} store */
export function forgetCanary(store) {
  remember(keyOf(store), null);
  remember(vanishedKey(store), null);
}
