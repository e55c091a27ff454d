// @ts-check
/**
 * What somebody tried in the organisation's name: kept until a person has read it.
 *
 * Promises: a notice that nobody read stays; one that was read comes back for a new cause at once,
 * for the same one after an hour.
 */

const KEY = "alarm";
const QUIET_MS = 60 * 60 * 1000;

/**
 * `unsigned`: an answer that the organisation did not sign. `receipt`: a signed one that is not
 * about what was sent. `root`: keys that the pinned root did not sign.
 * @typedef {"unsigned" | "receipt" | "root"} Cause
 * @typedef {{cause: Cause, at: number, read: number | null}} Alarm
 * @typedef {import("./database.js").Database} Database
 */

/** @param {Database} db @param {Cause} cause @param {number} now */
export async function raiseAlarm(db, cause, now) {
  const tx = db.transaction("trust", "readwrite", { durability: "strict" });
  const before = /** @type {Alarm | undefined} */ (await tx.store.get(KEY));
  const known = before?.cause === cause;
  const quiet = known && (before.read === null || Math.abs(now - before.read) < QUIET_MS);
  if (!quiet) tx.store.put({ cause, at: now, read: null }, KEY);
  await tx.done;
}

/** What nobody has read yet. @param {Database} db @returns {Promise<Alarm | null>} */
export async function unreadAlarm(db) {
  const alarm = /** @type {Alarm | undefined} */ (await db.get("trust", KEY));
  return alarm && alarm.read === null ? alarm : null;
}

/** Somebody has read it. @param {Database} db @param {number} now */
export async function readAlarm(db, now) {
  const tx = db.transaction("trust", "readwrite", { durability: "strict" });
  const alarm = /** @type {Alarm | undefined} */ (await tx.store.get(KEY));
  if (alarm) tx.store.put({ ...alarm, read: now }, KEY);
  await tx.done;
}
