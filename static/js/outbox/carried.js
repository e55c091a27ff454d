// @ts-check
/**
 * What this phone carries for others: sealed events that came in a file. They stand in a store of
 * their own, never in this phone's list or chain, and go behind its own entries under its hello.
 *
 * Promises: nothing is carried that is no event; bringing a file twice changes nothing; an event is
 * let go only after a verified receipt, or when it was lawfully erased; one that the door cannot
 * take holds up no other.
 */
import { openDB } from "idb";
import { sha256, toText } from "../vault/bytes.js";
import { signedBytes } from "../vault/event.js";
import { MemoryDatabase } from "../vault/memory.js";
import { parse } from "../vault/parsing.js";
import { goesWithPage, untilShown } from "../vault/put-away.js";
import { Batch } from "./batch.js";

export const NAME = "sharelog-carried";
const ASK_AGAIN_MS = 60 * 60 * 1000;

/**
 * @typedef {"waiting" | "done" | "unknown-phone" | "refused"} CarriedState
 * @typedef {{id: string, at: number, bytes: Uint8Array, state: CarriedState, tried: number}} Carried
 * @typedef {{waiting: number, done: number, "unknown-phone": number, refused: number}} CarriedCounts
 * @typedef {(rows: {id: string, bytes: Uint8Array}[], batch: Batch<string>) =>
 *   Promise<import("./answer.js").Answer | null>} Exchange
 */

export class Cargo {
  /** @type {Promise<import("idb").IDBPDatabase<any>> | null} */
  #open = null;
  /** @type {Batch<string>} */
  #batch = new Batch();

  /** @param {boolean} [inMemory] whether this page does without the browser's store */
  constructor(inMemory = false) {
    if (inMemory) this.#open = Promise.resolve(/** @type {any} */ (new MemoryDatabase(shape)));
  }

  /** @returns {Promise<import("idb").IDBPDatabase<any>>} */
  #db() {
    const away = untilShown();
    if (away) return away.then(() => this.#db());
    const lost = () => {
      this.#open = null;
    };
    this.#open ??= openDB(NAME, 1, {
      upgrade: shape,
      blocking: (_current, _blocked, event) => {
        /** @type {IDBDatabase} */ (event.target).close();
        lost();
      },
      terminated: lost,
    }).then(
      (db) => goesWithPage(db, lost),
      (error) => {
        lost();
        throw error;
      },
    );
    return this.#open;
  }

  /**
   * Take up the events of a file.
   * @param {Uint8Array[]} raws
   * @param {number} now
   * @param {(id: string) => Promise<boolean>} own whether this phone holds it among its own
   */
  async load(raws, now, own) {
    /** @type {Carried[]} */
    const rows = [];
    const found = { taken: 0, known: 0, own: 0, wrong: 0 };
    for (const bytes of raws) {
      const id = await idOf(bytes);
      if (!id) found.wrong += 1;
      else if (await own(id)) found.own += 1;
      else rows.push({ id, at: now, bytes, state: "waiting", tried: 0 });
    }
    const tx = (await this.#db()).transaction("events", "readwrite", { durability: "strict" });
    for (const row of rows) {
      if (await tx.store.get(row.id)) found.known += 1;
      else {
        tx.store.put(row);
        found.taken += 1;
      }
    }
    await tx.done;
    return found;
  }

  /** @returns {Promise<CarriedCounts>} */
  async counts() {
    const index = (await this.#db()).transaction("events").store.index("state");
    const [waiting, done, unknown, refused] = await Promise.all(
      ["waiting", "done", "unknown-phone", "refused"].map((state) => index.count(state)),
    );
    return { waiting, done, "unknown-phone": unknown, refused };
  }

  /** Everything that has no receipt: for a file of this phone's own making. @returns {Promise<Uint8Array[]>} */
  async undelivered() {
    const rows = /** @type {Carried[]} */ (await (await this.#db()).getAll("events"));
    return rows.filter((row) => row.bytes?.length > 0).map((row) => row.bytes);
  }

  /**
   * Send what is carried, a few at a time, until all was answered for; what the door would not take
   * alone waits for another time, and its problem is thrown once the others are through.
   * @param {Exchange} exchange
   * @param {number} now
   */
  async deliver(exchange, now) {
    const batch = this.#batch;
    batch.begin(batch.problem === null);
    for (;;) {
      const next = batch.next(await this.#due(now), true);
      if (next.length === 0) break;
      const rows = await this.#sound(next, now);
      const answer = rows.length > 0 && (await exchange(rows, batch));
      if (!answer) continue; // fewer, or others
      await this.#takeIn(answer, now);
      batch.taken();
    }
    if (batch.problem) throw batch.problem;
  }

  /** @param {number} now @returns {Promise<string[]>} */
  async #due(now) {
    const index = (await this.#db()).transaction("events").store.index("state");
    const [waiting, unknown] = await Promise.all([
      index.getAllKeys("waiting"),
      index.getAll("unknown-phone"),
    ]);
    const again = /** @type {Carried[]} */ (unknown).filter(
      (row) => row.tried <= now - ASK_AGAIN_MS,
    );
    return [.../** @type {string[]} */ (waiting), ...again.map((row) => row.id)];
  }

  /** Those whose bytes are still what came; the others are put aside. @param {string[]} ids @param {number} now */
  async #sound(ids, now) {
    const db = await this.#db();
    /** @type {Carried[]} */
    const sound = [];
    for (const id of ids) {
      const row = /** @type {Carried | undefined} */ (await db.get("events", id));
      if (row && (await idOf(row.bytes)) === id) sound.push(row);
      else if (row) await db.put("events", { ...row, state: "refused", tried: now });
    }
    return sound;
  }

  /** @param {import("./answer.js").Answer} answer @param {number} now */
  async #takeIn(answer, now) {
    const tx = (await this.#db()).transaction("events", "readwrite", { durability: "strict" });
    for (const { id, state } of answer.outcomes) {
      const row = /** @type {Carried | undefined} */ (await tx.store.get(id));
      if (!row) continue;
      const next = afterwards(state);
      const bytes = next === "done" ? new Uint8Array(0) : row.bytes;
      tx.store.put({ ...row, bytes, state: next, tried: now });
    }
    await tx.done;
  }
}

/** @param {any} db */
function shape(db) {
  db.createObjectStore("events", { keyPath: "id" }).createIndex("state", "state");
}

/** @param {import("./answer.js").Outcome["state"]} state @returns {CarriedState} */
function afterwards(state) {
  if (state === null) return "unknown-phone";
  return state === "parked" ? "refused" : "done";
}

/** The name of an event; null when the bytes are none. @param {Uint8Array} raw */
async function idOf(raw) {
  try {
    const { header, sealed } = parse(raw);
    return toText(await sha256(await signedBytes(header, sealed)));
  } catch {
    return null;
  }
}
