// @ts-check
/**
 * A phone that is no longer trusted empties itself; so does what a person has on a shared one, when
 * they are taken off it.
 *
 * Promises: only a signed answer or the person starts it; nobody else's things are touched; what can be read here goes first; what waited is handed
 * over before anything else goes; what the record would not take stays, sealed, to be saved as a
 * file.
 */
import { alone, sendAsItIs } from "../capture/left.js";
import { forgetSpares } from "../outbox/spares.js";
import { forgetTimes } from "../practice/times.js";
import { recall, remember } from "../vault/outside.js";
import { whoIsHere } from "../vault/people.js";
import { leftUnfinished } from "../vault/unfinished.js";
import { forgetCanary } from "../vault/vanished.js";

const OPEN_ENTRY = "sharelog-open-entry";
const CHAIN_LOCK = "sharelog-chain";
const LEFT = "sharelog-left";
/** What can be opened on this phone, in the stores that may be there. */
const READABLE = ["copies", "reading"];

/**
 * @typedef {import("../vault/database.js").Database} Database
 * @typedef {import("../outbox/send.js").Rooms & {outbox: import("../outbox/send.js").Outbox,
 *   clock: import("../shell/clock.js").Clock}} Rooms
 * @typedef {{organisation: string, at: number, name?: string}} Left whose things they were, where
 *   several people are on this phone
 */

/**
 * Go on with somebody's leaving, as far as it can be now: what can be read goes at once, the rest
 * when nothing waits and nobody is in the middle of an entry. Whether nothing of theirs is left.
 * @param {Rooms} rooms
 * @param {import("../outbox/carried.js").Cargo} cargo
 */
export async function goOnLeaving({ vault, device, clock, outbox }, cargo) {
  const db = await vault.db();
  await dropReadable(db);
  // What somebody began and did not log is not theirs to finish here any more: it goes as it is.
  const unfinished = await leftUnfinished(db, device.name);
  for (const { entry } of unfinished) {
    await alone({ vault }, entry, (row) => sendAsItIs({ vault, device, clock }, row));
  }
  if (unfinished.length > 0) {
    outbox.sync();
    return false;
  }
  const keep = (/** @type {Uint8Array[]} */ rows) =>
    cargo.load(rows, clock.now(), async () => false);
  const locks = globalThis.navigator?.locks;
  const left = locks
    ? await locks.request(OPEN_ENTRY, { ifAvailable: true }, (lock) => lock && leave(vault, keep))
    : await leave(vault, keep);
  if (left) await outbox.stop();
  return left === true;
}

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
 * Empty a store, if everything that waited in it was handed over; whether it was.
 * @param {import("../vault/database.js").Vault} vault
 * @param {(rows: Uint8Array[]) => Promise<unknown>} keep takes what the record would not take,
 *   before it is erased here
 */
export async function leave(vault, keep) {
  const emptied = await undisturbed(`${vault.name}-outbox`, () =>
    undisturbed(CHAIN_LOCK, async () => {
      const db = await vault.db();
      const refused = await parkedBytes(db);
      if (refused.length > 0) await keep(refused);
      return empty(db);
    }),
  );
  if (!emptied) return false;
  forgetCanary(vault.name);
  await forgetSpares(vault.name);
  // They are of everybody who practises on this phone.
  if (whoIsHere().people.length === 0) forgetTimes();
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
  const [events, states, unfinished, contact] = await Promise.all([
    tx.objectStore("events").getAllKeys(),
    tx.objectStore("states").getAllKeys(),
    names.includes("unfinished") ? tx.objectStore("unfinished").count() : 0,
    tx.objectStore("trust").get("contact"),
  ]);
  const answered = new Set(states);
  // A server that was put back may lack what has not been named to it yet.
  if (contact?.offer || unfinished > 0 || events.some((n) => !answered.has(n))) {
    await tx.done;
    return false;
  }
  for (const name of names) tx.objectStore(name).clear();
  await tx.done;
  return true;
}

/** No other tab under the same name meanwhile. @template T @param {string} name @param {() => Promise<T>} run @returns {Promise<T>} */
export async function undisturbed(name, run) {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request(name, run) : run();
}

/** Said at the next start, and until somebody has read it. @param {Left} left */
export const noteLeaving = (left) => remember(LEFT, left);

/** What this phone was taken off, when it has emptied itself. @returns {Left | null} */
export const hasLeft = () => recall(LEFT);

export const forgetLeaving = () => remember(LEFT, null);
