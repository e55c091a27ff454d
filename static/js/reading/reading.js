// @ts-check
/**
 * Reading back, after unlocking; loaded when it is asked for, and there without signal.
 *
 * Promises: locked, nothing that took an unlock to see is on the page or in memory; a forgotten
 * passphrase touches neither logging nor sending nor what waits.
 */
import { sameAgain } from "../capture/again.js";
import { watchHidden } from "../shell/away.js";
import { byId } from "../shell/find.js";
import { goBack, show, shown } from "../shell/screens.js";
import { clearStatus } from "../shell/status.js";
import { word } from "../shell/words.js";
import { fromText } from "../vault/bytes.js";
import { addPlatform, hasPlatform, mayHavePlatform, unlockByPlatform } from "../vault/platform.js";
import { ENTRY, readingKey, UNFINISHED } from "../vault/reading.js";
import {
  changePassphrase,
  setPassphrase,
  strongEnough,
  unlock,
  WaitFirst,
  WrongPassphrase,
} from "../vault/unlock.js";
import { clearRead, showRead } from "./shown.js";

const ENTRY_BYTES = 16;
const PARTS = ["read-set", "read-locked", "read-open"];

/**
 * @typedef {import("../vault/unfinished.js").Unfinished} Unfinished
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   trust: import("../vault/trust.js").Trust, clock: import("../shell/clock.js").Clock,
 *   newKey: () => void, putAway: () => Promise<void>, putAwayUnlocked: () => Promise<void>,
 *   take: (row: Unfinished, said: any) => Promise<void>, setAside: () => Promise<void>,
 *   again: (answers: import("../capture/content.js").Answers) => Promise<void>}} Rooms
 */

export class Reading {
  /** @type {import("../vault/unlock.js").Unlocked | null} */
  #unlocked = null;
  /** What is to be done once it is unlocked. @type {Unfinished | null} */
  #waiting = null;
  /** Why a passphrase is asked for. @type {"" | "forgotten" | "change"} */
  #why = "";

  /** @param {Rooms} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.#onSubmit("read-set", () => this.#set());
    this.#onSubmit("read-locked", () => this.#unlockWith(() => this.#byPassphrase()));
    byId("read-platform").addEventListener("click", () => this.#unlockWith(() => this.#byPhone()));
    byId("read-forgotten").addEventListener("click", () => this.#part("read-set", "forgotten"));
    byId("read-change").addEventListener("click", () => this.#part("read-set", "change"));
    byId("read-add").addEventListener("click", () => this.#addPhone());
    byId("read-lock").addEventListener("click", () => this.#lockAndShow());
    watchHidden(this.rooms.clock.monotonic, () => this.#lockAndShow());
  }

  /** The screen, as far as it may be seen now. */
  async show() {
    this.#waiting = null;
    await this.#enter();
  }

  /** Go on with an entry that was left. @param {Unfinished} row */
  async goOn(row) {
    this.#waiting = row;
    await this.#enter();
  }

  /** Nothing that took an unlock to see stays. */
  lock() {
    this.#unlocked?.lock();
    this.#unlocked = null;
    clearRead();
    clearFields();
    return this.rooms.putAwayUnlocked();
  }

