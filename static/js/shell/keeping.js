// @ts-check
/**
 * Nothing typed is lost and nothing readable is left: what is being written is kept sealed, and
 * what was left by an interruption is offered again.
 */
import { Autosave } from "../capture/autosave.js";
import { LeftEntries } from "../capture/left.js";
import { dropOldCopies, readBackDays } from "../vault/reading.js";
import { clock } from "./clock.js";
import { byId } from "./find.js";
import { note } from "./status.js";
import { word } from "./words.js";

/**
 * @typedef {{form: import("../capture/form.js").CaptureForm,
 *   circumstances: () => import("../capture/logging.js").Circumstances,
 *   changed: () => void, send: () => void}} App
 * @typedef {{vault: import("../vault/database.js").Vault,
 *   device: import("../vault/device.js").Device, trust: import("../vault/trust.js").Trust,
 *   logging: import("../capture/logging.js").Logging}} Rooms
 */

export class Keeping {
  /** @type {Autosave | null} */
  #autosave = null;
  /** @type {LeftEntries | null} */
  #left = null;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    // A phone may end the app without another word.
    addEventListener("pagehide", () => this.#autosave?.keep());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#autosave?.keep();
    });
  }

  /** The store is open. @param {Rooms} rooms */
  async open(rooms) {
    const { form, circumstances, changed, send } = this.app;
    this.rooms = rooms;
    const kept = (/** @type {boolean} */ well) => {
      byId("unkept").hidden = well;
    };
    this.#autosave = new Autosave({ ...rooms, form, circumstances, kept });
    if (!form.empty) this.#autosave.touched();
    this.#left = new LeftEntries({
      ...rooms,
      clock,
      goOn: async () => {},
      sent: () => {
        note(word("left.sent"));
        changed();
        send();
      },
      gone: () => {
        note(word("left.binned"));
        changed();
      },
    });
    await this.#dropOld();
  }

  /** Something was typed or tapped, or can be sealed only now. */
  touched() {
    if (!this.app.form.empty || this.#typed) this.#autosave?.touched();
    this.#typed = !this.app.form.empty;
  }

  stop() {
    this.#autosave?.stop();
  }

  resume() {
    this.#autosave?.resume();
  }

  letGo() {
    this.#typed = false;
    this.#autosave?.letGo();
  }

  /** Show what is true now. */
  async refresh() {
    // Nothing moves under the thumb of somebody who is writing.
    if (this.app.form.empty) await this.#left?.refresh();
  }

  async #dropOld() {
    const { vault, trust } = /** @type {Rooms} */ (this.rooms);
    await dropOldCopies(await vault.db(), clock.now(), readBackDays(trust.directory));
  }

  #typed = false;
}
