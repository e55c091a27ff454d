// @ts-check
/**
 * Unfinished entries and corrections on this phone. Each is sealed to the record exactly as an event of that entry
 * would be, so that it can be sent as it is; beside it, where there is a reading key, stands a copy
 * that can be opened here.
 *
 * Promises: an entry belongs to one open tab at a time; nothing here can be read without unlocking.
 */

const LOCK = "sharelog-unfinished-";

/**
 * `entry` is the name of the row. A correction has a name of its own, and in `fixes` the entry that
 * it is sealed to, which was logged at `logged`.
 * @typedef {{entry: string, device: string, at: number, utcOffset: number, suite: number,
 *   recordKey: Uint8Array, sealed: Uint8Array, copy: Uint8Array | null, fixes?: string,
 *   logged?: number}} Unfinished
 * @typedef {import("./database.js").Database} Database
 */

/** @param {Database} db @param {Unfinished} row */
export async function keepUnfinished(db, row) {
  const tx = db.transaction("unfinished", "readwrite", { durability: "strict" });
  tx.store.put(row).catch(() => {}); // met again in `done`
  await tx.done;
}

/** @param {Database} db @param {string} entry */
export async function dropUnfinished(db, entry) {
  const tx = db.transaction("unfinished", "readwrite", { durability: "strict" });
  tx.store.delete(entry).catch(() => {});
  await tx.done;
}

/** Those of this device that no tab has open, oldest first. @param {Database} db @param {string} device @returns {Promise<Unfinished[]>} */
export async function leftUnfinished(db, device) {
  const locks = globalThis.navigator?.locks;
  const held = new Set((await locks?.query())?.held?.map((lock) => lock.name));
  const rows = /** @type {Unfinished[]} */ (await db.getAll("unfinished"));
  return rows
    .filter((row) => row.device === device && !held.has(LOCK + row.entry))
    .sort((one, other) => one.at - other.at);
}

/** The one entry this tab is writing; no other tab may offer it meanwhile. */
export class Owner {
  #entry = "";
  #held = Promise.resolve(false);
  /** @type {() => void} */
  #release = () => {};

  /** Whether this tab has the entry now. @param {string} entry @returns {Promise<boolean>} */
  hold(entry) {
    if (this.#entry !== entry) {
      this.release();
      this.#entry = entry;
      this.#held = this.#ask(entry);
    }
    return this.#held;
  }

  release() {
    this.#release();
    this.#entry = "";
    this.#release = () => {};
  }

  /** @param {string} entry @returns {Promise<boolean>} */
  async #ask(entry) {
    const locks = globalThis.navigator?.locks;
    if (!locks) return true;
    const kept = new Promise((resolve) => {
      this.#release = () => resolve(undefined);
    });
    const got = await new Promise((resolve, reject) => {
      locks
        .request(LOCK + entry, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock && kept;
        })
        .catch(reject);
    });
    if (!got && this.#entry === entry) this.#entry = ""; // so that it can be asked for again
    return got;
  }
}
