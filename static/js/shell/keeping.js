// @ts-check
/**
 * Nothing typed is lost and nothing readable is left: what is being written is kept sealed, and
 * what was left by an interruption is offered again.
 */
import { Autosave } from "../capture/autosave.js";
import { ReadingDoor } from "../reading/door.js";
import { fromText, toText } from "../vault/bytes.js";
import { dropOldCopies, readBackDays, readingKey } from "../vault/reading.js";
import { leftUnfinished } from "../vault/unfinished.js";
import { awayByUs } from "./away.js";
import { clock } from "./clock.js";
import { byId } from "./find.js";
import { Room } from "./rooms.js";
import { note } from "./status.js";
import { word } from "./words.js";
import { holdUpdates } from "./worker.js";

const ENTRY_BYTES = 16;
const UNLOADS_WITHIN_MS = 2000;

/**
 * @typedef {{form: import("../capture/form.js").CaptureForm,
 *   circumstances: () => import("../capture/logging.js").Circumstances,
 *   opened: () => Promise<void>, changed: () => void, send: () => void,
 *   afterwards: () => import("../capture/afterwards.js").Afterwards}} App
 * @typedef {import("../vault/unfinished.js").Unfinished} Unfinished
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   device: import("../vault/device.js").Device, trust: import("../vault/trust.js").Trust,
 *   logging: import("../capture/logging.js").Logging,
 *   autosave: Autosave<import("../capture/content.js").Answers>}} Rooms
 */

