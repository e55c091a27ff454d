// @ts-check
/**
 * The phone's own store: sealed events that are only ever added, what is known of each, the head
 * of the chain, the device's key and what it trusts. Nothing typed is in here in clear.
 */
import { openDB } from "idb";

export const NAME = "sharelog";
const VERSION = 1;

/**
 * @typedef {{n: number, id: string, device: string, seq: number, at: number, bytes: Uint8Array}} KeptEvent
 * @typedef {"received" | "in-record" | "needs-look" | "parked" | "disposed"} StateName
 * @typedef {{n: number, state: StateName, why: string, changedAt: number, receipt: object | null,
 *   opened: object | null}} KeptState
 * @typedef {{seq: number, id: Uint8Array}} Head
 * @typedef {import("idb").IDBPDatabase<any>} Database
 */

/** @param {() => void} [lost] told when the browser took the connection away */
export function openDatabase(lost = () => {}) {
  return openDB(NAME, VERSION, {
    upgrade(db) {
      const events = db.createObjectStore("events", { keyPath: "n", autoIncrement: true });
      events.createIndex("id", "id", { unique: true });
      // The last line of defence: no number of a device's chain can be stored twice.
      events.createIndex("chain", ["device", "seq"], { unique: true });
      db.createObjectStore("states", { keyPath: "n" }).createIndex("state", "state");
      for (const name of ["chain", "device", "trust"]) db.createObjectStore(name);
    },
    blocking(_current, _blocked, event) {
      // A newer version in another tab must not hang on this one.
      /** @type {IDBDatabase} */ (event.target).close();
      lost();
    },
    terminated: lost,
  });
}

/** A connection that is opened again when the browser took it away. */
export class Vault {
  /** @type {Promise<Database> | null} */
  #open = null;

  /** @returns {Promise<Database>} */
  db() {
    this.#open ??= openDatabase(() => {
      this.#open = null;
    }).catch((error) => {
      this.#open = null;
      throw error;
    });
    return this.#open;
  }

  /** Open a fresh connection, whatever became of the last one. */
  async reopen() {
    const last = this.#open;
    this.#open = null;
    await last?.then(
      (db) => db.close(),
      () => {},
    );
    return this.db();
  }
}
