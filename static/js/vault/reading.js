// @ts-check
/**
 * Copies that can be read on this phone after unlocking: sealed to the phone's own reading key,
 * never sent, and gone after some days. Sealing needs no unlock; only opening does.
 *
 * Promises: nothing is kept that the organisation does not allow, nor of an entry that puts
 * somebody in danger if it becomes known.
 */
import { join, sha256, utf8 } from "./bytes.js";
import { readyFor } from "./seal.js";

export const READ_BACK_DAYS = 7;
export const DAY_MS = 86_400_000;
/** What a copy is of. */
export const UNFINISHED = 1;
export const ENTRY = 2;

/**
 * @typedef {{id: Uint8Array, public: Uint8Array}} ReadingKey
 * @typedef {{entry: string, at: number, sealed: Uint8Array}} Copy
 * @typedef {import("./database.js").Database} Database
 */

/** Nothing, until a passphrase was set. @param {Database} db @returns {Promise<ReadingKey | null>} */
export const readingKey = async (db) => (await db.get("reading", "key")) ?? null;

/** 8 bytes that name a reading key. @param {Uint8Array} publicKey */
export async function readingKeyId(publicKey) {
  return (await sha256(join(utf8("sharelog/1/reading-key"), publicKey))).slice(0, 8);
}

/** The HPKE `info` of a copy. @param {number} what @param {Uint8Array} entry @param {Uint8Array} key */
export const copyInfo = (what, entry, key) => join(utf8("sharelog/1/reading"), [what], entry, key);

/**
 * Made ready while the person types; P-256, because every browser has it and nothing here lasts.
 * @param {ReadingKey} key
 * @param {number} what
 * @param {Uint8Array} entry
 */
export const readyCopy = (key, what, entry) =>
  readyFor({ suite: 1, ...key }, copyInfo(what, entry, key.id));

/** How many days copies may stand; 0 means never. @param {import("./trust.js").Directory | null} directory */
export function readBackDays(directory) {
  const days = directory?.read_back_days;
  return typeof days === "number" && days >= 0 ? days : READ_BACK_DAYS;
}

/**
 * What has stood long enough goes, of finished and unfinished entries alike.
 * @param {Database} db
 * @param {number} now
 * @param {number} days
 */
export async function dropOldCopies(db, now, days) {
  const old = (/** @type {number} */ at) => days === 0 || at < now - days * DAY_MS;
  const tx = db.transaction(["copies", "unfinished"], "readwrite", { durability: "strict" });
  const copies = tx.objectStore("copies");
  const unfinished = tx.objectStore("unfinished");
  for (const { entry, at } of await copies.getAll()) if (old(at)) copies.delete(entry);
  for (const row of await unfinished.getAll()) {
    if (row.copy && old(row.at)) unfinished.put({ ...row, copy: null });
  }
  await tx.done;
}