export class Keeping {
  /** Everything, once the store is open. @type {Rooms | null} */
  #rooms = null;
  #left = new Room(() => this.#openLeft());
  #typed = false;
  /** Whether it took an unlock to see what is in the form. */
  #unlocked = false;
  #days = -1;
  /** The name of the reading key last seen. @type {string | null} */
  #key = null;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    // A phone may end the app without another word.
    addEventListener("pagehide", () => this.#rooms?.autosave.keep());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#rooms?.autosave.keep();
      else this.dropOld().catch(() => {});
    });
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest('a[href^="tel:"]')) awayByUs();
    });
    this.reading = new ReadingDoor(async () => {
      await app.opened();
      return {
        .../** @type {Rooms} */ (this.#rooms),
        clock,
        newKey: () => this.#newKey(),
        putAway: () => this.#putAwayAll(),
        putAwayUnlocked: async () => {
          await Promise.all([this.#unlocked && this.#putAway(), app.afterwards().putAway(false)]);
        },
        take: (row, said) =>
          row.fixes ? app.afterwards().goOn(row, said.text) : this.#take(row, said),
        setAside: () => this.#setAside(),
        again: (answers) => this.#again(answers),
      };
    });
  }

  /** The store is open. @param {Omit<Rooms, "autosave">} rooms */
  async open(rooms) {
    const { form, circumstances } = this.app;
    const kept = (/** @type {boolean} */ well) => {
      byId("unkept").hidden = well;
    };
    const autosave = new Autosave({ ...rooms, form, circumstances, kept });
    this.#rooms = { ...rooms, autosave };
    this.touched();
    await this.dropOld();
  }

  /** Something was typed or tapped, or can be sealed only now. */
  touched() {
    const { empty } = this.app.form;
    if (!empty || this.#typed) this.#rooms?.autosave.touched();
    this.#typed = !empty;
  }

  /** *Log it* was pressed. */
  stop() {
    this.#rooms?.autosave.stop();
  }

  /** It could not be logged. */
  resume() {
    this.#rooms?.autosave.resume();
  }

  /** The entry was logged or put away. */
  letGo() {
    this.#typed = false;
    this.#unlocked = false;
    this.#rooms?.autosave.letGo();
  }

  /** Show what is true now. */
  async refresh() {
    await this.#noticeNewKey();
    // Nothing moves under the thumb of somebody who is writing.
    if (this.app.form.empty) await this.#showLeft();
  }

  /** What shows the entries that were left is loaded where there are any. */
  async #showLeft() {
    if (!this.#rooms) return;
    const { vault, device } = this.#rooms;
    const rows = await leftUnfinished(await vault.db(), device.name);
    if (rows.length === 0 && byId("left").hidden) return;
    await this.#left.enter((left) => left.show(rows));
  }

  async #openLeft() {
    const { LeftEntries } = await import("../capture/left.js");
    return new LeftEntries({
      .../** @type {Rooms} */ (this.#rooms),
      clock,
      goOn: (row) => this.reading.goOn(row),
      sent: () => {
        this.#said("left.sent");
        this.app.send();
      },
      gone: () => this.#said("left.binned"),
    });
  }

  /** Copies that have stood long enough go; a new number of days holds at once. */
  async dropOld() {
    if (!this.#rooms) return;
    const { vault, trust, logging } = this.#rooms;
    const days = readBackDays(trust.directory);
    if (this.#days !== days) logging.forgetReady();
    this.#days = days;
    await dropOldCopies(await vault.db(), clock.now(), days);
  }

  /** Another tab may have set a passphrase: copies for the key before it could not be opened. */
  async #noticeNewKey() {
    if (!this.#rooms) return;
    const key = await readingKey(await this.#rooms.vault.db());
    const name = key ? toText(key.id) : "";
    if (this.#key !== null && this.#key !== name) this.#rooms.logging.forgetReady();
    this.#key = name;
  }

  /** What is being written, for the same page in the other language. @returns {Promise<import("./language.js").Carried>} */
  async pack() {
    await this.#rooms?.autosave.keep();
    const entry = this.#rooms?.logging.entry ?? "";
    const whose = this.#rooms?.vault.name ?? "";
    return { whose, entry, answers: this.app.form.readUnfinished(), unlocked: this.#unlocked };
  }

  /** Go on with what the page in the other language was writing. @param {import("./language.js").Carried | null} carried */
  async unpack(carried) {
    if (!carried || !this.#rooms || !this.app.form.empty) return;
    const { whose, entry, answers, unlocked } = carried;
    const { autosave, vault } = this.#rooms;
    if (whose !== vault.name) return; // another person took the phone on the way
    const row = await (await vault.db()).get("unfinished", entry);
    // The other page is gone, but its lock may take a moment longer.
    const ours = entry !== "" && (await autosave.take(entry, UNLOADS_WITHIN_MS));
    if (row && !ours) return; // it stands among the unfinished entries
    this.#goOn(ours ? entry : "", answers, unlocked);
    this.touched(); // what could not be kept there can perhaps be kept here
  }

  /** @param {string} entry its name, or none yet @param {import("../capture/content.js").Answers} answers @param {boolean} unlocked */
  #goOn(entry, answers, unlocked) {
    this.#rooms?.logging.begin(entry ? fromText(entry, ENTRY_BYTES) : undefined);
    this.app.form.fill(answers);
    this.#typed = true;
    this.#unlocked = unlocked;
    holdUpdates(true);
    note(word("left.continued"));
  }

  /** @param {string} key */
  #said(key) {
    note(word(key));
    this.app.changed();
  }

  #newKey() {
    this.#rooms?.logging.forgetReady();
    this.touched(); // what is being written gets its copy under the new key
    this.app.changed();
  }

  /** What would become of the words in the form if this page were left now. @returns {Promise<import("../phone/switching.js").Standing>} */
  async standing() {
    if (this.app.form.empty) return "none";
    if (!this.#rooms) return "lost";
    const { autosave, logging, vault } = this.#rooms;
    await autosave.keep();
    const row = await (await vault.db()).get("unfinished", logging.entry);
    if (!row || !autosave.upToDate) return "lost";
    return row.copy ? "copied" : "sealed";
  }

  /** Somebody else took this phone: locked and put away; whether nothing is left in the form. */
  async handOver() {
    this.reading.lock();
    await this.#putAwayAll();
    return this.app.form.empty;
  }

  /** An entry and a correction. */
  async #putAwayAll() {
    await Promise.all([this.#putAway(), this.putAwayCorrection()]);
  }

  /** It goes from the page, if it can be gone on with after unlocking. */
  putAwayCorrection() {
    return this.app.afterwards().putAway(true);
  }

  /** What is being written goes from the page, if it can be gone on with after unlocking. */
  async #putAway() {
    // Without a copy it could only be sent or binned: then it stays in the form.
    if ((await this.standing()) !== "copied") return;
    this.app.form.clear();
    holdUpdates(false);
    this.#rooms?.logging.begin();
    this.letGo();
    await this.refresh();
  }

  /** What is in the form now can be left in its place, or nothing is done. */
  async #setAside() {
    const lost = (await this.standing()) === "lost";
    if (lost) throw new Error("what is being written cannot be left");
  }

  /** The same again, for the next person: an entry of its own. @param {import("../capture/content.js").Answers} answers */
  async #again(answers) {
    this.#rooms?.autosave.letGo();
    this.#goOn("", answers, true);
    this.touched();
    note(word("again.note"));
    await this.#showLeft();
    byId("told").focus();
  }

  /**
   * Go on with an entry that was left; what is in the form now is left in its place.
   * @param {Unfinished} row
   * @param {import("../capture/content.js").Answers} answers
   */
  async #take(row, answers) {
    const { autosave, vault } = /** @type {Rooms} */ (this.#rooms);
    const db = await vault.db();
    await this.#setAside();
    const ours = await autosave.take(row.entry);
    if (!ours || !(await db.get("unfinished", row.entry))) {
      autosave.letGo(); // another tab was faster
      return this.app.changed();
    }
    this.#goOn(row.entry, answers, true);
    await this.#showLeft();
    byId("shared").focus();
  }
}
