// @ts-check
/**
 * The ways to help, and what stands on top until it is settled: a call not yet told of, somebody
 * not yet told. What is behind them is loaded when there is something to show.
 */
import { byId } from "../shell/find.js";
import { Room } from "../shell/rooms.js";
import { shown } from "../shell/screens.js";
import { openCall, reached, readCalls } from "./calls.js";

/** @typedef {import("./help.js").Help} Help */

export class HelpDoor {
  /** @type {Room<Help>} */
  #room;

  /** @param {() => Promise<import("./help.js").Rooms>} rooms */
  constructor(rooms) {
    this.rooms = rooms;
    this.#room = new Room(async () => new (await import("./help.js")).Help(await rooms()));
    byId("open-call").addEventListener("click", () => this.#room.enter((help) => help.openCall()));
    byId("open-advice").addEventListener("click", () =>
      this.#room.enter((help) => help.openAdvice()),
    );
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.comeBack();
    });
    addEventListener("pageshow", (event) => event.persisted && this.comeBack());
  }

  /** Whoever comes back from a call is asked how it went, also after the app was killed meanwhile. */
  async comeBack() {
    const { vault, clock, form } = await this.rooms();
    const call = openCall(await readCalls(await vault.db()), clock.now());
    // Nobody who has begun to write is taken away from it: then the line on top asks.
    if (!call || !form.empty || shown() !== "log") return;
    await this.#room.enter(async (help) => help.called.ask(call));
  }

  /** Show what stands on top now. @param {import("../vault/database.js").Database} db */
  async refresh(db) {
    const { call, notTold } = await readCalls(db);
    if (!call && notTold.length === 0 && byId("standing").hidden) return;
    await this.#room.enter((help) => help.called.showStanding());
  }

  /** A share was logged that follows a call without an answer. @param {import("../capture/content.js").Answers} answers */
  async settle({ act, follows }) {
    if (act !== "shared" || !follows) return;
    const { vault } = await this.rooms();
    const db = await vault.db();
    await reached(db, follows);
    await this.refresh(db);
  }
}
