// @ts-check
/**
 * What can be done with an entry once it is logged. Its words are only in this page's memory, for
 * as long as somebody is likely to tell the next person; nothing of them is kept for it.
 */
import { watchHidden } from "../shell/away.js";
import { clock } from "../shell/clock.js";
import { byId } from "../shell/find.js";
import { Room } from "../shell/rooms.js";
import { show } from "../shell/screens.js";
import { note } from "../shell/status.js";
import { word } from "../shell/words.js";
import { holdUpdates } from "../shell/worker.js";
import { blank } from "./content.js";

const FORGET_MS = 30 * 60_000;

/**
 * @typedef {import("./content.js").Answers} Answers
 * @typedef {import("./fixing.js").Logged} Logged
 * @typedef {{form: import("./form.js").CaptureForm,
 *   rooms: () => Promise<import("./logging.js").Rooms>,
 *   circumstances: () => import("./logging.js").Circumstances, tidyUp: () => void,
 *   touched: () => void, saved: () => void, changed: () => void}} App
 */

export class Afterwards {
  /** @type {Logged | null} */
  #logged = null;
  /** @type {Answers | null} */
  #said = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Room<import("./fixing.js").Fixing>} */
  #room;
  /** The room, once it is there. @type {import("./fixing.js").Fixing | null} */
  #fixing = null;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.#room = new Room(async () => {
      const { Fixing } = await import("./fixing.js");
      const { rooms, circumstances, changed } = app;
      const saved = (/** @type {string} */ text) => this.#added(text);
      this.#fixing = new Fixing({ ...(await rooms()), circumstances, saved, changed });
      return this.#fixing;
    });
    byId("fix-this").addEventListener("click", () => this.#fix(this.#logged, false));
    byId("by-mistake").addEventListener("click", () => this.#fix(this.#logged, true));
    byId("told-too").addEventListener("click", () => this.#again());
    // Whoever puts the phone away, or hides the page, does not leave words behind.
    byId("hide").addEventListener("click", () => this.forget());
    watchHidden(clock.monotonic, () => this.forget());
    byId("entries-list").addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.entry) this.#fix(fromButton(button), false);
    });
  }

  /** This was logged just now. @param {Logged} logged @param {Answers} said */
  remember(logged, said) {
    clearTimeout(this.#timer);
    this.#logged = logged;
    // Where somebody is in danger if it becomes known, nothing of it comes back to the screen.
    this.#said = said.danger ? null : said;
    byId("told-too").hidden = this.#said === null;
    this.#timer = setTimeout(() => this.forget(), FORGET_MS);
  }

  /** From now on nothing of it comes back to the screen. */
  forget() {
    this.#said = null;
    byId("told-too").hidden = true;
  }

  /** Go on with a correction that was left. @param {import("../vault/unfinished.js").Unfinished} row @param {string} text */
  goOn(row, text) {
    return this.#room.enter((fixing) => fixing.goOn(row, text));
  }

  /** A correction goes from the page, if it can be gone on with. @param {boolean} all or only what took an unlock to see */
  async putAway(all) {
    await this.#fixing?.putAway(all);
  }

  #again() {
    const said = this.#said;
    if (!said) return;
    const { recipients, when, follows } = blank();
    const { form, tidyUp, touched } = this.app;
    tidyUp();
    form.fill({ ...said, recipients, when, follows });
    holdUpdates(true);
    touched();
    show("log");
    note(word("again.note"));
    byId("told").focus({ preventScroll: true });
  }

  /** Something stands beside an entry now. @param {string} text */
  #added(text) {
    note(text);
    byId("entries-name").focus();
    this.app.saved();
  }

  /** @param {Logged | null} logged @param {boolean} mistake */
  async #fix(logged, mistake) {
    if (!logged) return;
    await this.#room.enter((fixing) => fixing.open(logged, mistake));
  }
}

/** @param {HTMLButtonElement} button @returns {Logged} */
function fromButton({ dataset }) {
  const pairs = dataset.entry?.match(/../g) ?? [];
  const entry = Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
  return { entry, at: Number(dataset.at) };
}
