// @ts-check
/** The buttons that lead to reading back. What is behind them is loaded when it is asked for. */
import { byId } from "../shell/find.js";
import { Room } from "../shell/rooms.js";
import { goBack, shown } from "../shell/screens.js";
import { word } from "../shell/words.js";

/**
 * @typedef {import("./reading.js").Reading} Reading
 * @typedef {import("../vault/unfinished.js").Unfinished} Unfinished
 */

export class ReadingDoor {
  /** @type {Room<Reading>} */
  #room;
  /** The room, once it is there. @type {Reading | null} */
  #open = null;

  /** @param {() => Promise<import("./reading.js").Rooms>} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.#room = new Room(async () => {
      const { Reading } = await import("./reading.js");
      this.#open = new Reading(await rooms());
      return this.#open;
    });
    for (const button of document.querySelectorAll("[data-read]")) {
      button.addEventListener("click", () => this.#room.enter((room) => room.show()));
    }
    byId("hide").addEventListener("click", () => this.hide());
    byId("curtain").addEventListener("click", () => draw(false));
  }

  /** Unlock, and go on with this entry. @param {Unfinished} row */
  goOn(row) {
    return this.#room.enter((room) => room.goOn(row));
  }

  /** Nothing that took an unlock to see stays. */
  lock() {
    this.#open?.lock();
  }

  /** One tap: nothing to be seen, everything locked. */
  async hide() {
    draw(true);
    this.lock();
    if (shown() !== "log" && shown() !== "saved") goBack();
    const { putAway } = await this.rooms();
    await putAway();
    // An emptied form has given the page its own title back.
    if (!byId("curtain").hidden) document.title = word("title.hidden");
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
