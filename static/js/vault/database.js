// @ts-check
/**
 * A person's store on this phone: sealed events that are only ever added, what is known of each,
 * the head of the chain, the device's key, what it trusts, and sealed unfinished entries. Nothing
 * typed is in here in clear. Several people on one phone have a store each (people.js).
 *
 * Promises: a change of its shape happens whole or not at all; stores are only ever added, so that
 * an older version of the app still works on a newer shape.
 */
import { openDB } from "idb";
import { FIRST } from "./people.js";
import { goesWithPage, untilShown } from "./put-away.js";

export const NAME = FIRST;
export const VERSION = 2;

/**
 * @typedef {{n: number, id: string, device: string, seq: number, at: number, bytes: Uint8Array}} KeptEvent
 * @typedef {"received" | "in-record" | "needs-look" | "parked" | "disposed"} StateName
 * @typedef {{n: number, state: StateName, why: string, changedAt: number, receipt: object | null,
 *   opened: object | null}} KeptState
 * @typedef {{seq: number, id: Uint8Array}} Head
 * @typedef {import("idb").IDBPDatabase<any>} Database
 */

/** What each version added. @type {((db: Database) => void)[]} */
const ADDED = [
  (db) => {
    const events = db.createObjectStore("events", { keyPath: "n", autoIncrement: true });
    events.createIndex("id", "id", { unique: true });
    // The last line of defence: no number of a device's chain can be stored twice.
    events.createIndex("chain", ["device", "seq"], { unique: true });
    db.createObjectStore("states", { keyPath: "n" }).createIndex("state", "state");
    for (const name of ["chain", "device", "trust"]) db.createObjectStore(name);
  },
  (db) => {
    db.createObjectStore("unfinished", { keyPath: "entry" });
    db.createObjectStore("copies", { keyPath: "entry" });
    db.createObjectStore("reading");
  },
];

/** All stores, made anew. @param {any} db */
export function shape(db) {
  for (const add of ADDED) add(db);
}

/**
 * @param {() => void} [lost] told when the browser took the connection away
 * @param {() => void} [blocked] told when another tab stands in the way
 * @param {string} [name] whose it is
 * @returns {Promise<Database>}
 */
export async function openDatabase(lost = () => {}, blocked = () => {}, name = NAME) {
  const hooks = {
    blocked,
    blocking(/** @type {any} */ _current, /** @type {any} */ _blocked, /** @type {any} */ event) {
      // A newer version in another tab must not hang on this one.
      /** @type {IDBDatabase} */ (event.target).close();
      lost();
    },
    terminated: lost,
  };
  try {
    const db = await openDB(name, VERSION, {
      ...hooks,
      upgrade(db, from, _to, tx) {
        tx.done.catch(() => {}); // met again as the failure to open
        for (const add of ADDED.slice(from)) add(db);
      },
    });
    return goesWithPage(db, lost);
  } catch (error) {
    if (/** @type {any} */ (error)?.name !== "VersionError") throw error;
    // A newer app was here before: what this one needs is still there.
    return goesWithPage(await openDB(name, undefined, hooks), lost);
  }
}

/** A connection that is opened again when the browser took it away. */
export class Vault {
  /** @type {Promise<Database> | null} */
  #open = null;
  /** Whether this page does without the browser's store, and forgets all of it when it is closed. */
  inMemory = false;
  /** Whether a write of the browser's store has failed in this page's life. */
  doubtful = false;
  /** Told whether another tab stands in the way of opening. @type {(blocked: boolean) => void} */
  standsInTheWay = () => {};

  /** @param {string} [name] whose store it is */
  constructor(name = NAME) {
    this.name = name;
  }

  /** @returns {Promise<Database>} */
  db() {
    const away = untilShown();
    if (away) return away.then(() => this.db());
    this.#open ??= this.#openOnce();
    return this.#open;
  }

  /** The browser's store cannot be opened: this stands for it. @param {Database} memory */
  doWithout(memory) {
    this.inMemory = true;
    this.#open = Promise.resolve(memory);
  }

  async #openOnce() {
    try {
      const db = await openDatabase(
        () => {
          this.#open = null;
        },
        () => this.standsInTheWay(true),
        this.name,
      );
      this.standsInTheWay(false);
      return db;
    } catch (error) {
      this.#open = null;
      throw error;
    }
  }

  /** Open a fresh connection, whatever became of the last one. */
  async reopen() {
    await this.close();
    return this.db();
  }

  /** Let go of the connection; a store in memory is all there is, and stays. */
  async close() {
    if (this.inMemory) return;
    const last = this.#open;
    this.#open = null;
    await last?.then(
      (db) => db.close(),
      () => {},
    );
  }
}
