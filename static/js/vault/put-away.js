// @ts-check
/**
 * A page that the browser puts away whole, to show it again or never. What such a page has begun in
 * a store stays begun in WebKit, and every other page of the app waits for it.
 *
 * Promises: a page that is put away has nothing begun and begins nothing until it is shown again;
 * what it had not finished was never written.
 */
import { unwrap } from "idb";

/** Every connection of this page, and whom to tell when it is gone. @type {Map<IDBDatabase, () => void>} */
const connections = new Map();
/** @type {Set<IDBTransaction>} */
const begun = new Set();
/** @type {Promise<void> | null} */
let away = null;
let showAgain = () => {};

/** Null while this page can be used; else a promise of that. */
export const untilShown = () => away;

/**
 * @template {import("idb").IDBPDatabase<any>} T
 * @param {T} db
 * @param {() => void} lost told when the connection is gone
 * @returns {T}
 */
export function goesWithPage(db, lost) {
  const raw = /** @type {IDBDatabase} */ (unwrap(db));
  connections.set(raw, lost);
  raw.addEventListener("close", () => connections.delete(raw));
  raw.transaction = (...how) => {
    /** @type {IDBTransaction} */
    const tx = Object.getPrototypeOf(raw).transaction.apply(raw, how);
    begun.add(tx);
    for (const end of ["complete", "abort"]) tx.addEventListener(end, () => begun.delete(tx));
    return tx;
  };
  return db;
}

/** @param {() => void} shown told when the page is there again */
export function listenForPutAway(shown) {
  addEventListener("pagehide", ({ persisted }) => {
    if (persisted && !away) putAway();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !away) return;
    away = null;
    showAgain();
    shown();
  });
}

function putAway() {
  away = new Promise((resolve) => {
    showAgain = () => resolve();
  });
  for (const tx of begun) {
    try {
      tx.abort();
    } catch {
      // It is being committed, and needs this page no more.
    }
  }
  for (const [raw, lost] of connections) {
    raw.close();
    lost();
  }
  connections.clear();
}