  #lockAndShow() {
    this.lock();
    if (shown() === "reading") this.#part("read-locked");
  }

  async #enter() {
    clearStatus(); // "Saved" is not said of what is read here
    if (this.#unlocked) return this.#afterUnlock();
    const db = await this.rooms.vault.db();
    const known = await readingKey(db);
    byId("read-platform").hidden = !(await hasPlatform(db));
    show("reading");
    this.#part(known ? "read-locked" : "read-set");
  }

  async #set() {
    const [first, again] = ["read-new", "read-again"].map(typed);
    if (!strongEnough(first)) return this.#problem("read.weak");
    if (first !== again) return this.#problem("read.differ");
    this.#busy(true);
    const db = await this.rooms.vault.db();
    const before = this.#why === "change" ? this.#unlocked : null;
    if (before) await changePassphrase(db, before, first, this.rooms.clock);
    else {
      this.#unlocked = await setPassphrase(db, first, this.rooms.clock);
      byId("read-platform").hidden = true; // it opened the key before
      this.rooms.newKey();
    }
    clearFields();
    // Whoever was too slow was locked in between: what is shown then asks for the new one.
    if (this.#unlocked) await this.#afterUnlock();
    return before && "read.changed";
  }

  async #byPassphrase() {
    return unlock(await this.rooms.vault.db(), typed("read-phrase"), this.rooms.clock);
  }

  async #byPhone() {
    return unlockByPlatform(await this.rooms.vault.db(), this.rooms.clock);
  }

  /** @param {() => Promise<import("../vault/unlock.js").Unlocked>} open */
  async #unlockWith(open) {
    this.#busy(true);
    try {
      this.#unlocked = await open();
      await this.#afterUnlock();
    } catch (error) {
      if (error instanceof WrongPassphrase) this.#problem("read.wrong");
      else if (error instanceof WaitFirst) this.#mustWait(error.until);
      else this.#problem("read.no-platform");
    } finally {
      this.#busy(false);
    }
  }

  /** @param {number} until */
  #mustWait(until) {
    const seconds = Math.max(1, Math.ceil((until - this.rooms.clock.now()) / 1000));
    this.#problem("read.wait", { seconds });
  }

  async #addPhone() {
    try {
      const unlocked = /** @type {import("../vault/unlock.js").Unlocked} */ (this.#unlocked);
      const db = await this.rooms.vault.db();
      await addPlatform(db, unlocked, this.rooms.clock, word("read.name"));
      byId("read-add").hidden = true;
      byId("read-platform").hidden = false;
      byId("read-lock").focus({ preventScroll: true });
      this.#say("read.added");
    } catch {
      this.#say("read.not-added");
    }
  }

  async #afterUnlock() {
    const { vault, trust, clock, take } = this.rooms;
    const db = await vault.db();
    const unlocked = /** @type {import("../vault/unlock.js").Unlocked} */ (this.#unlocked);
    const row = this.#waiting;
    this.#waiting = null;
    if (row?.copy) {
      const entry = fromText(row.fixes ?? row.entry, ENTRY_BYTES);
      const said = await unlocked.open(UNFINISHED, entry, row.copy);
      await leaveReading();
      return take(row, said);
    }
    const read = [];
    for (const copy of await db.getAll("copies")) {
      const entry = fromText(copy.entry, ENTRY_BYTES);
      const content = await unlocked.open(ENTRY, entry, copy.sealed).catch(() => null);
      if (content) read.push({ at: copy.at, content });
    }
    if (this.#unlocked !== unlocked) return; // locked in between
    const again = (/** @type {any} */ content) => this.#again(content);
    showRead(read, { directory: trust.directory, now: clock.now(), again });
    byId("read-add").hidden = (await hasPlatform(db)) || !(await mayHavePlatform());
    show("reading");
    this.#part("read-open");
  }

  /** Somebody else was told the same: an entry of its own. @param {any} content */
  async #again(content) {
    try {
      await this.rooms.setAside();
      await leaveReading();
      await this.rooms.again(sameAgain(content));
    } catch {
      this.#problem("read.not-aside");
    }
  }

  /** One part of the screen. @param {string} id @param {"" | "forgotten" | "change"} [why] */
  #part(id, why = "") {
    this.#why = why;
    for (const part of PARTS) byId(part).hidden = part !== id;
    byId("read-forgot-warning").hidden = why !== "forgotten";
    byId("read-set-why").hidden = why !== "";
    byId("read-change-why").hidden = why !== "change";
    byId("read-problem").hidden = true;
    byId("read-said").textContent = "";
    byId("reading-heading").focus();
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  #problem(key, values = {}) {
    const problem = byId("read-problem");
    problem.textContent = word(key, values);
    problem.hidden = false;
  }

  /** @param {string} key */
  #say(key) {
    byId("read-said").textContent = word(key);
  }

  /** @param {boolean} busy */
  #busy(busy) {
    if (busy) byId("read-problem").hidden = true;
    byId("reading").setAttribute("aria-busy", String(busy));
    byId("read-said").textContent = busy ? word("read.busy") : "";
  }

  /** @param {string} id @param {() => Promise<unknown>} act what it comes back with is said */
  #onSubmit(id, act) {
    byId(id).addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = await act().catch(() => this.#problem("read.failed"));
      this.#busy(false);
      if (typeof said === "string") this.#say(said);
    });
  }
}

/** Back first: the form is shown where the person left it. */
async function leaveReading() {
  if (shown() === "reading") await new Promise((resolve) => goBack(() => resolve(undefined)));
}

/** No passphrase stays in a field. */
function clearFields() {
  for (const field of document.querySelectorAll(/** @type {"input"} */ ("#reading input"))) {
    field.value = "";
  }
}

/** @param {string} id */
const typed = (id) => /** @type {HTMLInputElement} */ (byId(id)).value;
