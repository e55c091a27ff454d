// @ts-check
/**
 * Keeps what is being written, sealed, at every pause of a second and whenever the page is left.
 *
 * Promises: one row for one entry; nothing is kept of an entry once *Log it* was pressed, unless
 * that failed; an emptied form leaves nothing behind.
 */
import { dropUnfinished, keepUnfinished, Owner } from "../vault/unfinished.js";

const PAUSE_MS = 1000;
const ASK_AGAIN_MS = 100;

/**
 * @template Said
 * @typedef {{empty: boolean, readUnfinished: () => Said}} Form
 */
/**
 * @template Said
 * @typedef {{entry: string, ready: boolean,
 *   sealUnfinished: (said: Said, circumstances: import("./logging.js").Circumstances) =>
 *     Promise<import("../vault/unfinished.js").Unfinished>}} Sealing
 */
/**
 * @template Said
 * @typedef {{logging: Sealing<Said>, vault: import("../vault/database.js").Vault,
 *   form: Form<Said>, circumstances: () => import("./logging.js").Circumstances,
 *   kept: (well: boolean) => void}} Rooms
 */

/** @template Said */
export class Autosave {
  #owner = new Owner();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** One at a time, in the order asked for. @type {Promise<void>} */
  #running = Promise.resolve();
  #dirty = false;
  #logging = false;

  /** @param {Rooms<Said>} rooms */
  constructor(rooms) {
    this.rooms = rooms;
  }

  /** Something was typed or tapped. */
  touched() {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), PAUSE_MS);
    this.#owner.hold(this.rooms.logging.entry).catch(() => {});
  }

  /** Keep what is there now. @returns {Promise<void>} */
  keep() {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#keepOnce());
    return this.#running;
  }

  /** Whether everything typed so far is kept. */
  get upToDate() {
    return !this.#dirty;
  }

  /** *Log it* was pressed: from here on nothing unfinished is written. */
  stop() {
    clearTimeout(this.#timer);
    this.#logging = true;
  }

  /** It could not be logged: what is on the screen is unfinished still. */
  resume() {
    this.#logging = false;
    this.touched();
  }

  /** The entry was logged or put away: the next one is another. */
  letGo() {
    clearTimeout(this.#timer);
    this.#dirty = false;
    this.#logging = false;
    this.#owner.release();
  }

  /**
   * This tab goes on with an entry that was left; whether nobody else has it.
   * @param {string} entry
   * @param {number} [patience] how long a page that is just closing is waited for, in ms
   */
  async take(entry, patience = 0) {
    this.letGo();
    let ours = await this.#owner.hold(entry);
    for (let waited = 0; !ours && waited < patience; waited += ASK_AGAIN_MS) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      ours = await this.#owner.hold(entry);
    }
    return ours;
  }

  async #keepOnce() {
    if (!this.#dirty || this.#logging) return;
    const { logging, vault, form, circumstances, kept } = this.rooms;
    const { entry } = logging;
    this.#dirty = false;
    try {
      if (!logging.ready) return;
      const row = form.empty
        ? null
        : await logging.sealUnfinished(form.readUnfinished(), circumstances());
      const db = await vault.db();
      const owned = await this.#owner.hold(entry);
      // From here to the transaction nothing is awaited: *Log it* comes wholly before or after.
      if (this.#logging || !owned || logging.entry !== entry) return;
      await (row ? keepUnfinished(db, row) : dropUnfinished(db, entry));
      kept(true);
    } catch {
      this.#dirty = true; // the next pause tries again
      kept(false);
    }
  }
}
