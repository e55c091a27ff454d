// @ts-check
/**
 * Puts one sealed event on this phone, or says that it did not.
 *
 * Promises: *saved* is only said after the strict transaction completed; no number of the chain
 * is used twice, however many tabs are open; nothing is awaited inside the transaction but itself;
 * the unfinished row of the entry goes, and its copy comes, in that same transaction.
 */
import { fromText, same, toText } from "./bytes.js";
import { FIRST_OF_DEVICE, lay } from "./event.js";
import { keepSpare } from "./spare.js";

const LOCK = "sharelog-chain";
const MOST_TRIES = 50;
/** The head this tab left behind, by device. @type {Map<string, Head>} */
const lastHead = new Map();

/**
 * @typedef {import("./database.js").Head} Head
 * @typedef {{kind: number, suite: number, entry: Uint8Array, recordKey: Uint8Array,
 *   sealed: Uint8Array, at: number, utcOffset: number}} Sealed
 * @typedef {{n: number, id: Uint8Array, seq: number}} Saved
 * @typedef {{unfinished?: string, copy?: import("./reading.js").Copy | null}} Beside
 */

/** The entry is not on this phone. What was typed must stay on the screen. */
export class NotSaved extends Error {}

/**
 * @param {import("./database.js").Vault} vault
 * @param {import("./device.js").Device} device
 * @param {Sealed} sealed
 * @param {Beside} [beside] the entry that is unfinished no longer, and what can be read back of it
 * @returns {Promise<Saved>}
 */
export async function save(vault, device, sealed, beside = {}) {
  const run = () => untilTheHeadHolds(vault, device, sealed, beside);
  try {
    return globalThis.navigator?.locks ? await navigator.locks.request(LOCK, run) : await run();
  } catch (error) {
    // QuotaExceededError, UnknownError, anything: there is one thing to tell the person.
    throw new NotSaved("not saved", { cause: error });
  }
}

/** @param {import("./database.js").Vault} vault @param {import("./device.js").Device} device @param {Sealed} sealed @param {Beside} beside */
async function untilTheHeadHolds(vault, device, sealed, beside) {
  let reopened = false;
  /** @type {string[]} */
  const tried = [];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    try {
      const db = await vault.db();
      const before = reopened ? await alreadyThere(db, tried) : null;
      if (before) return before;
      // What this tab wrote last is tried first; if another tab wrote since, nothing is written.
      const head = (tries === 0 && lastHead.get(device.name)) || (await readHead(db, device.name));
      const event = await layNext(device, sealed, head);
      const { seq, bytes } = event;
      const row = { id: toText(event.id), device: device.name, seq, at: sealed.at, bytes };
      tried.push(row.id);
      // Begun first and waited for by nobody: the store alone decides whether it is saved.
      if (!vault.inMemory) keepSpare(`/${vault.name}/${row.id}`, bytes);
      const saved = await commit(db, head, row, beside);
      if (saved) {
        lastHead.set(device.name, { seq: saved.seq, id: saved.id });
        return saved;
      }
    } catch (error) {
      if (reopened || !lostConnection(error)) throw error;
      reopened = true;
      await vault.reopen();
    }
  }
  throw new Error("the head of the chain moved every time");
}

/** @param {import("./device.js").Device} device @param {Sealed} sealed @param {Head | undefined} head */
async function layNext(device, sealed, head) {
  const seq = (head?.seq ?? 0) + 1;
  const header = {
    kind: sealed.kind,
    suite: sealed.suite,
    device: device.id,
    entry: sealed.entry,
    seq,
    prev: head?.id ?? FIRST_OF_DEVICE,
    at: BigInt(sealed.at),
    utcOffset: sealed.utcOffset,
    recordKey: sealed.recordKey,
    sealedLength: sealed.sealed.length,
  };
  return { seq, ...(await lay(header, sealed.sealed, device.sign)) };
}

/**
 * One transaction: the head is still the one that was signed for, or nothing happens.
 * @param {import("./database.js").Database} db
 * @param {Head | undefined} head
 * @param {Omit<import("./database.js").KeptEvent, "n">} row
 * @param {Beside} beside
 * @returns {Promise<Saved | null>}
 */
async function commit(db, head, row, { unfinished, copy }) {
  const stores = ["events", "chain", ...(unfinished ? ["unfinished"] : [])];
  if (copy) stores.push("copies");
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  const done = tx.done.then(
    () => null,
    (error) => error ?? new Error("aborted"),
  );
  try {
    const now = await tx.objectStore("chain").get(row.device);
    if (!(await standsAt(tx, row.device, now, head))) {
      tx.abort();
      await done;
      return null;
    }
    const id = fromText(row.id, 32);
    const [n] = await Promise.all([
      tx.objectStore("events").add(row),
      tx.objectStore("chain").put({ seq: row.seq, id }, row.device),
      unfinished && tx.objectStore("unfinished").delete(unfinished),
      copy && tx.objectStore("copies").put(copy),
    ]);
    const failed = await done;
    if (failed) throw failed;
    return { n: Number(n), id, seq: row.seq };
  } catch (error) {
    const failed = await done;
    throw failed ?? error;
  }
}

/**
 * @param {import("idb").IDBPTransaction<any, any, "readwrite">} tx
 * @param {string} device
 * @param {Head | undefined} now
 * @param {Head | undefined} head
 */
async function standsAt(tx, device, now, head) {
  if (now) return head !== undefined && now.seq === head.seq && same(now.id, head.id);
  // The pointer is gone: then the newest event must be the one that was read, or none.
  const newest = await newestOf(tx.objectStore("events"), device);
  return (newest?.seq ?? 0) === (head?.seq ?? 0);
}

/**
 * The last event of this device's chain; found again from the events when the pointer was lost.
 * @param {import("./database.js").Database} db
 * @param {string} device
 * @returns {Promise<Head | undefined>}
 */
export async function readHead(db, device) {
  return (await db.get("chain", device)) ?? newestOf(db.transaction("events").store, device);
}

/** @param {any} events @param {string} device @returns {Promise<Head | undefined>} */
async function newestOf(events, device) {
  const range = IDBKeyRange.bound([device, 0], [device, Number.MAX_SAFE_INTEGER]);
  const cursor = await events.index("chain").openCursor(range, "prev");
  if (!cursor) return undefined;
  return { seq: cursor.value.seq, id: fromText(cursor.value.id, 32) };
}

/**
 * A connection can be lost after the commit and before its word: then it is saved, once.
 * @param {import("./database.js").Database} db
 * @param {string[]} ids
 * @returns {Promise<Saved | null>}
 */
async function alreadyThere(db, ids) {
  for (const id of ids) {
    const row = await db.getFromIndex("events", "id", id);
    if (row) return { n: row.n, id: fromText(id, 32), seq: row.seq };
  }
  return null;
}

/** @param {unknown} error */
function lostConnection(error) {
  return error instanceof DOMException && ["InvalidStateError", "AbortError"].includes(error.name);
}
