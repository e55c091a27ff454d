// @ts-check
/** The buttons that lead to reading back. What is behind them is loaded when it is asked for. */
import { byId } from "../shell/find.js";
import { bringRooms } from "../shell/rooms.js";
import { goBack, shown } from "../shell/screens.js";
import { word } from "../shell/words.js";

/**
 * @typedef {import("./reading.js").Reading} Reading
 * @typedef {import("../vault/unfinished.js").Unfinished} Unfinished
 */

export class ReadingDoor {
  /** @type {Promise<Reading> | null} */
  #room = null;
  /** The room, once it is there. @type {Reading | null} */
  #open = null;

  /** @param {() => Promise<import("./reading.js").Rooms>} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    for (const button of document.querySelectorAll("[data-read]")) {
      button.addEventListener("click", () => this.#enter((room) => room.show()));
    }
    byId("hide").addEventListener("click", () => this.hide());
    byId("curtain").addEventListener("click", () => draw(false));
  }

  /** Unlock, and go on with this entry. @param {Unfinished} row */
  goOn(row) {
    return this.#enter((room) => room.goOn(row));
  }

  /** One tap: nothing to be seen, everything locked. */
  async hide() {
    draw(true);
    this.#open?.lock();
    if (shown() !== "log" && shown() !== "saved") goBack();
    const { putAway } = await this.rooms();
    await putAway();
    // An emptied form has given the page its own title back.
    if (!byId("curtain").hidden) document.title = word("title.hidden");
  }

  /** @param {(room: Reading) => Promise<void>} act */
  async #enter(act) {
    this.#room ??= this.#load();
    try {
      await act(await this.#room);
    } catch (error) {
      this.#room = null; // a first visit without signal: the next tap tries again
      throw error;
    }
  }

  async #load() {
    const [{ Reading }] = await Promise.all([import("./reading.js"), bringRooms()]);
    this.#open = new Reading(await this.rooms());
    return this.#open;
  }
}

let titleBefore = "";

/** A blank screen in front of everything, or not. @param {boolean} hidden */
function draw(hidden) {
  const curtain = byId("curtain");
  if (curtain.hidden !== hidden) return;
  curtain.hidden = !hidden;
  for (const part of document.querySelectorAll(/** @type {"main"} */ ("body > :not(#curtain)"))) {
    part.inert = hidden;
  }
  if (hidden) titleBefore = document.title;
  document.title = hidden ? word("title.hidden") : titleBefore;
  if (hidden) curtain.focus();
  else byId("hide").focus({ preventScroll: true });
}
