// @ts-check
/**
 * A phone that is no longer trusted empties itself.
 *
 * Promises: only a signed answer starts it; what can be read here goes first; what waited is handed
 * over before anything else goes; what the record would not take stays, sealed, to be saved as a
 * file.
 */
import { forgetTimes } from "../practice/times.js";
import { forgetCanary } from "../vault/canary.js";

const OUTBOX_LOCK = "sharelog-outbox";
const CHAIN_LOCK = "sharelog-chain";
const LEFT = "sharelog-left";
/** What can be opened on this phone, in the stores that may be there. */
const READABLE = ["copies", "reading"];

/** @typedef {import("../vault/database.js").Database} Database */

/** What can be read back here goes at once; what waits is not touched. @param {Database} db */
export async function dropReadable(db) {
  const there = [...READABLE, "unfinished"].filter((name) => db.objectStoreNames.contains(name));
  if (there.length === 0) return;
  const tx = db.transaction(there, "readwrite", { durability: "strict" });
  for (const name of there) {
    const store = tx.objectStore(name);
    if (name !== "unfinished") store.clear();
    else for (const row of await store.getAll()) store.put({ ...row, copy: null });
  }
  await tx.done;
}

/**
 * Empty this phone, if everything that waited was handed over; whether it was.
 * @param {import("../vault/database.js").Vault} vault
 * @param {{organisation: string, at: number, keep: (rows: Uint8Array[]) => Promise<unknown>}} about
 *   `keep` takes what the record would not take, before it is erased here
 */
export async function leave(vault, { organisation, at, keep }) {
  const emptied = await alone(OUTBOX_LOCK, () =>
    alone(CHAIN_LOCK, async () => {
      const db = await vault.db();
      const refused = await parkedBytes(db);
      if (refused.length > 0) await keep(refused);
      return empty(db);
    }),
  );
  if (!emptied) return false;
  forgetCanary();
  forgetTimes();
  try {
    localStorage.setItem(LEFT, JSON.stringify({ organisation, at }));
  } catch {
    // then it is said once, now
  }
  return true;
}

/** @param {Database} db @returns {Promise<Uint8Array[]>} */
async function parkedBytes(db) {
  const tx = db.transaction(["events", "states"]);
  const numbers = await tx.objectStore("states").index("state").getAllKeys("parked");
  const rows = await Promise.all(numbers.map((n) => tx.objectStore("events").get(n)));
  // A row whose bytes were damaged away has nothing to hand over.
  return rows.map((row) => row?.bytes).filter((bytes) => bytes?.length > 0);
}

/** One transaction: nothing waits, and everything goes; or nothing does. @param {Database} db */
async function empty(db) {
  const names = Array.from(db.objectStoreNames);
  const tx = db.transaction(names, "readwrite", { durability: "strict" });
  const [events, states, unfinished] = await Promise.all([
    tx.objectStore("events").getAllKeys(),
    tx.objectStore("states").getAllKeys(),
    names.includes("unfinished") ? tx.objectStore("unfinished").count() : 0,
  ]);
  const answered = new Set(states);
  if (unfinished > 0 || events.some((n) => !answered.has(n))) {
    await tx.done;
    return false;
  }
  for (const name of names) tx.objectStore(name).clear();
  await tx.done;
  return true;
}

/** @template T @param {string} name @param {() => Promise<T>} run @returns {Promise<T>} */
async function alone(name, run) {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request(name, run) : run();
}

/** What this phone was taken off, when it has emptied itself. @returns {{organisation: string, at: number} | null} */
export function hasLeft() {
  try {
    return JSON.parse(localStorage.getItem(LEFT) ?? "null");
  } catch {
    return null;
  }
}

export function forgetLeaving() {
  try {
    localStorage.removeItem(LEFT);
  } catch {
    // nothing was kept there
  }
}
