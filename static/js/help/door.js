// @ts-check
/** The buttons that lead to help. What is behind them is loaded at the first tap. */
import { byId } from "../shell/find.js";

/** @typedef {import("./help.js").Help} Help */

export class HelpDoor {
  /** @type {Promise<Help> | null} */
  #room = null;

  /** @param {() => Promise<import("./help.js").Rooms>} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    byId("open-call").addEventListener("click", () => this.#enter((help) => help.openCall()));
    byId("open-advice").addEventListener("click", () => this.#enter((help) => help.openAdvice()));
  }

  /** @param {(help: Help) => Promise<void>} act */
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
    const { Help } = await import("./help.js");
    return new Help(await this.rooms());
  }
}
