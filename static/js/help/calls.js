// @ts-check
/**
 * What this phone remembers of calls: codes of the directory and times, and nothing that anybody
 * typed. It never leaves the phone.
 */

/**
 * A call that was placed and whose outcome is not known yet; `follows` is the *not yet told* entry
 * that it tries again.
 * @typedef {{code: string, at: number, follows: string}} Call
 * Somebody who was called and not reached, and the entry that says so.
 * @typedef {{entry: string, code: string, at: number, attempt: "message" | "no-answer"}} NotTold
 * `favourites` is null until the person has chosen: then the organisation's are shown.
 * @typedef {{favourites: string[] | null, used: Record<string, number>, call: Call | null,
 *   notTold: NotTold[]}} Calls
 * @typedef {import("../vault/database.js").Database} Database
 */

const KEY = "calls";
/** After this a call is too long ago to be asked about. */
const ASKED_WITHIN_MS = 12 * 3_600_000;

/** @returns {Calls} */
const nothing = () => ({ favourites: null, used: {}, call: null, notTold: [] });

/** @param {Database} db @returns {Promise<Calls>} */
export async function readCalls(db) {
  return { ...nothing(), ...(await db.get("trust", KEY)) };
}

/** Change it in one transaction, so that two tabs do not undo each other. @param {Database} db @param {(calls: Calls) => Calls} change @returns {Promise<Calls>} */
export async function changeCalls(db, change) {
  const tx = db.transaction("trust", "readwrite", { durability: "strict" });
  const calls = change({ ...nothing(), ...(await tx.store.get(KEY)) });
  tx.store.put(calls, KEY);
  await tx.done;
  return calls;
}

/** Somebody was reached, and that is logged. @param {Database} db @param {string} entry */
export const reached = (db, entry) =>
  changeCalls(db, (calls) => ({
    ...calls,
    notTold: calls.notTold.filter((one) => one.entry !== entry),
  }));

/** The call to ask about, if it is not too long ago. @param {Calls} calls @param {number} now */
export function openCall({ call }, now) {
  return call && Math.abs(now - call.at) < ASKED_WITHIN_MS ? call : null;
}
